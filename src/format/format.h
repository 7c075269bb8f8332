/* SPDX-License-Identifier: MIT */
/* Policy to text or binary: one format a file, each a row in format.c. */
#pragma once

#include "base/log.h"
#include "base/out.h"
#include "filter/filter.h"
#include "policy/policy.h"
#include "tree/tree.h"

struct s2s_format_input {
	struct s2s_tree *tree;           /* NULL: not at hand */
	const struct s2s_policy *policy; /* NULL for tree formats */
	const struct s2s_filter *filter; /* compiled from policy */
};

struct s2s_format_options {
	const char *format;   /* its name */
	const char *function; /* name of the C function */
	bool tsync;           /* all threads (SECCOMP_FILTER_FLAG_TSYNC) */
	bool no_new_privs;    /* set it; true unless the user says otherwise */
	bool exact;           /* nothing may be said otherwise than the policy does */
	bool groups;          /* of calls, where the format knows them */
	const char *header;   /* base name of the header for #include; NULL: none */
	const struct s2s_log *log;
	bool sigsys_handler; /* print the call that the action trap stops */
};

struct s2s_format {
	const char *name, *help;
	bool of_tree;       /* written from the tree: no policy is made */
	bool of_filter;     /* can be written from a filter without its policy */
	bool binary;        /* not for a terminal */
	bool in_program;    /* default of --installed-by: the program itself */
	bool lossy;         /* may say it otherwise than the policy (loss.h) */
	bool privs;         /* says whether no_new_privs is set */
	bool groups;        /* knows groups of calls */
	bool container;     /* a container's runtime loads it */
	bool answers;       /* a call can be stopped otherwise than others */
	bool whole_answers; /* the same, of calls that no rule allows only */
	bool any_arch;      /* serves policies of other architectures than x86_64 */
	bool many_arches;   /* and of several at once */
	/* Writes all or fails; S2S_INTERNAL where the format's own check of what it
	   will install fails, S2S_LIMIT where it does not fit (a message was logged).
	 */
	enum s2s_status (*write)(struct s2s_out *out, const struct s2s_format_input *in,
				 const struct s2s_format_options *opts);
	const char *extension; /* of a file's name; NULL: the name of the format */
};

const struct s2s_format *s2s_formats(size_t *ret_n);
const struct s2s_format *s2s_format_find(struct s2s_sv name);

/* The header that declares the C function. */
enum s2s_status s2s_format_c_header(struct s2s_out *out,
				    const struct s2s_format_options *opts);

/* One argument in text, symbolic where a set of constants has it: "O_RDONLY|O_CLOEXEC",
   "0x5413", "-100"; for profiles, comments and messages. */
void s2s_format_value(struct s2s_out *out, enum s2s_arch arch,
		      const struct s2s_kind *kind, uint64_t value);
/* A call as strace writes it, addresses and unknown arguments as words. */
void s2s_format_call(struct s2s_out *out, const struct s2s_syscall *sc,
		     const struct s2s_arg *arg, const struct s2s_kind *const *kind);
/* "fd 3..5, cmd in {F_GETFL, F_SETFL}", as messages show a rule. */
void s2s_format_rule(struct s2s_out *out, const struct s2s_syscall *sc,
		     const struct s2s_rule *rule);
