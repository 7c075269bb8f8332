/* Made by strace2seccomp 0.1.0, --format=bpf-c: make it anew rather than edit it.
 *
 * Allows 12 system calls on x86_64, 1 of them with certain arguments only. Level
 * robust. Anything else: kill-process; numbers that no call had when this was made:
 * errno=ENOSYS. 25 instructions of BPF in 1 program.
 *
 * int install_randomcat_policy(void): call it once, when the program is set up and
 * before it starts threads: the thread that calls it and all that come from it get the
 * policy. It sets no_new_privs, which stays. Returns 0. On failure returns a negative
 * errno, with nothing installed but, perhaps, no_new_privs. errno stays as it was.
 *
 * Compile it as C or C++; it needs no library.
 *
 * What was decided on the way:
 * - gettimeofday is forbidden: asked for with --deny.
 * - clock_getres is forbidden: asked for with --deny.
 * - getcpu is forbidden: asked for with --deny.
 * - exit is forbidden: asked for with --deny.
 * - clock_gettime, time are allowed though no log shows them: the vDSO serves it here
 *   and may not on the next machine.
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

#include "randomcat-policy.h"

#define FLAGS 0UL

/* Allowed whatever their arguments:
 * read: seen 3029 times in at least 2 runs, first trace/randomcat.1:77; level robust
 * write: seen 1739 times in at least 2 runs, first trace/randomcat.1:85; level robust
 * close: seen 444 times in at least 2 runs, first trace/randomcat.1:82; level robust
 * poll: seen 3363 times in at least 2 runs, first trace/randomcat.1:76; level robust
 * shutdown: seen 270 times in 2 runs, first trace/randomcat.1:90; level robust
 * time: in no log, but needed: the vDSO serves it here and may not on the next machine
 * getdents64: seen 446 times in 2 runs, first trace/randomcat.1:79; level robust
 * restart_syscall: seen 1 time in 1 run, first trace/randomcat.1:19083; level robust
 * clock_gettime: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * exit_group: seen 274 times in 3 runs, first trace/randomcat.1:94; level robust
 * newfstatat: seen 221 times in 2 runs, first trace/randomcat.1:83; level robust
 */
static const struct sock_filter policy[] = {
	/* Architecture and number. What is allowed whatever its arguments is told by
	   them alone. */
	/*    0 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4), /* the architecture */
	/*    1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 22),
	/*    2 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* the number */
	/*    3 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 2, 0, 19), /* from open */
	/*    4 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 7, 18, 0), /* poll */
	/*    5 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 220, 0, 12), /* from semtimedop */
	/*    6 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 257, 0, 2), /* openat */
	/* openat: flags O_RDONLY (O_SYNC|O_NONBLOCK|O_DIRECT|O_LARGEFILE|
	   O_DIRECTORY|O_NOFOLLOW|O_NOATIME|O_CLOEXEC free); seen 445 times in at
	   least 2 runs, first trace/randomcat.1:78; level robust */
	/*    7 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*    8 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xffe027ff, 15, 14),
	/*    9 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 231, 13, 0), /* exit_group */
	/*   10 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 262, 12, 0), /* newfstatat */
	/*   11 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 337, 0, 5),
	/*   12 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 424, 0, 3), /* from pidfd_send_signal */
	/*   13 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 473, 0, 10),
	/*   14 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xffffffff, 8, 0), /* skipped by a tracer */
	/*   15 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x40000000, 8, 0), /* x32 */
	/*   16 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	/*   17 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 228, 5, 6), /* clock_gettime */
	/*   18 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 217, 4, 0), /* getdents64 */
	/*   19 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 3, 3, 0), /* close */
	/*   20 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 48, 2, 0), /* shutdown */
	/*   21 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 219, 1, 0), /* restart_syscall */
	/*   22 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 201, 0, 1), /* time */
	/*   23 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	/*   24 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
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
install_randomcat_policy(void)
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
