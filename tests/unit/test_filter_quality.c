/* SPDX-License-Identifier: MIT */
/* How short and how quick filters are: one policy of 50 plain calls and 10 with
   arguments, compared in 64 bits, on which other compilers were measured. */
#include "filter/filter.h"
#include "random_policy.h"
#include "unit.h"
#include "wide.h"

#include <stdlib.h>

static const char *const plain[] = {
    "exit_group",     "clock_gettime", "read",       "write",       "close",
    "fstat",          "poll",          "munmap",     "brk",         "rt_sigaction",
    "rt_sigprocmask", "rt_sigreturn",  "pread64",    "pwrite64",    "readv",
    "writev",         "access",        "pipe",       "sched_yield", "mremap",
    "madvise",        "dup",           "dup2",       "nanosleep",   "getpid",
    "sendto",         "recvfrom",      "sendmsg",    "recvmsg",     "getsockname",
    "getpeername",    "setsockopt",    "getsockopt", "execve",      "wait4",
    "kill",           "uname",         "getcwd",     "chdir",       "rename",
    "mkdir",          "unlink",        "readlink",   "umask",       "gettimeofday",
    "getrlimit",      "sysinfo",       "getuid",     "getgid",      "geteuid",
};

/* (argument & mask) == value */
struct term {
	int arg;
	uint64_t mask, value;
};

#define ALL UINT64_MAX
static const struct {
	const char *call;
	struct term term[2];
	size_t n;
} checked[] = {
    {"ioctl", {{1, ALL, 21505}}, 1},
    {"ioctl", {{1, ALL, 21523}}, 1},
    {"ioctl", {{1, ALL, 21531}}, 1},
    {"ioctl", {{1, ALL, 21537}}, 1},
    {"fcntl", {{1, ALL, 1}}, 1},
    {"fcntl", {{1, ALL, 2}}, 1},
    {"fcntl", {{1, ALL, 3}}, 1},
    {"fcntl", {{1, ALL, 4}}, 1},
    {"fcntl", {{1, ALL, 1030}}, 1},
    {"openat", {{0, ALL, 0xffffff9c}, {2, UINT64_C(0xfffffffffff6f7ff), 0}}, 2},
    {"mmap", {{2, 4, 0}, {3, ALL, 34}}, 2},
    {"mmap", {{2, 4, 0}, {3, ALL, 2}}, 2},
    {"mmap", {{2, ALL, 5}, {3, ALL, 2050}}, 2},
    {"mprotect", {{2, 4, 0}}, 1},
    {"prctl", {{0, ALL, 15}}, 1},
    {"prctl", {{0, ALL, 22}}, 1},
    {"prctl", {{0, ALL, 38}}, 1},
    {"socket", {{0, ALL, 1}, {1, ALL, 524289}}, 2},
    {"socket", {{0, ALL, 2}, {1, ALL, 2}}, 2},
    {"socket", {{0, ALL, 16}, {1, ALL, 3}}, 2},
    {"futex", {{1, ALL, 128}}, 1},
    {"futex", {{1, ALL, 129}}, 1},
    {"futex", {{1, ALL, 393}}, 1},
    {"clone", {{0, ALL, 18874385}}, 1},
};

static const struct s2s_syscall *
find(const char *name)
{
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(name));

	if (!sc)
		fail_msg("no call %s", name);
	return sc;
}

static void
add_terms(struct s2s_policy *policy, const char *call, const struct term *term,
	  size_t n)
{
	struct s2s_rule rule = {0};

	for (int i = 0; i < S2S_ARGS_MAX; i++)
		rule.arg[i] = s2s_set_any();
	for (size_t i = 0; i < n; i++)
		rule.arg[term[i].arg] =
		    s2s_set_value(&policy->arena, term[i].mask, term[i].value);
	s2s_policy_add_rule(policy, find(call), &rule);
}

static struct s2s_policy *
measured_policy(void)
{
	struct s2s_policy *policy = s2s_policy_new();
	struct s2s_rule at_most = {0};

	policy->unknown = policy->action;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(plain); i++)
		s2s_policy_allow_all(policy, find(plain[i]), S2S_WHY_SEEN, NULL);
	for (size_t i = 0; i < S2S_ARRAY_SIZE(checked); i++)
		add_terms(policy, checked[i].call, checked[i].term, checked[i].n);
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		at_most.arg[i] = s2s_set_any();
	at_most.arg[2] = s2s_set_range(&policy->arena, 64, false, 0, 2);
	s2s_policy_add_rule(policy, find("lseek"), &at_most);
	s2s_policy_normalize(policy);
	return policy;
}

static unsigned
steps(const struct s2s_filter *filter, const struct seccomp_data *data)
{
	unsigned n;

	assert_int_equal(s2s_filter_run(filter->insn, filter->n, data, &n),
			 SECCOMP_RET_ALLOW);
	return n;
}

static double
mean_plain(const struct s2s_filter *filter)
{
	double sum = 0;

	for (size_t i = 0; i < S2S_ARRAY_SIZE(plain); i++) {
		struct seccomp_data data = {.nr = (int)find(plain[i])->nr,
					    .arch = AUDIT_ARCH_X86_64};

		sum += steps(filter, &data);
	}
	return sum / (double)S2S_ARRAY_SIZE(plain);
}

