/* SPDX-License-Identifier: MIT */
/* An event as one line of text, for tables of what is expected:
   KIND[@LINE:COLUMN] [pid N] [nr N] [ARCH] NAME(ARG; ARG) [= RESULT] [ERROR] [WORD...]
   ARG is a letter for its kind, the name where there is one, and the text. */
#pragma once

#include "base/out.h"
#include "parse/event.h"

#include <inttypes.h>

static inline void
show_arg(struct s2s_out *out, const struct s2s_arg_text *arg)
{
	static const char letters[] = "ESTA?@";

	s2s_out_char(out, letters[arg->kind]);
	s2s_out_char(out, ' ');
	if (arg->name.n) {
		s2s_out_sv(out, arg->name);
		s2s_out_char(out, ':');
	}
	s2s_out_sv(out, arg->text);
}

static inline void
show_extras(struct s2s_out *out, const struct s2s_event *ev)
{
	if (ev->has_result)
		s2s_out_printf(out, " = %.*s", (int)ev->result.n, ev->result.p);
	if (ev->error.n)
		s2s_out_printf(out, " %.*s", (int)ev->error.n, ev->error.p);
	if (ev->args_incomplete)
		s2s_out_str(out, " incomplete");
	if (ev->joined)
		s2s_out_str(out, " joined");
	if (ev->launcher)
		s2s_out_str(out, " launcher");
	if (ev->count != 1)
		s2s_out_printf(out, " count %" PRIu64, ev->count);
	if (ev->runs)
		s2s_out_printf(out, " runs %" PRIu32, ev->runs);
	if (ev->first.file)
		s2s_out_printf(out, " first %s:%" PRIu64, ev->first.file,
			       ev->first.line);
}

static inline void
show_event(struct s2s_out *out, const struct s2s_event *ev)
{
	static const char *const kinds[] = {
	    [S2S_EVENT_CALL] = "call",       [S2S_EVENT_UNFINISHED] = "unfinished",
	    [S2S_EVENT_RESUMED] = "resumed", [S2S_EVENT_SIGNAL] = "signal",
	    [S2S_EVENT_EXIT] = "exit",       [S2S_EVENT_NOTE] = "note",
	};

	s2s_out_str(out, kinds[ev->kind]);
	if (ev->place.line)
		s2s_out_printf(out, "@%" PRIu64 ":%" PRIu32, ev->place.line,
			       ev->place.column);
	if (ev->pid >= 0)
		s2s_out_printf(out, " pid %" PRId64, ev->pid);
	if (ev->nr >= 0)
		s2s_out_printf(out, " nr %" PRId64, ev->nr);
	if (ev->arch.n)
		s2s_out_printf(out, " %.*s", (int)ev->arch.n, ev->arch.p);
	s2s_out_char(out, ' ');
	s2s_out_sv(out, ev->name);
	if (ev->kind <= S2S_EVENT_RESUMED) {
		s2s_out_char(out, '(');
		for (size_t i = 0; i < ev->nargs; i++) {
			s2s_out_str(out, i ? "; " : "");
			show_arg(out, &ev->args[i]);
		}
		s2s_out_char(out, ')');
	}
	show_extras(out, ev);
}
