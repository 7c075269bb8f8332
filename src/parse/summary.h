/* SPDX-License-Identifier: MIT */
/* Tables of strace -c: names and counts, no arguments. */
#pragma once

#include "parse/scan.h"

enum { SUMMARY_COLUMNS = 16 };

struct summary {
	bool open;          /* between a heading and the total */
	struct s2s_sv arch; /* of this table; empty: not told */
	size_t ncolumns;
	uint8_t column[SUMMARY_COLUMNS];
};

/* "% time     seconds  usecs/call     calls    errors syscall", in any order. */
bool summary_begins(struct s2s_sv line);

enum summary_line {
	SUMMARY_CALL,
	SUMMARY_DECORATION,
	SUMMARY_OTHER,
	SUMMARY_MALFORMED
};
/* A call: *ret. Other: no line of a table. */
enum summary_line summary_line(struct summary *summary, struct s2s_sv line,
			       struct s2s_event *ret);
