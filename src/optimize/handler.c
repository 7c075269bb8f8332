/* SPDX-License-Identifier: MIT */
/* What the handler of --sigsys-handler calls itself: under a policy that forbids it the
   handler would say nothing. */
#include "optimize/levels.h"

#include <unistd.h>

static const char why[] = "the handler of --sigsys-handler prints and ends with it";

static const struct handler_row {
	const char *call;
	int64_t fd; /* its first argument; -1: any */
} rows[] = {
    {"write", STDERR_FILENO},
    {"exit_group", -1},
};

/* The row's rule, unless what is there allows that already. */
static bool
add_row(struct s2s_policy *policy, const struct handler_row *row,
	const struct s2s_syscall *sc)
{
	struct s2s_rule rule = s2s_rule_for_all(S2S_WHY_IMPLIED, why);
	const struct s2s_policy_call *call = s2s_policy_find(policy, sc);

	if (call && s2s_call_allows_all(call))
		return false;
	if (row->fd >= 0)
		rule.arg[0] = s2s_set_value(&policy->arena,
					    s2s_width_mask(sc->arg[0].kind->width),
					    (uint64_t)row->fd);
	s2s_policy_add_rule(policy, sc, &rule);
	s2s_policy_normalize_call(policy, s2s_policy_call(policy, sc));
	return true;
}

void
s2s_add_handler_call(struct s2s_policy *policy, const struct s2s_optimize_options *opts,
		     const struct s2s_syscall *sc)
{
	if (!opts->sigsys_handler)
		return;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(rows); i++)
		if (strcmp(sc->name, rows[i].call) == 0)
			add_row(policy, &rows[i], sc);
}

void
s2s_add_handler(struct s2s_policy *policy, const struct s2s_optimize_options *opts)
{
	if (!opts->sigsys_handler)
		return;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(rows); i++) {
		const struct s2s_syscall *sc =
		    s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(rows[i].call));
		const char *with = rows[i].fd < 0 ? "" : " to standard error";

		if (s2s_is_among(opts->deny, opts->n_deny, sc) ||
		    !add_row(policy, &rows[i], sc))
			continue;
		s2s_log(opts->log, S2S_LOG_INFO, "%s%s is allowed: %s", sc->name, with,
			why);
		s2s_policy_note(policy, "%s%s is allowed, seen or not: %s.", sc->name,
				with, why);
	}
}
