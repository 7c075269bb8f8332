/* SPDX-License-Identifier: MIT */
/* Bytes to lines: files, pipes, standard input; bounded memory. Knows no format. */
#pragma once

#include "base/diag.h"
#include "base/limits.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct s2s_line {
	struct s2s_sv text; /* without its newline; valid during the event only */
	const char *file;   /* interned: lives as long as the trace */
	uint64_t number;    /* from 1 */
	bool cut;           /* the input ended before a newline */
	bool too_long;      /* longer than the limit: text holds its beginning only */
};

enum { S2S_READ_AHEAD = 128 };

/* What a sink may have for many lines at once; S2S_READ_AHEAD bytes behind a text may
   be read. */
struct s2s_bulk {
	/* Is offered all whole lines at hand and takes what it likes off their front:
	   how many bytes, and in *ret_lines how many lines. The line behind these comes
	   as an event. `before`: file and number of the line before. `prepared`: what
	   prepare() made of the text, or NULL. */
	size_t (*take)(void *self, struct s2s_sv text, const struct s2s_line *before,
		       void *prepared, uint64_t *ret_lines);
	/* Heap. In any thread, for several texts at once, whatever else is called.
	   `old` is what it returned before and is not used any more, or NULL. */
	void *(*prepare)(void *self, struct s2s_sv text, void *old);
};

struct s2s_line_sink {
	enum s2s_status (*event)(void *self, const struct s2s_line *line);
	enum s2s_status (*end)(void *self); /* this input is over */
	void *self;
	const struct s2s_bulk *bulk; /* NULL: lines one by one only */
};

struct s2s_read_options {
	const struct s2s_limits *limits;
	/* Called now and then with the bytes read so far and, where known, all (else
	 * 0). */
	void (*progress)(void *self, uint64_t done, uint64_t total);
	void *progress_self;
	unsigned jobs; /* threads in all; more than one only for a sink with bulk */
};

/* Reads fd to its end. `name` is for places. S2S_IO with errno set where reading
   fails (EINTR is retried), else the first failing status of the sink. */
enum s2s_status s2s_read_fd(int fd, const char *name,
			    const struct s2s_read_options *opts,
			    struct s2s_line_sink next);
