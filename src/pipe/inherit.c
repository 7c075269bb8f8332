/* SPDX-License-Identifier: MIT */
/* Where a policy for a part cannot hold: the kernel hands a filter down over fork and
   exec, nothing takes it off, and another one on top only forbids more. */
#include "pipe/make.h"

#include <inttypes.h>

enum { NAMES_SHOWN = 8 };

static void
put_name(struct s2s_out *out, const struct s2s_trace *trace, const char *before,
	 s2s_atom name)
{
	s2s_out_str(out, before);
	if (name)
		s2s_out_escaped(out, s2s_atom_text(&trace->atoms, name));
	else
		s2s_out_str(out, "a program that the log does not tell");
}

/* Who it is that the part does not know any more. */
static void
put_heir(struct s2s_out *out, const struct s2s_trace *trace,
	 const struct s2s_heir *heir)
{
	switch (heir->leave) {
	case S2S_LEAVE_FORK:
		s2s_out_printf(out, "process %" PRId64 ", a descendant of %" PRId64,
			       heir->pid, heir->creator);
		put_name(out, trace, ", running ", heir->exe);
		break;
	case S2S_LEAVE_THREAD:
		s2s_out_printf(out, "process %" PRId64 " starts a thread",
			       heir->creator);
		put_name(out, trace, " called ", heir->comm);
		break;
	case S2S_LEAVE_EXEC:
		s2s_out_printf(out, "process %" PRId64, heir->creator);
		put_name(out, trace, " executes ", heir->exe);
		break;
	case S2S_LEAVE_NAME:
		s2s_out_printf(out, "a thread of process %" PRId64, heir->pid);
		put_name(out, trace, " calls itself ", heir->comm);
		break;
	case S2S_LEAVE_UNTIL:
		s2s_out_printf(out, "process %" PRId64 " goes on behind --until",
			       heir->creator);
		break;
	case S2S_LEAVE_PART:
		s2s_out_printf(out, "process %" PRId64, heir->pid);
		put_name(out, trace, ", which descends from this part and runs ",
			 heir->exe);
		break;
	}
}

/* The names of the calls that the filter would stop; how many calls have one. */
static size_t
put_stopped(struct s2s_out *out, const struct s2s_heir *heir,
	    const struct s2s_filter *filter)
{
	size_t n, names = 0;
	const struct s2s_leaf *leaf = s2s_tree_sorted(heir->calls, &n);
	const struct s2s_syscall *last = NULL;

	for (size_t i = 0; i < n; i++) {
		struct s2s_call call = {.sc = leaf[i].sc};
		struct s2s_judged judged;

		memcpy(call.arg, leaf[i].arg, sizeof call.arg);
		memcpy(call.kind, leaf[i].kind, sizeof call.kind);
		s2s_filter_judge(filter->insn, filter->n, &call, &judged);
		if (judged.outcome == S2S_OUTCOME_PASSES || leaf[i].sc == last)
			continue;
		last = leaf[i].sc;
		if (names++ < NAMES_SHOWN)
			s2s_out_printf(out, "%s%s", names > 1 ? ", " : "", last->name);
	}
	if (names > NAMES_SHOWN)
		s2s_out_str(out, ", ...");
	return names;
}

static void
say_heir(struct s2s_trace *trace, const struct s2s_heir *heir,
	 const struct s2s_filter *filter)
{
	struct s2s_out who, names;
	size_t n;

	s2s_out_memory(&who);
	s2s_out_memory(&names);
	n = put_stopped(&names, heir, filter);
	put_heir(&who, trace, heir);
	if (n)
		s2s_diag_report(
		    &trace->diag, S2S_DIAG_INHERITED, heir->first, SV(""),
		    "%s%s%.*s: not part of it, but a filter is handed down over fork "
		    "and "
		    "exec "
		    "and never taken off, and this one forbids %zu system call%s made "
		    "there (%.*s)",
		    trace->part ? trace->part->name : "", trace->part ? ": " : "",
		    (int)who.n, who.p, n, n == 1 ? "" : "s", (int)names.n, names.p);
	s2s_out_done(&who);
	s2s_out_done(&names);
}

void
s2s_say_inherited(struct s2s_trace *trace, const struct s2s_filter *filter)
{
	const struct s2s_heir *heirs;
	size_t n = 0;

	if (!trace->select)
		return;
	heirs = s2s_select_heirs(trace->select, &n);
	for (size_t i = 0; i < n; i++)
		if (!trace->part || heirs[i].part == trace->part->number)
			say_heir(trace, &heirs[i], filter);
}
