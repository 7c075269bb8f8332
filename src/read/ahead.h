/* SPDX-License-Identifier: MIT */
/* Reads ahead in threads of its own, and has the lines prepared there. Hands out blocks
   in the order of the input. */
#pragma once

#include "read/read.h"

#include <sys/types.h>

struct read_block {
	char *buf; /* heap, S2S_READ_AHEAD bytes more than cap; may be exchanged */
	size_t cap;
	ssize_t n;      /* bytes; 0: the end, -1: error */
	void *prepared; /* heap; of the whole lines that the block is, else NULL */
	int error;      /* errno */
};

struct read_ahead;

/* NULL where no thread can be had. */
struct read_ahead *read_ahead_new(int fd, unsigned threads, struct s2s_line_sink sink);
/* Valid until the next call. After the end or an error there is none. */
struct read_block *read_ahead_next(struct read_ahead *ahead);
void read_ahead_free(struct read_ahead *ahead);
