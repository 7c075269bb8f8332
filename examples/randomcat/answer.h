/* SPDX-License-Identifier: MIT */
/* The answer to one request. Needs openat, fstat, getdents64, read, write, poll, close
   and shutdown; no memory but the stack's. */
#pragma once

#include <stdint.h>

#include "../common/peer.h"

/* An image out of the folder, by chance; or what its absence deserves. */
struct image {
	int fd; /* negative: there is none */
	int64_t size;
	const char *type;
};

struct image choose_image(int folder, uint64_t chance);

/* Reads a request and answers it. */
void answer(struct peer *p, int folder, uint64_t chance, int64_t session);
