/* SPDX-License-Identifier: MIT */
/* Calls that were parsed before: most lines of a log repeat one that came shortly
   before, but for what stands in front of the call and the time at its end. */
#pragma once

#include "parse/scan.h"

struct memo {
	struct memo_call
	    *calls;     /* a table that forgets: a slot holds the last of its calls */
	uint32_t *kept; /* the hashes of these */
	uint32_t *seen; /* a call is kept when it comes for the second time */
	uint32_t hash;  /* of the line that memo_find() did not find */
	uint64_t last_id;
};

/* The cursor is where a call may begin. True: it and *ret are as after scan_call(). */
bool memo_find(struct memo *memo, struct scan *s, struct strace_line *ret);
/* What scan_call() made of the text from `from` to the end of the line. */
void memo_keep(struct memo *memo, const struct scan *s, const char *from,
	       struct strace_line *call);
void memo_done(struct memo *memo);
