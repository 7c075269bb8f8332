/* SPDX-License-Identifier: MIT */
/* The kernel on data/harmless.tbl: what that says has no effect has none here. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Access mode and what only open looks at: F_SETFL leaves them as they are. */
static void
test_setfl(void **state)
{
	const int ignored = O_RDWR | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_DSYNC |
			    O_SYNC | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_PATH |
			    O_TMPFILE;
	char name[] = "/tmp/s2s-setfl.XXXXXX";
	int fd = mkstemp(name);
	int is;

	(void)state;
	assert_true(fd >= 0 && write(fd, "x", 1) == 1);
	close(fd);
	fd = open(name, O_RDONLY);
	is = fcntl(fd, F_GETFL);
	assert_int_equal(fcntl(fd, F_SETFL, is | ignored), 0);
	assert_int_equal(fcntl(fd, F_GETFL), is);
	assert_int_equal(write(fd, "y", 1), -1);
	assert_int_equal(lseek(fd, 0, SEEK_END), 1);
	assert_int_equal(fcntl(fd, F_GETFD), 0);
	assert_int_equal(fcntl(fd, F_SETFL, is | O_APPEND), 0);
	assert_int_equal(fcntl(fd, F_GETFL), is | O_APPEND);
	close(fd);
	unlink(name);
}

static void
test_umask(void **state)
{
	mode_t was = umask(022);

	(void)state;
	syscall(SYS_umask, 022 | 07000);
	assert_int_equal(umask(was), 022);
}

/* A newer machine has not the calls that have no descriptor. */
static long
change_mode(const char *name, mode_t mode)
{
#ifdef SYS_chmod
	return syscall(SYS_chmod, name, mode);
#else
	return syscall(SYS_fchmodat, AT_FDCWD, name, mode);
#endif
}

static long
make_folder(const char *name, mode_t mode)
{
#ifdef SYS_mkdir
	return syscall(SYS_mkdir, name, mode);
#else
	return syscall(SYS_mkdirat, AT_FDCWD, name, mode);
#endif
}

/* What kind of file a mode says is nobody's business but that of mknod. */
static void
test_modes(void **state)
{
	char name[] = "/tmp/s2s-mode.XXXXXX";
	int fd = mkstemp(name);
	struct stat st;

	(void)state;
	close(fd);
	unlink(name);
	fd = (int)syscall(SYS_openat, AT_FDCWD, name, O_CREAT | O_EXCL, S_IFBLK | 0600);
	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_int_equal(syscall(SYS_fchmod, fd, S_IFDIR | 0400), 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0400);
	assert_int_equal(change_mode(name, S_IFCHR | 0200), 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0200);
	close(fd);
	unlink(name);
	assert_int_equal(make_folder(name, S_IFCHR | 0700), 0);
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0700);
	rmdir(name);
}

/* A stream has protocol 0 or IPPROTO_TCP, one and the same; of 2, 4 there is none. */
static void
test_stream_protocols(void **state)
{
	static const int family[] = {AF_INET, AF_INET6};

	(void)state;
	for (int i = 0; i < 2; i++) {
		int fd = socket(family[i], SOCK_STREAM, 0);
		int protocol = -1;
		socklen_t n = sizeof protocol;

		if (fd < 0) /* a kernel without this family */
			continue;
		getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &n);
		assert_int_equal(protocol, IPPROTO_TCP);
		close(fd);
		assert_int_equal(socket(family[i], SOCK_STREAM, 2), -1);
		assert_int_equal(socket(family[i], SOCK_STREAM, 4), -1);
	}
}

/* Without a new limit none is changed. */
static void
test_prlimit(void **state)
{
	struct rlimit was, is;

	(void)state;
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		getrlimit(i, &was);
		assert_int_equal(syscall(SYS_prlimit64, 0, i, NULL, &is), 0);
		getrlimit(i, &is);
		assert_int_equal(is.rlim_cur, was.rlim_cur);
		assert_int_equal(is.rlim_max, was.rlim_max);
	}
}

static int
attach(int id)
{
	void *at = shmat(id, NULL, SHM_RDONLY);

	return at == (void *)-1 ? errno : shmdt(at);
}

/* Who has no right to a segment learns its identifier all the same, and nothing more;
   who has one needs no shmget. */
static void
test_identifiers(void **state)
{
	enum { NOBODY = 65534 };
	key_t key = (key_t)(getpid() | 0x40000000);
	int id = shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600), status;
	pid_t pid;

	(void)state;
	assert_true(id >= 0);
	pid = fork();
	if (pid == 0)
		_exit(attach(id) ||
		      (geteuid() == 0 && setuid(NOBODY) == 0 &&
		       (shmget(key, 1, 0) != id || attach(id) != EACCES)));
	waitpid(pid, &status, 0);
	shmctl(id, IPC_RMID, NULL);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_setfl),   cmocka_unit_test(test_umask),
	    cmocka_unit_test(test_modes),   cmocka_unit_test(test_stream_protocols),
	    cmocka_unit_test(test_prlimit), cmocka_unit_test(test_identifiers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
