/* SPDX-License-Identifier: MIT */
#include "policy/cut.h"

enum s2s_cut_state
s2s_cut_state(const struct s2s_cut *cut)
{
	const struct s2s_interval *iv = cut->set->iv + cut->from;

	if (cut->from == cut->to)
		return S2S_CUT_NONE;
	if (iv->lo <= cut->prefix && iv->hi >= (cut->prefix | cut->open))
		return S2S_CUT_ALL;
	return S2S_CUT_PART;
}

/* The first interval in [from, to) that ends at value or behind it. */
static size_t
first_reaching(const struct s2s_cut *cut, uint64_t value)
{
	size_t from = cut->from, to = cut->to;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (cut->set->iv[mid].hi < value)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

struct s2s_cut
s2s_cut_half(const struct s2s_cut *cut, uint64_t bit, bool is_set)
{
	struct s2s_cut half = *cut;
	uint64_t middle = cut->prefix | bit;
	size_t at;

	if (!(cut->open & bit))
		return half;
	half.open &= bit - 1;
	at = first_reaching(cut, middle);
	if (is_set) {
		half.prefix = middle;
		half.from = at;
	} else {
		half.to = at;
		/* One that begins below the middle and reaches it is in both. */
		if (at < cut->to && cut->set->iv[at].lo < middle)
			half.to++;
	}
	return half;
}
