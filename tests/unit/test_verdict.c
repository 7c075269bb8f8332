/* SPDX-License-Identifier: MIT */
#include "kernel/call.h"
#include "policy/policy.h"
#include "unit.h"

#define ALLOW S2S_ACTION_ALLOW
#define TRAP  S2S_ACTION_TRAP
#define ERRNO S2S_ACTION_ERRNO

static const struct s2s_syscall *
named(const char *name)
{
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(name));

	assert_non_null(sc);
	return sc;
}

/* fcntl(4..6, 1 or 2); read with any arguments. */
static struct s2s_policy *
small_policy(void)
{
	struct s2s_policy *policy = s2s_policy_new();
	struct s2s_rule rule = {.why = S2S_WHY_SEEN};

	for (int i = 0; i < S2S_ARGS_MAX; i++)
		rule.arg[i] = s2s_set_any();
	rule.arg[0] = s2s_set_range(&policy->arena, 32, true, 4, 6);
	rule.arg[1] = s2s_set_range(&policy->arena, 32, false, 1, 2);
	s2s_policy_add_rule(policy, named("fcntl"), &rule);
	s2s_policy_allow_all(policy, named("read"), S2S_WHY_SEEN, NULL);
	policy->action.kind = S2S_ACTION_TRAP;
	return policy;
}

static const struct verdict_row {
	uint32_t arch, nr;
	uint64_t a0, a1;
	enum s2s_action_kind kind;
} verdicts[] = {
    {AUDIT_ARCH_X86_64, 0, 9, 9, ALLOW},
    {AUDIT_ARCH_X86_64, 72, 3, 1, TRAP},
    {AUDIT_ARCH_X86_64, 72, 4, 1, ALLOW},
    {AUDIT_ARCH_X86_64, 72, 6, 2, ALLOW},
    {AUDIT_ARCH_X86_64, 72, 7, 2, TRAP},
    {AUDIT_ARCH_X86_64, 72, 5, 3, TRAP},
    {AUDIT_ARCH_X86_64, 72, 0xffffffff00000004, 0x1234500000001, ALLOW},
    {AUDIT_ARCH_X86_64, 1, 0, 0, TRAP},
    {AUDIT_ARCH_X86_64, 0x3fffffff, 0, 0, ERRNO},
    {AUDIT_ARCH_X86_64, 0x80000000, 0, 0, ERRNO},
    {AUDIT_ARCH_X86_64, 0xffffffff, 0, 0, ALLOW},
    {AUDIT_ARCH_X86_64, 0xfffffffe, 0, 0, TRAP}, /* has the bit of x32 */
    {AUDIT_ARCH_X86_64, 0x40000000, 0, 0, TRAP},
    {AUDIT_ARCH_I386, 0, 0, 0, TRAP},
    {AUDIT_ARCH_I386, 0xffffffff, 0, 0, TRAP},
    {0, 0, 0, 0, TRAP},
};

static void
test_verdict(void **state)
{
	struct s2s_policy *policy = small_policy();

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(verdicts); i++) {
		const struct verdict_row *row = &verdicts[i];
		uint64_t args[S2S_ARGS_MAX] = {row->a0, row->a1};
		struct s2s_action got =
		    s2s_policy_verdict(policy, row->arch, row->nr, args);

		if (got.kind != row->kind)
			fail_msg("row %zu", i);
	}
	policy->arches = 0;
	assert_int_equal(s2s_policy_verdict(policy, AUDIT_ARCH_X86_64, 0,
					    (uint64_t[S2S_ARGS_MAX]){0})
			     .kind,
			 TRAP);
	s2s_policy_free(policy);
}

static struct s2s_call
fcntl_of(struct s2s_arg a, struct s2s_arg b)
{
	struct s2s_call call = {.sc = named("fcntl"), .arg = {a, b}};
	bool known[S2S_ARGS_MAX] = {0};
	uint64_t value[S2S_ARGS_MAX] = {0};

	s2s_syscall_kinds(call.sc, known, value, call.kind);
	return call;
}

static const struct s2s_arg address = {S2S_ARG_ADDRESS, 0};
static const struct s2s_arg unknown = {S2S_ARG_UNKNOWN, 0};

static struct s2s_arg
known(uint64_t value)
{
	return (struct s2s_arg){S2S_ARG_KNOWN, value};
}

/* An argument that is not known is allowed where all it may be is, by whatever rules
   together. */
static void
test_allows_call(void **state)
{
	struct s2s_policy *policy = small_policy();
	struct s2s_call call = fcntl_of(known(4), known(2));
	struct s2s_rule rule = {.why = S2S_WHY_SEEN};

	(void)state;
	assert_true(s2s_policy_allows_call(policy, &call));
	call = fcntl_of(known(4), unknown);
	assert_false(s2s_policy_allows_call(policy, &call));
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		rule.arg[i] = s2s_set_any();
	rule.arg[1] = s2s_set_range(&policy->arena, 32, false, 3, UINT32_MAX);
	s2s_policy_add_rule(policy, named("fcntl"), &rule);
	assert_false(s2s_policy_allows_call(policy, &call));
	rule.arg[1] = s2s_set_value(&policy->arena, UINT32_MAX, 0);
	s2s_policy_add_rule(policy, named("fcntl"), &rule);
	assert_true(s2s_policy_allows_call(policy, &call));
	call = fcntl_of(known(7), unknown);
	assert_false(s2s_policy_allows_call(policy, &call));
	call.sc = named("write");
	assert_false(s2s_policy_allows_call(policy, &call));
	s2s_policy_free(policy);
}

