/* SPDX-License-Identifier: MIT */
#pragma once

#include "parse/parse.h"

/* Every event of a log file. False where it cannot be read or has malformed lines. */
bool parse_log(const char *path, struct s2s_diag *diag, struct s2s_event_sink sink);

/* A line without the numbers that -X verbose prints in front of symbols, into a buffer
   of at least as many bytes. */
size_t strip_line(const char *line, size_t n, char *ret);
