/* SPDX-License-Identifier: MIT */
/* To be preloaded: what a parser that an attacker has taken over would do. Before its
   first read() the process makes the call that $PLANT names; where the kernel lets it,
   the file "witness" is there afterwards. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

/* Each: has the kernel made the call? */

static bool
plant_exec(void)
{
	char *const argv[] = {(char[]){"sh"}, (char[]){"-c"},
			      (char[]){"echo hole >witness"}, NULL};

	execv("/bin/sh", argv);
	return false;
}

static bool
plant_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool
plant_open(void)
{
	return open("witness", O_WRONLY | O_CREAT, 0600) >= 0;
}

static bool
plant_read_other(void)
{
	return syscall(SYS_open, "/etc/passwd", O_RDONLY) >= 0;
}

static bool
plant_stat(void)
{
	struct stat st;

	return fstatat(AT_FDCWD, "/etc/passwd", &st, 0) == 0;
}

static bool
plant_unlink(void)
{
	return unlink("not there") == 0 || errno == ENOENT;
}

static bool
plant_rename(void)
{
	return rename("not there", "neither") == 0 || errno == ENOENT;
}

static bool
plant_fork(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0)
		_exit(0);
	return pid > 0 && waitpid(pid, NULL, 0) == pid;
}

/* What the shell has open is not there. */
static bool
plant_inherited(void)
{
	return write(9, "hole", 4) == 4;
}

/* What is left of a script's input is not there, either. */
static bool
plant_input(void)
{
	char c;

	return syscall(SYS_read, STDIN_FILENO, &c, 1) == 1;
}

/* A terminal can be read through each of its descriptors. */
static bool
plant_terminal(void)
{
	char c;

	return syscall(SYS_read, STDERR_FILENO, &c, 0) == 0;
}

/* The policy lets the C library ask for it, and answers as an old kernel does. */
static bool
plant_clone3(void)
{
	struct clone_args args = {.exit_signal = SIGCHLD};
	pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);

	if (pid == 0)
		_exit(0);
	return pid > 0 && waitpid(pid, NULL, 0) == pid;
}

static bool
plant_kill(void)
{
	return kill(1, 0) == 0 || errno == EPERM;
}

static bool
plant_ptrace(void)
{
	/* of a process that is not traced, for which there is an error of its own */
	return ptrace(PTRACE_PEEKDATA, 1, NULL, NULL) == 0 || errno == ESRCH;
}

static bool
plant_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool
plant_own_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	return mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool
plant_handler(void)
{
	return signal(SIGSYS, SIG_IGN) != SIG_ERR;
}

static bool
plant_i386(void)
{
#ifdef __x86_64__
	long rc;

	__asm__ volatile("int $0x80"
			 : "=a"(rc)
			 : "0"(20L)
			 : "memory", "r8", "r9", "r10", "r11");
	return rc == getpid();
#else
	return false;
#endif
}

static char *volatile plants_nothing;

/* No system call, but the end of a process that has run wild. */
static bool
plant_crash(void)
{
	*(volatile char *)plants_nothing = 0;
	return false;
}

static const struct {
	const char *name;
	bool (*make)(void);
} plants[] = {
    {"exec", plant_exec},         {"socket", plant_socket},
    {"open", plant_open},         {"read-other", plant_read_other},
    {"stat", plant_stat},         {"unlink", plant_unlink},
    {"rename", plant_rename},     {"fork", plant_fork},
    {"clone3", plant_clone3},     {"inherited", plant_inherited},
    {"kill", plant_kill},         {"ptrace", plant_ptrace},
    {"code", plant_code},         {"own-code", plant_own_code},
    {"handler", plant_handler},   {"i386", plant_i386},
    {"crash", plant_crash},       {"input", plant_input},
    {"terminal", plant_terminal},
};

static void
plant(const char *name)
{
	for (size_t i = 0; i < sizeof plants / sizeof *plants; i++)
		if (strcmp(plants[i].name, name) == 0 && plants[i].make())
			plant_open();
}

EXPORT ssize_t
read(int fd, void *to, size_t n)
{
	static bool planted;
	const char *name = getenv("PLANT");

	if (name && !planted) {
		planted = true;
		plant(name);
	}
	return syscall(SYS_read, fd, to, n);
}
