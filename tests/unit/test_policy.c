/* SPDX-License-Identifier: MIT */
#include "kernel/call.h"
#include "policy/cover.h"
#include "unit.h"

#include <errno.h>
#include <linux/seccomp.h>

static const struct s2s_kind kind_word = {
    .name = "word", .width = 32, .role = S2S_ROLE_QUANTITY};
static const struct s2s_kind kind_long = {
    .name = "long", .width = 64, .role = S2S_ROLE_QUANTITY};
static const struct s2s_kind kind_cmd = {
    .name = "cmd", .width = 32, .role = S2S_ROLE_SELECTOR};

static const struct s2s_syscall three = {
    "three",
    72,
    S2S_ARCH_X86_64,
    3,
    {{"a", &kind_word}, {"cmd", &kind_cmd}, {"c", &kind_long}},
    "file"};
static const struct s2s_syscall none = {"none", 39, S2S_ARCH_X86_64, 0, {{0}}, "file"};
static const struct s2s_syscall before = {
    "before", 16, S2S_ARCH_X86_64, 1, {{"a", &kind_word}}, "file"};

static const struct action_row {
	const char *text;
	bool ok;
	uint32_t ret;
} actions[] = {
    {"kill-process", true, SECCOMP_RET_KILL_PROCESS},
    {"kill-thread", true, SECCOMP_RET_KILL_THREAD},
    {"trap", true, SECCOMP_RET_TRAP},
    {"errno", true, SECCOMP_RET_ERRNO | EPERM},
    {"errno=ENOSYS", true, SECCOMP_RET_ERRNO | ENOSYS},
    {"errno=EWOULDBLOCK", true, SECCOMP_RET_ERRNO | EAGAIN},
    {"errno=1", true, SECCOMP_RET_ERRNO | 1},
    {"errno=0x16", true, SECCOMP_RET_ERRNO | 22},
    {"errno=4095", true, SECCOMP_RET_ERRNO | 4095},
    {"errno=4096", false, 0},
    {"errno=0", false, 0},
    {"errno=", false, 0},
    {"errno=-1", false, 0},
    {"errno=ENOSUCH", false, 0},
    {"errno=ENOSYSX", false, 0},
    {"errno=ENOSY", false, 0},
    {"trace", true, SECCOMP_RET_TRACE},
    {"trace=65535", true, SECCOMP_RET_TRACE | 65535},
    {"trace=65536", false, 0},
    {"trace=EPERM", false, 0},
    {"log", true, SECCOMP_RET_LOG},
    {"log=1", false, 0},
    {"notify", true, SECCOMP_RET_USER_NOTIF},
    {"kill", false, 0},
    {"kill-processes", false, 0},
    {"allow", false, 0},
    {"", false, 0},
};

static void
test_actions(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(actions); i++) {
		struct s2s_action action = {S2S_ACTION_NOTIFY, 77};
		bool ok = s2s_action_parse(sv_from(actions[i].text), &action);

		if (ok != actions[i].ok ||
		    (ok && s2s_action_ret(action) != actions[i].ret))
			fail_msg("%s", actions[i].text);
		if (!ok)
			assert_int_equal(action.data, 77);
	}
	assert_int_equal(s2s_action_ret((struct s2s_action){S2S_ACTION_ALLOW, 0}),
			 SECCOMP_RET_ALLOW);
}

static struct s2s_rule
any_rule(void)
{
	struct s2s_rule rule = {.count = 1, .runs = 1};

	for (int i = 0; i < S2S_ARGS_MAX; i++)
		rule.arg[i] = s2s_set_any();
	return rule;
}

static struct s2s_rule
rule_at(struct s2s_arena *arena, uint64_t a, uint64_t cmd, uint64_t c)
{
	struct s2s_rule rule = any_rule();

	rule.arg[0] = s2s_set_value(arena, UINT32_MAX, a);
	rule.arg[1] = s2s_set_value(arena, UINT32_MAX, cmd);
	rule.arg[2] = s2s_set_value(arena, UINT64_MAX, c);
	return rule;
}

