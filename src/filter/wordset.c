/* SPDX-License-Identifier: MIT */
#include "filter/wordset.h"

#include <linux/filter.h>
#include <stdlib.h>

enum { WORK_MAX = 1 << 19, BITS = 32 };
enum { KEY_NODE = 1, KEY_AND, KEY_MINUS, KEY_BEFORE, KEY_ADD };

void
s2s_wordsets_init(struct s2s_wordsets *ws)
{
	*ws = (struct s2s_wordsets){0};
	for (int i = 0; i < 2; i++) {
		s2s_grow(ws->node, ws->n, ws->cap);
		ws->node[ws->n++] = (struct s2s_wordset_node){.bit = BITS};
	}
}

void
s2s_wordsets_done(struct s2s_wordsets *ws)
{
	free(ws->node);
	s2s_map_done(&ws->map);
	*ws = (struct s2s_wordsets){0};
}

static uint32_t
node(struct s2s_wordsets *ws, uint32_t bit, uint32_t zero, uint32_t one)
{
	uint64_t key[3] = {bit, (uint64_t)zero << 32 | one, KEY_NODE};
	uint32_t *number;
	bool is_new;

	if (zero == one)
		return zero;
	number = s2s_map_put(&ws->map, key, &is_new);
	if (is_new) {
		s2s_grow(ws->node, ws->n, ws->cap);
		*number = (uint32_t)ws->n;
		ws->node[ws->n++] = (struct s2s_wordset_node){bit, {zero, one}};
	}
	return *number;
}

uint32_t
s2s_wordset_test(struct s2s_wordsets *ws, uint16_t op, uint32_t k)
{
	/* What is left when all bits were equal. */
	uint32_t set =
	    op == BPF_JEQ || op == BPF_JGE ? S2S_WORDSET_ALL : S2S_WORDSET_NONE;

	for (uint32_t bit = 0; bit < BITS; bit++) {
		bool one = k >> bit & 1;

		if (op == BPF_JEQ)
			set = one ? node(ws, bit, S2S_WORDSET_NONE, set)
				  : node(ws, bit, set, S2S_WORDSET_NONE);
		else if (op == BPF_JSET)
			set = one ? node(ws, bit, set, S2S_WORDSET_ALL) : set;
		else
			set = one ? node(ws, bit, S2S_WORDSET_NONE, set)
				  : node(ws, bit, set, S2S_WORDSET_ALL);
	}
	return set;
}

static bool
is_leaf(uint32_t set)
{
	return set <= S2S_WORDSET_ALL;
}

static uint32_t
child(const struct s2s_wordsets *ws, uint32_t set, uint32_t bit, int value)
{
	return is_leaf(set) || ws->node[set].bit != bit ? set
							: ws->node[set].child[value];
}

static uint32_t
top_bit(const struct s2s_wordsets *ws, uint32_t a, uint32_t b)
{
	if (is_leaf(a))
		return ws->node[b].bit;
	if (is_leaf(b) || ws->node[a].bit > ws->node[b].bit)
		return ws->node[a].bit;
	return ws->node[b].bit;
}

static uint32_t
known(struct s2s_wordsets *ws, const uint64_t key[3])
{
	uint32_t *number = s2s_map_get(&ws->map, key);

	return number ? *number : UINT32_MAX;
}

static uint32_t
remember(struct s2s_wordsets *ws, const uint64_t key[3], uint32_t set)
{
	bool is_new;

	*s2s_map_put(&ws->map, key, &is_new) = set;
	ws->full |= ws->map.n > WORK_MAX;
	return set;
}

uint32_t
s2s_wordset_and(struct s2s_wordsets *ws, uint32_t a, uint32_t b)
{
	uint64_t key[3] = {a, b, KEY_AND};
	uint32_t bit, zero, one;

	if (a == S2S_WORDSET_NONE || b == S2S_WORDSET_NONE)
		return S2S_WORDSET_NONE;
	if (a == S2S_WORDSET_ALL || a == b)
		return b;
	if (b == S2S_WORDSET_ALL)
		return a;
	if (known(ws, key) != UINT32_MAX || ws->full)
		return ws->full ? a : known(ws, key);
	bit = top_bit(ws, a, b);
	zero = s2s_wordset_and(ws, child(ws, a, bit, 0), child(ws, b, bit, 0));
	one = s2s_wordset_and(ws, child(ws, a, bit, 1), child(ws, b, bit, 1));
	return remember(ws, key, node(ws, bit, zero, one));
}

