/* SPDX-License-Identifier: MIT */
#include "base/out.h"
#include "read/read.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* What was handed on: "NUMBER:TEXT", then "!" for cut, "+" for too long. */
struct seen {
	struct s2s_out out;
	uint64_t lines, bytes, stop_at;
	uint64_t done, total;
};

static enum s2s_status
see_line(void *self, const struct s2s_line *line)
{
	struct seen *seen = self;

	seen->lines++;
	seen->bytes += line->text.n;
	if (seen->out.n < 4096) {
		s2s_out_printf(&seen->out, "%" PRIu64 ":", line->number);
		s2s_out_sv(&seen->out, line->text);
		s2s_out_str(&seen->out, line->cut ? "!" : "");
		s2s_out_str(&seen->out, line->too_long ? "+" : "");
		s2s_out_char(&seen->out, '|');
	}
	return seen->lines == seen->stop_at ? S2S_LIMIT : S2S_OK;
}

static enum s2s_status
see_end(void *self)
{
	s2s_out_str(&((struct seen *)self)->out, "end");
	return S2S_OK;
}

static void
see_progress(void *self, uint64_t done, uint64_t total)
{
	struct seen *seen = self;

	assert_true(done >= seen->done);
	seen->done = done;
	seen->total = total;
}

static enum s2s_status
read_all(int fd, struct seen *seen, size_t limit, unsigned jobs)
{
	struct s2s_limits limits = {.line = limit};
	struct s2s_read_options opts = {&limits, see_progress, seen, jobs};
	struct s2s_line_sink sink = {see_line, see_end, seen, NULL};

	s2s_out_memory(&seen->out);
	return s2s_read_fd(fd, "t", &opts, sink);
}

static const struct {
	const char *text;
	size_t n;
	const char *seen;
	size_t seen_n;
} texts[] = {
#define TEXT(text, seen)                                           \
	{                                                          \
		(text), sizeof(text) - 1, (seen), sizeof(seen) - 1 \
	}
    TEXT("", "end"),
    TEXT("\n", "1:|end"),
    TEXT("a", "1:a!|end"),
    TEXT("a\n", "1:a|end"),
    TEXT("a\n\nb", "1:a|2:|3:b!|end"),
    TEXT("a\0b\n\0", "1:a\0b|2:\0!|end"),
    TEXT("\xff\x80\r\n", "1:\xff\x80\r|end"),
    TEXT("12345678\n", "1:12345678|end"),
    TEXT("123456789\nb\n", "1:12345678+|2:b|end"),
    TEXT("123456789", "1:12345678+|end"),
    TEXT("12345678", "1:12345678!|end"),
#undef TEXT
};

static int
file_of(const char *text, size_t n)
{
	int fd = memfd_create("t", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void
test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(texts); i++) {
		struct seen seen = {0};
		int fd = file_of(texts[i].text, texts[i].n);

		assert_int_equal(read_all(fd, &seen, 8, 1), S2S_OK);
		if (seen.out.n != texts[i].seen_n ||
		    memcmp(seen.out.p, texts[i].seen, seen.out.n) != 0)
			fail_msg("%zu: %.*s", i, (int)seen.out.n, seen.out.p);
		assert_int_equal(seen.done, texts[i].n);
		s2s_out_done(&seen.out);
		close(fd);
	}
}

struct writer {
	int fd;
	const char *text;
	size_t n;
};

/* A byte at a time: every read is short. */
static void *
write_slowly(void *arg)
{
	struct writer *w = arg;

	for (size_t i = 0; i < w->n; i++)
		if (write(w->fd, &w->text[i], 1) != 1)
			abort();
	close(w->fd);
	return NULL;
}

static void
test_pipe(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(texts); i++) {
		struct seen seen = {0};
		int fd[2];
		pthread_t thread;

		assert_int_equal(pipe(fd), 0);
		struct writer w = {fd[1], texts[i].text, texts[i].n};
		assert_int_equal(pthread_create(&thread, NULL, write_slowly, &w), 0);
		assert_int_equal(read_all(fd[0], &seen, 8, 1), S2S_OK);
		pthread_join(thread, NULL);
		assert_int_equal(seen.out.n, texts[i].seen_n);
		assert_memory_equal(seen.out.p, texts[i].seen, seen.out.n);
		assert_int_equal(seen.total, 0);
		s2s_out_done(&seen.out);
		close(fd[0]);
	}
}

