/* SPDX-License-Identifier: MIT */
/* Recognises what an input is and hands each line to the parser of that kind. */
#include "parse/parser.h"
#include "parse/refuse.h"

#include <stdlib.h>

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

void
s2s_parser_named(struct s2s_parser *parser, int64_t pid)
{
	parser->modes.named = pid < 0 ? 0 : pid;
}

const struct s2s_parse_counts *
s2s_parser_counts(const struct s2s_parser *parser)
{
	return &parser->counts;
}

const char *
s2s_parser_seems(const struct s2s_parser *parser, uint64_t *ret_line)
{
	static const char *const names[] = {
#define X(id, name, help) [S2S_INPUT_##id] = (name),
	    S2S_INPUT_KINDS(X)
#undef X
	};

	*ret_line = parser->first;
	return parser->forced && parser->seems != parser->forced ? names[parser->seems]
								 : NULL;
}

enum s2s_input_kind
s2s_parser_kind(const struct s2s_parser *parser)
{
	return parser->kind;
}

enum s2s_status
parser_malformed(struct s2s_parser *parser, const struct s2s_line *line,
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

static enum s2s_status
refuse_binary(struct s2s_parser *parser, struct s2s_place place, const char *unpacker)
{
	parser->binary = true;
	parser->counts.skipped++;
	if (!unpacker)
		return s2s_diag_report(parser->diag, S2S_DIAG_BINARY, place, SV(""),
				       NULL);
	return s2s_diag_report(parser->diag, S2S_DIAG_BINARY, place, SV(""),
			       "this is not plain text: %s FILE | strace2seccomp "
			       "... -",
			       unpacker);
}

/* By the first line that is not blank. */
static enum s2s_status
recognise(struct s2s_parser *parser, const struct s2s_line *line)
{
	struct s2s_place place = {line->file, line->number, 0};
	const char *unpacker = refuse_unpacker(line->text), *recorder;

	parser->recognised = true;
	parser->kind = S2S_INPUT_UNKNOWN;
	parser->before = parser->counts.calls;
	parser->first = line->number;
	if (unpacker || (parser->forced != S2S_INPUT_AUDIT &&
			 !audit_begins(line->text) && is_binary(line->text)))
		return refuse_binary(parser, place, unpacker);
	recorder = parser->forced ? NULL : refuse_recorder(line->text);
	if (recorder) {
		parser->binary = true;
		parser->counts.skipped++;
		return s2s_diag_report(parser->diag, S2S_DIAG_OTHER_RECORDER, place,
				       line->text,
				       "this is the output of %s, which is not read: "
				       "use strace",
				       recorder);
	}
	parser->seems = kind_of(line->text);
	parser->kind = parser->forced ? parser->forced : parser->seems;
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
		return parser_malformed(parser, line, &error);
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
	return parser_malformed(parser, line, &error);
}

static enum s2s_status
audit_event(struct s2s_parser *parser, const struct s2s_line *line)
{
	struct s2s_syntax_error error;
	struct strace_line found;
	struct scan s;
	struct s2s_place place;
	struct s2s_event ev;

	switch (audit_line(&parser->audit, line->text, parser->args, &ev, &error)) {
	case AUDIT_CALL:
		return hand_on(parser, line, &ev);
	case AUDIT_GAP:
		if (!parser->audit.gap) {
			place = (struct s2s_place){line->file, line->number, 0};
			parser->audit.gap = true;
			TRY(s2s_diag_report(parser->diag, S2S_DIAG_GAP, place,
					    line->text, NULL));
		}
		parser->counts.notes++;
		return S2S_OK;
	case AUDIT_OTHER:
		scan_init(&s, line->text, parser->limits.nesting, parser->args);
		if (parser->forced || !scan_line(&s, NULL, &found) ||
		    !s2s_event_is_call(&found.ev)) {
			parser->counts.notes++;
			return S2S_OK;
		}
		error = (struct s2s_syntax_error){
		    1, "a record, not a line of strace: a file each", S2S_DIAG_SYNTAX};
		break;
	case AUDIT_MALFORMED:
		break;
	}
	return parser_malformed(parser, line, &error);
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
	plain = *line;
	if (!parser->recognised) {
		sv_eat(&plain.text, SV("\xef\xbb\xbf")); /* a mark of UTF-8 */
		TRY(recognise(parser, &plain));
	}
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
	    parser->counts.calls == parser->before && summary_begins(plain.text))
		parser->kind = S2S_INPUT_SUMMARY;
	switch (parser->kind) {
	case S2S_INPUT_PROFILE:
		return profile_event(parser, &plain);
	case S2S_INPUT_SUMMARY:
		return summary_event(parser, &plain);
	case S2S_INPUT_AUDIT:
		return audit_event(parser, &plain);
	case S2S_INPUT_STRACE:
	case S2S_INPUT_UNKNOWN:
		break;
	}
	colours_take_out(&parser->colours, plain.text, &plain.text);
	return parser_log_line(parser, &plain);
}

static enum s2s_status
line_end(void *self)
{
	struct s2s_parser *parser = self;

	TRY(parser_log_end(parser));
	modes_end(&parser->modes);
	parser->colours.seen = false;
	output_clear(&parser->output);
	parser->summary = (struct summary){0};
	parser->argless = parser->audit.gap = false;
	parser->recognised = parser->binary = parser->table = parser->tip = false;
	return parser->next.end(parser->next.self);
}

struct s2s_line_sink
s2s_parser_sink(struct s2s_parser *parser)
{
	return (struct s2s_line_sink){line_event, line_end, parser, NULL};
}
