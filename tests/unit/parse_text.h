/* SPDX-License-Identifier: MIT */
/* Feeds a text to a parser, line by line, and writes down what comes out. */
#pragma once

#include "parse/parse.h"
#include "show_event.h"

struct parse_text {
	struct s2s_out out; /* events, one a line, and messages after "! " */
	enum s2s_status status;
	struct s2s_parse_counts counts;
	enum s2s_input_kind kind;
	struct s2s_diag diag;
};

static inline enum s2s_status
parse_text_event(void *self, const struct s2s_event *ev)
{
	struct parse_text *t = self;

	show_event(&t->out, ev);
	s2s_out_char(&t->out, '\n');
	return S2S_OK;
}

static inline enum s2s_status
parse_text_end(void *self)
{
	struct parse_text *t = self;

	s2s_out_str(&t->out, "end\n");
	return S2S_OK;
}

/* The first line of the message only. */
static inline void
parse_text_log(void *self, enum s2s_log_level level, const char *text)
{
	struct parse_text *t = self;

	(void)level;
	s2s_out_str(&t->out, "! ");
	s2s_out_bytes(&t->out, text, strcspn(text, "\n"));
	s2s_out_char(&t->out, '\n');
}

static inline enum s2s_status
parse_text_lines(struct s2s_line_sink sink, const char *text)
{
	struct s2s_line line = {.file = "t"};

	while (*text) {
		size_t n = strcspn(text, "\n");

		line.text = (struct s2s_sv){text, n};
		line.number++;
		line.cut = text[n] == '\0';
		TRY(sink.event(sink.self, &line));
		text += n + !line.cut;
	}
	return sink.end(sink.self);
}

/* One input after the other. NUL-terminated in t->out; s2s_out_done() it. */
static inline void
parse_texts(struct parse_text *t, const char *const *texts, size_t n,
	    enum s2s_tolerance tolerance, const struct s2s_limits *limits)
{
	struct s2s_log log = {S2S_LOG_WARNING, parse_text_log, t};
	struct s2s_event_sink sink = {parse_text_event, parse_text_end, t};
	struct s2s_atoms atoms = {0};
	struct s2s_parser *parser;

	*t = (struct parse_text){.diag = {.log = &log, .tolerance = tolerance}};
	s2s_out_memory(&t->out);
	parser = s2s_parser_new(&t->diag, limits, &atoms, sink);
	for (size_t i = 0; i < n && t->status == S2S_OK; i++)
		t->status = parse_text_lines(s2s_parser_sink(parser), texts[i]);
	t->counts = *s2s_parser_counts(parser);
	t->kind = s2s_parser_kind(parser);
	t->diag.log = NULL;
	s2s_parser_free(parser);
	s2s_atoms_done(&atoms);
	s2s_out_char(&t->out, '\0');
}

static inline void
parse_text(struct parse_text *t, const char *text, enum s2s_tolerance tolerance,
	   const struct s2s_limits *limits)
{
	parse_texts(t, &text, 1, tolerance, limits);
}
