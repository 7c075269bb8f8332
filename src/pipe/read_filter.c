/* SPDX-License-Identifier: MIT */
/* A filter that somebody else made, recognised by its content. */
#include "base/arena.h"
#include "format/oci_read.h"
#include "pipe/make.h"

static enum s2s_status not_a_filter(const struct s2s_log *log, const char *name,
				    const char *fmt, ...) S2S_PRINTF(3, 4);

static enum s2s_status
not_a_filter(const struct s2s_log *log, const char *name, const char *fmt, ...)
{
	struct s2s_out out;
	va_list ap;

	s2s_out_memory(&out);
	s2s_out_escaped(&out, sv_from(name));
	s2s_out_str(&out, ": ");
	va_start(ap, fmt);
	s2s_out_vprintf(&out, fmt, ap);
	va_end(ap);
	s2s_log(log, S2S_LOG_ERROR, "%.*s", (int)out.n, out.p);
	s2s_out_done(&out);
	return S2S_SYNTAX;
}

static enum s2s_status
read_bpf(struct s2s_sv bytes, const char *name, const struct s2s_log *log,
	 struct s2s_filter *ret)
{
	size_t n = bytes.n / sizeof *ret->insn, at;
	const char *why;

	if (bytes.n % sizeof *ret->insn)
		return not_a_filter(log, name,
				    "neither classic BPF (its size is no multiple of "
				    "%zu) nor an OCI seccomp profile",
				    sizeof *ret->insn);
	if (n > S2S_FILTER_MAX)
		return not_a_filter(log, name, "%zu instructions, the kernel takes %d",
				    n, S2S_FILTER_MAX);
	ret->insn = s2s_realloc(NULL, n, sizeof *ret->insn);
	memcpy(ret->insn, bytes.p, bytes.n);
	ret->n = n;
	if (s2s_filter_validate(ret->insn, n, &at, &why) == S2S_OK)
		return S2S_OK;
	return not_a_filter(log, name,
			    "the kernel would refuse this as a filter: instruction "
			    "%zu: %s",
			    at, why);
}

static bool
is_space(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Classic BPF cannot begin with a brace: no instruction has that code. */
enum s2s_status
s2s_read_filter(struct s2s_sv bytes, const char *name, const struct s2s_oci_host *host,
		const struct s2s_log *log, struct s2s_filter *ret)
{
	struct s2s_sv front = bytes;

	sv_take(&front, is_space);
	if (front.n == 0)
		return not_a_filter(log, name, "no filter: the file is empty");
	if (sv_peek(front) == '{')
		return s2s_oci_read(bytes, name, host, log, ret);
	return read_bpf(bytes, name, log, ret);
}
