/* SPDX-License-Identifier: MIT */
/* Finds the cheapest exact way to spread the rules of one call over a stack. */
#include "format/scmp_split.h"

#include <stdlib.h>

enum {
	HALF_COST = 3,    /* instructions of half a comparison: load, mask, compare */
	SEARCH_MAX = 256, /* rules of a call for which all keys are tried */
};
static const uint64_t COST_MAX = UINT64_C(1) << 30;

static uint64_t
times(uint64_t a, uint64_t b)
{
	return b && a > COST_MAX / b ? COST_MAX : a * b;
}

uint64_t
s2s_scmp_split_rows(const struct s2s_scmp_split *split, size_t rule, uint8_t args)
{
	uint64_t rows = 1;

	for (int a = 0; a < S2S_ARGS_MAX; a++)
		if (args & split->compared[rule] & 1U << a)
			rows = times(rows, split->blocks[rule][a]);
	return rows;
}

/* libseccomp builds a tree with the arguments in their order: rows share the
   comparisons that they begin with, and blocks of one argument mostly its upper half.
 */
static uint64_t
cost_of(const struct s2s_scmp_split *split, size_t rule, uint8_t args)
{
	uint64_t branches = 1, cost = 1;

	for (int a = 0; a < S2S_ARGS_MAX; a++)
		if (args & split->compared[rule] & 1U << a) {
			cost += HALF_COST * branches;
			branches = times(branches, split->blocks[rule][a]);
			cost += HALF_COST * branches;
		}
	return cost;
}

/* The argument of those left that has most blocks. */
static int
widest(const struct s2s_scmp_split *split, size_t rule, uint8_t left)
{
	int best = __builtin_ctz(left);

	for (int a = best + 1; a < S2S_ARGS_MAX; a++)
		if (left & 1U << a &&
		    split->blocks[rule][a] > split->blocks[rule][best])
			best = a;
	return best;
}

/* The widest first, each to the filter where it costs least. */
static void
spread(const struct s2s_scmp_split *split, size_t rule, size_t n, uint8_t ret[])
{
	uint8_t left = split->compared[rule] & (uint8_t)~split->key[rule];

	while (left) {
		uint8_t bit = (uint8_t)(1U << widest(split, rule, left));
		uint64_t least = UINT64_MAX;
		size_t to = 0;

		for (size_t j = 0; j < n; j++) {
			uint64_t more = cost_of(split, rule, ret[j] | bit) -
					cost_of(split, rule, ret[j]);

			if (more < least) {
				least = more;
				to = j;
			}
		}
		ret[to] |= bit;
		left &= (uint8_t)~bit;
	}
}

void
s2s_scmp_split_args(const struct s2s_scmp_split *split, size_t rule, size_t n,
		    uint8_t ret[S2S_SCMP_STACK])
{
	bool alone = split->size[split->leader[rule]] == 1;

	for (size_t j = 0; j < n; j++)
		ret[j] = split->key[rule];
	if (n == 1 || !alone)
		ret[0] = split->compared[rule];
	else
		spread(split, rule, n, ret);
}

static uint32_t
leader_of(const struct s2s_scmp_split *split, uint32_t rule)
{
	while (split->leader[rule] != rule)
		rule = split->leader[rule];
	return rule;
}

static void
join_groups(struct s2s_scmp_split *split, uint32_t i, uint32_t k)
{
	uint32_t a = leader_of(split, i), b = leader_of(split, k);

	if (a < b)
		split->leader[b] = a;
	else
		split->leader[a] = b;
}

static uint8_t
apart_in(const struct s2s_scmp_split *split, size_t i, size_t k)
{
	size_t n = split->call->n;

	return split->apart[i < k ? i * n + k : k * n + i];
}

/* Whether a key for rule i would still exclude all rules of other groups. */
static bool
excludes_others(const struct s2s_scmp_split *split, size_t i, uint8_t key)
{
	for (size_t k = 0; k < split->call->n; k++)
		if (split->leader[k] != split->leader[i] &&
		    (apart_in(split, i, k) & key & split->key[k]) == 0)
			return false;
	return true;
}

/* What a rule need not repeat in every filter, since the rest of its key excludes the
   others already. */
static void
shorten_keys(struct s2s_scmp_split *split)
{
	for (size_t i = 0; i < split->call->n; i++)
		for (int a = 0; a < S2S_ARGS_MAX; a++) {
			uint8_t less = split->key[i] & (uint8_t) ~(1U << a);

			if (less != split->key[i] && excludes_others(split, i, less))
				split->key[i] = less;
		}
}

