/* SPDX-License-Identifier: MIT */
#include "filter/wordset.h"
#include "random_filter.h"
#include "unit.h"

#include <stdlib.h>

enum { SAMPLES = 300 };

static const struct s2s_kind wide = {.name = "wide", .width = 64};
static const struct s2s_kind narrow = {.name = "narrow", .width = 32};
static const struct s2s_kind mode = {.name = "mode", .width = 16};

static const struct s2s_kind *
random_kind(struct rng *rng)
{
	static const struct s2s_kind *const kinds[] = {&wide, &narrow, &mode};

	return kinds[rng_below(rng, 3)];
}

/* A call of which some is known, near what the policy compares with. */
static struct s2s_call
random_call(struct rng *rng, const struct s2s_policy *policy)
{
	struct s2s_point point = random_point(rng, policy);
	const struct s2s_syscall *sc = s2s_syscall_by_nr(S2S_ARCH_X86_64, point.nr);
	struct s2s_call call = {.sc = sc ? sc : s2s_syscall_by_nr(S2S_ARCH_X86_64, 0)};

	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		struct s2s_arg *arg = &call.arg[i];

		call.kind[i] = random_kind(rng);
		arg->state = (enum s2s_arg_state)(rng_below(rng, 4) % 3);
		if (arg->state == S2S_ARG_KNOWN)
			arg->value =
			    point.args[i] & s2s_width_mask(call.kind[i]->width);
		else if (rng_below(rng, 2))
			arg->state = S2S_ARG_UNKNOWN;
	}
	return call;
}

/* One of the calls that the call may have been. */
static struct seccomp_data
sample(struct rng *rng, const struct s2s_call *call, const struct s2s_policy *policy)
{
	struct s2s_point near = random_point(rng, policy);
	struct seccomp_data data = {.nr = (int)call->sc->nr, .arch = AUDIT_ARCH_X86_64};
	const struct s2s_policy_call *pc = s2s_policy_find(policy, call->sc);

	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		uint64_t value = near.args[i];
		/* Beyond the signature a register holds anything. */
		unsigned width = i < call->sc->nargs ? call->kind[i]->width : 64;
		uint64_t mask = s2s_width_mask(width);

		if (pc && rng_below(rng, 4))
			value =
			    random_near(rng, &pc->rules[rng_below(rng, pc->n)].arg[i]);
		if (call->arg[i].state == S2S_ARG_KNOWN)
			value = (rng_below(rng, 2) ? value & ~mask : 0) |
				(call->arg[i].value & mask);
		if (call->arg[i].state == S2S_ARG_ADDRESS && value == 0)
			value = 0x1000;
		data.args[i] = value;
	}
	return data;
}

struct tally {
	size_t judged, open, open_unseen;
};

/* No sample may show what the judge says cannot be. */
static void
compare(struct rng *rng, const struct s2s_filter *filter, const struct s2s_call *call,
	const struct s2s_policy *policy, struct tally *tally)
{
	struct s2s_judged judged;
	bool passes = false, stops = false;

	s2s_filter_judge(filter->insn, filter->n, call, &judged);
	for (int i = 0; i < SAMPLES; i++) {
		struct seccomp_data data = sample(rng, call, policy);
		uint32_t verdict = s2s_filter_run(filter->insn, filter->n, &data, NULL);
		bool open = s2s_verdict_open(verdict);

		passes |= open || s2s_verdict_passes(verdict);
		stops |= open || !s2s_verdict_passes(verdict);
	}
	assert_false(judged.outcome == S2S_OUTCOME_PASSES && stops);
	assert_false(judged.outcome == S2S_OUTCOME_STOPPED && passes);
	tally->judged++;
	tally->open += judged.outcome == S2S_OUTCOME_OPEN;
	tally->open_unseen += judged.outcome == S2S_OUTCOME_OPEN && passes != stops;
}

static void
test_policies(void **state)
{
	struct rng rng = {.state = 5};
	struct tally tally = {0};

	(void)state;
	for (int i = 0; i < 60; i++) {
		struct s2s_policy *policy = random_policy(&rng);
		struct s2s_filter filter;

		s2s_filter_compile(policy, S2S_GOAL_SPEED, &filter);
		for (int k = 0; k < 100; k++) {
			struct s2s_call call = random_call(&rng, policy);

			compare(&rng, &filter, &call, policy, &tally);
		}
		s2s_filter_done(&filter);
		s2s_policy_free(policy);
	}
	print_message(
	    "%zu calls judged, %zu open, of these %zu where %d samples agree\n",
	    tally.judged, tally.open, tally.open_unseen, SAMPLES);
	assert_true(tally.open > tally.judged / 10);
	assert_true(tally.open_unseen < tally.open / 4);
}

