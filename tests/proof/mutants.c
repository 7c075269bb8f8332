/* SPDX-License-Identifier: MIT */
/* Filters with one wrong instruction, and filters of policies with one wrong rule: the
   check that `generate` makes notices every one that changes a verdict, by Z3's word.
   usage: proof-mutants LOG… */
#include "compare.h"
#include "filter/opcode.h"
#include "optimize/optimize.h"
#include "pipe/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
	size_t tried, refused, noticed, equal, missed;
};

static void
judge(struct tally *t, const char *what, const struct s2s_policy *policy,
      const struct s2s_filter *filter)
{
	struct s2s_check check;
	size_t index;
	const char *why;

	t->tried++;
	if (s2s_filter_validate(filter->insn, filter->n, &index, &why) != S2S_OK)
		t->refused++;
	else if (s2s_filter_check(policy, filter, &check) != S2S_OK)
		t->noticed++;
	else if (z3_differ(what, filter, 1, policy, true))
		t->missed++;
	else
		t->equal++;
}

typedef void change_fn(struct sock_filter *in);

static void
constant_up(struct sock_filter *in)
{
	in->k++;
}

static void
constant_down(struct sock_filter *in)
{
	in->k--;
}

static void
constant_bit(struct sock_filter *in)
{
	in->k ^= 1U << 31;
}

static void
jump_yes(struct sock_filter *in)
{
	in->jt++;
}

static void
jump_no(struct sock_filter *in)
{
	in->jf++;
}

static void
jumps_swapped(struct sock_filter *in)
{
	uint8_t jt = in->jt;

	in->jt = in->jf;
	in->jf = jt;
}

/* JEQ, JGT, JGE, JSET; ADD … XOR */
static void
opcode_next(struct sock_filter *in)
{
	in->code = (uint16_t)(in->code + 0x10);
}

static void
opcode_other(struct sock_filter *in)
{
	in->code ^= (uint16_t)(BPF_JGT ^ BPF_JGE);
}

static void
opcode_x(struct sock_filter *in)
{
	in->code ^= BPF_X;
}

static change_fn *const changes[] = {constant_up, constant_down, constant_bit,
				     jump_yes,    jump_no,       jumps_swapped,
				     opcode_next, opcode_other,  opcode_x};

static void
break_filter(struct tally *t, const struct s2s_policy *policy,
	     const struct s2s_filter *filter)
{
	struct s2s_filter copy = {s2s_realloc(NULL, filter->n, sizeof *filter->insn),
				  filter->n};

	for (size_t i = 0; i < filter->n; i++)
		for (size_t k = 0; k < S2S_ARRAY_SIZE(changes); k++) {
			char what[80];

			memcpy(copy.insn, filter->insn, filter->n * sizeof *copy.insn);
			changes[k](&copy.insn[i]);
			if (memcmp(&copy.insn[i], &filter->insn[i],
				   sizeof *copy.insn) == 0)
				continue;
			snprintf(what, sizeof what, "instruction %zu, change %zu", i,
				 k);
			judge(t, what, policy, &copy);
		}
	s2s_filter_done(&copy);
}

/* The filter was made of a policy that is wrong; the right one is what it is held
   against. */
static void
judge_policy(struct tally *t, const char *what, const struct s2s_policy *right,
	     const struct s2s_policy *wrong)
{
	struct s2s_filter filter;

	s2s_filter_compile(wrong, S2S_GOAL_SPEED, &filter);
	judge(t, what, right, &filter);
	s2s_filter_done(&filter);
}

static void
break_bounds(struct tally *t, const struct s2s_policy *right, struct s2s_policy *wrong,
	     struct s2s_set *set)
{
	struct s2s_set keep = *set;

	for (size_t i = 0; i < keep.n; i++)
		for (int k = 0; k < 4; k++) {
			struct s2s_interval *iv =
			    s2s_arena_alloc(&wrong->arena, keep.n * sizeof *iv);
			uint64_t *end = k & 1 ? &iv[i].lo : &iv[i].hi;

			memcpy(iv, keep.iv, keep.n * sizeof *iv);
			*end += k & 2 ? 1 : UINT64_MAX;
			if (iv[i].lo > iv[i].hi || (*end & ~keep.mask) ||
			    (keep.mask & (keep.mask + 1)))
				continue;
			*set = s2s_set_make(&wrong->arena, keep.mask, iv, keep.n);
			judge_policy(t, "a bound moved", right, wrong);
		}
	*set = keep;
}

static void
break_policy(struct tally *t, const struct s2s_policy *right)
{
	struct s2s_policy *wrong = s2s_policy_new();

	s2s_policy_union(wrong, right);
	wrong->arches = right->arches;
	wrong->action = right->action;
	wrong->unknown = right->unknown;
	for (size_t i = 0; i < wrong->n; i++) {
		struct s2s_policy_call *call = &wrong->calls[i];

		for (size_t k = 0; k < call->n; k++) {
			struct s2s_rule keep = call->rules[k];

			for (int arg = 0; arg < S2S_ARGS_MAX; arg++)
				if (!s2s_set_is_any(&keep.arg[arg]))
					break_bounds(t, right, wrong,
						     &call->rules[k].arg[arg]);
			call->rules[k] = call->rules[--call->n];
			judge_policy(t, "a rule dropped", right, wrong);
			call->rules[call->n++] = call->rules[k];
			call->rules[k] = keep;
		}
	}
	s2s_policy_free(wrong);
}

static size_t
say(const char *what, const struct tally *t)
{
	size_t wrong = t->noticed + t->missed;

	printf(
	    "%s: %zu tried, %zu not valid, %zu change nothing; the check notices %zu "
	    "of %zu others\n",
	    what, t->tried, t->refused, t->equal, t->noticed, wrong);
	return t->missed;
}

int
main(int argc, char **argv)
{
	struct tally filters = {0}, policies = {0};
	size_t missed;

	for (int i = 1; i < argc; i++) {
		const char *log = argv[i];
		struct s2s_optimize_options opts = {0};
		struct s2s_trace *trace = s2s_trace_new(NULL);
		struct s2s_policy *policy;
		struct s2s_filter filter;

		if (s2s_trace_add_files(trace, &log, 1) != S2S_OK ||
		    s2s_trace_end(trace) != S2S_OK ||
		    s2s_optimize(trace->tree, &opts, &policy) != S2S_OK)
			return 1;
		s2s_filter_compile(policy, S2S_GOAL_SPEED, &filter);
		break_filter(&filters, policy, &filter);
		break_policy(&policies, policy);
		s2s_filter_done(&filter);
		s2s_policy_free(policy);
		s2s_trace_free(trace);
	}
	missed = say("filters", &filters);
	missed += say("policies", &policies);
	return missed || filters.noticed == 0 || policies.noticed == 0;
}
