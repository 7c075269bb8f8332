/* SPDX-License-Identifier: MIT */
/* Linked into an example with -Wl,--wrap=read, this is a hole in it: who sends one of
   the words gets done what an intruder would do. Says on standard error when that
   worked. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef HOLE_FILE
#define HOLE_FILE "/tmp/hole"
#endif

ssize_t __real_read(int fd, void *to, size_t room);
ssize_t __wrap_read(int fd, void *to, size_t room);

static int
shell(void)
{
	char *argv[] = {"sh", "-c", "echo hole: done >&2", NULL};

	return execve("/bin/sh", argv, NULL);
}

static int
network(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int
file(void)
{
	return open(HOLE_FILE, O_WRONLY | O_CREAT, 0600);
}

static const struct {
	const char *word;
	int (*run)(void);
} holes[] = {{"hole: shell", shell}, {"hole: socket", network}, {"hole: write", file}};

ssize_t
__wrap_read(int fd, void *to, size_t room)
{
	static const char done[] = "hole: done\n", failed[] = "hole: failed\n";
	const ssize_t n = __real_read(fd, to, room);

	for (size_t i = 0; i < sizeof holes / sizeof *holes; i++) {
		const size_t length = strlen(holes[i].word);

		if (n < (ssize_t)length || memcmp(to, holes[i].word, length) != 0)
			continue;
		if (holes[i].run() >= 0)
			(void)!write(2, done, sizeof done - 1);
		else
			(void)!write(2, failed, sizeof failed - 1);
		_exit(1);
	}
	return n;
}
