/* SPDX-License-Identifier: MIT */
/* Calls that are seen by strace and not made: a filter answers them all. */
#pragma once

#include "kernel/syscalls.h"

#include <stdbool.h>

/* From now on every call of this process fails with `error`. */
bool unmade_calls(unsigned error);
/* The same, but that every call of this thread succeeds with `result`. */
bool unmade_answers(long result);
/* The one way out then. */
void unmade_exit(void);
/* The kernel kills whoever makes these outside its own trampolines, filter or not. */
bool unmade_kills(const struct s2s_syscall *sc);
