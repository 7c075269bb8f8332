/* SPDX-License-Identifier: MIT */
/* Recognises what an input is and hands each line to the parser of that kind. */
#include "parse/parse.h"

#include "parse/audit.h"
#include "parse/colour.h"
#include "parse/infer.h"
#include "parse/join.h"
#include "parse/memo.h"
#include "parse/mode.h"
#include "parse/output.h"
#include "parse/profile.h"
#include "parse/scan.h"
#include "parse/summary.h"

#include <stdlib.h>

struct s2s_parser {
	struct s2s_diag *diag;
	struct s2s_limits limits;
	struct s2s_parse_counts counts;
	struct s2s_event_sink next;
	enum s2s_input_kind kind;
	enum s2s_input_kind forced;
	bool recognised; /* this input's kind is known */
	bool argless;    /* this input tells no arguments, and that was said */
	uint64_t before; /* calls when it began */
	bool binary;     /* nothing more of this input is read */
	bool table;      /* a log's own summary (-C) has begun */
	struct join join;
	struct memo memo;
	struct modes modes;
	struct infer infer;
	struct colours colours;
	struct output output;
	struct summary summary;
	struct audit audit;
	struct profile profile;
	struct s2s_arg_text args[SCAN_ARGS_MAX];
};

struct s2s_parser *
s2s_parser_new(struct s2s_diag *diag, const struct s2s_limits *limits,
	       struct s2s_atoms *atoms, struct s2s_event_sink next)
{
	struct s2s_parser *parser = s2s_realloc(NULL, 1, sizeof *parser);

	*parser = (struct s2s_parser){
	    .diag = diag,
	    .limits = limits ? *limits : s2s_limits_default,
	    .next = next,
	    .profile = {.atoms = atoms},
	};
	if (!parser->limits.nesting)
		parser->limits.nesting = s2s_limits_default.nesting;
	if (!parser->limits.pending)
		parser->limits.pending = s2s_limits_default.pending;
	if (!parser->limits.pending_text)
		parser->limits.pending_text = s2s_limits_default.pending_text;
	join_init(&parser->join, diag, &parser->limits, &parser->counts, next);
	return parser;
}

void
s2s_parser_free(struct s2s_parser *parser)
{
	if (!parser)
		return;
	join_done(&parser->join);
	memo_done(&parser->memo);
	modes_done(&parser->modes);
	infer_done(&parser->infer);
	colours_done(&parser->colours);
	output_done(&parser->output);
	free(parser);
}

const struct s2s_parse_counts *
s2s_parser_counts(const struct s2s_parser *parser)
{
	return &parser->counts;
}

enum s2s_input_kind
s2s_parser_kind(const struct s2s_parser *parser)
{
	return parser->kind;
}

const uint32_t *
s2s_parser_waiting(const struct s2s_parser *parser)
{
	bool is_log = parser->recognised && parser->kind == S2S_INPUT_STRACE;
	bool is_shared = parser->output.seen || parser->output.goes_on ||
			 parser->output.npending > 0;

	return is_log && !is_shared && !parser->modes.told && !parser->infer.holding
		   ? parser->join.halves.waiting_pids
		   : NULL;
}

void
s2s_parser_passed(struct s2s_parser *parser, uint64_t lines, bool any_pid)
{
	output_passed(&parser->output, any_pid);
	parser->counts.lines += lines;
	parser->counts.calls += lines;
	join_passed(&parser->join);
}

bool
s2s_parser_begun(const struct s2s_parser *parser, uint64_t line, struct s2s_begin *ret)
{
	return join_begun(&parser->join, line, ret);
}

void
s2s_parser_tag(struct s2s_parser *parser, uint32_t tag)
{
	struct halves *halves = &parser->join.halves;

	halves->all[halves->last].tag = tag;
}

bool
s2s_parser_begin(struct s2s_parser *parser, const struct s2s_line *line,
		 const struct s2s_begin *begin)
{
	if (!join_begin(&parser->join, line, begin))
		return false;
	output_passed(&parser->output, true);
	parser->counts.lines++;
	return true;
}

uint32_t
s2s_parser_waits(const struct s2s_parser *parser, int64_t pid, uint64_t *ret_line)
{
	const struct halves *halves = &parser->join.halves;
	int64_t slot = halves_find(halves, pid);

	if (slot == NO_SLOT)
		return 0;
	*ret_line = halves->all[slot].ev.place.line;
	return halves->all[slot].tag;
}

void
s2s_parser_finish(struct s2s_parser *parser, int64_t pid)
{
	struct halves *halves = &parser->join.halves;

	halves_close(halves, halves_find(halves, pid));
	parser->counts.joined++;
	s2s_parser_passed(parser, 1, true);
}

