/* SPDX-License-Identifier: MIT */
/* What generated C files have in common, whatever installs the policy. */
#include "format/c_text.h"

/* Programs of x86_64 install what is for i386 as well: they may become such. */
static void
out_guard(struct s2s_out *out, uint32_t arches)
{
	bool x86_64_only = arches == 0 || arches == 1U << S2S_ARCH_X86_64;
	const char *before = "#if ";

	if (x86_64_only) {
		s2s_out_str(out, "#if !defined(__x86_64__) || defined(__ILP32__)");
	} else if (arches != 1U << S2S_ARCH_AARCH64) {
		s2s_out_str(out, "#if (!defined(__x86_64__) || defined(__ILP32__))");
		before = " && ";
	}
	if (arches >> S2S_ARCH_I386 & 1) {
		s2s_out_printf(out, "%s!defined(__i386__)", before);
		before = " && ";
	}
	if (arches >> S2S_ARCH_AARCH64 & 1)
		s2s_out_printf(out, "%s!defined(__aarch64__)", before);
	s2s_out_str(out, "\n#error \"this policy is for ");
	s2s_c_arches(out, arches);
	s2s_out_str(out, "\"\n#endif\n"
			 "#ifndef _GNU_SOURCE\n"
			 "#define _GNU_SOURCE 1\n"
			 "#endif\n\n");
}

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
s2s_c_includes(struct s2s_out *out, uint32_t arches,
	       const struct s2s_c_headers *headers)
{
	out_guard(out, arches);
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