/* Lines of all lengths, so that each cut of the buffer is met. */
static void
test_large(void **state)
{
	enum { LINES = 3000 };
	struct seen seen = {0};
	struct s2s_out text;
	uint64_t bytes = 0;
	int fd;

	(void)state;
	s2s_out_memory(&text);
	for (size_t i = 0; i < LINES; i++) {
		for (size_t n = 0; n < i; n++)
			s2s_out_char(&text, (char)('a' + (i + n) % 26));
		s2s_out_char(&text, '\n');
		bytes += i;
	}
	fd = file_of(text.p, text.n);
	assert_int_equal(read_all(fd, &seen, 0, 1), S2S_OK);
	assert_int_equal(seen.lines, LINES);
	assert_int_equal(seen.bytes, bytes);
	assert_int_equal(seen.total, text.n);
	s2s_out_done(&seen.out);
	s2s_out_done(&text);
	close(fd);
}

/* 40 MB without a newline, then a line: the number is right, memory is bounded. */
static void
test_too_long(void **state)
{
	struct seen seen = {0};
	struct s2s_out text;
	int fd;

	(void)state;
	s2s_out_memory(&text);
	for (int i = 0; i < 40 << 20; i++)
		s2s_out_char(&text, 'x');
	s2s_out_str(&text, "\nb\n");
	fd = file_of(text.p, text.n);
	assert_int_equal(read_all(fd, &seen, 1000, 1), S2S_OK);
	assert_int_equal(seen.lines, 2);
	assert_memory_equal(seen.out.p + seen.out.n - 7, "2:b|end", 7);
	assert_int_equal(seen.bytes, 1001);
	s2s_out_done(&seen.out);
	s2s_out_done(&text);
	close(fd);
}

static void
test_failures(void **state)
{
	struct seen seen = {.stop_at = 2};
	int fd = file_of("a\nb\nc\n", 6);

	(void)state;
	assert_int_equal(read_all(fd, &seen, 0, 1), S2S_LIMIT);
	assert_int_equal(seen.lines, 2);
	s2s_out_done(&seen.out);
	close(fd);

	errno = 0;
	assert_int_equal(read_all(-1, &seen, 0, 1), S2S_IO);
	assert_int_equal(errno, EBADF);
	s2s_out_done(&seen.out);

	fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(read_all(fd, &seen, 0, 1), S2S_IO);
	assert_int_equal(errno, EISDIR);
	s2s_out_done(&seen.out);
	close(fd);
}

static void
ignore(int number)
{
	(void)number;
}

static void *
interrupt(void *arg)
{
	struct writer *w = arg;

	for (int i = 0; i < 20; i++) {
		kill(getpid(), SIGALRM);
		usleep(1000);
	}
	return write_slowly(w);
}

/* Signals come while read() waits. */
static void
test_interrupted(void **state)
{
	struct sigaction action = {.sa_handler = ignore}, was;
	struct seen seen = {0};
	sigset_t alarm_only;
	pthread_t thread;
	int fd[2];

	(void)state;
	sigaction(SIGALRM, &action, &was);
	assert_int_equal(pipe(fd), 0);
	struct writer w = {fd[1], "a\nb", 3};
	sigemptyset(&alarm_only);
	sigaddset(&alarm_only, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alarm_only, NULL);
	assert_int_equal(pthread_create(&thread, NULL, interrupt, &w), 0);
	pthread_sigmask(SIG_UNBLOCK, &alarm_only, NULL);
	assert_int_equal(read_all(fd[0], &seen, 0, 1), S2S_OK);
	pthread_join(thread, NULL);
	assert_int_equal(seen.lines, 2);
	s2s_out_done(&seen.out);
	close(fd[0]);
	sigaction(SIGALRM, &was, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_texts),    cmocka_unit_test(test_pipe),
	    cmocka_unit_test(test_large),    cmocka_unit_test(test_too_long),
	    cmocka_unit_test(test_failures), cmocka_unit_test(test_interrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
