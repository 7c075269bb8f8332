/* SPDX-License-Identifier: MIT */
/* Any bytes as a filter or an OCI profile, and as a log or a profile, through the
   public interface. What is judged adds up; a profile that was written is read back as
   it is. */
#include "fuzz.h"
#include "s2s.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

static enum s2s_status
read_trace(const void *p, size_t n, struct s2s_trace **ret)
{
	struct s2s_trace_options opts = {.tolerance = S2S_LENIENT};
	int fd = memfd_create("log", MFD_CLOEXEC);
	enum s2s_status status;

	check(fd >= 0 && write(fd, p, n) == (ssize_t)n && lseek(fd, 0, SEEK_SET) == 0);
	*ret = s2s_trace_new(&opts);
	status = s2s_trace_add_fd(*ret, fd, "log");
	close(fd);
	return status == S2S_OK ? s2s_trace_end(*ret) : status;
}

static void
judge(const uint8_t *data, size_t size)
{
	static const char log[] =
	    "close(3) = 0\n"
	    "openat(AT_FDCWD, \"x\", O_RDONLY) = 3\n"
	    "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x1\n";
	struct s2s_judge_options opts = {0};
	struct s2s_judge_counts counts = {0};
	struct s2s_bytes report = {0};
	struct s2s_trace *trace;
	enum s2s_status status;

	check(read_trace(log, strlen(log), &trace) == S2S_OK);
	status = s2s_judge(trace, "filter", data, size, &opts, &report, &counts);
	if (status == S2S_OK || status == S2S_NO) {
		check(counts.distinct == 3 && counts.calls == 3 && report.n > 0);
		check(counts.passed + counts.stopped + counts.undetermined == 3);
		check((status == S2S_OK) == (counts.passed == 3));
	} else {
		check(report.n == 0);
	}
	s2s_bytes_free(&report);
	s2s_trace_free(trace);
}

/* Empty where the bytes are no input. */
static struct s2s_bytes
profile_of(const void *p, size_t n)
{
	struct s2s_generate_options opts = {.format = "profile"};
	struct s2s_bytes profile = {0};
	struct s2s_trace *trace;

	if (read_trace(p, n, &trace) == S2S_OK)
		check(s2s_generate(trace, &opts, &profile, NULL) == S2S_OK);
	s2s_trace_free(trace);
	return profile;
}

static void
round_trip(const uint8_t *data, size_t size)
{
	struct s2s_bytes once = profile_of(data, size), twice = {0};

	if (once.n) {
		twice = profile_of(once.p, once.n);
		check(twice.n == once.n && memcmp(twice.p, once.p, once.n) == 0);
	}
	s2s_bytes_free(&once);
	s2s_bytes_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	judge(data, size);
	round_trip(data, size);
	return 0;
}
