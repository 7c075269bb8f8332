/* SPDX-License-Identifier: MIT */
/* Comments of generated C. Whatever reaches one, a file name of a log above all, is
   escaped here and nowhere else. */
#include "format/c_text.h"

#include <inttypes.h>
#include <stdio.h>

static size_t
width_of(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += *s == '\t' ? 8 : 1;
	return n;
}

/* Up to the last place before `room` where a line may end; 0: there is none. */
static size_t
last_break(struct s2s_sv text, size_t room)
{
	size_t space = 0, bar = 0;

	for (size_t i = 0; i <= room && i < text.n; i++)
		if (text.p[i] == ' ')
			space = i;
		else if (i < room && text.p[i] == '|')
			bar = i + 1;
	/* Long words of flags are broken only where much room would be lost. */
	return bar > space + 30 ? bar : space;
}

/* How much of the text goes on a line of `room` columns; the first word, where that
   does not fit. */
static size_t
line_length(struct s2s_sv text, size_t room)
{
	size_t n = text.n <= room ? text.n : last_break(text, room);

	for (size_t i = 0; n == 0; i++)
		if (i == text.n || text.p[i] == ' ')
			return i;
	return n;
}

void
s2s_c_wrap(struct s2s_out *out, const char *first, const char *next, struct s2s_sv text,
	   const char *end)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out safe;
	struct s2s_sv left;
	const char *prefix = first;

	s2s_out_memory(&safe);
	s2s_out_c_comment(&safe, text);
	left = s2s_out_text(&safe);
	do {
		size_t used = width_of(prefix) + strlen(end);
		size_t n = line_length(
		    left, used < S2S_C_WIDTH - 20 ? S2S_C_WIDTH - used : 20);

		s2s_out_str(out, prefix);
		s2s_out_bytes(out, left.p, n);
		sv_skip(&left, n);
		while (sv_eat_char(&left, ' '))
			;
		s2s_out_str(out, left.n ? "" : end);
		s2s_out_char(out, '\n');
		prefix = next;
	} while (left.n);
}

void
s2s_c_comment(struct s2s_out *out, const char *indent, struct s2s_sv text)
{
	char first[16], next[16];

	snprintf(first, sizeof first, "%s/* ", indent);
	snprintf(next, sizeof next, "%s   ", indent);
	s2s_c_wrap(out, first, next, text, " */");
}

static void
out_seen(struct s2s_out *out, const struct s2s_rule *rule)
{
	if (rule->count == 0 && !rule->first.file)
		return;
	s2s_out_printf(out, "seen %" PRIu64 " time%s in %s%" PRIu32 " run%s",
		       rule->count, rule->count == 1 ? "" : "s",
		       rule->runs_at_least ? "at least " : "", rule->runs,
		       rule->runs == 1 ? "" : "s");
	if (rule->first.file)
		s2s_out_printf(out, ", first %s:%" PRIu64, rule->first.file,
			       rule->first.line);
	s2s_out_str(out, "; ");
}

void
s2s_c_provenance(struct s2s_out *out, const struct s2s_policy_call *call,
		 const struct s2s_rule *rule)
{
	out_seen(out, rule);
	switch (rule->why) {
	case S2S_WHY_SEEN:
		s2s_out_printf(out, "level %s", call->level ? call->level : "names");
		break;
	case S2S_WHY_HARMLESS:
		s2s_out_printf(out, "level %s adds it",
			       call->level ? call->level : "robust");
		break;
	case S2S_WHY_IMPLIED:
		s2s_out_str(out, "in no log, but needed");
		break;
	case S2S_WHY_ASKED:
		s2s_out_str(out, "asked for");
		break;
	}
	if (rule->reason)
		s2s_out_printf(out, ": %s", rule->reason);
}

/* An action as an option, libseccomp and the kernel name it. */
static const struct {
	const char *option, *scmp, *ret;
} actions[] = {
    [S2S_ACTION_ALLOW] = {"allow", "ALLOW", "ALLOW"},
    [S2S_ACTION_KILL_PROCESS] = {"kill-process", "KILL_PROCESS", "KILL_PROCESS"},
    [S2S_ACTION_KILL_THREAD] = {"kill-thread", "KILL_THREAD", "KILL_THREAD"},
    [S2S_ACTION_TRAP] = {"trap", "TRAP", "TRAP"},
    [S2S_ACTION_ERRNO] = {"errno", "ERRNO", "ERRNO"},
    [S2S_ACTION_TRACE] = {"trace", "TRACE", "TRACE"},
    [S2S_ACTION_LOG] = {"log", "LOG", "LOG"},
    [S2S_ACTION_NOTIFY] = {"notify", "NOTIFY", "USER_NOTIF"},
};

/* With `before` and `behind` around its number, where it has one. */
static void
out_data(struct s2s_out *out, struct s2s_action action, const char *before,
	 const char *behind)
{
	const char *name = NULL;

	if (action.kind != S2S_ACTION_ERRNO && action.kind != S2S_ACTION_TRACE)
		return;
	if (action.kind == S2S_ACTION_ERRNO)
		name = strerrorname_np(action.data);
	if (name)
		s2s_out_printf(out, "%s%s%s", before, name, behind);
	else
		s2s_out_printf(out, "%s%u%s", before, action.data, behind);
}

void
s2s_c_action_text(struct s2s_out *out, struct s2s_action action)
{
	s2s_out_str(out, actions[action.kind].option);
	out_data(out, action, "=", "");
}

void
s2s_c_action_scmp(struct s2s_out *out, struct s2s_action action)
{
	s2s_out_printf(out, "SCMP_ACT_%s", actions[action.kind].scmp);
	out_data(out, action, "(", ")");
}

void
s2s_c_action_ret(struct s2s_out *out, struct s2s_action action)
{
	s2s_out_printf(out, "SECCOMP_RET_%s", actions[action.kind].ret);
	out_data(out, action, " | ", "");
}