/* Not NULL is not any value. */
static void
test_allows_address(void **state)
{
	struct s2s_policy *policy = s2s_policy_new();
	struct s2s_call call = fcntl_of(known(4), known(2));
	struct s2s_rule rule = {.why = S2S_WHY_SEEN};

	(void)state;
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		rule.arg[i] = s2s_set_any();
	rule.arg[2] = s2s_set_range(&policy->arena, 64, false, 1, UINT64_MAX);
	s2s_policy_add_rule(policy, named("fcntl"), &rule);
	call.arg[2] = address;
	assert_true(s2s_policy_allows_call(policy, &call));
	call.arg[2] = unknown;
	assert_false(s2s_policy_allows_call(policy, &call));
	call.arg[2] = known(0);
	assert_false(s2s_policy_allows_call(policy, &call));
	s2s_policy_free(policy);
}

/* Another descriptor is nearer than another command. */
static void
test_nearest(void **state)
{
	struct s2s_policy *policy = s2s_policy_new();
	struct s2s_call call = fcntl_of(known(9), known(2));
	struct s2s_rule rule = {.why = S2S_WHY_SEEN};
	const struct s2s_rule *nearest = NULL;
	int arg = 77;

	(void)state;
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		rule.arg[i] = s2s_set_any();
	rule.arg[0] = s2s_set_value(&policy->arena, UINT32_MAX, 9);
	rule.arg[1] = s2s_set_value(&policy->arena, UINT32_MAX, 1);
	s2s_policy_add_rule(policy, named("fcntl"), &rule);
	rule.arg[0] = s2s_set_value(&policy->arena, UINT32_MAX, 4);
	rule.arg[1] = s2s_set_value(&policy->arena, UINT32_MAX, 2);
	s2s_policy_add_rule(policy, named("fcntl"), &rule);
	assert_true(s2s_policy_nearest(policy, &call, &nearest, &arg));
	assert_ptr_equal(nearest, &policy->calls[0].rules[1]);
	assert_int_equal(arg, 0);
	call = fcntl_of(known(9), known(1));
	assert_true(s2s_policy_nearest(policy, &call, &nearest, &arg));
	assert_ptr_equal(nearest, &policy->calls[0].rules[0]);
	assert_int_equal(arg, -1);
	call = fcntl_of(unknown, known(1));
	assert_true(s2s_policy_nearest(policy, &call, &nearest, &arg));
	assert_int_equal(arg, 0);
	call.sc = named("write");
	assert_false(s2s_policy_nearest(policy, &call, &nearest, &arg));
	s2s_policy_free(policy);
}

struct wanted {
	struct s2s_point point;
	bool found;
	size_t n, stop_at;
};

static bool
look_for(void *self, const struct s2s_point *point)
{
	struct wanted *wanted = self;

	wanted->n++;
	if (memcmp(point, &wanted->point, sizeof *point) == 0)
		wanted->found = true;
	return wanted->n != wanted->stop_at;
}

static const struct s2s_point points[] = {
    {AUDIT_ARCH_X86_64, 72, {3, 1}},
    {AUDIT_ARCH_X86_64, 72, {4, 1}},
    {AUDIT_ARCH_X86_64, 72, {6, 1}},
    {AUDIT_ARCH_X86_64, 72, {7, 1}},
    {AUDIT_ARCH_X86_64, 72, {4, 0}},
    {AUDIT_ARCH_X86_64, 72, {4, 3}},
    {AUDIT_ARCH_X86_64, 72, {0xffffffff00000004, 1}},
    {AUDIT_ARCH_X86_64, 72, {0x100000004, 1}},
    {AUDIT_ARCH_X86_64, 72 | S2S_X32_BIT, {4, 1}},
    {AUDIT_ARCH_I386, 72, {4, 1}},
    {AUDIT_ARCH_AARCH64, 72, {4, 1}},
    {AUDIT_ARCH_X86_64, UINT32_MAX, {0}},
    {AUDIT_ARCH_X86_64, 336, {0}}, /* a gap */
    {AUDIT_ARCH_X86_64, 1, {0}},
};

static void
test_points(void **state)
{
	struct s2s_policy *policy = small_policy();

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(points); i++) {
		struct wanted wanted = {.point = points[i]};

		s2s_policy_points(policy, look_for, &wanted);
		if (!wanted.found)
			fail_msg("row %zu", i);
		wanted = (struct wanted){.stop_at = wanted.n / 2};
		s2s_policy_points(policy, look_for, &wanted);
		assert_int_equal(wanted.n, wanted.stop_at);
	}
	s2s_policy_free(policy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_verdict),        cmocka_unit_test(test_allows_call),
	    cmocka_unit_test(test_allows_address), cmocka_unit_test(test_nearest),
	    cmocka_unit_test(test_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
