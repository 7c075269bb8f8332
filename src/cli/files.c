/* SPDX-License-Identifier: MIT */
#include "cli/files.h"

#include "base/arena.h"
#include "base/out.h"
#include "cli/cli.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OTHER_FILES = 32, /* descriptors for what is no input */
	PARTS_MAX_BYTES = 1 << 30
};

/* Where a shell leaves room for a thousand, an administrator does for more. */
static void
make_room(size_t n)
{
	struct rlimit limit;

	n += OTHER_FILES;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= n)
		return;
	limit.rlim_cur = limit.rlim_max < n ? limit.rlim_max : n;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Does not wait until somebody opens a pipe's other end: that may be who writes into
   another one that we have not opened yet. */
static int
open_input(const char *path, struct stat *ret_st)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY;
	int fd;

	if (strcmp(path, "-") == 0) {
		fstat(STDIN_FILENO, ret_st);
		return STDIN_FILENO;
	}
	fd = open(path, flags | O_NONBLOCK);
	if (fd < 0 && errno == EAGAIN) /* a lease is broken */
		fd = open(path, flags);
	if (fd >= 0 && fstat(fd, ret_st) == 0 && !S_ISREG(ret_st->st_mode))
		fcntl(fd, F_SETFL, 0);
	return fd;
}

/* All inputs are opened before one is read. */
static void
say_room(const struct cli *cli)
{
	const struct cli_options *o = &cli->options;
	struct rlimit limit = {0};

	getrlimit(RLIMIT_NOFILE, &limit);
	s2s_log(
	    &cli->log, S2S_LOG_ERROR,
	    "%zu inputs are more than the limit of %llu open files leaves room for: "
	    "raise it (ulimit -Hn), or make profiles of some at a time and merge "
	    "these",
	    o->operands.n + o->also.n, (unsigned long long)limit.rlim_max);
}

static enum s2s_status
add(struct cli *cli, const char *path, bool may_be_missing)
{
	struct cli_files *files = &cli->files;
	struct stat st = {0};
	int fd = open_input(path, &st);

	if (fd < 0 && !(may_be_missing && errno == ENOENT)) {
		int error = errno;

		cli_say_errno(&cli->log, path, error);
		if (error == EMFILE)
			say_room(cli);
		return S2S_IO;
	}
	if (S_ISREG(st.st_mode) && !may_be_missing)
		cli->progress.total += (uint64_t)st.st_size;
	files->in[files->n] = (struct cli_input){
	    .path = path,
	    .place = files->n,
	    .fd = fd,
	    .is_fifo = S_ISFIFO(st.st_mode) && fd != STDIN_FILENO,
	};
	files->n++;
	return S2S_OK;
}

static enum s2s_status
add_all(struct cli *cli, const struct cli_list *paths)
{
	for (size_t i = 0; i < paths->n; i++)
		TRY(add(cli, paths->v[i], false));
	return S2S_OK;
}

static int
compare(const void *a, const void *b)
{
	const struct cli_input *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : (x->place > y->place) - (x->place < y->place);
}

static enum s2s_status
open_parts(struct cli *cli)
{
	cli->files.parts = memfd_create("parts", MFD_CLOEXEC);
	if (cli->files.parts >= 0)
		return S2S_OK;
	cli_say_errno(&cli->log, "memory", errno);
	return S2S_IO;
}

enum s2s_status
cli_files_parts(struct cli *cli, struct s2s_bytes *ret)
{
	int fd = cli->files.parts;

	if (lseek(fd, 0, SEEK_SET) == 0)
		return cli_read_opened(fd, "memory", PARTS_MAX_BYTES, &cli->log, ret);
	cli_say_errno(&cli->log, "memory", errno);
	return S2S_IO;
}

static enum s2s_status
open_outputs(struct cli *cli, bool outputs)
{
	const struct cli_options *o = &cli->options;
	struct cli_files *files = &cli->files;

	if (o->split || !outputs)
		return open_parts(cli);
	if (o->check)
		return S2S_OK;
	TRY(cli_output_open(&files->output, o->output, &cli->log));
	if (o->header)
		TRY(cli_output_open(&files->header, o->header, &cli->log));
	return S2S_OK;
}

enum s2s_status
cli_files_open(struct cli *cli, bool outputs)
{
	const struct cli_options *o = &cli->options;
	struct cli_files *files = &cli->files;
	size_t n = o->operands.n + o->also.n + 2;

	*files = (struct cli_files){
	    .output.fd = -1,
	    .header.fd = -1,
	    .parts = -1,
	    .in = s2s_realloc(NULL, n, sizeof *files->in),
	    .told = mmap(NULL, sizeof *files->told, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0),
	};
	if (files->told == MAP_FAILED) {
		files->told = NULL;
		cli_say_errno(&cli->log, "shared memory", errno);
		return S2S_SYSTEM;
	}
	make_room(n);
	TRY(add_all(cli, &o->operands));
	TRY(add_all(cli, &o->also));
	if (o->check && !o->split)
		TRY(add(cli, o->output, true));
	if (o->check && o->header)
		TRY(add(cli, o->header, true));
	qsort(files->in, files->n, sizeof *files->in, compare);
	return open_outputs(cli, outputs);
}

