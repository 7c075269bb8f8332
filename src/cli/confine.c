/* SPDX-License-Identifier: MIT */
#include "cli/confine.h"

#include "base/attr.h"
#include "cli/own-policy.h"
#include "s2s.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A signal handler gets no argument. */
static struct cli_forbidden *forbidden;

static void
tell(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	forbidden->nr = (uint32_t)info->si_syscall;
	forbidden->is_foreign = info->si_arch != AUDIT_ARCH_X86_64;
	forbidden->is_set = true;
	_exit(s2s_status_exit(S2S_INTERNAL));
}

/* clone3 hides in memory, where no filter sees it, whether it makes a thread or a
   namespace. Without it the C library makes threads by clone. Which answer the policy
   of the traces has for it does not matter: ENOSYS is stricter than "allow". */
static int
hide_clone3(void)
{
	struct sock_filter insn[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {S2S_ARRAY_SIZE(insn), insn};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0L, &program) != 0)
		return -errno;
	return 0;
}

int
cli_confine(struct cli_forbidden *told)
{
	struct sigaction action = {.sa_sigaction = tell, .sa_flags = SA_SIGINFO};
	sigset_t one;
	int rc;

	forbidden = told;
	/* To give memory of a thread's own arena back, glibc opens a file of /proc. */
	mallopt(M_ARENA_MAX, 1);
	sigemptyset(&one);
	sigaddset(&one, SIGSYS);
	sigaction(SIGSYS, &action, NULL);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	rc = hide_clone3();
	return rc < 0 ? rc : install_own_policy();
}
