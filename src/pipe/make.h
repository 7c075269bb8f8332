/* SPDX-License-Identifier: MIT */
/* The middle of the pipe: tree to policy and filter, loosened until they fit. */
#pragma once

#include "format/oci_read.h"
#include "pipe/plan.h"
#include "pipe/trace.h"

struct s2s_made {
	struct s2s_policy *policy;
	struct s2s_filter filter;
};

void s2s_made_done(struct s2s_made *made);

/* The filter says on every boundary what the policy says, and the policy lets the trace
   pass: S2S_INTERNAL otherwise. */
enum s2s_status s2s_prove_filter(const struct s2s_made *made,
				 const struct s2s_log *log);
enum s2s_status s2s_prove_trace(struct s2s_trace *trace, const struct s2s_plan *plan,
				const struct s2s_made *made);

/* Warns of what an attacker could still do: one line at level warning, a sentence on
   each at level info. */
void s2s_say_powers(const struct s2s_policy *policy, const struct s2s_log *log);

/* Warns of processes that would inherit the filter of a part and make calls that it
   forbids. */
void s2s_say_inherited(struct s2s_trace *trace, const struct s2s_filter *filter);

/* Every rule, at level debug. */
void s2s_say_decisions(const struct s2s_policy *policy, const struct s2s_log *log);

/* Classic BPF or an OCI profile; S2S_SYNTAX with a message where it is neither. */
enum s2s_status s2s_read_filter(struct s2s_sv bytes, const char *name,
				const struct s2s_oci_host *host,
				const struct s2s_log *log, struct s2s_filter *ret);
/* S2S_USAGE where an option is malformed. */
enum s2s_status s2s_oci_host(const struct s2s_host_options *opts,
			     const struct s2s_log *log, struct s2s_oci_host *ret);
/* Whether this is a profile of ours, which becomes a policy as a log does. */
bool s2s_is_profile(const void *bytes, size_t n);
/* S2S_USAGE, said, where the format does not serve the policy's architectures. */
enum s2s_status s2s_check_arches(const struct s2s_plan *plan,
				 const struct s2s_policy *policy,
				 const struct s2s_log *log);
/* For the goal of the plan; what would not fit is better slow than refused. */
void s2s_plan_compile(const struct s2s_plan *plan, const struct s2s_policy *policy,
		      struct s2s_filter *ret);
/* The header that declares the C function. */
enum s2s_status s2s_write_header(const struct s2s_plan *plan, struct s2s_bytes *ret);

/* What was collected in memory becomes the caller's. */
void s2s_bytes_take(struct s2s_bytes *ret, struct s2s_out *out);
