/* SPDX-License-Identifier: MIT */
#include "filter/filter.h"
#include "filter/opcode.h"
#include "random_policy.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct s2s_syscall *
find(const char *name)
{
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(name));

	if (!sc)
		fail_msg("no call %s", name);
	return sc;
}

static struct seccomp_data
data_of(const struct s2s_point *point)
{
	struct seccomp_data data = {.nr = (int)point->nr, .arch = point->audit_arch};

	memcpy(data.args, point->args, sizeof data.args);
	return data;
}

static uint32_t
run(const struct s2s_filter *filter, const struct s2s_point *point)
{
	struct seccomp_data data = data_of(point);

	return s2s_filter_run(filter->insn, filter->n, &data, NULL);
}

static uint32_t
expected(const struct s2s_policy *policy, const struct s2s_point *point)
{
	return s2s_action_ret(
	    s2s_policy_verdict(policy, point->audit_arch, point->nr, point->args));
}

static void
assert_valid(const struct s2s_filter *filter)
{
	size_t index;
	const char *why;

	if (filter->n <= S2S_FILTER_MAX &&
	    s2s_filter_validate(filter->insn, filter->n, &index, &why))
		fail_msg("%zu: %s", index, why);
}

static void
assert_agrees(const struct s2s_policy *policy, const struct s2s_filter *filter,
	      struct rng *rng, int calls)
{
	struct s2s_check check;

	if (s2s_filter_check(policy, filter, &check))
		fail_msg("nr %u: filter %#x, policy %#x", check.differs.nr,
			 check.filter_says, check.policy_says);
	assert_true(check.points > 1000);
	assert_true(check.proven);
	for (int i = 0; i < calls; i++) {
		struct s2s_point point = random_point(rng, policy);

		assert_int_equal(run(filter, &point), expected(policy, &point));
	}
}

static void
test_random_policies(void **state)
{
	struct rng rng = {.state = 1};

	(void)state;
	for (int i = 0; i < 60; i++) {
		struct s2s_policy *policy = random_policy(&rng);
		struct s2s_filter filter;

		s2s_filter_compile(policy, S2S_GOAL_SPEED, &filter);
		assert_valid(&filter);
		assert_agrees(policy, &filter, &rng, 2000);
		s2s_filter_done(&filter);
		s2s_policy_free(policy);
	}
}

/* What of a kind of rule makes a large policy: fills in rule number i of n. */
typedef void shape_fn(struct s2s_arena *arena, struct rng *rng, uint64_t i,
		      struct s2s_rule *rule);

/* As level strict makes them: each argument one value. */
static void
shape_strict(struct s2s_arena *arena, struct rng *rng, uint64_t i,
	     struct s2s_rule *rule)
{
	rule->arg[0] = s2s_set_value(arena, UINT32_MAX, i % 60);
	rule->arg[1] = s2s_set_value(arena, UINT64_MAX, rng_below(rng, 40) << 12);
	rule->arg[2] = s2s_set_value(arena, UINT64_MAX, i * 4096);
}

/* Every rule overlaps with every other. */
static void
shape_nested(struct s2s_arena *arena, struct rng *rng, uint64_t i,
	     struct s2s_rule *rule)
{
	(void)rng;
	rule->arg[0] = s2s_set_range(arena, 64, false, i, 100000 - i);
	rule->arg[1] = s2s_set_range(arena, 64, false, 0, i);
	rule->arg[2] = s2s_set_range(arena, 64, true, -i, i * 7 % 1000);
}

/* Each looks at other arguments than its neighbours. */
static void
shape_sparse(struct s2s_arena *arena, struct rng *rng, uint64_t i,
	     struct s2s_rule *rule)
{
	for (int k = 0; k < 2; k++)
		rule->arg[(i + (uint64_t)k * 2) % S2S_ARGS_MAX] =
		    s2s_set_value(arena, UINT64_MAX, rng_below(rng, 1000));
}

static void
shape_masked(struct s2s_arena *arena, struct rng *rng, uint64_t i,
	     struct s2s_rule *rule)
{
	for (int k = 0; k < 3; k++) {
		uint64_t mask = rng_next(rng) | 1;

		rule->arg[k] = s2s_set_value(arena, mask, i & mask);
	}
}