static void
test_calls_are_sorted(void **state)
{
	struct s2s_policy *policy = s2s_policy_new();
	struct s2s_rule rule = any_rule();

	(void)state;
	s2s_policy_add_rule(policy, &three, &rule);
	s2s_policy_add_rule(policy, &before, &rule);
	s2s_policy_add_rule(policy, &none, &rule);
	s2s_policy_add_rule(policy, &three, &rule);
	assert_int_equal(policy->n, 3);
	assert_ptr_equal(policy->calls[0].sc, &before);
	assert_ptr_equal(policy->calls[2].sc, &three);
	assert_int_equal(policy->calls[2].n, 2);
	assert_int_equal(policy->arches, 1U << S2S_ARCH_X86_64);
	s2s_policy_remove(policy, &before);
	s2s_policy_remove(policy, &before);
	assert_null(s2s_policy_find(policy, &before));
	assert_ptr_equal(s2s_policy_find(policy, &none), &policy->calls[0]);
	s2s_policy_note(policy, "%s: %d", "note", 7);
	assert_string_equal(policy->notes[0], "note: 7");
	s2s_policy_free(policy);
	s2s_policy_free(NULL);
}

static void
test_allow_all_keeps_counts(void **state)
{
	struct s2s_policy *policy = s2s_policy_new();
	struct s2s_rule a = rule_at(&policy->arena, 1, 2, 3);
	struct s2s_rule b = rule_at(&policy->arena, 1, 2, 4);
	const struct s2s_rule *rule;

	(void)state;
	a.count = UINT64_MAX - 1;
	a.first = (struct s2s_place){"b.log", 1, 1};
	b.count = 5;
	b.runs = 3;
	b.first = (struct s2s_place){"a.log", 9, 1};
	s2s_policy_add_rule(policy, &three, &a);
	s2s_policy_add_rule(policy, &three, &b);
	s2s_policy_allow_all(policy, &three, S2S_WHY_ASKED, "so");
	assert_int_equal(policy->calls[0].n, 1);
	rule = &policy->calls[0].rules[0];
	assert_true(rule->count == UINT64_MAX);
	assert_int_equal(rule->runs, 3);
	assert_true(rule->runs_at_least);
	assert_string_equal(rule->first.file, "a.log");
	assert_int_equal(rule->why, S2S_WHY_ASKED);
	assert_string_equal(rule->reason, "so");
	/* A lower bound stays one. */
	a = any_rule();
	a.count = 0;
	a.runs_at_least = false;
	b.runs_at_least = true;
	s2s_rule_absorb(&a, &b);
	assert_true(a.runs_at_least);
	s2s_policy_free(policy);
}

/* {3,4} x {F_GETFD, F_SETFD} is one rule, and what lies within another is gone. */
static void
test_normal_form(void **state)
{
	struct s2s_policy *policy = s2s_policy_new();
	const struct s2s_policy_call *call;
	struct s2s_rule rule;

	(void)state;
	for (uint64_t fd = 3; fd < 5; fd++)
		for (uint64_t cmd = 1; cmd < 3; cmd++) {
			rule = rule_at(&policy->arena, fd, cmd, 0);
			s2s_policy_add_rule(policy, &three, &rule);
		}
	rule = rule_at(&policy->arena, 9, 9, 9);
	s2s_policy_add_rule(policy, &three, &rule);
	rule.arg[2] = s2s_set_range(&policy->arena, 64, true, -1, 20);
	rule.count = 10;
	s2s_policy_add_rule(policy, &three, &rule);
	rule.arg[0] = (struct s2s_set){UINT32_MAX, NULL, 0};
	s2s_policy_add_rule(policy, &three, &rule);
	s2s_policy_add_rule(policy, &before, &rule); /* allows nothing */
	s2s_policy_normalize(policy);
	assert_int_equal(policy->n, 1);
	call = &policy->calls[0];
	assert_int_equal(call->n, 2);
	assert_int_equal(call->rules[0].count, 4);
	assert_int_equal(call->rules[0].arg[0].iv[0].hi, 4);
	assert_int_equal(call->rules[0].arg[1].iv[0].hi, 2);
	assert_int_equal(call->rules[1].count, 11);
	assert_true(call->rules[1].runs_at_least);
	s2s_policy_free(policy);
}

