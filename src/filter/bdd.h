/* SPDX-License-Identifier: MIT */
/* Functions of a whole call (struct seccomp_data) as binary decision diagrams: what is
   true of it, or what verdict it gets. Equal functions have equal numbers, so that two
   of them are compared for all calls at once. */
#pragma once

#include "filter/opcode.h"

enum { S2S_BDD_FALSE, S2S_BDD_TRUE };

struct s2s_bdd_node {
	uint32_t level;    /* of the bit; S2S_BDD_LEAF */
	uint32_t child[2]; /* where the bit is 0, where it is 1; leaf: verdict */
	uint32_t next;     /* in the same slot of the table */
};

struct s2s_bdd_known {
	uint32_t test, yes, no, ret;
};

struct s2s_bdd {
	struct s2s_bdd_node *node;
	size_t n, cap;
	uint32_t *slot;
	size_t n_slots;
	struct s2s_bdd_known *known; /* results; a new one takes the place of an old */
	size_t n_known;
	size_t limit; /* of nodes, and eight times as many steps */
	size_t steps; /* what is not known any more is done again */
	bool full;    /* it was hit: results are no longer to be used */
};

void s2s_bdd_init(struct s2s_bdd *bdd, size_t limit);
void s2s_bdd_done(struct s2s_bdd *bdd);

/* The function that gives this verdict whatever the call. */
uint32_t s2s_bdd_verdict(struct s2s_bdd *bdd, uint32_t verdict);
/* Whether a bit is set. */
uint32_t s2s_bdd_bit(struct s2s_bdd *bdd, uint32_t word, uint32_t bit);
/* As C's ?:, with a truth in front, truths or verdicts behind. */
uint32_t s2s_bdd_choose(struct s2s_bdd *bdd, uint32_t test, uint32_t yes, uint32_t no);

static inline uint32_t
s2s_bdd_not(struct s2s_bdd *bdd, uint32_t a)
{
	return s2s_bdd_choose(bdd, a, S2S_BDD_FALSE, S2S_BDD_TRUE);
}

static inline uint32_t
s2s_bdd_and(struct s2s_bdd *bdd, uint32_t a, uint32_t b)
{
	return s2s_bdd_choose(bdd, a, b, S2S_BDD_FALSE);
}

static inline uint32_t
s2s_bdd_or(struct s2s_bdd *bdd, uint32_t a, uint32_t b)
{
	return s2s_bdd_choose(bdd, a, S2S_BDD_TRUE, b);
}

static inline uint32_t
s2s_bdd_xor(struct s2s_bdd *bdd, uint32_t a, uint32_t b)
{
	return s2s_bdd_choose(bdd, a, s2s_bdd_not(bdd, b), b);
}

/* What a function gives for a call: a leaf. */
uint32_t s2s_bdd_leaf(const struct s2s_bdd *bdd, uint32_t of,
		      const uint32_t words[S2S_WORDS]);
/* A call for which two different functions differ. */
void s2s_bdd_differ(const struct s2s_bdd *bdd, uint32_t a, uint32_t b,
		    uint32_t ret_words[S2S_WORDS]);
