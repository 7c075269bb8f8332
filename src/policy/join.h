/* SPDX-License-Identifier: MIT */
/* Rules that differ in one argument, and are there for the same reason, become one. */
#pragma once

#include "policy/policy.h"

void s2s_join_rules(struct s2s_policy *policy, struct s2s_policy_call *call);

/* An order of why and reason; 0: the same. */
int s2s_compare_reason(const struct s2s_rule *a, const struct s2s_rule *b);
