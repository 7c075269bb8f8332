/* SPDX-License-Identifier: MIT */
#include "base/out.h"

#include "base/arena.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FLUSH_AT = 64 * 1024 };

void
s2s_out_memory(struct s2s_out *out)
{
	*out = (struct s2s_out){.fd = -1};
}

void
s2s_out_fd(struct s2s_out *out, int fd)
{
	*out = (struct s2s_out){.fd = fd};
}

static void
flush(struct s2s_out *out)
{
	size_t done = 0;

	while (out->status == S2S_OK && done < out->n) {
		ssize_t n = write(out->fd, out->p + done, out->n - done);

		if (n > 0) {
			done += (size_t)n;
		} else if (n == 0 || errno != EINTR) {
			out->error = n == 0 ? EIO : errno;
			out->status = S2S_IO;
		}
	}
	out->n = 0;
}

void
s2s_out_bytes(struct s2s_out *out, const void *p, size_t n)
{
	if (out->status != S2S_OK || n == 0)
		return;
	if (out->cap - out->n < n) {
		size_t cap = out->cap ? out->cap : 256;

		while (cap - out->n < n)
			cap *= 2;
		out->p = s2s_realloc(out->p, cap, 1);
		out->cap = cap;
	}
	memcpy(out->p + out->n, p, n);
	out->n += n;
	if (out->fd >= 0 && out->n >= FLUSH_AT)
		flush(out);
}

void
s2s_out_sv(struct s2s_out *out, struct s2s_sv s)
{
	s2s_out_bytes(out, s.p, s.n);
}

void
s2s_out_str(struct s2s_out *out, const char *s)
{
	s2s_out_bytes(out, s, strlen(s));
}

void
s2s_out_char(struct s2s_out *out, char c)
{
	s2s_out_bytes(out, &c, 1);
}

void
s2s_out_vprintf(struct s2s_out *out, const char *fmt, va_list ap)
{
	char small[256];
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(small, sizeof small, fmt, ap);
	if (n >= 0 && (size_t)n < sizeof small) {
		s2s_out_bytes(out, small, (size_t)n);
	} else if (n >= 0) {
		char *large = s2s_realloc(NULL, (size_t)n + 1, 1);

		vsnprintf(large, (size_t)n + 1, fmt, again);
		s2s_out_bytes(out, large, (size_t)n);
		free(large);
	}
	va_end(again);
}

void
s2s_out_printf(struct s2s_out *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	s2s_out_vprintf(out, fmt, ap);
	va_end(ap);
}

enum s2s_status
s2s_out_end(struct s2s_out *out)
{
	if (out->fd >= 0)
		flush(out);
	return out->status;
}

struct s2s_sv
s2s_out_text(const struct s2s_out *out)
{
	return (struct s2s_sv){out->p ? out->p : "", out->n};
}

void
s2s_out_done(struct s2s_out *out)
{
	free(out->p);
	*out = (struct s2s_out){.fd = -1};
}

static bool
is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f;
}

void
s2s_out_json(struct s2s_out *out, struct s2s_sv s)
{
	s2s_out_char(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		/* A byte that is not ASCII becomes the code point of that number, so
		   that any file name gives valid JSON and bytes can be told apart. */
		if (!is_plain(c))
			s2s_out_printf(out, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			s2s_out_printf(out, "\\%c", c);
		else
			s2s_out_char(out, (char)c);
	}
	s2s_out_char(out, '"');
}

void
s2s_out_escaped(struct s2s_out *out, struct s2s_sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (!is_plain(c))
			s2s_out_printf(out, "\\x%02x", c);
		else if (c == '\\')
			s2s_out_str(out, "\\\\");
		else
			s2s_out_char(out, (char)c);
	}
}

void
s2s_out_c_comment(struct s2s_out *out, struct s2s_sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		unsigned char before = i ? (unsigned char)s.p[i - 1] : ' ';

		if (!is_plain(c) || c == '\\' || (c == '/' && before == '*') ||
		    (c == '*' && before == '/') || (c == '?' && before == '?'))
			s2s_out_printf(out, "%%%02x", c);
		else
			s2s_out_char(out, (char)c);
	}
}