static void
test_filters(void **state)
{
	struct rng rng = {.state = 6};
	struct tally tally = {0};
	struct s2s_policy *none = s2s_policy_new();

	(void)state;
	for (int i = 0; i < 4000; i++) {
		struct sock_filter insn[40];
		struct s2s_filter filter = {insn, 4 + rng_below(&rng, 36)};
		struct s2s_call call;

		random_filter(&rng, insn, filter.n, true);
		call = random_call(&rng, none);
		compare(&rng, &filter, &call, none, &tally);
	}
	print_message(
	    "%zu calls judged, %zu open, of these %zu where %d samples agree\n",
	    tally.judged, tally.open, tally.open_unseen, SAMPLES);
	s2s_policy_free(none);
}

#define LD(offset)                                     \
	{                                              \
		BPF_LD | BPF_W | BPF_ABS, 0, 0, offset \
	}
#define AND(k)                                     \
	{                                          \
		BPF_ALU | BPF_AND | BPF_K, 0, 0, k \
	}
#define TAX                                 \
	{                                   \
		BPF_MISC | BPF_TAX, 0, 0, 0 \
	}
#define OR_X                                      \
	{                                         \
		BPF_ALU | BPF_OR | BPF_X, 0, 0, 0 \
	}
#define JEQ(k, jt, jf)                               \
	{                                            \
		BPF_JMP | BPF_JEQ | BPF_K, jt, jf, k \
	}
#define JSET(k, jt, jf)                               \
	{                                             \
		BPF_JMP | BPF_JSET | BPF_K, jt, jf, k \
	}
#define RET(k)                           \
	{                                \
		BPF_RET | BPF_K, 0, 0, k \
	}
#define ALLOW RET(SECCOMP_RET_ALLOW)
#define KILL  RET(SECCOMP_RET_KILL_PROCESS)
#define TRACE RET(SECCOMP_RET_TRACE)

enum { LONGEST = 12 };
#define KNOWN(v)                 \
	{                        \
		S2S_ARG_KNOWN, v \
	}
#define ADDRESS                    \
	{                          \
		S2S_ARG_ADDRESS, 0 \
	}

