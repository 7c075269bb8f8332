/* SPDX-License-Identifier: MIT */
/* The architectures whose calls a filter can see. */
#pragma once

#include "base/sv.h"

#include <linux/audit.h>
#include <stdbool.h>
#include <stdint.h>

/* id, name as strace and we print it, AUDIT_ARCH_ value and its name, libseccomp's
   token, bits of a register as its programs see it; data/NAME.tbl has the numbers of
   its calls */
#define S2S_ARCHES(X)                                                \
	X(X86_64, x86_64, AUDIT_ARCH_X86_64, "SCMP_ARCH_X86_64", 64) \
	X(I386, i386, AUDIT_ARCH_I386, "SCMP_ARCH_X86", 32)          \
	X(AARCH64, aarch64, AUDIT_ARCH_AARCH64, "SCMP_ARCH_AARCH64", 64)

enum s2s_arch {
#define X(id, name, audit, scmp, bits) S2S_ARCH_##id,
	S2S_ARCHES(X)
#undef X
};
#define X(id, name, audit, scmp, bits) +1
enum { S2S_ARCH_COUNT = 0 S2S_ARCHES(X) };
#undef X

/* What programs of this machine are, and the older ones that its kernel takes. */
#if defined(__aarch64__)
#define S2S_ARCH_NATIVE       S2S_ARCH_AARCH64
#define S2S_AUDIT_ARCH_NATIVE AUDIT_ARCH_AARCH64
#define S2S_AUDIT_ARCH_COMPAT AUDIT_ARCH_ARM
#else
#define S2S_ARCH_NATIVE       S2S_ARCH_X86_64
#define S2S_AUDIT_ARCH_NATIVE AUDIT_ARCH_X86_64
#define S2S_AUDIT_ARCH_COMPAT AUDIT_ARCH_I386
#endif

/* Bit 30 of a number marks an x32 call (arch/x86/include/uapi/asm/unistd.h). */
#define S2S_X32_BIT 0x40000000U

const char *s2s_arch_name(enum s2s_arch arch);
uint32_t s2s_arch_audit(enum s2s_arch arch);
/* "AUDIT_ARCH_I386", "SCMP_ARCH_X86" */
const char *s2s_arch_audit_name(enum s2s_arch arch);
const char *s2s_arch_scmp(enum s2s_arch arch);
unsigned s2s_arch_bits(enum s2s_arch arch);
/* False where no architecture has that name or that AUDIT_ARCH_ value. */
bool s2s_arch_find(struct s2s_sv name, enum s2s_arch *ret);
bool s2s_arch_from_audit(uint32_t audit, enum s2s_arch *ret);
/* What calls a kernel of that architecture takes beside its own; itself: none. */
enum s2s_arch s2s_arch_compat(enum s2s_arch arch);
