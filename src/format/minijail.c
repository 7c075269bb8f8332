/* SPDX-License-Identifier: MIT */
/* minijail: a policy file for minijail0 -S, see minijail0(5). It compares whole 64-bit
   arguments: what is compared of them in part is said bit by bit. */
#include "format/c_text.h"
#include "format/formats.h"
#include "format/names.h"
#include "format/oci.h"

#include <inttypes.h>

struct writer {
	struct s2s_out *out;
	const struct s2s_oci *plan;
};

/* (arg & mask) == value: no bit that the mask wants clear is set ("in" is: no bit
   outside of), and each that it wants set is. */
static void
out_cmp(struct s2s_out *out, const struct s2s_scmp_cmp *cmp)
{
	uint64_t clear = cmp->mask & ~cmp->value;
	const char *and = "";

	if (cmp->mask == UINT64_MAX) {
		s2s_out_printf(out, "arg%u == 0x%" PRIx64, cmp->arg, cmp->value);
		return;
	}
	if (clear) {
		s2s_out_printf(out, "arg%u in 0x%" PRIx64, cmp->arg, ~clear);
		and = " && ";
	}
	for (int bit = 0; bit < 64; bit++)
		if (cmp->value >> bit & 1) {
			s2s_out_printf(out, "%sarg%u & 0x%" PRIx64, and, cmp->arg,
				       UINT64_C(1) << bit);
			and = " && ";
		}
}

/* Neither of its compilers knows numbers, whatever minijail0(5) says, and a name that
   it does not know ends it: calls that came late are left out. */
static void
out_name(struct s2s_out *out, const struct s2s_syscall *sc)
{
	s2s_out_printf(out, "%s%s", s2s_is_nameless(sc->arch, sc->nr) ? "# " : "",
		       sc->name);
}

/* What other arguments get: "; return 1". The default is to kill. */
static void
out_return(struct s2s_out *out, struct s2s_action action, const char *before)
{
	if (action.kind == S2S_ACTION_ERRNO)
		s2s_out_printf(out, "%sreturn %u", before, action.data);
}

/* Whether the call gets a line of its own though the policy does not allow it. */
static bool
is_refused(const struct s2s_oci *plan, const struct s2s_syscall *sc)
{
	return s2s_policy_stops(plan->said, sc).kind == S2S_ACTION_ERRNO &&
	       !s2s_policy_find(plan->said, sc) && !s2s_is_nameless(sc->arch, sc->nr);
}

static void
out_forbidden(struct writer *w)
{
	size_t n;
	const struct s2s_syscall *const *sc = s2s_syscalls(S2S_ARCH_X86_64, &n);

	for (size_t i = 0; i < n; i++) {
		if (!is_refused(w->plan, sc[i]))
			continue;
		out_name(w->out, sc[i]);
		out_return(w->out, s2s_policy_stops(w->plan->said, sc[i]), ": ");
		s2s_out_char(w->out, '\n');
	}
}

static void
out_comment(struct writer *w, const struct s2s_oci_entry *entry)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out text;

	s2s_out_memory(&text);
	s2s_out_printf(&text, "%s: ", entry->call->sc->name);
	s2s_format_rule(&text, entry->call->sc, entry->rule);
	s2s_out_str(&text, "; ");
	s2s_c_provenance(&text, entry->call, entry->rule);
	if (entry->freed)
		s2s_out_str(&text, "; wider: fewer bits are asked for");
	s2s_c_wrap(w->out, "# ", "# ", s2s_out_text(&text), "");
}

/* All entries of a call are one line: "ioctl: arg1 == 1 || arg1 == 2" */
static size_t
out_call(struct writer *w, size_t from)
{
	const struct s2s_oci_entry *entry = w->plan->entry;
	const struct s2s_policy_call *call = entry[from].call;
	size_t end = from;

	for (; end < w->plan->n && entry[end].call == call; end++)
		if (entry[end].first)
			out_comment(w, &entry[end]);
	out_name(w->out, call->sc);
	for (size_t i = from; i < end; i++) {
		s2s_out_str(w->out, i == from ? ": " : " || ");
		for (uint8_t k = 0; k < entry[i].n; k++) {
			s2s_out_str(w->out, k ? " && " : "");
			out_cmp(w->out, &entry[i].cmp[k]);
		}
		if (entry[i].n == 0)
			s2s_out_char(w->out, '1');
	}
	if (entry[from].n)
		out_return(w->out, s2s_policy_stops(w->plan->said, call->sc), "; ");
	s2s_out_char(w->out, '\n');
	return end;
}

/* ---- what minijail0 makes of it ---- */

