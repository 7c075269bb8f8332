/* SPDX-License-Identifier: MIT */
/* Filters in the running kernel, in processes that end with them. */
#pragma once

#include "random_filter.h"

#include <sys/types.h>

enum {
	IN_KERNEL_CALLS = 64, /* of each filter, at most */
	IN_KERNEL_LONGEST = 48,
};

/* Whether filters may be installed here. */
bool in_kernel_works(void);

/* Whether the kernel takes it, asked without installing it: for a process that has set
   no_new_privs and has no descriptor left to get. */
bool in_kernel_takes(struct sock_filter *insn, size_t n);

/* A random filter, for a number that no call has; all others pass. */
size_t in_kernel_filter(struct rng *rng, struct sock_filter *insn);

/* `calls` calls of that number with random registers under the filter: what the caller
   sees is what the simulator says. Adds to *ret_deaths. Says where they differ. */
bool in_kernel_agrees(struct rng *rng, struct sock_filter *insn, size_t n, int calls,
		      int *ret_deaths);

/* How the child ended, whatever signals come meanwhile; aborts where there is no child.
 */
int in_kernel_status(pid_t pid);

/* Runs it in a child and returns what it returns; 1 where it dies. */
int in_child(int (*test)(void));