void
s2s_parser_told(struct s2s_parser *parser, bool of_end, bool has_pid)
{
	output_passed(&parser->output, has_pid);
	join_passed(&parser->join);
	parser->counts.lines++;
	parser->counts.signals += !of_end;
	parser->counts.exits += of_end;
}

static enum s2s_status
malformed(struct s2s_parser *parser, const struct s2s_line *line,
	  const struct s2s_syntax_error *error)
{
	struct s2s_place place = {line->file, line->number, error->column};
	enum s2s_diag_id id = error->id;

	if ((id == S2S_DIAG_SYNTAX || id == S2S_DIAG_PROFILE) && line->cut)
		id = S2S_DIAG_TRUNCATED;
	parser->counts.skipped++;
	if (!error->expected || id == S2S_DIAG_TRUNCATED)
		return s2s_diag_report(parser->diag, id, place, line->text, NULL);
	return s2s_diag_report(parser->diag, id, place, line->text, "expected %s",
			       error->expected);
}

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
	modes_see(&parser->modes, &found->ev);
	if (infer_after(&parser->infer, &parser->modes, &found->ev))
		infer_begin(&parser->infer, found->ev.pid);
	if (is_x32(&found->ev, &parser->modes))
		return refuse_x32(parser, &found->ev);
	TRY(join_line(&parser->join, found, &refused));
	if (!refused)
		return S2S_OK;
	error = scan_error(s);
	return malformed(parser, line, &error);
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

static enum s2s_status
read_line(struct s2s_parser *parser, const struct s2s_line *line)
{
	struct s2s_sv text = line->text;
	uint64_t output = parser->counts.output;
	struct strace_line found;
	struct s2s_syntax_error error;
	struct scan s;
	bool read;

	if (output_goes_on(&parser->output, &text))
		return saw_output(parser, line);
	if (text.n < line->text.n)
		TRY(saw_output(parser, line));
	scan_init(&s, text, parser->limits.nesting, parser->args);
	read = scan_line(&s, &parser->memo, &found);
	if (read && text.n == line->text.n &&
	    infer_wants(&parser->infer, &parser->modes, &found.ev)) {
		parser->counts.held++;
		infer_hold(&parser->infer, line);
		infer_begin(&parser->infer, found.ev.pid);
		return S2S_OK;
	}
	if (!read && is_table(parser, text))
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
	if (!read) {
		error = scan_error(&s);
		return malformed(parser, line, &error);
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
				modes_keep(&parser->modes, infer->pid);
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

static enum s2s_status
strace_line(struct s2s_parser *parser, const struct s2s_line *line)
{
	if (!parser->infer.holding)
		return read_line(parser, line);
	parser->counts.held++;
	infer_hold(&parser->infer, line);
	return let_go(parser, false);
}

static bool
is_blank(struct s2s_sv text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != ' ' && text.p[i] != '\t' && text.p[i] != '\r')
			return false;
	return true;
}

/* Neither strace nor we ever write such bytes. */
static bool
is_binary(struct s2s_sv text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < ' ' &&
		    !scan_among(text.p[i], SV("\t\r\033\a\b\f\v")))
			return true;
	return false;
}

void
s2s_parser_infer(struct s2s_parser *parser, s2s_tell_fn *tell)
{
	parser->infer.tell = tell;
}

void
s2s_parser_force(struct s2s_parser *parser, enum s2s_input_kind kind)
{
	parser->forced = kind;
}

static enum s2s_input_kind
kind_of(struct s2s_sv line)
{
	if (profile_begins(line))
		return S2S_INPUT_PROFILE;
	if (summary_begins(line))
		return S2S_INPUT_SUMMARY;
	return audit_begins(line) ? S2S_INPUT_AUDIT : S2S_INPUT_STRACE;
}

/* By the first line that is not blank. */
static enum s2s_status
recognise(struct s2s_parser *parser, const struct s2s_line *line)
{
	struct s2s_place place = {line->file, line->number, 0};

	parser->recognised = true;
	parser->kind = S2S_INPUT_UNKNOWN;
	parser->before = parser->counts.calls;
	if (parser->forced != S2S_INPUT_AUDIT && !audit_begins(line->text) &&
	    is_binary(line->text)) {
		parser->binary = true;
		parser->counts.skipped++;
		return s2s_diag_report(parser->diag, S2S_DIAG_BINARY, place,
				       (struct s2s_sv){0}, NULL);
	}
	parser->kind = parser->forced ? parser->forced : kind_of(line->text);
	return S2S_OK;
}

static enum s2s_status
profile_event(struct s2s_parser *parser, const struct s2s_line *line)
{
	struct s2s_syntax_error error;
	struct s2s_event ev;

	if (profile_is_comment(line->text)) {
		parser->counts.notes++;
		return S2S_OK;
	}
	if (!profile_line(&parser->profile, line->text, &parser->limits, parser->args,
			  &ev, &error))
		return malformed(parser, line, &error);
	ev.place.file = line->file;
	ev.place.line = line->number;
	parser->counts.calls++;
	return parser->next.event(parser->next.self, &ev);
}

