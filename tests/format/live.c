/* SPDX-License-Identifier: MIT */
/* Installs generated policies for real, each in a process of its own, and tries what
   they allow and what they forbid. Linked with the objects of make_c's files. */
#include <errno.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define POLICIES(X)     \
	X(kill_process) \
	X(kill_thread)  \
	X(trap)         \
	X(errno)        \
	X(odd_errno)    \
	X(trace)        \
	X(log) X(notify) X(unknown_kill) X(threads) X(new_calls) X(ranges) X(several)
#define X(name) int install_##name(void);
POLICIES(X)
#undef X

enum { X32 = 0x40000000, GAP = 400, FUTURE = 5000, CACHESTAT = 451, FUTEX_WAKE = 454 };

static int failures; /* in the child that tries */

static void
expect(bool ok, const char *what, int line)
{
	char text[160];
	int n;

	if (ok)
		return;
	failures++;
	n = snprintf(text, sizeof text, "line %d: %s (errno %d)\n", line, what, errno);
	if (write(STDOUT_FILENO, text, (size_t)n) < 0)
		failures++;
}
#define EXPECT(what) expect((what), #what, __LINE__)

/* The call as it is, without a C library that looks at it before. */
static bool
gives(int error, long nr, long a, long b, long c)
{
	errno = 0;
	return (error ? syscall(nr, a, b, c, 0L, 0L, 0L) == -1
		      : syscall(nr, a, b, c, 0L, 0L, 0L) != -1) &&
	       errno == error;
}

/* getpid by the 32-bit entry. */
static long
int80(long nr)
{
	long result = nr;

	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 :
			 : "memory", "r8", "r9", "r10", "r11");
	return result;
}

static void
install(int (*fn)(void))
{
	errno = 123;
	if (fn() != 0 || errno != 123) {
		puts("not installed");
		_exit(99);
	}
}

static void
try_errno(void)
{
	install(install_errno);
	EXPECT(gives(EPERM, __NR_getpid, 0, 0, 0));
	EXPECT(gives(EPERM, __NR_brk, 0, 0, 0));
	EXPECT(gives(EPERM, __NR_close, 77, 0, 0));
	EXPECT(gives(EPERM, __NR_seccomp, 0, 0, 0));
	EXPECT(gives(EXDEV, GAP, 0, 0, 0));
	EXPECT(gives(EXDEV, FUTURE, 0, 0, 0));
	EXPECT(gives(EXDEV, 0x7fffffff & ~X32, 0, 0, 0));
	/* The kernel's own answer: the filter lets it pass. */
	EXPECT(gives(ENOSYS, -1, 0, 0, 0));
	EXPECT(gives(EPERM, __NR_write | X32, 1, 0, 0));
	EXPECT(gives(EPERM, GAP | X32, 1, 0, 0));
	EXPECT(gives(EPERM, -2, 0, 0, 0));
	EXPECT(int80(20) == -EPERM);
	EXPECT(int80(4) == -EPERM); /* write there, stat here */
}

static void
try_odd_errno(void)
{
	/* It leaves no_new_privs alone, which root can do without. */
	install(install_odd_errno);
	EXPECT(gives(4094, __NR_getpid, 0, 0, 0));
}

static void
try_kill_process(void)
{
	install(install_kill_process);
	syscall(__NR_getpid);
}

static void *
die_alone(void *unused)
{
	(void)unused;
	install(install_kill_thread);
	syscall(__NR_getpid);
	return NULL;
}

/* The other thread lives, and sees that it is alone again. */
static void
try_kill_thread(void)
{
	pthread_t thread;

	EXPECT(pthread_create(&thread, NULL, die_alone, NULL) == 0);
	EXPECT(pthread_join(thread, NULL) == 0);
	EXPECT(gives(0, __NR_getpid, 0, 0, 0));
}

static volatile sig_atomic_t trapped;

static void
on_sigsys(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	trapped = info->si_syscall;
}

static void
try_trap(void)
{
	struct sigaction action = {.sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO};

	sigaction(SIGSYS, &action, NULL);
	install(install_trap);
	syscall(__NR_getppid);
	EXPECT(trapped == __NR_getppid);
}

