/* SPDX-License-Identifier: MIT */
/* Policy to plan: how many filters, and which rows go into each. */
#include "format/scmp.h"

#include "format/scmp_split.h"

#include <stdlib.h>

enum {
	SCMP_ERRNO_MAX = 4095, /* the kernel takes 4095 as well */
	FILTER_COST = 10,      /* instructions of an empty filter */
};

bool
s2s_scmp_installs(const struct s2s_syscall *sc)
{
	return strcmp(sc->name, "seccomp") == 0;
}

static size_t
best_of(const struct s2s_scmp_split *split, size_t most)
{
	size_t best = 1;

	for (size_t m = 2; m <= most; m++)
		if (split->best[m].cost < split->best[best].cost)
			best = m;
	return best;
}

/* Every filter more checks architecture and number again. */
static size_t
filters_needed(const struct s2s_scmp_split *splits, size_t n)
{
	size_t best = 1;
	uint64_t least = UINT64_MAX;

	for (size_t m = 1; m <= S2S_SCMP_STACK; m++) {
		uint64_t cost = m * FILTER_COST;

		for (size_t i = 0; i < n; i++)
			cost += splits[i].best[best_of(&splits[i], m)].cost;
		if (cost < least) {
			least = cost;
			best = m;
		}
	}
	return best;
}

static void
set_range(struct s2s_scmp_range *to, const struct s2s_set *set, int a, size_t i)
{
	to->arg = (uint8_t)a;
	to->mask = set->mask;
	to->lo = set->iv[i].lo;
	to->hi = set->iv[i].hi;
}

/* All combinations of the intervals of `args`, the last argument turning fastest. */
static void
add_rule(struct s2s_scmp_call *to, const struct s2s_rule *rule, uint8_t args)
{
	size_t at[S2S_ARGS_MAX] = {0};
	int a;

	do {
		struct s2s_scmp_row row = {.rule = rule};

		for (a = 0; a < S2S_ARGS_MAX; a++)
			if (args & 1U << a)
				set_range(&row.range[row.n++], &rule->arg[a], a, at[a]);
		to->rows[to->n++] = row;
		for (a = S2S_ARGS_MAX - 1; a >= 0; a--) {
			if (args & 1U << a && ++at[a] < rule->arg[a].n)
				break;
			at[a] = 0;
		}
	} while (a >= 0);
}

static bool
range_within(const struct s2s_scmp_row *row, const struct s2s_scmp_range *of)
{
	for (uint8_t i = 0; i < row->n; i++)
		if (row->range[i].arg == of->arg && row->range[i].mask == of->mask)
			return row->range[i].lo >= of->lo && row->range[i].hi <= of->hi;
	return false;
}

static bool
covers(const struct s2s_scmp_row *wide, const struct s2s_scmp_row *narrow)
{
	for (uint8_t i = 0; i < wide->n; i++)
		if (!range_within(narrow, &wide->range[i]))
			return false;
	return true;
}

/* Keys of several rules can be alike, or one within another. Says the same in fewer
   words, and keeps away from a leak of libseccomp 2.5 (a rule within another, where the
   arguments of the two begin differently). */
static void
drop_covered(struct s2s_scmp_call *call)
{
	size_t n = 0;

	for (size_t i = 0; i < call->n; i++) {
		bool covered = false;

		/* Of two that are alike the first stays. */
		for (size_t k = 0; k < call->n && !covered; k++)
			covered = k != i && covers(&call->rows[k], &call->rows[i]) &&
				  (k < i || !covers(&call->rows[i], &call->rows[k]));
		call->rows[i].dropped = covered;
	}
	for (size_t i = 0; i < call->n; i++)
		if (!call->rows[i].dropped)
			call->rows[n++] = call->rows[i];
	call->n = n;
}

/* The rows of one call in filter j of m. False where the kernel could not take them:
   each is an instruction at least. */
static bool
make_rows(struct s2s_scmp *plan, const struct s2s_scmp_split *split, size_t m, size_t j,
	  struct s2s_scmp_call *ret)
{
	uint64_t rows = 0;

	*ret = (struct s2s_scmp_call){.call = split->call};
	for (size_t i = 0; i < split->call->n; i++) {
		uint8_t args[S2S_SCMP_STACK] = {0};

		s2s_scmp_split_args(split, i, m, args);
		rows += s2s_scmp_split_rows(split, i, args[j]);
		if (rows > S2S_FILTER_MAX)
			return false;
	}
	ret->rows = s2s_arena_alloc(&plan->arena, (rows + 1) * sizeof *ret->rows);
	for (size_t i = 0; i < split->call->n; i++) {
		uint8_t args[S2S_SCMP_STACK] = {0};

		s2s_scmp_split_args(split, i, m, args);
		args[j] &= split->compared[i];
		if (s2s_scmp_split_rows(split, i, args[j]))
			add_rule(ret, &split->call->rules[i], args[j]);
	}
	drop_covered(ret);
	return true;
}

