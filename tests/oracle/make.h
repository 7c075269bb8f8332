/* SPDX-License-Identifier: MIT */
/* Making a call with the registers that are asked for, as a program of any of the
   architectures that this kernel serves makes it. */
#pragma once

#include "kernel/syscalls.h"

/* Whether such calls can be made here. */
bool make_works(enum s2s_arch arch);
/* Returns the result, an error as a negative number. An i386 call is one by int $0x80
   of this 64-bit program: the kernel, and strace, see what they see of a 32-bit one. */
long make_call(enum s2s_arch arch, uint32_t nr, const uint64_t reg[S2S_ARGS_MAX]);
/* "i386" or nothing (NULL): what this program is of. */
enum s2s_arch make_arch(const char *name);
