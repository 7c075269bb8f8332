/* SPDX-License-Identifier: MIT */
/* Judges each distinct call of a tree once, however often it was made. */
#include "verify/verify.h"

#include "base/arena.h"
#include "format/format.h"

#include <inttypes.h>
#include <stdlib.h>

enum { RULES_MAX = 256 }; /* of a foreign filter, for messages */

static int
rank(enum s2s_outcome outcome)
{
	switch (outcome) {
	case S2S_OUTCOME_PASSES:
		return 0;
	case S2S_OUTCOME_OPEN:
		return 1;
	case S2S_OUTCOME_STOPPED:
		return 2;
	}
	return 2;
}

/* The strictest of a stack's answers. */
static struct s2s_judged
judge(const struct s2s_verify_input *in, const struct s2s_call *call)
{
	struct s2s_judged worst = {.outcome = S2S_OUTCOME_PASSES, .arg = -1}, one;

	for (size_t i = 0; i < in->n; i++) {
		s2s_filter_judge(in->filters[i].insn, in->filters[i].n, call, &one);
		if (rank(one.outcome) > rank(worst.outcome))
			worst = one;
		else if (rank(one.outcome) == rank(worst.outcome) &&
			 one.verdict != worst.verdict &&
			 s2s_verdict_strictest(one.verdict, worst.verdict) ==
			     one.verdict)
			worst = one;
	}
	return worst;
}

void
s2s_verify_put_verdict(struct s2s_out *out, uint32_t verdict)
{
	static const struct {
		uint32_t action;
		const char *name;
	} names[] = {
	    {SECCOMP_RET_KILL_PROCESS, "kill-process"},
	    {SECCOMP_RET_KILL_THREAD, "kill-thread"},
	    {SECCOMP_RET_TRAP, "trap"},
	    {SECCOMP_RET_ERRNO, "errno"},
	    {SECCOMP_RET_USER_NOTIF, "notify"},
	    {SECCOMP_RET_TRACE, "trace"},
	    {SECCOMP_RET_LOG, "log"},
	    {SECCOMP_RET_ALLOW, "allow"},
	};
	uint32_t action = verdict & SECCOMP_RET_ACTION_FULL;
	unsigned data = verdict & SECCOMP_RET_DATA;
	const char *name = "kill-process"; /* what the kernel does not know */

	for (size_t i = 0; i < S2S_ARRAY_SIZE(names); i++)
		if (names[i].action == action)
			name = names[i].name;
	s2s_out_str(out, name);
	if (action == SECCOMP_RET_ERRNO && strerrorname_np((int)data))
		s2s_out_printf(out, "=%s", strerrorname_np((int)data));
	else if (data)
		s2s_out_printf(out, "=%u", data);
}

static void
put_place(struct s2s_out *out, const struct s2s_place *place)
{
	if (!place->file)
		return;
	s2s_out_escaped(out, sv_from(place->file));
	if (place->line)
		s2s_out_printf(out, ":%" PRIu64, place->line);
	s2s_out_str(out, ": ");
}

static void
put_argument(struct s2s_out *out, const struct s2s_leaf *leaf, int i)
{
	const struct s2s_arg *arg = &leaf->arg[i];

	s2s_out_printf(out, "argument %d, %s", i + 1, leaf->sc->arg[i].name);
	switch (arg->state) {
	case S2S_ARG_UNKNOWN:
		s2s_out_str(out, ", which the log does not tell");
		return;
	case S2S_ARG_ADDRESS:
		s2s_out_str(out, ", an address");
		return;
	case S2S_ARG_KNOWN:
		s2s_out_str(out, " = ");
		s2s_format_value(out, leaf->sc->arch, leaf->kind[i], arg->value);
		s2s_out_printf(out, " (0x%" PRIx64 ")", arg->value);
		return;
	}
}

/* What the filters have for a call, as a policy of that call alone. Of a stack the
   filter that stops it has the nearest rule. */
