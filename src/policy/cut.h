/* SPDX-License-Identifier: MIT */
/* A set seen through one aligned block of register values. Questions about sets of any
   form are answered by halving such blocks, from the highest bit down, until each set
   holds all of a block or nothing of it. */
#pragma once

#include "policy/set.h"

struct s2s_cut {
	const struct s2s_set *set;
	uint64_t prefix; /* the mask's bits above the block, fixed; below: 0 */
	uint64_t open;   /* the mask's bits inside the block */
	size_t from, to; /* the intervals that meet the block */
};

enum s2s_cut_state { S2S_CUT_NONE, S2S_CUT_PART, S2S_CUT_ALL };

static inline struct s2s_cut
s2s_cut_whole(const struct s2s_set *set)
{
	return (struct s2s_cut){set, 0, set->mask, 0, set->n};
}

/* S2S_CUT_PART where it cannot tell yet; certain once no bit is open. */
enum s2s_cut_state s2s_cut_state(const struct s2s_cut *cut);

/* The half of the block where `bit`, above which no bit is open, is set or not. */
struct s2s_cut s2s_cut_half(const struct s2s_cut *cut, uint64_t bit, bool is_set);

/* The highest bit of a word that is not 0. */
static inline uint64_t
s2s_high_bit(uint64_t word)
{
	return UINT64_C(1) << (63 - __builtin_clzll(word));
}
