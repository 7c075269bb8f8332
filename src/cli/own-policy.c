/* Made by strace2seccomp 0.1.0, --format=bpf-c: make it anew rather than edit it.
 *
 * Allows 43 system calls on x86_64, 11 of them with certain arguments only. Level
 * robust. Anything else: trap; numbers that no call had when this was made:
 * errno=ENOSYS. 101 instructions of BPF in 1 program.
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
 * read: seen 1709 times in at least 261 runs, first src/cli/own.profile:3; level robust
 * write: seen 82894 times in at least 37 runs, first src/cli/own.profile:298; level
 *   robust
 * close: seen 336 times in at least 200 runs, first src/cli/own.profile:741; level
 *   robust
 * fstat: seen 1 time in 1 run, first src/cli/own-also.profile:6; asked for: asked for
 *   with --also
 * poll: seen 225 times in at least 2 runs, first src/cli/own.profile:746; level robust
 * lseek: seen 405 times in at least 259 runs, first src/cli/own.profile:748; level
 *   robust
 * munmap: seen 1353 times in at least 306 runs, first src/cli/own-also.profile:21;
 *   level robust
 * brk: seen 1629 times in at least 317 runs, first src/cli/own-also.profile:23; level
 *   robust
 * rt_sigprocmask: seen 81 times in at least 6 runs, first src/cli/own-also.profile:31;
 *   level robust
 * rt_sigreturn: in no log, but needed: the kernel's way back from a signal handler
 * pread64: seen 66 times in at least 3 runs, first src/cli/own.profile:801; level
 *   robust
 * pwrite64: seen 1 time in 1 run, first src/cli/own-also.profile:9; asked for: asked
 *   for with --also
 * readv: seen 1 time in 1 run, first src/cli/own-also.profile:8; asked for: asked for
 *   with --also
 * writev: seen 1 time in 1 run, first src/cli/own-also.profile:7; asked for: asked for
 *   with --also
 * sched_yield: seen 1 time in 1 run, first src/cli/own-also.profile:39; asked for:
 *   asked for with --also
 * getpid: seen 1 time in 1 run, first src/cli/own-also.profile:41; asked for: asked for
 *   with --also
 * exit: seen 16 times in at least 6 runs, first src/cli/own-also.profile:43; level
 *   robust
 * fsync: seen 46 times in at least 40 runs, first src/cli/own.profile:853; level robust
 * gettimeofday: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * sysinfo: seen 22 times in at least 21 runs, first src/cli/own-also.profile:42; level
 *   robust
 * gettid: seen 1 time in 1 run, first src/cli/own-also.profile:40; asked for: asked for
 *   with --also
 * time: in no log, but needed: the vDSO serves it here and may not on the next machine
 * sched_getaffinity: seen 301 times in 297 runs, first src/cli/own.profile:861; level
 *   robust
 * restart_syscall: in no log, but needed: the kernel resumes a stopped wait through it
 * clock_gettime: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * clock_getres: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * exit_group: seen 326 times in at least 260 runs, first src/cli/own.profile:862; level
 *   robust
 * set_robust_list: seen 16 times in at least 6 runs, first src/cli/own-also.profile:29;
 *   level robust
 * eventfd2: seen 6 times in 6 runs, first src/cli/own.profile:873; level robust
 * getcpu: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * getrandom: seen 103228 times in at least 308 runs, first src/cli/own-also.profile:38;
 *   level robust
 * clone3: seen 15 times in 6 runs, first src/cli/own.profile:886; level robust
 */
