/* SPDX-License-Identifier: MIT */
/* The architectures whose calls a filter can see. */
#pragma once

#include "base/sv.h"

#include <linux/audit.h>
#include <stdbool.h>
#include <stdint.h>

/* id, name as strace and we print it, AUDIT_ARCH_ value, libseccomp's token,
   highest bit of a number that the ABI reserves (0: none) */
#define S2S_ARCHES(X) X(X86_64, "x86_64", AUDIT_ARCH_X86_64, "SCMP_ARCH_X86_64")

enum s2s_arch {
#define X(id, name, audit, scmp) S2S_ARCH_##id,
	S2S_ARCHES(X)
#undef X
};
#define X(id, name, audit, scmp) +1
enum { S2S_ARCH_COUNT = 0 S2S_ARCHES(X) };
#undef X

/* Bit 30 of a number marks an x32 call (arch/x86/include/uapi/asm/unistd.h). */
#define S2S_X32_BIT 0x40000000U

const char *s2s_arch_name(enum s2s_arch arch);
uint32_t s2s_arch_audit(enum s2s_arch arch);
/* False where no architecture has that name or that AUDIT_ARCH_ value. */
bool s2s_arch_find(struct s2s_sv name, enum s2s_arch *ret);
bool s2s_arch_from_audit(uint32_t audit, enum s2s_arch *ret);
