/* SPDX-License-Identifier: MIT */
#include "peer.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

enum { STEP_MS = 250 };

int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* For poll(), in steps: nobody needs these timeouts to be exact, and a trace with few
   distinct calls makes a profile that can be read. */
static int
timeout(int64_t ms)
{
	return ms > 0 ? (int)((ms + STEP_MS - 1) / STEP_MS * STEP_MS) : 0;
}

static bool
wait_for(const struct peer *p, short events)
{
	const int64_t idle_end = now_ms() + p->idle;
	const int64_t end = p->end < idle_end ? p->end : idle_end;

	for (;;) {
		struct pollfd fds[] = {{.fd = p->conn, .events = events},
				       {.fd = p->lifeline}};
		const int64_t left = end - now_ms();
		const int n = poll(fds, 2, timeout(left));

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0 && fds[1].revents != 0)
			errno = ECANCELED;
		else if (n > 0)
			return true;
		else if (left <= 0)
			errno = ETIMEDOUT;
		else
			continue;
		return false;
	}
}

static bool
again(void)
{
	return errno == EAGAIN || errno == EINTR;
}

ssize_t
peer_read(const struct peer *p, void *to, size_t room)
{
	while (wait_for(p, POLLIN)) {
		const ssize_t n = read(p->conn, to, room);

		if (n >= 0 || !again())
			return n;
	}
	return -1;
}

bool
peer_write(const struct peer *p, const void *from, size_t n)
{
	const char *s = from;

	while (n > 0) {
		ssize_t done;

		if (!wait_for(p, POLLOUT))
			return false;
		done = write(p->conn, s, n);
		if (done < 0 && !again())
			return false;
		if (done > 0) {
			s += done;
			n -= (size_t)done;
		}
	}
	return true;
}
