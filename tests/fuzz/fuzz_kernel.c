/* SPDX-License-Identifier: MIT */
/* Any instructions and registers, in the running kernel and in the simulator. What the
   kernel refuses, the checker of filters refuses. */
#include "../live/in_kernel.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CALLS = 8, LONGEST = 32 };

/* The bytes themselves are a filter. In a process that gives up its descriptors. */
static void
check_taken(const uint8_t *data, size_t size)
{
	struct sock_filter insn[LONGEST];
	size_t n = size / sizeof *insn, index;
	const char *why;
	bool ours;
	pid_t pid;
	int status;

	if (n == 0)
		return;
	n = n < LONGEST ? n : LONGEST;
	memcpy(insn, data, n * sizeof *insn);
	ours = s2s_filter_validate(insn, n, &index, &why) == S2S_OK;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (setrlimit(RLIMIT_NOFILE, &(struct rlimit){0, 0}))
			_exit(2);
		_exit(in_kernel_takes(insn, n));
	}
	status = in_kernel_status(pid);
	check(WIFEXITED(status));
	check(WEXITSTATUS(status) == ours);
}

static void
check_calls(const uint8_t *data, size_t size)
{
	struct rng rng = {.bytes = data, .left = size};
	struct sock_filter insn[IN_KERNEL_LONGEST];
	size_t n = in_kernel_filter(&rng, insn);
	int deaths = 0;

	check(in_kernel_agrees(&rng, insn, n, CALLS, &deaths));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int works = -1;

	if (works < 0)
		works = in_kernel_works();
	if (!works)
		return -1;
	check_taken(data, size);
	check_calls(data, size);
	return 0;
}
