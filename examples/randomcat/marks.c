/* SPDX-License-Identifier: MIT */
/* Stands in for the policy while the traces are made that it is generated from: the
   mark shows where in a trace it would begin. */
#include <unistd.h>

#include "randomcat-policy.h"

int
install_randomcat_policy(void)
{
	(void)!access("strace2seccomp:serving", F_OK); /* whatever it answers */
	return 0;
}
