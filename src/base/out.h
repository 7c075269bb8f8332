/* SPDX-License-Identifier: MIT */
/* Output: keeps the first failure and is asked once, like ferror(). Collects in memory
   or hands on to a descriptor. */
#pragma once

#include "base/attr.h"
#include "base/status.h"
#include "base/sv.h"

#include <stdarg.h>
#include <stddef.h>

struct s2s_out {
	char *p; /* what is not written yet */
	size_t n, cap;
	int fd; /* -1: stays in memory */
	enum s2s_status status;
	int error; /* errno of the first failure */
};

void s2s_out_memory(struct s2s_out *out);
void s2s_out_fd(struct s2s_out *out,
		int fd); /* borrowed; EINTR and short writes mended */
void s2s_out_bytes(struct s2s_out *out, const void *p, size_t n);
void s2s_out_sv(struct s2s_out *out, struct s2s_sv s);
void s2s_out_str(struct s2s_out *out, const char *s);
void s2s_out_char(struct s2s_out *out, char c);
void s2s_out_printf(struct s2s_out *out, const char *fmt, ...) S2S_PRINTF(2, 3);
void s2s_out_vprintf(struct s2s_out *out, const char *fmt, va_list ap) S2S_PRINTF(2, 0);
/* Writes what is left. The status of the first failure. */
enum s2s_status s2s_out_end(struct s2s_out *out);
struct s2s_sv s2s_out_text(const struct s2s_out *out); /* of one in memory; borrowed */
void s2s_out_done(struct s2s_out *out);

/* Foreign text made harmless. Each escapes all but printable ASCII. */
void s2s_out_json(struct s2s_out *out, struct s2s_sv s); /* with its quotes */
void s2s_out_escaped(struct s2s_out *out,
		     struct s2s_sv s); /* \xNN, \\, for terminals */
/* For the inside of a C comment: also no "*" before "/", no "?" pair (trigraphs), no
   backslash at all. */
void s2s_out_c_comment(struct s2s_out *out, struct s2s_sv s);
