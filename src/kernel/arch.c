/* SPDX-License-Identifier: MIT */
#include "kernel/arch.h"

#include "base/attr.h"

static const struct {
	const char *name, *audit_name, *scmp;
	uint32_t audit;
	unsigned bits;
} arches[] = {
#define X(id, name, audit, scmp, bits) \
	[S2S_ARCH_##id] = {#name, "AUDIT_ARCH_" #id, scmp, audit, bits},
    S2S_ARCHES(X)
#undef X
};

const char *
s2s_arch_name(enum s2s_arch arch)
{
	return arches[arch].name;
}

uint32_t
s2s_arch_audit(enum s2s_arch arch)
{
	return arches[arch].audit;
}

const char *
s2s_arch_audit_name(enum s2s_arch arch)
{
	return arches[arch].audit_name;
}

const char *
s2s_arch_scmp(enum s2s_arch arch)
{
	return arches[arch].scmp;
}

unsigned
s2s_arch_bits(enum s2s_arch arch)
{
	return arches[arch].bits;
}

enum s2s_arch
s2s_arch_compat(enum s2s_arch arch)
{
	return arch == S2S_ARCH_X86_64 ? S2S_ARCH_I386 : arch;
}

bool
s2s_arch_find(struct s2s_sv name, enum s2s_arch *ret)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(arches); i++)
		if (sv_equal(sv_from(arches[i].name), name)) {
			*ret = (enum s2s_arch)i;
			return true;
		}
	return false;
}

bool
s2s_arch_from_audit(uint32_t audit, enum s2s_arch *ret)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(arches); i++)
		if (arches[i].audit == audit) {
			*ret = (enum s2s_arch)i;
			return true;
		}
	return false;
}
