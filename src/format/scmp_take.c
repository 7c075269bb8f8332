/* SPDX-License-Identifier: MIT */
/* Takes what libseccomp made. It writes into a file only, so that is one in memory; and
   a limit of file size (ulimit -f) counts there as well. */
#include "format/scmp.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* libseccomp calls a short write success, and a failed one ECANCELED. */
static int
why_not_all(int fd, off_t size)
{
	return pwrite(fd, "", 1, size) < 0 ? -errno : -EIO;
}

/* The size is known only then: nothing limits what libseccomp exports. */
static int
read_program(int fd, struct s2s_filter *ret)
{
	off_t size = lseek(fd, 0, SEEK_END), done = 0;
	const char *why;
	size_t n, at;
	char *to;

	if (size < 0)
		return -errno;
	if (size == 0 || (size_t)size % sizeof *ret->insn)
		return why_not_all(fd, size);
	ret->insn =
	    s2s_realloc(ret->insn, ret->n * sizeof *ret->insn + (size_t)size, 1);
	to = (char *)(ret->insn + ret->n);
	while (done < size) {
		ssize_t got = pread(fd, to + done, (size_t)(size - done), done);

		if (got > 0)
			done += got;
		else if (got == 0 || errno != EINTR)
			return got < 0 ? -errno : -EIO;
	}
	n = (size_t)size / sizeof *ret->insn;
	if (n <= S2S_FILTER_MAX &&
	    s2s_filter_validate(ret->insn + ret->n, n, &at, &why) != S2S_OK)
		return why_not_all(fd, size);
	ret->n += n;
	return 0;
}

int
s2s_scmp_take(void *ctx, struct s2s_filter *ret)
{
	S2S_CLEANUP(close_fd) int fd = memfd_create("filter", MFD_CLOEXEC);
	int rc, why;

	if (fd < 0)
		return -errno;
	rc = seccomp_export_bpf(ctx, fd);
	if (rc == 0)
		return read_program(fd, ret);
	why = why_not_all(fd, 0);
	return why == -EIO ? rc : why;
}

const char *
s2s_scmp_reason(int rc)
{
	if (rc == -EFBIG)
		return "no room in memory: a limit of file size (ulimit -f) counts "
		       "there, too";
	return strerror(-rc);
}