static const struct {
	const char *name;
	struct sock_filter insn[LONGEST];
	struct s2s_arg arg0, arg1; /* arg0 is wide, arg1 narrow */
	struct s2s_judged judged;
} cases[] = {
    {"number alone",
     {LD(0), JEQ(257, 1, 0), KILL, ALLOW},
     ADDRESS,
     KNOWN(1),
     {S2S_OUTCOME_PASSES, SECCOMP_RET_ALLOW, -1, false, S2S_HANGS_ARG}},
    {"a known argument stops",
     {LD(24), JEQ(1, 0, 1), ALLOW, KILL},
     ADDRESS,
     KNOWN(2),
     {S2S_OUTCOME_STOPPED, SECCOMP_RET_KILL_PROCESS, 1, false, S2S_HANGS_ARG}},
    {"an unknown argument",
     {LD(24), JEQ(1, 0, 1), ALLOW, KILL},
     KNOWN(0),
     {0},
     {S2S_OUTCOME_OPEN, SECCOMP_RET_KILL_PROCESS, 1, false, S2S_HANGS_ARG}},
    {"unknown but always the same",
     {LD(24), JEQ(1, 0, 1), ALLOW, ALLOW},
     KNOWN(0),
     {0},
     {S2S_OUTCOME_PASSES, SECCOMP_RET_ALLOW, 1, false, S2S_HANGS_ARG}},
    {"upper half of a narrow argument",
     {LD(24), JEQ(1, 0, 3), LD(28), JEQ(0, 0, 1), ALLOW, KILL},
     KNOWN(0),
     KNOWN(1),
     {S2S_OUTCOME_OPEN, SECCOMP_RET_KILL_PROCESS, 1, true, S2S_HANGS_ARG}},
    {"an address is not NULL",
     {LD(16), JEQ(0, 0, 3), LD(20), JEQ(0, 0, 1), KILL, ALLOW},
     ADDRESS,
     KNOWN(1),
     {S2S_OUTCOME_PASSES, SECCOMP_RET_ALLOW, 0, false, S2S_HANGS_ARG}},
    {"but half of it may be zero",
     {LD(16), JEQ(0, 0, 1), KILL, ALLOW},
     ADDRESS,
     KNOWN(1),
     {S2S_OUTCOME_OPEN, SECCOMP_RET_KILL_PROCESS, 0, false, S2S_HANGS_ARG}},
    {"masks that exclude each other",
     {LD(24), AND(6), JEQ(2, 0, 4), LD(24), AND(3), JEQ(0, 0, 1), KILL, ALLOW},
     KNOWN(0),
     {0},
     {S2S_OUTCOME_PASSES, SECCOMP_RET_ALLOW, 1, false, S2S_HANGS_ARG}},
    {"a bit asked for twice",
     {LD(24), JSET(4, 0, 3), LD(24), JSET(4, 1, 0), KILL, ALLOW},
     KNOWN(0),
     {0},
     {S2S_OUTCOME_PASSES, SECCOMP_RET_ALLOW, 1, false, S2S_HANGS_ARG}},
    {"a tracer decides",
     {LD(24), JEQ(1, 0, 1), TRACE, ALLOW},
     KNOWN(0),
     KNOWN(1),
     {S2S_OUTCOME_OPEN, SECCOMP_RET_TRACE, 1, false, S2S_HANGS_ARG}},
    {"the instruction pointer",
     {LD(8), JEQ(1, 0, 1), ALLOW, KILL},
     KNOWN(0),
     KNOWN(1),
     {S2S_OUTCOME_OPEN, SECCOMP_RET_KILL_PROCESS, -1, false, S2S_HANGS_POINTER}},
    {"two unknown words together",
     {LD(16), TAX, LD(24), OR_X, JEQ(1, 0, 1), ALLOW, KILL},
     {0},
     {0},
     {S2S_OUTCOME_OPEN, SECCOMP_RET_KILL_PROCESS, 1, false, S2S_HANGS_SEVERAL}},
    {"both halves of one",
     {LD(16), TAX, LD(20), OR_X, JEQ(1, 0, 1), ALLOW, KILL},
     {0},
     {0},
     {S2S_OUTCOME_OPEN, SECCOMP_RET_KILL_PROCESS, 0, false, S2S_HANGS_ARG}},
    {"stopped or a tracer",
     {LD(24), JEQ(1, 0, 1), TRACE, KILL},
     KNOWN(0),
     {0},
     {S2S_OUTCOME_OPEN, SECCOMP_RET_KILL_PROCESS, 1, false, S2S_HANGS_ARG}},
};

static void
test_cases(void **state)
{
	static const struct s2s_syscall openat_like = {
	    .name = "openat_like",
	    .nr = 257,
	    .nargs = 2,
	    .arg = {{"a", &wide}, {"b", &narrow}},
	};

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(cases); i++) {
		struct s2s_call call = {.sc = &openat_like,
					.arg = {cases[i].arg0, cases[i].arg1},
					.kind = {&wide, &narrow}};
		const struct s2s_judged *want = &cases[i].judged;
		struct s2s_judged got;
		size_t n = LONGEST;

		while (cases[i].insn[n - 1].code == 0)
			n--;
		s2s_filter_judge(cases[i].insn, n, &call, &got);
		if (got.outcome != want->outcome || got.verdict != want->verdict ||
		    got.arg != want->arg || got.upper_half != want->upper_half ||
		    got.hangs_on != want->hangs_on)
			fail_msg("%s: outcome %d verdict %#x arg %d upper %d hangs %d",
				 cases[i].name, (int)got.outcome, got.verdict, got.arg,
				 got.upper_half, (int)got.hangs_on);
	}
}

/* A filter of many independent questions ends in time, and then says that it is
   open. */
