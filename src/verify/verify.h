/* SPDX-License-Identifier: MIT */
/* A filter over a log: would it have let this log run? */
#pragma once

#include "base/log.h"
#include "base/out.h"
#include "filter/filter.h"
#include "policy/policy.h"
#include "tree/tree.h"

/* Filters to judge: all must let a call pass (the kernel takes the strictest). */
struct s2s_verify_input {
	const struct s2s_filter *filters;
	size_t n;
	const struct s2s_policy
	    *policy; /* for the nearest rule; NULL: read from filters */
};

struct s2s_verify_options {
	bool undetermined_allows;                /* --undetermined=allow */
	bool keep_launcher_exec;                 /* --installed-by=launcher */
	const struct s2s_syscall *const *denied; /* on purpose: not judged */
	size_t n_denied;
};

/* Judges every leaf; writes one paragraph for each distinct call that is stopped or
   undetermined: place, call, verdict, nearest rule, the argument that failed it.
   S2S_NO where a call is stopped (or undetermined, unless allowed). */
enum s2s_status s2s_verify(struct s2s_tree *tree, const struct s2s_verify_input *in,
			   const struct s2s_verify_options *opts, struct s2s_out *out,
			   struct s2s_judge_counts *ret);

/* The lines below such a finding, for a call that was seen to get this verdict:
   verdict, nearest rule, the argument that failed it. */
void s2s_verify_explain(const struct s2s_verify_input *in, const struct s2s_call *call,
			uint32_t verdict, struct s2s_out *out);

/* What a filter returned, as `verify` and `run` name it: errno=EACCES. */
void s2s_verify_put_verdict(struct s2s_out *out, uint32_t verdict);
