/* SPDX-License-Identifier: MIT */
/* firejail: lines of a profile, see firejail-profile(5). It knows names only. */
#include "format/c_text.h"
#include "format/formats.h"
#include "format/names.h"

enum { NEWEST_NAMED = 440 }; /* by firejail 0.9.72: process_madvise */

/* A number stands for a name that firejail may not know. */
static void
out_calls(struct s2s_out *out, const struct s2s_policy *policy)
{
	const char *comma = "seccomp.keep ";

	for (size_t i = 0; i < policy->n; i++) {
		const struct s2s_syscall *sc = policy->calls[i].sc;

		if (sc->nr > NEWEST_NAMED || s2s_is_nameless(sc->arch, sc->nr))
			s2s_out_printf(out, "%s$%u", comma, sc->nr);
		else
			s2s_out_printf(out, "%s%s", comma, sc->name);
		comma = ",";
	}
	s2s_out_char(out, '\n');
}

/* What it lets pass until its library in the program forbids it, which a static program
   does not load. */
static void
say_own_calls(struct s2s_loss *loss, const struct s2s_policy *policy)
{
	static const char *const own[] = {"execve", "execveat", "prctl"};

	for (size_t i = 0; i < S2S_ARRAY_SIZE(own); i++)
		if (!s2s_policy_find(
			policy, s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(own[i]))))
			s2s_loss_add(loss,
				     "firejail allows %s until its library, preloaded "
				     "into the program, forbids it; a static program "
				     "keeps it.",
				     own[i]);
}

static enum s2s_status
out_error(struct s2s_out *out, struct s2s_action action,
	  const struct s2s_format_options *opts)
{
	const char *name = NULL;

	if (action.kind == S2S_ACTION_KILL_THREAD)
		name = "kill";
	else if (action.kind == S2S_ACTION_LOG)
		name = "log";
	else if (action.kind == S2S_ACTION_ERRNO)
		name = strerrorname_np(action.data);
	if (!name)
		return s2s_no_action(opts, action,
				     "kill-process, kill-thread, log and errno with a "
				     "name");
	s2s_out_printf(out, "seccomp-error-action %s\n", name);
	return S2S_OK;
}

static void
say_answers(struct s2s_loss *loss, const struct s2s_policy *policy)
{
	if (policy->action.kind == S2S_ACTION_KILL_PROCESS)
		s2s_loss_add(loss, "firejail's kill ends the thread, not the process.");
	if (!s2s_same_action(policy->unknown, policy->action))
		s2s_loss_add(loss, "Calls newer than our tables get the answer of "
				   "forbidden ones: firejail has one only.");
	s2s_loss_remark(loss,
			"Of other architectures and x32 all calls fail with EPERM, "
			"or end the thread.");
}

enum s2s_status
s2s_format_firejail(struct s2s_out *out, const struct s2s_format_input *in,
		    const struct s2s_format_options *opts)
{
	struct s2s_action action = in->policy->action;
	struct s2s_loss loss;
	enum s2s_status status;

	s2s_loss_init(&loss);
	s2s_loss_arguments(&loss, in->policy, "firejail knows no arguments");
	say_own_calls(&loss, in->policy);
	say_answers(&loss, in->policy);
	s2s_text_head(out, "# ", in->policy, &loss, opts);
	s2s_out_str(out, opts->no_new_privs ? "\nnonewprivs\n" : "\n");
	s2s_out_str(out, "seccomp.block-secondary\n");
	out_calls(out, in->policy);
	if (action.kind == S2S_ACTION_KILL_PROCESS)
		action.kind = S2S_ACTION_KILL_THREAD;
	status = out_error(out, action, opts);
	if (status == S2S_OK)
		status = s2s_loss_end(&loss, opts);
	s2s_loss_done(&loss);
	return status == S2S_OK ? out->status : status;
}
