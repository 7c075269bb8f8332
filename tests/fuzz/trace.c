/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "fuzz.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum s2s_status
fuzz_trace(const void *p, size_t n, const struct s2s_trace_options *opts,
	   struct s2s_trace **ret)
{
	int fd = memfd_create("log", MFD_CLOEXEC);
	enum s2s_status status;

	check(fd >= 0 && write(fd, p, n) == (ssize_t)n && lseek(fd, 0, SEEK_SET) == 0);
	*ret = s2s_trace_new(opts);
	check(*ret);
	status = s2s_trace_add_fd(*ret, fd, "log");
	close(fd);
	return status == S2S_OK ? s2s_trace_end(*ret) : status;
}

struct s2s_bytes
fuzz_contents(int fd)
{
	struct stat st;
	struct s2s_bytes ret;

	check(fstat(fd, &st) == 0);
	ret.n = (size_t)st.st_size;
	ret.p = s2s_realloc(NULL, ret.n + 1, 1);
	check(pread(fd, ret.p, ret.n, 0) == (ssize_t)ret.n);
	ret.p[ret.n] = '\0';
	return ret;
}
