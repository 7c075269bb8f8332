/* SPDX-License-Identifier: MIT */
/* The kernel on the widths: each row of data/widths.tbl that can be tried without harm,
   with a clean and with a dirty upper half; and some of 64 bits where dirt is refused.
 */
#include "base/attr.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/futex.h>
#include <linux/kcmp.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

typedef unsigned long word;

static long
sys(long nr, word a, word b, word c, word d, word e, word f)
{
	long r = syscall(nr, a, b, c, d, e, f);

	return r < 0 ? -errno : r;
}

/* A file of one page in memory, which is closed at exec only: tests are short. */
static word
file(void)
{
	int fd = memfd_create("widths", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || ftruncate(fd, 4096))
		fail_msg("no memory file");
	return (word)fd;
}

static long
closed(long fd)
{
	return fd < 0 ? fd : close((int)fd);
}

static char page[4096] __attribute__((aligned(4096)));

static long
rw(long nr, word fd_hi, word count_hi, word offset_hi)
{
	struct iovec iov = {page, 16};
	word fd = file();
	long r = sys(nr, fd | fd_hi, (word)&iov, 1 | count_hi, 0, offset_hi, 0);

	close((int)fd);
	return r;
}

/* clang-format off */
static long readv_fd(word hi) { return rw(SYS_readv, hi, 0, 0); }
static long readv_iovcnt(word hi) { return rw(SYS_readv, 0, hi, 0); }
static long writev_iovcnt(word hi) { return rw(SYS_writev, 0, hi, 0); }
static long preadv_fd(word hi) { return rw(SYS_preadv, hi, hi, 0); }
static long preadv_pos_h(word hi) { return rw(SYS_preadv, 0, 0, hi | (hi >> 32)); }
static long pwritev2_pos_h(word hi) { return rw(SYS_pwritev2, hi, hi, hi | (hi >> 32)); }
/* clang-format on */

static long
map(word prot_hi, word flags_hi, word fd_hi)
{
	word fd = file();
	long r = sys(SYS_mmap, 0, 4096, PROT_READ | prot_hi, MAP_PRIVATE | flags_hi,
		     fd | fd_hi, 0);

	close((int)fd);
	return r < 0 && r > -4096 ? r : munmap((void *)r, 4096);
}

/* clang-format off */
static long mmap_prot(word hi) { return map(hi, 0, 0); }
static long mmap_flags(word hi) { return map(0, hi, 0); }
static long mmap_fd(word hi) { return map(0, 0, hi); }
/* clang-format on */

static long
mbind_mode(word hi)
{
	return sys(SYS_mbind, (word)page, sizeof page, hi, 0, 0, 0);
}

static long
umask_mask(word hi)
{
	long old = sys(SYS_umask, 022 | (hi ? 0x10000 | hi : 0), 0, 0, 0, 0, 0);
	long now = sys(SYS_umask, (word)old, 0, 0, 0, 0, 0);

	return now;
}

