/* SPDX-License-Identifier: MIT */
/* What is in a policy or not, whatever was seen: harmless commands and what was asked
   for (what no log shows is in implied.c). Each addition says so, in the policy and in
   the log. */
#include "optimize/levels.h"

#include <inttypes.h>

struct s2s_rule
s2s_rule_for_all(enum s2s_why why, const char *reason)
{
	struct s2s_rule rule = {.why = why, .reason = reason};

	for (int i = 0; i < S2S_ARGS_MAX; i++)
		rule.arg[i] = s2s_set_any();
	return rule;
}

bool
s2s_call_allows_all(const struct s2s_policy_call *call)
{
	for (size_t i = 0; i < call->n; i++) {
		bool all = true;

		for (int arg = 0; arg < call->sc->nargs; arg++)
			all = all && s2s_set_is_any(&call->rules[i].arg[arg]);
		if (all)
			return true;
	}
	return false;
}

/* A harmless command is allowed with whatever other arguments, so all of them must be
   at a level that would not look closer. */
static bool
takes_harmless(const struct s2s_optimize_options *opts, const struct s2s_syscall *sc)
{
	bool any = false;

	for (int i = 0; i < sc->nargs; i++) {
		const struct s2s_level *level = s2s_level_for(opts, sc, i);

		if (!level->harmless && s2s_level_looser(level))
			return false;
		any = any || level->harmless;
	}
	return any;
}

/* A value as level robust compares it. */
static struct s2s_set
harmless_set(struct s2s_arena *arena, const struct s2s_syscall *sc, int arg,
	     uint64_t value)
{
	const struct s2s_kind *kind = sc->arg[arg].kind;
	uint64_t mask =
	    s2s_width_mask(kind->width) & ~s2s_syscall_free_bits(sc, arg, kind);

	return s2s_set_value(arena, mask, value);
}

void
s2s_add_harmless(struct s2s_policy *policy, const struct s2s_optimize_options *opts,
		 const struct s2s_syscall *sc)
{
	struct s2s_arena arena = {0};

	if (!takes_harmless(opts, sc))
		return;
	for (int arg = 0; arg < sc->nargs; arg++) {
		size_t n;
		const struct s2s_harmless *row = s2s_syscall_harmless(sc, arg, &n);

		for (size_t i = 0; i < n; i++) {
			struct s2s_rule rule =
			    s2s_rule_for_all(S2S_WHY_HARMLESS, row[i].why);

			rule.arg[arg] = harmless_set(&arena, sc, arg, row[i].value);
			if (row[i].with >= 0)
				rule.arg[row[i].with] = harmless_set(
				    &arena, sc, row[i].with, row[i].with_value);
			s2s_policy_add_rule(policy, sc, &rule);
		}
	}
	s2s_arena_done(&arena);
}

bool
s2s_is_among(const struct s2s_syscall *const *calls, size_t n,
	     const struct s2s_syscall *sc)
{
	for (size_t i = 0; i < n; i++)
		if (calls[i] == sc)
			return true;
	return false;
}

/* Whether the logs have calls of its architecture; without any, x86_64 is meant. */
static bool
is_meant(const struct s2s_policy *policy, const struct s2s_syscall *sc)
{
	return policy->arches ? policy->arches >> sc->arch & 1
			      : sc->arch == S2S_ARCH_X86_64;
}

/* Nothing but the exec of who starts a program of another architecture. */
static bool
only_launches(const struct s2s_policy *policy, enum s2s_arch arch)
{
	if ((policy->arches & ~(1U << arch)) == 0)
		return false;
	for (size_t i = 0; i < policy->n; i++)
		if (policy->calls[i].sc->arch == arch &&
		    strcmp(policy->calls[i].sc->name, "execve") != 0)
			return false;
	return true;
}

static bool
may_be_allowed(const struct s2s_policy *policy, const struct s2s_syscall *sc)
{
	return is_meant(policy, sc) && !only_launches(policy, sc->arch);
}

