/* SPDX-License-Identifier: MIT */
#include "filter/bdd.h"

#include "base/arena.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_MIN = 1 << 14, KNOWN_MAX = 1 << 21, BITS = 32, STEPS = 8 };
#define LEAF UINT32_MAX

/* From the first level down: number and architecture, which every function asks first,
   then one argument after the other, the high word before the low one. What a set asks
   of the two hangs together; were they apart, a diagram would have to remember all low
   words at once. In each word the highest bit is first. */
static const uint8_t words[S2S_WORDS] = {1,  0,  5,  4,  7,  6,  9, 8,
					 11, 10, 13, 12, 15, 14, 2, 3};
static const uint8_t place[S2S_WORDS] = {1, 0, 14, 15, 3,  2,  5,  4,
					 7, 6, 9,  8,  11, 10, 13, 12};

static uint32_t
mix(uint32_t a, uint32_t b, uint32_t c)
{
	uint64_t x = a * UINT64_C(0x9e3779b97f4a7c15) ^
		     b * UINT64_C(0xbf58476d1ce4e5b9) ^
		     c * UINT64_C(0x94d049bb133111eb);

	x ^= x >> 29;
	return (uint32_t)(x * UINT64_C(0xbf58476d1ce4e5b9) >> 32);
}

static void
resize(struct s2s_bdd *bdd, size_t n_slots)
{
	bdd->slot = s2s_realloc(bdd->slot, n_slots, sizeof *bdd->slot);
	memset(bdd->slot, 0, n_slots * sizeof *bdd->slot);
	bdd->n_slots = n_slots;
	for (size_t i = 2; i < bdd->n; i++) {
		struct s2s_bdd_node *at = &bdd->node[i];
		uint32_t *slot = &bdd->slot[mix(at->level, at->child[0], at->child[1]) &
					    (n_slots - 1)];

		at->next = *slot;
		*slot = (uint32_t)i;
	}
}

/* As many as there are nodes, so that little is done twice. */
static void
forget(struct s2s_bdd *bdd, size_t n_known)
{
	bdd->known = s2s_realloc(bdd->known, n_known, sizeof *bdd->known);
	memset(bdd->known, 0, n_known * sizeof *bdd->known);
	bdd->n_known = n_known;
}

static uint32_t
make(struct s2s_bdd *bdd, uint32_t level, uint32_t zero, uint32_t one)
{
	uint32_t *slot = &bdd->slot[mix(level, zero, one) & (bdd->n_slots - 1)];

	for (uint32_t i = *slot; i; i = bdd->node[i].next) {
		const struct s2s_bdd_node *at = &bdd->node[i];

		if (at->level == level && at->child[0] == zero && at->child[1] == one)
			return i;
	}
	if (bdd->n >= bdd->limit) {
		bdd->full = true;
		return S2S_BDD_FALSE;
	}
	s2s_grow(bdd->node, bdd->n, bdd->cap);
	bdd->node[bdd->n] = (struct s2s_bdd_node){level, {zero, one}, *slot};
	*slot = (uint32_t)bdd->n++;
	if (bdd->n > bdd->n_slots) {
		resize(bdd, 2 * bdd->n_slots);
		if (bdd->n_slots <= KNOWN_MAX)
			forget(bdd, bdd->n_slots);
	}
	return (uint32_t)bdd->n - 1;
}

void
s2s_bdd_init(struct s2s_bdd *bdd, size_t limit)
{
	*bdd = (struct s2s_bdd){.limit = limit};
	for (int i = 0; i < 2; i++) {
		s2s_grow(bdd->node, bdd->n, bdd->cap);
		bdd->node[bdd->n++] = (struct s2s_bdd_node){.level = LEAF};
	}
	resize(bdd, SLOTS_MIN);
	forget(bdd, SLOTS_MIN);
}

void
s2s_bdd_done(struct s2s_bdd *bdd)
{
	free(bdd->node);
	free(bdd->slot);
	free(bdd->known);
	*bdd = (struct s2s_bdd){0};
}

uint32_t
s2s_bdd_verdict(struct s2s_bdd *bdd, uint32_t verdict)
{
	return make(bdd, LEAF, verdict, 0);
}

uint32_t
s2s_bdd_bit(struct s2s_bdd *bdd, uint32_t word, uint32_t bit)
{
	return make(bdd, place[word] * BITS + BITS - 1 - bit, S2S_BDD_FALSE,
		    S2S_BDD_TRUE);
}

static uint32_t
child(const struct s2s_bdd *bdd, uint32_t of, uint32_t level, int value)
{
	const struct s2s_bdd_node *at = &bdd->node[of];

	return at->level == level ? at->child[value] : of;
}

static uint32_t
first_level(const struct s2s_bdd *bdd, uint32_t a, uint32_t b)
{
	uint32_t x = bdd->node[a].level, y = bdd->node[b].level;

	return x < y ? x : y;
}

uint32_t
s2s_bdd_choose(struct s2s_bdd *bdd, uint32_t test, uint32_t yes, uint32_t no)
{
	struct s2s_bdd_known *known;
	uint32_t level, zero, one, ret;

	if (test <= S2S_BDD_TRUE)
		return test ? yes : no;
	if (yes == no || bdd->full)
		return yes;
	if (yes == S2S_BDD_TRUE && no == S2S_BDD_FALSE)
		return test;
	known = &bdd->known[mix(test, yes, no) & (bdd->n_known - 1)];
	if (known->test == test && known->yes == yes && known->no == no)
		return known->ret;
	bdd->full = bdd->full || bdd->steps++ / STEPS >= bdd->limit;
	level = first_level(bdd, yes, no);
	if (bdd->node[test].level < level)
		level = bdd->node[test].level;
	zero = s2s_bdd_choose(bdd, child(bdd, test, level, 0),
			      child(bdd, yes, level, 0), child(bdd, no, level, 0));
	one = s2s_bdd_choose(bdd, child(bdd, test, level, 1), child(bdd, yes, level, 1),
			     child(bdd, no, level, 1));
	ret = zero == one ? zero : make(bdd, level, zero, one);
	/* The table may have grown on the way. */
	bdd->known[mix(test, yes, no) & (bdd->n_known - 1)] =
	    (struct s2s_bdd_known){test, yes, no, ret};
	return ret;
}

uint32_t
s2s_bdd_leaf(const struct s2s_bdd *bdd, uint32_t of, const uint32_t words_of[S2S_WORDS])
{
	while (bdd->node[of].level != LEAF) {
		const struct s2s_bdd_node *at = &bdd->node[of];
		uint32_t word = words_of[words[at->level / BITS]];

		of = at->child[word >> (BITS - 1 - at->level % BITS) & 1];
	}
	return of;
}

/* Different functions differ below one of the two children at least. */
void
s2s_bdd_differ(const struct s2s_bdd *bdd, uint32_t a, uint32_t b,
	       uint32_t ret_words[S2S_WORDS])
{
	memset(ret_words, 0, S2S_WORDS * sizeof *ret_words);
	for (;;) {
		uint32_t level = first_level(bdd, a, b);
		int one;

		assert(a != b);
		if (level == LEAF)
			return;
		one = child(bdd, a, level, 0) == child(bdd, b, level, 0);
		if (one)
			ret_words[words[level / BITS]] |= 1U
							  << (BITS - 1 - level % BITS);
		a = child(bdd, a, level, one);
		b = child(bdd, b, level, one);
	}
}