static void
test_limit(void **state)
{
	static const struct s2s_syscall sc = {.name = "many", .nargs = 6};
	struct sock_filter insn[S2S_FILTER_MAX];
	struct s2s_call call = {.sc = &sc};
	struct s2s_judged judged;
	struct rng rng = {.state = 9};
	size_t n = 0;

	(void)state;
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		call.kind[i] = &wide;
	while (n + 4 <= S2S_FILTER_MAX) {
		uint32_t word = (uint32_t)rng_below(&rng, 12);

		insn[n++] = (struct sock_filter)LD(16 + 4 * word);
		insn[n++] = (struct sock_filter)AND((uint32_t)rng_next(&rng));
		insn[n++] = (struct sock_filter)JSET((uint32_t)rng_next(&rng), 0, 1);
		insn[n++] = (struct sock_filter){BPF_ALU | BPF_NEG, 0, 0, 0};
	}
	insn[n - 1] = (struct sock_filter)ALLOW;
	s2s_filter_judge(insn, n, &call, &judged);
	assert_int_equal(judged.outcome, S2S_OUTCOME_OPEN);
	assert_int_equal(judged.hangs_on, S2S_HANGS_TOO_LONG);
}

static uint32_t
apply(uint16_t op, uint32_t x, uint32_t k)
{
	return s2s_opcode_calculate(op, x, k);
}

static const struct {
	uint16_t op;
	uint32_t k;
} operations[] = {
    {BPF_ADD, 5},         {BPF_ADD, 0xfffffff0}, {BPF_SUB, 9}, {BPF_MUL, 8},
    {BPF_DIV, 4},         {BPF_AND, 0x0ff0},     {BPF_OR, 33}, {BPF_XOR, 0x55555555},
    {BPF_LSH, 7},         {BPF_RSH, 3},          {BPF_NEG, 0}, {BPF_SUB, 0x80000000},
    {BPF_RSH, 31},        {BPF_LSH, 31},         {BPF_MUL, 1}, {BPF_DIV, 1},
    {BPF_MUL, 1U << 31U},
};

/* Where the word is x, a calculation with it can only have one result. */
static enum s2s_outcome
judge_calculation(uint16_t op, uint32_t k, uint32_t x, uint32_t result)
{
	static const struct s2s_syscall sc = {
	    .name = "one", .nargs = 1, .arg = {{"a", &wide}}};
	struct s2s_call call = {.sc = &sc, .kind = {&wide}};
	const struct sock_filter insn[] = {
	    LD(16), JEQ(x, 0, 3), {BPF_ALU | op | BPF_K, 0, 0, k}, JEQ(result, 0, 1),
	    ALLOW,  KILL,
	};
	struct s2s_judged judged;

	s2s_filter_judge(insn, S2S_ARRAY_SIZE(insn), &call, &judged);
	return judged.outcome;
}

/* The same with the operands changed over: a number, and the word in X. */
static enum s2s_outcome
judge_swapped(uint16_t op, uint32_t k, uint32_t x, uint32_t result)
{
	static const struct s2s_syscall sc = {
	    .name = "one", .nargs = 1, .arg = {{"a", &wide}}};
	struct s2s_call call = {.sc = &sc, .kind = {&wide}};
	const struct sock_filter insn[] = {
	    LD(16),
	    JEQ(x, 0, 5),
	    {BPF_MISC | BPF_TAX, 0, 0, 0},
	    {BPF_LD | BPF_IMM, 0, 0, k},
	    {BPF_ALU | op | BPF_X, 0, 0, 0},
	    JEQ(result, 0, 1),
	    ALLOW,
	    KILL,
	};
	struct s2s_judged judged;

	s2s_filter_judge(insn, S2S_ARRAY_SIZE(insn), &call, &judged);
	return judged.outcome;
}

static void
test_calculations(void **state)
{
	struct rng rng = {.state = 12};

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(operations); i++)
		for (int k = 0; k < 50; k++) {
			uint32_t x = (uint32_t)random_value(&rng);
			uint16_t op = operations[i].op;
			uint32_t by = operations[i].k, result = apply(op, x, by);

			assert_int_equal(judge_calculation(op, by, x, result),
					 S2S_OUTCOME_OPEN);
			assert_int_equal(judge_calculation(op, by, x, result + 1),
					 S2S_OUTCOME_STOPPED);
		}
}

