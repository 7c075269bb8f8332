/* SPDX-License-Identifier: MIT */
/* s2s_judge(): a filter that somebody else made, held against a trace. */
#include "pipe/make.h"
#include "verify/verify.h"

#include <inttypes.h>

static void
sum_up(struct s2s_out *out, const struct s2s_judge_counts *counts)
{
	s2s_out_printf(out,
		       "%" PRIu64 " distinct call%s (%" PRIu64 " in all): %" PRIu64
		       " pass, %" PRIu64 " stopped, %" PRIu64 " undetermined\n",
		       counts->distinct, counts->distinct == 1 ? "" : "s",
		       counts->calls, counts->passed, counts->stopped,
		       counts->undetermined);
}

enum s2s_status
s2s_judge(struct s2s_trace *trace, const char *name, const void *bytes, size_t n,
	  const struct s2s_judge_options *opts, struct s2s_bytes *ret_report,
	  struct s2s_judge_counts *ret_counts)
{
	S2S_CLEANUP(s2s_filter_done) struct s2s_filter filter = {0};
	struct s2s_verify_input in = {.filters = &filter, .n = 1};
	struct s2s_verify_options verify = {
	    .undetermined_allows = opts->undetermined_allows,
	    .keep_launcher_exec = true,
	};
	struct s2s_judge_counts counts;
	struct s2s_oci_host host;
	enum s2s_status status;
	struct s2s_out out;

	TRY(s2s_installed_by(opts->installed_by, trace->log,
			     &verify.keep_launcher_exec));
	TRY(s2s_oci_host(&opts->host, trace->log, &host));
	TRY(s2s_read_filter((struct s2s_sv){bytes, n}, name, &host, trace->log,
			    &filter));
	s2s_out_memory(&out);
	status = s2s_verify(trace->tree, &in, &verify, &out, &counts);
	sum_up(&out, &counts);
	s2s_bytes_take(ret_report, &out);
	if (ret_counts)
		*ret_counts = counts;
	return status;
}