void
s2s_scmp_split_by(struct s2s_scmp_split *split, uint8_t key)
{
	uint32_t n = (uint32_t)split->call->n;

	for (uint32_t i = 0; i < n; i++) {
		split->key[i] = key;
		split->leader[i] = i;
		split->size[i] = 0;
	}
	for (uint32_t i = 0; i < n && split->apart; i++)
		for (uint32_t k = i + 1; k < n; k++)
			if ((split->apart[(size_t)i * n + k] & key) == 0)
				join_groups(split, i, k);
	for (uint32_t i = 0; i < n; i++) {
		split->leader[i] = leader_of(split, i);
		split->size[split->leader[i]]++;
	}
	if (split->apart && n <= SEARCH_MAX)
		shorten_keys(split);
}

static void
try_key(struct s2s_scmp_split *split, uint8_t key)
{
	s2s_scmp_split_by(split, key);
	for (size_t m = 1; m <= S2S_SCMP_STACK; m++) {
		uint64_t cost = 0;

		for (size_t i = 0; i < split->call->n; i++) {
			uint8_t args[S2S_SCMP_STACK] = {0};

			s2s_scmp_split_args(split, i, m, args);
			for (size_t j = 0; j < m; j++)
				cost += cost_of(split, i, args[j]);
		}
		if (cost < split->best[m].cost) {
			split->best[m].cost = cost;
			split->best[m].key = key;
		}
	}
}

static void
measure(struct s2s_scmp_split *split, uint8_t *ret_compared, uint8_t *ret_wide)
{
	*ret_compared = *ret_wide = 0;
	for (size_t i = 0; i < split->call->n; i++)
		for (unsigned a = 0; a < S2S_ARGS_MAX; a++) {
			const struct s2s_set *set = &split->call->rules[i].arg[a];
			size_t blocks = s2s_scmp_set_blocks(set);

			split->blocks[i][a] = (uint32_t)blocks;
			if (!s2s_set_is_any(set))
				split->compared[i] |= (uint8_t)(1U << a);
			if (blocks > 1)
				*ret_wide |= (uint8_t)(1U << a);
		}
	for (size_t i = 0; i < split->call->n; i++)
		*ret_compared |= split->compared[i];
}

static uint8_t
apart(const struct s2s_rule *x, const struct s2s_rule *y)
{
	uint8_t bits = 0;

	for (int a = 0; a < S2S_ARGS_MAX; a++)
		if (!s2s_set_is_any(&x->arg[a]) && !s2s_set_is_any(&y->arg[a]) &&
		    s2s_scmp_disjoint(&x->arg[a], &y->arg[a]))
			bits |= (uint8_t)(1U << a);
	return bits;
}

static void
compare_rules(struct s2s_scmp_split *split)
{
	size_t n = split->call->n;
	const struct s2s_rule *rules = split->call->rules;

	split->apart = s2s_realloc(NULL, n * n, 1);
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			split->apart[i * n + k] = apart(&rules[i], &rules[k]);
}

/* A call with very many rules: only what excludes without blocks, and one more. */
static void
try_few_keys(struct s2s_scmp_split *split, uint8_t compared, uint8_t wide)
{
	uint8_t narrow = compared & (uint8_t)~wide;

	try_key(split, narrow);
	for (int a = 0; a < S2S_ARGS_MAX; a++)
		if (wide & 1U << a)
			try_key(split, narrow | (uint8_t)(1U << a));
}

void
s2s_scmp_split_init(struct s2s_scmp_split *split, const struct s2s_policy_call *call,
		    bool in_one)
{
	uint8_t compared, wide;

	*split = (struct s2s_scmp_split){.call = call};
	split->blocks = s2s_realloc(NULL, call->n, sizeof *split->blocks);
	split->compared = s2s_realloc(NULL, call->n, 1);
	memset(split->compared, 0, call->n);
	split->leader = s2s_realloc(NULL, call->n, sizeof *split->leader);
	split->size = s2s_realloc(NULL, call->n, sizeof *split->size);
	split->key = s2s_realloc(NULL, call->n, 1);
	for (size_t m = 0; m <= S2S_SCMP_STACK; m++)
		split->best[m].cost = UINT64_MAX;
	measure(split, &compared, &wide);
	if (in_one || wide == 0) {
		try_key(split, 0);
		for (size_t m = 2; m <= S2S_SCMP_STACK; m++)
			split->best[m] = split->best[0];
		return;
	}
	if (call->n > 1)
		compare_rules(split);
	if (call->n > SEARCH_MAX)
		try_few_keys(split, compared, wide);
	else
		for (unsigned key = 0; key < 1U << S2S_ARGS_MAX; key++)
			if ((key & ~(unsigned)compared) == 0 &&
			    (key == 0 || call->n > 1))
				try_key(split, (uint8_t)key);
}

void
s2s_scmp_split_done(struct s2s_scmp_split *split)
{
	free(split->blocks);
	free(split->compared);
	free(split->apart);
	free(split->leader);
	free(split->size);
	free(split->key);
	*split = (struct s2s_scmp_split){0};
}
