/* SPDX-License-Identifier: MIT */
/* What the parser of all kinds of input consists of. */
#pragma once

#include "parse/audit.h"
#include "parse/colour.h"
#include "parse/infer.h"
#include "parse/join.h"
#include "parse/memo.h"
#include "parse/mode.h"
#include "parse/output.h"
#include "parse/parse.h"
#include "parse/profile.h"
#include "parse/scan.h"
#include "parse/summary.h"

struct s2s_parser {
	struct s2s_diag *diag;
	struct s2s_limits limits;
	struct s2s_parse_counts counts;
	struct s2s_event_sink next;
	enum s2s_input_kind kind;
	enum s2s_input_kind forced;
	enum s2s_input_kind seems; /* by its first line that is not blank */
	uint64_t first;            /* the number of that */
	bool recognised;           /* this input's kind is known */
	bool argless;    /* this input tells no arguments, and that was said */
	uint64_t before; /* calls when it began */
	bool binary;     /* nothing more of this input is read */
	bool table;      /* a log's own summary (-C) has begun */
	bool tip;        /* what --tips prints has begun */
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

/* Counts the line and says what was expected there. */
enum s2s_status parser_malformed(struct s2s_parser *parser, const struct s2s_line *line,
				 const struct s2s_syntax_error *error);

/* A line of strace's log, and the end of one. */
enum s2s_status parser_log_line(struct s2s_parser *parser, const struct s2s_line *line);
enum s2s_status parser_log_end(struct s2s_parser *parser);