/* One call that each rule allows; lseek's with each of its values. */
static double
mean_checked(const struct s2s_filter *filter)
{
	double sum = 0;

	for (size_t i = 0; i < S2S_ARRAY_SIZE(checked); i++) {
		struct seccomp_data data = {.nr = (int)find(checked[i].call)->nr,
					    .arch = AUDIT_ARCH_X86_64};

		for (size_t k = 0; k < checked[i].n; k++)
			data.args[checked[i].term[k].arg] = checked[i].term[k].value;
		sum += steps(filter, &data);
	}
	for (uint64_t whence = 0; whence < 3; whence++) {
		struct seccomp_data data = {.nr = (int)find("lseek")->nr,
					    .arch = AUDIT_ARCH_X86_64,
					    .args = {0, 0, whence}};

		sum += steps(filter, &data) / 3.0;
	}
	return sum / (double)(S2S_ARRAY_SIZE(checked) + 1);
}

static void
compile(const struct s2s_policy *policy, enum s2s_goal goal, struct s2s_filter *ret)
{
	struct s2s_check check;

	s2s_filter_compile(policy, goal, ret);
	assert_int_equal(s2s_filter_check(policy, ret, &check), S2S_OK);
}

static void
test_measured_policy(void **state)
{
	struct s2s_policy *policy = measured_policy();
	struct s2s_filter filter;

	(void)state;
	compile(policy, S2S_GOAL_SPEED, &filter);
	print_message("%zu instructions, mean steps %.2f plain, %.2f checked\n",
		      filter.n, mean_plain(&filter), mean_checked(&filter));
	assert_true(filter.n <= 103);
	assert_true(mean_plain(&filter) < 9.21);
	assert_true(mean_checked(&filter) < 14.25);
	s2s_filter_done(&filter);
	compile(policy, S2S_GOAL_SIZE, &filter);
	assert_true(filter.n <= 102);
	s2s_filter_done(&filter);
	s2s_policy_free(policy);
}

static unsigned
steps_to(const struct s2s_policy *policy, const char *call, uint64_t arg)
{
	struct seccomp_data data = {
	    .nr = (int)find(call)->nr, .arch = AUDIT_ARCH_X86_64, .args = {0, arg}};
	struct s2s_filter filter;
	unsigned n;

	compile(policy, S2S_GOAL_SPEED, &filter);
	n = steps(&filter, &data);
	s2s_filter_done(&filter);
	return n;
}

/* What is counted often is reached in fewer steps than without its count. */
static void
test_counts_are_weights(void **state)
{
	static const char *const often[] = {"read", "geteuid", "exit_group", "ioctl"};

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(often); i++) {
		struct s2s_policy *policy = measured_policy();
		unsigned even = steps_to(policy, often[i], 21505), counted;

		s2s_policy_call(policy, find(often[i]))->rules[0].count = 1000000;
		counted = steps_to(policy, often[i], 21505);
		print_message("%s: %u steps, %u where it is met often\n", often[i],
			      even, counted);
		assert_true(counted < even);
		assert_true(counted <= (i == 3 ? 9 : 6));
		s2s_policy_free(policy);
	}
}

static struct s2s_policy *
wide_policy(void)
{
	struct s2s_policy *policy = s2s_policy_new();

	for (size_t i = 0; i < S2S_ARRAY_SIZE(wide); i++) {
		const struct s2s_syscall *sc = find(wide[i].call);

		s2s_policy_allow_all(policy, sc, S2S_WHY_SEEN, NULL);
		s2s_policy_call(policy, sc)->rules[0].count = wide[i].count;
	}
	s2s_policy_normalize(policy);
	return policy;
}

static double
mean_weighed(const struct s2s_filter *filter)
{
	double sum = 0, all = 0;

	for (size_t i = 0; i < S2S_ARRAY_SIZE(wide); i++) {
		struct seccomp_data data = {.nr = (int)find(wide[i].call)->nr,
					    .arch = AUDIT_ARCH_X86_64};

		sum += steps(filter, &data) * (double)wide[i].count;
		all += (double)wide[i].count;
	}
	return sum / all;
}

/* 101 segments, of which the search tries fewer ways. */
static void
test_wide_policy(void **state)
{
	struct s2s_policy *policy = wide_policy();
	struct s2s_filter filter;

	(void)state;
	compile(policy, S2S_GOAL_SPEED, &filter);
	print_message("%zu calls: %zu instructions, mean steps %.2f\n",
		      S2S_ARRAY_SIZE(wide), filter.n, mean_weighed(&filter));
	assert_true(filter.n <= 75);
	assert_true(mean_weighed(&filter) < 7.34);
	s2s_filter_done(&filter);
	compile(policy, S2S_GOAL_SIZE, &filter);
	assert_true(filter.n <= 74);
	s2s_filter_done(&filter);
	s2s_policy_free(policy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_measured_policy),
	    cmocka_unit_test(test_counts_are_weights),
	    cmocka_unit_test(test_wide_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
