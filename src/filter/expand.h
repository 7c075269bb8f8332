/* SPDX-License-Identifier: MIT */
/* The rules of one call to a decision diagram: looks at one word after the other; for
   each stretch of its values goes on with the rules that are still possible there.
   Equal remainders are one node. */
#pragma once

#include "filter/diagram.h"

/* Which word comes first where that does not decide how much is duplicated. */
enum s2s_order {
	S2S_FEWEST_STRETCHES,
	S2S_MOST_STRETCHES,
	S2S_LOWEST_WORD,
	S2S_HIGHEST_WORD,
	S2S_LOW_WORDS,
	S2S_ORDERS,
};

struct s2s_expansion {
	enum s2s_order order;
	size_t duplication; /* how often a rule may be met again, on the mean */
	uint32_t allow, otherwise;
};

/* False where it would take too many nodes, which a single rule never does. */
bool s2s_diagram_expand(struct s2s_diagram *d, const struct s2s_rule *rule, size_t n,
			const struct s2s_expansion *how, uint32_t *ret);
