/* SPDX-License-Identifier: MIT */
/* Any policy: both of our filters and what libseccomp makes of it say what it says, on
   points and by proof; its normal form allows what it allowed. And a filter with one
   wrong instruction that the check lets pass is not wrong. */
#include "../unit/random_policy.h"
#include "filter/filter.h"
#include "format/scmp.h"
#include "fuzz.h"

#include <string.h>

enum { CALLS = 5, POINTS = 100, RULES_MAX = 8 };

static uint32_t
run(const struct s2s_filter *filter, const struct s2s_point *at)
{
	struct seccomp_data data = {.nr = (int)at->nr, .arch = at->audit_arch};

	memcpy(data.args, at->args, sizeof data.args);
	return s2s_filter_run(filter->insn, filter->n, &data, NULL);
}

static uint32_t
says(const struct s2s_policy *policy, const struct s2s_point *at)
{
	return s2s_action_ret(
	    s2s_policy_verdict(policy, at->audit_arch, at->nr, at->args));
}

static void
check_same(struct rng *rng, const struct s2s_policy *policy,
	   const struct s2s_filter *filter)
{
	for (int i = 0; i < POINTS; i++) {
		struct s2s_point at = random_point(rng, policy);

		check(run(filter, &at) == says(policy, &at));
	}
}

static void
check_mutant(struct rng *rng, const struct s2s_policy *policy,
	     struct s2s_filter *filter)
{
	struct sock_filter *in = &filter->insn[rng_below(rng, filter->n)];
	struct s2s_check found;
	const char *why;
	size_t index;

	switch (rng_below(rng, 4)) {
	case 0:
		in->k += (uint32_t)(rng_below(rng, 3) - 1);
		break;
	case 1:
		in->k ^= UINT32_C(1) << rng_below(rng, 32);
		break;
	case 2:
		in->jt ^= (uint8_t)rng_below(rng, 4);
		break;
	default:
		in->code ^= (uint16_t)(1U << rng_below(rng, 8));
	}
	if (s2s_filter_validate(filter->insn, filter->n, &index, &why) != S2S_OK)
		return;
	if (s2s_filter_check(policy, filter, &found) == S2S_OK)
		check_same(rng, policy, filter);
	else
		check(run(filter, &found.differs) != says(policy, &found.differs));
}

static void
check_filters(struct rng *rng, const struct s2s_policy *policy)
{
	for (int goal = S2S_GOAL_SPEED; goal <= S2S_GOAL_SIZE; goal++) {
		struct s2s_filter filter;
		struct s2s_check found;
		const char *why;
		size_t index;

		s2s_filter_compile(policy, (enum s2s_goal)goal, &filter);
		if (filter.n <= S2S_FILTER_MAX) {
			check(s2s_filter_validate(filter.insn, filter.n, &index,
						  &why) == S2S_OK);
			check(s2s_filter_check(policy, &filter, &found) == S2S_OK);
			check_same(rng, policy, &filter);
			check_mutant(rng, policy, &filter);
		}
		s2s_filter_done(&filter);
	}
}

static size_t
rules(const struct s2s_policy *policy)
{
	size_t n = 0;

	for (size_t i = 0; i < policy->n; i++)
		n += policy->calls[i].n;
	return n;
}

/* Slow: small policies only. What it cannot say is refused; S2S_INTERNAL is where the
   filters that would be installed say something else. */
static void
check_libseccomp(const struct s2s_policy *policy)
{
	struct s2s_scmp_programs programs = {0};
	struct s2s_scmp plan = {0};

	if (rules(policy) <= RULES_MAX && s2s_scmp_plan(policy, NULL, &plan) == S2S_OK)
		check(s2s_scmp_compile(&plan, NULL, &programs) != S2S_INTERNAL);
	s2s_scmp_programs_done(&programs);
	s2s_scmp_done(&plan);
}

static void
check_normal(const struct s2s_policy *policy)
{
	struct s2s_policy *normal = s2s_policy_new();
	struct s2s_filter filter;
	struct s2s_check found;

	normal->action = policy->action;
	normal->unknown = policy->unknown;
	s2s_policy_union(normal, policy);
	normal->arches = policy->arches;
	s2s_policy_normalize(normal);
	s2s_filter_compile(normal, S2S_GOAL_SIZE, &filter);
	check(s2s_filter_check(policy, &filter, &found) == S2S_OK);
	s2s_filter_done(&filter);
	s2s_policy_free(normal);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rng rng = {fuzz_hash(data, size), data, size};
	struct s2s_policy *policy = random_policy_of(&rng, CALLS);

	rng.left = 0; /* what follows is judged, and not to be chosen */
	check_filters(&rng, policy);
	check_normal(policy);
	check_libseccomp(policy);
	s2s_policy_free(policy);
	return 0;
}
