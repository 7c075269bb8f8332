/* SPDX-License-Identifier: MIT */
/* Makes calls whose number is known: close() of descriptors that nobody has, so that
   its argument tells for what it was made.   usage: counted WHAT [N] */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MARK = 1000000, WORKERS = 4 };

static void
make(int fd, int n)
{
	for (int i = 0; i < n; i++)
		syscall(SYS_close, fd);
}

static void *
work(void *n)
{
	make(MARK + 1, (int)(intptr_t)n);
	return NULL;
}

static int
threads(int n)
{
	pthread_t thread[WORKERS];

	for (int i = 0; i < WORKERS; i++)
		pthread_create(&thread[i], NULL, work, (void *)(intptr_t)n);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(thread[i], NULL);
	return 0;
}

static void
wait_for_all(void)
{
	while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
		continue;
}

static int
forks(int n)
{
	for (int i = 0; i < WORKERS; i++)
		if (fork() == 0) {
			make(MARK + 2, n);
			_exit(0);
		}
	wait_for_all();
	return 0;
}

/* n children that live for one call. */
static int
children(int n)
{
	for (int i = 0; i < n; i++)
		if (fork() == 0) {
			make(MARK + 3, 1);
			_exit(0);
		}
	wait_for_all();
	return 0;
}

/* n programs after one another; every second from a thread that is not the first. */
static char **self;

static void *
next(void *n)
{
	char text[16];

	snprintf(text, sizeof text, "%d", (int)(intptr_t)n);
	execl("/proc/self/exe", self[0], "execs", text, (char *)NULL);
	exit(1);
}

static int
execs(int n)
{
	pthread_t thread;

	make(MARK + 4, 1);
	if (n <= 1)
		return 0;
	if (n % 2)
		next((void *)(intptr_t)(n - 1));
	pthread_create(&thread, NULL, next, (void *)(intptr_t)(n - 1));
	pthread_join(thread, NULL);
	return 1;
}

/* A 32-bit call out of a 64-bit process: close is 6 there. */
static int
int80(int n)
{
#ifdef __x86_64__
	for (int i = 0; i < n; i++) {
		long rc;

		__asm__ volatile("int $0x80"
				 : "=a"(rc)
				 : "a"(6L), "b"((long)MARK + 5)
				 : "memory", "r8", "r9", "r10", "r11");
	}
	return 0;
#else
	(void)n;
	return 1;
#endif
}

/* Processes of whose end nobody is told. */
static int
silent(int n)
{
	for (int i = 0; i < n; i++)
		if (syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L) == 0) {
			make(MARK + 6, 1);
			_exit(0);
		}
	wait_for_all();
	return 0;
}

/* Children that are killed in the midst of a call. */
static int
killed(int n)
{
	for (int i = 0; i < n; i++) {
		int fds[2];
		char c;
		pid_t child;

		if (pipe(fds))
			return 1;
		child = fork();
		if (child == 0) {
			close(fds[0]);
			make(MARK + 7, 1);
			dprintf(fds[1], "x");
			for (;;)
				pause();
		}
		close(fds[1]);
		if (read(fds[0], &c, 1) != 1)
			return 1;
		usleep(20000);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		close(fds[0]);
	}
	return 0;
}

/* Without a call. */
static void
spin(int ms)
{
	struct timespec now, end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += ms * 1000000L;
	end.tv_sec += end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while (now.tv_sec < end.tv_sec ||
	       (now.tv_sec == end.tv_sec && now.tv_nsec < end.tv_nsec));
}

/* Calls that an own filter rejects. */
static int
rejected(int n)
{
	struct sock_filter insn[] = {
	    {BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},
	    {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_close},
	    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM},
	    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
	};
	struct sock_fprog prog = {4, insn};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog))
		return 1;
	spin(200); /* without a call, so that the first one rejected is the next */
	make(MARK + 8, n);
	return 0;
}

/* Runs what stands behind it under a filter that rejects one call. */
static int
confine(int n)
{
	struct sock_filter insn[] = {
	    {BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},
	    {BPF_JMP | BPF_JEQ | BPF_K, 0, 3, SYS_close},
	    {BPF_LD | BPF_W | BPF_ABS, 0, 0, 16},
	    {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, MARK + 8},
	    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM},
	    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
	};
	struct sock_fprog prog = {6, insn};

	(void)n;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		return 1;
	spin(200); /* who sees what is rejected may come a moment later */
	execvp(self[2], self + 2);
	return 1;
}

static int
plain(int n)
{
	make(MARK + 8, n);
	return 0;
}

static volatile bool go;

static void *
be_busy(void *n)
{
	while (!go)
		syscall(SYS_close, MARK + 9);
	make(MARK + 10, (int)(intptr_t)n);
	if (fork() == 0) {
		make(MARK + 11, (int)(intptr_t)n);
		_exit(0);
	}
	return NULL;
}

/* Threads that call without end; from SIGUSR1 on it counts. */
static int
server(int n)
{
	pthread_t thread[WORKERS];
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&thread[i], NULL, be_busy, (void *)(intptr_t)n);
	printf("ready\n");
	fflush(stdout);
	sigwait(&set, &sig);
	go = true;
	for (int i = 0; i < WORKERS; i++)
		pthread_join(thread[i], NULL);
	wait_for_all();
	return 0;
}

/* More distinct calls than there is room for. */
static int
distinct(int n)
{
	for (int i = 0; i < n; i++)
		syscall(SYS_close, 2 * MARK + i);
	return 0;
}

/* Which no kernel has. */
static int
unknown(int n)
{
	for (int i = 0; i < n; i++)
		syscall(4000);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(int n);
} whats[] = {
    {"threads", threads},   {"forks", forks},       {"children", children},
    {"execs", execs},       {"int80", int80},       {"silent", silent},
    {"killed", killed},     {"rejected", rejected}, {"server", server},
    {"distinct", distinct}, {"confine", confine},   {"plain", plain},
    {"unknown", unknown},
};

int
main(int argc, char **argv)
{
	int n = argc > 2 ? atoi(argv[2]) : 1;

	self = argv;
	for (size_t i = 0; argc > 1 && i < sizeof whats / sizeof *whats; i++)
		if (strcmp(argv[1], whats[i].name) == 0)
			return whats[i].run(n);
	return 2;
}
