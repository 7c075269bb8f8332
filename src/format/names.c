/* SPDX-License-Identifier: MIT */
#include "format/names.h"

#include "format/by_name.h"
#include "format/c_text.h"

enum { NAMED_MAX = 8 };

void
s2s_names_add(struct s2s_names *names, const char *name)
{
	size_t n = strlen(name), between = strlen(names->between);

	if (names->column && names->column + between + n > names->width) {
		s2s_out_str(names->out, names->behind);
		s2s_out_char(names->out, '\n');
		names->column = 0;
	}
	s2s_out_str(names->out, names->column ? names->between : names->before);
	s2s_out_str(names->out, name);
	names->column += n + (names->column ? between : strlen(names->before));
}

void
s2s_names_end(struct s2s_names *names)
{
	if (names->column)
		s2s_out_char(names->out, '\n');
	names->column = 0;
}

void
s2s_loss_arguments(struct s2s_loss *loss, const struct s2s_policy *policy,
		   const char *who)
{
	loss->wider += s2s_restricted_rules(policy);
	s2s_loss_wider(loss, who);
}

/* Behind futex_requeue, and uretprobe and uprobe, which came later than their numbers.
 */
bool
s2s_is_nameless(enum s2s_arch arch, uint32_t nr)
{
	return nr > 456 || (arch == S2S_ARCH_X86_64 && (nr == 335 || nr == 336));
}

void
s2s_loss_arches(struct s2s_loss *loss, const struct s2s_policy *policy, bool names_only)
{
	uint32_t arches = s2s_by_name_arches(policy);
	size_t n;

	if ((arches & (arches - 1)) == 0)
		return;
	n = s2s_by_name_wider(policy, names_only);
	if (n)
		s2s_loss_add(loss,
			     "%zu call%s wider than the policy's: the list names calls "
			     "for all architectures at once.",
			     n, n == 1 ? " is" : "s are");
}

void
s2s_loss_new_names(struct s2s_loss *loss, const struct s2s_policy *policy,
		   const char *who)
{
	struct s2s_out names;
	size_t n = 0;

	s2s_out_memory(&names);
	for (size_t i = 0; i < policy->n; i++)
		if (s2s_is_nameless(policy->calls[i].sc->arch, policy->calls[i].sc->nr))
			s2s_out_printf(&names, "%s%s", n++ ? ", " : "",
				       policy->calls[i].sc->name);
	if (n)
		s2s_loss_add(
		    loss,
		    "%s with libseccomp 2.5.5 or older does not know %.*s, and "
		    "forbids what the policy allows.",
		    who, (int)names.n, names.p);
	s2s_out_done(&names);
}

/* The same name on another architecture. */
static bool
is_again(const struct s2s_policy *policy, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(policy->answers[i].sc->name, policy->answers[at].sc->name) ==
		    0)
			return true;
	return false;
}

/* "clone3 (ERRNO(ENOSYS))", as many as are worth reading. */
void
s2s_loss_answers(struct s2s_loss *loss, const struct s2s_policy *policy,
		 s2s_says_fn *says)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out names;
	size_t n = 0;

	s2s_out_memory(&names);
	for (size_t i = 0; i < policy->n_answers; i++) {
		const struct s2s_policy_answer *answer = &policy->answers[i];

		if ((says && says(answer->action)) || is_again(policy, i) ||
		    n++ >= NAMED_MAX)
			continue;
		s2s_out_printf(&names, "%s%s (", n > 1 ? ", " : "", answer->sc->name);
		s2s_verdict_print(&names, s2s_action_ret(answer->action));
		s2s_out_char(&names, ')');
	}
	if (n > NAMED_MAX)
		s2s_out_printf(&names, " and %zu more", n - NAMED_MAX);
	if (n)
		s2s_loss_add(loss,
			     "%zu call%s stopped as others are, and not as the profile "
			     "has it: %.*s.",
			     n, n == 1 ? " is" : "s are", (int)names.n, names.p);
}

bool
s2s_same_action(struct s2s_action a, struct s2s_action b)
{
	return s2s_action_ret(a) == s2s_action_ret(b);
}

enum s2s_status
s2s_no_action(const struct s2s_format_options *opts, struct s2s_action action,
	      const char *known)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out text;

	s2s_out_memory(&text);
	s2s_c_action_text(&text, action);
	s2s_log(opts->log, S2S_LOG_ERROR,
		"--format=%s has no word for the action %.*s: it knows %s",
		opts->format, (int)text.n, text.p, known);
	return S2S_USAGE;
}
