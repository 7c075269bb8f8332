/* SPDX-License-Identifier: MIT */
/* The normal form of a policy. Two steps take turns until neither finds anything: rules
   within another rule go (redundant.c), rules that differ in one argument become one
   (join.c). */
#include "policy/cover.h"
#include "policy/join.h"
#include "policy/redundant.h"

#include <stdlib.h>

static int
compare_text(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

int
s2s_compare_reason(const struct s2s_rule *a, const struct s2s_rule *b)
{
	if (a->why != b->why)
		return a->why < b->why ? -1 : 1;
	return compare_text(a->reason, b->reason);
}

static int
compare_rules(const void *va, const void *vb)
{
	const struct s2s_rule *a = va, *b = vb;

	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		int order = s2s_set_compare(&a->arg[i], &b->arg[i]);

		if (order != 0)
			return order;
	}
	return s2s_compare_reason(a, b);
}

static bool
tidy_rule(struct s2s_rule *rule)
{
	struct s2s_set any = s2s_set_any();

	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		struct s2s_set *set = &rule->arg[i];

		if (set->n == 0)
			return false;
		if ((set->n > 1 || set->iv->lo != set->iv->hi) &&
		    s2s_set_subset(&any, set))
			*set = any;
	}
	return true;
}

/* Rules that allow nothing go; a set of all values is "any". */
static void
tidy(struct s2s_policy_call *call)
{
	size_t out = 0;

	for (size_t i = 0; i < call->n; i++)
		if (tidy_rule(&call->rules[i]))
			call->rules[out++] = call->rules[i];
	call->n = out;
}

static void
sort_rules(struct s2s_policy_call *call)
{
	qsort(call->rules, call->n, sizeof *call->rules, compare_rules);
}

/* Sorted first as well, so that nothing hangs on the order in which rules came. */
void
s2s_policy_normalize_call(struct s2s_policy *policy, struct s2s_policy_call *call)
{
	size_t before;

	tidy(call);
	sort_rules(call);
	s2s_drop_redundant(call);
	do {
		before = call->n;
		s2s_join_rules(policy, call);
		if (call->n != before)
			s2s_drop_redundant(call);
	} while (call->n != before);
	sort_rules(call);
}

void
s2s_policy_normalize(struct s2s_policy *policy)
{
	size_t out = 0;

	for (size_t i = 0; i < policy->n; i++) {
		struct s2s_policy_call *call = &policy->calls[i];

		s2s_policy_normalize_call(policy, call);
		if (call->n)
			policy->calls[out++] = *call;
		else
			free(call->rules);
	}
	policy->n = out;
}
