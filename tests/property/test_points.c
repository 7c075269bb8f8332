/* SPDX-License-Identifier: MIT */
/* The boundary points of a policy are what filters are checked on. So here a policy is
   broken in one place, as a compiler might, and the points of the original must tell.
 */
#include "optimize/optimize.h"
#include "random_calls.h"
#include "unit.h"

#include <inttypes.h>
#include <stdlib.h>

enum { CASES = 1200, BREAKS = 10 };

static struct s2s_set
copy_with(struct s2s_arena *arena, const struct s2s_set *set, size_t at,
	  struct s2s_interval iv, uint64_t mask)
{
	struct s2s_interval *copy = s2s_realloc(NULL, set->n, sizeof *copy);
	struct s2s_set ret;

	memcpy(copy, set->iv, set->n * sizeof *copy);
	copy[at] = iv;
	for (size_t i = 0; i < set->n; i++) {
		copy[i].lo &= mask;
		copy[i].hi &= mask;
	}
	ret = s2s_set_make(arena, mask, copy, set->n);
	free(copy);
	return ret;
}

static bool
has_holes(uint64_t mask)
{
	return mask & (mask + 1);
}

/* One end of one interval is one too far or too near. */
static void
break_end(uint64_t *seed, struct s2s_arena *arena, struct s2s_set *set)
{
	size_t at = random_below(seed, set->n);
	struct s2s_interval iv = set->iv[at];
	uint64_t *end = random_below(seed, 2) ? &iv.lo : &iv.hi;

	*end += random_below(seed, 2) ? 1 : -1;
	if (has_holes(set->mask) || iv.lo > iv.hi || iv.hi > set->mask ||
	    iv.lo > set->mask)
		return;
	*set = copy_with(arena, set, at, iv, set->mask);
}

/* A bit that is compared is not, or the other way round. */
static void
break_mask(uint64_t *seed, struct s2s_arena *arena, struct s2s_set *set)
{
	uint64_t bit = UINT64_C(1) << random_below(seed, 64), mask = set->mask ^ bit;

	for (size_t i = 0; i < set->n; i++)
		if (set->iv[i].lo != set->iv[i].hi)
			return;
	*set = copy_with(arena, set, 0, set->iv[0], mask);
}

/* 64 bits are compared instead of 32, or 32 instead of 64. */
static void
break_width(uint64_t *seed, struct s2s_arena *arena, struct s2s_set *set)
{
	(void)seed;
	if (set->mask == UINT32_MAX)
		*set = copy_with(arena, set, 0, set->iv[0], UINT64_MAX);
	else if (set->mask == UINT64_MAX && set->iv[set->n - 1].hi <= UINT32_MAX)
		*set = copy_with(arena, set, 0, set->iv[0], UINT32_MAX);
}

static void
break_free(uint64_t *seed, struct s2s_arena *arena, struct s2s_set *set)
{
	(void)seed;
	(void)arena;
	*set = s2s_set_any();
}

/* A list with an element too few. */
static void
break_list(uint64_t *seed, struct s2s_arena *arena, struct s2s_set *set)
{
	size_t at = random_below(seed, set->n);

	*set = copy_with(arena, set, at, set->iv[at ? at - 1 : set->n - 1], set->mask);
}

static void (*const breaks[])(uint64_t *, struct s2s_arena *, struct s2s_set *) = {
    break_end, break_end, break_mask, break_width, break_free, break_list,
};

static void
drop_rule(struct s2s_policy_call *call, size_t i)
{
	call->rules[i] = call->rules[--call->n];
}

/* Breaks one rule of one call, or two that exchange an argument. */
static void
break_policy(uint64_t *seed, struct s2s_policy *policy)
{
	struct s2s_policy_call *call = &policy->calls[random_below(seed, policy->n)];
	struct s2s_rule *rule = &call->rules[random_below(seed, call->n)];
	struct s2s_rule *other = &call->rules[random_below(seed, call->n)];
	size_t arg = random_below(seed, call->sc->nargs ? call->sc->nargs : 1);
	struct s2s_set *set = &rule->arg[arg], swap;
	size_t how = random_below(seed, S2S_ARRAY_SIZE(breaks) + 2);

	if (how == S2S_ARRAY_SIZE(breaks)) {
		drop_rule(call, (size_t)(rule - call->rules));
	} else if (how > S2S_ARRAY_SIZE(breaks)) {
		swap = *set;
		*set = other->arg[arg];
		other->arg[arg] = swap;
	} else if (!s2s_set_is_any(set)) {
		breaks[how](seed, &policy->arena, set);
	}
}

struct difference {
	const struct s2s_policy *was, *is;
	bool found;
};

static bool
compare_at(void *self, const struct s2s_point *at)
{
	struct difference *d = self;

	d->found = s2s_policy_verdict(d->was, at->audit_arch, at->nr, at->args).kind !=
		   s2s_policy_verdict(d->is, at->audit_arch, at->nr, at->args).kind;
	return !d->found;
}

static struct s2s_policy *
random_policy(uint64_t *seed)
{
	struct random_calls *calls = s2s_realloc(NULL, 1, sizeof *calls);
	struct s2s_optimize_options opts = {.keep_launcher_exec = true,
					    .no_implied = true};
	struct s2s_atoms atoms = {0};
	struct s2s_tree *tree = s2s_tree_new(&atoms, NULL);
	struct s2s_policy *policy = NULL;
	size_t n;
	const struct s2s_level *levels = s2s_levels(&n);

	random_calls(seed, false, calls);
	for (size_t i = 0; i < calls->n; i++)
		assert_int_equal(s2s_tree_add(tree, &calls->call[i]), S2S_OK);
	opts.level = &levels[random_below(seed, n)];
	assert_int_equal(s2s_optimize(tree, &opts, &policy), S2S_OK);
	for (size_t i = 0; i < policy->n; i++)
		for (size_t j = 0; j < policy->calls[i].n; j++)
			policy->calls[i].rules[j].first.file = NULL;
	s2s_tree_free(tree);
	s2s_atoms_done(&atoms);
	free(calls);
	return policy;
}

/* Returns whether the break made a difference. */
static bool
check_break(uint64_t *seed, const struct s2s_policy *policy, uint64_t name)
{
	struct s2s_policy *broken = s2s_policy_new();
	struct difference d = {.was = policy, .is = broken};
	bool differs;

	s2s_policy_union(broken, policy);
	break_policy(seed, broken);
	differs =
	    !s2s_policy_subset(broken, policy) || !s2s_policy_subset(policy, broken);
	s2s_policy_points(policy, compare_at, &d);
	if (differs != d.found)
		fail_msg("seed %" PRIu64 ": %s", name,
			 differs ? "no point tells the difference"
				 : "a point tells, subset does not");
	s2s_policy_free(broken);
	return differs;
}

static void
test_breaks_are_found(void **state)
{
	const char *again = getenv("S2S_SEED");
	uint64_t from = again ? strtoull(again, NULL, 10) : 1;
	int found = 0;

	(void)state;
	for (uint64_t i = from; i < from + (again ? 1 : CASES); i++) {
		uint64_t seed = i * 7919;
		struct s2s_policy *policy = random_policy(&seed);

		for (int j = 0; j < BREAKS; j++)
			found += check_break(&seed, policy, i);
		s2s_policy_free(policy);
	}
	print_message("%d breaks\n", found);
	assert_true(again || found > CASES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_breaks_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
