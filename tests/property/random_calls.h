/* SPDX-License-Identifier: MIT */
/* Random calls as bind would make them, over the real tables. */
#pragma once

#include "kernel/call.h"

uint64_t random_next(uint64_t *seed);
/* From 0 to n - 1. */
uint64_t random_below(uint64_t *seed, uint64_t n);

enum { RANDOM_CALLS_MAX = 64 };

struct random_calls {
	struct s2s_call call[RANDOM_CALLS_MAX];
	unsigned run[RANDOM_CALLS_MAX]; /* ascending */
	size_t n;
};

/* Calls of a few system calls, so that their arguments meet. The first may be marked
   as the launcher's. is_mixed: of several architectures. */
void random_calls(uint64_t *seed, bool is_mixed, struct random_calls *ret);
