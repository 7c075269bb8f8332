/* SPDX-License-Identifier: MIT */
/* What a filter lets pass of one call, read back as rules. For messages only: a filter
   says less than a policy, and what a set cannot say becomes any value. */
#include "filter/explore.h"

#include <stdlib.h>

enum { STEPS_MAX = 20000, PIECES_MAX = 64 };

struct lifter {
	struct s2s_arena *arena;
	struct s2s_rule *rules;
	size_t n, max;
};

/* A word's set as intervals of (word & mask). */
struct pieces {
	uint32_t mask;
	struct s2s_interval iv[PIECES_MAX];
	size_t n;
};

static bool
add_piece(struct pieces *p, uint32_t lo, uint32_t hi)
{
	if (p->n == PIECES_MAX)
		return false;
	p->iv[p->n++] = (struct s2s_interval){lo, hi};
	return true;
}

/* The values that have no bit outside of the mask. */
static uint32_t
within(struct s2s_wordsets *ws, uint32_t set, uint32_t mask)
{
	return s2s_wordset_minus(ws, set, s2s_wordset_test(ws, BPF_JSET, ~mask));
}

/* For a mask without holes. */
static bool
as_intervals(struct s2s_wordsets *ws, uint32_t set, uint32_t mask, struct pieces *ret)
{
	uint32_t outside, lo = 0, hi;

	*ret = (struct pieces){.mask = mask};
	set = within(ws, set, mask);
	outside = s2s_wordset_minus(ws, S2S_WORDSET_ALL, set);
	while (s2s_wordset_next(ws, set, lo, &lo)) {
		bool last = !s2s_wordset_next(ws, outside, lo, &hi);

		if (!add_piece(ret, lo, last ? UINT32_MAX : hi - 1))
			return false;
		if (last)
			break;
		lo = hi;
	}
	return true;
}

/* Values of the bits that the set hangs on. */
static bool
as_values(struct s2s_wordsets *ws, uint32_t set, uint32_t mask, struct pieces *ret)
{
	uint32_t value = 0;

	*ret = (struct pieces){.mask = mask};
	set = within(ws, set, mask);
	while (s2s_wordset_next(ws, set, value, &value)) {
		if (!add_piece(ret, value, value))
			return false;
		if (value++ == UINT32_MAX)
			break;
	}
	return true;
}

static bool
as_masked(struct s2s_wordsets *ws, uint32_t set, struct pieces *ret)
{
	uint32_t mask = s2s_wordset_bits(ws, set);

	if ((mask & (mask + 1)) == 0)
		return as_intervals(ws, set, mask, ret);
	return as_values(ws, set, mask, ret);
}

static bool
pieces_of(struct s2s_wordsets *ws, uint32_t set, struct pieces *ret)
{
	struct pieces masked;
	bool plain = as_intervals(ws, set, UINT32_MAX, ret);

	if (as_masked(ws, set, &masked) && (!plain || masked.n < ret->n)) {
		*ret = masked;
		return true;
	}
	return plain;
}

static bool
all_single(const struct pieces *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->iv[i].lo != p->iv[i].hi)
			return false;
	return true;
}

static struct s2s_set
set_from(struct s2s_arena *arena, uint64_t mask, const struct s2s_interval *iv,
	 size_t n)
{
	struct s2s_interval *copy = s2s_arena_alloc(arena, n * sizeof *copy);

	/* cppcheck-suppress uninitvar ; n of them were set */
	memcpy(copy, iv, n * sizeof *copy);
	return (struct s2s_set){mask, copy, n};
}

/* Each high word with all that the low word may be. */
static struct s2s_set
product(struct s2s_arena *arena, const struct pieces *low, const struct pieces *high)
{
	struct s2s_interval iv[PIECES_MAX * PIECES_MAX];
	uint64_t mask = (uint64_t)high->mask << 32 | low->mask;
	size_t n = 0;

	if (!all_single(high) || (mask != UINT64_MAX && !all_single(low)))
		return s2s_set_any();
	for (size_t i = 0; i < high->n; i++)
		for (size_t j = 0; j < low->n; j++) {
			uint64_t top = high->iv[i].lo << 32;

			if (n && mask == UINT64_MAX &&
			    iv[n - 1].hi + 1 == (top | low->iv[j].lo))
				iv[n - 1].hi = top | low->iv[j].hi;
			else
				iv[n++] = (struct s2s_interval){top | low->iv[j].lo,
								top | low->iv[j].hi};
		}
	return set_from(arena, mask, iv, n);
}

static struct s2s_set
high_only(struct s2s_arena *arena, const struct pieces *high)
{
	struct s2s_interval iv[PIECES_MAX];
	uint64_t below = high->mask == UINT32_MAX ? UINT32_MAX : 0;

	for (size_t i = 0; i < high->n; i++)
		iv[i] = (struct s2s_interval){high->iv[i].lo << 32,
					      high->iv[i].hi << 32 | below};
	return set_from(arena, (uint64_t)high->mask << 32 | below, iv, high->n);
}

static struct s2s_set
set_of(struct s2s_arena *arena, struct s2s_wordsets *ws, uint32_t low, uint32_t high)
{
	struct pieces lows, highs;

	if (low == S2S_WORDSET_ALL && high == S2S_WORDSET_ALL)
		return s2s_set_any();
	if (!pieces_of(ws, low, &lows) || !pieces_of(ws, high, &highs))
		return s2s_set_any();
	if (high == S2S_WORDSET_ALL)
		return set_from(arena, lows.mask, lows.iv, lows.n);
	if (low == S2S_WORDSET_ALL)
		return high_only(arena, &highs);
	return product(arena, &lows, &highs);
}

static bool
collect(void *self, struct s2s_wordsets *ws, const struct s2s_path_end *end)
{
	struct lifter *lifter = self;
	struct s2s_rule *rule;

	if (end->any_verdict || !s2s_verdict_passes(end->verdict))
		return true;
	rule = &lifter->rules[lifter->n++];
	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		const uint32_t *set = &end->set[S2S_WORD_ARGS + 2 * i];

		rule->arg[i] = set_of(lifter->arena, ws, set[0], set[1]);
	}
	return lifter->n < lifter->max;
}

void
s2s_filter_lift(const struct sock_filter *insn, size_t n, const struct s2s_syscall *sc,
		struct s2s_arena *arena, size_t max_rules, struct s2s_rule **ret_rules,
		size_t *ret_n_rules)
{
	struct s2s_given given = {
	    .mask = {[S2S_WORD_NR] = UINT32_MAX, [S2S_WORD_ARCH] = UINT32_MAX},
	    .value =
		{[S2S_WORD_NR] = sc->nr, [S2S_WORD_ARCH] = s2s_arch_audit(sc->arch)},
	};
	struct lifter lifter = {
	    .arena = arena,
	    .rules = s2s_arena_alloc(arena, max_rules * sizeof *lifter.rules),
	    .max = max_rules,
	};
	struct s2s_explorer explorer = {
	    .insn = insn,
	    .n = n,
	    .given = &given,
	    .limit = STEPS_MAX,
	    .keep_all = true,
	    .end = collect,
	    .self = &lifter,
	};

	if (max_rules > 0)
		s2s_explore(&explorer);
	*ret_rules = lifter.rules;
	*ret_n_rules = lifter.n;
}
