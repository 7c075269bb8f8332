/* SPDX-License-Identifier: MIT */
/* Whether filters and a policy differ for any call, by Z3's word. */
#pragma once

#include "filter/filter.h"

/* The strictest of n filters decides. Prints a call for which they differ, where there
   is one and `say`, with `what` in front of it. Ends the process where Z3 does not
   know, or where simulator and policy see no difference there. */
bool z3_differ(const char *what, const struct s2s_filter *filters, size_t n,
	       const struct s2s_policy *policy, bool say);
