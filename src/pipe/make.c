/* SPDX-License-Identifier: MIT */
#include "pipe/make.h"

#include "verify/verify.h"

#include <inttypes.h>

void
s2s_made_done(struct s2s_made *made)
{
	s2s_policy_free(made->policy);
	s2s_filter_done(&made->filter);
	*made = (struct s2s_made){0};
}

/* "x86_64, i386" */
static void
out_arches(struct s2s_out *out, uint32_t arches)
{
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
		if (arches >> arch & 1)
			s2s_out_printf(out, "%s%s", out->n ? ", " : "",
				       s2s_arch_name((enum s2s_arch)arch));
}

enum s2s_status
s2s_check_arches(const struct s2s_plan *plan, const struct s2s_policy *policy,
		 const struct s2s_log *log)
{
	if (!plan->format->any_arch && policy->arches & ~(1U << S2S_ARCH_X86_64)) {
		S2S_CLEANUP(s2s_out_done) struct s2s_out names;

		s2s_out_memory(&names);
		out_arches(&names, policy->arches);
		s2s_log(log, S2S_LOG_ERROR,
			"the policy is one for %.*s, the format %s serves x86_64 "
			"alone: use --format=bpf or --format=bpf-c",
			(int)names.n, names.p, plan->format->name);
		return S2S_USAGE;
	}
	if (plan->write.sigsys_handler && policy->arches >> S2S_ARCH_AARCH64 & 1) {
		s2s_log(log, S2S_LOG_ERROR,
			"--sigsys-handler: the handler is one for x86 machines");
		return S2S_USAGE;
	}
	return S2S_OK;
}

static void
say_difference(const struct s2s_log *log, const struct s2s_check *check)
{
	const struct s2s_point *at = &check->differs;

	s2s_log(
	    log, S2S_LOG_ERROR,
	    "the filter says 0x%08" PRIx32 ", the policy 0x%08" PRIx32
	    " of call %" PRIu32 " (architecture 0x%08" PRIx32 ", arguments 0x%" PRIx64
	    ", 0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64
	    "): a bug in strace2seccomp; nothing was written",
	    check->filter_says, check->policy_says, at->nr, at->audit_arch, at->args[0],
	    at->args[1], at->args[2], at->args[3], at->args[4], at->args[5]);
}

enum s2s_status
s2s_prove_filter(const struct s2s_made *made, const struct s2s_log *log)
{
	struct s2s_check check = {0};
	enum s2s_status status = s2s_filter_check(made->policy, &made->filter, &check);

	if (status == S2S_OK)
		s2s_log(log, S2S_LOG_INFO, "filter and policy agree on %s%zu points",
			check.proven ? "all calls, proven; tried on " : "",
			check.points);
	else
		say_difference(log, &check);
	return status;
}

enum s2s_status
s2s_prove_trace(struct s2s_trace *trace, const struct s2s_plan *plan,
		const struct s2s_made *made)
{
	struct s2s_verify_input in = {&made->filter, 1, made->policy};
	struct s2s_verify_options opts = {
	    .keep_launcher_exec = plan->optimize.keep_launcher_exec,
	    .denied = plan->optimize.deny,
	    .n_denied = plan->optimize.n_deny,
	};
	struct s2s_judge_counts counts;
	enum s2s_status status;
	struct s2s_out out;

	s2s_out_memory(&out);
	status = s2s_verify(trace->tree, &in, &opts, &out, &counts);
	if (status == S2S_NO) {
		s2s_log(trace->log, S2S_LOG_ERROR,
			"the policy stops what it was made from, a bug in "
			"strace2seccomp; nothing was written\n%.*s",
			(int)out.n, out.p);
		status = S2S_INTERNAL;
	} else if (status == S2S_OK) {
		s2s_log(trace->log, S2S_LOG_INFO,
			"the policy lets its own input pass: %" PRIu64
			" distinct call%s, %" PRIu64 " in all",
			counts.distinct, counts.distinct == 1 ? "" : "s", counts.calls);
	}
	s2s_out_done(&out);
	return status;
}
