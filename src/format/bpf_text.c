/* SPDX-License-Identifier: MIT */
/* bpf-text: the filter for people, one instruction a line. */
#include "format/formats.h"

enum s2s_status
s2s_format_bpf_text(struct s2s_out *out, const struct s2s_format_input *in,
		    const struct s2s_format_options *opts)
{
	TRY(s2s_format_fits(in->filter, opts->log));
	s2s_filter_print(out, in->filter->insn, in->filter->n);
	return out->status;
}