/* What is there for another reason keeps its own rule, unless it lies within one. */
static void
test_reasons_stay_apart(void **state)
{
	struct s2s_policy *policy = s2s_policy_new();
	struct s2s_rule rule = rule_at(&policy->arena, 3, 1, 0);

	(void)state;
	s2s_policy_add_rule(policy, &three, &rule);
	rule.arg[1] = s2s_set_value(&policy->arena, UINT32_MAX, 2);
	rule.why = S2S_WHY_HARMLESS;
	rule.reason = "only asks";
	s2s_policy_add_rule(policy, &three, &rule);
	rule.arg[1] = s2s_set_value(&policy->arena, UINT32_MAX, 1);
	s2s_policy_add_rule(policy, &three, &rule);
	s2s_policy_normalize(policy);
	assert_int_equal(policy->calls[0].n, 2);
	assert_int_equal(policy->calls[0].rules[0].why, S2S_WHY_SEEN);
	assert_null(policy->calls[0].rules[0].reason);
	assert_int_equal(policy->calls[0].rules[0].count, 2);
	assert_int_equal(policy->calls[0].rules[1].why, S2S_WHY_HARMLESS);
	s2s_policy_free(policy);
}

static void
test_union(void **state)
{
	struct s2s_policy *a = s2s_policy_new(), *b = s2s_policy_new();
	struct s2s_rule rule = rule_at(&a->arena, 1, 2, 3);

	(void)state;
	s2s_policy_add_rule(a, &three, &rule);
	s2s_policy_note(a, "same");
	rule = any_rule();
	s2s_policy_add_rule(b, &three, &rule);
	s2s_policy_add_rule(b, &none, &rule);
	s2s_policy_note(b, "same");
	s2s_policy_note(b, "other");
	assert_false(s2s_policy_subset(b, a));
	assert_true(s2s_policy_subset(a, b));
	s2s_policy_union(a, b);
	s2s_policy_free(b);
	assert_int_equal(a->n, 2);
	assert_int_equal(a->calls[1].n, 1);
	assert_int_equal(a->calls[1].rules[0].count, 2);
	assert_int_equal(a->n_notes, 2);
	s2s_policy_free(a);
}

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Sets over four bits, so that all calls can be tried. */
static struct s2s_set
random_set(struct s2s_arena *arena, uint64_t *seed)
{
	static const uint64_t masks[] = {0xf, 0xf, 0xf, 0x3, 0xc, 0x9, 0};
	uint64_t mask = masks[next_random(seed) % S2S_ARRAY_SIZE(masks)];
	struct s2s_interval iv[3];
	size_t n = 1 + next_random(seed) % 3;

	for (size_t i = 0; i < n; i++) {
		iv[i].lo = iv[i].hi = next_random(seed) & mask;
		if (!(mask & (mask + 1)) && next_random(seed) % 2)
			iv[i].hi |= next_random(seed) & mask;
	}
	return s2s_set_make(arena, mask, iv, n);
}

static struct s2s_policy *
random_policy(uint64_t *seed, size_t rules)
{
	struct s2s_policy *policy = s2s_policy_new();

	for (size_t i = 0; i < rules; i++) {
		struct s2s_rule rule = any_rule();

		for (int arg = 0; arg < three.nargs; arg++)
			rule.arg[arg] = random_set(&policy->arena, seed);
		rule.why = next_random(seed) % 8 ? S2S_WHY_SEEN : S2S_WHY_HARMLESS;
		s2s_policy_add_rule(policy, &three, &rule);
	}
	return policy;
}

enum { CALLS = 16 * 16 * 16 };

static void
allowed_calls(const struct s2s_policy *policy, bool in[CALLS])
{
	const struct s2s_policy_call *call = s2s_policy_find(policy, &three);

	for (unsigned x = 0; x < CALLS; x++) {
		uint64_t args[S2S_ARGS_MAX] = {x & 15, x >> 4 & 15, x >> 8};

		in[x] = false;
		for (size_t i = 0; call && i < call->n && !in[x]; i++)
			in[x] = s2s_rule_allows(&call->rules[i], args);
	}
}

static uint64_t
counts(const struct s2s_policy *policy)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < policy->calls[0].n; i++)
		sum += policy->calls[0].rules[i].count;
	return sum;
}

