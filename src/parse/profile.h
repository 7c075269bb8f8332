/* SPDX-License-Identifier: MIT */
/* Reads our own profiles: one distinct call a line. src/format/profile.c writes them.
 */
#pragma once

#include "base/map.h"
#include "parse/scan.h"

struct profile {
	struct s2s_atoms *atoms; /* owns the names of files */
};

bool profile_begins(struct s2s_sv line);
/* Comments and headings, but for one of another version. */
bool profile_is_comment(struct s2s_sv line);
bool profile_line(struct profile *profile, struct s2s_sv line,
		  const struct s2s_limits *limits, struct s2s_arg_text *args,
		  struct s2s_event *ret, struct s2s_syntax_error *ret_error);
