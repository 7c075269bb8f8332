/* SPDX-License-Identifier: MIT */
/* The plan for libseccomp: blocks, what excludes what, and stacks against the policy.
 */
#include "format/scmp.h"

#include "../format/random_policy.h"
#include "unit.h"

static bool
in_blocks(const struct s2s_scmp_cmp *cmp, size_t n, uint64_t value)
{
	size_t hits = 0;

	for (size_t i = 0; i < n; i++)
		hits += (value & cmp[i].mask) == cmp[i].value;
	assert_true(hits <= 1);
	return hits == 1;
}

/* All intervals of 6 bits, each value in one block or none. */
static void
test_blocks_exhaustive(void **state)
{
	enum { BITS = 6, TOP = (1 << BITS) - 1 };

	(void)state;
	for (uint64_t lo = 0; lo <= TOP; lo++)
		for (uint64_t hi = lo; hi <= TOP; hi++) {
			struct s2s_scmp_range range = {3, TOP, lo, hi};
			struct s2s_scmp_cmp cmp[2 * BITS];
			size_t n = s2s_scmp_blocks(&range, NULL);

			assert_true(n >= 1 && n <= 2 * (BITS - 1));
			assert_int_equal(s2s_scmp_blocks(&range, cmp), n);
			for (uint64_t v = 0; v <= TOP; v++)
				assert_int_equal(in_blocks(cmp, n, v | 0xabc0),
						 v >= lo && v <= hi);
			for (size_t i = 0; i < n; i++) {
				assert_int_equal(cmp[i].arg, 3);
				assert_int_equal(cmp[i].value & ~cmp[i].mask, 0);
				assert_int_equal(cmp[i].mask & ~(uint64_t)TOP, 0);
			}
		}
}

static const struct {
	uint64_t mask, lo, hi;
	size_t n;
} blocks[] = {
    {UINT64_MAX, 0, 0, 1},
    {UINT64_MAX, 0, UINT64_MAX, 1},
    {UINT64_MAX, 1, UINT64_MAX, 64},
    {UINT64_MAX, 1, UINT64_MAX - 1, 126},
    {UINT64_MAX, UINT64_MAX, UINT64_MAX, 1},
    {UINT32_MAX, 0, UINT32_MAX, 1},
    {UINT32_MAX, 1, UINT32_MAX - 1, 62},
    {UINT32_MAX, 0, 4095, 1},
    {UINT32_MAX, 0, 4096, 2},
    {UINT64_MAX, 0x100000000, 0x2ffffffff, 2},
};

static void
test_blocks(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(blocks); i++) {
		struct s2s_interval iv = {blocks[i].lo, blocks[i].hi};
		struct s2s_set set = {blocks[i].mask, &iv, 1};

		assert_int_equal(s2s_scmp_set_blocks(&set), blocks[i].n);
	}
	assert_int_equal(s2s_scmp_set_blocks(&(struct s2s_set){UINT64_MAX, NULL, 0}),
			 0);
}

static void
test_disjoint(void **state)
{
	struct random r = {1};
	struct s2s_arena arena = {0};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct s2s_set a = random_values(&arena, &r, random_below(&r, 256));
		struct s2s_set b = random_values(&arena, &r, random_below(&r, 256));
		bool meet = false;

		for (uint64_t v = 0; v < 256; v++)
			meet = meet ||
			       (s2s_set_contains(&a, v) && s2s_set_contains(&b, v));
		assert_int_equal(s2s_scmp_disjoint(&a, &b), !meet);
	}
	s2s_arena_done(&arena);
}

/* Values at and beside the ends of any rule's sets, with dirt above. */
static uint64_t
near_some_rule(struct random *r, const struct s2s_policy_call *call, int a)
{
	static const uint64_t dirt[] = {0, 0, UINT64_C(0xffffffff00000000),
					UINT64_C(0x100000000), 0xf00000};
	const struct s2s_set *set = &call->rules[random_below(r, call->n)].arg[a];
	const struct s2s_interval *iv;

	if (set->mask == 0 || set->n == 0)
		return random_value(r, UINT64_MAX);
	iv = &set->iv[random_below(r, set->n)];
	return ((random_below(r, 2) ? iv->lo : iv->hi) + random_below(r, 3) - 1) ^
	       dirt[random_below(r, S2S_ARRAY_SIZE(dirt))];
}

static uint32_t
verdict(const struct s2s_scmp_programs *programs, const struct seccomp_data *data)
{
	uint32_t all = SECCOMP_RET_ALLOW;

	for (size_t i = 0; i < programs->n; i++)
		all = s2s_verdict_strictest(
		    all, s2s_filter_run(programs->program[i].insn,
					programs->program[i].n, data, NULL));
	return all;
}

