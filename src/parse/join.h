/* SPDX-License-Identifier: MIT */
/* Puts "<unfinished ...>" together with its "resumed" line. Knows processes, not what
   the calls mean. */
#pragma once

#include "parse/halves.h"
#include "parse/scan.h"

struct join {
	struct s2s_diag *diag;
	struct s2s_limits limits;
	struct s2s_parse_counts *counts;
	struct s2s_event_sink next;

	struct halves halves;
	int64_t elsewhere; /* pid (or -1: not told) whose execve began in another log */
	bool shared;       /* the program writes into the log, too */
};

void join_init(struct join *join, struct s2s_diag *diag,
	       const struct s2s_limits *limits, struct s2s_parse_counts *counts,
	       struct s2s_event_sink next);
/* *ret_refused where a line without a beginning follows no line that was broken. */
enum s2s_status join_line(struct join *join, const struct strace_line *found,
			  bool *ret_refused);
/* Calls that are of no interest here came since the last line. */
void join_passed(struct join *join);
/* parse.h has what these are for. */
bool join_begun(const struct join *join, uint64_t line, struct s2s_begin *ret);
bool join_begin(struct join *join, const struct s2s_line *line,
		const struct s2s_begin *begin);
/* The input is over: hands on what never was resumed. */
enum s2s_status join_end(struct join *join);
void join_done(struct join *join);
