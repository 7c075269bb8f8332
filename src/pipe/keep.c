/* SPDX-License-Identifier: MIT */
/* Behind bind: what becomes of a call. It is said, at level trace, and then written or
   kept in the tree. */
#include "pipe/trace.h"

#include "format/format.h"

#include <inttypes.h>

/* app.strace:12: openat(AT_FDCWD, address, O_RDONLY, unknown) = 3 */
static void
say_call(const struct s2s_log *log, const struct s2s_call *call)
{
	struct s2s_out out;

	s2s_out_memory(&out);
	if (call->place.file)
		s2s_out_escaped(&out, sv_from(call->place.file));
	s2s_out_printf(&out, ":%" PRIu64 ": ", call->place.line);
	s2s_format_call(&out, call->sc, call->arg, call->kind);
	s2s_out_str(&out, call->launcher ? " launcher" : "");
	if (call->has_result) {
		s2s_out_str(&out, " = ");
		s2s_out_escaped(&out, call->result);
	}
	s2s_log(log, S2S_LOG_TRACE, "%.*s", (int)out.n, out.p);
	s2s_out_done(&out);
}

static enum s2s_status
write_call(struct s2s_trace *trace, const struct s2s_call *call)
{
	s2s_json_call(&trace->json, call);
	if (trace->calls.status != S2S_OK)
		s2s_say_errno(trace->log, trace->calls_name, trace->calls.error);
	return trace->calls.status;
}

static enum s2s_status
keep_call(void *self, const struct s2s_call *call)
{
	struct s2s_trace *trace = self;

	if (trace->log && trace->log->level <= S2S_LOG_TRACE)
		say_call(trace->log, call);
	if (trace->write_calls)
		return write_call(trace, call);
	if (trace->repeat.armed)
		trace->repeat.witness =
		    !call->also &&
		    s2s_witness(trace->repeat.ev, call, &trace->repeat.echo);
	return trace->grown.event(trace->grown.self, call);
}

static enum s2s_status
keep_end(void *self)
{
	struct s2s_trace *trace = self;

	return trace->write_calls ? S2S_OK : trace->grown.end(trace->grown.self);
}

struct s2s_call_sink
s2s_keep_sink(struct s2s_trace *trace)
{
	return (struct s2s_call_sink){keep_call, keep_end, trace};
}