static void
compare_at_random(const struct s2s_policy *policy,
		  const struct s2s_scmp_programs *programs, struct random *r)
{
	for (size_t i = 0; i < policy->n; i++)
		for (int k = 0; k < 3000; k++) {
			const struct s2s_policy_call *call = &policy->calls[i];
			struct seccomp_data data = {.nr = (int)call->sc->nr,
						    .arch = AUDIT_ARCH_X86_64};
			uint64_t args[S2S_ARGS_MAX];

			for (int a = 0; a < S2S_ARGS_MAX; a++)
				args[a] = near_some_rule(r, call, a);
			memcpy(data.args, args, sizeof args);
			assert_int_equal(verdict(programs, &data),
					 s2s_action_ret(s2s_policy_verdict(
					     policy, data.arch, call->sc->nr, args)));
		}
}

static void
test_random_policies(void **state)
{
	size_t stacked = 0, refused = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 80; seed++) {
		struct s2s_policy *policy = random_policy(seed, 1 + seed % 9);
		struct random r = {seed};
		struct s2s_scmp plan;
		struct s2s_scmp_programs programs = {0};
		enum s2s_status status;

		if (seed % 3 == 0)
			add_whole_answers(policy, seed);
		status = s2s_scmp_plan(policy, NULL, &plan);
		if (status == S2S_OK)
			status = s2s_scmp_export(&plan, NULL, &programs);
		if (status == S2S_OK) {
			assert_int_equal(s2s_scmp_check(&programs, &plan, NULL, NULL),
					 S2S_OK);
			compare_at_random(policy, &programs, &r);
			stacked += plan.n > 1;
		} else {
			assert_int_equal(status, S2S_LIMIT);
			refused++;
		}
		s2s_scmp_programs_done(&programs);
		s2s_scmp_done(&plan);
		s2s_policy_free(policy);
	}
	print_message("%zu stacked, %zu refused\n", stacked, refused);
	assert_true(stacked > 20);
	assert_true(refused < 40);
}

static struct s2s_policy *
policy_of(const char *call, const struct s2s_set *sets, size_t n, size_t rules)
{
	struct s2s_policy *policy = random_policy(0, 0);
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(call));

	for (size_t i = 0; i < rules; i++) {
		struct s2s_rule rule = {.why = S2S_WHY_SEEN};

		for (size_t a = 0; a < S2S_ARGS_MAX; a++)
			rule.arg[a] = a < n ? sets[i * n + a] : s2s_set_any();
		s2s_policy_add_rule(policy, sc, &rule);
	}
	return policy;
}

/* Six ranges of one call: sums and no product. */
static void
test_ranges_are_not_multiplied(void **state)
{
	struct s2s_arena arena = {0};
	struct s2s_set range = s2s_set_range(&arena, 64, false, 12345, 1234567890123);
	struct s2s_set sets[] = {range, range, range, range, range, range};
	struct s2s_policy *policy = policy_of("mmap", sets, 6, 1);
	struct s2s_scmp plan;
	struct s2s_scmp_programs programs;

	(void)state;
	assert_int_equal(s2s_scmp_plan(policy, NULL, &plan), S2S_OK);
	assert_int_equal(plan.n, 6);
	assert_int_equal(s2s_scmp_export(&plan, NULL, &programs), S2S_OK);
	assert_int_equal(programs.n, 1);
	assert_true(programs.program[0].n < 6 * (7 * s2s_scmp_set_blocks(&range) + 20));
	assert_int_equal(s2s_scmp_check(&programs, &plan, NULL, NULL), S2S_OK);
	s2s_scmp_programs_done(&programs);
	s2s_scmp_done(&plan);
	s2s_policy_free(policy);
	s2s_arena_done(&arena);
}

/* (1..100, 1..100) and (51..200, 51..200): no argument tells them apart, and a stack
   that let each filter choose its rule would allow (1, 200). */
static void
test_overlapping_rules(void **state)
{
	struct s2s_arena arena = {0};
	struct s2s_set low = s2s_set_range(&arena, 64, false, 1, 100);
	struct s2s_set high = s2s_set_range(&arena, 64, false, 51, 200);
	struct s2s_set sets[] = {low, low, high, high};
	struct s2s_policy *policy = policy_of("munmap", sets, 2, 2);
	struct random r = {1};
	struct s2s_scmp plan;
	struct s2s_scmp_programs programs;

	(void)state;
	assert_int_equal(s2s_scmp_plan(policy, NULL, &plan), S2S_OK);
	assert_int_equal(s2s_scmp_export(&plan, NULL, &programs), S2S_OK);
	assert_int_equal(s2s_scmp_check(&programs, &plan, NULL, NULL), S2S_OK);
	compare_at_random(policy, &programs, &r);
	s2s_scmp_programs_done(&programs);
	s2s_scmp_done(&plan);
	s2s_policy_free(policy);
	s2s_arena_done(&arena);
}

