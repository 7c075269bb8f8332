/* Made by strace2seccomp 0.1.0, --format=bpf-c: make it anew rather than edit it.
 *
 * Allows 43 system calls on x86_64, 11 of them with certain arguments only. Level
 * robust. Anything else: trap; numbers that no call had when this was made:
 * errno=ENOSYS. 97 instructions of BPF in 1 program.
 *
 * int install_own_policy(void): call it once, when the program is set up and before it
 * starts threads: the thread that calls it and all that come from it get the policy. It
 * sets no_new_privs, which stays. Returns 0. On failure returns a negative errno, with
 * nothing installed but, perhaps, no_new_privs. errno stays as it was.
 *
 * Compile it as C or C++; it needs no library.
 *
 * What was decided on the way:
 * - What was asked for with --also is allowed.
 * - rt_sigreturn is allowed though no log shows it: the kernel's way back from a signal
 *   handler.
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

#include "own-policy.h"

#define FLAGS 0UL

/* Allowed whatever their arguments:
 * read: seen 1669 times in at least 252 runs, first src/cli/own.profile:3; level robust
 * write: seen 70839 times in at least 37 runs, first src/cli/own.profile:294; level
 *   robust
 * close: seen 310 times in at least 191 runs, first src/cli/own.profile:702; level
 *   robust
 * fstat: seen 1 time in 1 run, first src/cli/own-also.profile:5; asked for: asked for
 *   with --also
 * poll: seen 225 times in at least 2 runs, first src/cli/own.profile:707; level robust
 * lseek: seen 380 times in at least 250 runs, first src/cli/own.profile:709; level
 *   robust
 * munmap: seen 1271 times in at least 293 runs, first src/cli/own-also.profile:14;
 *   level robust
 * brk: seen 1500 times in at least 304 runs, first src/cli/own-also.profile:16; level
 *   robust
 * rt_sigprocmask: seen 81 times in at least 6 runs, first src/cli/own-also.profile:24;
 *   level robust
 * rt_sigreturn: in no log, but needed: the kernel's way back from a signal handler
 * pread64: seen 54 times in at least 3 runs, first src/cli/own.profile:778; level
 *   robust
 * pwrite64: seen 1 time in 1 run, first src/cli/own-also.profile:8; asked for: asked
 *   for with --also
 * readv: seen 1 time in 1 run, first src/cli/own-also.profile:7; asked for: asked for
 *   with --also
 * writev: seen 1 time in 1 run, first src/cli/own-also.profile:6; asked for: asked for
 *   with --also
 * sched_yield: seen 1 time in 1 run, first src/cli/own-also.profile:32; asked for:
 *   asked for with --also
 * getpid: seen 1 time in 1 run, first src/cli/own-also.profile:34; asked for: asked for
 *   with --also
 * exit: seen 16 times in at least 6 runs, first src/cli/own-also.profile:36; level
 *   robust
 * fsync: seen 41 times in at least 36 runs, first src/cli/own.profile:822; level robust
 * gettimeofday: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * sysinfo: seen 20 times in at least 19 runs, first src/cli/own-also.profile:35; level
 *   robust
 * gettid: seen 1 time in 1 run, first src/cli/own-also.profile:33; asked for: asked for
 *   with --also
 * time: in no log, but needed: the vDSO serves it here and may not on the next machine
 * sched_getaffinity: seen 288 times in 284 runs, first src/cli/own.profile:830; level
 *   robust
 * restart_syscall: in no log, but needed: the kernel resumes a stopped wait through it
 * clock_gettime: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * clock_getres: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * exit_group: seen 313 times in at least 248 runs, first src/cli/own.profile:831; level
 *   robust
 * set_robust_list: seen 16 times in at least 6 runs, first src/cli/own-also.profile:22;
 *   level robust
 * eventfd2: seen 6 times in 6 runs, first src/cli/own.profile:842; level robust
 * getcpu: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * getrandom: seen 95733 times in at least 295 runs, first src/cli/own-also.profile:31;
 *   level robust
 * clone3: seen 15 times in 6 runs, first src/cli/own.profile:855; level robust
 */
