/* Made by strace2seccomp 0.1.0, --format=bpf-c: make it anew rather than edit it.
 *
 * Allows 14 system calls on x86_64, 2 of them with certain arguments only. Level
 * robust. Anything else: kill-process; numbers that no call had when this was made:
 * errno=ENOSYS. 26 instructions of BPF in 1 program.
 *
 * int install_client_policy(void): call it once, when the program is set up and before
 * it starts threads: the thread that calls it and all that come from it get the policy.
 * It sets no_new_privs, which stays. Returns 0. On failure returns a negative errno,
 * with nothing installed but, perhaps, no_new_privs. errno stays as it was.
 *
 * Compile it as C or C++; it needs no library.
 *
 * What was decided on the way:
 * - exit is allowed though no log shows it: a thread must be able to end.
 * - restart_syscall is allowed though no log shows it: the kernel resumes a stopped
 *   wait through it.
 * - clock_gettime, clock_getres, gettimeofday, time, getcpu are allowed though no log
 *   shows them: the vDSO serves it here and may not on the next machine.
 */
#if !defined(__x86_64__) || defined(__ILP32__)
#error "this policy is for x86_64"
#endif
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "client-policy.h"

#define FLAGS 0UL

/* Allowed whatever their arguments:
 * read: seen 195 times in 3 runs, first trace/client.3.log:35; level robust
 * write: seen 197 times in at least 1 run, first trace/client.2.log:39; level robust
 * poll: seen 399 times in at least 5 runs, first trace/client.2.log:34; level robust
 * shutdown: seen 5 times in 5 runs, first trace/client.2.log:36; level robust
 * exit: in no log, but needed: a thread must be able to end
 * gettimeofday: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * time: in no log, but needed: the vDSO serves it here and may not on the next machine
 * restart_syscall: in no log, but needed: the kernel resumes a stopped wait through it
 * clock_gettime: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * clock_getres: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * exit_group: seen 6 times in at least 3 runs, first trace/client.2.log:42; level
 *   robust
 * getcpu: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 */
static const struct sock_filter policy[] = {
	/* Architecture and number. What is allowed whatever its arguments is told by
	   them alone. */
	/*    0 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4), /* the architecture */
	/*    1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 23),
	/*    2 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* the number */
	/*    3 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 44, 0, 18), /* from sendto */
	/*    4 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 46, 0, 15), /* from sendmsg */
	/*    5 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 228, 0, 9), /* from clock_gettime */
	/*    6 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 231, 17, 0), /* exit_group */
	/*    7 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 230, 0, 16), /* from clock_nanosleep */
	/*    8 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 337, 0, 5),
	/*    9 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 424, 0, 3), /* from pidfd_send_signal */
	/*   10 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 473, 0, 14),
	/*   11 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xffffffff, 12, 0), /* skipped by a tracer */
	/*   12 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x40000000, 12, 0), /* x32 */
	/*   13 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	/*   14 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 309, 9, 10), /* getcpu */
	/*   15 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 48, 8, 0), /* shutdown */
	/*   16 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 60, 7, 0), /* exit */
	/*   17 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 96, 6, 0), /* gettimeofday */
	/*   18 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 201, 5, 0), /* time */
	/*   19 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 219, 4, 5), /* restart_syscall */
	/* sendto: flags 0 (MSG_PEEK|MSG_TRUNC|MSG_DONTWAIT|MSG_EOR|MSG_WAITALL|
	   MSG_ERRQUEUE|MSG_NOSIGNAL|MSG_MORE|MSG_WAITFORONE|MSG_CMSG_CLOEXEC free);
	   seen 196 times in at least 2 runs, first trace/client.2.log:35; level
	   robust */
	/* recvfrom: flags 0 (MSG_PEEK|MSG_TRUNC|MSG_DONTWAIT|MSG_EOR|MSG_WAITALL|
	   MSG_ERRQUEUE|MSG_NOSIGNAL|MSG_MORE|MSG_WAITFORONE|MSG_CMSG_CLOEXEC free);
	   seen 198 times in 5 runs, first trace/client.2.log:38; level robust */
	/*   20 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 40), /* argument 4 */
	/*   21 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xbffe1e1d, 3, 2),
	/*   22 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 7, 1, 0), /* poll */
	/*   23 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 2, 1, 0), /* from open */
	/*   24 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	/*   25 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
};

static int
load_program(struct sock_filter *insn, int n)
{
	struct sock_fprog program;
	long rc;

	program.len = (unsigned short)n;
	program.filter = insn;
	rc = syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, FLAGS, &program);
	return rc < 0 ? -errno : 0;
}

int
install_client_policy(void)
{
	const int saved = errno;
	int rc = 0;

	if (rc >= 0 && prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0)
		rc = -errno;
	/* The kernel only reads the program, though its type does not say so. */
	if (rc >= 0)
		rc = load_program((struct sock_filter *)(uintptr_t)policy,
				  (int)(sizeof policy / sizeof *policy));
	errno = saved;
	return rc;
}
