/* SPDX-License-Identifier: MIT */
/* Who has begun and not ended in a log of `strace -f -o`: whether its end is missing.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { LIVING_HEAD = 64, LIVING_WORDS = (1 << 22) / 64 }; /* bytes; PID_MAX_LIMIT */

struct record_living {
	char head[LIVING_HEAD]; /* of the line that is not over */
	size_t n;       /* its bytes, those that head has no room for included */
	uint64_t calls; /* that began */
	uint64_t bit[LIVING_WORDS]; /* by thread */
};

/* Takes the next piece of the log. Begins as zeroes. */
void record_living_feed(struct record_living *living, const char *p, size_t n);
/* The first of them with a number above that; 0: none. */
pid_t record_living_next(const struct record_living *living, pid_t after);
/* Threads of which no end was told. */
size_t record_living_count(const struct record_living *living);
