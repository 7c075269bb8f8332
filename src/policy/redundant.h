/* SPDX-License-Identifier: MIT */
/* Drops rules that lie within another rule of their call. */
#pragma once

#include "policy/policy.h"

/* The rules stay in their order. What is dropped hands its counts and place on. */
void s2s_drop_redundant(struct s2s_policy_call *call);
