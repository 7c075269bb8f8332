/* SPDX-License-Identifier: MIT */
/* Diagnostics: what is wrong with an input, and where. Each has a name that messages,
   tests and manual share (data/diag.tbl). */
#pragma once

#include "base/attr.h"
#include "base/log.h"
#include "base/sv.h"

#include <stdint.h>

/* A place in an input. file is NUL-terminated, lives as long as the trace and is shown
   escaped; line and column count from 1, column in bytes; 0: not known. */
struct s2s_place {
	const char *file;
	uint64_t line;
	uint32_t column;
};

enum s2s_diag_id {
#define X(id, name, level, text) S2S_DIAG_##id,
#include "diag.inc"
#undef X
	S2S_DIAGS
};

struct s2s_diag {
	const struct s2s_log *log;
	enum s2s_tolerance tolerance;
	uint64_t seen[S2S_DIAGS]; /* how often each came */
	uint64_t errors;          /* malformed places, skipped ones included */
	uint64_t warnings;
};

/* In the order of files' names, lines, columns; what is not known comes last. */
bool s2s_place_is_before(const struct s2s_place *a, const struct s2s_place *b);

const char *s2s_diag_name(enum s2s_diag_id id);
enum s2s_log_level s2s_diag_level(enum s2s_diag_id id);

/* Whether the next of that kind is shown, not only counted. */
bool s2s_diag_shows(const struct s2s_diag *diag, enum s2s_diag_id id);

/* Reports a diagnostic at a place, with the line and a mark under the column where
   `line` is not empty. The text is fmt (NULL: that of data/diag.tbl). Text from the
   input goes in by "%.*s" only through s2s_escape().
   An error returns S2S_SYNTAX under S2S_FIRST_ERROR, else S2S_OK: the caller skips
   the line and goes on. A warning always returns S2S_OK. Under S2S_LENIENT an error is
   shown as a warning. After 20 of one kind the rest is only counted, except under
   S2S_ALL_ERRORS. */
enum s2s_status s2s_diag_report(struct s2s_diag *diag, enum s2s_diag_id id,
				struct s2s_place place, struct s2s_sv line,
				const char *fmt, ...) S2S_PRINTF(5, 6);

/* At the end of input: says what was only counted; S2S_SYNTAX where there were errors
   and the tolerance is not lenient. */
enum s2s_status s2s_diag_end(struct s2s_diag *diag);
