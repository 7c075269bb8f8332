/* SPDX-License-Identifier: MIT */
/* launched HOW [CALLS]: what `run` is tried with. The forbidden call is socket(). */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BOMB = 100, CALLS = 1000 * 1000, CROWD = 24 };
enum { SOCKET_I386 = 359, EXECVE_I386 = 11, EXECVEAT_I386 = 358 };

static int calls = CALLS; /* of cost() */

static int
forbidden(void)
{
	return socket(AF_INET6, SOCK_DGRAM, 0) < 0 ? errno : 0;
}

static void *
forbidden_in_thread(void *unused)
{
	(void)unused;
	forbidden();
	return NULL;
}

static int
in_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, forbidden_in_thread, NULL))
		return 99;
	return pthread_join(thread, NULL) ? 99 : 5;
}

static void *
exec_in_thread(void *unused)
{
	(void)unused;
	execl("/proc/self/exe", "launched", "forbidden", (char *)NULL);
	return NULL;
}

static int
thread_exec(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, exec_in_thread, NULL))
		return 99;
	for (;;)
		pause();
}

static int
close_all(void)
{
	close_range(0, ~0U, 0);
	return forbidden();
}

static void *
spin(void *how)
{
	for (volatile unsigned long i = 0;; i++)
		if (how && i % 16 == 0)
			getppid();
	return NULL;
}

/* Many threads die because one made the call; most of them were in none. */
static int
in_crowd(void)
{
	pthread_t thread;

	for (int i = 0; i < CROWD; i++)
		if (pthread_create(&thread, NULL, spin, i % 3 ? NULL : &thread))
			return 99;
	usleep(100 * 1000);
	forbidden();
	return 99;
}

/* Calls that all differ. */
static int
many(void)
{
	for (int type = 0; type < CROWD; type++)
		socket(AF_INET6, type, 0);
	return 0;
}

static int
connect_unix(void)
{
	struct sockaddr_un a = {AF_UNIX, "/nowhere\001"};

	connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&a, sizeof a);
	return errno;
}

/* A child that nobody traces makes the call, with a sibling's or a parent's help. */
static int
untraced(void)
{
	pid_t child = (pid_t)syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);
	int status;

	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		usleep(100 * 1000);
		_exit(forbidden());
	}
	if (ptrace(PTRACE_SEIZE, child, 0, PTRACE_O_TRACESECCOMP) == 0 ||
	    errno != EPERM)
		return 99;
	while (waitpid(child, &status, __WALL) == child && WIFSTOPPED(status))
		ptrace(PTRACE_CONT, child, 0, 0);
	return WEXITSTATUS(status);
}

/* The memory of its parent and of its parent's other children: how many of them can be
   written. */
static int
memories(void)
{
	char path[64];
	int n = 0, pid;
	FILE *children;

	snprintf(path, sizeof path, "/proc/%d/mem", (int)getppid());
	n += open(path, O_RDWR | O_CLOEXEC) >= 0;
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)getppid(),
		 (int)getppid());
	children = fopen(path, "re");
	while (children && fscanf(children, "%d", &pid) == 1) {
		snprintf(path, sizeof path, "/proc/%d/mem", pid);
		n += pid != getpid() && open(path, O_RDWR | O_CLOEXEC) >= 0;
	}
	return n;
}

/* Numbers that no table has. */
static int
nameless(void)
{
	for (long nr = 9000; nr < 9003; nr++)
		syscall(nr);
	syscall(9001);
	return 8;
}

/* The value that comes with a signal. */
static int
value_of_signal(void)
{
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		return 99;
	return sigwaitinfo(&set, &info) == SIGUSR1 ? info.si_value.sival_int : 99;
}

/* Children that all make the call, at once. */
static int
bomb(void)
{
	int status, died = 0;

	for (int i = 0; i < BOMB; i++)
		if (fork() == 0)
			_exit(forbidden());
	while (wait(&status) > 0)
		died += WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
	return died;
}

