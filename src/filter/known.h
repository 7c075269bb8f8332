/* SPDX-License-Identifier: MIT */
/* What was split before: the same stretches come again and again while the orders are
   tried in which a call's words may be looked at. */
#pragma once

#include "base/arena.h"
#include "base/map.h"

/* What a test looks at: word & mask. */
struct s2s_field {
	uint8_t word;
	uint32_t mask;
};

/* A stretch of a field's values and the node where they lead. */
struct s2s_segment {
	uint32_t lo, hi;
	uint32_t to;
	uint64_t weight; /* how often the stretch is met, S2S_WEIGHT a rule */
};

/* All 0: none. */
struct s2s_known_splits {
	struct s2s_map index;
	struct s2s_arena arena;
	struct s2s_known_split *split;
	size_t n, cap;
};

/* The node of a split, to be set where *ret_new. Valid until the next call. */
uint32_t *s2s_known_split(struct s2s_known_splits *known, struct s2s_field field,
			  const struct s2s_segment *segment, size_t n, bool *ret_new);
void s2s_known_splits_done(struct s2s_known_splits *known);
