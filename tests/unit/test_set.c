/* SPDX-License-Identifier: MIT */
#include "base/attr.h"
#include "policy/set.h"
#include "unit.h"

#include <string.h>

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static const struct range_row {
	unsigned width;
	bool is_signed;
	uint64_t lo, hi, value;
	bool in;
} ranges[] = {
    {32, false, 3, 5, 2, false},
    {32, false, 3, 5, 3, true},
    {32, false, 3, 5, 5, true},
    {32, false, 3, 5, 6, false},
    {32, false, 3, 5, 0xdead00000004, true},
    {64, false, 3, 5, 0xdead00000004, false},
    {16, false, 0, 0777, 0xffff0000 | 0644, true},
    {32, true, -100, 3, 0xffffff9c, true},
    {32, true, -100, 3, 0xffffff9b, false},
    {32, true, -100, 3, -1, true},
    {32, true, -100, 3, 0, true},
    {32, true, -100, 3, 4, false},
    {32, true, -100, -50, 0, false},
    {32, true, INT32_MIN, INT32_MAX, 77, true},
    {64, true, INT64_MIN, -1, 0, false},
    {64, true, -1, INT64_MAX, (uint64_t)-2, false},
};

static void
test_range(void **state)
{
	struct s2s_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(ranges); i++) {
		const struct range_row *row = &ranges[i];
		struct s2s_set set =
		    s2s_set_range(&arena, row->width, row->is_signed, row->lo, row->hi);

		if (s2s_set_contains(&set, row->value) != row->in)
			fail_msg("row %zu", i);
	}
	s2s_arena_done(&arena);
}

static void
test_form(void **state)
{
	struct s2s_interval mixed[] = {{9, 9}, {1, 2}, {3, 4}, {2, 3}, {7, 7}};
	struct s2s_interval all[] = {{0x10, 0x10}, {0, 0}};
	struct s2s_arena arena = {0};
	struct s2s_set set;

	(void)state;
	set = s2s_set_make(&arena, UINT32_MAX, mixed, 5);
	assert_int_equal(set.n, 3);
	assert_int_equal(set.iv[0].lo, 1);
	assert_int_equal(set.iv[0].hi, 4);
	assert_int_equal(set.iv[2].lo, 9);
	/* Where the mask has holes, neighbours are not joined. */
	set = s2s_set_make(&arena, 0x11, (struct s2s_interval[]){{0, 0}, {1, 1}}, 2);
	assert_int_equal(set.n, 2);
	/* All values are "any", in whatever form. */
	set = s2s_set_make(&arena, 0x10, all, 2);
	assert_true(s2s_set_is_any(&set));
	set = s2s_set_range(&arena, 32, true, INT32_MIN, INT32_MAX);
	assert_true(s2s_set_is_any(&set));
	set = s2s_set_range(&arena, 64, false, 0, UINT64_MAX);
	assert_true(s2s_set_is_any(&set));
	set = s2s_set_value(&arena, 0, 77);
	assert_true(s2s_set_is_any(&set) && s2s_set_contains(&set, 77));
	set = s2s_set_make(&arena, UINT64_MAX, NULL, 0);
	assert_true(set.n == 0 && !s2s_set_is_any(&set) && !s2s_set_contains(&set, 0));
	s2s_arena_done(&arena);
}

/* A set over the low byte, of any form. */
static struct s2s_set
random_set(struct s2s_arena *arena, uint64_t *seed)
{
	static const uint64_t masks[] = {0xff, 0xff, 0xff, 0x0f,
					 0x3c, 0xf0, 0x81, 0x01};
	uint64_t mask = masks[next_random(seed) % S2S_ARRAY_SIZE(masks)];
	struct s2s_interval iv[6];
	size_t n = next_random(seed) % 7;

	for (size_t i = 0; i < n; i++) {
		uint64_t a = next_random(seed) & mask, b = next_random(seed) & mask;

		if (mask & (mask + 1))
			b = a;
		iv[i].lo = a < b ? a : b;
		iv[i].hi = a < b ? b : a;
		if (next_random(seed) % 8 == 0 && !(mask & (mask + 1)))
			iv[i] = (struct s2s_interval){0, iv[i].hi};
	}
	return s2s_set_make(arena, mask, iv, n);
}

static void
members(const struct s2s_set *set, bool in[256])
{
	for (unsigned x = 0; x < 256; x++)
		in[x] = s2s_set_contains(set, x | 0xabc00);
}

static bool
is_well_formed(const struct s2s_set *set)
{
	bool holes = set->mask & (set->mask + 1);

	for (size_t i = 0; i < set->n; i++) {
		const struct s2s_interval *iv = &set->iv[i];

		if (iv->lo > iv->hi || iv->hi & ~set->mask ||
		    (holes && iv->lo != iv->hi))
			return false;
		if (i && iv->lo <= set->iv[i - 1].hi + !holes)
			return false;
	}
	return true;
}

static void
check_pair(struct s2s_arena *arena, const struct s2s_set *a, const struct s2s_set *b)
{
	bool in_a[256], in_b[256], in_union[256], subset = true, meets = false;
	struct s2s_set joined;

	members(a, in_a);
	members(b, in_b);
	for (unsigned x = 0; x < 256; x++) {
		subset = subset && (!in_a[x] || in_b[x]);
		meets = meets || (in_a[x] && in_b[x]);
	}
	assert_int_equal(s2s_set_subset(a, b), subset);
	assert_int_equal(s2s_set_meets(a, b), meets);
	assert_int_equal(s2s_set_compare(a, b), -s2s_set_compare(b, a));
	assert_int_equal(s2s_set_equal(a, b), s2s_set_compare(a, b) == 0);
	if (!s2s_set_union(arena, a, b, &joined)) {
		assert_true(a->mask != b->mask && !subset);
		return;
	}
	assert_true(is_well_formed(&joined));
	members(&joined, in_union);
	for (unsigned x = 0; x < 256; x++)
		assert_int_equal(in_union[x], in_a[x] || in_b[x]);
}

static void
test_algebra_against_all_values(void **state)
{
	uint64_t seed = 20240601;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct s2s_arena arena = {0};
		struct s2s_set a = random_set(&arena, &seed);
		struct s2s_set b = random_set(&arena, &seed);

		assert_true(is_well_formed(&a));
		check_pair(&arena, &a, &b);
		s2s_arena_done(&arena);
	}
}

static void
test_wide_sets(void **state)
{
	struct s2s_arena arena = {0};
	struct s2s_set low = s2s_set_range(&arena, 32, false, 0, 9);
	struct s2s_set wide = s2s_set_range(&arena, 64, false, 0, 9);
	struct s2s_set top = s2s_set_range(&arena, 64, true, -5, -1);
	struct s2s_set bit = s2s_set_value(&arena, UINT64_C(1) << 63, UINT64_MAX);
	struct s2s_set any = s2s_set_any();

	(void)state;
	assert_true(s2s_set_subset(&wide, &low));
	assert_false(s2s_set_subset(&low, &wide));
	assert_true(s2s_set_subset(&top, &bit));
	assert_false(s2s_set_subset(&bit, &top));
	assert_false(s2s_set_meets(&wide, &top));
	assert_true(s2s_set_subset(&bit, &any));
	assert_false(s2s_set_subset(&any, &bit));
	assert_true(s2s_set_subset(&any, &any));
	s2s_arena_done(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_range),
	    cmocka_unit_test(test_form),
	    cmocka_unit_test(test_algebra_against_all_values),
	    cmocka_unit_test(test_wide_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
