/* SPDX-License-Identifier: MIT */
#include "enforce/enforce.h"

#include "random_filter.h"
#include "unit.h"

#include <stdlib.h>
#include <sys/syscall.h>

enum { FILTERS = 300, CALLS = 60, LONGEST = 40 };

static const uint64_t number = 0x0123456789abcdefULL;

static struct s2s_filter
filter_of(uint32_t verdict)
{
	struct s2s_filter filter = {s2s_realloc(NULL, 1, sizeof *filter.insn), 1};

	filter.insn[0] = (struct sock_filter){BPF_RET | BPF_K, 0, 0, verdict};
	return filter;
}

static uint32_t
verdict_of(const struct s2s_programs *programs, const struct seccomp_data *data)
{
	return s2s_enforce_verdict(programs->program, programs->n, data);
}

/* The exec of the launcher passes every program, and nothing else does. */
static void
test_cookie(void **state)
{
	struct s2s_filter filters[2] = {filter_of(SECCOMP_RET_KILL_PROCESS),
					filter_of(SECCOMP_RET_ERRNO | 1)};
	struct s2s_programs programs;
	struct seccomp_data data = {.nr = SYS_execve, .arch = S2S_AUDIT_ARCH_NATIVE};

	(void)state;
	assert_int_equal(s2s_programs_make(filters, 2, S2S_REWRITE_NOTHING, &programs),
			 S2S_OK);
	assert_true(programs.cookie);
	s2s_programs_set_cookie(&programs, number);
	data.args[5] = number;
	for (size_t i = 0; i < programs.n; i++)
		assert_int_equal(s2s_filter_run(programs.program[i].insn,
						programs.program[i].n, &data, NULL),
				 SECCOMP_RET_ALLOW);
	data.nr = SYS_execveat;
	assert_int_equal(verdict_of(&programs, &data), SECCOMP_RET_KILL_PROCESS);
	data.nr = SYS_execve;
	data.arch = AUDIT_ARCH_I386;
	assert_int_equal(verdict_of(&programs, &data), SECCOMP_RET_KILL_PROCESS);
	data.arch = S2S_AUDIT_ARCH_NATIVE;
	for (int bit = 0; bit < 64; bit++) {
		data.args[5] = number ^ (UINT64_C(1) << bit);
		assert_int_equal(verdict_of(&programs, &data),
				 SECCOMP_RET_KILL_PROCESS);
	}
	s2s_programs_done(&programs);
	s2s_filter_done(&filters[0]);
	s2s_filter_done(&filters[1]);
}

/* Where exec is allowed anyway there is no test for the number. */
static void
test_no_cookie(void **state)
{
	struct s2s_filter filter = filter_of(SECCOMP_RET_LOG);
	struct s2s_programs programs;

	(void)state;
	assert_true(s2s_enforce_allows_exec(&filter, 1));
	assert_int_equal(s2s_programs_make(&filter, 1, S2S_REWRITE_NOTHING, &programs),
			 S2S_OK);
	assert_false(programs.cookie);
	assert_int_equal(programs.program[0].n, 1);
	s2s_programs_done(&programs);
	s2s_filter_done(&filter);
}

static uint32_t
expected(uint32_t verdict, enum s2s_rewrite rewrite)
{
	uint32_t action = verdict & SECCOMP_RET_ACTION_FULL;

	if (rewrite == S2S_REWRITE_TO_TRACE &&
	    (action == SECCOMP_RET_ERRNO || action == SECCOMP_RET_USER_NOTIF ||
	     action == SECCOMP_RET_TRACE))
		return SECCOMP_RET_TRACE;
	if (rewrite == S2S_REWRITE_TO_NOTIFY)
		return s2s_verdict_passes(verdict) ? SECCOMP_RET_ALLOW
						   : SECCOMP_RET_USER_NOTIF;
	return verdict;
}

/* Actions, without what comes with them: LOG and ALLOW both pass. */
static uint32_t
same_action(uint32_t verdict, enum s2s_rewrite rewrite)
{
	if (rewrite == S2S_REWRITE_TO_NOTIFY && s2s_verdict_passes(verdict))
		return SECCOMP_RET_ALLOW;
	return verdict & SECCOMP_RET_ACTION_FULL;
}

static bool
computes_verdicts(const struct s2s_filter *filter)
{
	for (size_t i = 0; i < filter->n; i++)
		if (filter->insn[i].code == (BPF_RET | BPF_A) ||
		    filter->insn[i].code == (BPF_ALU | BPF_DIV | BPF_X) ||
		    filter->insn[i].code == (BPF_ALU | BPF_MOD | BPF_X))
			return true;
	return false;
}

static void
random_data(struct rng *rng, struct seccomp_data *data)
{
	*data = (struct seccomp_data){.nr = (int)rng_below(rng, 64),
				      .arch = S2S_AUDIT_ARCH_NATIVE};
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		data->args[i] = random_value(rng);
}

