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

static size_t
atoms(const struct s2s_scmp_cmp *cmp)
{
	return cmp->mask == UINT64_MAX ? 1
				       : 1 + (size_t)__builtin_popcountll(cmp->value);
}

static void
out_name(struct s2s_out *out, const struct s2s_syscall *sc)
{
	if (s2s_is_nameless(sc->arch, sc->nr))
		s2s_out_printf(out, "# %s\n%" PRIu32, sc->name, sc->nr);
	else
		s2s_out_str(out, sc->name);
}

/* What other arguments get: "; return 1". The default is to kill. */
static void
out_return(struct s2s_out *out, struct s2s_action action, const char *before)
{
	if (action.kind == S2S_ACTION_ERRNO)
		s2s_out_printf(out, "%sreturn %u", before, action.data);
}

static void
out_forbidden(struct writer *w)
{
	size_t n;
	const struct s2s_syscall *const *sc = s2s_syscalls(S2S_ARCH_X86_64, &n);

	for (size_t i = 0; i < n; i++) {
		if (s2s_policy_find(w->plan->said, sc[i]))
			continue;
		out_name(w->out, sc[i]);
		out_return(w->out, w->plan->said->action, ": ");
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
		out_return(w->out, w->plan->said->action, "; ");
	s2s_out_char(w->out, '\n');
	return end;
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

enum s2s_status
s2s_format_minijail(struct s2s_out *out, const struct s2s_format_input *in,
		    const struct s2s_format_options *opts)
{
	S2S_CLEANUP(s2s_oci_done) struct s2s_oci plan = {0};
	struct writer w = {out, &plan};

	if (in->policy->action.kind != S2S_ACTION_KILL_PROCESS &&
	    in->policy->action.kind != S2S_ACTION_ERRNO)
		return s2s_no_action(opts, in->policy->action,
				     "kill-process and errno");
	TRY(s2s_entries_plan(in->policy, opts, atoms, &plan));
	say_answers(&plan.loss, in->policy);
	s2s_text_head(out, "# ", in->policy, &plan.loss, opts);
	s2s_out_char(out, '\n');
	for (size_t i = 0; i < plan.n;)
		i = out_call(&w, i);
	if (in->policy->action.kind == S2S_ACTION_ERRNO)
		out_forbidden(&w);
	TRY(s2s_loss_end(&plan.loss, opts));
	return out->status;
}