static struct s2s_policy *
lift(const struct s2s_verify_input *in, const struct s2s_call *call)
{
	struct s2s_policy *policy = s2s_policy_new();
	struct s2s_arena arena = {0};

	for (size_t i = 0; i < in->n; i++) {
		struct s2s_judged judged;
		struct s2s_rule *rules;
		size_t n;

		s2s_filter_judge(in->filters[i].insn, in->filters[i].n, call, &judged);
		if (judged.outcome == S2S_OUTCOME_PASSES)
			continue;
		s2s_filter_lift(in->filters[i].insn, in->filters[i].n, call->sc, &arena,
				RULES_MAX, &rules, &n);
		for (size_t j = 0; j < n; j++)
			s2s_policy_add_rule(policy, call->sc, &rules[j]);
	}
	s2s_arena_done(&arena);
	return policy;
}

static const char *const hangs[S2S_HANGS_TOO_LONG + 1] = {
    [S2S_HANGS_POINTER] = "the instruction pointer, which the log does not tell",
    [S2S_HANGS_SEVERAL] = "a calculation with several arguments",
    [S2S_HANGS_TOO_LONG] = "more paths through the filter than were followed",
};

static void
put_cause(struct s2s_out *out, const struct s2s_leaf *leaf,
	  const struct s2s_judged *judged, int arg)
{
	s2s_out_str(out, judged->outcome == S2S_OUTCOME_STOPPED ? "    fails by: "
								: "    hangs on: ");
	if (hangs[judged->hangs_on])
		s2s_out_str(out, hangs[judged->hangs_on]);
	else if (arg >= 0 && arg < leaf->sc->nargs)
		put_argument(out, leaf, arg);
	else
		s2s_out_str(out, "the number of the call");
	if (judged->upper_half)
		s2s_out_str(out, ", the half of its register that the kernel ignores");
	s2s_out_char(out, '\n');
}

/* Which argument failed, and against what. */
static void
put_reason(struct s2s_out *out, const struct s2s_verify_input *in,
	   const struct s2s_leaf *leaf, const struct s2s_call *call,
	   const struct s2s_judged *judged)
{
	struct s2s_policy *lifted;
	const struct s2s_rule *rule;
	int arg = judged->arg;

	if (hangs[judged->hangs_on]) {
		put_cause(out, leaf, judged, arg);
		return;
	}
	lifted = in->policy ? NULL : lift(in, call);
	if (s2s_policy_nearest(lifted ? lifted : in->policy, call, &rule, &arg)) {
		s2s_out_str(out, "    nearest rule: ");
		s2s_format_rule(out, leaf->sc, rule);
		s2s_out_char(out, '\n');
		put_cause(out, leaf, judged, arg);
	} else {
		s2s_out_str(out, "    no rule lets this call pass\n");
	}
	s2s_policy_free(lifted);
}

void
s2s_verify_explain(const struct s2s_verify_input *in, const struct s2s_call *call,
		   uint32_t verdict, struct s2s_out *out)
{
	struct s2s_judged judged = judge(in, call);
	struct s2s_leaf leaf = {.sc = call->sc};

	memcpy(leaf.arg, call->arg, sizeof leaf.arg);
	memcpy(leaf.kind, call->kind, sizeof leaf.kind);
	judged.outcome = S2S_OUTCOME_STOPPED;
	s2s_out_str(out, "    verdict: ");
	s2s_verify_put_verdict(out, verdict);
	s2s_out_char(out, '\n');
	put_reason(out, in, &leaf, call, &judged);
}

static void
put_finding(struct s2s_out *out, const struct s2s_verify_input *in,
	    const struct s2s_leaf *leaf, const struct s2s_call *call,
	    const struct s2s_judged *judged)
{
	bool stopped = judged->outcome == S2S_OUTCOME_STOPPED;

	put_place(out, &leaf->first);
	s2s_out_str(out, stopped ? "stopped: " : "undetermined: ");
	s2s_format_call(out, leaf->sc, leaf->arg, leaf->kind);
	if (leaf->count > 1)
		s2s_out_printf(out, ", %" PRIu64 " times", leaf->count);
	s2s_out_str(out, "\n    verdict: ");
	if (!stopped && !s2s_verdict_open(judged->verdict))
		s2s_out_str(out, "perhaps ");
	s2s_verify_put_verdict(out, judged->verdict);
	s2s_out_char(out, '\n');
	put_reason(out, in, leaf, call, judged);
}

