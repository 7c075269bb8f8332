/* SPDX-License-Identifier: MIT */
#include "in_kernel.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	UNUSED_NR = 1000, /* ENOSYS when a filter lets it pass */
	DIED = -1,
};

static long
install(struct sock_filter *insn, size_t n, unsigned flags)
{
	struct sock_fprog prog = {.len = (unsigned short)n, .filter = insn};

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
}

/* The kernel checks a filter before it makes a descriptor for its listener. Where no
   more descriptors are to be had, nothing is ever installed. */
bool
in_kernel_takes(struct sock_filter *insn, size_t n)
{
	if (install(insn, n, SECCOMP_FILTER_FLAG_NEW_LISTENER) >= 0)
		abort();
	if (errno != EMFILE && errno != EINVAL)
		abort();
	return errno == EMFILE;
}

/* libFuzzer's clock ticks with a signal that restarts nothing. */
int
in_kernel_status(pid_t pid)
{
	int status;

	if (pid < 0)
		abort();
	while (waitpid(pid, &status, 0) != pid) {
		if (errno != EINTR)
			abort();
	}
	return status;
}

/* What the caller sees of each call: errno, or that it died. */
struct seen {
	volatile int next;
	volatile int result[IN_KERNEL_CALLS];
};

static void
random_calls(struct rng *rng, struct seccomp_data *calls, int n)
{
	for (int i = 0; i < n; i++) {
		calls[i] =
		    (struct seccomp_data){.nr = UNUSED_NR, .arch = AUDIT_ARCH_X86_64};
		for (int k = 0; k < S2S_ARGS_MAX; k++)
			calls[i].args[k] = random_value(rng);
	}
}

/* All calls but the unused one pass, so that the process can end. */
size_t
in_kernel_filter(struct rng *rng, struct sock_filter *insn)
{
	static const struct sock_filter head[] = {
	    {BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},
	    {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, UNUSED_NR},
	    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
	    {BPF_LD | BPF_IMM, 0, 0, 0},
	};
	size_t n = 4 + rng_below(rng, IN_KERNEL_LONGEST - 8);

	memcpy(insn, head, sizeof head);
	random_filter(rng, insn + S2S_ARRAY_SIZE(head), n, true);
	return n + S2S_ARRAY_SIZE(head);
}

/* Goes on behind the call that killed the process before. */
static void
make_calls(struct sock_filter *insn, size_t n, const struct seccomp_data *calls,
	   int n_calls, struct seen *seen)
{
	struct rlimit no_core = {0, 0};

	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGSYS, SIG_DFL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (install(insn, n, 0))
		_exit(1);
	while (seen->next < n_calls) {
		const __u64 *a = calls[seen->next].args;
		int at = seen->next++;

		seen->result[at] = DIED;
		errno = 0;
		syscall(UNUSED_NR, a[0], a[1], a[2], a[3], a[4], a[5]);
		seen->result[at] = errno;
	}
	_exit(0);
}

static int
expected(uint32_t verdict)
{
	uint32_t data = verdict & SECCOMP_RET_DATA;

	switch (verdict & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE: /* without a tracer */
	case SECCOMP_RET_USER_NOTIF:
		return ENOSYS;
	case SECCOMP_RET_ERRNO:
		return data < 4095 ? (int)data : 4095;
	default:
		return DIED;
	}
}

static bool
same(const struct sock_filter *insn, size_t n, const struct seccomp_data *calls,
     int n_calls, const struct seen *seen)
{
	for (int i = 0; i < n_calls; i++) {
		uint32_t verdict = s2s_filter_run(insn, n, &calls[i], NULL);

		if (seen->result[i] == expected(verdict))
			continue;
		printf("call %d: kernel %d, simulator %#x\n", i, seen->result[i],
		       verdict);
		return false;
	}
	return true;
}

static struct seen *
shared(void)
{
	static struct seen *seen;

	if (!seen)
		seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seen == MAP_FAILED)
		abort();
	return seen;
}

bool
in_kernel_agrees(struct rng *rng, struct sock_filter *insn, size_t n, int n_calls,
		 int *ret_deaths)
{
	struct seccomp_data calls[IN_KERNEL_CALLS];
	struct seen *seen = shared();
	int status;

	random_calls(rng, calls, n_calls);
	seen->next = 0;
	while (seen->next < n_calls) {
		pid_t pid = fork();

		if (pid == 0)
			make_calls(insn, n, calls, n_calls, seen);
		status = in_kernel_status(pid);
		if (WIFEXITED(status) && WEXITSTATUS(status))
			return false;
		*ret_deaths += WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
	}
	return same(insn, n, calls, n_calls, seen);
}

int
in_child(int (*test)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		status = test();
		fflush(stdout);
		_exit(status);
	}
	status = in_kernel_status(pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int
try_seccomp(void)
{
	struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return install(&allow, 1, 0) != 0;
}

bool
in_kernel_works(void)
{
	return in_child(try_seccomp) == 0;
}
