/* SPDX-License-Identifier: MIT */
/* sigsys CALL: makes one call that the policy, which is linked to it, forbids. */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int install_policy(void);

enum { X32 = 0x40000000, UNKNOWN = 900, GETPPID_I386 = 64 };

static void
three_arguments(void)
{
	syscall(SYS_socket, 2L, 1L, 0L);
}

static void
six_arguments(void)
{
	syscall(SYS_mmap, 0x10000L, 0x2000L, 7L, 0x22L, -1L, 0x3000L);
}

static void
no_argument(void)
{
	syscall(SYS_getppid);
}

static void
unknown_number(void)
{
	syscall(UNKNOWN, 1L, 2L, 3L, 4L, 5L, 6L);
}

static void
negative_number(void)
{
	syscall(-2L, 1L, 2L, 3L, 4L, 5L, 6L);
}

static void
x32_number(void)
{
	syscall(SYS_getpid | X32, 1L, 2L, 3L, 4L, 5L, 6L);
}

/* Upper halves are not the kernel's business. ebp is whatever the compiler keeps there.
 */
static void
i386_entry(void)
{
	long result = GETPPID_I386;

	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(0xf00000001), "c"(2L), "d"(3L), "S"(4L), "D"(5L)
			 : "memory", "r8", "r9", "r10", "r11");
}

static void *
run_call(void *call)
{
	(*(void (**)(void))call)();
	return NULL;
}

/* A thread that is to end at the next call where it may. */
static void *
run_cancelled(void *call)
{
	pthread_cancel(pthread_self());
	if (call)
		return run_call(call);
	pthread_testcancel();
	return NULL;
}

static void
start_and_join(void *(*run)(void *), void *call)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, call) == 0)
		pthread_join(thread, NULL);
}

static void
in_thread(void)
{
	void (*call)(void) = three_arguments;

	start_and_join(run_call, &call);
}

static void
cancelled(void)
{
	void (*call)(void) = three_arguments;

	start_and_join(run_cancelled, &call);
}

static void
blocked(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	three_arguments();
}

static void
sent(void)
{
	syscall(SYS_tgkill, (long)getpid(), syscall(SYS_gettid), (long)SIGSYS);
}

static const struct {
	const char *name;
	void (*make)(void);
} calls[] = {
    {"three", three_arguments},    {"six", six_arguments},   {"none", no_argument},
    {"unknown", unknown_number},   {"x32", x32_number},      {"i386", i386_entry},
    {"negative", negative_number}, {"in_thread", in_thread}, {"cancelled", cancelled},
    {"blocked", blocked},          {"sent", sent},
};

int
main(int argc, char **argv)
{
	start_and_join(run_cancelled, NULL); /* loads what the first one needs */
	if (argc != 2 || install_policy() != 0)
		return 99;
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (strcmp(calls[i].name, argv[1]) == 0)
			calls[i].make();
	return 0;
}