static long
clone_flags(word hi)
{
	int status;
	long pid = sys(SYS_clone, SIGCHLD | hi, 0, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return pid < 0 ? pid : waitpid((pid_t)pid, &status, 0) == pid ? status : -1;
}

/* A child that waits to be traced; then type of a register set, with dirt. */
static long
traced(word pid_hi, word type_hi)
{
	struct iovec iov = {page, sizeof page};
	pid_t pid = fork();
	long r;

	if (pid == 0)
		for (;;)
			pause();
	r = sys(SYS_ptrace, PTRACE_SEIZE, (word)pid | pid_hi, 0, 0, 0, 0);
	if (r == 0 && type_hi != 1) {
		ptrace(PTRACE_INTERRUPT, pid, 0, 0);
		waitpid(pid, NULL, 0);
		r = sys(SYS_ptrace, PTRACE_GETREGSET, (word)pid, 1 | type_hi,
			(word)&iov, 0, 0);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return r;
}

/* clang-format off */
static long ptrace_pid(word hi) { return traced(hi, 1); }
static long ptrace_regset(word hi) { return traced(0, hi); }
/* clang-format on */

static long
control(int op, word arg)
{
	word fd = file();
	long r = sys(SYS_fcntl, fd, (word)op, arg, 0, 0, 0);

	close((int)fd);
	return r;
}

/* clang-format off */
static long fcntl_dupfd(word hi) { return closed(control(F_DUPFD, 100 | hi)); }
static long fcntl_setfd(word hi) { return control(F_SETFD, FD_CLOEXEC | hi); }
static long fcntl_setfl(word hi) { return control(F_SETFL, O_NONBLOCK | hi); }
static long fcntl_setown(word hi) { return control(F_SETOWN, (word)getpid() | hi); }
/* clang-format on */

/* Linux 6.1 refuses what 6.18 does not look at; neither takes it for another value. */
static long
control_or_refuse(int op, word arg, word hi)
{
	long r = control(op, arg | hi);

	return hi && r == -EINVAL ? control(op, arg) : r;
}

/* clang-format off */
static long fcntl_setsig(word hi) { return control_or_refuse(F_SETSIG, SIGIO, hi); }
static long fcntl_setlease(word hi) { return control_or_refuse(F_SETLEASE, F_UNLCK, hi); }
static long fcntl_seals(word hi) { return control_or_refuse(F_ADD_SEALS, F_SEAL_SHRINK, hi); }
/* clang-format on */

static long
fcntl_pipe_size(word hi)
{
	int fds[2];
	long r = pipe(fds);

	if (r)
		return -errno;
	r = sys(SYS_fcntl, (word)fds[0], F_SETPIPE_SZ, 4096 | hi, 0, 0, 0);
	if (hi && r == -EINVAL)
		r = sys(SYS_fcntl, (word)fds[0], F_SETPIPE_SZ, 4096, 0, 0, 0);
	close(fds[0]);
	close(fds[1]);
	return r;
}

static long
ioctl_clone(word hi)
{
	word from = file(), to = file();
	long r = sys(SYS_ioctl, to, FICLONE, from | hi, 0, 0, 0);

	close((int)from);
	close((int)to);
	return r;
}

static long
prctl_tsc(word hi)
{
	return sys(SYS_prctl, PR_SET_TSC, PR_TSC_ENABLE | hi, 0, 0, 0, 0);
}

static long
futex_val2(word hi)
{
	static uint32_t from = 7, to;

	return sys(SYS_futex, (word)&from, FUTEX_CMP_REQUEUE, 1, hi, (word)&to, 7);
}

static long
semctl_value(word hi)
{
	int id = semget(IPC_PRIVATE, 1, 0600);
	long r = sys(SYS_semctl, (word)id, 0, SETVAL, 5 | hi, 0, 0);

	if (id >= 0)
		semctl(id, 0, IPC_RMID);
	return r;
}

static long
keyctl_key(word hi)
{
	word key = (uint32_t)KEY_SPEC_SESSION_KEYRING;

	return sys(SYS_keyctl, KEYCTL_DESCRIBE, key | hi, 0, 0, 0, 0) < 0 ? -errno : 0;
}

static long
kcmp_file(word hi)
{
	word fd = file(), pid = (word)getpid();
	long r = sys(SYS_kcmp, pid, pid, KCMP_FILE, fd | hi, fd | hi, 0);

	close((int)fd);
	return r;
}

static long
sysfs_index(word hi)
{
#ifdef SYS_sysfs
	return sys(SYS_sysfs, 2, hi, (word)page, 0, 0, 0);
#else
	(void)hi;
	return -ENOSYS;
#endif
}

/* clang-format off */
static long mprotect_prot(word hi) { return sys(SYS_mprotect, (word)page, 4096, PROT_READ | PROT_WRITE | hi, 0, 0, 0); }
static long mremap_flags(word hi) { return sys(SYS_mremap, (word)page, 4096, 4096, hi, 0, 0) < 0 ? -errno : 0; }
static long unshare_flags(word hi) { return sys(SYS_unshare, hi, 0, 0, 0, 0, 0); }
static long prctl_dumpable(word hi) { return sys(SYS_prctl, PR_SET_DUMPABLE, 1 | hi, 0, 0, 0, 0); }
static long prctl_deathsig(word hi) { return sys(SYS_prctl, PR_SET_PDEATHSIG, hi, 0, 0, 0, 0); }
static long vm_readv_flags(word hi) { return sys(SYS_process_vm_readv, (word)getpid(), 0, 0, 0, 0, hi); }
/* clang-format on */

static const struct {
	const char *name;
	long (*try)(word hi);
} narrow[] =
    {
#define ROW(fn)         \
	{               \
#fn, fn \
	}
	ROW(readv_fd),        ROW(readv_iovcnt),   ROW(writev_iovcnt),
	ROW(preadv_fd),       ROW(preadv_pos_h),   ROW(pwritev2_pos_h),
	ROW(mmap_prot),       ROW(mmap_flags),     ROW(mmap_fd),
	ROW(mbind_mode),      ROW(umask_mask),     ROW(clone_flags),
	ROW(ptrace_pid),      ROW(ptrace_regset),  ROW(fcntl_dupfd),
	ROW(fcntl_setfd),     ROW(fcntl_setfl),    ROW(fcntl_setown),
	ROW(fcntl_setsig),    ROW(fcntl_setlease), ROW(fcntl_seals),
	ROW(fcntl_pipe_size), ROW(ioctl_clone),    ROW(prctl_tsc),
	ROW(futex_val2),      ROW(semctl_value),   ROW(keyctl_key),
	ROW(kcmp_file),       ROW(sysfs_index),
},
  wide[] = {
      ROW(mprotect_prot),  ROW(mremap_flags),   ROW(unshare_flags),
      ROW(prctl_dumpable), ROW(prctl_deathsig), ROW(vm_readv_flags),
};

static const word dirt[] = {0x100000000, 0xffffffff00000000};

static bool
can_be_tried(const char *name, long clean)
{
	if (clean != -ENOSYS && clean != -EPERM && clean != -EACCES)
		return true;
	printf("not tried: %s: %ld\n", name, clean);
	return false;
}

static void
test_narrow(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(narrow); i++) {
		long clean = narrow[i].try(0);

		if (!can_be_tried(narrow[i].name, clean))
			continue;
		for (size_t k = 0; k < S2S_ARRAY_SIZE(dirt); k++)
			if (narrow[i].try(dirt[k]) != clean)
				fail_msg("%s: the upper half matters", narrow[i].name);
	}
}

static void
test_wide(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(wide); i++) {
		long clean = wide[i].try(0);

		if (!can_be_tried(wide[i].name, clean))
			continue;
		for (size_t k = 0; k < S2S_ARRAY_SIZE(dirt); k++)
			if (wide[i].try(dirt[k]) == clean)
				fail_msg("%s: nobody looks at the upper half",
					 wide[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_narrow),
	    cmocka_unit_test(test_wide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
