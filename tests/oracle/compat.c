/* SPDX-License-Identifier: MIT */
/* The calls of a 32-bit C library, with values that take two registers, negative ones,
   narrow ones, and all ways into the socket and IPC calls. Does the same each time;
   what the calls answer does not matter.   usage: compat (built with -m32) */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/falloc.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Which is the upper half can be told. */
#define FAR      INT64_C(0x123456789a000)
#define NEGATIVE (-INT64_C(0x23456789000))

static char buf[64];
static struct iovec iov = {buf, sizeof buf};

static void
two_registers(int fd)
{
	const int64_t at[] = {0, 1, 4096, FAR, NEGATIVE, -1, INT64_MAX, 0xffffffff};

	for (unsigned i = 0; i < sizeof at / sizeof *at; i++) {
		(void)!pread64(fd, buf, 3, at[i]);
		(void)!pwrite64(fd, buf, 0, at[i]);
		preadv64(fd, &iov, 1, at[i]);
		preadv64v2(fd, &iov, 1, at[i], RWF_NOWAIT);
		pwritev64v2(-1, &iov, 1, at[i], RWF_DSYNC);
		(void)!truncate64("/nowhere", at[i]);
		(void)!ftruncate64(-1, at[i]);
		posix_fadvise64(fd, at[i], 7, POSIX_FADV_DONTNEED);
		posix_fadvise64(fd, 7, at[i], POSIX_FADV_RANDOM);
		fallocate64(-1, FALLOC_FL_KEEP_SIZE, at[i], 9);
		fallocate64(-1, FALLOC_FL_PUNCH_HOLE, 9, at[i]);
		sync_file_range(-1, at[i], 5, SYNC_FILE_RANGE_WRITE);
		sync_file_range(-1, 5, at[i], SYNC_FILE_RANGE_WAIT_AFTER);
		readahead(-1, at[i], 11);
		lseek64(fd, at[i], SEEK_SET);
		lseek64(fd, at[i], SEEK_DATA);
		mmap64(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, at[i] & ~INT64_C(0xfff));
		syscall(SYS_fanotify_mark, -1, 1, (uint32_t)at[i],
			(uint32_t)(at[i] >> 32), -100, "x");
		syscall(SYS_lookup_dcookie, (uint32_t)at[i], (uint32_t)(at[i] >> 32),
			buf, 5);
	}
}

static void
narrow(int fd)
{
	struct flock64 lock = {.l_type = F_RDLCK, .l_len = 1};
	struct timespec none = {0, 1};

	syscall(SYS_setuid, 0x1ffff);
	syscall(SYS_chown, "/nowhere", 0xffff, 70000);
	syscall(SYS_setresgid, -1, -1, -1);
	syscall(SYS_setreuid32, -1, 70000);
	syscall(SYS_chown32, "/nowhere", 70000, -1);
	syscall(SYS_fchownat, AT_FDCWD, "/nowhere", 70000, -1, AT_SYMLINK_NOFOLLOW);
	fcntl(fd, F_SETLK64, &lock);
	fcntl(fd, F_OFD_GETLK, &lock);
	fcntl(fd, F_DUPFD_CLOEXEC, 100);
	fcntl(fd, F_SETOWN, -7);
	kill(-0x7000000, SIGUSR1);
	setpriority(PRIO_PROCESS, 0x7000000, -5);
	syscall(SYS_waitpid, -0x7000000, NULL, WNOHANG);
	ioctl(fd, TCGETS, buf);
	ioctl(fd, FIONREAD, buf);
	ioctl(fd, _IOC(_IOC_READ | _IOC_WRITE, 'f', 15, 0x1000), buf);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &none, NULL);
	syscall(SYS_clock_nanosleep_time64, CLOCK_REALTIME, TIMER_ABSTIME, NULL, NULL);
	syscall(SYS_ppoll_time64, NULL, 0, &(int64_t[2]){0}, NULL, 8);
	syscall(SYS_futex_time64, buf, 0x80, 5, NULL, NULL, 0);
	syscall(SYS_timerfd_settime64, -1, 1, NULL, NULL);
	syscall(SYS_recvmmsg_time64, -1, NULL, 3, MSG_WAITFORONE, NULL);
	syscall(SYS_semtimedop_time64, -1, NULL, 1, NULL);
	syscall(SYS_stat64, "/nowhere", buf);
	syscall(SYS_fstatat64, AT_FDCWD, "/nowhere", buf, AT_SYMLINK_NOFOLLOW);
	syscall(SYS_statfs64, "/nowhere", sizeof(struct statfs64), buf);
	syscall(SYS_sendfile64, -1, -1, NULL, 5);
	syscall(SYS_umask, 0x1ffff);
	mprotect(NULL, 4096, PROT_READ | PROT_WRITE);
}

static void
sockets(void)
{
	struct sockaddr_un name = {AF_UNIX, "/nowhere"};
	uint32_t direct[] = {AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 17};
	uint32_t accept4_[] = {-1, 0, 0, SOCK_NONBLOCK};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), pair[2], one = 1;

	connect(fd, (struct sockaddr *)&name, sizeof name);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	shutdown(fd, SHUT_WR);
	listen(-1, 5);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
	send(pair[0], "x", 1, MSG_DONTWAIT);
	recv(pair[1], buf, 5, MSG_PEEK);
	syscall(SYS_socketcall, 1, direct);
	syscall(SYS_socketcall, 18, accept4_);
	syscall(SYS_socketcall, 99, direct);
	syscall(SYS_socket, AF_INET6, SOCK_STREAM, 6);
}

static void
ipc(void)
{
	semget(0x1234, 0, IPC_CREAT | 0600); /* of no size: makes none */
	semctl(-1, 1, SETVAL, 5);
	shmget(0x1234, 4096, 0);
	shmat(-1, NULL, SHM_RDONLY);
	syscall(SYS_ipc, 3, -1, 1, 16, buf, 0);
	syscall(SYS_ipc, 21, -1, 0, buf, NULL, 0);
	syscall(SYS_ipc, 21 | 1 << 16, -1, 0, buf, NULL, 0);
	syscall(SYS_shmget, 0x1235, 0, IPC_CREAT | 0400);
}

int
main(void)
{
	int fd = open64("/dev/zero", O_RDONLY | O_CLOEXEC);
	pid_t pid;

	two_registers(fd);
	narrow(fd);
	sockets();
	ipc();
	syscall(SYS_clone, CLONE_THREAD, NULL, NULL, NULL, NULL);
	syscall(SYS_clone, CLONE_VM | CLONE_SIGHAND | CLONE_FS | CLONE_NEWNS, buf, buf,
		NULL, buf);
	pid = fork();
	if (pid == 0)
		_exit(0);
	waitpid(-1, NULL, 0);
	syscall(SYS_select, NULL);
	syscall(SYS_mmap, NULL);
	return 0;
}