uint32_t
s2s_wordset_minus(struct s2s_wordsets *ws, uint32_t a, uint32_t b)
{
	uint64_t key[3] = {a, b, KEY_MINUS};
	uint32_t bit, zero, one;

	if (a == S2S_WORDSET_NONE || b == S2S_WORDSET_ALL || a == b)
		return S2S_WORDSET_NONE;
	if (b == S2S_WORDSET_NONE)
		return a;
	if (known(ws, key) != UINT32_MAX || ws->full)
		return ws->full ? a : known(ws, key);
	bit = top_bit(ws, a, b);
	zero = s2s_wordset_minus(ws, child(ws, a, bit, 0), child(ws, b, bit, 0));
	one = s2s_wordset_minus(ws, child(ws, a, bit, 1), child(ws, b, bit, 1));
	return remember(ws, key, node(ws, bit, zero, one));
}

static uint32_t
either(struct s2s_wordsets *ws, uint32_t a, uint32_t b)
{
	uint32_t neither =
	    s2s_wordset_minus(ws, s2s_wordset_minus(ws, S2S_WORDSET_ALL, a), b);

	return s2s_wordset_minus(ws, S2S_WORDSET_ALL, neither);
}

static uint32_t before_bits(struct s2s_wordsets *ws, uint32_t set, uint16_t op,
			    uint32_t k);

/* Result bits that come from no bit of x are zero. */
static uint32_t
before_shift(struct s2s_wordsets *ws, uint32_t set, uint16_t op, uint32_t k)
{
	const struct s2s_wordset_node *at = &ws->node[set];
	uint32_t bit = op == BPF_RSH ? at->bit + k : at->bit - k;
	uint32_t on_zero = at->child[0], on_one = at->child[1];

	on_zero = before_bits(ws, on_zero, op, k);
	if (bit >= BITS)
		return on_zero;
	return node(ws, bit, on_zero, before_bits(ws, on_one, op, k));
}

static uint32_t
before_logic(struct s2s_wordsets *ws, uint32_t set, uint16_t op, uint32_t k)
{
	uint32_t bit = ws->node[set].bit;
	bool one = k >> bit & 1;
	uint32_t zero = before_bits(ws, ws->node[set].child[0], op, k);
	uint32_t other = before_bits(ws, ws->node[set].child[1], op, k);

	switch (op) {
	case BPF_AND:
		return one ? node(ws, bit, zero, other) : zero;
	case BPF_OR:
		return one ? other : node(ws, bit, zero, other);
	default: /* BPF_XOR */
		return one ? node(ws, bit, other, zero) : node(ws, bit, zero, other);
	}
}

static uint32_t
before_bits(struct s2s_wordsets *ws, uint32_t set, uint16_t op, uint32_t k)
{
	uint64_t key[3] = {(uint64_t)set << 32 | k, op, KEY_BEFORE};

	if (is_leaf(set) || ws->full)
		return set;
	if (known(ws, key) != UINT32_MAX)
		return known(ws, key);
	set = op == BPF_LSH || op == BPF_RSH ? before_shift(ws, set, op, k)
					     : before_logic(ws, set, op, k);
	return remember(ws, key, set);
}

/* The values of the lowest `bits` bits for which adding k gives a result in set and
   this carry out of them. A carry into each bit is tried both ways; one fits. */
