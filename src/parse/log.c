/* SPDX-License-Identifier: MIT */
/* The lines of strace's log: what is not its own is taken out of them, and those whose
   mode is not known wait. */
#include "parse/parser.h"

enum { X32_BIT = 0x40000000, X32_MAX = X32_BIT + 0xffff };

/* The number -1, of a call that a tracer skipped, is printed unsigned. */
static bool
is_x32(const struct s2s_event *ev, const struct modes *modes)
{
	return (ev->nr >= X32_BIT && ev->nr <= X32_MAX) || modes->is_x32;
}

static enum s2s_status
refuse_x32(struct s2s_parser *parser, const struct s2s_event *ev)
{
	parser->counts.skipped++;
	return s2s_diag_report(parser->diag, S2S_DIAG_X32, ev->place, ev->line, NULL);
}

/* The program's own output stands in the log: said once. */
static enum s2s_status
saw_output(struct s2s_parser *parser, const struct s2s_line *line)
{
	struct s2s_place place = {line->file, line->number, 0};
	bool is_new = !parser->join.shared;

	parser->counts.output++;
	parser->join.shared = true;
	if (!is_new)
		return S2S_OK;
	return s2s_diag_report(parser->diag, S2S_DIAG_OUTPUT, place, line->text, NULL);
}

static enum s2s_status
strace_event(struct s2s_parser *parser, const struct s2s_line *line,
	     struct strace_line *found, const struct scan *s)
{
	struct s2s_syntax_error error;
	bool refused;

	found->ev.place.file = line->file;
	found->ev.place.line = line->number;
	found->ev.line = (struct s2s_sv){s->begin, (size_t)(s->end - s->begin)};
	found->ev.args = s->args;
	found->ev.nargs = s->nargs;
	if (!found->headless) /* whose line it ends does not show in it */
		modes_see(&parser->modes, &found->ev);
	if (infer_after(&parser->infer, &parser->modes, &found->ev))
		infer_begin(&parser->infer, found->ev.pid);
	if (is_x32(&found->ev, &parser->modes))
		return refuse_x32(parser, &found->ev);
	TRY(join_line(&parser->join, found, &refused));
	if (!refused)
		return S2S_OK;
	error = scan_error(s);
	return parser_malformed(parser, line, &error);
}

/* Reads a line without what is not strace's; *ret_read: it could be read. */
static enum s2s_status
read_clean(struct s2s_parser *parser, const struct s2s_line *line, struct scan *s,
	   struct strace_line *found, bool *ret_read)
{
	struct s2s_sv text = {s->begin, (size_t)(s->end - s->begin)}, clean;
	bool torn =
	    !*ret_read || (found->headless && memmem(text.p, text.n, " resumed>", 9)) ||
	    (parser->output.seen && output_blurs(&found->ev, parser->args, s->nargs));
	enum output_verdict verdict = output_take_out(
	    &parser->output, text, parser->limits.nesting, torn, &clean);

	switch (verdict) {
	case OUTPUT_NONE:
		return S2S_OK;
	case OUTPUT_ALL:
		found->ev.kind = S2S_EVENT_NOTE;
		found->ev.name = text;
		*ret_read = false;
		return saw_output(parser, line);
	case OUTPUT_PART:
	case OUTPUT_CUT:
		break;
	}
	scan_init(s, clean, parser->limits.nesting, parser->args);
	*ret_read = scan_line(s, NULL, found);
	found->ev.broken = verdict == OUTPUT_CUT;
	return saw_output(parser, line);
}

/* Reads what is sure of a line. */
static enum s2s_status
read_doubtful(struct s2s_parser *parser, const struct s2s_line *line,
	      struct s2s_sv sure, struct scan *s, struct strace_line *found)
{
	scan_init(s, sure, parser->limits.nesting, parser->args);
	scan_line(s, NULL, found);
	found->ev.broken = true;
	return saw_output(parser, line);
}

/* The table of -C says nothing that the log before it did not. */
static bool
is_table(struct s2s_parser *parser, struct s2s_sv line)
{
	struct s2s_event ev;

	if (!parser->table && !summary_begins(line))
		return false;
	switch (summary_line(&parser->summary, line, &ev)) {
	case SUMMARY_CALL:
	case SUMMARY_DECORATION:
		parser->table = true;
		parser->counts.notes++;
		return true;
	case SUMMARY_OTHER:
	case SUMMARY_MALFORMED:
		break;
	}
	parser->table = false;
	return false;
}

/* What --tips prints when all is over: a picture, whose lines begin with a blank. */
static bool
is_tip(struct s2s_parser *parser, struct s2s_sv line)
{
	if (sv_starts(line, SV("  ______________________________________________ ")))
		parser->tip = true;
	if (!parser->tip || sv_peek(line) != ' ')
		return false;
	parser->counts.notes++;
	return true;
}

/* What fails in front of any bracket, among calls, is most often the program's own:
   with -z its output comes before the call that explains it. */
static void
advise(const struct s2s_parser *parser, struct s2s_sv line,
       struct s2s_syntax_error *error)
{
	size_t n = error->column ? error->column - 1 : 0;

