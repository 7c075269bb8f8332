/* SPDX-License-Identifier: MIT */
/* The best of several ways to compile the rules of a call. */
#include "filter/expand.h"

#include <assert.h>

enum { ALL_WAYS_MAX = 64 }; /* rules; of more only the first way is tried */

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

/* A call that the rule allows, as the words of struct seccomp_data. */
static void
witness(const struct s2s_rule *rule, uint32_t word[S2S_WORDS])
{
	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		uint64_t value = rule->arg[i].n ? rule->arg[i].iv[0].lo : 0;

		word[S2S_WORD_ARGS + 2 * i] = (uint32_t)value;
		word[S2S_WORD_ARGS + 2 * i + 1] = (uint32_t)(value >> 32);
	}
}

/* In hundredths of a step. */
static uint64_t
cost_of(const struct s2s_diagram *d, const struct s2s_policy_call *call, uint32_t base,
	uint32_t node)
{
	uint64_t steps = 0;

	for (size_t i = 0; i < call->n; i++) {
		uint32_t word[S2S_WORDS] = {0};

		witness(&call->rules[i], word);
		steps += s2s_diagram_steps(d, node, word);
	}
	if (call->n == 0)
		return 0;
	return 100 * steps / call->n +
	       S2S_PRICE_PERCENT * s2s_diagram_size(d, base, node);
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

		if (cost < least) {
			least = cost;
			best = node;
		}
	}
	return best;
}