static uint32_t
before_add(struct s2s_wordsets *ws, uint32_t set, uint32_t k, uint32_t bits,
	   uint32_t carry)
{
	uint64_t key[3] = {(uint64_t)set << 32 | k, bits << 1 | carry, KEY_ADD};
	uint32_t half[2];

	if (set == S2S_WORDSET_NONE || ws->full)
		return set;
	if (bits == 0)
		return carry ? S2S_WORDSET_NONE : set;
	if (known(ws, key) != UINT32_MAX)
		return known(ws, key);
	for (uint32_t x = 0; x < 2; x++) {
		uint32_t b = k >> (bits - 1) & 1;

		half[x] = S2S_WORDSET_NONE;
		for (uint32_t in = 0; in < 2; in++)
			if ((x + b + in) >> 1 == carry)
				half[x] = either(ws, half[x],
						 before_add(ws,
							    child(ws, set, bits - 1,
								  (int)(x ^ b ^ in)),
							    k, bits - 1, in));
	}
	return remember(ws, key, node(ws, bits - 1, half[0], half[1]));
}

uint32_t
s2s_wordset_before(struct s2s_wordsets *ws, uint32_t set, uint16_t op, uint32_t k)
{
	if (op != BPF_ADD)
		return before_bits(ws, set, op, k);
	return either(ws, before_add(ws, set, k, BITS, 0),
		      before_add(ws, set, k, BITS, 1));
}

/* Children have smaller numbers than their parents. */
uint32_t
s2s_wordset_bits(const struct s2s_wordsets *ws, uint32_t set)
{
	bool *reached = s2s_realloc(NULL, set + 1, sizeof *reached);
	uint32_t bits = 0;

	memset(reached, 0, (set + 1) * sizeof *reached);
	reached[set] = true;
	for (uint32_t i = set; !is_leaf(i); i--) {
		if (!reached[i])
			continue;
		bits |= 1U << ws->node[i].bit;
		reached[ws->node[i].child[0]] = true;
		reached[ws->node[i].child[1]] = true;
	}
	free(reached);
	return bits;
}

bool
s2s_wordset_is_zero(const struct s2s_wordsets *ws, uint32_t set)
{
	for (uint32_t bit = BITS; bit-- > 0; set = ws->node[set].child[0])
		if (is_leaf(set) || ws->node[set].bit != bit ||
		    ws->node[set].child[1] != S2S_WORDSET_NONE)
			return false;
	return set == S2S_WORDSET_ALL;
}

bool
s2s_wordset_has(const struct s2s_wordsets *ws, uint32_t set, uint32_t value)
{
	while (!is_leaf(set))
		set = ws->node[set].child[value >> ws->node[set].bit & 1];
	return set == S2S_WORDSET_ALL;
}

/* Every set but the empty one has both. */
uint32_t
s2s_wordset_extreme(const struct s2s_wordsets *ws, uint32_t set, bool largest)
{
	uint32_t value = largest ? UINT32_MAX : 0;

	while (!is_leaf(set)) {
		const struct s2s_wordset_node *at = &ws->node[set];
		bool one = at->child[largest] == S2S_WORDSET_NONE ? !largest : largest;

		if (one != largest)
			value ^= 1U << at->bit;
		set = at->child[one];
	}
	return value;
}

/* The smallest that is not below `from`, of the values whose bits above the lowest
   `bits` are those of `from`. */
static bool
smallest_from(const struct s2s_wordsets *ws, uint32_t set, uint32_t bits, uint32_t from,
	      uint32_t *ret)
{
	uint32_t bit = bits - 1, above;

	if (set == S2S_WORDSET_NONE)
		return false;
	if (bits == 0) {
		*ret = from;
		return true;
	}
	if (from >> bit & 1)
		return smallest_from(ws, child(ws, set, bit, 1), bit, from, ret);
	if (smallest_from(ws, child(ws, set, bit, 0), bit, from, ret))
		return true;
	set = child(ws, set, bit, 1);
	if (set == S2S_WORDSET_NONE)
		return false;
	above = from >> bit | 1;
	*ret = above << bit | s2s_wordset_extreme(ws, set, false);
	return true;
}

bool
s2s_wordset_next(const struct s2s_wordsets *ws, uint32_t set, uint32_t from,
		 uint32_t *ret)
{
	return smallest_from(ws, set, BITS, from, ret);
}