/* Away from its parent, then the call. */
static int
daemonize(void)
{
	if (fork())
		return 0;
	setsid();
	if (fork())
		return 0;
	usleep(400 * 1000);
	forbidden();
	return 0;
}

static volatile sig_atomic_t trapped;

static void
on_sigsys(int sig)
{
	trapped = sig;
}

static int
handler(void)
{
	signal(SIGSYS, on_sigsys);
	forbidden();
	return trapped == SIGSYS ? 6 : 99;
}

/* Its errno once a second process is gone; says before that it is ready. */
static int
when_told(void)
{
	char c;

	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		return 99;
	while (read(STDIN_FILENO, &c, 1) > 0)
		continue;
	return forbidden();
}

/* By the 32-bit entry; returns what went wrong. */
static int
call_i386(long nr, long a, long b, long c, long d)
{
#ifdef __x86_64__
	long result = nr;

	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(a), "c"(b), "d"(c), "S"(d), "D"(d)
			 : "memory", "r8", "r9", "r10", "r11");
	return result < 0 ? (int)-result : 0;
#else
	(void)nr, (void)a, (void)b, (void)c, (void)d;
	return EACCES; /* no such entry: none is open */
#endif
}

static int
i386(void)
{
	return call_i386(SOCKET_I386, AF_INET6, SOCK_DGRAM, 0, 0);
}

/* A later exec meets the policy: with the sixth argument as it may be guessed, and
   through execveat(), and by the 32-bit entry. Registers are clean where the kernel
   starts a program. */
static int
later_exec(void)
{
	char *argv[] = {(char *)(uintptr_t) "true", NULL};

	for (long guess = -2; guess < 3; guess++) {
		syscall(SYS_execve, "/bin/true", argv, environ, guess, guess, guess);
		if (errno != EACCES)
			return 99;
		syscall(SYS_execveat, AT_FDCWD, "/bin/true", argv, environ, 0, guess);
		if (errno != EACCES)
			return 99;
		if (call_i386(EXECVE_I386, 0, 0, 0, guess) != EACCES ||
		    call_i386(EXECVEAT_I386, AT_FDCWD, 0, 0, guess) != EACCES)
			return 99;
	}
	return 7;
}

/* Which of the first descriptors are open, as bits. */
static int
descriptors(void)
{
	int open = 0;

	for (int fd = 0; fd < 7; fd++)
		open |= (fcntl(fd, F_GETFD) >= 0) << fd;
	return open;
}

static int
signals(void)
{
	struct sigaction action;
	sigset_t mask;
	int odd = 0;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	for (int sig = 1; sig < SIGRTMIN; sig++)
		if (sigaction(sig, NULL, &action) == 0 &&
		    (action.sa_handler != SIG_DFL || sigismember(&mask, sig)))
			odd = sig;
	return odd;
}

/* What an allowed call takes. */
static int
cost(void)
{
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < calls; i++)
		syscall(SYS_getppid);
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("%.1f ns\n", ((double)(to.tv_sec - from.tv_sec) * 1e9 +
			     (double)(to.tv_nsec - from.tv_nsec)) /
				calls);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} ways[] = {
    {"cost", cost},
    {"forbidden", forbidden},
    {"in-thread", in_thread},
    {"thread-exec", thread_exec},
    {"close-all", close_all},
    {"bomb", bomb},
    {"daemon", daemonize},
    {"handler", handler},
    {"in-crowd", in_crowd},
    {"many", many},
    {"connect-unix", connect_unix},
    {"memories", memories},
    {"nameless", nameless},
    {"untraced", untraced},
    {"value-of-signal", value_of_signal},
    {"when-told", when_told},
    {"i386", i386},
    {"signals", signals},
    {"descriptors", descriptors},
    {"later-exec", later_exec},
};

int
main(int argc, char **argv)
{
	if (argc > 2)
		calls = atoi(argv[2]);
	for (size_t i = 0; argc > 1 && i < sizeof ways / sizeof *ways; i++)
		if (strcmp(argv[1], ways[i].name) == 0)
			return ways[i].run();
	return 98;
}
