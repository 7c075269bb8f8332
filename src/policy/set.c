/* SPDX-License-Identifier: MIT */
#include "policy/set.h"

#include "kernel/syscalls.h"
#include "policy/cut.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct s2s_interval only_zero = {0, 0};

struct s2s_set
s2s_set_any(void)
{
	return (struct s2s_set){0, &only_zero, 1};
}

bool
s2s_set_is_any(const struct s2s_set *set)
{
	return set->mask == 0 && set->n > 0;
}

static bool
has_holes(uint64_t mask)
{
	return (mask & (mask + 1)) != 0;
}

static bool
is_full(uint64_t mask, const struct s2s_interval *iv, size_t n)
{
	int bits = __builtin_popcountll(mask);

	if (!has_holes(mask))
		return n == 1 && iv->lo == 0 && iv->hi == mask;
	return bits < 48 && n == (size_t)1 << bits;
}

static int
compare_interval(const void *va, const void *vb)
{
	const struct s2s_interval *a = va, *b = vb;

	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	return (a->hi > b->hi) - (a->hi < b->hi);
}

/* Joins sorted intervals that overlap, or touch where that may be said. */
static size_t
merge_sorted(struct s2s_interval *iv, size_t n, bool touching)
{
	size_t out = 0;

	for (size_t i = 1; i < n; i++) {
		bool touches = touching && iv[i].lo - 1 == iv[out].hi;

		if (iv[i].lo <= iv[out].hi || touches) {
			if (iv[i].hi > iv[out].hi)
				iv[out].hi = iv[i].hi;
		} else {
			iv[++out] = iv[i];
		}
	}
	return n ? out + 1 : 0;
}

struct s2s_set
s2s_set_make(struct s2s_arena *arena, uint64_t mask, const struct s2s_interval *iv,
	     size_t n)
{
	struct s2s_interval *copy;

	if (n == 0)
		return (struct s2s_set){0, NULL, 0};
	copy = s2s_arena_alloc(arena, n * sizeof *copy);
	memcpy(copy, iv, n * sizeof *copy);
	for (size_t i = 0; i < n; i++) {
		assert(copy[i].lo <= copy[i].hi && !(copy[i].lo & ~mask));
		assert(has_holes(mask) ? copy[i].lo == copy[i].hi : copy[i].hi <= mask);
		if (i && compare_interval(&copy[i - 1], &copy[i]) > 0) {
			qsort(copy, n, sizeof *copy, compare_interval);
			break;
		}
	}
	n = merge_sorted(copy, n, !has_holes(mask));
	if (is_full(mask, copy, n))
		return s2s_set_any();
	return (struct s2s_set){mask, copy, n};
}

struct s2s_set
s2s_set_value(struct s2s_arena *arena, uint64_t mask, uint64_t value)
{
	value &= mask;
	return s2s_set_make(arena, mask, &(struct s2s_interval){value, value}, 1);
}

struct s2s_set
s2s_set_range(struct s2s_arena *arena, unsigned width, bool is_signed, uint64_t lo,
	      uint64_t hi)
{
	uint64_t mask = s2s_width_mask(width);
	struct s2s_interval across[] = {{0, hi & mask}, {lo & mask, mask}};

	lo &= mask;
	hi &= mask;
	if (is_signed && lo > hi)
		return s2s_set_make(arena, mask, across, 2);
	assert(lo <= hi);
	return s2s_set_make(arena, mask, &(struct s2s_interval){lo, hi}, 1);
}

bool
s2s_set_finds(const struct s2s_set *set, uint64_t value)
{
	size_t from = 0, to = set->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (set->iv[mid].hi < value)
			from = mid + 1;
		else
			to = mid;
	}
	return from < set->n && set->iv[from].lo <= value;
}

int
s2s_set_compare(const struct s2s_set *a, const struct s2s_set *b)
{
	size_t n = a->n < b->n ? a->n : b->n;

	if (a->mask != b->mask)
		return a->mask < b->mask ? -1 : 1;
	for (size_t i = 0; i < n; i++) {
		int order = compare_interval(&a->iv[i], &b->iv[i]);

		if (order != 0)
			return order;
	}
	return (a->n > b->n) - (a->n < b->n);
}

bool
s2s_set_equal(const struct s2s_set *a, const struct s2s_set *b)
{
	return a->n == b->n && s2s_set_compare(a, b) == 0;
}

