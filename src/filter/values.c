/* SPDX-License-Identifier: MIT */
#include "filter/values.h"

static size_t
highest(const struct s2s_values *v)
{
	return v->set[1] ? 127 - (size_t)__builtin_clzll(v->set[1])
			 : 63 - (size_t)__builtin_clzll(v->set[0]);
}

static void
shift(struct s2s_values *v)
{
	int by = __builtin_ctzll(v->set[0]);

	v->set[0] >>= by;
	v->lo += (uint32_t)by;
}

uint64_t
s2s_values_near(const struct s2s_segment *s, uint32_t lo)
{
	uint64_t last = (uint64_t)lo + S2S_NEAR - 1, from, to;

	if (s->hi < lo || s->lo > last)
		return 0;
	from = s->lo > lo ? s->lo - lo : 0;
	to = s->hi < last ? s->hi - lo : S2S_NEAR - 1;
	return UINT64_MAX << from & UINT64_MAX >> (S2S_NEAR - 1 - to);
}

void
s2s_values_settle(const struct s2s_segments *in, struct s2s_values *v)
{
	struct s2s_values near = {.near = true};
	size_t first, last;

	if (v->near) {
		shift(v);
		return;
	}
	first = s2s_values_lowest(v);
	last = highest(v);
	if (in->segment[last].hi - in->segment[first].lo >= S2S_NEAR)
		return;
	near.lo = in->segment[first].lo;
	for (size_t i = first; i <= last; i++)
		if (v->set[i / 64] >> i % 64 & 1)
			near.set[0] |= s2s_values_near(&in->segment[i], near.lo);
	for (uint32_t i = 0; in->field.mask != UINT32_MAX && i < S2S_NEAR; i++)
		if ((near.lo + i) & ~in->field.mask)
			near.set[0] &= ~(UINT64_C(1) << i);
	if (!near.set[0])
		return;
	shift(&near);
	*v = near;
}

size_t
s2s_segment_at(const struct s2s_segments *in, uint32_t k)
{
	size_t low = 0, high = in->n - 1;

	while (low < high) {
		size_t middle = (low + high + 1) / 2;

		if (in->segment[middle].lo <= k)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/* The bits from a place on, or at a place only, of the word-th 64. */
static uint64_t
bits_at(uint16_t op, size_t place, size_t word)
{
	if (place / 64 != word)
		return op == BPF_JGE && place / 64 < word ? UINT64_MAX : 0;
	return (op == BPF_JGE ? UINT64_MAX : 1) << place % 64;
}

/* The values that a test says yes to. Wide: it tells whole segments apart. `place` as
   in a run; of JSET the bit. */
static struct s2s_values
taken(const struct s2s_values *v, uint16_t op, uint32_t place)
{
	static const uint64_t bit[] = {
	    UINT64_C(0xaaaaaaaaaaaaaaaa), UINT64_C(0xcccccccccccccccc),
	    UINT64_C(0xf0f0f0f0f0f0f0f0), UINT64_C(0xff00ff00ff00ff00),
	    UINT64_C(0xffff0000ffff0000), UINT64_C(0xffffffff00000000),
	};
	struct s2s_values yes = *v;

	if (op == BPF_JSET) {
		uint64_t pattern = bit[__builtin_ctz(place)];
		uint32_t turn = v->lo % 64;

		yes.set[0] &= pattern >> turn | pattern << (64 - turn) % 64;
		return yes;
	}
	for (size_t i = 0; i < 2; i++)
		yes.set[i] &= bits_at(op, place, i);
	return yes;
}

bool
s2s_values_divide(const struct s2s_values *v, uint16_t op, uint32_t place,
		  struct s2s_values *ret_yes, struct s2s_values *ret_no)
{
	*ret_yes = taken(v, op, place);
	*ret_no = *v;
	ret_no->set[0] &= ~ret_yes->set[0];
	ret_no->set[1] &= ~ret_yes->set[1];
	return !s2s_values_is_empty(ret_yes) && !s2s_values_is_empty(ret_no);
}