/* --allow=fcntl64 where nothing ran in 32-bit mode. */
static void
warn_of_idle(const struct s2s_policy *policy, const struct s2s_optimize_options *opts,
	     const struct s2s_syscall *sc)
{
	for (size_t i = 0; i < opts->n_allow; i++)
		if (may_be_allowed(policy, opts->allow[i]) &&
		    strcmp(opts->allow[i]->name, sc->name) == 0)
			return;
	s2s_log(opts->log, S2S_LOG_WARNING,
		"--allow=%s: no architecture of the logs has this call", sc->name);
}

void
s2s_add_allowed(struct s2s_policy *policy, const struct s2s_optimize_options *opts)
{
	for (size_t i = 0; i < opts->n_allow; i++) {
		const struct s2s_syscall *sc = opts->allow[i];

		if (!may_be_allowed(policy, sc)) {
			warn_of_idle(policy, opts, sc);
			continue;
		}
		s2s_policy_allow_all(policy, sc, S2S_WHY_ASKED,
				     "asked for with --allow");
		s2s_policy_note(policy,
				"%s is allowed whatever its arguments: asked for with "
				"--allow.",
				sc->name);
	}
}

static uint64_t
times_seen(const struct s2s_policy_call *call)
{
	uint64_t count = 0;

	for (size_t i = 0; call && i < call->n; i++)
		count += call->rules[i].count;
	return count;
}

void
s2s_remove_denied(struct s2s_policy *policy, const struct s2s_optimize_options *opts)
{
	for (size_t i = 0; i < opts->n_deny; i++) {
		const struct s2s_syscall *sc = opts->deny[i];
		uint64_t seen = times_seen(s2s_policy_find(policy, sc));

		if (!is_meant(policy, sc))
			continue;
		s2s_policy_remove(policy, sc);
		if (seen)
			s2s_policy_note(
			    policy,
			    "%s is forbidden: asked for with --deny, though "
			    "the logs have %" PRIu64 " calls of it.",
			    sc->name, seen);
		else
			s2s_policy_note(policy,
					"%s is forbidden: asked for with --deny.",
					sc->name);
	}
}

/* In how many leaves the log does not tell a selector that the level compares. */
static size_t
unknown_selectors(const struct s2s_level *level, const struct s2s_leaves *leaves,
		  int arg)
{
	size_t n = 0;

	for (size_t i = 0; i < leaves->n; i++) {
		const struct s2s_leaf *leaf = &leaves->leaf[i];

		if (leaf->launcher && !leaves->keep_launcher)
			continue;
		n += leaf->kind[arg]->role == S2S_ROLE_SELECTOR &&
		     leaf->arg[arg].state != S2S_ARG_KNOWN &&
		     s2s_leaf_treated(level, leaf, arg).how != S2S_TREAT_FREE;
	}
	return n;
}

void
s2s_warn_of_unknown(struct s2s_policy *policy, const struct s2s_optimize_options *opts,
		    const struct s2s_leaves *leaves)
{
	const struct s2s_syscall *sc = leaves->leaf->sc;

	for (int arg = 0; arg < sc->nargs; arg++) {
		size_t n = unknown_selectors(s2s_level_for(opts, sc, arg), leaves, arg);

		if (n == 0)
			continue;
		s2s_policy_note(policy,
				"%s: any value of %s is allowed where the logs do not "
				"tell it (%zu distinct call%s).",
				sc->name, sc->arg[arg].name, n, n == 1 ? "" : "s");
		s2s_log(opts->log, S2S_LOG_WARNING,
			"%s: the logs do not tell the argument %s of %zu distinct "
			"call%s, so any value of it is allowed there [%s]",
			sc->name, sc->arg[arg].name, n, n == 1 ? "" : "s",
			s2s_diag_name(S2S_DIAG_UNKNOWN_SELECTOR));
	}
}