static void
try_trace(void)
{
	install(install_trace);
	EXPECT(gives(ENOSYS, __NR_getpid, 0, 0, 0)); /* without a tracer */
}

static void
try_log(void)
{
	install(install_log);
	EXPECT(gives(0, __NR_getppid, 0, 0, 0));
	EXPECT(gives(EXDEV, GAP, 0, 0, 0));
}

static void
try_unknown_kill(void)
{
	install(install_unknown_kill);
	EXPECT(gives(EPERM, __NR_getpid, 0, 0, 0));
	syscall(GAP);
}

/* A child does what is not allowed, the parent answers. */
static void
try_notify(void)
{
	struct seccomp_notif request = {0};
	struct seccomp_notif_resp answer = {.val = 4711};
	int status, listener = install_notify();
	pid_t pid;

	EXPECT(listener >= 0);
	pid = (pid_t)syscall(__NR_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid == 0)
		_exit(syscall(__NR_getppid) == 4711 ? 0 : 1);
	EXPECT(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) == 0);
	EXPECT(request.data.nr == __NR_getppid);
	answer.id = request.id;
	EXPECT(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0);
	EXPECT(wait4(pid, &status, 0, NULL) == pid && status == 0);
}

static pthread_barrier_t installed;

static void *
in_other_thread(void *unused)
{
	(void)unused;
	pthread_barrier_wait(&installed); /* glibc has set up the thread */
	pthread_barrier_wait(&installed);
	return gives(EPERM, __NR_getpid, 0, 0, 0) ? "stopped" : NULL;
}

static void
try_threads(void)
{
	pthread_t thread;
	void *result;

	pthread_barrier_init(&installed, NULL, 2);
	EXPECT(pthread_create(&thread, NULL, in_other_thread, NULL) == 0);
	pthread_barrier_wait(&installed);
	install(install_threads);
	pthread_barrier_wait(&installed);
	EXPECT(pthread_join(thread, &result) == 0 && result != NULL);
}

static void *
with_filter_of_its_own(void *unused)
{
	(void)unused;
	install(install_log);
	pthread_barrier_wait(&installed);
	pthread_barrier_wait(&installed);
	return NULL;
}

/* A thread that went its own way: nothing is installed anywhere. */
static void
try_threads_apart(void)
{
	pthread_t thread;

	pthread_barrier_init(&installed, NULL, 2);
	EXPECT(pthread_create(&thread, NULL, with_filter_of_its_own, NULL) == 0);
	pthread_barrier_wait(&installed);
	EXPECT(install_threads() == -ESRCH);
	EXPECT(prctl(PR_GET_SECCOMP, 0L, 0L, 0L, 0L) == SECCOMP_MODE_DISABLED);
	pthread_barrier_wait(&installed);
	pthread_join(thread, NULL);
}

static void
try_new_calls(void)
{
	install(install_new_calls);
	EXPECT(!gives(EPERM, CACHESTAT, -1, 0, 0));
	EXPECT(!gives(EXDEV, CACHESTAT, -1, 0, 0));
	EXPECT(gives(EPERM, FUTEX_WAKE, 0, 0, 0));
}

