/* SPDX-License-Identifier: MIT */
/* A rule as what it demands of each 32-bit word of the arguments. Demands are interned:
   equal ones have equal numbers, 0 demands nothing. */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "policy/policy.h"

enum { S2S_SLOTS = 2 * S2S_ARGS_MAX }; /* low and high word of each argument in turn */

/* Values of a masked word. What a high word demands of its low word may hang on the
   value of the high one: `then` is the low word's demand for values of this range. */
struct s2s_range {
	uint32_t lo, hi;
	uint32_t then;
	uint32_t next; /* number of the next higher range, 0: none */
};

struct s2s_demand {
	uint32_t mask;
	uint32_t first; /* number of a range; 0: no value will do */
};

struct s2s_term_table {
	struct s2s_map map;
	struct s2s_range *range;
	size_t n_ranges, cap_ranges;
	struct s2s_demand *demand;
	size_t n_demands, cap_demands;
	uint32_t numbers;
};

struct s2s_terms {
	uint32_t slot[S2S_SLOTS]; /* demands */
	uint32_t id;              /* equal where all slots are */
	uint64_t weight;          /* how often it is met: in any unit */
};

void s2s_term_table_init(struct s2s_term_table *table);
void s2s_term_table_done(struct s2s_term_table *table);

/* A number for the key: the same for the same key, another for any other. */
uint32_t s2s_term_number(struct s2s_term_table *table, const uint64_t key[3],
			 bool *ret_new);
/* False where no call can satisfy the rule. */
bool s2s_terms_of_rule(struct s2s_term_table *table, const struct s2s_rule *rule,
		       struct s2s_terms *ret);
/* Sets id from the slots. */
void s2s_terms_number(struct s2s_term_table *table, struct s2s_terms *terms);
/* What is left of a demand on a word where (word & mask) == value is known; 0 where
   that answers it, false where it contradicts. */
bool s2s_demand_refine(struct s2s_term_table *table, uint32_t demand, uint32_t mask,
		       uint32_t value, uint32_t *ret);
