/* SPDX-License-Identifier: MIT */
/* systemd: a drop-in for a unit, see systemd.exec(5). It knows names only, adds calls
   of its own choice, and kills or fails. */
#include "format/by_name.h"
#include "format/c_text.h"
#include "format/formats.h"
#include "format/names.h"

#include <errno.h>
#include <stdio.h>

static const struct member {
	const char *group, *call;
} members[] = {
#include "systemd.inc"
};

enum {
	WIDTH = 88,
	WORTH = 2 /* a group is used where 1 in so many of it is allowed */
};

struct writer {
	struct s2s_out *out;
	struct s2s_policy *policy; /* each name once, for all architectures */
	struct s2s_loss loss;
};

static bool
in_policy(const struct writer *w, const char *call)
{
	for (size_t i = 0; i < w->policy->n; i++)
		if (strcmp(w->policy->calls[i].sc->name, call) == 0)
			return true;
	return false;
}

/* Whether an architecture of the policy has the call. */
static bool
exists(const struct writer *w, const char *call)
{
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
		if (w->policy->arches >> arch & 1 &&
		    s2s_syscall_by_name((enum s2s_arch)arch, sv_from(call)))
			return true;
	return false;
}

static bool
is_in(const char *group, const char *call)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(members); i++)
		if (strcmp(members[i].group, group) == 0 &&
		    strcmp(members[i].call, call) == 0)
			return true;
	return false;
}

/* What a group allows beyond the policy. */
static void
say_beyond(struct writer *w, const char *group, const char *why)
{
	struct s2s_out names;
	size_t n = 0;

	s2s_out_memory(&names);
	for (size_t i = 0; i < S2S_ARRAY_SIZE(members); i++)
		if (strcmp(members[i].group, group) == 0 &&
		    exists(w, members[i].call) && !in_policy(w, members[i].call))
			s2s_out_printf(&names, "%s%s", n++ ? " " : "", members[i].call);
	if (n)
		s2s_loss_add(&w->loss, "%s %zu call%s that the policy forbids: %.*s.",
			     why, n, n == 1 ? "" : "s", (int)names.n, names.p);
	s2s_out_done(&names);
}

/* ---- --groups ---- */

static bool
is_worth(const struct writer *w, const char *group)
{
	size_t n = 0, allowed = 0;

	for (size_t i = 0; i < S2S_ARRAY_SIZE(members); i++)
		if (strcmp(members[i].group, group) == 0 &&
		    exists(w, members[i].call)) {
			n++;
			allowed += in_policy(w, members[i].call);
		}
	return n && allowed * WORTH >= n;
}

static bool
begins_group(size_t i)
{
	return i == 0 || strcmp(members[i].group, members[i - 1].group) != 0;
}

/* Whether a group that is used has the call. */
static bool
is_grouped(const struct writer *w, const char *call)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(members); i++)
		if (begins_group(i) && strcmp(members[i].group, "@default") != 0 &&
		    is_in(members[i].group, call) && is_worth(w, members[i].group))
			return true;
	return false;
}

static void
say_groups(struct writer *w)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(members); i++) {
		char why[64];

		if (!begins_group(i) || strcmp(members[i].group, "@default") == 0 ||
		    !is_worth(w, members[i].group))
			continue;
		snprintf(why, sizeof why, "--groups: %s also allows", members[i].group);
		say_beyond(w, members[i].group, why);
	}
}

/* ---- the drop-in ---- */

static void
out_calls(struct writer *w, bool groups)
{
	struct s2s_names names = {w->out, "SystemCallFilter=", " ", "", WIDTH, 0};

	/* Forgets what the unit itself lists. */
	s2s_out_str(w->out, "SystemCallFilter=\n");
	for (size_t i = 0; i < S2S_ARRAY_SIZE(members) && groups; i++)
		if (begins_group(i) && strcmp(members[i].group, "@default") != 0 &&
		    is_worth(w, members[i].group))
			s2s_names_add(&names, members[i].group);
	for (size_t i = 0; i < w->policy->n; i++)
		if (!groups || !is_grouped(w, w->policy->calls[i].sc->name))
			s2s_names_add(&names, w->policy->calls[i].sc->name);
	s2s_names_end(&names);
}