/* Calls without a single argument: said once an input. */
static enum s2s_status
hand_on(struct s2s_parser *parser, const struct s2s_line *line, struct s2s_event *ev)
{
	ev->place.file = line->file;
	ev->place.line = line->number;
	if (ev->nargs == 0 && !parser->argless) {
		parser->argless = true;
		TRY(s2s_diag_report(parser->diag, S2S_DIAG_NO_ARGUMENTS, ev->place,
				    ev->line, NULL));
	}
	parser->counts.calls++;
	return parser->next.event(parser->next.self, ev);
}

/* strace started the program: of its execs the first was not its own. */
static enum s2s_status
summary_call(struct s2s_parser *parser, const struct s2s_line *line,
	     struct s2s_event *ev)
{
	if (sv_equal(ev->name, SV("execve"))) {
		struct s2s_event first = *ev;

		first.launcher = true;
		first.count = 1;
		TRY(hand_on(parser, line, &first));
		if (--ev->count == 0)
			return S2S_OK;
	}
	return hand_on(parser, line, ev);
}

static enum s2s_status
summary_event(struct s2s_parser *parser, const struct s2s_line *line)
{
	struct s2s_syntax_error error = {1, "a row of a summary", S2S_DIAG_SYNTAX};
	struct s2s_event ev;

	switch (summary_line(&parser->summary, line->text, &ev)) {
	case SUMMARY_CALL:
		return summary_call(parser, line, &ev);
	case SUMMARY_DECORATION:
		parser->counts.notes++;
		return S2S_OK;
	case SUMMARY_OTHER:
		if (sv_starts(line->text, SV("strace: "))) {
			parser->counts.notes++;
			return S2S_OK;
		}
		if (parser->forced == S2S_INPUT_SUMMARY) { /* the program's own */
			parser->counts.output++;
			return S2S_OK;
		}
		break;
	case SUMMARY_MALFORMED:
		break;
	}
	return malformed(parser, line, &error);
}

static enum s2s_status
audit_event(struct s2s_parser *parser, const struct s2s_line *line)
{
	struct s2s_syntax_error error;
	struct s2s_event ev;

	switch (audit_line(&parser->audit, line->text, parser->args, &ev, &error)) {
	case AUDIT_CALL:
		return hand_on(parser, line, &ev);
	case AUDIT_OTHER:
		parser->counts.notes++;
		return S2S_OK;
	case AUDIT_MALFORMED:
		break;
	}
	return malformed(parser, line, &error);
}

static enum s2s_status
line_event(void *self, const struct s2s_line *line)
{
	struct s2s_parser *parser = self;
	struct s2s_line plain;

	parser->counts.lines++;
	if (parser->binary)
		return S2S_OK;
	if (is_blank(line->text) && !line->too_long && !parser->output.goes_on) {
		parser->counts.blank++;
		return S2S_OK;
	}
	if (!parser->recognised)
		TRY(recognise(parser, line));
	if (parser->binary)
		return S2S_OK;
	if (line->too_long) {
		parser->counts.skipped++;
		return s2s_diag_report(parser->diag, S2S_DIAG_LINE_TOO_LONG,
				       (struct s2s_place){line->file, line->number, 0},
				       line->text, NULL);
	}
	/* strace -c says other things before its table */
	if (parser->kind == S2S_INPUT_STRACE && !parser->forced &&
	    parser->counts.calls == parser->before && summary_begins(line->text))
		parser->kind = S2S_INPUT_SUMMARY;
	switch (parser->kind) {
	case S2S_INPUT_PROFILE:
		return profile_event(parser, line);
	case S2S_INPUT_SUMMARY:
		return summary_event(parser, line);
	case S2S_INPUT_AUDIT:
		return audit_event(parser, line);
	case S2S_INPUT_STRACE:
	case S2S_INPUT_UNKNOWN:
		break;
	}
	plain = *line;
	colours_take_out(&parser->colours, line->text, &plain.text);
	return strace_line(parser, &plain);
}

static enum s2s_status
line_end(void *self)
{
	struct s2s_parser *parser = self;

	TRY(let_go(parser, true));
	infer_end(&parser->infer);
	TRY(join_end(&parser->join));
	modes_done(&parser->modes);
	parser->colours.seen = false;
	output_clear(&parser->output);
	parser->summary = (struct summary){0};
	parser->argless = false;
	parser->recognised = parser->binary = parser->table = false;
	return parser->next.end(parser->next.self);
}

struct s2s_line_sink
s2s_parser_sink(struct s2s_parser *parser)
{
	return (struct s2s_line_sink){line_event, line_end, parser, NULL};
}