	if (error->id == S2S_DIAG_SYNTAX && parser->counts.calls > parser->before &&
	    !memchr(line.p, '(', n < line.n ? n : line.n))
		error->expected = "a line of strace; what the program writes is kept "
				  "out with strace -o";
}

/* With -d strace's child speaks before its exec, in pieces, and strace of each:
   sstrace: [wait(0x00857f) = 20489] WIFSTOPPED,sig=133
   tracestrace: [wait(0x00857f) = 20489] WIFSTOPPED,sig=133
   /usr/bin/strace: seccomp filter disabled
   Before the first call, and what has no bracket is none. */
static bool
is_debugging(struct s2s_parser *parser, struct s2s_sv line)
{
	struct s2s_sv behind;

	if (parser->counts.calls > parser->before)
		return false;
	if (sv_find(line, SV("strace: [wait(0x"), &behind))
		line.n = (size_t)(behind.p - line.p) - strlen("(0x");
	else if (!sv_ends(line, SV("seccomp filter disabled")))
		return false;
	if (memchr(line.p, '(', line.n))
		return false;
	parser->counts.notes++;
	return true;
}

static enum s2s_status
read_line(struct s2s_parser *parser, const struct s2s_line *line)
{
	struct s2s_sv text = line->text;
	uint64_t output = parser->counts.output;
	struct strace_line found;
	struct s2s_syntax_error error;
	struct scan s;
	bool read, joined;

	if (output_goes_on(&parser->output, &text))
		return saw_output(parser, line);
	if (text.n < line->text.n)
		TRY(saw_output(parser, line));
	joined = output_join_stub(&parser->output, &text);
	scan_init(&s, text, parser->limits.nesting, parser->args);
	read = scan_line(&s, joined ? NULL : &parser->memo, &found);
	if (read && text.n == line->text.n &&
	    infer_wants(&parser->infer, &parser->modes, &found.ev)) {
		parser->counts.held++;
		infer_hold(&parser->infer, line);
		infer_begin(&parser->infer, found.ev.pid);
		return S2S_OK;
	}
	if (!read && (is_table(parser, text) || is_tip(parser, text) ||
		      is_debugging(parser, text)))
		return S2S_OK;
	if (!read || output_suspects(&found, parser->args, s.nargs) ||
	    (parser->output.seen && output_blurs(&found.ev, parser->args, s.nargs)))
		TRY(read_clean(parser, line, &s, &found, &read));
	else if (parser->output.npending &&
		 output_doubts(&parser->output, &found, text, parser->limits.nesting,
			       &text))
		TRY(read_doubtful(parser, line, text, &s, &found));
	if (!read && parser->counts.output > output)
		return S2S_OK;
	if (!read && joined) /* not this line's beginning */
		return read_line(parser, line);
	if (!read) {
		error = scan_error(&s);
		advise(parser, text, &error);
		return parser_malformed(parser, line, &error);
	}
	infer_see(&parser->infer, &found.ev);
	output_see(&parser->output, &found, parser->args, s.nargs);
	return strace_event(parser, line, &found, &s);
}

static enum s2s_status
say_inferred(struct s2s_parser *parser, const struct s2s_line *line)
{
	struct s2s_place place = {line->file, line->number, 0};

	if (parser->infer.said)
		return S2S_OK;
	parser->infer.said = true;
	return s2s_diag_report(parser->diag, S2S_DIAG_INFERRED_MODE, place, line->text,
			       NULL);
}

/* Its calls tell nothing. Where its addresses do, that is said once an input. */
static enum s2s_status
keep_mode(struct s2s_parser *parser)
{
	struct infer *infer = &parser->infer;
	bool is_32 = modes_keep(&parser->modes, infer->pid);
	struct s2s_place place;

	if (is_32 || infer->doubted || !infer_doubts(infer, &place))
		return S2S_OK;
	infer->doubted = true;
	return s2s_diag_report(parser->diag, S2S_DIAG_UNSURE_MODE, place,
			       (struct s2s_sv){0}, NULL);
}

/* Lets lines go as far as their mode is known. */
static enum s2s_status
let_go(struct s2s_parser *parser, bool over)
{
	struct infer *infer = &parser->infer;
	const struct s2s_line *told;
	struct s2s_line line;

	for (;;) {
		if (infer->holding) {
			enum inferred mode =
			    infer_look(infer, parser->limits.nesting, over, &told);

			if (mode == INFER_WAIT)
				return S2S_OK;
			infer->holding = false;
			if (mode == INFER_32)
				TRY(say_inferred(parser, told));
			if (mode == INFER_NOTHING)
				TRY(keep_mode(parser));
			else
				modes_infer(&parser->modes, infer->pid,
					    mode == INFER_32);
		}
		if (!infer_next(infer, &line))
			return S2S_OK;
		TRY(read_line(parser, &line));
		infer->leaving = false;
	}
}

enum s2s_status
parser_log_line(struct s2s_parser *parser, const struct s2s_line *line)
{
	if (!parser->infer.holding)
		return read_line(parser, line);
	parser->counts.held++;
	infer_hold(&parser->infer, line);
	return let_go(parser, false);
}

enum s2s_status
parser_log_end(struct s2s_parser *parser)
{
	TRY(let_go(parser, true));
	infer_end(&parser->infer);
	return join_end(&parser->join);
}
