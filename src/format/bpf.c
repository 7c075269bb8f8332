/* SPDX-License-Identifier: MIT */
/* bpf: the filter as the kernel takes it, an array of struct sock_filter. */
#include "format/formats.h"

enum s2s_status
s2s_format_fits(const struct s2s_filter *filter, const struct s2s_log *log)
{
	if (filter->n <= S2S_FILTER_MAX)
		return S2S_OK;
	s2s_log(log, S2S_LOG_ERROR,
		"the filter has %zu instructions, the kernel takes %d; --fit loosens "
		"what costs most, --level=LEVEL all",
		filter->n, S2S_FILTER_MAX);
	return S2S_LIMIT;
}

enum s2s_status
s2s_format_bpf(struct s2s_out *out, const struct s2s_format_input *in,
	       const struct s2s_format_options *opts)
{
	TRY(s2s_format_fits(in->filter, opts->log));
	s2s_out_bytes(out, in->filter->insn, in->filter->n * sizeof *in->filter->insn);
	return out->status;
}
