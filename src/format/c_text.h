/* SPDX-License-Identifier: MIT */
/* Pieces of generated C: comments whatever their text, rules, actions, tables. */
#pragma once

#include "format/format.h"
#include "format/scmp.h"

enum { S2S_C_WIDTH = 88 }; /* columns of generated C; a tab is 8 */

/* Escapes text for the inside of a comment and breaks it at spaces. */
void s2s_c_wrap(struct s2s_out *out, const char *first, const char *next,
		struct s2s_sv text, const char *end);
/* The same as a comment of its own, indented. */
void s2s_c_comment(struct s2s_out *out, const char *indent, struct s2s_sv text);

/* Where a rule was first seen, in how many runs, how often, and why it is as it is. */
void s2s_c_provenance(struct s2s_out *out, const struct s2s_policy_call *call,
		      const struct s2s_rule *rule);

/* "kill-process", "errno=38 (ENOSYS)". */
void s2s_c_action_text(struct s2s_out *out, struct s2s_action action);
/* "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_ERRNO(ENOSYS)". */
void s2s_c_action_scmp(struct s2s_out *out, struct s2s_action action);
/* "SECCOMP_RET_ERRNO | ENOSYS". */
void s2s_c_action_ret(struct s2s_out *out, struct s2s_action action);

/* The headers that a C file needs, in the order of their names. */
enum { S2S_C_HEADERS_MAX = 48 };
struct s2s_c_headers {
	const char *name[S2S_C_HEADERS_MAX]; /* static */
	size_t n;
};
void s2s_c_header_add(struct s2s_c_headers *headers, const char *name);

/* A bound of a range as a C expression; adds the headers that it needs. */
void s2s_c_value(struct s2s_out *out, enum s2s_arch arch, const struct s2s_kind *kind,
		 const struct s2s_scmp_range *range, uint64_t value,
		 struct s2s_c_headers *headers);

/* The handler of --sigsys-handler, whose names begin with sigsys_; what stands before
   the filter is installed, and behind it, in a function that has `rc`, and `i` for
   several programs. */
void s2s_c_sigsys_headers(struct s2s_c_headers *headers);
void s2s_c_sigsys(struct s2s_out *out, const struct s2s_policy *policy); /* or NULL */
void s2s_c_sigsys_catch(struct s2s_out *out);
void s2s_c_sigsys_release(struct s2s_out *out, bool several);

/* How the function is used. A header does not know the policy. */
enum s2s_c_result { S2S_C_ZERO, S2S_C_LISTENER, S2S_C_MAY_LISTEN };
void s2s_c_usage(struct s2s_out *out, const struct s2s_format_options *opts,
		 enum s2s_c_result result, bool pieces);
/* "Allows 12 system calls on x86_64, …": the policy in a few sentences. */
void s2s_c_summary(struct s2s_out *out, const struct s2s_policy *policy);

/* What a C file says of itself. */
struct s2s_c_file {
	const char *format;              /* its name */
	const struct s2s_policy *policy; /* NULL: not at hand */
	enum s2s_c_result result;
	size_t insns, programs;
	const char *build; /* a sentence: how it is compiled */
};
void s2s_c_head(struct s2s_out *out, const struct s2s_c_file *file,
		const struct s2s_format_options *opts);

/* What all C files have: no name that the file takes itself, S2S_USAGE if so; a test
   that the compiler is for one of the architectures (bit 1 << arch), and headers; the
   declaration; the macro FLAGS. */
enum s2s_status s2s_c_check_names(const struct s2s_format_options *opts,
				  const char *const *taken, size_t n);
void s2s_c_includes(struct s2s_out *out, uint32_t arches,
		    const struct s2s_c_headers *headers);
/* "x86_64 and i386" */
void s2s_c_arches(struct s2s_out *out, uint32_t arches);
void s2s_c_declaration(struct s2s_out *out, const struct s2s_format_options *opts);
void s2s_c_flags(struct s2s_out *out, const struct s2s_format_options *opts,
		 bool listener);

/* The numbers of the calls, the test for unknown ones, the rules of each filter. */
void s2s_c_numbers(struct s2s_out *out, const struct s2s_scmp *plan);
void s2s_c_front(struct s2s_out *out, const struct s2s_scmp *plan);
void s2s_c_filters(struct s2s_out *out, const struct s2s_scmp *plan,
		   const struct s2s_scmp_programs *programs,
		   struct s2s_c_headers *headers);
