/* SPDX-License-Identifier: MIT */
/* The best of several ways to compile the rules of a call. */
#include "filter/expand.h"

#include <assert.h>

/* Rules: of more only the first way is tried. Values of a rule that are looked at. */
enum { ALL_WAYS_MAX = 64, WITNESSES_MAX = 16 };

/* Rules that overlap in too many ways are compiled in two halves, one behind the
   other. */
static uint32_t
expand(struct s2s_diagram *d, const struct s2s_rule *rule, size_t n,
       const struct s2s_expansion *how)
{
	struct s2s_expansion first = *how;
	uint32_t node;

	if (s2s_diagram_expand(d, rule, n, how, &node))
		return node;
	assert(n > 1);
	first.otherwise = expand(d, rule + n / 2, n - n / 2, how);
	return expand(d, rule, n / 2, &first);
}

/* One of the calls that the rule allows, as the words of struct seccomp_data. */
static void
witness(const struct s2s_rule *rule, size_t which, uint32_t word[S2S_WORDS])
{
	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		const struct s2s_set *set = &rule->arg[i];
		uint64_t value = set->n ? set->iv[which % set->n].lo : 0;

		word[S2S_WORD_ARGS + 2 * i] = (uint32_t)value;
		word[S2S_WORD_ARGS + 2 * i + 1] = (uint32_t)(value >> 32);
	}
}

/* On the mean over some of the calls that the rule allows, in hundredths. */
static uint64_t
steps_of(const struct s2s_diagram *d, const struct s2s_rule *rule, uint32_t node)
{
	uint64_t steps = 0;
	size_t n = 1;

	for (int i = 0; i < S2S_ARGS_MAX; i++)
		if (rule->arg[i].n > n)
			n = rule->arg[i].n;
	if (n > WITNESSES_MAX)
		n = WITNESSES_MAX;
	for (size_t i = 0; i < n; i++) {
		uint32_t word[S2S_WORDS] = {0};

		witness(rule, i, word);
		steps += s2s_diagram_steps(d, node, word);
	}
	return 100 * steps / n;
}

/* In hundredths of a step, each rule as often as it is met. */
static uint64_t
cost_of(const struct s2s_diagram *d, const struct s2s_policy_call *call, uint32_t base,
	uint32_t node)
{
	uint64_t steps = 0, total = 0;

	for (size_t i = 0; i < call->n; i++) {
		uint64_t weight = s2s_rule_weight(d, &call->rules[i]);

		steps += weight * steps_of(d, &call->rules[i], node);
		total += weight;
	}
	if (call->n == 0)
		return 0;
	return steps / total + d->price * s2s_diagram_size(d, base, node);
}

/* A rule without counts counts as often as it has values, an interval for a few. */
enum { INTERVAL_MAX = 4, ALTERNATIVES_MAX = 64 };

static uint64_t
alternatives(const struct s2s_rule *rule)
{
	uint64_t n = 1;

	for (int i = 0; i < S2S_ARGS_MAX && n < ALTERNATIVES_MAX; i++) {
		const struct s2s_set *set = &rule->arg[i];
		uint64_t values = 0;

		if (s2s_set_is_any(set))
			continue;
		for (size_t k = 0; k < set->n && values < ALTERNATIVES_MAX; k++)
			values += set->iv[k].hi - set->iv[k].lo < INTERVAL_MAX
				      ? set->iv[k].hi - set->iv[k].lo + 1
				      : INTERVAL_MAX;
		n *= values ? values : 1;
	}
	return n < ALTERNATIVES_MAX ? n : ALTERNATIVES_MAX;
}

uint64_t
s2s_rule_count(const struct s2s_rule *rule)
{
	const uint64_t most = UINT64_C(1) << 40;

	return rule->count < most ? rule->count : most;
}

uint64_t
s2s_rule_weight(const struct s2s_diagram *d, const struct s2s_rule *rule)
{
	if (!d->mean_count)
		return S2S_WEIGHT * alternatives(rule);
	return S2S_WEIGHT * s2s_rule_count(rule) / d->mean_count + S2S_WEIGHT / 100;
}

uint32_t
s2s_diagram_rules(struct s2s_diagram *d, const struct s2s_policy_call *call,
		  uint32_t allow, uint32_t otherwise)
{
	static const size_t duplications[] = {2, 1, 8};
	size_t ways =
	    call->n <= ALL_WAYS_MAX ? S2S_ORDERS * S2S_ARRAY_SIZE(duplications) : 1;
	uint32_t base = (uint32_t)d->n, best = otherwise;
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < ways; i++) {
		struct s2s_expansion how = {.order = (enum s2s_order)(i % S2S_ORDERS),
					    .duplication = duplications[i / S2S_ORDERS],
					    .allow = allow,
					    .otherwise = otherwise};
		uint32_t node = expand(d, call->rules, call->n, &how);
		uint64_t cost = cost_of(d, call, base, node);

		/* Of equal ones the last: what calls have in common is asked last. */
		if (cost <= least) {
			least = cost;
			best = node;
		}
	}
	return best;
}
