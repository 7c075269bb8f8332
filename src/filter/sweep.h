/* SPDX-License-Identifier: MIT */
/* Goes over the values of one word of a call's arguments, stretch by stretch, in each
   of which the same rules are satisfied. */
#pragma once

#include "filter/terms.h"

struct s2s_rules {
	struct s2s_terms *terms;
	size_t n;
};

/* Which word of the arguments to look at, and under which mask. */
struct s2s_look {
	int slot;
	uint32_t mask;
};

/* A stretch that a rule demands. */
struct s2s_demanded {
	uint32_t lo, hi;
	uint32_t then; /* demand on the low word */
	uint32_t rule;
};

struct s2s_sweep {
	struct s2s_demanded *all;
	size_t n, next;
	const struct s2s_demanded **active; /* in this stretch */
	size_t n_active;
	uint32_t mask, lo, hi; /* the stretch */
	bool begun, done;
};

/* Whether the rule demands something of this word under this mask. */
bool s2s_terms_look(const struct s2s_term_table *table, const struct s2s_terms *terms,
		    struct s2s_look look);

void s2s_sweep_init(struct s2s_sweep *sweep, const struct s2s_term_table *table,
		    const struct s2s_rules *rules, struct s2s_look look);
/* The next stretch; false behind the last. */
bool s2s_sweep_next(struct s2s_sweep *sweep);
void s2s_sweep_done(struct s2s_sweep *sweep);