static void
compare(struct rng *rng, const struct s2s_filter *filters, size_t n,
	enum s2s_rewrite rewrite)
{
	struct s2s_programs programs;
	size_t at;
	const char *why;

	assert_int_equal(s2s_programs_make(filters, n, rewrite, &programs), S2S_OK);
	s2s_programs_set_cookie(&programs, number);
	for (size_t i = 0; i < programs.n; i++)
		assert_int_equal(s2s_filter_validate(programs.program[i].insn,
						     programs.program[i].n, &at, &why),
				 S2S_OK);
	for (int i = 0; i < CALLS; i++) {
		struct seccomp_data data;
		uint32_t was;

		random_data(rng, &data);
		if (programs.asks_tracer && s2s_programs_guards(&data))
			continue;
		was = s2s_enforce_verdict(filters, n, &data);
		assert_int_equal(same_action(verdict_of(&programs, &data), rewrite),
				 same_action(expected(was, rewrite), rewrite));
	}
	s2s_programs_done(&programs);
}

/* Whatever the filters, what is installed says the same, or asks instead. */
static void
test_random(void **state)
{
	struct rng rng = {.state = 7};

	(void)state;
	for (int i = 0; i < FILTERS;) {
		struct sock_filter insn[2][LONGEST];
		struct s2s_filter filters[2];
		bool usable = true;

		for (size_t k = 0; k < 2; k++) {
			filters[k] =
			    (struct s2s_filter){insn[k], 1 + rng_below(&rng, LONGEST)};
			random_filter(&rng, insn[k], filters[k].n, true);
			usable = usable && !computes_verdicts(&filters[k]);
		}
		if (!usable)
			continue;
		i++;
		compare(&rng, filters, 2, S2S_REWRITE_NOTHING);
		compare(&rng, filters, 2, S2S_REWRITE_TO_TRACE);
		compare(&rng, filters, 2, S2S_REWRITE_TO_NOTIFY);
	}
}

static void
test_limits(void **state)
{
	struct s2s_filter filter = {
	    s2s_realloc(NULL, S2S_FILTER_MAX, sizeof *filter.insn), S2S_FILTER_MAX};
	struct sock_filter ret_a = {BPF_RET | BPF_A, 0, 0, 0};
	struct s2s_filter other = {&ret_a, 1};
	struct s2s_programs programs;

	(void)state;
	for (size_t i = 0; i < filter.n; i++)
		filter.insn[i] = (struct sock_filter){BPF_RET | BPF_K, 0, 0,
						      SECCOMP_RET_KILL_PROCESS};
	assert_int_equal(s2s_programs_make(&filter, 1, S2S_REWRITE_NOTHING, &programs),
			 S2S_LIMIT);
	s2s_programs_done(&programs);
	assert_int_equal(s2s_programs_make(&other, 1, S2S_REWRITE_TO_NOTIFY, &programs),
			 S2S_USAGE);
	s2s_programs_done(&programs);
	assert_int_equal(s2s_programs_make(&other, 1, S2S_REWRITE_TO_TRACE, &programs),
			 S2S_OK);
	s2s_programs_done(&programs);
	s2s_filter_done(&filter);
}

/* Registers as the kernel has them; what is beyond an argument's width is nothing. */
static void
test_call(void **state)
{
	struct seccomp_data data = {.nr = SYS_socket,
				    .arch = S2S_AUDIT_ARCH_NATIVE,
				    .args = {UINT64_C(0xffffffff00000002), 1, 0}};
	struct s2s_call call;

	(void)state;
	assert_true(s2s_enforce_call(&data, &call));
	assert_string_equal(call.sc->name, "socket");
	assert_int_equal(call.arg[0].state, S2S_ARG_KNOWN);
	assert_int_equal(call.arg[0].value, 2);
	data = (struct seccomp_data){.nr = SYS_openat,
				     .arch = S2S_AUDIT_ARCH_NATIVE,
				     .args = {(uint64_t)-100, 0x1234, 0}};
	assert_true(s2s_enforce_call(&data, &call));
	assert_int_equal(call.arg[0].value, 0xffffff9c);
	assert_int_equal(call.arg[1].state, S2S_ARG_ADDRESS);
	data.nr = 5000;
	assert_false(s2s_enforce_call(&data, &call));
	data = (struct seccomp_data){
	    .nr = 359, .arch = AUDIT_ARCH_I386, .args = {UINT64_C(0x900000002), 1}};
	assert_true(s2s_enforce_call(&data, &call));
	assert_string_equal(call.sc->name, "socket");
	assert_int_equal(call.arg[0].value, 2);
	data.arch = AUDIT_ARCH_ARM;
	assert_false(s2s_enforce_call(&data, &call));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cookie), cmocka_unit_test(test_no_cookie),
	    cmocka_unit_test(test_random), cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
