/* Made by strace2seccomp 0.1.0, --format=bpf-c: make it anew rather than edit it.
 *
 * Allows 45 system calls on x86_64, 9 of them with certain arguments only. Level
 * robust. Anything else: kill-process; numbers that no call had when this was made:
 * errno=ENOSYS. 120 instructions of BPF in 1 program.
 *
 * int install_server_policy(void): call it once, when the program is set up and before
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

#include "server-policy.h"

#define FLAGS 0UL

/* Allowed whatever their arguments:
 * read: seen 1244 times in at least 5 runs, first trace/server.1.log:101; level robust
 * write: seen 816 times in at least 5 runs, first trace/server.1.log:137; level robust
 * close: seen 1103 times in at least 5 runs, first trace/server.1.log:78; level robust
 * poll: seen 1849 times in at least 4 runs, first trace/server.1.log:134; level robust
 * munmap: seen 219 times in 5 runs, first trace/server.1.log:120; level robust
 * brk: seen 219 times in 5 runs, first trace/server.1.log:93; level robust
 * rt_sigaction: seen 1095 times in at least 5 runs, first trace/server.1.log:83; level
 *   robust
 * rt_sigprocmask: seen 219 times in 5 runs, first trace/server.1.log:87; level robust
 * rt_sigreturn: seen 35 times in 4 runs, first trace/server.1.log:144; level robust
 * pread64: seen 438 times in 5 runs, first trace/server.1.log:102; level robust
 * access: seen 219 times in 5 runs, first trace/server.1.log:95; level robust
 * dup2: seen 438 times in at least 5 runs, first trace/server.1.log:90; level robust
 * execve: seen 219 times in 5 runs, first trace/server.1.log:92; level robust
 * exit: in no log, but needed: a thread must be able to end
 * wait4: seen 486 times in 5 runs, first trace/server.1.log:75; level robust
 * chdir: seen 219 times in 5 runs, first trace/server.1.log:123; level robust
 * gettimeofday: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * setuid: seen 438 times in at least 5 runs, first trace/server.1.log:126; level robust
 * setgid: seen 219 times in 5 runs, first trace/server.1.log:125; level robust
 * getgroups: seen 219 times in 5 runs, first trace/server.1.log:129; level robust
 * setgroups: seen 219 times in 5 runs, first trace/server.1.log:124; level robust
 * getresuid: seen 219 times in 5 runs, first trace/server.1.log:127; level robust
 * getresgid: seen 219 times in 5 runs, first trace/server.1.log:128; level robust
 * chroot: seen 219 times in 5 runs, first trace/server.1.log:122; level robust
 * time: in no log, but needed: the vDSO serves it here and may not on the next machine
 * set_tid_address: seen 219 times in 5 runs, first trace/server.1.log:113; level robust
 * restart_syscall: seen 1 time in 1 run, first trace/server.1.log:29753; level robust
 * clock_gettime: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * clock_getres: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * exit_group: seen 222 times in 5 runs, first trace/server.1.log:140; level robust
 * newfstatat: seen 438 times in 5 runs, first trace/server.1.log:97; level robust
 * ppoll: seen 266 times in at least 5 runs, first trace/server.1.log:74; level robust
 * set_robust_list: seen 438 times in 5 runs, first trace/server.1.log:79; level robust
 * accept4: seen 224 times in 5 runs, first trace/server.1.log:76; level robust
 * getcpu: in no log, but needed: the vDSO serves it here and may not on the next
 *   machine
 * close_range: seen 219 times in 5 runs, first trace/server.1.log:121; level robust
 */