/* The next bit that can make a difference: a set that holds all of its block has none.
 */
static uint64_t
next_bit(const struct s2s_cut *a, const struct s2s_cut *b)
{
	uint64_t open = 0;

	if (s2s_cut_state(a) == S2S_CUT_PART)
		open |= a->open;
	if (s2s_cut_state(b) == S2S_CUT_PART)
		open |= b->open;
	return s2s_high_bit(open);
}

static bool
cut_subset(struct s2s_cut a, struct s2s_cut b)
{
	uint64_t bit;

	if (s2s_cut_state(&a) == S2S_CUT_NONE || s2s_cut_state(&b) == S2S_CUT_ALL)
		return true;
	if (s2s_cut_state(&b) == S2S_CUT_NONE)
		return false;
	bit = next_bit(&a, &b);
	return cut_subset(s2s_cut_half(&a, bit, false), s2s_cut_half(&b, bit, false)) &&
	       cut_subset(s2s_cut_half(&a, bit, true), s2s_cut_half(&b, bit, true));
}

static bool
cut_meets(struct s2s_cut a, struct s2s_cut b)
{
	uint64_t bit;

	if (s2s_cut_state(&a) == S2S_CUT_NONE || s2s_cut_state(&b) == S2S_CUT_NONE)
		return false;
	if (s2s_cut_state(&a) == S2S_CUT_ALL || s2s_cut_state(&b) == S2S_CUT_ALL)
		return true;
	bit = next_bit(&a, &b);
	return cut_meets(s2s_cut_half(&a, bit, false), s2s_cut_half(&b, bit, false)) ||
	       cut_meets(s2s_cut_half(&a, bit, true), s2s_cut_half(&b, bit, true));
}

/* Of one form: each interval of a within one of b, as b's do not touch. */
static bool
same_mask_subset(const struct s2s_set *a, const struct s2s_set *b)
{
	size_t j = 0;

	for (size_t i = 0; i < a->n; i++) {
		while (j < b->n && b->iv[j].hi < a->iv[i].lo)
			j++;
		if (j == b->n || b->iv[j].lo > a->iv[i].lo || b->iv[j].hi < a->iv[i].hi)
			return false;
	}
	return true;
}

bool
s2s_set_subset(const struct s2s_set *a, const struct s2s_set *b)
{
	if (s2s_set_is_any(b) || a->n == 0)
		return true;
	if (b->n == 0)
		return false;
	if (a->n == 1 && a->iv->lo == a->iv->hi && !(b->mask & ~a->mask))
		return s2s_set_contains(b, a->iv->lo);
	if (a->mask == b->mask && a->n <= b->n)
		return same_mask_subset(a, b);
	return cut_subset(s2s_cut_whole(a), s2s_cut_whole(b));
}

bool
s2s_set_meets(const struct s2s_set *a, const struct s2s_set *b)
{
	if (a->n == 0 || b->n == 0)
		return false;
	if (a->n == 1 && a->iv->lo == a->iv->hi && !(b->mask & ~a->mask))
		return s2s_set_contains(b, a->iv->lo);
	if (b->n == 1 && b->iv->lo == b->iv->hi && !(a->mask & ~b->mask))
		return s2s_set_contains(a, b->iv->lo);
	return cut_meets(s2s_cut_whole(a), s2s_cut_whole(b));
}

static struct s2s_set
same_mask_union(struct s2s_arena *arena, const struct s2s_set *a,
		const struct s2s_set *b)
{
	size_t n = a->n + b->n;
	struct s2s_interval *iv = s2s_realloc(NULL, n, sizeof *iv);
	struct s2s_set ret;

	memcpy(iv, a->iv, a->n * sizeof *iv);
	memcpy(iv + a->n, b->iv, b->n * sizeof *iv);
	ret = s2s_set_make(arena, a->mask, iv, n);
	free(iv);
	return ret;
}

bool
s2s_set_union(struct s2s_arena *arena, const struct s2s_set *a, const struct s2s_set *b,
	      struct s2s_set *ret)
{
	if (s2s_set_subset(a, b))
		*ret = *b;
	else if (s2s_set_subset(b, a))
		*ret = *a;
	else if (a->mask == b->mask)
		*ret = same_mask_union(arena, a, b);
	else
		return false;
	return true;
}