static void
shape_wide(struct s2s_arena *arena, struct rng *rng, uint64_t i, struct s2s_rule *rule)
{
	uint64_t from = i << 30;

	rule->arg[1] = s2s_set_range(arena, 64, false, from,
				     from + rng_below(rng, UINT64_C(1) << 34));
}

static const struct {
	const char *name;
	shape_fn *shape;
	uint64_t rules;
	size_t at_most; /* instructions */
} shapes[] = {
    {"strict", shape_strict, 5000, 60000},  {"nested", shape_nested, 300, 100000},
    {"sparse", shape_sparse, 2000, 100000}, {"masked", shape_masked, 400, 100000},
    {"wide", shape_wide, 3000, 60000},
};

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct s2s_policy *
shaped_policy(shape_fn *shape, uint64_t n, struct rng *rng)
{
	struct s2s_policy *policy = s2s_policy_new();

	for (uint64_t i = 0; i < n; i++) {
		struct s2s_rule rule = {.count = 1};

		for (int k = 0; k < S2S_ARGS_MAX; k++)
			rule.arg[k] = s2s_set_any();
		shape(&policy->arena, rng, i, &rule);
		s2s_policy_add_rule(policy, find("pread64"), &rule);
	}
	s2s_policy_allow_all(policy, find("read"), S2S_WHY_SEEN, NULL);
	return policy;
}

/* Of processor time; a sanitizer takes several times as much. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { SECONDS_MAX = 50 };
#else
enum { SECONDS_MAX = 5 };
#endif

static void
test_large_policies(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(shapes); i++) {
		struct rng rng = {.state = i};
		struct s2s_policy *policy =
		    shaped_policy(shapes[i].shape, shapes[i].rules, &rng);
		struct s2s_filter filter;
		double begin = seconds(), took;

		s2s_filter_compile(policy, S2S_GOAL_SPEED, &filter);
		took = seconds() - begin;
		print_message("%s: %zu rules, %zu instructions, %.3f s\n",
			      shapes[i].name, (size_t)shapes[i].rules, filter.n, took);
		assert_true(filter.n <= shapes[i].at_most);
		assert_true(took < SECONDS_MAX);
		assert_valid(&filter);
		for (int k = 0; k < 5000; k++) {
			struct s2s_point point = random_point(&rng, policy);

			assert_int_equal(run(&filter, &point),
					 expected(policy, &point));
		}
		s2s_filter_done(&filter);
		s2s_policy_free(policy);
	}
}

/* Many values whose halves depend on each other. */
static struct s2s_set
scattered_set(struct s2s_arena *arena, struct rng *rng, uint64_t highs, uint64_t lows)
{
	struct s2s_set set = s2s_set_value(arena, UINT64_MAX, 0), more;

	for (uint64_t i = 0; i < highs * lows; i++) {
		uint64_t value = (i % highs) << 33 | rng_below(rng, 100000);

		more = s2s_set_value(arena, UINT64_MAX, value);
		s2s_set_union(arena, &set, &more, &set);
	}
	return set;
}

static void
test_scattered_sets(void **state)
{
	struct s2s_policy *policy = s2s_policy_new();
	struct s2s_rule rule = {.count = 1};
	struct rng rng = {.state = 4};
	struct s2s_filter filter;

	(void)state;
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		rule.arg[i] = scattered_set(&policy->arena, &rng, 2 + (uint64_t)i * 5,
					    60 - (uint64_t)i * 10);
	s2s_policy_add_rule(policy, find("mmap"), &rule);
	s2s_policy_call(policy, find("read")); /* no rules: never allowed */
	s2s_filter_compile(policy, S2S_GOAL_SPEED, &filter);
	assert_valid(&filter);
	assert_agrees(policy, &filter, &rng, 0);
	s2s_filter_done(&filter);
	s2s_policy_free(policy);
}

static void
test_empty_policy(void **state)
{
	struct s2s_policy *policy = s2s_policy_new();
	struct rng rng = {.state = 4};
	struct s2s_filter filter;

	(void)state;
	policy->arches = 1U << S2S_ARCH_X86_64;
	s2s_filter_compile(policy, S2S_GOAL_SPEED, &filter);
	assert_valid(&filter);
	assert_agrees(policy, &filter, &rng, 5000);
	s2s_filter_done(&filter);
	policy->arches = 0;
	s2s_filter_compile(policy, S2S_GOAL_SPEED, &filter);
	assert_int_equal(filter.n, 1);
	s2s_filter_done(&filter);
	s2s_policy_free(policy);
}