/* The check is worth something: a program that differs in one instruction is found. */
static void
test_check_finds_differences(void **state)
{
	struct s2s_arena arena = {0};
	struct s2s_set sets[] = {s2s_set_value(&arena, UINT32_MAX, 3),
				 s2s_set_range(&arena, 64, false, 10, 20)};
	struct s2s_policy *policy = policy_of("munmap", sets, 2, 1);
	struct s2s_scmp plan;
	struct s2s_scmp_programs programs;
	size_t found = 0, jumps = 0;

	(void)state;
	assert_int_equal(s2s_scmp_plan(policy, NULL, &plan), S2S_OK);
	assert_int_equal(s2s_scmp_export(&plan, NULL, &programs), S2S_OK);
	for (size_t i = 0; i < programs.program[0].n; i++) {
		struct sock_filter *insn = &programs.program[0].insn[i];

		if (BPF_CLASS(insn->code) != BPF_JMP || BPF_OP(insn->code) == BPF_JA)
			continue;
		jumps++;
		insn->k ^= 1;
		found += s2s_scmp_check(&programs, &plan, NULL, NULL) == S2S_INTERNAL;
		insn->k ^= 1;
	}
	/* All but libseccomp's own two tests for x32: such numbers are no rule's. */
	assert_int_equal(found, jumps - 2);
	assert_int_equal(s2s_scmp_check(&programs, &plan, NULL, NULL), S2S_OK);
	s2s_scmp_programs_done(&programs);
	s2s_scmp_done(&plan);
	s2s_policy_free(policy);
	s2s_arena_done(&arena);
}

static void
add_values(struct s2s_policy *policy, const char *call,
	   const struct s2s_set sets[S2S_ARGS_MAX])
{
	struct s2s_rule rule = {.why = S2S_WHY_SEEN};

	memcpy(rule.arg, sets, sizeof rule.arg);
	s2s_policy_add_rule(policy, s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(call)),
			    &rule);
}

/* libseccomp 2.5.4 lets both calls share the comparison of the third argument with 0:
   openat(AT_FDCWD, address, O_CREAT, 0) was allowed. */
static void
test_shared_comparison(void **state)
{
	struct s2s_arena arena = {0};
	struct s2s_set any = s2s_set_any(), zero = s2s_set_value(&arena, UINT32_MAX, 0),
		       one = s2s_set_value(&arena, UINT32_MAX, 1),
		       create = s2s_set_value(&arena, UINT32_MAX, 0x40),
		       cwd = s2s_set_value(&arena, UINT32_MAX, 0xffffff9c),
		       mode = s2s_set_value(&arena, 0xffff, 0600),
		       pages = s2s_set_range(&arena, 64, false, 0x3000, 0x4000),
		       page = s2s_set_value(&arena, UINT64_MAX, 0x4000);
	struct s2s_policy *policy = random_policy(0, 0);
	const uint64_t wrong[S2S_ARGS_MAX] = {0xffffff9c, 0, 0x40};
	struct seccomp_data data = {.nr = 257, .arch = AUDIT_ARCH_X86_64};
	struct s2s_scmp plan;
	struct s2s_scmp_programs programs;

	(void)state;
	add_values(policy, "lseek", (struct s2s_set[]){any, pages, one, any, any, any});
	add_values(policy, "lseek", (struct s2s_set[]){any, page, zero, any, any, any});
	add_values(policy, "openat", (struct s2s_set[]){cwd, any, zero, any, any, any});
	add_values(policy, "openat",
		   (struct s2s_set[]){cwd, any, create, mode, any, any});
	assert_int_equal(s2s_scmp_plan(policy, NULL, &plan), S2S_OK);
	assert_int_equal(s2s_scmp_compile(&plan, NULL, &programs), S2S_OK);
	memcpy(data.args, wrong, sizeof wrong);
	assert_int_equal(verdict(&programs, &data), s2s_action_ret(policy->action));
	assert_int_equal(s2s_scmp_check(&programs, &plan, NULL, NULL), S2S_OK);
	s2s_scmp_programs_done(&programs);
	s2s_scmp_done(&plan);
	s2s_policy_free(policy);
	s2s_arena_done(&arena);
}

