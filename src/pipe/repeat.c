/* SPDX-License-Identifier: MIT */
/* Between the skimmer and the rest of the pipe: what a line changed there, and what the
   lines change that only repeat one. */
#include "pipe/trace.h"

static uint64_t
messages(const struct s2s_trace *trace)
{
	return trace->diag.errors + trace->diag.warnings;
}

static void
before(void *self)
{
	struct s2s_trace *trace = self;

	trace->repeat = (struct s2s_repeat){
	    .armed = true,
	    .parsed = *s2s_parser_counts(trace->parser),
	    .bound = *s2s_binder_counts(trace->binder),
	    .messages = messages(trace),
	};
}

/* One line and one call more, and nothing else. */
static bool
is_one_call(const struct s2s_parse_counts *was, const struct s2s_parse_counts *is)
{
	struct s2s_parse_counts one = *was;

	one.lines++;
	one.calls++;
	one.joined += is->joined > was->joined;
	return memcmp(&one, is, sizeof one) == 0;
}

static const uint32_t *
waiting(void *self)
{
	const struct s2s_trace *trace = self;

	return s2s_parser_waiting(trace->parser);
}

/* One line that began a call, and nothing else. */
static bool
is_begin(const struct s2s_trace *trace, const struct s2s_line *line,
	 struct s2s_skimmed *ret)
{
	struct s2s_parse_counts one = trace->repeat.parsed;
	struct s2s_begin begin;

	one.lines++;
	if (memcmp(&one, s2s_parser_counts(trace->parser), sizeof one) != 0 ||
	    !s2s_parser_waiting(trace->parser) ||
	    !s2s_parser_begun(trace->parser, line->number, &begin) || begin.pid < 0 ||
	    !s2s_witness_begin(line, &begin))
		return false;
	*ret = (struct s2s_skimmed){
	    .kind = S2S_SKIM_BEGIN,
	    .name_n = (uint32_t)begin.name_n,
	};
	return true;
}

/* One line that told of a signal or of an end, or was a frame of a stack, and nothing
   else. */
static bool
is_told(const struct s2s_trace *trace, struct s2s_sv text, struct s2s_skimmed *ret)
{
	const struct s2s_parse_counts *is = s2s_parser_counts(trace->parser);
	struct s2s_parse_counts one = trace->repeat.parsed;
	enum s2s_told told = is->exits > one.exits   ? S2S_TOLD_END
			     : is->notes > one.notes ? S2S_TOLD_NOTE
						     : S2S_TOLD_SIGNAL;

	one.lines++;
	one.exits += told == S2S_TOLD_END;
	one.notes += told == S2S_TOLD_NOTE;
	one.signals += told == S2S_TOLD_SIGNAL;
	if (memcmp(&one, is, sizeof one) != 0 || !s2s_parser_waiting(trace->parser) ||
	    !s2s_witness_told(told, text))
		return false;
	*ret = (struct s2s_skimmed){.kind = S2S_SKIM_TOLD, .told = told};
	return true;
}

static bool
after(void *self, const struct s2s_line *line, struct s2s_sv text,
      struct s2s_skimmed *ret)
{
	struct s2s_trace *trace = self;
	struct s2s_repeat *r = &trace->repeat;
	const struct s2s_bind_counts *b = s2s_binder_counts(trace->binder);

	r->armed = false;
	if (messages(trace) != r->messages)
		return false;
	if (is_begin(trace, line, ret) || is_told(trace, text, ret))
		return true;
	if (!r->witness || !is_one_call(&r->parsed, s2s_parser_counts(trace->parser)) ||
	    b->calls != r->bound.calls + 1 ||
	    b->unknown_calls != r->bound.unknown_calls)
		return false;
	*ret = (struct s2s_skimmed){
	    .kind = s2s_parser_counts(trace->parser)->joined > r->parsed.joined
			? S2S_SKIM_END
			: S2S_SKIM_CALL,
	    .leaf = s2s_tree_last(trace->tree),
	    .echo = r->echo,
	    .executes = sv_starts(text, SV("exec")),
	    .args = (uint8_t)(b->args - r->bound.args),
	    .unknown_args = (uint8_t)(b->unknown_args - r->bound.unknown_args),
	    .unknown_symbols = (uint8_t)(b->unknown_symbols - r->bound.unknown_symbols),
	    .unknown_selectors =
		(uint8_t)(b->unknown_selectors - r->bound.unknown_selectors),
	};
	return true;
}

static void
passed(void *self, uint64_t lines, bool any_pid)
{
	struct s2s_trace *trace = self;

	s2s_parser_passed(trace->parser, lines, any_pid);
}

static void
passed_last(void *self, bool has_pid)
{
	struct s2s_trace *trace = self;

	s2s_parser_passed_last(trace->parser, has_pid);
}

static void
tag(void *self, uint32_t value)
{
	struct s2s_trace *trace = self;

	s2s_parser_tag(trace->parser, value);
}

static bool
begin(void *self, const struct s2s_line *line, const struct s2s_begin *call)
{
	struct s2s_trace *trace = self;

	return s2s_parser_begin(trace->parser, line, call);
}

static uint32_t
waits(void *self, int64_t pid, uint64_t *ret_line)
{
	const struct s2s_trace *trace = self;

	return s2s_parser_waits(trace->parser, pid, ret_line);
}

static void
finish(void *self, int64_t pid)
{
	struct s2s_trace *trace = self;

	s2s_parser_finish(trace->parser, pid);
}

static void
told(void *self, enum s2s_told what, bool has_pid)
{
	struct s2s_trace *trace = self;

	s2s_parser_told(trace->parser, what, has_pid);
}

static void
repeated(void *self, const struct s2s_skimmed *what, uint64_t n)
{
	struct s2s_trace *trace = self;
	struct s2s_bind_counts added = {
	    .calls = 1,
	    .args = what->args,
	    .unknown_args = what->unknown_args,
	    .unknown_symbols = what->unknown_symbols,
	    .unknown_selectors = what->unknown_selectors,
	};

	s2s_binder_repeat(trace->binder, &added, n);
	s2s_tree_repeat(trace->tree, what->leaf, n);
}

struct s2s_skim_user
s2s_repeat_user(struct s2s_trace *trace)
{
	return (struct s2s_skim_user){before,      after, waiting,  passed,
				      passed_last, tag,   begin,    waits,
				      finish,      told,  repeated, trace};
}
