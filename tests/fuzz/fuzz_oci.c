/* SPDX-License-Identifier: MIT */
/* Any text as an OCI profile or a template of one, for any host. What becomes of it in
   any format passes its own checks; written as an OCI profile it is read again; what is
   judged by it adds up. */
#include "fuzz.h"

#include <string.h>

static const char *const caps[] = {"CAP_SYS_ADMIN", "CAP_NET_RAW", NULL};

static struct s2s_host_options
host_by(uint32_t by)
{
	static const char *const kernels[] = {NULL, "4.8", "6.1"};
	static const char *const runtimes[] = {NULL, "runc", "crun"};

	return (struct s2s_host_options){
	    .caps = by & 1 ? caps : NULL,
	    .kernel = kernels[(by >> 1) % 3],
	    .runtime = runtimes[(by >> 3) % 3],
	};
}

static void
judge(const uint8_t *data, size_t size, const struct s2s_host_options *host)
{
	static const char log[] =
	    "close(3) = 0\n"
	    "openat(AT_FDCWD, \"x\", O_RDONLY) = 3\n"
	    "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x1\n";
	struct s2s_judge_options opts = {.host = *host};
	struct s2s_judge_counts counts = {0};
	struct s2s_bytes report = {0};
	struct s2s_trace *trace;
	enum s2s_status status;

	check(fuzz_trace(log, strlen(log), NULL, &trace) == S2S_OK);
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

static enum s2s_status
convert(const void *p, size_t n, const struct s2s_host_options *host,
	const char *format, struct s2s_bytes *ret)
{
	struct s2s_generate_options opts = {.format = format};
	enum s2s_status status =
	    s2s_convert("profile", p, n, host, &opts, NULL, ret, NULL);

	check(status != S2S_INTERNAL && status != S2S_IO);
	check((status == S2S_OK) == (ret->p != NULL));
	return status;
}

static void
convert_twice(const uint8_t *data, size_t size, const struct s2s_host_options *host)
{
	struct s2s_bytes once = {0}, twice = {0};

	if (convert(data, size, host, "oci", &once) == S2S_OK)
		check(convert(once.p, once.n, host, "oci", &twice) == S2S_OK);
	s2s_bytes_free(&once);
	s2s_bytes_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const formats[] = {"c",   "bpf-c",    "bpf",   "systemd",
					      "spo", "firejail", "kafel", "bpf-text"};
	uint32_t by = fuzz_hash(data, size);
	struct s2s_host_options host = host_by(by);
	struct s2s_bytes policy = {0};

	if (size == 0 || data[0] != '{') /* any other is for fuzz_filter */
		return -1;
	judge(data, size, &host);
	if (by >> 8 & 1) /* slow */
		return 0;
	if (by >> 9 & 1)
		convert_twice(data, size, &host);
	else
		convert(data, size, &host, formats[(by >> 10) % 8], &policy);
	s2s_bytes_free(&policy);
	return 0;
}