static struct s2s_call
call_of(const struct s2s_leaf *leaf)
{
	struct s2s_call call = {
	    .sc = leaf->sc,
	    .place = leaf->first,
	    .pid = -1,
	    .launcher = leaf->launcher,
	    .count = leaf->count,
	    .runs = leaf->runs,
	};

	memcpy(call.arg, leaf->arg, sizeof call.arg);
	memcpy(call.kind, leaf->kind, sizeof call.kind);
	return call;
}

static void
add(struct s2s_judge_counts *counts, enum s2s_outcome outcome, uint64_t calls)
{
	counts->distinct++;
	counts->calls += calls;
	switch (outcome) {
	case S2S_OUTCOME_PASSES:
		counts->passed++;
		counts->passed_calls += calls;
		return;
	case S2S_OUTCOME_STOPPED:
		counts->stopped++;
		counts->stopped_calls += calls;
		return;
	case S2S_OUTCOME_OPEN:
		counts->undetermined++;
		counts->undetermined_calls += calls;
		return;
	}
}

static bool
is_judged(const struct s2s_leaf *leaf, const struct s2s_verify_options *opts)
{
	if (leaf->launcher && !opts->keep_launcher_exec)
		return false;
	for (size_t i = 0; i < opts->n_denied; i++)
		if (opts->denied[i] == leaf->sc)
			return false;
	return true;
}

struct finding {
	const struct s2s_leaf *leaf;
	struct s2s_judged judged;
};

/* In the order in which people read the logs. */
static int
compare(const void *a, const void *b)
{
	const struct s2s_leaf *x = ((const struct finding *)a)->leaf;
	const struct s2s_leaf *y = ((const struct finding *)b)->leaf;
	int order = strcmp(x->first.file ? x->first.file : "",
			   y->first.file ? y->first.file : "");

	if (order != 0)
		return order;
	if (x->first.line != y->first.line)
		return x->first.line < y->first.line ? -1 : 1;
	return (x > y) - (x < y);
}

static void
put_findings(struct s2s_out *out, const struct s2s_verify_input *in,
	     struct finding *findings, size_t n)
{
	if (n)
		qsort(findings, n, sizeof *findings, compare);
	for (size_t i = 0; i < n; i++) {
		struct s2s_call call = call_of(findings[i].leaf);

		put_finding(out, in, findings[i].leaf, &call, &findings[i].judged);
	}
}

enum s2s_status
s2s_verify(struct s2s_tree *tree, const struct s2s_verify_input *in,
	   const struct s2s_verify_options *opts, struct s2s_out *out,
	   struct s2s_judge_counts *ret)
{
	size_t n, n_findings = 0, cap = 0;
	const struct s2s_leaf *leaves = s2s_tree_sorted(tree, &n);
	struct s2s_judge_counts counts = {0};
	struct finding *findings = NULL;

	for (size_t i = 0; i < n; i++) {
		struct s2s_call call = call_of(&leaves[i]);
		struct s2s_judged judged;

		if (!is_judged(&leaves[i], opts))
			continue;
		judged = judge(in, &call);
		add(&counts, judged.outcome, leaves[i].count);
		if (judged.outcome == S2S_OUTCOME_PASSES)
			continue;
		s2s_grow(findings, n_findings, cap);
		findings[n_findings++] = (struct finding){&leaves[i], judged};
	}
	put_findings(out, in, findings, n_findings);
	free(findings);
	*ret = counts;
	if (counts.stopped || (counts.undetermined && !opts->undetermined_allows))
		return S2S_NO;
	return S2S_OK;
}
