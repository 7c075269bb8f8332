/* SPDX-License-Identifier: MIT */
/* kafel: a policy in the language of Kafel, as nsjail takes it. Calls are written by
   number: then Kafel takes every argument as 64 bits, and knows the call whatever its
   own table has. The first rule that matches decides. */
#include "format/c_text.h"
#include "format/formats.h"
#include "format/oci.h"

#include <inttypes.h>

struct writer {
	struct s2s_out *out;
	const char *comma; /* before the next rule */
};

static void
out_call(struct writer *w, const struct s2s_syscall *sc)
{
	s2s_out_printf(w->out, "%s\t\tSYSCALL[%" PRIu32 "] /* %s */", w->comma, sc->nr,
		       sc->name);
	w->comma = ",\n";
}

static void
out_action(struct s2s_out *out, struct s2s_action action)
{
	static const char *const names[] = {
	    [S2S_ACTION_ALLOW] = "ALLOW",
	    [S2S_ACTION_KILL_PROCESS] = "KILL_PROCESS",
	    [S2S_ACTION_KILL_THREAD] = "KILL",
	    [S2S_ACTION_TRAP] = "TRAP(0)",
	    [S2S_ACTION_ERRNO] = "ERRNO",
	    [S2S_ACTION_TRACE] = "TRACE",
	    [S2S_ACTION_LOG] = "LOG",
	    [S2S_ACTION_NOTIFY] = "USER_NOTIF",
	};

	s2s_out_str(out, names[action.kind]);
	if (action.kind == S2S_ACTION_ERRNO || action.kind == S2S_ACTION_TRACE)
		s2s_out_printf(out, "(%u)", action.data);
}

/* Two loads, two masks, two tests and at most one long jump for a comparison; a verdict
   near each rule; two tests for a call. */
static size_t
length(const struct s2s_oci *plan)
{
	size_t n = 3 * (plan->said->n + plan->said->n_answers);

	for (size_t i = 0; i < plan->n; i++)
		n += 2 + (size_t)7 * plan->entry[i].n;
	return n + (plan->lists_forbidden ? 2 * plan->said->n : 0);
}

static void
out_conjunction(struct s2s_out *out, const struct s2s_oci_entry *entry)
{
	for (uint8_t i = 0; i < entry->n; i++) {
		const struct s2s_scmp_cmp *cmp = &entry->cmp[i];

		s2s_out_str(out, i ? " && " : "");
		if (cmp->mask == UINT64_MAX)
			s2s_out_printf(out, "a%u == 0x%" PRIx64, cmp->arg, cmp->value);
		else
			s2s_out_printf(out, "(a%u & 0x%" PRIx64 ") == 0x%" PRIx64,
				       cmp->arg, cmp->mask, cmp->value);
	}
}

static void
out_rule_comment(struct s2s_out *out, const struct s2s_oci_entry *entry)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out text;

	s2s_out_memory(&text);
	s2s_format_rule(&text, entry->call->sc, entry->rule);
	s2s_out_str(&text, "; ");
	s2s_c_provenance(&text, entry->call, entry->rule);
	s2s_c_comment(out, "\t\t\t", s2s_out_text(&text));
}

/* The entries of one call, which stand together: "SYSCALL[16](a0, a1) { a1 == 1, … }"
 */
static size_t
out_entries(struct writer *w, const struct s2s_oci *plan, size_t from)
{
	const struct s2s_policy_call *call = plan->entry[from].call;
	size_t i = from;

	out_call(w, call->sc);
	for (; i < plan->n && plan->entry[i].call == call; i++) {
		if (plan->entry[i].n == 0)
			continue;
		s2s_out_str(w->out,
			    i == from ? " (a0, a1, a2, a3, a4, a5) {\n" : ",\n");
		if (plan->entry[i].first)
			out_rule_comment(w->out, &plan->entry[i]);
		s2s_out_str(w->out, "\t\t\t");
		out_conjunction(w->out, &plan->entry[i]);
	}
	if (plan->entry[from].n)
		s2s_out_str(w->out, "\n\t\t}");
	return i;
}

/* In front of the action for all others, since the first rule that matches decides. */
static void
out_answers(struct s2s_out *out, const struct s2s_oci *plan, const char **comma)
{
	for (size_t i = 0; i < plan->said->n_answers; i++) {
		const struct s2s_policy_answer *answer = &plan->said->answers[i];
		const struct s2s_policy_call *call =
		    s2s_policy_find(plan->said, answer->sc);
		struct writer w = {out, ""};

		if (call && s2s_rule_is_any(&call->rules[0]))
			continue;
		s2s_out_printf(out, "%s\t", *comma);
		out_action(out, answer->action);
		s2s_out_str(out, " {\n");
		out_call(&w, answer->sc);
		s2s_out_str(out, "\n\t}");
		*comma = ",\n";
	}
}

static void
out_policy(struct s2s_out *out, const struct s2s_policy *policy,
	   const struct s2s_oci *plan)
{
	struct writer w = {out, ""};
	const char *comma = "";

	s2s_out_str(out, "\nPOLICY strace2seccomp {\n");
	if (plan->n) {
		s2s_out_str(out, "\tALLOW {\n");
		for (size_t i = 0; i < plan->n;)
			i = out_entries(&w, plan, i);
		s2s_out_str(out, "\n\t}");
		comma = ",\n";
	}
	out_answers(out, plan, &comma);
	if (plan->lists_forbidden) {
		size_t n;
		const struct s2s_syscall *const *sc = s2s_syscalls(S2S_ARCH_X86_64, &n);

		/* Those with other arguments than ALLOW has them, too. */
		w.comma = "";
		s2s_out_printf(out, "%s\t", comma);
		out_action(out, policy->action);
		s2s_out_str(out, " {\n");
		for (size_t i = 0; i < n; i++) {
			const struct s2s_policy_call *call =
			    s2s_policy_find(plan->said, sc[i]);

			if (!call || !s2s_rule_is_any(&call->rules[0]))
				out_call(&w, sc[i]);
		}
		s2s_out_str(out, "\n\t}");
		comma = ",\n";
	}
	s2s_out_str(out, *comma ? "\n}\n\nUSE strace2seccomp DEFAULT "
				: "}\n\nUSE strace2seccomp DEFAULT ");
	out_action(out, policy->unknown);
	s2s_out_char(out, '\n');
}

enum s2s_status
s2s_format_kafel(struct s2s_out *out, const struct s2s_format_input *in,
		 const struct s2s_format_options *opts)
{
	static const struct s2s_entries_language language = {length, false};
	S2S_CLEANUP(s2s_oci_done) struct s2s_oci plan = {0};

	TRY(s2s_entries_plan(in->policy, opts, &language, &plan));
	s2s_loss_remark(&plan.loss,
			"Of other architectures and x32 Kafel ends the thread, "
			"whatever this policy says.");
	s2s_text_head(out, "// ", in->policy, &plan.loss, opts);
	out_policy(out, in->policy, &plan);
	TRY(s2s_loss_end(&plan.loss, opts));
	return out->status;
}
