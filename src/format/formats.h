/* SPDX-License-Identifier: MIT */
/* The writers that format.c lists, and what they share. */
#pragma once

#include "format/format.h"

typedef enum s2s_status s2s_format_fn(struct s2s_out *out,
				      const struct s2s_format_input *in,
				      const struct s2s_format_options *opts);

s2s_format_fn s2s_format_c;
s2s_format_fn s2s_format_bpf_c;
s2s_format_fn s2s_format_bpf;
s2s_format_fn s2s_format_bpf_text;
s2s_format_fn s2s_format_oci;
s2s_format_fn s2s_format_spo;
s2s_format_fn s2s_format_systemd;
s2s_format_fn s2s_format_firejail;
s2s_format_fn s2s_format_minijail;
s2s_format_fn s2s_format_kafel;
s2s_format_fn s2s_format_profile;
s2s_format_fn s2s_format_dot;

/* Bits of a word of flags that are free, not a value of it: "O_CLOEXEC|O_NOFOLLOW". */
void s2s_format_bits(struct s2s_out *out, enum s2s_arch arch,
		     const struct s2s_kind *kind, uint64_t bits);

/* What the arguments are under a rule's own selectors. */
void s2s_format_rule_kinds(const struct s2s_syscall *sc, const struct s2s_rule *rule,
			   const struct s2s_kind *ret[S2S_ARGS_MAX]);

/* S2S_LIMIT and advice where the kernel would not take that many instructions. */
enum s2s_status s2s_format_fits(const struct s2s_filter *filter,
				const struct s2s_log *log);
