/* SPDX-License-Identifier: MIT */
/* Tree to policy: which levels there are, and the order of what is done. */
#include "optimize/optimize.h"

#include "optimize/levels.h"

static const struct s2s_level levels[] = {
    {"strict", "exactly the argument tuples that were seen", s2s_treat_strict, false},
    {"advanced", "exact where a value selects, intervals where it measures",
     s2s_treat_advanced, false},
    {"weak", "each argument between the smallest and the largest value seen",
     s2s_treat_weak, false},
    {"robust",
     "what selects is exact but for harmless bits, all else is free (default)",
     s2s_treat_robust, true},
    {"names", "the calls that were seen, whatever their arguments", s2s_treat_names,
     false},
};

static const struct {
	const char *level, *looser;
} steps[] = {
    {"strict", "advanced"},
    {"advanced", "robust"},
    {"weak", "names"},
    {"robust", "names"},
};

const struct s2s_level *
s2s_levels(size_t *ret_n)
{
	*ret_n = S2S_ARRAY_SIZE(levels);
	return levels;
}

const struct s2s_level *
s2s_level_find(struct s2s_sv name)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(levels); i++)
		if (sv_equal(name, sv_from(levels[i].name)))
			return &levels[i];
	return NULL;
}

const struct s2s_level *
s2s_level_looser(const struct s2s_level *level)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(steps); i++)
		if (strcmp(steps[i].level, level->name) == 0)
			return s2s_level_find(sv_from(steps[i].looser));
	return NULL;
}

static const struct s2s_level *
last_for(const struct s2s_optimize_options *opts, const struct s2s_syscall *sc, int arg)
{
	for (size_t i = opts->n_level_of; i-- > 0;)
		if (opts->level_of[i].sc == sc && opts->level_of[i].arg == arg)
			return opts->level_of[i].level;
	return NULL;
}

const struct s2s_level *
s2s_level_for(const struct s2s_optimize_options *opts, const struct s2s_syscall *sc,
	      int arg)
{
	const struct s2s_level *level = last_for(opts, sc, arg);

	if (!level)
		level = last_for(opts, sc, -1);
	if (!level)
		level = opts->level;
	return level ? level : s2s_level_find(SV("robust"));
}

static enum s2s_status
check_options(const struct s2s_optimize_options *opts)
{
	for (size_t i = 0; i < opts->n_level_of; i++) {
		const struct s2s_level_of *of = &opts->level_of[i];

		if (of->arg >= -1 && of->arg < of->sc->nargs)
			continue;
		s2s_log(opts->log, S2S_LOG_ERROR, "%s has no argument %d", of->sc->name,
			of->arg);
		return S2S_USAGE;
	}
	return S2S_OK;
}

static bool
is_before(const struct s2s_syscall *a, const struct s2s_syscall *b)
{
	return a->arch != b->arch ? a->arch < b->arch : a->nr < b->nr;
}

/* The leaves of a call; none where it was never seen. */
static struct s2s_leaves
leaves_of(struct s2s_tree *tree, const struct s2s_syscall *sc,
	  const struct s2s_optimize_options *opts)
{
	struct s2s_leaves ret = {.keep_launcher = opts->keep_launcher_exec};
	size_t from = 0, to, end;
	const struct s2s_leaf *leaf = s2s_tree_sorted(tree, &end);

	to = end;
	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (is_before(leaf[mid].sc, sc))
			from = mid + 1;
		else
			to = mid;
	}
	ret.leaf = &leaf[from];
	while (from + ret.n < end && leaf[from + ret.n].sc == sc)
		ret.n++;
	return ret;
}

void
s2s_optimize_call(struct s2s_policy *policy, struct s2s_tree *tree,
		  const struct s2s_optimize_options *opts, const struct s2s_syscall *sc)
{
	struct s2s_leaves seen = leaves_of(tree, sc, opts), asked = {0};

	if (opts->also)
		asked = leaves_of(opts->also, sc, opts);
	asked.why = S2S_WHY_ASKED;
	asked.reason = "asked for with --also";
	s2s_policy_remove(policy, sc);
	s2s_group_leaves(policy, opts, &seen);
	s2s_group_leaves(policy, opts, &asked);
	if (!s2s_policy_find(policy, sc))
		return;
	s2s_policy_call(policy, sc)->level = s2s_level_for(opts, sc, -1)->name;
	s2s_add_harmless(policy, opts, sc);
	s2s_add_handler_call(policy, opts, sc);
	s2s_policy_normalize_call(policy, s2s_policy_call(policy, sc));
}