static const struct sock_filter policy[] = {
	/* Architecture and number. What is allowed whatever its arguments is told by
	   them alone. */
	/*    0 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4), /* the architecture */
	/*    1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 94),
	/*    2 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* the number */
	/*    3 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 318, 91, 0), /* getrandom */
	/*    4 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 2, 0, 90), /* from open */
	/*    5 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 202, 0, 4), /* futex */
	/* futex: futex_op in {FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET} (0x180
	   free); seen 4928 times in at least 6 runs, first
	   src/cli/own-also.profile:27; level robust */
	/* futex: futex_op in {FUTEX_REQUEUE, FUTEX_CMP_REQUEUE,
	   FUTEX_CMP_REQUEUE_PI} (0x180 free); level robust adds it: lets waiters
	   wait elsewhere */
	/* futex: futex_op FUTEX_WAKE_OP (0x180 free); level robust adds it: changes
	   own memory and wakes */
	/* futex: futex_op in {FUTEX_LOCK_PI, FUTEX_LOCK_PI2} (0x180 free); level
	   robust adds it: waits; the first contended lock asks for it */
	/* futex: futex_op FUTEX_UNLOCK_PI (0x180 free); level robust adds it: wakes */
	/* futex: futex_op FUTEX_TRYLOCK_PI (0x180 free); level robust adds it: takes
	   a lock in own memory */
	/* futex: futex_op FUTEX_WAKE_BITSET (0x180 free); level robust adds it:
	   wakes who waits in shared memory */
	/* futex: futex_op FUTEX_WAIT_REQUEUE_PI (0x180 free); level robust adds it:
	   waits in own memory */
	/*    6 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24), /* argument 2 */
	/*    7 */ BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfffffe7f),
	/*    8 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xe, 87, 0),
	/*    9 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 86, 85),
	/*   10 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 21, 0, 63), /* from access */
	/*   11 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 228, 0, 34), /* from clock_gettime */
	/*   12 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 262, 0, 2), /* newfstatat */
	/* newfstatat: flags AT_EMPTY_PATH; seen 672 times in at least 256 runs,
	   first src/cli/own.profile:836; level robust */
	/*   13 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 40), /* argument 4 */
	/*   14 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1000, 80, 81),
	/*   15 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 317, 0, 12), /* seccomp */
	/* seccomp: operation SECCOMP_SET_MODE_STRICT..SECCOMP_SET_MODE_FILTER, flags
	   SECCOMP_FILTER_FLAG_TSYNC; seen 80 times in at least 40 runs, first
	   src/cli/own.profile:843; level robust */
	/* seccomp: operation SECCOMP_SET_MODE_FILTER, flags in
	   {SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
	   SECCOMP_FILTER_FLAG_NEW_LISTENER, SECCOMP_FILTER_FLAG_TSYNC_ESRCH}; seen
	   160 times in at least 40 runs, first src/cli/own.profile:845; level robust */
	/* seccomp: operation SECCOMP_GET_ACTION_AVAIL..SECCOMP_GET_NOTIF_SIZES; seen
	   120 times in at least 40 runs, first src/cli/own.profile:849; level robust
	   adds it: tells a property of the kernel */
	/*   16 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16), /* argument 1 */
	/*   17 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 6),
	/*   18 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24), /* argument 2 */
	/*   19 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x3, 0, 3),
	/*   20 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x4, 74, 0),
	/*   21 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x8, 73, 0),
	/*   22 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x10, 72, 73),
	/*   23 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 72, 71),
	/*   24 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2, 0, 1),
	/*   25 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x4, 70, 69),
	/*   26 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24), /* argument 2 */
	/*   27 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 67, 68),
	/*   28 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 232, 0, 16), /* from epoll_wait */
	/*   29 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 337, 0, 6),
	/*   30 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 435, 64, 0), /* clone3 */
	/*   31 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 424, 0, 3), /* from pidfd_send_signal */
	/*   32 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 473, 0, 63),
	/*   33 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xffffffff, 61, 0), /* skipped by a tracer */
	/*   34 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x40000000, 61, 0), /* x32 */
	/*   35 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	/*   36 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 319, 0, 2), /* memfd_create */
	/* memfd_create: flags 0 (MFD_CLOEXEC|MFD_ALLOW_SEALING free); seen 61 times
	   in 47 runs, first src/cli/own.profile:853; level robust */
	/*   37 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24), /* argument 2 */
	/*   38 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xfffffffc, 57, 56),
	/*   39 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 334, 0, 2), /* rseq */
	/* rseq: sig 0x53053053; seen 16 times in at least 6 runs, first
	   src/cli/own-also.profile:23; level robust */
	/*   40 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 40), /* argument 4 */
	/*   41 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x53053053, 53, 54),
	/*   42 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 273, 52, 0), /* set_robust_list */
	/*   43 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 290, 51, 0), /* eventfd2 */
	/*   44 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 309, 50, 51), /* getcpu */
	/*   45 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 230, 50, 49), /* clock_nanosleep */
	/*   46 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 28, 0, 8), /* madvise */
	/* madvise: advice in {MADV_NORMAL..MADV_WILLNEED, MADV_COLD..MADV_PAGEOUT};
	   level robust adds it: hints */
	/* madvise: advice MADV_DONTNEED; seen 16 times in at least 6 runs, first
	   src/cli/own-also.profile:17; level robust */
	/* madvise: advice in {MADV_FREE, MADV_DONTNEED_LOCKED}; seen 1 time in 1
	   run, first src/cli/own-also.profile:18; level robust adds it: gives own
	   pages back */
	/* madvise: advice in {MADV_DONTFORK..MADV_DOFORK,
	   MADV_WIPEONFORK..MADV_KEEPONFORK}; level robust adds it: what a child gets
	   of own memory */
	/* madvise: advice in {MADV_HUGEPAGE..MADV_NOHUGEPAGE, MADV_COLLAPSE}; seen 1
	   time in 1 run, first src/cli/own-also.profile:19; level robust adds it:
	   how large its pages are */
	/* madvise: advice MADV_DONTDUMP..MADV_DODUMP; level robust adds it: what a
	   core file shows */
	/* madvise: advice MADV_POPULATE_READ..MADV_POPULATE_WRITE; level robust adds
	   it: reads ahead */
	/* madvise: advice MADV_GUARD_INSTALL; seen 1 time in 1 run, first
	   src/cli/own-also.profile:20; level robust adds it: takes own pages away */
	/* madvise: advice MADV_GUARD_REMOVE; seen 1 time in 1 run, first
	   src/cli/own-also.profile:21; asked for: asked for with --also */
	/*   47 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*   48 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xe, 0, 3),
	/*   49 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1a, 0, 45),
	/*   50 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x66, 0, 45),
	/*   51 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x68, 44, 43),
	/*   52 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x5, 0, 42),
	/*   53 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x4, 42, 0),
	/*   54 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9, 41, 40),
	/*   55 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 204, 39, 0), /* sched_getaffinity */
	/*   56 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 74, 38, 0), /* fsync */
	/*   57 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 25, 0, 4), /* mremap */
	/* mremap: flags 0 (MREMAP_MAYMOVE free); seen 19 times in at least 4 runs,
	   first src/cli/own-also.profile:15; level robust */
	/*   58 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 40), /* argument 4 */
	/*   59 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xfffffffe, 36, 0),
	/*   60 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 44), /* argument 4, high half */
	/*   61 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 33, 34),
	/*   62 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 56, 0, 3), /* clone */
	/* clone: flags CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD
	   (CLONE_VFORK|CLONE_SYSVSEM|CLONE_SETTLS|CLONE_PARENT_SETTID|
	   CLONE_CHILD_CLEARTID|CLONE_DETACHED|CLONE_CHILD_SETTID free); seen 15
	   times in 6 runs, first src/cli/own.profile:820; level robust */
	/*   63 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16), /* argument 1 */
	/*   64 */ BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfe83bfff),
	/*   65 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x10f00, 29, 30),
	/*   66 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 99, 28, 0), /* sysinfo */
	/*   67 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 60, 27, 0), /* exit */
	/*   68 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 24, 26, 0), /* sched_yield */
	/*   69 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 39, 25, 0), /* getpid */
	/*   70 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 96, 24, 0), /* gettimeofday */
	/*   71 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 186, 23, 0), /* gettid */
	/*   72 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 201, 22, 0), /* time */
	/*   73 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 219, 21, 22), /* restart_syscall */
	/*   74 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 9, 0, 8), /* mmap */
	/* mmap: prot in {PROT_NONE, PROT_READ|PROT_WRITE}, flags
	   MAP_PRIVATE|MAP_ANONYMOUS (MAP_DENYWRITE|MAP_EXECUTABLE|MAP_NORESERVE|
	   MAP_POPULATE|MAP_NONBLOCK|MAP_STACK|MAP_FIXED_NOREPLACE free); seen 1282
	   times in at least 291 runs, first src/cli/own-also.profile:9; level robust */
	/* mmap: prot PROT_READ|PROT_WRITE, flags MAP_DROPPABLE|MAP_ANONYMOUS
	   (MAP_DENYWRITE|MAP_EXECUTABLE|MAP_NORESERVE|MAP_POPULATE|MAP_NONBLOCK|
	   MAP_STACK|MAP_FIXED_NOREPLACE free); seen 1 time in 1 run, first
	   src/cli/own-also.profile:11; asked for: asked for with --also */
	/*   75 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 40), /* argument 4 */
	/*   76 */ BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xffec27ff),
	/*   77 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x22, 0, 2),
	/*   78 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*   79 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 15, 2),
	/*   80 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x28, 0, 15),
	/*   81 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*   82 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 12, 13),
	/*   83 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 0, 3),
	/*   84 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 13, 0, 10), /* rt_sigaction */
	/* rt_sigaction: signum SIGRT_1; seen 6 times in 6 runs, first
	   src/cli/own.profile:772; level robust */
	/*   85 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16), /* argument 1 */
	/*   86 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x21, 8, 9),
	/*   87 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 8, 0, 6),
	/*   88 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 10, 0, 6), /* mprotect */
	/* mprotect: prot 0x0..0x1; seen 1 time in 1 run, first
	   src/cli/own-also.profile:13; level robust adds it: takes permissions of
	   own memory away */
	/* mprotect: prot PROT_READ|PROT_WRITE; seen 30 times in at least 6 runs,
	   first src/cli/own-also.profile:12; level robust */
	/*   89 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*   90 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 1, 0),
	/*   91 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2, 4, 0),
	/*   92 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 36), /* argument 3, high half */
	/*   93 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 1, 2),
	/*   94 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 18, 0, 1), /* from pwrite64 */
	/*   95 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	/*   96 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
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
install_own_policy(void)
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
