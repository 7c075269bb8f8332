/* SPDX-License-Identifier: MIT */
/* --fit: a policy that is too large is loosened call by call until it fits. Each step
   takes the call that costs most one level further; nothing is ever tightened. */
#include "optimize/levels.h"

#include <assert.h>
#include <stdlib.h>

struct fit {
	struct s2s_tree *tree;
	struct s2s_optimize_options opts; /* its level_of is this one's */
	struct s2s_level_of *level_of;
	size_t n_level_of, cap_level_of;
	struct s2s_policy *policy;
	s2s_cost_fn *cost;
	void *self;
	size_t *costs; /* of each call of the policy; 0: to be asked */
	size_t n_costs;
};

static void
add_level_of(struct fit *fit, struct s2s_level_of of)
{
	s2s_grow(fit->level_of, fit->n_level_of, fit->cap_level_of);
	fit->level_of[fit->n_level_of++] = of;
	fit->opts.level_of = fit->level_of;
	fit->opts.n_level_of = fit->n_level_of;
}

static size_t
cost_of(struct fit *fit, size_t i)
{
	struct s2s_policy alone = *fit->policy;

	if (fit->costs[i] == 0) {
		alone.calls = &fit->policy->calls[i];
		alone.n = 1;
		fit->costs[i] = fit->cost(fit->self, &alone);
	}
	return fit->costs[i];
}

/* Rules that were implied or asked for do not hang on a level. */
static bool
hangs_on_level(const struct s2s_policy_call *call)
{
	if (call->n == 1 && call->rules[0].why == S2S_WHY_IMPLIED)
		return false;
	for (int arg = 0; arg < call->sc->nargs; arg++)
		if (call->n > 1 || !s2s_set_is_any(&call->rules[0].arg[arg]))
			return true;
	return false;
}

/* The index of the costliest call that can be loosened; -1: none. */
static ssize_t
costliest(struct fit *fit)
{
	ssize_t found = -1;
	size_t most = 0;

	for (size_t i = 0; i < fit->policy->n; i++) {
		if (!hangs_on_level(&fit->policy->calls[i]))
			continue;
		if (cost_of(fit, i) > most) {
			most = fit->costs[i];
			found = (ssize_t)i;
		}
	}
	return found;
}

static void
say(struct fit *fit, const struct s2s_syscall *sc, const struct s2s_level *from,
    const struct s2s_level *to)
{
	if (!to) {
		s2s_log(fit->opts.log, S2S_LOG_WARNING,
			"--fit: the arguments of %s are loosened", sc->name);
		s2s_policy_note(fit->policy,
				"The levels of single arguments of %s are loosened, to "
				"fit (--fit).",
				sc->name);
		return;
	}
	s2s_log(fit->opts.log, S2S_LOG_WARNING, "--fit: %s is loosened from %s to %s",
		sc->name, from->name, to->name);
	s2s_policy_note(fit->policy,
			"%s is loosened from level %s to %s, to fit (--fit).", sc->name,
			from->name, to->name);
}

/* One step looser; what was asked for single arguments goes along. */
static void
loosen(struct fit *fit, const struct s2s_syscall *sc)
{
	const struct s2s_level *from = s2s_level_for(&fit->opts, sc, -1);
	const struct s2s_level *to = s2s_level_looser(from);

	for (size_t i = 0; i < fit->n_level_of; i++) {
		struct s2s_level_of *of = &fit->level_of[i];

		if (of->sc == sc && of->arg >= 0 && s2s_level_looser(of->level))
			of->level = s2s_level_looser(of->level);
	}
	if (to)
		add_level_of(fit, (struct s2s_level_of){sc, -1, to});
	say(fit, sc, from, to);
}

static enum s2s_status
loosen_until(struct fit *fit, s2s_fits_fn *fits)
{
	for (;;) {
		enum s2s_status status = fits(fit->self, fit->policy);
		ssize_t i = status == S2S_LIMIT ? costliest(fit) : -1;
		const struct s2s_syscall *sc;

		if (i < 0)
			return status;
		sc = fit->policy->calls[i].sc;
		loosen(fit, sc);
		s2s_optimize_call(fit->policy, fit->tree, &fit->opts, sc);
		fit->costs[i] = 0;
	}
}

enum s2s_status
s2s_fit(struct s2s_tree *tree, const struct s2s_optimize_options *opts,
	s2s_fits_fn *fits, s2s_cost_fn *cost, void *self, struct s2s_policy **ret)
{
	struct fit fit = {.tree = tree, .opts = *opts, .cost = cost, .self = self};
	enum s2s_status status;

	for (size_t i = 0; i < opts->n_level_of; i++)
		add_level_of(&fit, opts->level_of[i]);
	status = s2s_optimize(tree, &fit.opts, &fit.policy);
	if (status == S2S_OK) {
		assert(fit.policy);
		fit.costs = s2s_realloc(NULL, fit.policy->n, sizeof *fit.costs);
		memset(fit.costs, 0, fit.policy->n * sizeof *fit.costs);
		status = loosen_until(&fit, fits);
	}
	if (status == S2S_OK)
		*ret = fit.policy;
	else
		s2s_policy_free(fit.policy);
	free(fit.costs);
	free(fit.level_of);
	return status;
}