/* What lseek and dup2 of a file that is not open say when they are let through. */
static void
try_ranges_of(int (*fn)(void))
{
	const long dirt = (long)UINT64_C(0xdeadbeef00000000);

	for (int fd = 3; fd < 10; fd++)
		close(fd);
	install(fn);
	EXPECT(gives(EBADF, __NR_lseek, 3, 10, 0));
	EXPECT(gives(EBADF, __NR_lseek, 5, 20, 0));
	EXPECT(gives(EBADF, __NR_lseek, 5 | dirt, 20, dirt));
	EXPECT(gives(EBADF, __NR_lseek, 3, -1, 0));
	EXPECT(gives(EBADF, __NR_lseek, 3, -3, 0));
	EXPECT(gives(EPERM, __NR_lseek, 3, -4, 0));
	EXPECT(gives(EPERM, __NR_lseek, 3, 0, 0));
	EXPECT(gives(EPERM, __NR_lseek, 3, 9, 0));
	EXPECT(gives(EPERM, __NR_lseek, 3, 21, 0));
	EXPECT(gives(EPERM, __NR_lseek, 3, 10 | 1L << 32, 0));
	EXPECT(gives(EPERM, __NR_lseek, 4, 10, 0));
	EXPECT(gives(EPERM, __NR_lseek, 3, 10, 2));
	EXPECT(gives(EPERM, __NR_lseek, 7, 10, 2));
	EXPECT(gives(EPERM, __NR_lseek, 3, 1000, 2));
	EXPECT(gives(EBADF, __NR_lseek, 7, 1000, 2));
	EXPECT(gives(EBADF, __NR_lseek, 7, 1L << 32, 2));
	EXPECT(gives(EPERM, __NR_lseek, 7, 1L + (1L << 32), 2));
	EXPECT(gives(0, __NR_dup2, 1, 100, 0));
	EXPECT(gives(0, __NR_dup2, 2, 200, 0));
	EXPECT(gives(0, __NR_dup2, 2 | dirt, 150 | dirt, 0));
	EXPECT(gives(EPERM, __NR_dup2, 0, 100, 0));
	EXPECT(gives(EPERM, __NR_dup2, 3, 100, 0));
	EXPECT(gives(EPERM, __NR_dup2, 1, 99, 0));
	EXPECT(gives(EPERM, __NR_dup2, 1, 201, 0));
	EXPECT(gives(EPERM, __NR_seccomp, 0, 0, 0));
}

static void
try_ranges(void)
{
	try_ranges_of(install_ranges);
}

static void
try_several(void)
{
	try_ranges_of(install_several);
}

/* No descriptor and no mapping is left, and a second time works as well. */
static void
try_leaks(void)
{
	int before = dup(0), after;

	close(before);
	EXPECT(install_log() == 0);
	EXPECT(install_log() == 0);
	after = dup(0);
	EXPECT(before == after);
}

static void *
install_again(void *unused)
{
	int rc;

	(void)unused;
	do
		rc = install_log();
	while (rc == -EBUSY);
	return rc == 0 ? "installed" : NULL;
}

static void
try_at_once(void)
{
	pthread_t threads[4];
	void *result;

	for (size_t i = 0; i < 4; i++)
		EXPECT(pthread_create(&threads[i], NULL, install_again, NULL) == 0);
	for (size_t i = 0; i < 4; i++)
		EXPECT(pthread_join(threads[i], &result) == 0 && result != NULL);
}

/* It fails half way, for want of a descriptor: nothing may be installed then. */
static void
try_failure(void)
{
	struct rlimit none = {0, 0};

	setrlimit(RLIMIT_NOFILE, &none);
	EXPECT(install_errno() == -EMFILE);
	EXPECT(prctl(PR_GET_SECCOMP, 0L, 0L, 0L, 0L) == SECCOMP_MODE_DISABLED);
	EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0L, 0L, 0L, 0L) == 0);
}

static const struct live_case {
	const char *name;
	void (*try)(void);
	int signal; /* that ends it; 0: it exits */
} cases[] = {
    {"errno", try_errno, 0},
    {"odd_errno", try_odd_errno, 0},
    {"kill_process", try_kill_process, SIGSYS},
    {"kill_thread", try_kill_thread, 0},
    {"trap", try_trap, 0},
    {"trace", try_trace, 0},
    {"log", try_log, 0},
    {"notify", try_notify, 0},
    {"unknown_kill", try_unknown_kill, SIGSYS},
    {"threads", try_threads, 0},
    {"threads_apart", try_threads_apart, 0},
    {"new_calls", try_new_calls, 0},
    {"ranges", try_ranges, 0},
    {"several", try_several, 0},
    {"leaks", try_leaks, 0},
    {"at_once", try_at_once, 0},
    {"failure", try_failure, 0},
};

static bool
passes(const struct live_case *c)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(20);
		c->try();
		/* Not exit(): what it would do is forbidden. */
		syscall(__NR_exit_group, failures ? 1 : 0);
	}
	if (waitpid(pid, &status, 0) != pid)
		return false;
	if (c->signal)
		return WIFSIGNALED(status) && WTERMSIG(status) == c->signal;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int
main(void)
{
	int failed = 0;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool ok = passes(&cases[i]);

		printf("%s %s\n", ok ? "ok    " : "FAILED", cases[i].name);
		fflush(stdout);
		failed += !ok;
	}
	return failed != 0;
}
