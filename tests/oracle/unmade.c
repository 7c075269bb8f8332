/* SPDX-License-Identifier: MIT */
#include "unmade.h"

#include "base/attr.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAGIC = 0x5ca1ab1e };

bool
unmade_calls(unsigned error)
{
	struct sock_filter code[] = {
	    {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
	    {BPF_JMP | BPF_JEQ | BPF_K, 0, 3, SYS_exit_group},
	    {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, args[5])},
	    {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, MAGIC},
	    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
	    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | error},
	};
	struct sock_fprog program = {S2S_ARRAY_SIZE(code), code};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

void
unmade_exit(void)
{
	syscall(SYS_exit_group, 0, 0, 0, 0, 0, MAGIC);
}

bool
unmade_kills(const struct s2s_syscall *sc)
{
	return strcmp(sc->name, "uretprobe") == 0 || strcmp(sc->name, "uprobe") == 0;
}
