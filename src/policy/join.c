/* SPDX-License-Identifier: MIT */
/* Joins rules along one argument after the other. Rules that agree in everything else
   are found through a hash of everything else, so that a million rules take linear
   time. Rules that are there for different reasons stay apart, so that each can say its
   own. */
#include "policy/join.h"

#include "base/map.h"

#include <stdlib.h>

struct join {
	struct s2s_policy *policy;
	struct s2s_policy_call *call;
	uint64_t seed;
	uint64_t (*hash)[S2S_ARGS_MAX]; /* of each rule's sets */
	struct s2s_map map;             /* hash of all but one argument -> first rule */
	uint32_t *next;                 /* rule + 1 of the same party; 0: the last */
};

static uint64_t
hash_set(uint64_t seed, const struct s2s_set *set)
{
	uint64_t h = s2s_hash(seed, &set->mask, sizeof set->mask);

	return s2s_hash(h, set->iv, set->n * sizeof *set->iv);
}

static bool
are_partners(const struct s2s_rule *a, const struct s2s_rule *b, int arg)
{
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		if (i != arg && !s2s_set_equal(&a->arg[i], &b->arg[i]))
			return false;
	return a->arg[arg].mask == b->arg[arg].mask && s2s_compare_reason(a, b) == 0;
}

static void
key_of(const struct join *j, uint32_t i, int arg, uint64_t ret[3])
{
	const struct s2s_rule *rule = &j->call->rules[i];
	uint64_t words[S2S_ARGS_MAX + 2];

	memcpy(words, j->hash[i], sizeof j->hash[i]);
	words[arg] = rule->arg[arg].mask;
	words[S2S_ARGS_MAX] = rule->why;
	words[S2S_ARGS_MAX + 1] =
	    rule->reason ? s2s_hash(j->seed, rule->reason, strlen(rule->reason)) : 0;
	ret[0] = s2s_hash(j->seed, words, sizeof words);
	ret[1] = s2s_hash(~j->seed, words, sizeof words);
	ret[2] = 0;
}

/* Files a rule with the first of those that agree with it in all but argument arg. */
static void
find_party(struct join *j, uint32_t i, int arg)
{
	struct s2s_rule *rules = j->call->rules;
	uint64_t key[3];
	uint32_t *first;
	bool is_new;

	/* Should two parties ever have one hash, the next key is tried. */
	for (key_of(j, i, arg, key);; key[2]++) {
		first = s2s_map_put(&j->map, key, &is_new);
		if (is_new)
			break;
		if (are_partners(&rules[*first], &rules[i], arg)) {
			j->next[i] = j->next[*first];
			j->next[*first] = i + 1;
			return;
		}
	}
	*first = i;
}

/* The union of one argument over a party. */
static struct s2s_set
union_of(struct join *j, uint32_t first, int arg)
{
	const struct s2s_rule *rules = j->call->rules;
	struct s2s_interval *iv;
	size_t n = 0, at = 0;
	struct s2s_set ret;

	for (uint32_t i = first + 1; i; i = j->next[i - 1])
		n += rules[i - 1].arg[arg].n;
	iv = s2s_realloc(NULL, n, sizeof *iv);
	for (uint32_t i = first + 1; i; i = j->next[i - 1]) {
		const struct s2s_set *set = &rules[i - 1].arg[arg];

		memcpy(iv + at, set->iv, set->n * sizeof *iv);
		at += set->n;
	}
	ret = s2s_set_make(&j->policy->arena, rules[first].arg[arg].mask, iv, n);
	free(iv);
	return ret;
}

/* The first of a party becomes all of it; the others are left empty. */
static void
join_party(struct join *j, uint32_t first, int arg)
{
	struct s2s_rule *rules = j->call->rules;
	struct s2s_set joined;

	if (!j->next[first] || rules[first].arg[arg].n == 0)
		return;
	joined = union_of(j, first, arg);
	for (uint32_t i = j->next[first]; i; i = j->next[i - 1]) {
		s2s_rule_absorb(&rules[first], &rules[i - 1]);
		rules[i - 1].arg[arg].n = 0;
	}
	rules[first].arg[arg] = joined;
	j->hash[first][arg] = hash_set(j->seed, &joined);
}

static void
close_ranks(struct join *j, int arg)
{
	struct s2s_rule *rules = j->call->rules;
	size_t out = 0;

	for (size_t i = 0; i < j->call->n; i++) {
		if (rules[i].arg[arg].n == 0)
			continue;
		rules[out] = rules[i];
		memmove(j->hash[out++], j->hash[i], sizeof *j->hash);
	}
	j->call->n = out;
}

static void
join_along(struct join *j, int arg)
{
	struct s2s_map none = {0};

	memset(j->next, 0, j->call->n * sizeof *j->next);
	for (uint32_t i = 0; i < j->call->n; i++)
		if (!s2s_set_is_any(&j->call->rules[i].arg[arg]))
			find_party(j, i, arg);
	for (uint32_t i = 0; i < j->call->n; i++)
		join_party(j, i, arg);
	close_ranks(j, arg);
	s2s_map_done(&j->map);
	j->map = none;
}

/* What measures or names is joined before what selects: {F_GETFD: 3..5} reads better
   than {3: F_GETFD, F_SETFD}. */
static void
join_all(struct join *j)
{
	const struct s2s_syscall *sc = j->call->sc;

	for (int selectors = 0; selectors < 2; selectors++)
		for (int i = 0; i < sc->nargs; i++)
			if ((sc->arg[i].kind->role == S2S_ROLE_SELECTOR) == selectors)
				join_along(j, i);
}

void
s2s_join_rules(struct s2s_policy *policy, struct s2s_policy_call *call)
{
	struct join j = {.policy = policy, .call = call, .seed = s2s_random_seed()};

	if (call->n < 2)
		return;
	j.next = s2s_realloc(NULL, call->n, sizeof *j.next);
	j.hash = s2s_realloc(NULL, call->n, sizeof *j.hash);
	for (size_t i = 0; i < call->n; i++)
		for (int arg = 0; arg < S2S_ARGS_MAX; arg++)
			j.hash[i][arg] = hash_set(j.seed, &call->rules[i].arg[arg]);
	join_all(&j);
	free(j.next);
	free(j.hash);
}
