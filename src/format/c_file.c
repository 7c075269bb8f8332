/* SPDX-License-Identifier: MIT */
/* What generated C files have in common, whatever installs the policy. */
#include "format/c_text.h"

static const char guard[] = "#if !defined(__x86_64__) || defined(__ILP32__)\n"
			    "#error \"this policy is for x86_64\"\n"
			    "#endif\n"
			    "#ifndef _GNU_SOURCE\n"
			    "#define _GNU_SOURCE 1\n"
			    "#endif\n\n";

enum s2s_status
s2s_c_check_names(const struct s2s_format_options *opts, const char *const *taken,
		  size_t n)
{
	struct s2s_sv name = sv_from(opts->function);
	bool bad = sv_starts(name, SV("nr_")) || sv_starts(name, SV("calls_")) ||
		   sv_starts(name, SV("rules_")) || sv_starts(name, SV("filters_")) ||
		   sv_starts(name, SV("sigsys_")) ||
		   (opts->header && strpbrk(opts->header, "\"\\\n"));

	for (size_t i = 0; i < n; i++)
		bad = bad || strcmp(opts->function, taken[i]) == 0;
	if (!bad)
		return S2S_OK;
	s2s_log(opts->log, S2S_LOG_ERROR,
		"the name of the function or of its header cannot be used in C that "
		"includes other names: choose another");
	return S2S_USAGE;
}

void
s2s_c_includes(struct s2s_out *out, const struct s2s_c_headers *headers)
{
	s2s_out_str(out, guard);
	for (size_t i = 0; i < headers->n; i++)
		s2s_out_printf(out, "#include <%s>\n", headers->name[i]);
	s2s_out_char(out, '\n');
}

void
s2s_c_declaration(struct s2s_out *out, const struct s2s_format_options *opts)
{
	if (opts->header)
		s2s_out_printf(out, "#include \"%s\"\n\n", opts->header);
	else
		s2s_out_printf(out,
			       "#ifdef __cplusplus\n"
			       "extern \"C\"\n"
			       "#endif\n"
			       "int %s(void);\n\n",
			       opts->function);
}

void
s2s_c_flags(struct s2s_out *out, const struct s2s_format_options *opts, bool listener)
{
	if (listener && opts->tsync)
		s2s_out_str(out, "#ifndef SECCOMP_FILTER_FLAG_TSYNC_ESRCH\n"
				 "#define SECCOMP_FILTER_FLAG_TSYNC_ESRCH (1UL << 4)\n"
				 "#endif\n");
	s2s_out_str(out, "#define FLAGS ");
	if (listener && opts->tsync)
		s2s_out_str(out, "(SECCOMP_FILTER_FLAG_NEW_LISTENER | "
				 "SECCOMP_FILTER_FLAG_TSYNC | \\\n"
				 "\t       SECCOMP_FILTER_FLAG_TSYNC_ESRCH)");
	else if (listener)
		s2s_out_str(out, "SECCOMP_FILTER_FLAG_NEW_LISTENER");
	else
		s2s_out_str(out, opts->tsync ? "SECCOMP_FILTER_FLAG_TSYNC" : "0UL");
	s2s_out_str(out, "\n\n");
}
