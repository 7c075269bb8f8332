/* SPDX-License-Identifier: MIT */
/* The policy on what reads the inputs: strace2seccomp's own, made of its own traces
   (own-policy.c, script/self-policy). A call that it forbids ends the process. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The call that ended it. Written by the process that is not trusted any more. */
struct cli_forbidden {
	bool is_set, is_foreign; /* of another architecture */
	uint32_t nr;
};

/* Installs it, for good and for all threads to come. 0, or a negative errno where the
   kernel cannot. Before the first byte is read, in the only thread. *told is written by
   a signal handler and lives on. */
int cli_confine(struct cli_forbidden *told);