static const struct sock_filter policy[] = {
	/* Architecture and number. What is allowed whatever its arguments is told by
	   them alone. */
	/*    0 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4), /* the architecture */
	/*    1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 117),
	/*    2 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* the number */
	/*    3 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 18, 0, 91), /* from pwrite64 */
	/*    4 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 121, 0, 75), /* from getpgid */
	/*    5 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 271, 0, 27), /* from ppoll */
	/*    6 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 289, 0, 24), /* from signalfd4 */
	/*    7 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 302, 0, 6), /* prlimit64 */
	/* prlimit64: new_limit NULL; level robust adds it: tells a limit, without a
	   new one */
	/* prlimit64: resource RLIMIT_STACK; seen 219 times in 5 runs, first
	   trace/server.1.log:119; level robust */
	/*    8 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*    9 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 0, 2),
	/*   10 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 36), /* argument 3, high half */
	/*   11 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 106, 0),
	/*   12 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24), /* argument 2 */
	/*   13 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 104, 105),
	/*   14 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 317, 0, 5), /* seccomp */
	/* seccomp: operation SECCOMP_SET_MODE_FILTER, flags 0; seen 219 times in 5
	   runs, first trace/server.1.log:133; level robust */
	/* seccomp: operation SECCOMP_GET_ACTION_AVAIL..SECCOMP_GET_NOTIF_SIZES;
	   level robust adds it: tells a property of the kernel */
	/*   15 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16), /* argument 1 */
	/*   16 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 0, 2),
	/*   17 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24), /* argument 2 */
	/*   18 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 99, 100),
	/*   19 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x4, 99, 44),
	/*   20 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 334, 0, 2), /* rseq */
	/* rseq: sig 0x53053053; seen 219 times in 5 runs, first
	   trace/server.1.log:115; level robust */
	/*   21 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 40), /* argument 4 */
	/*   22 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x53053053, 95, 96),
	/*   23 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 436, 94, 0), /* close_range */
	/*   24 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 337, 0, 5),
	/*   25 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 424, 0, 3), /* from pidfd_send_signal */
	/*   26 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 473, 0, 92),
	/*   27 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xffffffff, 90, 0), /* skipped by a tracer */
	/*   28 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x40000000, 90, 0), /* x32 */
	/*   29 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	/*   30 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 309, 87, 88), /* getcpu */
	/*   31 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 16, 0, 86),
	/*   32 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 273, 85, 86), /* set_robust_list */
	/*   33 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 220, 0, 7), /* from semtimedop */
	/*   34 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 257, 0, 2), /* openat */
	/* openat: flags O_RDONLY (O_SYNC|O_NONBLOCK|O_DIRECT|O_LARGEFILE|
	   O_DIRECTORY|O_NOFOLLOW|O_NOATIME|O_CLOEXEC free); seen 438 times in 5
	   runs, first trace/server.1.log:96; level robust */
	/*   35 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*   36 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xffe027ff, 82, 81),
	/*   37 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 262, 80, 0), /* newfstatat */
	/*   38 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 231, 79, 0), /* exit_group */
	/*   39 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 230, 79, 0), /* from clock_nanosleep */
	/*   40 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 228, 77, 78), /* from clock_gettime */
	/*   41 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 157, 0, 23), /* prctl */
	/* prctl: op PR_SET_PDEATHSIG; level robust adds it: a signal to itself */
	/* prctl: op in {PR_GET_PDEATHSIG..PR_GET_DUMPABLE, PR_GET_KEEPCAPS,
	   PR_GET_TIMING, PR_GET_NAME, PR_GET_SECCOMP, PR_CAPBSET_READ, PR_GET_TSC,
	   PR_GET_SECUREBITS, PR_GET_TIMERSLACK, PR_MCE_KILL_GET,
	   PR_GET_CHILD_SUBREAPER, PR_GET_NO_NEW_PRIVS..PR_GET_TID_ADDRESS, and 7
	   more}; level robust adds it: tells a property of itself */
	/* prctl: op PR_SET_NAME; level robust adds it: its own name */
	/* prctl: op PR_SET_TIMERSLACK; level robust adds it: how exactly it is woken */
	/* prctl: op PR_SET_NO_NEW_PRIVS; seen 219 times in 5 runs, first
	   trace/server.1.log:132; level robust adds it: restricts itself */
	/* prctl: op PR_SET_THP_DISABLE; level robust adds it: how large its pages
	   are */
	/* prctl: op PR_SET_VMA; level robust adds it: names for own memory */
	/*   42 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16), /* argument 1 */
	/*   43 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x25, 0, 8),
	/*   44 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2b, 0, 73),
	/*   45 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x53564d41, 72, 0),
	/*   46 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x34, 71, 0),
	/*   47 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x38, 70, 0),
	/*   48 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3a, 69, 0),
	/*   49 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x42, 68, 0),
	/*   50 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x44, 67, 0),
	/*   51 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x41555856, 66, 67),
	/*   52 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x11, 0, 7),
	/*   53 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1d, 0, 2),
	/*   54 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1f, 0, 63),
	/*   55 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x22, 62, 63),
	/*   56 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x15, 61, 0),
	/*   57 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x17, 60, 0),
	/*   58 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x19, 59, 0),
	/*   59 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1b, 58, 59),
	/*   60 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x4, 0, 3),
	/*   61 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xf, 56, 0),
	/*   62 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x7, 55, 0),
	/*   63 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xd, 54, 55),
	/* prctl, seccomp, as above */
	/*   64 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 54, 53),
	/*   65 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 158, 0, 11), /* arch_prctl */
	/* arch_prctl: op ARCH_SET_FS; seen 219 times in 5 runs, first
	   trace/server.1.log:112; level robust */
	/* arch_prctl: op ARCH_GET_FS..ARCH_GET_GS; level robust adds it: tells its
	   own register */
	/* arch_prctl: op in {ARCH_GET_CPUID,
	   ARCH_GET_XCOMP_SUPP..ARCH_GET_XCOMP_PERM, ARCH_GET_XCOMP_GUEST_PERM,
	   ARCH_GET_UNTAG_MASK, ARCH_GET_MAX_TAG_BITS, ARCH_SHSTK_STATUS}; level
	   robust adds it: tells a property of itself */
	/* arch_prctl: op 0x3001; level robust adds it: what glibc asks for on
	   kernels without shadow stacks: refused */
	/*   66 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16), /* argument 1 */
	/*   67 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1005, 0, 8),
	/*   68 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1025, 0, 4),
	/*   69 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3001, 48, 0),
	/*   70 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x4001, 47, 0),
	/*   71 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x4003, 46, 0),
	/*   72 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5005, 45, 46),
	/*   73 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1021, 0, 1),
	/*   74 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1023, 44, 43),
	/*   75 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1011, 42, 43),
	/*   76 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x1002, 41, 42),
	/*   77 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 218, 40, 0), /* from set_tid_address */
	/*   78 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 161, 39, 0), /* chroot */
	/*   79 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 201, 38, 39), /* time */
	/*   80 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 62, 0, 7), /* from kill */
	/*   81 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 0, 2),
	/*   82 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 105, 35, 0), /* setuid */
	/*   83 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 115, 34, 35), /* getgroups */
	/*   84 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 116, 33, 0), /* from setgroups */
	/*   85 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 106, 32, 0), /* setgid */
	/*   86 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 80, 31, 0), /* chdir */
	/*   87 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 96, 30, 31), /* gettimeofday */
	/*   88 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 59, 29, 0), /* from execve */
	/*   89 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 33, 28, 0), /* dup2 */
	/*   90 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 56, 0, 3), /* clone */
	/* clone: flags SIGCHLD (CLONE_VFORK|CLONE_SYSVSEM|CLONE_SETTLS|
	   CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID|CLONE_DETACHED|CLONE_CHILD_SETTID
	   free); seen 219 times in 5 runs, first trace/server.1.log:77; level robust */
	/*   91 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16), /* argument 1 */
	/*   92 */ BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfe83bfff),
	/*   93 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x11, 24, 25),
	/*   94 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 21, 23, 24), /* access */
	/*   95 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 4, 0, 1),
	/*   96 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 7, 21, 22), /* from poll */
	/*   97 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 9, 0, 13), /* mmap */
	/* mmap: prot PROT_READ, flags MAP_PRIVATE (MAP_DENYWRITE|MAP_EXECUTABLE|
	   MAP_NORESERVE|MAP_POPULATE|MAP_NONBLOCK|MAP_STACK|MAP_FIXED_NOREPLACE
	   free); seen 438 times in at least 5 runs, first trace/server.1.log:98;
	   level robust */
	/* mmap: prot in {PROT_READ, PROT_READ|PROT_WRITE, PROT_READ|PROT_EXEC},
	   flags MAP_PRIVATE|MAP_FIXED (MAP_DENYWRITE|MAP_EXECUTABLE|MAP_NORESERVE|
	   MAP_POPULATE|MAP_NONBLOCK|MAP_STACK|MAP_FIXED_NOREPLACE free); seen 657
	   times in at least 5 runs, first trace/server.1.log:106; level robust */
	/* mmap: prot PROT_READ|PROT_WRITE, flags in {MAP_PRIVATE|MAP_ANONYMOUS,
	   MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS} (MAP_DENYWRITE|MAP_EXECUTABLE|
	   MAP_NORESERVE|MAP_POPULATE|MAP_NONBLOCK|MAP_STACK|MAP_FIXED_NOREPLACE
	   free); seen 657 times in at least 5 runs, first trace/server.1.log:94;
	   level robust */
	/*   98 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 40), /* argument 4 */
	/*   99 */ BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xffec27ff),
	/*  100 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2, 0, 2),
	/*  101 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*  102 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1, 15, 16),
	/*  103 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x22, 1, 0),
	/*  104 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x32, 0, 2),
	/*  105 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*  106 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x3, 11, 12),
	/*  107 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x12, 0, 11),
	/*  108 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*  109 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x6, 9, 0),
	/*  110 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1, 7, 8),
	/*  111 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 6, 0),
	/*  112 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 5, 0), /* read */
	/*  113 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 10, 0, 5), /* mprotect */
	/* mprotect: prot PROT_NONE; level robust adds it: takes permissions of own
	   memory away */
	/* mprotect: prot PROT_READ; seen 657 times in at least 5 runs, first
	   trace/server.1.log:116; level robust */
	/*  114 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* argument 3 */
	/*  115 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2, 3, 0),
	/*  116 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 36), /* argument 3, high half */
	/*  117 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0, 0, 1),
	/*  118 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	/*  119 */ BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
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
install_server_policy(void)
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
