/* Made by strace2seccomp 0.1.0, --format=bpf-c: make it anew rather than edit it.
 *
 * Allows 11 system calls on x86_64, 0 of them with certain arguments only. Level
 * robust. Anything else: kill-process; numbers that no call had when this was made:
 * errno=ENOSYS. 21 instructions of BPF in 1 program.
 *
 * int install_serve_policy(void): call it once, when the program is set up and before
 * it starts threads: the thread that calls it and all that come from it get the policy.
 * It sets no_new_privs, which stays. Returns 0. On failure returns a negative errno,
 * with nothing installed but, perhaps, no_new_privs. errno stays as it was.
 *
 * Compile it as C or C++; it needs no library.
 *
 * What was decided on the way:
 * - exit is allowed though no log shows it: a thread must be able to end.
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

#include "serve-policy.h"

#define FLAGS 0UL

/* Allowed whatever their arguments:
 * read: seen 1024 times in 5 runs, first trace/serve.1.log:132; level robust
 * write: seen 813 times in at least 5 runs, first trace/serve.1.log:134; level robust
 * poll: seen 1846 times in at least 4 runs, first trace/serve.1.log:131; level robust
 * exit: in no log, but needed: a thread must be able to end
 * gettimeofday: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * time: in no log, but needed: the vDSO serves it here and may not on the next machine
 * restart_syscall: seen 1 time in 1 run, first trace/serve.1.log:29389; level robust
 * clock_gettime: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * clock_getres: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * exit_group: seen 218 times in 5 runs, first trace/serve.1.log:137; level robust
 * getcpu: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 */
static const struct sock_filter policy[] = {
	/* Architecture and number. What is allowed whatever its arguments is told by
	   them alone. */
	/*    0 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4), /* the architecture */
	/*    1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 18),
	/*    2 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* the number */
	/*    3 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 7, 15, 0), /* poll */
	/*    4 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 2, 0, 14), /* from open */
	/*    5 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 231, 13, 0), /* exit_group */
	/*    6 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 228, 0, 8), /* from clock_gettime */
	/*    7 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 230, 0, 11), /* from clock_nanosleep */
	/*    8 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 337, 0, 5),
	/*    9 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 424, 0, 3), /* from pidfd_send_signal */
	/*   10 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 473, 0, 9),
	/*   11 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xffffffff, 7, 0), /* skipped by a tracer */
	/*   12 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x40000000, 7, 0), /* x32 */
	/*   13 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	/*   14 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 309, 4, 5), /* getcpu */
	/*   15 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 219, 3, 0), /* restart_syscall */
	/*   16 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 60, 2, 0), /* exit */
	/*   17 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 96, 1, 0), /* gettimeofday */
	/*   18 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 201, 0, 1), /* time */
	/*   19 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	/*   20 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
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
install_serve_policy(void)
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
