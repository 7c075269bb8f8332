/* SPDX-License-Identifier: MIT */
#include "record/relay.h"

#include "base/arena.h"
#include "enforce/enforce.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 1 << 16, PATIENCE_MS = 2000 };

static int64_t
since_begin_ms(const struct record_relay *r)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)(now.tv_sec - r->begun.tv_sec) * 1000 +
	       (now.tv_nsec - r->begun.tv_nsec) / 1000000;
}

/* Until the time is up; -1: it never is. */
static int
left_ms(const struct record_relay *r)
{
	int64_t ms = (int64_t)r->record->for_seconds * 1000 - since_begin_ms(r);

	if (!r->record->for_seconds || r->told)
		return -1;
	return ms <= 0 ? 0 : ms < INT_MAX ? (int)ms : INT_MAX;
}

static bool
tells(const struct record_relay *r)
{
	return r->record->progress && r->record->n_pid && !r->record->add_to;
}

/* Until something is to be done even where nobody calls. */
static int
wait_ms(const struct record_relay *r)
{
	int left = left_ms(r);

	return tells(r) && (left < 0 || left > 1000) ? 1000 : left;
}

static void
tell(struct record_relay *r)
{
	unsigned seconds = (unsigned)(since_begin_ms(r) / 1000);

	if (tells(r) && seconds != r->teller.now.seconds)
		record_tell(r->record, &r->teller, seconds, r->calls, r->distinct);
}

/* It leaves whom it watches alone. */
static void
end_strace(struct record_relay *r)
{
	r->told = true;
	kill(r->strace, SIGINT);
}

/* That of a command is no child of ours, but who traces what it watches. Returns
   whether it was told to end. */
static bool
end_tracer(struct record_relay *r)
{
	pid_t tid = 0;

	while ((tid = record_living_next(r->living, tid))) {
		pid_t tracer = (pid_t)s2s_process_status(tid, "TracerPid", 0);

		if (tracer > 0 && kill(tracer, SIGTERM) == 0)
			return r->told = true;
	}
	return false;
}

/* Whole lines of what there is, and at its end all. Returns how much that was; -1:
   nobody reads it. */
static ssize_t
pass_on(struct record_relay *r, const char *p, size_t n)
{
	const char *last = r->ended || n == AT_ONCE ? p + n - 1 : memrchr(p, '\n', n);
	ssize_t whole = n && last ? last + 1 - p : 0;

	record_living_feed(r->living, p, (size_t)whole);
	r->calls = r->living->calls;
	for (ssize_t at = 0, written; at < whole; at += written) {
		written = write(r->passed[1], p + at, (size_t)(whole - at));
		if (written < 0)
			return -1;
	}
	return whole;
}

/* Passes on what strace writes until that ends, or we have had enough. */
static void *
relay(void *self)
{
	struct record_relay *r = self;
	struct pollfd fds[] = {{.fd = r->log.fd[0], .events = POLLIN},
			       {.fd = r->stop[0], .events = POLLIN}};
	char *buffer = s2s_realloc(NULL, AT_ONCE, 1);
	bool said = !r->record->n_pid;
	ssize_t n, passed = 0;
	size_t have = 0;

	while (!r->ended && passed >= 0) {
		bool stopped = fds[1].fd < 0;
		bool quiet = poll(fds, 2, stopped ? PATIENCE_MS : wait_ms(r)) == 0;

		if (quiet && !stopped && left_ms(r) == 0)
			end_strace(r);
		tell(r);
		if (quiet && stopped)
			break;
		if (fds[1].revents) { /* what it writes to its end is waited for */
			if (!r->record->argv || !end_tracer(r))
				break;
			fds[1].fd = -1;
		}
		if (!fds[0].revents)
			continue;
		n = read(r->log.fd[0], buffer + have, AT_ONCE - have);
		if (n > 0 && !said) /* all have been attached to before */
			s2s_log(r->record->log, S2S_LOG_INFO, "recording %zu processes",
				r->record->n_pid);
		said = true;
		r->ended = n <= 0;
		have += n > 0 ? (size_t)n : 0;
		passed = pass_on(r, buffer, have);
		if (passed > 0) {
			have -= (size_t)passed;
			memmove(buffer, buffer + passed, have);
		}
	}
	free(buffer);
	record_close(&r->passed[1]);
	return NULL;
}

bool
record_relay_make(struct record_relay *r, const struct s2s_user *user)
{
	*r = (struct record_relay){.passed = {-1, -1}, .stop = {-1, -1}};
	r->living = s2s_realloc(NULL, 1, sizeof *r->living);
	memset(r->living, 0, sizeof *r->living);
	return record_fifo_make(&r->log, user) && pipe2(r->passed, O_CLOEXEC) == 0 &&
	       pipe2(r->stop, O_CLOEXEC) == 0;
}

bool
record_relay_begin(struct record_relay *r, const struct s2s_record *record,
		   pid_t strace)
{
	r->record = record;
	r->strace = strace;
	clock_gettime(CLOCK_MONOTONIC, &r->begun);
	r->runs = pthread_create(&r->thread, NULL, relay, r) == 0;
	return r->runs;
}

void
record_relay_stop(struct record_relay *r)
{
	record_close(&r->stop[1]);
	if (r->runs)
		pthread_join(r->thread, NULL);
	r->runs = false;
	record_close(&r->passed[1]);
}

void
record_relay_done(struct record_relay *r)
{
	for (int i = 0; i < 2; i++) {
		record_close(&r->passed[i]);
		record_close(&r->stop[i]);
	}
	record_fifo_done(&r->log);
	free(r->living);
}
