/* SPDX-License-Identifier: MIT */
/* The registers of a thread that stops for its tracer: what is other from one machine
   to the next. */
#pragma once

#include <linux/seccomp.h>
#include <stdbool.h>
#include <sys/types.h>

/* What the filter saw of the call that the thread is in. */
bool s2s_regs_call(pid_t tid, struct seccomp_data *ret);
/* A thread that is taken down by another's call may be in none. */
bool s2s_regs_in_call(pid_t tid);
/* False: the call may still be made. */
bool s2s_regs_skip(pid_t tid, long result);
/* Waits a moment without a call. */
void s2s_regs_pause(void);