static enum s2s_status
plan_and_export(const struct s2s_policy *policy)
{
	struct s2s_scmp plan;
	struct s2s_scmp_programs programs = {0};
	enum s2s_status status = s2s_scmp_plan(policy, NULL, &plan);

	if (status == S2S_OK)
		status = s2s_scmp_export(&plan, NULL, &programs);
	s2s_scmp_programs_done(&programs);
	s2s_scmp_done(&plan);
	return status;
}

/* 5000 values of one argument: refused at once, not after minutes. */
static void
test_too_many_values(void **state)
{
	static struct s2s_interval iv[5000];
	struct s2s_set set = {UINT64_MAX, iv, 3000};
	struct s2s_policy *policy;

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(iv); i++)
		iv[i].lo = iv[i].hi = 3 * i;
	policy = policy_of("brk", &set, 1, 1);
	assert_int_equal(plan_and_export(policy), S2S_OK);
	s2s_policy_free(policy);
	set.n = 5000;
	policy = policy_of("brk", &set, 1, 1);
	assert_int_equal(plan_and_export(policy), S2S_LIMIT);
	s2s_policy_free(policy);
}

/* What libseccomp has no words for. */
static void
test_unsayable(void **state)
{
	struct s2s_policy *policy = random_policy(3, 3);

	(void)state;
	assert_int_equal(plan_and_export(policy), S2S_OK);
	policy->action = (struct s2s_action){S2S_ACTION_ERRNO, 4095};
	assert_int_equal(plan_and_export(policy), S2S_USAGE);
	policy->action = (struct s2s_action){S2S_ACTION_ERRNO, 4094};
	assert_int_equal(plan_and_export(policy), S2S_OK);
	policy->action = (struct s2s_action){S2S_ACTION_ALLOW, 0};
	assert_int_equal(plan_and_export(policy), S2S_USAGE);
	policy->action = (struct s2s_action){S2S_ACTION_TRAP, 0};
	policy->arches = 1U << S2S_ARCH_X86_64 | 1U << S2S_ARCH_I386;
	assert_int_equal(plan_and_export(policy), S2S_USAGE);
	policy->arches = 0;
	assert_int_equal(plan_and_export(policy), S2S_USAGE);
	s2s_policy_free(policy);
}

/* Every number from 0 to far behind the table, and both ends of each half. */
static void
test_front(void **state)
{
	struct s2s_policy *policy = random_policy(0, 0);
	struct s2s_scmp plan;
	struct s2s_scmp_programs programs;

	(void)state;
	assert_int_equal(s2s_scmp_plan(policy, NULL, &plan), S2S_OK);
	assert_int_equal(s2s_scmp_export(&plan, NULL, &programs), S2S_OK);
	for (uint32_t i = 0; i < 20000; i++) {
		static const uint32_t ends[] = {0,          0x3fffffff, 0x40000000,
						0x7fffffff, 0x80000000, 0xbfffffff,
						0xc0000000, 0xffffffff};
		uint32_t nr = i < 10000 ? i : ends[i % 8] + i / 8 % 1000 - 500;
		struct seccomp_data data = {.nr = (int)nr, .arch = AUDIT_ARCH_X86_64};
		uint32_t want = SECCOMP_RET_KILL_PROCESS;

		if (nr == UINT32_MAX)
			want = SECCOMP_RET_ALLOW;
		else if (!(nr & S2S_X32_BIT) && !s2s_syscall_by_nr(S2S_ARCH_X86_64, nr))
			want = SECCOMP_RET_ERRNO | 38;
		if (verdict(&programs, &data) != want)
			fail_msg("number 0x%x", nr);
		data.arch = AUDIT_ARCH_I386;
		assert_int_equal(verdict(&programs, &data), SECCOMP_RET_KILL_PROCESS);
	}
	s2s_scmp_programs_done(&programs);
	s2s_scmp_done(&plan);
	s2s_policy_free(policy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_blocks_exhaustive),
	    cmocka_unit_test(test_blocks),
	    cmocka_unit_test(test_disjoint),
	    cmocka_unit_test(test_ranges_are_not_multiplied),
	    cmocka_unit_test(test_overlapping_rules),
	    cmocka_unit_test(test_check_finds_differences),
	    cmocka_unit_test(test_shared_comparison),
	    cmocka_unit_test(test_too_many_values),
	    cmocka_unit_test(test_unsayable),
	    cmocka_unit_test(test_front),
	    cmocka_unit_test(test_random_policies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
