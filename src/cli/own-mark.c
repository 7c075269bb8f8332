/* SPDX-License-Identifier: MIT */
/* Stands in for the policy while the traces are made that it is generated from: the
   mark shows where in a trace it begins. */
#include "cli/own-policy.h"

#include <unistd.h>

int
install_own_policy(void)
{
	(void)!access("strace2seccomp:reads", F_OK); /* whatever it answers */
	return 0;
}
