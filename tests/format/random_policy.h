/* SPDX-License-Identifier: MIT */
/* Policies of every shape that a level, an option or a union can give, and worse;
   always the same ones for the same seed. */
#pragma once

#include "policy/policy.h"

struct random {
	uint64_t state;
};

static inline uint64_t
random_next(struct random *r)
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline uint64_t
random_below(struct random *r, uint64_t n)
{
	return random_next(r) % n;
}

/* Small numbers, powers of two and what lies beside them, anything. */
static inline uint64_t
random_value(struct random *r, uint64_t mask)
{
	switch (random_below(r, 4)) {
	case 0:
		return random_below(r, 8) & mask;
	case 1:
		return ((UINT64_C(1) << random_below(r, 64)) + random_below(r, 3) - 1) &
		       mask;
	case 2:
		return (0 - random_below(r, 8)) & mask;
	default:
		return random_next(r) & mask;
	}
}

static inline uint64_t
random_width(struct random *r)
{
	static const uint64_t widths[] = {UINT16_MAX, UINT32_MAX, UINT32_MAX,
					  UINT64_MAX};

	return widths[random_below(r, 4)];
}

static inline struct s2s_set
random_range(struct s2s_arena *arena, struct random *r)
{
	unsigned width = random_below(r, 2) ? 32 : 64;
	uint64_t mask = s2s_width_mask(width);
	uint64_t a = random_value(r, mask), b = random_value(r, mask);

	return s2s_set_range(arena, width, false, a < b ? a : b, a < b ? b : a);
}

/* A handful of values, some of which touch, in a mask with or without holes. */
static inline struct s2s_set
random_values(struct s2s_arena *arena, struct random *r, uint64_t mask)
{
	struct s2s_set set = s2s_set_value(arena, mask, random_value(r, mask) & mask);
	uint64_t n = random_below(r, 4);

	for (uint64_t i = 0; i < n; i++) {
		struct s2s_set one =
		    s2s_set_value(arena, mask, random_value(r, mask) & mask);
		struct s2s_set both;

		if (s2s_set_union(arena, &set, &one, &both))
			set = both;
	}
	return set;
}

static inline struct s2s_set
random_set(struct s2s_arena *arena, struct random *r)
{
	switch (random_below(r, 5)) {
	case 0:
		return s2s_set_any();
	case 1:
		return random_range(arena, r);
	case 2:
		return random_values(arena, r, random_width(r));
	case 3:
		return random_values(arena, r, random_next(r) & random_width(r));
	default:
		return s2s_set_value(arena, UINT32_MAX, random_below(r, 4));
	}
}

/* How the rules of a call look. */
enum random_shape {
	SHAPE_BARE,
	SHAPE_STRICT,   /* tuples of values */
	SHAPE_WEAK,     /* one rule, a range in every argument */
	SHAPE_ADVANCED, /* a selector with values of its own, ranges behind it */
	SHAPE_WILD,     /* whatever the form can say, overlapping */
	SHAPES,
};

static inline struct s2s_rule
random_rule(struct s2s_arena *arena, struct random *r, enum random_shape shape,
	    const struct s2s_syscall *sc, uint64_t number)
{
	struct s2s_rule rule = {.why = S2S_WHY_SEEN, .count = number + 1, .runs = 1};
	int key = sc->nargs ? (int)(sc->nr % sc->nargs) : 0;

	rule.first = (struct s2s_place){"app.strace", number + 1, 1};
	for (int a = 0; a < S2S_ARGS_MAX; a++) {
		rule.arg[a] = s2s_set_any();
		if (a >= sc->nargs || shape == SHAPE_BARE)
			continue;
		if (shape == SHAPE_STRICT)
			rule.arg[a] =
			    s2s_set_value(arena, UINT32_MAX, random_below(r, 3));
		else if (shape == SHAPE_WEAK)
			rule.arg[a] = random_range(arena, r);
		else if (shape == SHAPE_ADVANCED && a == key)
			rule.arg[a] = s2s_set_value(arena, UINT32_MAX, number);
		else if (shape == SHAPE_ADVANCED && random_below(r, 2))
			rule.arg[a] = random_range(arena, r);
		else if (shape == SHAPE_WILD && random_below(r, 2))
			rule.arg[a] = random_set(arena, r);
	}
	return rule;
}

/* As many calls as asked for, each with a shape of its own; normalised every other
   time. */
static inline struct s2s_policy *
random_policy(uint64_t seed, size_t calls)
{
	struct random r = {seed};
	struct s2s_policy *policy = s2s_policy_new();
	size_t n;
	const struct s2s_syscall *const *all = s2s_syscalls(S2S_ARCH_X86_64, &n);

	policy->arches = 1U << S2S_ARCH_X86_64;
	policy->action = (struct s2s_action){S2S_ACTION_KILL_PROCESS, 0};
	policy->unknown = (struct s2s_action){S2S_ACTION_ERRNO, 38};
	for (size_t i = 0; i < calls; i++) {
		const struct s2s_syscall *sc = all[random_below(&r, n)];
		enum random_shape shape = (enum random_shape)random_below(&r, SHAPES);
		uint64_t rules = shape == SHAPE_BARE || shape == SHAPE_WEAK
				     ? 1
				     : 1 + random_below(&r, 4);

		if (s2s_policy_find(policy, sc))
			continue;
		for (uint64_t k = 0; k < rules; k++) {
			struct s2s_rule rule =
			    random_rule(&policy->arena, &r, shape, sc, k);

			s2s_policy_add_rule(policy, sc, &rule);
		}
		s2s_policy_call(policy, sc)->level = "robust";
	}
	if (seed % 2)
		s2s_policy_normalize(policy);
	return policy;
}

/* Some calls are stopped otherwise than others, with rules and without. */
static inline void
add_answers(struct s2s_policy *policy, uint64_t seed)
{
	for (uint32_t nr = 0; nr < 400; nr++) {
		const struct s2s_syscall *sc = s2s_syscall_by_nr(S2S_ARCH_X86_64, nr);
		uint32_t each = sc && s2s_policy_find(policy, sc) ? 2 : 70;

		if (sc && (nr + seed) % each == 0)
			s2s_policy_add_answer(
			    policy, sc,
			    (struct s2s_action){S2S_ACTION_ERRNO, (uint16_t)(nr + 1)});
	}
}

/* The same of calls without rules only. */
static inline void
add_whole_answers(struct s2s_policy *policy, uint64_t seed)
{
	size_t kept = 0;

	add_answers(policy, seed);
	for (size_t i = 0; i < policy->n_answers; i++)
		if (!s2s_policy_find(policy, policy->answers[i].sc))
			policy->answers[kept++] = policy->answers[i];
	policy->n_answers = kept;
}
