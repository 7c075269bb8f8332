/* SPDX-License-Identifier: MIT */
/* Bytes to lines: one buffer that grows to the longest line allowed; lines are handed
   on as slices of it. */
#include "read/read.h"

#include "base/arena.h"
#include "read/ahead.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CHUNK = 256 * 1024,
	PROGRESS_EVERY = 4 * 1024 * 1024,
	AHEAD_FROM = 4 * 1024 * 1024 /* bytes; less is not worth a thread */
};

struct reader {
	int fd;
	struct s2s_line line; /* of what is handed on next */
	size_t limit;
	char *buf;
	size_t cap, from, to; /* buf[from, to) is not handed on yet */
	size_t seen;          /* buf[from, seen) has no newline */
	bool skipping;        /* inside a line that was too long */
	void *prepared;       /* of buf[0, to), or NULL */
	struct read_ahead *ahead;
	uint64_t done, total, reported;
	const struct s2s_read_options *opts;
	struct s2s_line_sink next;
};

static void
reader_done(struct reader *r)
{
	read_ahead_free(r->ahead);
	free(r->buf);
}

static uint64_t
bytes_ahead(int fd)
{
	struct stat st;
	off_t at;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return 0;
	at = lseek(fd, 0, SEEK_CUR);
	return at >= 0 && st.st_size > at ? (uint64_t)(st.st_size - at) : 0;
}

static void
report_progress(struct reader *r, uint64_t every)
{
	if (!r->opts || !r->opts->progress || r->done - r->reported < every)
		return;
	r->reported = r->done;
	r->opts->progress(r->opts->progress_self, r->done, r->total);
}

static enum s2s_status
hand_on(struct reader *r, size_t n)
{
	r->line.text = (struct s2s_sv){r->buf + r->from, n};
	r->line.number++;
	return r->next.event(r->next.self, &r->line);
}

/* The end of the line that stands at `from`, if it is in the buffer. */
static char *
find_newline(struct reader *r)
{
	char *newline = memchr(r->buf + r->seen, '\n', r->to - r->seen);

	r->seen = r->to;
	return newline;
}

/* Lets the sink take lines off the front. */
static void
bulk(struct reader *r, const char *last_newline)
{
	struct s2s_sv text = {r->buf + r->from, 0};
	void *prepared = r->from == 0 ? r->prepared : NULL;
	uint64_t taken = 0;

	r->prepared = NULL;

	if (!r->next.bulk || r->skipping || !last_newline || last_newline < text.p)
		return;
	text.n = (size_t)(last_newline + 1 - text.p);
	r->from += r->next.bulk->take(r->next.self, text, &r->line, prepared, &taken);
	r->line.number += taken;
	r->seen = r->from;
}

static enum s2s_status
lines(struct reader *r)
{
	const char *last = memrchr(r->buf + r->seen, '\n', r->to - r->seen);
	char *newline;

	while (bulk(r, last), (newline = find_newline(r))) {
		size_t n = (size_t)(newline - r->buf) - r->from;

		r->line.too_long = n > r->limit;
		if (!r->skipping)
			TRY(hand_on(r, r->line.too_long ? r->limit : n));
		r->skipping = false;
		r->from += n + 1;
		r->seen = r->from;
	}
	return S2S_OK;
}

/* What is left is the beginning of a line. */
static enum s2s_status
beginning(struct reader *r)
{
	if (!r->skipping && r->to - r->from > r->limit) {
		r->line.too_long = true;
		TRY(hand_on(r, r->limit));
		r->skipping = true;
	}
	if (r->skipping)
		r->from = r->to;
	if (r->from > 0)
		memmove(r->buf, r->buf + r->from, r->to - r->from);
	r->to -= r->from;
	r->from = 0;
	r->seen = r->to;
	return S2S_OK;
}

static enum s2s_status
end(struct reader *r)
{
	if (r->to > r->from) {
		r->line.cut = true;
		r->line.too_long = false;
		TRY(hand_on(r, r->to - r->from));
	}
	report_progress(r, 1);
	return r->next.end(r->next.self);
}

static void
make_room(struct reader *r, size_t n)
{
	if (r->buf && r->cap - r->to >= n)
		return;
	do
		r->cap = r->cap ? r->cap * 2 : CHUNK;
	while (r->cap - r->to < n);
	r->buf = s2s_realloc(r->buf, r->cap + S2S_READ_AHEAD, 1);
	memset(r->buf + r->cap, 0, S2S_READ_AHEAD);
}

/* The next block takes the place of the buffer, unless that still holds something. */
static ssize_t
fill_ahead(struct reader *r)
{
	struct read_block *block = read_ahead_next(r->ahead), was = *block;

	r->prepared = NULL;
	if (was.n < 0)
		errno = was.error;
	if (was.n <= 0)
		return was.n;
	if (r->to == 0) {
		block->buf = r->buf;
		block->cap = r->cap;
		r->buf = was.buf;
		r->cap = was.cap;
		r->prepared = was.prepared;
	} else {
		make_room(r, (size_t)was.n);
		memcpy(r->buf + r->to, was.buf, (size_t)was.n);
	}
	return was.n;
}

static bool
may_read_ahead(const struct reader *r)
{
	return r->opts && r->opts->jobs > 1 && r->next.bulk && r->done >= AHEAD_FROM;
}

static ssize_t
fill(struct reader *r)
{
	ssize_t n;

	if (!r->ahead && may_read_ahead(r))
		r->ahead = read_ahead_new(r->fd, r->opts->jobs - 1, r->next);
	if (r->ahead)
		return fill_ahead(r);
	make_room(r, CHUNK / 2);
	do
		n = read(r->fd, r->buf + r->to, r->cap - r->to);
	while (n < 0 && errno == EINTR);
	return n;
}

enum s2s_status
s2s_read_fd(int fd, const char *name, const struct s2s_read_options *opts,
	    struct s2s_line_sink next)
{
	size_t limit = opts && opts->limits ? opts->limits->line : 0;
	S2S_CLEANUP(reader_done)
	struct reader r = {
	    .fd = fd,
	    .line.file = name,
	    .limit = limit ? limit : s2s_limits_default.line,
	    .total = bytes_ahead(fd),
	    .opts = opts,
	    .next = next,
	};
	ssize_t n;

	while ((n = fill(&r)) > 0) {
		r.to += (size_t)n;
		r.done += (uint64_t)n;
		TRY(lines(&r));
		TRY(beginning(&r));
		/* What comes as it is made is told as it comes. */
		report_progress(&r, r.total ? PROGRESS_EVERY : 1);
	}
	return n < 0 ? S2S_IO : end(&r);
}
