/* SPDX-License-Identifier: MIT */
/* A register of a filter as 32 functions of the call, one a bit, and what instructions
   make of it: exact for each of them. */
#pragma once

#include "filter/bdd.h"

struct s2s_bits {
	uint32_t bit[32]; /* the lowest first */
};

struct s2s_bits s2s_bits_number(uint32_t value);
struct s2s_bits s2s_bits_word(struct s2s_bdd *bdd, uint32_t word);

/* Whether a op b; op as in a conditional jump. */
uint32_t s2s_bits_test(struct s2s_bdd *bdd, uint16_t op, const struct s2s_bits *a,
		       const struct s2s_bits *b);
/* a op b; where b is 0, what a division gives means nothing. */
struct s2s_bits s2s_bits_calculate(struct s2s_bdd *bdd, uint16_t op,
				   const struct s2s_bits *a, const struct s2s_bits *b);
