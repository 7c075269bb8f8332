/* SPDX-License-Identifier: MIT */
/* Sets of values of one argument: any, exact values, intervals, masks, in one form. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct s2s_interval {
	uint64_t lo, hi; /* both in it */
};

/* { x : (x & mask) lies in one of the intervals }. mask says which bits of the register
   are looked at at all: a 32-bit argument has at most 0xffffffff, level robust takes
   out harmless bits, mask 0 is "any". Intervals are sorted, disjoint, do not touch and
   lie within mask; where mask has holes (is not 2^k-1) each is a single value. A signed
   range that crosses zero is two intervals. n == 0: the empty set. What the functions
   below return is in this form, and "any" where it holds every value. */
struct s2s_set {
	uint64_t mask;
	const struct s2s_interval *iv;
	size_t n;
};

struct s2s_set s2s_set_any(void);
bool s2s_set_is_any(const struct s2s_set *set);
struct s2s_set s2s_set_value(struct s2s_arena *arena, uint64_t mask, uint64_t value);
/* From intervals within the mask in any order, overlapping or not; copies them. */
struct s2s_set s2s_set_make(struct s2s_arena *arena, uint64_t mask,
			    const struct s2s_interval *iv, size_t n);
/* From lo to hi in the order of a signed or unsigned number of `width` bits. */
struct s2s_set s2s_set_range(struct s2s_arena *arena, unsigned width, bool is_signed,
			     uint64_t lo, uint64_t hi);
/* Whether the value, cut to the mask, is in one of the intervals. */
bool s2s_set_finds(const struct s2s_set *set, uint64_t value);
static inline bool
s2s_set_contains(const struct s2s_set *set, uint64_t value)
{
	value &= set->mask;
	if (set->n == 1)
		return set->iv->lo <= value && value <= set->iv->hi;
	return s2s_set_finds(set, value);
}
bool s2s_set_equal(const struct s2s_set *a, const struct s2s_set *b);
/* Whether every value of a is in b. Exact for all forms. */
bool s2s_set_subset(const struct s2s_set *a, const struct s2s_set *b);
/* Whether a value is in both. Exact for all forms. */
bool s2s_set_meets(const struct s2s_set *a, const struct s2s_set *b);
/* The union where the form can say it exactly (equal masks, or one within the other);
   false otherwise. */
bool s2s_set_union(struct s2s_arena *arena, const struct s2s_set *a,
		   const struct s2s_set *b, struct s2s_set *ret);
/* Total order for sorting rules: mask, then intervals. */
int s2s_set_compare(const struct s2s_set *a, const struct s2s_set *b);
