/* SPDX-License-Identifier: MIT */
/* Messages: the library formats, a callback (s2s.h) decides where they go. */
#pragma once

#include "base/attr.h"
#include "s2s.h"

/* Puts the level in front: fmt is what follows "error: ". A message about a place in an
   input is a diagnostic (diag.h). */
void s2s_log_write(const struct s2s_log *log, enum s2s_log_level level, const char *fmt,
		   ...) S2S_PRINTF(3, 4);

/* Tests the level before it formats. log may be NULL. */
#define s2s_log(log, lvl, ...)                                   \
	do {                                                     \
		const struct s2s_log *log_ = (log);              \
		if (log_ && (lvl) >= log_->level)                \
			s2s_log_write(log_, (lvl), __VA_ARGS__); \
	} while (0)