static bool
same_rules(const struct s2s_policy_call *a, const struct s2s_rule *b, size_t n)
{
	for (size_t i = 0; i < n && n == a->n; i++)
		if (!s2s_rule_equal(&a->rules[i], &b[i], a->sc->nargs) ||
		    a->rules[i].count != b[i].count || a->rules[i].why != b[i].why)
			return false;
	return n == a->n;
}

/* No rule within another, no two that could be one. */
static bool
is_normal(const struct s2s_policy_call *call)
{
	for (size_t i = 0; i < call->n; i++)
		for (size_t j = 0; j < call->n; j++) {
			const struct s2s_rule *a = &call->rules[i],
					      *b = &call->rules[j];
			int differ = 0, same_form = 0;

			if (i != j && s2s_rule_subset(a, b, call->sc->nargs))
				return false;
			for (int arg = 0; arg < call->sc->nargs; arg++)
				if (!s2s_set_equal(&a->arg[arg], &b->arg[arg])) {
					differ++;
					same_form +=
					    a->arg[arg].mask == b->arg[arg].mask;
				}
			if (differ == 1 && same_form && a->why == b->why)
				return false;
		}
	return true;
}

static void
test_normalize_against_all_calls(void **state)
{
	uint64_t seed = 77001;

	(void)state;
	for (int round = 0; round < 1500; round++) {
		struct s2s_policy *policy =
		    random_policy(&seed, 1 + next_random(&seed) % 24);
		struct s2s_rule again[64];
		bool was[CALLS], is[CALLS];
		uint64_t sum = counts(policy);
		size_t n;

		allowed_calls(policy, was);
		s2s_policy_normalize(policy);
		allowed_calls(policy, is);
		assert_memory_equal(was, is, sizeof was);
		assert_true(is_normal(&policy->calls[0]));
		assert_int_equal(counts(policy), sum);
		n = policy->calls[0].n;
		memcpy(again, policy->calls[0].rules, n * sizeof *again);
		s2s_policy_normalize(policy);
		assert_true(same_rules(&policy->calls[0], again, n));
		s2s_policy_free(policy);
	}
}

static void
test_subset_against_all_calls(void **state)
{
	uint64_t seed = 4711;
	int yes = 0;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct s2s_policy *a = random_policy(&seed, 1 + next_random(&seed) % 3);
		struct s2s_policy *b =
		    random_policy(&seed, 1 + next_random(&seed) % 40);
		bool in_a[CALLS], in_b[CALLS], subset = true;

		allowed_calls(a, in_a);
		allowed_calls(b, in_b);
		for (unsigned x = 0; x < CALLS; x++)
			subset = subset && (!in_a[x] || in_b[x]);
		if (s2s_policy_subset(a, b) != subset)
			fail_msg("round %d", round);
		yes += subset;
		s2s_policy_free(a);
		s2s_policy_free(b);
	}
	assert_in_range(yes, 100, 2900); /* both answers are tried */
}

/* A rule is covered by its own cover of slices, however they are cut. */
static void
test_slices_cover(void **state)
{
	struct s2s_policy *policy = s2s_policy_new();
	struct s2s_rule goal = any_rule(), slice;
	size_t n = 700;

	(void)state;
	goal.arg[2] = s2s_set_range(&policy->arena, 64, false, 0, n * 1000 - 1);
	for (uint64_t i = 0; i < n; i++) {
		slice = any_rule();
		slice.arg[2] =
		    s2s_set_range(&policy->arena, 64, false, i * 1000, i * 1000 + 999);
		s2s_policy_add_rule(policy, &three, &slice);
	}
	assert_true(s2s_rule_covered(&goal, policy->calls[0].rules, n, 3));
	assert_false(s2s_rule_covered(&goal, policy->calls[0].rules, n - 1, 3));
	s2s_policy_normalize(policy);
	assert_int_equal(policy->calls[0].n, 1);
	s2s_policy_free(policy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_actions),
	    cmocka_unit_test(test_calls_are_sorted),
	    cmocka_unit_test(test_allow_all_keeps_counts),
	    cmocka_unit_test(test_normal_form),
	    cmocka_unit_test(test_reasons_stay_apart),
	    cmocka_unit_test(test_union),
	    cmocka_unit_test(test_normalize_against_all_calls),
	    cmocka_unit_test(test_subset_against_all_calls),
	    cmocka_unit_test(test_slices_cover),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