static void
mutate(struct rng *rng, struct s2s_filter *filter)
{
	struct sock_filter *in = &filter->insn[rng_below(rng, filter->n)];

	switch (rng_below(rng, 5)) {
	case 0:
		in->jt = (uint8_t)(in->jt + 1 + rng_below(rng, 3));
		break;
	case 1:
		in->jf = (uint8_t)(in->jf + 1 + rng_below(rng, 3));
		break;
	case 2:
		in->k += rng_below(rng, 2) ? 1 : UINT32_MAX;
		break;
	case 3:
		in->k ^= 1U << rng_below(rng, 32);
		break;
	default:
		in->code ^= (uint16_t)(BPF_JGT ^ BPF_JGE);
	}
}

static bool
differs_somewhere(const struct s2s_policy *policy, const struct s2s_filter *filter,
		  struct rng *rng)
{
	for (int i = 0; i < 20000; i++) {
		struct s2s_point point = random_point(rng, policy);

		if (run(filter, &point) != expected(policy, &point))
			return true;
	}
	return false;
}

/* A compiler with one wrong instruction is caught. */
static void
test_mutants(void **state)
{
	struct rng rng = {.state = 17};
	size_t wrong = 0, noticed = 0, missed = 0, index;
	const char *why;

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct s2s_policy *policy = random_policy(&rng);
		struct s2s_filter filter;
		struct s2s_check check;

		s2s_filter_compile(policy, S2S_GOAL_SPEED, &filter);
		mutate(&rng, &filter);
		if (s2s_filter_validate(filter.insn, filter.n, &index, &why) ==
		    S2S_OK) {
			bool caught = s2s_filter_check(policy, &filter, &check);

			noticed += caught;
			missed += !caught && differs_somewhere(policy, &filter, &rng);
		}
		s2s_filter_done(&filter);
		s2s_policy_free(policy);
	}
	wrong = noticed + missed;
	print_message("%zu of %zu wrong mutants noticed by the check\n", noticed,
		      wrong);
	assert_true(wrong > 100);
	assert_int_equal(missed, 0);
}

/* What seccomp_is_const_allow() of kernel/seccomp.c follows, and no more. */
static bool
kernel_caches(const struct s2s_filter *filter, const struct s2s_syscall *sc)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < filter->n; pc++) {
		const struct sock_filter *in = &filter->insn[pc];

		switch (in->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (in->k > 4)
				return false;
			a = in->k ? s2s_arch_audit(sc->arch) : sc->nr;
			break;
		case BPF_RET | BPF_K:
			return in->k == SECCOMP_RET_ALLOW;
		case BPF_JMP | BPF_JA:
			pc += in->k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_K:
			pc += s2s_opcode_compare(BPF_OP(in->code), a, in->k) ? in->jt
									     : in->jf;
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= in->k;
			break;
		default:
			return false;
		}
	}
	return false;
}

static bool
allows_all(const struct s2s_policy_call *call)
{
	bool any = call->n == 1;

	for (int i = 0; any && i < S2S_ARGS_MAX; i++)
		any = s2s_set_is_any(&call->rules[0].arg[i]);
	return any;
}

static void
test_cacheable(void **state)
{
	struct rng rng = {.state = 3};
	size_t cached = 0;

	(void)state;
	for (int i = 0; i < 30; i++) {
		struct s2s_policy *policy = random_policy(&rng);
		struct s2s_filter filter;

		for (int k = 0; k < 20; k++)
			s2s_policy_allow_all(
			    policy,
			    s2s_syscalls(S2S_ARCH_X86_64, &(size_t){0})[i + 7 * k],
			    S2S_WHY_SEEN, NULL);
		s2s_filter_compile(policy, S2S_GOAL_SPEED, &filter);
		for (size_t k = 0; k < policy->n; k++)
			if (allows_all(&policy->calls[k])) {
				cached++;
				assert_true(
				    kernel_caches(&filter, policy->calls[k].sc));
			}
		s2s_filter_done(&filter);
		s2s_policy_free(policy);
	}
	assert_true(cached >= 600);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_random_policies),
	    cmocka_unit_test(test_large_policies),
	    cmocka_unit_test(test_cacheable),
	    cmocka_unit_test(test_scattered_sets),
	    cmocka_unit_test(test_empty_policy),
	    cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
