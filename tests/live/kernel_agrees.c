/* SPDX-License-Identifier: MIT */
/* The simulator and the checker of filters against the running kernel: random filters,
   mutated instructions, calls with chosen registers. Fixed seeds. */
#include "random_filter.h"

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
	MUTANTS = 60000,
	FILTERS = 500,
	CALLS = 64, /* of each filter */
	LONGEST = 48,
	UNUSED_NR = 1000, /* ENOSYS when a filter lets it pass */
	DIED = -1,
	SKIPPED = 77,
};

static long
install(struct sock_filter *insn, size_t n, unsigned flags)
{
	struct sock_fprog prog = {.len = (unsigned short)n, .filter = insn};

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
}

/* The kernel checks a filter before it makes a descriptor for its listener. Where no
   more descriptors are to be had, nothing is ever installed. */
static bool
kernel_takes(struct sock_filter *insn, size_t n)
{
	if (install(insn, n, SECCOMP_FILTER_FLAG_NEW_LISTENER) >= 0)
		abort();
	if (errno != EMFILE && errno != EINVAL)
		abort();
	return errno == EMFILE;
}

static void
mutate(struct rng *rng, struct sock_filter *insn, size_t n)
{
	struct sock_filter *in = &insn[rng_below(rng, n)];

	switch (rng_below(rng, 6)) {
	case 0:
		in->code = (uint16_t)rng_below(rng, 0x100);
		break;
	case 1:
		in->code = (uint16_t)rng_next(rng);
		break;
	case 2:
		in->k = (uint32_t)random_value(rng);
		break;
	case 3:
		in->k = (uint32_t)rng_below(rng, 70);
		break;
	case 4:
		in->jt = (uint8_t)rng_below(rng, n + 2);
		break;
	default:
		in->jf = (uint8_t)rng_below(rng, n + 2);
	}
}

static bool
check_mutant(struct rng *rng, size_t *taken)
{
	struct sock_filter insn[LONGEST];
	size_t n = 1 + rng_below(rng, LONGEST), index = 0;
	const char *why = "taken";
	bool kernel, ours;

	random_filter(rng, insn, n, true);
	for (uint64_t times = 1 + rng_below(rng, 3); times > 0; times--)
		mutate(rng, insn, n);
	kernel = kernel_takes(insn, n);
	ours = s2s_filter_validate(insn, n, &index, &why) == S2S_OK;
	*taken += kernel;
	if (kernel != ours)
		printf("the kernel %s what we %s (%zu: %s)\n",
		       kernel ? "takes" : "refuses", ours ? "take" : "refuse", index,
		       why);
	return kernel == ours;
}

/* In a process of its own, since it gives up its descriptors. */
static int
compare_checkers(void)
{
	struct rlimit none = {0, 0};
	struct rng rng = {21};
	size_t taken = 0;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (setrlimit(RLIMIT_NOFILE, &none))
		abort();
	for (int i = 0; i < MUTANTS; i++)
		if (!check_mutant(&rng, &taken))
			return 1;
	printf("%d filters, the kernel takes %zu of them, and so do we\n", MUTANTS,
	       taken);
	return taken < MUTANTS / 10 || taken > MUTANTS / 10 * 9;
}

/* What the caller sees of each call: errno, or that it died. */
struct seen {
	volatile int next;
	volatile int result[CALLS];
};

static void
random_calls(struct rng *rng, struct seccomp_data *calls)
{
	for (int i = 0; i < CALLS; i++) {
		calls[i] =
		    (struct seccomp_data){.nr = UNUSED_NR, .arch = AUDIT_ARCH_X86_64};
		for (int k = 0; k < S2S_ARGS_MAX; k++)
			calls[i].args[k] = random_value(rng);
	}
}

/* All calls but the unused one pass, so that the process can end. */
static size_t
make_filter(struct rng *rng, struct sock_filter *insn)
{
	static const struct sock_filter head[] = {
	    {BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},
	    {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, UNUSED_NR},
	    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
	    {BPF_LD | BPF_IMM, 0, 0, 0},
	};
	size_t n = 4 + rng_below(rng, LONGEST - 8);

	memcpy(insn, head, sizeof head);
	random_filter(rng, insn + S2S_ARRAY_SIZE(head), n, true);
	return n + S2S_ARRAY_SIZE(head);
}

/* Goes on behind the call that killed the process before. */
static void
make_calls(struct sock_filter *insn, size_t n, const struct seccomp_data *calls,
	   struct seen *seen)
{
	if (install(insn, n, 0))
		_exit(1);
	while (seen->next < CALLS) {
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
     const struct seen *seen)
{
	for (int i = 0; i < CALLS; i++) {
		uint32_t verdict = s2s_filter_run(insn, n, &calls[i], NULL);

		if (seen->result[i] == expected(verdict))
			continue;
		printf("call %d: kernel %d, simulator %#x\n", i, seen->result[i],
		       verdict);
		return false;
	}
	return true;
}

static int
run_one(struct rng *rng, struct seen *seen, int *deaths)
{
	struct sock_filter insn[LONGEST];
	struct seccomp_data calls[CALLS];
	size_t n = make_filter(rng, insn);
	int status = 0;

	random_calls(rng, calls);
	seen->next = 0;
	while (seen->next < CALLS) {
		pid_t pid = fork();

		if (pid == 0)
			make_calls(insn, n, calls, seen);
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			abort();
		if (WIFEXITED(status) && WEXITSTATUS(status))
			return WEXITSTATUS(status);
		*deaths += WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
	}
	return !same(insn, n, calls, seen);
}

static int
compare_runs(void)
{
	struct rlimit no_core = {0, 0};
	struct rng rng = {22};
	struct seen *seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int deaths = 0;

	if (seen == MAP_FAILED)
		abort();
	setrlimit(RLIMIT_CORE, &no_core);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	for (int i = 0; i < FILTERS; i++) {
		int status = run_one(&rng, seen, &deaths);

		if (status)
			return status;
	}
	printf("%d filters with %d calls each: as simulated, %d deaths\n", FILTERS,
	       CALLS, deaths);
	return deaths == 0;
}

static int
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
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int
try_seccomp(void)
{
	struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return install(&allow, 1, 0) != 0;
}

int
main(void)
{
	if (in_child(try_seccomp)) {
		puts("skipped: no filters may be installed here");
		return SKIPPED;
	}
	return in_child(compare_checkers) || in_child(compare_runs);
}
