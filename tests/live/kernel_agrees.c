/* SPDX-License-Identifier: MIT */
/* The simulator and the checker of filters against the running kernel: random filters,
   mutated instructions, calls with chosen registers. Fixed seeds. tests/fuzz has the
   same with a fuzzer's bytes for a seed. */
#include "in_kernel.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>

enum {
	MUTANTS = 60000,
	FILTERS = 500,
	SKIPPED = 77,
};

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
	struct sock_filter insn[IN_KERNEL_LONGEST];
	size_t n = 1 + rng_below(rng, IN_KERNEL_LONGEST), index = 0;
	const char *why = "taken";
	bool kernel, ours;

	random_filter(rng, insn, n, true);
	for (uint64_t times = 1 + rng_below(rng, 3); times > 0; times--)
		mutate(rng, insn, n);
	kernel = in_kernel_takes(insn, n);
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
	struct rng rng = {.state = 21};
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

static int
compare_runs(void)
{
	struct rng rng = {.state = 22};
	int deaths = 0;

	for (int i = 0; i < FILTERS; i++) {
		struct sock_filter insn[IN_KERNEL_LONGEST];
		size_t n = in_kernel_filter(&rng, insn);

		if (!in_kernel_agrees(&rng, insn, n, IN_KERNEL_CALLS, &deaths))
			return 1;
	}
	printf("%d filters with %d calls each: as simulated, %d deaths\n", FILTERS,
	       IN_KERNEL_CALLS, deaths);
	return deaths == 0;
}

static void
tick(int sig)
{
	(void)sig;
}

/* As libFuzzer does, whose clock interrupts what waits. */
static void
be_interrupted(void)
{
	struct itimerval often = {{0, 2000}, {0, 2000}};
	struct sigaction act = {.sa_handler = tick};

	if (sigaction(SIGALRM, &act, NULL) || setitimer(ITIMER_REAL, &often, NULL))
		abort();
}

int
main(void)
{
	be_interrupted();
	if (!in_kernel_works()) {
		puts("skipped: no filters may be installed here");
		return SKIPPED;
	}
	return in_child(compare_checkers) || in_child(compare_runs);
}
