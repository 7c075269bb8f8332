/* SPDX-License-Identifier: MIT */
/* One call's output in a text. Inside of output.c, takeout.c, doubt.c
   and spill.c only. */
#pragma once

#include "parse/output.h"

/* What the call whose text begins with its name writes, or children that it waits for
   where no process is told (pid -1): false where that is nothing. *ret_behind is where
   the text of its output ends in the call. */
bool spill_of(struct s2s_sv call, int64_t pid, struct spill *ret, size_t *ret_behind);

struct taken {
	size_t n;      /* bytes of the text */
	size_t known;  /* of what is known of the output */
	uint64_t left; /* bytes that come in the next line */
};

/* Whether the text can begin with the output. A line ends where the output has a
   newline; a terminal puts a return before it. */
bool spill_take(const struct spill *spill, struct s2s_sv text, struct taken *ret);

/* What is left of an output comes in the lines that follow. */
void output_keep_rest(struct output *output, const struct spill *spill,
		      const struct taken *taken);

/* Three pieces in the buffer of `output`, one behind the other. */
struct s2s_sv takeout_put(struct output *output, struct s2s_sv a, struct s2s_sv b,
			  struct s2s_sv c);
/* Whether a text is a line of strace, or where it may be, the rest of one. */
bool takeout_reads_well(struct s2s_sv text, unsigned nesting, bool may_be_rest);
/* ") = 3" at the end of the text, wherever behind `from` it begins: *ret. */
bool takeout_outcome(struct s2s_sv text, size_t from, size_t *ret);
extern const struct s2s_sv takeout_unfinished;
enum { TAKEOUT_TRIES = 64 };
