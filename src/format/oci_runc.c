/* SPDX-License-Identifier: MIT */
/* The test that runc puts in front of what libseccomp makes, as strace shows what runc
   1.1.5 loads. */
#include "format/oci_read.h"

#include <errno.h>

enum { TEST_MAX = 8 };

/* Where the default lets pass or asks a tracer, runc adds nothing. */
static bool
has_test(const struct s2s_oci_profile *profile)
{
	uint32_t action = profile->fallback & SECCOMP_RET_ACTION_FULL;

	return action != SECCOMP_RET_ALLOW && action != SECCOMP_RET_LOG &&
	       action != SECCOMP_RET_TRACE;
}

/* The highest number that the profile names; -1: none. */
static int
last_of(const struct s2s_oci_profile *profile, uint32_t arch)
{
	int last = -1;

	for (size_t i = 0; i < profile->n; i++) {
		int nr = seccomp_syscall_resolve_name_arch(arch, profile->rule[i].name);

		last = nr > last ? nr : last;
	}
	return last;
}

static struct sock_filter
test(uint16_t how, uint32_t k, size_t yes, size_t no)
{
	return (struct sock_filter)BPF_JUMP(BPF_JMP | how | BPF_K, k, (uint8_t)yes,
					    (uint8_t)no);
}

/* libseccomp's token of an architecture is the kernel's number of it, but for x32,
   which shares that of x86_64. */
static size_t
make_test(const struct s2s_oci_profile *profile, uint32_t arch,
	  struct sock_filter f[TEST_MAX])
{
	bool x86_64 = arch == SCMP_ARCH_X86_64;
	bool x32 = x86_64 && s2s_oci_lists(profile, SCMP_ARCH_X32);
	int last = last_of(profile, arch);
	size_t end = 5 + x86_64 + x32, n = 0;

	if (last < 0)
		return 0;
	f[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					      offsetof(struct seccomp_data, arch));
	f[n] = test(BPF_JEQ, arch, 0, end - n - 1), n++;
	f[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					      offsetof(struct seccomp_data, nr));
	if (x86_64)
		f[n] = test(BPF_JSET, S2S_X32_BIT, x32 ? 1 : end - n - 1, 0), n++;
	f[n] = test(BPF_JGT, (uint32_t)last, x32, end - n - 1), n++;
	if (x32) {
		last = last_of(profile, SCMP_ARCH_X32);
		f[n] = test(BPF_JGT, (uint32_t)last, 0, end - n - 1), n++;
	}
	f[n++] =
	    (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
	return n;
}

void
s2s_oci_add_runc(const struct s2s_oci_profile *profile, struct s2s_filter *filter)
{
	struct sock_filter front[TEST_MAX];

	for (size_t i = 0; has_test(profile) && i < profile->n_arches; i++) {
		uint32_t arch = profile->arch[i].token;
		size_t n = arch == SCMP_ARCH_X32 ? 0 : make_test(profile, arch, front);

		filter->insn =
		    s2s_realloc(filter->insn, filter->n + n, sizeof *filter->insn);
		memmove(filter->insn + n, filter->insn,
			filter->n * sizeof *filter->insn);
		memcpy(filter->insn, front, n * sizeof *front);
		filter->n += n;
	}
}
