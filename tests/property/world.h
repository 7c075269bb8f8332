/* SPDX-License-Identifier: MIT */
/* A tree and its policies at every level, and what must hold of them whatever was seen.
 */
#pragma once

#include "optimize/optimize.h"

enum { WORLD_LEVELS = 5 };

struct world {
	const char *name; /* of the case, in messages */
	struct s2s_tree *tree;
	struct s2s_policy *policy[WORLD_LEVELS];
	struct s2s_optimize_options opts;
};

/* Borrows the tree, optimizes it at every level. */
void world_init(struct world *w, const char *name, struct s2s_tree *tree,
		const struct s2s_optimize_options *opts);
void world_done(struct world *w);

/* Each ends the process with a message where it does not hold. */
void check_nested(const struct world *w);
void check_nested_by_verdict(const struct world *w);
/* Every leaf of the tree is allowed at every level, and counted by one rule. */
void check_own_calls(const struct world *w);
void check_counts(const struct world *w);
/* The normal form of what is normal is itself, and allows what it allowed before. */
void check_normal(const struct world *w);
void check_normal_is_exact(const struct world *w);
/* What a part of the logs allows is allowed by all. */
void check_within(const struct world *fewer, const struct world *all);
/* The same policies, but for what the trees do not tell (lower bounds of runs). */
void check_same(const struct world *a, const struct world *b);

/* The leaves as calls, in an order of `odd`s, as profiles bring them; each as two where
   its counts can be split. */
void add_as_profiles(struct s2s_tree *to, struct s2s_tree *from);

void check(bool holds, const struct world *w, const char *what, const char *level);
