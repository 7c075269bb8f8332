/* SPDX-License-Identifier: MIT */
/* Between parse and bind: makes the files of one run look like one input, and tells
   whose calls they are. */
#include "pipe/trace.h"

/* execve("/usr/bin/ls", …) at the start of a file: the text of the path. */
static struct s2s_sv
started_program(const struct s2s_event *ev)
{
	if (ev->nargs == 0 || !sv_equal(ev->name, SV("execve")))
		return SV("");
	return ev->args[0].text;
}

/* Names like app.1, app.2 are given to the threads of one run by strace -ff, and to
   runs by people. A file that begins like the first, with the exec of the same program,
   is a run of its own. */
static enum s2s_status
begin_file(struct s2s_trace *trace, const struct s2s_event *ev)
{
	struct s2s_sv program = started_program(ev), first = s2s_out_text(&trace->exec);

	trace->at_start = false;
	if (program.n && sv_equal(program, first))
		return trace->bound.end(trace->bound.self);
	if (trace->first_file)
		s2s_out_sv(&trace->exec, program);
	return S2S_OK;
}

static enum s2s_status
run_event(void *self, const struct s2s_event *ev)
{
	struct s2s_trace *trace = self;
	struct s2s_event named;

	if (trace->at_start && ev->kind == S2S_EVENT_CALL)
		TRY(begin_file(trace, ev));
	trace->repeat.ev = ev;
	if (ev->pid >= 0 || trace->pid < 0)
		return trace->bound.event(trace->bound.self, ev);
	named = *ev;
	named.pid = trace->pid;
	return trace->bound.event(trace->bound.self, &named);
}

static enum s2s_status
run_end(void *self)
{
	struct s2s_trace *trace = self;

	return trace->run_open ? S2S_OK : trace->bound.end(trace->bound.self);
}

struct s2s_event_sink
s2s_run_sink(struct s2s_trace *trace)
{
	return (struct s2s_event_sink){run_event, run_end, trace};
}
