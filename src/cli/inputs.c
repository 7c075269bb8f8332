/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/out.h"
#include "cli/cli.h"
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_FIRST = 64 * 1024 };

static bool
is_same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) &&
	       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool
is_input(const struct cli_options *o, const char *path)
{
	for (size_t i = 0; path && i < o->operands.n; i++)
		if (strcmp(o->operands.v[i], "-") != 0 &&
		    is_same_file(path, o->operands.v[i]))
			return true;
	return false;
}

static bool
is_one_file(const char *a, const char *b)
{
	return a && b && (strcmp(a, b) == 0 || is_same_file(a, b));
}

/* What is written last would be all that is left. */
static enum s2s_status
spare_log(const struct cli_options *o)
{
	const char *which = is_one_file(o->output, o->log_file)   ? "--output"
			    : is_one_file(o->header, o->log_file) ? "--header"
								  : NULL;

	if (!which)
		return S2S_OK;
	fprintf(stderr, "error: %s and --log-file are the same file\n", which);
	return S2S_USAGE;
}

/* A slip of the hand, "-o app.strace" for "-f c app.strace", costs no log. */
enum s2s_status
cli_spare_inputs(const struct cli_options *o, enum cli_commands command)
{
	/* merge -o all.profile all.profile new.profile is what a profile is for. */
	const char *output = o->check || command == CLI_MERGE ? NULL : o->output;
	const char *header = o->check ? NULL : o->header;
	const char *what = is_input(o, output)        ? "--output"
			   : is_input(o, header)      ? "--header"
			   : is_input(o, o->log_file) ? "--log-file"
						      : NULL;

	if (!what)
		return spare_log(o);
	fprintf(stderr, "error: %s is one of the inputs\n", what);
	return S2S_USAGE;
}

enum s2s_status
cli_read_opened(int fd, const char *name, size_t max, const struct s2s_log *log,
		struct s2s_bytes *ret)
{
	struct s2s_bytes all = {0};
	size_t cap = 0;
	ssize_t n;

	do {
		if (all.n == cap) {
			cap = cap ? cap * 2 : READ_FIRST;
			cap = cap <= max ? cap : max + 1;
			all.p = s2s_realloc(all.p, cap + 1, 1);
		}
		n = read(fd, all.p + all.n, cap - all.n);
		if (n > 0)
			all.n += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n == 0 && all.n <= max) {
		*ret = all;
		all.p[all.n] = '\0';
		return S2S_OK;
	}
	if (n < 0)
		cli_say_errno(log, name, errno);
	else
		cli_say(log, name, "this file is too large");
	s2s_bytes_free(&all);
	return n < 0 ? S2S_IO : S2S_LIMIT;
}

enum s2s_status
cli_read_file(const char *path, size_t max, const struct s2s_log *log,
	      struct s2s_bytes *ret, bool *ret_missing)
{
	enum s2s_status status;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		if (ret_missing)
			*ret_missing = errno == ENOENT;
		if (!ret_missing || !*ret_missing)
			cli_say_errno(log, path, errno);
		return S2S_IO;
	}
	status = cli_read_opened(fd, path, max, log, ret);
	close(fd);
	return status;
}
