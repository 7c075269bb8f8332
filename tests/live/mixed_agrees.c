/* SPDX-License-Identifier: MIT */
/* Random policies of several architectures in the running kernel: their filter answers
   calls of x86_64, and of i386 by int $0x80, as the policy says. A second filter keeps
   what is allowed from being done: trace without a tracer is ENOSYS. */
#include "../oracle/make.h"
#include "filter/filter.h"
#include "in_kernel.h"
#include "random_policy.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	POLICIES = 60,
	CALLS = 400,
	DENIED = EPERM,
	UNKNOWN = EBADE,
	UPROBE_LAST = 336, /* not for seccomp to stop, and kills */
	UPROBE_FIRST = 335,
	FAILED = 1,
	SKIPPED = 77,
};

struct seen {
	struct s2s_point point[CALLS];
	long result[CALLS];
};

static bool
install(const struct sock_filter *insn, size_t n)
{
	struct sock_fprog prog = {(unsigned short)n,
				  (struct sock_filter *)(uintptr_t)insn};

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) == 0;
}

static const struct sock_filter undone[] = {
    {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, arch)},
    {BPF_JMP | BPF_JEQ | BPF_K, 0, 4, AUDIT_ARCH_X86_64},
    {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
    {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, SYS_exit_group},
    {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_seccomp},
    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_TRACE},
};

/* Neither ends the process nor is beyond seccomp. */
static bool
can_be_tried(const struct s2s_point *point)
{
	if (point->audit_arch == AUDIT_ARCH_X86_64)
		return point->nr != SYS_exit_group && point->nr != SYS_seccomp &&
		       (point->nr < UPROBE_FIRST || point->nr > UPROBE_LAST);
	return point->audit_arch == AUDIT_ARCH_I386;
}

static void
make_points(struct rng *rng, const struct s2s_policy *policy, struct seen *seen)
{
	for (int i = 0; i < CALLS; i++) {
		struct s2s_point *point = &seen->point[i];

		do
			*point = random_point(rng, policy);
		while (!can_be_tried(point));
		if (point->audit_arch == AUDIT_ARCH_I386)
			for (int k = 0; k < S2S_ARGS_MAX; k++)
				point->args[k] &= UINT32_MAX;
	}
}

static void
make_calls(const struct s2s_filter *filter, struct seen *seen)
{
	enum s2s_arch arch = S2S_ARCH_X86_64;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (!install(undone, S2S_ARRAY_SIZE(undone)) ||
	    !install(filter->insn, filter->n))
		_exit(FAILED);
	for (int i = 0; i < CALLS; i++) {
		s2s_arch_from_audit(seen->point[i].audit_arch, &arch);
		seen->result[i] =
		    make_call(arch, seen->point[i].nr, seen->point[i].args);
	}
	_exit(0);
}

static long
expected(const struct s2s_policy *policy, const struct s2s_point *at)
{
	struct s2s_action action =
	    s2s_policy_verdict(policy, at->audit_arch, at->nr, at->args);

	return action.kind == S2S_ACTION_ALLOW ? -ENOSYS : -(long)action.data;
}

static int
check(const struct s2s_policy *policy, const struct seen *seen, size_t allowed[2])
{
	for (int i = 0; i < CALLS; i++) {
		const struct s2s_point *at = &seen->point[i];
		long want = expected(policy, at);

		allowed[at->audit_arch == AUDIT_ARCH_I386] += want == -ENOSYS;
		if (seen->result[i] == want)
			continue;
		printf("architecture %#x, number %u: kernel %ld, policy %ld\n",
		       at->audit_arch, at->nr, seen->result[i], want);
		return FAILED;
	}
	return 0;
}

static int
try_policy(struct rng *rng, struct seen *seen, size_t allowed[2])
{
	struct s2s_policy *policy = random_policy(rng);
	struct s2s_filter filter;
	int status = 0;
	pid_t pid;

	policy->action = (struct s2s_action){S2S_ACTION_ERRNO, DENIED};
	policy->unknown = (struct s2s_action){S2S_ACTION_ERRNO, UNKNOWN};
	s2s_policy_allow_all(policy, s2s_syscall_by_nr(S2S_ARCH_X86_64, SYS_exit_group),
			     S2S_WHY_SEEN, NULL);
	s2s_filter_compile(policy, S2S_GOAL_SPEED, &filter);
	make_points(rng, policy, seen);
	if (filter.n <= S2S_FILTER_MAX) {
		pid = fork();
		if (pid == 0)
			make_calls(&filter, seen);
		status = in_kernel_status(pid);
		if (status)
			printf("the child ends with %#x\n", status);
		status = status ? FAILED : check(policy, seen, allowed);
	}
	s2s_filter_done(&filter);
	s2s_policy_free(policy);
	return status;
}

int
main(void)
{
	struct seen *seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct rng rng = {.state = 31};
	size_t allowed[2] = {0};

	if (!in_kernel_works() || !make_works(S2S_ARCH_I386)) {
		puts(
		    "skipped: no filters may be installed here, or no i386 calls made");
		return SKIPPED;
	}
	for (int i = 0; i < POLICIES; i++)
		if (try_policy(&rng, seen, allowed))
			return FAILED;
	printf(
	    "%d policies with %d calls each: as they say; of x86_64 %zu pass, of i386 "
	    "%zu\n",
	    POLICIES, CALLS, allowed[0], allowed[1]);
	return allowed[0] < POLICIES || allowed[1] < POLICIES;
}
