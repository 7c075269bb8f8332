/* SPDX-License-Identifier: MIT */
/* c: C source for libseccomp. The policy becomes tables (c_tables.c), the code that
   installs them is always the same (install.c.in). What the code will do is done here
   first, and held against the policy. */
#include "format/c_text.h"
#include "format/formats.h"
#include "s2s.h"

#include "install.inc"

/* What install.c.in needs; constants add to it. */
static const struct s2s_c_headers headers_of_code = {
    .name = {"errno.h", "linux/audit.h", "linux/filter.h", "linux/seccomp.h",
	     "seccomp.h", "stddef.h", "stdint.h", "string.h", "sys/mman.h",
	     "sys/prctl.h", "sys/syscall.h", "sys/types.h", "unistd.h"},
    .n = 13,
};

/* What the file declares itself; the rest of what a function cannot be called is
   known where options are read. */
static const char *const taken[] = {
    "FLAGS",         "FORBIDDEN",      "IS",        "IS32",
    "IS64",          "PROGRAMS",       "RANGE",     "RANGE32",
    "RANGE64",       "add_rule",       "add_rules", "allow_others",
    "build_program", "compile_filter", "filter",    "filters",
    "lead_on",       "load_program",   "programs",  "put",
    "range",         "read_program",   "rule",      "unknown_numbers",
};

static bool
notifies(const struct s2s_policy *policy)
{
	return policy->action.kind == S2S_ACTION_NOTIFY ||
	       policy->unknown.kind == S2S_ACTION_NOTIFY;
}

static void
out_settings(struct s2s_out *out, const struct s2s_policy *policy,
	     const struct s2s_format_options *opts)
{
	s2s_out_str(out, "/* What is not allowed, other architectures included. */\n"
			 "#define FORBIDDEN ");
	s2s_c_action_scmp(out, policy->action);
	s2s_out_char(out, '\n');
	s2s_c_flags(out, opts, notifies(policy));
}

static void
out_programs(struct s2s_out *out, const struct s2s_scmp_programs *programs)
{
	if (programs->n == 1)
		return;
	s2s_out_printf(out,
		       "\nenum { PROGRAMS = %zu };\n\n"
		       "static const struct {\n"
		       "\tconst struct filter *filters;\n"
		       "\tsize_t n;\n"
		       "} programs[PROGRAMS] = {\n",
		       programs->n);
	for (size_t p = 1; p <= programs->n; p++)
		s2s_out_printf(out,
			       "\t{filters_%zu, sizeof filters_%zu / sizeof "
			       "*filters_%zu},\n",
			       p, p, p);
	s2s_out_str(out, "};\n\n");
}

static void
out_code(struct s2s_out *out, const struct s2s_scmp *plan,
	 const struct s2s_format_options *opts)
{
	s2s_out_str(out, install_compile);
	s2s_out_str(out, plan->n == 1 ? install_build_one : install_build_stack);
	s2s_out_str(out, install_load);
	if (notifies(plan->policy))
		s2s_out_str(out, install_result_listener);
	else
		s2s_out_str(out, opts->tsync ? install_result_tsync : install_result);
}

static void
out_function(struct s2s_out *out, const struct s2s_scmp *plan,
	     const struct s2s_scmp_programs *programs,
	     const struct s2s_format_options *opts)
{
	bool several = programs->n > 1;

	s2s_out_printf(out, "\nint\n%s(void)\n", opts->function);
	s2s_out_str(out, several ? install_head_several : install_head);
	if (!several)
		s2s_out_str(out, plan->n == 1 ? install_make_one : install_make_stack);
	if (opts->no_new_privs)
		s2s_out_str(out, install_no_new_privs);
	if (opts->sigsys_handler)
		s2s_c_sigsys_catch(out);
	s2s_out_str(out, several ? install_load_several : install_load_one);
	if (opts->sigsys_handler)
		s2s_c_sigsys_release(out, several);
	s2s_out_str(out, install_tail);
}

static enum s2s_status
make(const struct s2s_policy *policy, const struct s2s_log *log, struct s2s_scmp *plan,
     struct s2s_scmp_programs *programs)
{
	TRY(s2s_scmp_plan(policy, log, plan));
	return s2s_scmp_compile(plan, log, programs);
}

static void
out_head(struct s2s_out *out, const struct s2s_policy *policy,
	 const struct s2s_scmp_programs *programs,
	 const struct s2s_format_options *opts)
{
	struct s2s_c_file file = {
	    .format = "c",
	    .policy = policy,
	    .result = notifies(policy) ? S2S_C_LISTENER : S2S_C_ZERO,
	    .programs = programs->n,
	    .build = "Compile it as C or C++ and link with -lseccomp (2.5 or newer).",
	};

	for (size_t p = 0; p < programs->n; p++)
		file.insns += programs->program[p].n;
	s2s_c_head(out, &file, opts);
}

enum s2s_status
s2s_format_c(struct s2s_out *out, const struct s2s_format_input *in,
	     const struct s2s_format_options *opts)
{
	S2S_CLEANUP(s2s_scmp_done) struct s2s_scmp plan = {0};
	S2S_CLEANUP(s2s_scmp_programs_done) struct s2s_scmp_programs programs = {0};
	S2S_CLEANUP(s2s_out_done) struct s2s_out tables;
	struct s2s_c_headers headers = headers_of_code;

	if (opts->sigsys_handler)
		s2s_c_sigsys_headers(&headers);
	s2s_out_memory(&tables);
	TRY(s2s_c_check_names(opts, taken, S2S_ARRAY_SIZE(taken)));
	TRY(make(in->policy, opts->log, &plan, &programs));
	out_head(out, in->policy, &programs, opts);
	s2s_c_filters(&tables, &plan, &programs, &headers);
	s2s_c_includes(out, in->policy->arches, &headers);
	s2s_c_declaration(out, opts);
	out_settings(out, in->policy, opts);
	s2s_c_numbers(out, &plan);
	s2s_out_str(out, install_types);
	s2s_out_str(out, plan.n == 1 ? install_types_one : install_types_stack);
	s2s_out_char(out, '\n');
	s2s_c_front(out, &plan);
	s2s_out_sv(out, s2s_out_text(&tables));
	out_programs(out, &programs);
	if (opts->sigsys_handler)
		s2s_c_sigsys(out, in->policy);
	out_code(out, &plan, opts);
	out_function(out, &plan, &programs, opts);
	return out->status;
}

/* A guard of the function's name: one header for each. */
enum s2s_status
s2s_format_c_header(struct s2s_out *out, const struct s2s_format_options *opts)
{
	s2s_out_printf(out, "/* Made by strace2seccomp %s, --format=%s.\n *\n",
		       s2s_version(), opts->format);
	s2s_c_usage(out, opts, S2S_C_MAY_LISTEN, false);
	s2s_out_printf(out,
		       " */\n#ifndef S2S_HEADER_%s\n#define S2S_HEADER_%s\n\n"
		       "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
		       "int %s(void);\n\n"
		       "#ifdef __cplusplus\n}\n#endif\n\n#endif\n",
		       opts->function, opts->function, opts->function);
	return out->status;
}