static size_t
left_out(const struct s2s_leaves *leaves)
{
	size_t n = 0;

	for (size_t i = 0; i < leaves->n; i++)
		n += leaves->leaf[i].launcher && !leaves->keep_launcher;
	return n;
}

/* Of a 32-bit program there may be two, for each way to start it. */
static void
note_launcher(struct s2s_policy *policy, const struct s2s_syscall *sc, bool *noted)
{
	if (!*noted)
		s2s_policy_note(policy,
				"The %s that started the program is left out: a "
				"program that installs this policy is running already.",
				sc->name);
	*noted = true;
}

static void
add_calls(struct s2s_policy *policy, const struct s2s_optimize_options *opts,
	  struct s2s_tree *tree, struct s2s_tree *of)
{
	size_t n;
	const struct s2s_leaf *leaf = s2s_tree_sorted(of, &n);
	struct s2s_leaves leaves;
	bool noted = false;

	for (size_t i = 0; i < n; i += leaves.n) {
		const struct s2s_syscall *sc = leaf[i].sc;

		leaves = leaves_of(of, sc, opts);
		if (left_out(&leaves) < leaves.n)
			policy->arches |= 1U << sc->arch;
		if (!s2s_policy_find(policy, sc))
			s2s_optimize_call(policy, tree, opts, sc);
		s2s_warn_of_unknown(policy, opts, &leaves);
		if (left_out(&leaves))
			note_launcher(policy, sc, &noted);
	}
	if (n && !policy->arches) /* nothing but the exec of who started it */
		policy->arches = 1U << leaf[0].sc->arch;
}

/* A lower bound that is the number of all runs is no lower bound. */
static void
settle_runs(struct s2s_policy *policy, uint32_t all)
{
	for (size_t i = 0; i < policy->n; i++)
		for (size_t j = 0; j < policy->calls[i].n; j++) {
			struct s2s_rule *rule = &policy->calls[i].rules[j];

			if (rule->runs == all)
				rule->runs_at_least = false;
		}
}

static size_t
count_rules(const struct s2s_policy *policy)
{
	size_t n = 0;

	for (size_t i = 0; i < policy->n; i++)
		n += policy->calls[i].n;
	return n;
}

enum s2s_status
s2s_optimize(struct s2s_tree *tree, const struct s2s_optimize_options *opts,
	     struct s2s_policy **ret)
{
	struct s2s_policy *policy;
	size_t rules;

	TRY(check_options(opts));
	policy = s2s_policy_new();
	if (opts->action.kind != S2S_ACTION_ALLOW)
		policy->action = opts->action;
	if (opts->unknown.kind != S2S_ACTION_ALLOW)
		policy->unknown = opts->unknown;
	add_calls(policy, opts, tree, tree);
	if (opts->also) {
		add_calls(policy, opts, tree, opts->also);
		s2s_policy_note(policy, "What was asked for with --also is allowed.");
	}
	s2s_add_allowed(policy, opts);
	if (opts->runtime)
		s2s_add_runtime(policy, opts->runtime, opts->log);
	s2s_remove_denied(policy, opts);
	s2s_add_implied(policy, tree, opts);
	s2s_add_handler(policy, opts);
	if (s2s_tree_runs(tree) && !opts->also)
		settle_runs(policy, s2s_tree_runs(tree));
	rules = count_rules(policy);
	s2s_log(opts->log, S2S_LOG_INFO,
		"policy: %zu call%s, %zu of them with certain arguments only, %zu "
		"rule%s",
		policy->n, policy->n == 1 ? "" : "s", s2s_policy_restricted(policy),
		rules, rules == 1 ? "" : "s");
	*ret = policy;
	return S2S_OK;
}