void
cli_files_done(struct cli_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		if (files->in[i].fd > STDERR_FILENO)
			close(files->in[i].fd);
	free(files->in);
	cli_output_done(&files->output);
	cli_output_done(&files->header);
	if (files->parts >= 0)
		close(files->parts);
	if (files->told)
		munmap(files->told, sizeof *files->told);
}

static int
later(int a, int b)
{
	return a > b ? a : b;
}

static bool
is_used(const struct cli_files *files, int fd)
{
	bool used = files->output.fd == fd;

	for (size_t i = 0; i < files->n && !used; i++)
		used = files->in[i].fd == fd;
	return used;
}

static void
put_in_place(int fd, int of)
{
	if (fd < 0)
		return;
	dup2(fd, of);
	close(fd);
}

/* What the shell gave us and nobody asked for, the rest of a script's input or of its
   output, is an empty file from here on; from a terminal that is shown messages nobody
   reads what is typed. */
static void
spare_standard(const struct cli_files *files)
{
	const int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY;

	for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++)
		if (!is_used(files, fd))
			put_in_place(memfd_create("nothing", MFD_CLOEXEC), fd);
	if (isatty(STDOUT_FILENO))
		put_in_place(open("/proc/self/fd/1", flags), STDOUT_FILENO);
	if (isatty(STDERR_FILENO))
		put_in_place(open("/proc/self/fd/2", flags), STDERR_FILENO);
}

/* All that we open is closed at exec; what came through ours is not. */
void
cli_files_only(const struct cli *cli)
{
	const struct cli_files *files = &cli->files;
	int last = later(STDERR_FILENO, files->parts);

	spare_standard(files);
	last = later(last, later(files->output.fd, files->header.fd));
	if (cli->log_file)
		last = later(last, fileno(cli->log_file));
	for (size_t i = 0; i < files->n; i++)
		last = later(last, files->in[i].fd);
	for (int fd = STDERR_FILENO + 1; fd <= last; fd++)
		if (fcntl(fd, F_GETFD) == 0)
			close(fd);
	close_range((unsigned)last + 1, ~0U, 0);
}

/* The first of that path, or the end. */
static size_t
find(const struct cli_files *files, const char *path)
{
	size_t from = 0, to = files->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(files->in[middle].path, path) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static struct cli_input *
find_taken(struct cli_files *files, const char *path, bool taken)
{
	for (size_t i = find(files, path);
	     i < files->n && strcmp(files->in[i].path, path) == 0; i++)
		if (files->in[i].taken == taken)
			return &files->in[i];
	return NULL;
}

/* Until there is a writer, or what one has left. */
static void
wait_for_writer(int fd)
{
	struct pollfd one = {.fd = fd, .events = POLLIN};

	while (poll(&one, 1, -1) < 0 && errno == EINTR)
		continue;
}

int
cli_files_input(void *self, const char *path)
{
	struct cli_input *input = find_taken(self, path, false);

	if (!input || input->fd < 0) {
		errno = ENOENT;
		return -1;
	}
	input->taken = true;
	if (input->is_fifo)
		wait_for_writer(input->fd);
	return input->fd;
}

enum s2s_status
cli_files_read(struct cli *cli, const char *path, size_t max, struct s2s_bytes *ret,
	       bool *ret_missing)
{
	int fd = cli_files_input(&cli->files, path);

	if (fd >= 0)
		return cli_read_opened(fd, path, max, &cli->log, ret);
	if (ret_missing)
		*ret_missing = true;
	else
		cli_say_errno(&cli->log, path, errno);
	return S2S_IO;
}

enum s2s_status
cli_files_again(struct cli *cli, const char *path, const struct s2s_bytes *bytes)
{
	struct cli_input *input = find_taken(&cli->files, path, true);
	int fd = memfd_create("input", MFD_CLOEXEC);
	struct s2s_out out;
	enum s2s_status status;

	if (fd < 0) {
		cli_say_errno(&cli->log, path, errno);
		return S2S_IO;
	}
	assert(input); /* it was read before */
	s2s_out_fd(&out, fd);
	s2s_out_bytes(&out, bytes->p, bytes->n);
	status = s2s_out_end(&out);
	if (status == S2S_OK && lseek(fd, 0, SEEK_SET) != 0)
		status = S2S_IO;
	if (status != S2S_OK)
		cli_say_errno(&cli->log, path, out.error ? out.error : errno);
	s2s_out_done(&out);
	if (input->fd > STDERR_FILENO)
		close(input->fd);
	*input = (struct cli_input){.path = input->path, .fd = fd};
	return status;
}

enum s2s_status
cli_files_finish(struct cli *cli, struct cli_output *output)
{
	struct cli_files *files = &cli->files;

	TRY(cli_output_finish(output));
	if (output == &files->header)
		files->told->header = true;
	else
		files->told->output = true;
	return S2S_OK;
}

enum s2s_status
cli_files_publish(struct cli *cli)
{
	struct cli_files *files = &cli->files;

	if (files->parts >= 0)
		return cli_split_publish(cli);
	if (cli->options.header && files->told->header)
		TRY(cli_output_publish(&files->header));
	if (files->told->output)
		TRY(cli_output_publish(&files->output));
	return S2S_OK;
}
