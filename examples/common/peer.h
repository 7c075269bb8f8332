/* SPDX-License-Identifier: MIT */
/* A connection as the child that serves it sees it: reads and writes that end, whatever
   the client does. Needs poll, read and write, and the clock. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct peer {
	int conn;     /* does not block */
	int lifeline; /* a pipe whose other end the server alone holds: it ends with it
		       */
	int64_t
	    idle; /* ms that the client may let pass without taking or giving a byte */
	int64_t end; /* when it is over in any case, on the clock of now_ms() */
};

int64_t now_ms(void);

/* As read(), but waits. -1 with ETIMEDOUT: the client is too slow; with ECANCELED: the
   server has ended. */
ssize_t peer_read(const struct peer *p, void *to, size_t room);

/* Writes all of it, or fails as above. */
bool peer_write(const struct peer *p, const void *from, size_t n);