static void
test_swapped(void **state)
{
	static const uint16_t ops[] = {BPF_ADD, BPF_SUB, BPF_AND, BPF_OR, BPF_XOR};
	struct rng rng = {.state = 13};

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(ops); i++)
		for (int k = 0; k < 50; k++) {
			uint32_t x = (uint32_t)random_value(&rng);
			uint32_t a = (uint32_t)random_value(&rng);
			uint32_t result = apply(ops[i], a, x);

			assert_int_equal(judge_swapped(ops[i], a, x, result),
					 S2S_OUTCOME_OPEN);
			assert_int_equal(judge_swapped(ops[i], a, x, result + 1),
					 S2S_OUTCOME_STOPPED);
		}
}

/* What was lifted from a compiled policy allows what the policy allows, and hardly
   more. */
static void
test_lift(void **state)
{
	struct rng rng = {.state = 8};
	size_t compared = 0, exact = 0, lost = 0;

	(void)state;
	for (int i = 0; i < 40; i++) {
		struct s2s_policy *policy = random_policy(&rng);
		struct s2s_filter filter;

		policy->action = (struct s2s_action){S2S_ACTION_KILL_PROCESS, 0};
		s2s_filter_compile(policy, S2S_GOAL_SPEED, &filter);
		for (size_t k = 0; k < policy->n; k++) {
			const struct s2s_policy_call *call = &policy->calls[k];
			struct s2s_policy_call lifted = {.sc = call->sc};
			struct s2s_arena arena = {0};

			s2s_filter_lift(filter.insn, filter.n, call->sc, &arena, 1000,
					&lifted.rules, &lifted.n);
			for (int s = 0; s < 300; s++) {
				struct s2s_point point = random_point(&rng, policy);
				bool want = false, got = false;

				for (size_t r = 0; r < call->n; r++)
					want |= s2s_rule_allows(&call->rules[r],
								point.args);
				for (size_t r = 0; r < lifted.n; r++)
					got |= s2s_rule_allows(&lifted.rules[r],
							       point.args);
				compared++;
				lost += want && !got;
				exact += got == want;
			}
			s2s_arena_done(&arena);
		}
		s2s_filter_done(&filter);
		s2s_policy_free(policy);
	}
	print_message("%zu of %zu points as the policy says, %zu lost\n", exact,
		      compared, lost);
	/* Where a filter has too many paths, rules are missing. */
	assert_true(lost * 500 <= compared);
	assert_true(exact >= compared / 10 * 9);
}

static void
test_wordsets(void **state)
{
	static const uint16_t tests[] = {BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET};
	static const uint16_t ops[] = {BPF_AND, BPF_OR,  BPF_XOR,
				       BPF_ADD, BPF_LSH, BPF_RSH};
	struct s2s_wordsets ws;
	struct rng rng = {.state = 11};

	(void)state;
	s2s_wordsets_init(&ws);
	for (int i = 0; i < 3000; i++) {
		uint16_t test = tests[rng_below(&rng, 4)], op = ops[rng_below(&rng, 6)];
		uint32_t k = (uint32_t)random_value(&rng), next;
		uint32_t by = (uint32_t)random_value(&rng);
		uint32_t set = s2s_wordset_test(&ws, test, k), before, both, minus;

		by = op == BPF_LSH || op == BPF_RSH ? by & 31 : by;
		before = s2s_wordset_before(&ws, set, op, by);
		both = s2s_wordset_and(&ws, set, before);
		minus = s2s_wordset_minus(&ws, set, before);
		for (int s = 0; s < 40; s++) {
			uint32_t x =
			    (uint32_t)random_value(&rng) ^ (rng_below(&rng, 2) ? k : 0);
			bool in = s2s_opcode_compare(test, x, k);
			bool in_before = s2s_opcode_compare(test, apply(op, x, by), k);

			assert_int_equal(s2s_wordset_has(&ws, set, x), in);
			assert_int_equal(s2s_wordset_has(&ws, before, x), in_before);
			assert_int_equal(s2s_wordset_has(&ws, both, x),
					 in && in_before);
			assert_int_equal(s2s_wordset_has(&ws, minus, x),
					 in && !in_before);
			if (s2s_wordset_next(&ws, before, x, &next))
				assert_true(next >= x &&
					    s2s_wordset_has(&ws, before, next));
			else
				assert_false(in_before);
		}
	}
	assert_false(ws.full);
	s2s_wordsets_done(&ws);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_wordsets),     cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_calculations), cmocka_unit_test(test_swapped),
	    cmocka_unit_test(test_policies),     cmocka_unit_test(test_filters),
	    cmocka_unit_test(test_limit),        cmocka_unit_test(test_lift),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
