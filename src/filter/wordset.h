/* SPDX-License-Identifier: MIT */
/* Sets of 32-bit values as binary decision diagrams over their bits, highest first:
   exact for any mixture of comparisons and masks. Equal sets have equal numbers. */
#pragma once

#include "base/map.h"

#include <stdbool.h>
#include <stdint.h>

enum { S2S_WORDSET_NONE, S2S_WORDSET_ALL };

struct s2s_wordset_node {
	uint32_t bit;
	uint32_t child[2]; /* where the bit is 0, where it is 1 */
};

struct s2s_wordsets {
	struct s2s_wordset_node *node;
	size_t n, cap;
	struct s2s_map map;
	bool full; /* too much work: results are no longer to be used */
};

void s2s_wordsets_init(struct s2s_wordsets *ws);
void s2s_wordsets_done(struct s2s_wordsets *ws);

/* { x : x op k }, op as in a conditional jump: BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET. */
uint32_t s2s_wordset_test(struct s2s_wordsets *ws, uint16_t op, uint32_t k);
uint32_t s2s_wordset_and(struct s2s_wordsets *ws, uint32_t a, uint32_t b);
uint32_t s2s_wordset_minus(struct s2s_wordsets *ws, uint32_t a, uint32_t b);

/* { x : (x op k) is in set }, op as in an instruction: BPF_AND, BPF_OR, BPF_XOR,
   BPF_ADD, BPF_LSH, BPF_RSH (by less than 32). */
uint32_t s2s_wordset_before(struct s2s_wordsets *ws, uint32_t set, uint16_t op,
			    uint32_t k);

/* The bits that membership hangs on. */
uint32_t s2s_wordset_bits(const struct s2s_wordsets *ws, uint32_t set);
/* Whether 0 is the only value in it. */
bool s2s_wordset_is_zero(const struct s2s_wordsets *ws, uint32_t set);
/* Whether a value is in it. */
bool s2s_wordset_has(const struct s2s_wordsets *ws, uint32_t set, uint32_t value);
/* The smallest or the largest value of a set that is not empty. */
uint32_t s2s_wordset_extreme(const struct s2s_wordsets *ws, uint32_t set, bool largest);
/* The smallest value from `from` on that is in the set; false: none. */
bool s2s_wordset_next(const struct s2s_wordsets *ws, uint32_t set, uint32_t from,
		      uint32_t *ret);