static enum s2s_status
too_large(const struct s2s_policy_call *call, const struct s2s_log *log)
{
	s2s_log(log, S2S_LOG_ERROR,
		"the rules of %s (%zu) do not fit into a libseccomp filter: --fit or "
		"--level-of=%s=LEVEL loosens them, --format=bpf needs fewer "
		"instructions",
		call->sc->name, call->n, call->sc->name);
	return S2S_LIMIT;
}

static bool
is_bare(const struct s2s_scmp_call *call)
{
	return call->n == 1 && call->rows[0].n == 0;
}

static enum s2s_status
fill_call(struct s2s_scmp *plan, struct s2s_scmp_split *split,
	  const struct s2s_log *log)
{
	size_t m = best_of(split, plan->n);

	s2s_scmp_split_by(split, split->best[m].key);
	for (size_t j = 0; j < m; j++) {
		struct s2s_scmp_filter *filter = &plan->filter[j];

		if (!make_rows(plan, split, m, j, &filter->calls[filter->n]))
			return too_large(split->call, log);
		filter->n += j == 0 || !is_bare(&filter->calls[filter->n]);
	}
	return S2S_OK;
}

static enum s2s_status
fill(struct s2s_scmp *plan, struct s2s_scmp_split *splits, const struct s2s_log *log)
{
	size_t n = plan->policy->n;

	plan->filter[0].whole_rules = true;
	for (size_t j = 0; j < plan->n; j++)
		plan->filter[j].calls = s2s_arena_alloc(
		    &plan->arena, (n + 1) * sizeof *plan->filter[j].calls);
	for (size_t i = 0; i < n; i++)
		TRY(fill_call(plan, &splits[i], log));
	/* An estimate may have asked for one too many. */
	while (plan->n > 1 && plan->filter[plan->n - 1].n == 0)
		plan->n--;
	return S2S_OK;
}

/* What libseccomp cannot say, or not on this architecture. */
static enum s2s_status
sayable(const struct s2s_policy *policy, const struct s2s_log *log)
{
	if (__builtin_popcount(policy->arches) != 1) {
		s2s_log(log, S2S_LOG_ERROR,
			"libseccomp names a call once for all architectures of a "
			"filter, and loses comparisons on the way: use --format=bpf-c");
		return S2S_USAGE;
	}
	if (policy->action.kind == S2S_ACTION_ERRNO &&
	    policy->action.data >= SCMP_ERRNO_MAX) {
		s2s_log(log, S2S_LOG_ERROR,
			"libseccomp takes error numbers below %d only: use "
			"--format=bpf",
			SCMP_ERRNO_MAX);
		return S2S_USAGE;
	}
	if (policy->action.kind == S2S_ACTION_ALLOW) {
		s2s_log(log, S2S_LOG_ERROR,
			"a policy whose action is to allow forbids nothing");
		return S2S_USAGE;
	}
	for (size_t i = 0; i < policy->n; i++)
		if (policy->calls[i].n > S2S_FILTER_MAX)
			return too_large(&policy->calls[i], log);
	return S2S_OK;
}

enum s2s_status
s2s_scmp_plan(const struct s2s_policy *policy, const struct s2s_log *log,
	      struct s2s_scmp *ret)
{
	struct s2s_scmp_split *splits;
	enum s2s_status status;

	*ret = (struct s2s_scmp){.policy = policy};
	TRY(sayable(policy, log));
	while (policy->arches >> ret->arch > 1)
		ret->arch++;
	splits = s2s_realloc(NULL, policy->n + 1, sizeof *splits);
	for (size_t i = 0; i < policy->n; i++)
		s2s_scmp_split_init(&splits[i], &policy->calls[i],
				    s2s_scmp_installs(policy->calls[i].sc));
	ret->n = filters_needed(splits, policy->n);
	status = fill(ret, splits, log);
	for (size_t i = 0; i < policy->n; i++)
		s2s_scmp_split_done(&splits[i]);
	free(splits);
	if (status == S2S_OK)
		s2s_scmp_divide(ret);
	s2s_scmp_make_front(ret);
	return status;
}

void
s2s_scmp_done(struct s2s_scmp *plan)
{
	s2s_arena_done(&plan->arena);
	*plan = (struct s2s_scmp){0};
}