static const struct sock_filter policy[] = {
	/* Architecture and number. What is allowed whatever its arguments is told by
	   them alone. */
	/*    0 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4), /* the architecture */
	/*    1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 98),
	/*    2 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* the number */
	/*    3 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 318, 95, 0), /* getrandom */
	/*    4 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 2, 0, 94), /* from open */
	/*    5 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 21, 0, 69), /* from access */
	/*    6 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 202, 0, 4), /* futex */
	/* futex: futex_op in {FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET} (0x180
	   free); seen 4628 times in at least 6 runs, first
	   src/cli/own-also.profile:34; level robust */
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
	/*    7 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24), /* argument 2 */
	/*    8 */ BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfffffe7f),
	/*    9 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xe, 90, 0),
	/*   10 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 89, 88),
	/*   11 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 228, 0, 35), /* from clock_gettime */
	/*   12 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 262, 0, 2), /* newfstatat */
	/* newfstatat: flags AT_EMPTY_PATH; seen 698 times in at least 265 runs,
	   first src/cli/own.profile:867; level robust */
	/*   13 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 40), /* argument 4 */
	/*   14 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1000, 84, 85),
	/*   15 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 317, 0, 13), /* seccomp */
	/* seccomp: operation SECCOMP_SET_MODE_STRICT..SECCOMP_SET_MODE_FILTER, flags
	   SECCOMP_FILTER_FLAG_TSYNC; seen 102 times in at least 51 runs, first
	   src/cli/own.profile:874; level robust */
	/* seccomp: operation SECCOMP_SET_MODE_FILTER, flags in
	   {SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
	   SECCOMP_FILTER_FLAG_NEW_LISTENER, SECCOMP_FILTER_FLAG_TSYNC_ESRCH}; seen
	   204 times in at least 51 runs, first src/cli/own.profile:876; level robust */
	/* seccomp: operation SECCOMP_SET_MODE_FILTER, flags
	   SECCOMP_FILTER_FLAG_NEW_LISTENER|SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	   seen 1 time in 1 run, first src/cli/own-also.profile:44; asked for: asked
	   for with --also */
	/* seccomp: operation SECCOMP_GET_ACTION_AVAIL..SECCOMP_GET_NOTIF_SIZES; seen
	   153 times in at least 51 runs, first src/cli/own.profile:880; level robust
	   adds it: tells a property of the kernel */
	/*   16 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16), /* argument 1 */
	/*   17 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 7),
	/*   18 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24), /* argument 2 */
	/*   19 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x3, 0, 4),
	/*   20 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x4, 78, 0),
	/*   21 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x8, 77, 0),
	/*   22 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x10, 76, 0),
	/*   23 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x28, 75, 76),
	/*   24 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 75, 74),
	/*   25 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2, 0, 1),
	/*   26 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x4, 73, 72),
	/*   27 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24), /* argument 2 */
	/*   28 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 70, 71),
	/*   29 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 232, 0, 16), /* from epoll_wait */
	/*   30 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 337, 0, 6),
	/*   31 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 435, 67, 0), /* clone3 */
	/*   32 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 424, 0, 3), /* from pidfd_send_signal */
	/*   33 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 473, 0, 66),
	/*   34 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xffffffff, 64, 0), /* skipped by a tracer */
	/*   35 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x40000000, 64, 0), /* x32 */
	/*   36 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	/*   37 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 319, 0, 2), /* memfd_create */
	/* memfd_create: flags 0 (MFD_CLOEXEC|MFD_ALLOW_SEALING free); seen 73 times
	   in 58 runs, first src/cli/own.profile:884; level robust */
	/*   38 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24), /* argument 2 */
	/*   39 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xfffffffc, 60, 59),
	/*   40 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 334, 0, 2), /* rseq */
	/* rseq: sig 0x53053053; seen 16 times in at least 6 runs, first
	   src/cli/own-also.profile:30; level robust */
	/*   41 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 40), /* argument 4 */
	/*   42 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x53053053, 56, 57),
	/*   43 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 273, 55, 0), /* set_robust_list */
	/*   44 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 290, 54, 0), /* eventfd2 */
	/*   45 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 309, 53, 54), /* getcpu */
	/*   46 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 230, 53, 52), /* clock_nanosleep */
	/*   47 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 28, 0, 8), /* madvise */
	/* madvise: advice in {MADV_NORMAL..MADV_WILLNEED, MADV_COLD..MADV_PAGEOUT};
	   level robust adds it: hints */
	/* madvise: advice MADV_DONTNEED; seen 16 times in at least 6 runs, first
	   src/cli/own-also.profile:24; level robust */
	/* madvise: advice in {MADV_FREE, MADV_DONTNEED_LOCKED}; seen 1 time in 1
	   run, first src/cli/own-also.profile:25; level robust adds it: gives own
	   pages back */
	/* madvise: advice in {MADV_DONTFORK..MADV_DOFORK,
	   MADV_WIPEONFORK..MADV_KEEPONFORK}; level robust adds it: what a child gets
	   of own memory */
	/* madvise: advice in {MADV_HUGEPAGE..MADV_NOHUGEPAGE, MADV_COLLAPSE}; seen 1
	   time in 1 run, first src/cli/own-also.profile:26; level robust adds it:
	   how large its pages are */
	/* madvise: advice MADV_DONTDUMP..MADV_DODUMP; level robust adds it: what a
	   core file shows */
	/* madvise: advice MADV_POPULATE_READ..MADV_POPULATE_WRITE; level robust adds
	   it: reads ahead */
	/* madvise: advice MADV_GUARD_INSTALL; seen 1 time in 1 run, first
	   src/cli/own-also.profile:27; level robust adds it: takes own pages away */
	/* madvise: advice MADV_GUARD_REMOVE; seen 1 time in 1 run, first
	   src/cli/own-also.profile:28; asked for: asked for with --also */
	/*   48 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*   49 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xe, 0, 3),
	/*   50 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1a, 0, 48),
	/*   51 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x66, 0, 48),
	/*   52 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x68, 47, 46),
	/*   53 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x5, 0, 45),
	/*   54 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x4, 45, 0),
	/*   55 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x9, 44, 43),
	/*   56 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 204, 42, 0), /* sched_getaffinity */
	/*   57 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 25, 0, 4), /* mremap */
	/* mremap: flags 0 (MREMAP_MAYMOVE free); seen 29 times in at least 8 runs,
	   first src/cli/own-also.profile:22; level robust */
	/*   58 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 40), /* argument 4 */
	/*   59 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xfffffffe, 40, 0),
	/*   60 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 44), /* argument 4, high half */
	/*   61 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 37, 38),
	/*   62 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 74, 36, 0), /* fsync */
	/*   63 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 56, 0, 3), /* clone */
	/* clone: flags CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD
	   (CLONE_VFORK|CLONE_SYSVSEM|CLONE_SETTLS|CLONE_PARENT_SETTID|
	   CLONE_CHILD_CLEARTID|CLONE_DETACHED|CLONE_CHILD_SETTID free); seen 15
	   times in 6 runs, first src/cli/own.profile:851; level robust */
	/*   64 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16), /* argument 1 */
	/*   65 */ BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfe83bfff),
	/*   66 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x10f00, 32, 33),
	/*   67 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 99, 31, 0), /* sysinfo */
	/*   68 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 60, 30, 0), /* exit */
	/*   69 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 24, 29, 0), /* sched_yield */
	/*   70 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 39, 28, 0), /* getpid */
	/*   71 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 96, 27, 0), /* gettimeofday */
	/*   72 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 186, 26, 0), /* gettid */
	/*   73 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 201, 25, 0), /* time */
	/*   74 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 219, 24, 25), /* restart_syscall */
	/*   75 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 9, 0, 11), /* mmap */
	/* mmap: prot in {PROT_NONE, PROT_READ|PROT_WRITE}, flags
	   MAP_PRIVATE|MAP_ANONYMOUS (MAP_DENYWRITE|MAP_EXECUTABLE|MAP_NORESERVE|
	   MAP_POPULATE|MAP_NONBLOCK|MAP_STACK|MAP_FIXED_NOREPLACE free); seen 1369
	   times in at least 303 runs, first src/cli/own-also.profile:10; level
	   robust */
	/* mmap: prot in {PROT_NONE, PROT_READ|PROT_WRITE}, flags in
	   {MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB,
	   MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB|MAP_UNINITIALIZED|0x50000000,
	   MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB|0x78000000}
	   (MAP_DENYWRITE|MAP_EXECUTABLE|MAP_NORESERVE|MAP_POPULATE|MAP_NONBLOCK|
	   MAP_STACK|MAP_FIXED_NOREPLACE free); seen 6 times in at least 1 run, first
	   src/cli/own-also.profile:13; asked for: asked for with --also */
	/* mmap: prot PROT_READ|PROT_WRITE, flags MAP_DROPPABLE|MAP_ANONYMOUS
	   (MAP_DENYWRITE|MAP_EXECUTABLE|MAP_NORESERVE|MAP_POPULATE|MAP_NONBLOCK|
	   MAP_STACK|MAP_FIXED_NOREPLACE free); seen 1 time in 1 run, first
	   src/cli/own-also.profile:12; asked for: asked for with --also */
	/*   76 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 40), /* argument 4 */
	/*   77 */ BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xffec27ff),
	/*   78 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x22, 4, 0),
	/*   79 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x28, 5, 0),
	/*   80 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x40022, 2, 0),
	/*   81 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x54040022, 1, 0),
	/*   82 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x78040022, 0, 17),
	/*   83 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*   84 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 14, 1),
	/*   85 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*   86 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 12, 13),
	/*   87 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 0, 3),
	/*   88 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 13, 0, 10), /* rt_sigaction */
	/* rt_sigaction: signum SIGRT_1; seen 6 times in 6 runs, first
	   src/cli/own.profile:795; level robust */
	/*   89 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16), /* argument 1 */
	/*   90 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x21, 8, 9),
	/*   91 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 8, 0, 6),
	/*   92 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 10, 0, 6), /* mprotect */
	/* mprotect: prot 0x0..0x1; seen 1 time in 1 run, first
	   src/cli/own-also.profile:20; level robust adds it: takes permissions of
	   own memory away */
	/* mprotect: prot PROT_READ|PROT_WRITE; seen 16 times in at least 6 runs,
	   first src/cli/own-also.profile:19; level robust */
	/*   93 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*   94 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 1, 0),
	/*   95 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2, 4, 0),
	/*   96 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 36), /* argument 3, high half */
	/*   97 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 1, 2),
	/*   98 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 18, 0, 1), /* from pwrite64 */
	/*   99 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	/*  100 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
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