static bool
is_sayable(struct s2s_action action)
{
	return action.kind == S2S_ACTION_KILL_PROCESS ||
	       action.kind == S2S_ACTION_ERRNO;
}

static void
out_error(struct s2s_out *out, struct s2s_action action)
{
	const char *name =
	    action.kind == S2S_ACTION_ERRNO ? strerrorname_np(action.data) : "kill";

	if (name)
		s2s_out_str(out, name);
	else
		s2s_out_printf(out, "%u", action.data);
}

struct answers {
	const struct writer *w;
	struct s2s_names names;
};

static void
add_answer(void *self, const struct s2s_syscall *sc)
{
	struct answers *a = self;
	struct s2s_action action = s2s_policy_stops(a->w->policy, sc);
	S2S_CLEANUP(s2s_out_done) struct s2s_out text;

	s2s_out_memory(&text);
	if (in_policy(a->w, sc->name) ||
	    s2s_same_action(action, a->w->policy->action) || !is_sayable(action))
		return;
	s2s_out_printf(&text, "%s:", sc->name);
	out_error(&text, action);
	s2s_out_char(&text, '\0');
	s2s_names_add(&a->names, text.p);
}

/* What is taken off a list of allowed calls can have an answer of its own. */
static void
out_answers(const struct writer *w)
{
	struct answers a = {w, {w->out, "SystemCallFilter=~", " ", "", WIDTH, 0}};

	if (w->policy->n_answers)
		s2s_by_name_each(w->policy->arches, add_answer, &a);
	s2s_names_end(&a.names);
}

static void
say_unknown(struct writer *w)
{
	static const struct s2s_action enosys = {S2S_ACTION_ERRNO, ENOSYS};

	if (s2s_same_action(w->policy->unknown, enosys))
		s2s_loss_remark(&w->loss,
				"Calls that systemd does not know get ENOSYS from its "
				"version 255 on; older ones answer as to what is "
				"forbidden.");
	else if (!s2s_same_action(w->policy->unknown, w->policy->action))
		s2s_loss_add(&w->loss, "systemd itself chooses what unknown calls get, "
				       "so that --unknown has no effect.");
}

enum s2s_status
s2s_format_systemd(struct s2s_out *out, const struct s2s_format_input *in,
		   const struct s2s_format_options *opts)
{
	struct writer w = {.out = out};
	enum s2s_status status;

	if (!is_sayable(in->policy->action))
		return s2s_no_action(opts, in->policy->action,
				     "kill-process and errno");
	w.policy = s2s_by_name(in->policy);
	s2s_loss_init(&w.loss);
	s2s_loss_arguments(&w.loss, in->policy, "systemd knows no arguments");
	s2s_loss_arches(&w.loss, in->policy, true);
	say_beyond(&w, "@default", "systemd adds to every list (its group @default)");
	if (opts->groups)
		say_groups(&w);
	s2s_loss_new_names(&w.loss, w.policy, "A systemd");
	s2s_loss_answers(&w.loss, w.policy, is_sayable);
	say_unknown(&w);
	s2s_text_head(out, "# ", in->policy, &w.loss, opts);
	s2s_out_printf(out, "\n[Service]\nSystemCallArchitectures=native%s\n",
		       w.policy->arches >> S2S_ARCH_I386 & 1 ? " x86" : "");
	out_calls(&w, opts->groups);
	out_answers(&w);
	s2s_out_str(out, "SystemCallErrorNumber=");
	out_error(out, in->policy->action);
	s2s_out_char(out, '\n');
	s2s_out_str(out, opts->no_new_privs ? "NoNewPrivileges=yes\n" : "");
	status = s2s_loss_end(&w.loss, opts);
	s2s_loss_done(&w.loss);
	s2s_policy_free(w.policy);
	return status == S2S_OK ? out->status : status;
}
