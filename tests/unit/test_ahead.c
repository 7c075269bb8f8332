/* SPDX-License-Identifier: MIT */
/* With threads that read ahead the sink sees what it sees without. */
#include "base/arena.h"
#include "base/map.h"
#include "read/read.h"
#include "unit.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 12 << 20, LIMIT = 300 * 1000, FAILS_AT = 50000 };

struct seen {
	uint64_t lines, hash, prepared;
	bool fails;
};

static uint64_t
draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Mostly short lines; some longer than a block, some longer than the limit; the last
   has no newline. */
static void
fill(char *text)
{
	uint64_t state = 0x2545f4914f6cdd1d;
	size_t at = 0;

	memset(text, 'x', SIZE);
	while (at < SIZE) {
		uint64_t n = draw(&state) % 200;

		if (draw(&state) % 5000 == 0)
			n = draw(&state) % (2 * LIMIT);
		for (uint64_t i = 0; i < n && at + i < SIZE; i += 7)
			text[at + i] = (char)('a' + n % 26);
		at += n;
		if (at < SIZE - 1)
			text[at++] = '\n';
	}
}

static void
see(struct seen *seen, const char *p, size_t n)
{
	seen->lines++;
	seen->hash = seen->hash * 31 + s2s_hash(1, p, n);
}

static enum s2s_status
on_line(void *self, const struct s2s_line *line)
{
	struct seen *seen = self;

	see(seen, line->text.p, line->text.n);
	seen->hash += (uint64_t)line->too_long + 2U * (uint64_t)line->cut;
	assert_int_equal(line->number, seen->lines);
	return seen->fails && seen->lines >= FAILS_AT ? S2S_SYNTAX : S2S_OK;
}

static enum s2s_status
on_end(void *self)
{
	(void)self;
	return S2S_OK;
}

static size_t
take(void *self, struct s2s_sv text, const struct s2s_line *before, void *prepared,
     uint64_t *ret_lines)
{
	struct seen *seen = self;
	const char *p = text.p, *end = text.p + text.n;

	(void)before;
	*ret_lines = 0;
	if (prepared) {
		seen->prepared++;
		assert_int_equal(*(uint64_t *)prepared, s2s_hash(2, text.p, text.n));
	}
	while (p < end && *p != 'b') {
		const char *newline = memchr(p, '\n', (size_t)(end - p));

		if (newline - p > LIMIT)
			break;
		see(seen, p, (size_t)(newline - p));
		++*ret_lines;
		p = newline + 1;
	}
	return (size_t)(p - text.p);
}

static void *
prepare(void *self, struct s2s_sv text, void *old)
{
	uint64_t *ret = old ? old : malloc(sizeof *ret);

	(void)self;
	*ret = s2s_hash(2, text.p, text.n);
	return ret;
}

static struct seen
read_all(int fd, unsigned jobs, bool fails)
{
	static const struct s2s_bulk bulk = {take, prepare};
	struct s2s_limits limits = {.line = LIMIT};
	struct s2s_read_options opts = {.limits = &limits, .jobs = jobs};
	struct seen seen = {.fails = fails};
	struct s2s_line_sink sink = {on_line, on_end, &seen, &bulk};

	assert_int_equal(s2s_read_fd(fd, "t", &opts, sink),
			 fails ? S2S_SYNTAX : S2S_OK);
	return seen;
}

static int
file_of(const char *text)
{
	int fd = memfd_create("t", MFD_CLOEXEC);

	assert_int_equal(write(fd, text, SIZE), SIZE);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

struct writer {
	const char *text;
	int fd;
	bool stays_open;
};

static void *
write_all(void *self)
{
	const struct writer *writer = self;

	for (size_t at = 0; at < SIZE;) {
		size_t n = SIZE - at < 30011 ? SIZE - at : 30011;
		ssize_t got = write(writer->fd, writer->text + at, n);

		if (got < 0)
			break;
		at += (size_t)got;
	}
	if (!writer->stays_open)
		close(writer->fd);
	return NULL;
}

static void
assert_same(struct seen a, struct seen b)
{
	assert_int_equal(a.lines, b.lines);
	assert_true(a.hash == b.hash);
}

static void
test_file(void **state)
{
	char *text = *state;
	int fd = file_of(text);
	struct seen one = read_all(fd, 1, false);

	assert_int_equal(one.prepared, 0);
	for (unsigned jobs = 2; jobs < 6; jobs++) {
		struct seen many;

		lseek(fd, 0, SEEK_SET);
		many = read_all(fd, jobs, false);
		assert_same(one, many);
		assert_true(many.prepared > 10);
	}
	close(fd);
}

static void
test_pipe(void **state)
{
	int file = file_of(*state), fd[2];
	struct seen one = read_all(file, 1, false), many;
	struct writer writer = {*state, -1, false};
	pthread_t thread;

	close(file);
	assert_int_equal(pipe(fd), 0);
	writer.fd = fd[1];
	assert_int_equal(pthread_create(&thread, NULL, write_all, &writer), 0);
	many = read_all(fd[0], 3, false);
	pthread_join(thread, NULL);
	close(fd[0]);
	assert_same(one, many);
}

/* The sink gives up while the threads wait for input that does not come. */
static void
test_failure(void **state)
{
	int fd[2];
	struct writer writer = {*state, -1, true};
	pthread_t thread;

	assert_int_equal(pipe(fd), 0);
	writer.fd = fd[1];
	assert_int_equal(pthread_create(&thread, NULL, write_all, &writer), 0);
	read_all(fd[0], 2, true);
	close(fd[0]);
	pthread_join(thread, NULL);
	close(fd[1]);
}

int
main(void)
{
	char *text = malloc(SIZE);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_prestate(test_file, text),
	    cmocka_unit_test_prestate(test_pipe, text),
	    cmocka_unit_test_prestate(test_failure, text),
	};
	int failed;

	signal(SIGPIPE, SIG_IGN);
	fill(text);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(text);
	return failed;
}