enum {
	LABELS = 512,    /* that it has room for */
	HEAD = 5,        /* architecture, number, the last verdict */
	CALL = 2,        /* the test of a number and where it leads */
	BODY = 4,        /* of arguments: two labels, two verdicts */
	CONJUNCTION = 2, /* a jump and a label */
	ATOM = 8,        /* four to load, three to compare, a jump */
	REFUSED = 2      /* a label and a verdict */
};

static size_t
atoms(const struct s2s_scmp_cmp *cmp)
{
	if (cmp->mask == UINT64_MAX)
		return 1;
	return !!(cmp->mask & ~cmp->value) + (size_t)__builtin_popcountll(cmp->value);
}

static size_t
refused(const struct s2s_oci *plan)
{
	size_t n, refused = 0;
	const struct s2s_syscall *const *sc = s2s_syscalls(S2S_ARCH_X86_64, &n);

	for (size_t i = 0; i < n; i++)
		refused += is_refused(plan, sc[i]);
	return refused;
}

static size_t
length(const struct s2s_oci *plan)
{
	size_t none = refused(plan), labels = none, n = HEAD + none * (CALL + REFUSED);

	for (size_t i = 0; i < plan->n; i++) {
		const struct s2s_oci_entry *entry = &plan->entry[i];
		bool first = i == 0 || entry[-1].call != entry->call;

		n += first ? CALL : 0;
		if (entry->n == 0)
			continue;
		n += CONJUNCTION + (first ? BODY : 0);
		labels += first ? 3 : 1;
		for (uint8_t k = 0; k < entry->n; k++)
			n += ATOM * atoms(&entry->cmp[k]);
	}
	return labels > LABELS ? SIZE_MAX : n;
}

static void
say_late_names(struct s2s_loss *loss, const struct s2s_policy *policy)
{
	struct s2s_out names;

	s2s_out_memory(&names);
	for (size_t i = 0; i < policy->n; i++)
		if (s2s_is_nameless(S2S_ARCH_X86_64, policy->calls[i].sc->nr))
			s2s_out_printf(&names, "%s%s", names.n ? ", " : "",
				       policy->calls[i].sc->name);
	if (names.n)
		s2s_loss_add(loss,
			     "Left out, and killed, though the policy allows it: %.*s. "
			     "A minijail that does not know a name refuses the file.",
			     (int)names.n, names.p);
	s2s_out_done(&names);
}

/* Of known calls, those that an errno would be for. */
static void
say_late_refused(struct s2s_loss *loss, const struct s2s_policy *policy)
{
	if (policy->action.kind == S2S_ACTION_ERRNO)
		s2s_loss_add(loss, "Calls after futex_requeue (456), uretprobe and "
				   "uprobe are killed too: a minijail that does not "
				   "know a name refuses the file.");
}

static void
say_answers(struct s2s_loss *loss, const struct s2s_policy *policy)
{
	if (policy->unknown.kind != S2S_ACTION_KILL_PROCESS)
		s2s_loss_add(loss,
			     "Calls newer than our tables are killed: minijail has "
			     "no other answer to what is not listed.");
	if (policy->action.kind == S2S_ACTION_KILL_PROCESS)
		s2s_loss_remark(loss,
				"What is forbidden is not listed: minijail0 -S kills, "
				"minijail0 -L only logs.");
	s2s_loss_remark(loss, "Of other architectures minijail kills all calls.");
}

static bool
is_sayable(struct s2s_action action)
{
	return action.kind == S2S_ACTION_KILL_PROCESS ||
	       action.kind == S2S_ACTION_ERRNO;
}

enum s2s_status
s2s_format_minijail(struct s2s_out *out, const struct s2s_format_input *in,
		    const struct s2s_format_options *opts)
{
	static const struct s2s_entries_language language = {length, true};
	S2S_CLEANUP(s2s_oci_done) struct s2s_oci plan = {0};
	struct writer w = {out, &plan};

	if (!is_sayable(in->policy->action))
		return s2s_no_action(opts, in->policy->action,
				     "kill-process and errno");
	TRY(s2s_entries_plan(in->policy, opts, &language, &plan));
	say_late_names(&plan.loss, in->policy);
	say_late_refused(&plan.loss, in->policy);
	say_answers(&plan.loss, in->policy);
	s2s_loss_answers(&plan.loss, in->policy, is_sayable);
	s2s_text_head(out, "# ", in->policy, &plan.loss, opts);
	s2s_out_char(out, '\n');
	for (size_t i = 0; i < plan.n;)
		i = out_call(&w, i);
	out_forbidden(&w);
	TRY(s2s_loss_end(&plan.loss, opts));
	return out->status;
}
