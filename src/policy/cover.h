/* SPDX-License-Identifier: MIT */
/* Whether what a rule allows is allowed by another rule, or by several together. */
#pragma once

#include "policy/policy.h"

/* Whether every argument's set of a is within b's: all that a allows, b allows. */
bool s2s_rule_subset(const struct s2s_rule *a, const struct s2s_rule *b,
		     unsigned nargs);
bool s2s_rule_equal(const struct s2s_rule *a, const struct s2s_rule *b, unsigned nargs);

/* Whether all that `goal` allows is allowed by the union of the rules. Exact, but for
   hand-made unions of many overlapping masks, where the question is as hard as any:
   after a bounded effort the answer is no. Never a wrong yes. */
bool s2s_rule_covered(const struct s2s_rule *goal, const struct s2s_rule *rules,
		      size_t n, unsigned nargs);
