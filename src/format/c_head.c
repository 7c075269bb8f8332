/* SPDX-License-Identifier: MIT */
/* The comment on top of generated C: what it is, what it allows, how it is used. */
#include "format/c_text.h"

#include "s2s.h"

static void
paragraph(struct s2s_out *out, struct s2s_sv text)
{
	s2s_c_wrap(out, " * ", " * ", text, "");
}

/* The level that made most calls; the others are named call by call. */
static const char *
usual_level(const struct s2s_policy *policy)
{
	const char *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < policy->n; i++) {
		size_t n = 0;

		for (size_t k = 0; k < policy->n && policy->calls[i].level; k++)
			n +=
			    policy->calls[k].level &&
			    strcmp(policy->calls[k].level, policy->calls[i].level) == 0;
		if (n > most) {
			most = n;
			best = policy->calls[i].level;
		}
	}
	return best;
}

static void
out_levels(struct s2s_out *text, const struct s2s_policy *policy)
{
	const char *usual = usual_level(policy);

	if (!usual)
		return;
	s2s_out_printf(text, " Level %s", usual);
	for (size_t i = 0; i < policy->n; i++)
		if (policy->calls[i].level &&
		    strcmp(policy->calls[i].level, usual) != 0)
			s2s_out_printf(text, ", %s for %s", policy->calls[i].level,
				       policy->calls[i].sc->name);
	s2s_out_char(text, '.');
}

void
s2s_c_arches(struct s2s_out *out, uint32_t arches)
{
	const char *between = "";

	if (arches == 0)
		arches = 1U << S2S_ARCH_X86_64;
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
		if (arches >> arch & 1) {
			s2s_out_printf(out, "%s%s", between,
				       s2s_arch_name((enum s2s_arch)arch));
			between = " and ";
		}
}

void
s2s_c_summary(struct s2s_out *out, const struct s2s_policy *policy)
{
	s2s_out_printf(out, "Allows %zu system calls on ", policy->n);
	s2s_c_arches(out, policy->arches);
	s2s_out_printf(out, ", %zu of them with certain arguments only.",
		       s2s_policy_restricted(policy));
	out_levels(out, policy);
	s2s_out_str(out, " Anything else: ");
	s2s_c_action_text(out, policy->action);
	s2s_out_str(out, "; numbers that no call had when this was made: ");
	s2s_c_action_text(out, policy->unknown);
	s2s_out_char(out, '.');
}

static void
out_summary(struct s2s_out *out, const struct s2s_c_file *file)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out text;

	s2s_out_memory(&text);
	s2s_c_summary(&text, file->policy);
	s2s_out_printf(&text, " %zu instructions of BPF in %zu program%s.", file->insns,
		       file->programs, file->programs == 1 ? "" : "s");
	paragraph(out, s2s_out_text(&text));
}

static void
out_notes(struct s2s_out *out, const struct s2s_policy *policy)
{
	if (policy->n_notes)
		s2s_out_str(out, " *\n * What was decided on the way:\n");
	for (size_t i = 0; i < policy->n_notes; i++)
		s2s_c_wrap(out, " * - ", " *   ", sv_from(policy->notes[i]), "");
}

static void
out_failure(struct s2s_out *out, size_t programs)
{
	if (programs == 1)
		return;
	s2s_out_str(out, " *\n");
	paragraph(
	    out, SV("The kernel takes 4096 instructions at once; this is more, so that "
		    "it is installed in pieces. All are ready before the first is "
		    "installed. Should the kernel refuse a later one (it is out of "
		    "memory, or other filters have used up its limit), the earlier "
		    "ones stay, since nothing can take them back: they stop some of "
		    "what the policy forbids and nothing that it allows."));
}

void
s2s_c_usage(struct s2s_out *out, const struct s2s_format_options *opts,
	    enum s2s_c_result result, bool pieces)
{
	static const char *const returns[] = {
	    [S2S_C_ZERO] = "0",
	    [S2S_C_MAY_LISTEN] =
		("0, or, with the action notify, the descriptor of the "
		 "listener"),
	    [S2S_C_LISTENER] =
		"the descriptor of the listener (close-on-exec), to be handed to "
		"whoever answers, by calls that are allowed; until it is answered a "
		"call blocks, and once all copies are closed calls fail with ENOSYS",
	};
	S2S_CLEANUP(s2s_out_done) struct s2s_out text;

	s2s_out_memory(&text);
	s2s_out_printf(&text, "int %s(void): call it once, when the program ",
		       opts->function);
	s2s_out_str(&text,
		    opts->tsync
			? "is set up. All threads get the policy, or none."
			: "is set up and before it starts threads: the thread that "
			  "calls it and all that come from it get the policy.");
	s2s_out_str(&text, opts->no_new_privs
			       ? " It sets no_new_privs, which stays."
			       : " It does not set no_new_privs: it needs that set "
				 "before, or CAP_SYS_ADMIN.");
	if (opts->sigsys_handler)
		s2s_out_str(&text,
			    " It installs a handler of SIGSYS, too, which prints the "
			    "call that the policy stops to standard error and ends "
			    "the process with status 159 (128 + SIGSYS). A thread "
			    "that blocks SIGSYS, and what the process executes, dies "
			    "without a word.");
	s2s_out_printf(&text, " Returns %s.", returns[result]);
	s2s_out_str(&text, " On failure returns a negative errno");
	if (pieces)
		s2s_out_str(&text, " (see below).");
	else
		s2s_out_str(&text, opts->no_new_privs
				       ? ", with nothing installed but, perhaps, "
					 "no_new_privs."
				       : ", with nothing installed.");
	s2s_out_str(&text, " errno stays as it was.");
	paragraph(out, s2s_out_text(&text));
}

void
s2s_c_head(struct s2s_out *out, const struct s2s_c_file *file,
	   const struct s2s_format_options *opts)
{
	s2s_out_printf(out,
		       "/* Made by strace2seccomp %s, --format=%s: make it anew rather "
		       "than edit it.\n *\n",
		       s2s_version(), file->format);
	if (file->policy)
		out_summary(out, file);
	else
		s2s_out_printf(out, " * A filter of %zu instructions.\n", file->insns);
	s2s_out_str(out, " *\n");
	s2s_c_usage(out, opts, file->result, file->programs > 1);
	out_failure(out, file->programs);
	s2s_out_printf(out, " *\n * %s\n", file->build);
	if (file->policy)
		out_notes(out, file->policy);
	s2s_out_str(out, " */\n");
}
