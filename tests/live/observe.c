/* SPDX-License-Identifier: MIT */
#include "observe.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static struct observed *seen_by; /* for the handler and the thread */
static void (*confine_in_thread)(void);

/* ---- the program ---- */

static long
make_socket(void **ret_behind)
{
#ifdef __x86_64__
	register long result __asm__("rax") = SYS_socket;

	__asm__ volatile("lea 1f(%%rip), %%r8\n\t"
			 "mov %%r8, (%[behind])\n\t"
			 "syscall\n"
			 "1:"
			 : "+r"(result)
			 : "D"(AF_UNIX), "S"(SOCK_STREAM),
			   "d"(0), [behind] "r"(ret_behind)
			 : "rcx", "r8", "r11", "memory");
#else
	register long nr __asm__("x8") = SYS_socket;
	register long result __asm__("x0") = AF_UNIX;
	register long type __asm__("x1") = SOCK_STREAM;
	register long protocol __asm__("x2") = 0;

	__asm__ volatile("adr x9, 1f\n\t"
			 "str x9, [%[behind]]\n\t"
			 "svc 0\n"
			 "1:"
			 : "+r"(result)
			 : "r"(nr), "r"(type), "r"(protocol), [behind] "r"(ret_behind)
			 : "x9", "memory");
#endif
	return result;
}

void
observe_call(struct observed *seen, void (*confine)(void))
{
	struct stat st;
	long result;

	seen->tid = (pid_t)syscall(SYS_gettid);
	confine();
	result = make_socket(&seen->call_addr);
	seen->error = result < 0 ? (int)-result : 0;
	seen->result = result < 0 ? -1 : result;
	seen->is_socket =
	    result >= 0 && syscall(SYS_fstat, result, &st) == 0 && S_ISSOCK(st.st_mode);
	seen->went_on = true;
}

static void *
second_thread(void *unused)
{
	(void)unused;
	observe_call(seen_by, confine_in_thread);
	return NULL;
}

void
observe_in_thread(struct observed *seen, void (*confine)(void))
{
	pthread_t thread;

	confine_in_thread = confine;
	if (pthread_create(&thread, NULL, second_thread, NULL) ||
	    pthread_join(thread, NULL))
		_exit(99);
	seen->main_went_on = true;
}

static void
on_sigsys(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	seen_by->trapped = *info;
}

void
observe_with_handler(struct observed *seen, void (*confine)(void))
{
	struct sigaction action = {.sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO};

	sigaction(SIGSYS, &action, NULL);
	observe_call(seen, confine);
}

static struct sock_filter program[BPF_MAXINSNS];
static struct sock_fprog filter = {.filter = program};
static int supervisor = -1; /* socket to it */

static void
send_listener(int listener)
{
	char text = 0;
	struct iovec iov = {&text, 1};
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {.head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control.room,
			     .msg_controllen = sizeof control.room};

	memcpy(CMSG_DATA(&control.head), &listener, sizeof listener);
	if (syscall(SYS_sendmsg, supervisor, &msg, 0) != 1)
		syscall(SYS_exit_group, 98);
	syscall(SYS_close, listener);
}

static void
confine(void)
{
	long rc;

	if (filter.len == 0) {
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0);
		return;
	}
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	rc = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		     supervisor < 0 ? 0 : SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
	if (rc < 0)
		_exit(97);
	if (supervisor >= 0)
		send_listener((int)rc);
}

static bool
read_filter(const char *folder, const char *name)
{
	char path[4096];
	ssize_t n;
	int fd;

	filter.len = 0;
	if (!name)
		return true;
	snprintf(path, sizeof path, "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, program, sizeof program);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	filter.len = (unsigned short)((size_t)n / sizeof *program);
	return true;
}

/* ---- the supervisor ---- */

static int
receive_listener(int from)
{
	char text;
	struct iovec iov = {&text, 1};
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control.room,
			     .msg_controllen = sizeof control.room};
	int listener = -1;

	if (recvmsg(from, &msg, 0) == 1 && msg.msg_controllen)
		memcpy(&listener, CMSG_DATA(&control.head), sizeof listener);
	return listener;
}

static void
supervise(enum observe_supervisor how, int from)
{
	struct seccomp_notif request = {0};
	struct seccomp_notif_resp answer = {0};
	int listener = receive_listener(from);

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) != 0 ||
	    request.data.nr != SYS_socket || request.data.args[0] != AF_UNIX ||
	    how == OBSERVE_DIE)
		_exit(1);
	answer.id = request.id;
	if (how == OBSERVE_REFUSE)
		answer.error = -EACCES;
	else
		answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	_exit(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) != 0);
}

static pid_t
start_supervisor(enum observe_supervisor how)
{
	int ends[2];
	pid_t pid;

	supervisor = -1;
	if (how == OBSERVE_NOBODY)
		return 0;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -1;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		supervise(how, ends[1]);
	}
	close(ends[1]);
	supervisor = ends[0];
	return pid;
}

/* ---- the tracer ---- */

static const long watch_options =
    PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL;

#ifdef __x86_64__

static long long
call_of(pid_t pid)
{
	struct user_regs_struct r;

	ptrace(PTRACE_GETREGS, pid, 0, &r);
	return (long long)r.orig_rax;
}

static void
change_call(pid_t pid, int nr, unsigned long result)
{
	ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, orig_rax),
	       (long)nr);
	ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, rax), result);
}

#else

static long long
call_of(pid_t pid)
{
	struct user_regs_struct r;

	ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &(struct iovec){&r, sizeof r});
	return (long long)r.regs[8];
}

/* What x8 says is read no more when a tracer is asked. */
static void
change_call(pid_t pid, int nr, unsigned long result)
{
	struct user_regs_struct r;
	struct iovec room = {&r, sizeof r};

	ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &room);
	r.regs[0] = result;
	ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &room);
	ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL,
	       &(struct iovec){&nr, sizeof nr});
}

#endif

static void
at_forbidden_call(pid_t pid, enum observe_tracer how, struct observed *seen)
{
	seen->seccomp_events++;
	ptrace(PTRACE_GETEVENTMSG, pid, 0, &seen->message);
	seen->call_at_event = call_of(pid);
	if (how == OBSERVE_SKIP)
		change_call(pid, -1, 42);
	else if (how == OBSERVE_CHANGE)
		change_call(pid, SYS_getpid, 0);
}

static void
at_exit_of(pid_t pid, struct observed *seen)
{
	ptrace(PTRACE_GETEVENTMSG, pid, 0, &seen->exit_status);
	seen->call_at_exit = call_of(pid);
	seen->exits++;
}

static void
at_stop(pid_t pid, int status, enum observe_tracer how, struct observed *seen)
{
	int event = status >> 16, sig = WSTOPSIG(status);

	if (event == PTRACE_EVENT_SECCOMP)
		at_forbidden_call(pid, how, seen);
	if (event == PTRACE_EVENT_EXIT && pid == seen->tid)
		at_exit_of(pid, seen);
	if (!event && pid == seen->tid)
		ptrace(PTRACE_GETSIGINFO, pid, 0, &seen->signalled);
	ptrace(PTRACE_CONT, pid, 0, event ? 0L : (long)sig);
}

static bool
wait_for(pid_t child, enum observe_tracer how, struct observed *seen)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status))
			at_stop(pid, status, how, seen);
		else if (pid == child)
			seen->status = status;
	}
	return errno == ECHILD;
}

static void
be_program(const struct observe_case *c, const int gate[2], struct observed *seen)
{
	char go;

	close(gate[1]);
	if (read(gate[0], &go, 1) != 0)
		_exit(96);
	seen->pid = (pid_t)syscall(SYS_getpid);
	seen_by = seen;
	c->make(seen, confine);
	syscall(SYS_exit_group, 0);
}

bool
observe(const struct observe_case *c, const char *folder, enum observe_tracer tracer,
	struct observed *seen)
{
	long seccomp = tracer == OBSERVE_WATCH ? 0 : PTRACE_O_TRACESECCOMP;
	int gate[2];
	bool ok;
	pid_t child;

	memset(seen, 0, sizeof *seen);
	if (!read_filter(folder, c->filter) || start_supervisor(c->supervisor) < 0 ||
	    pipe2(gate, O_CLOEXEC))
		return false;
	child = fork();
	if (child == 0)
		be_program(c, gate, seen);
	close(gate[0]);
	ok =
	    child > 0 && (tracer == OBSERVE_ALONE ||
			  ptrace(PTRACE_SEIZE, child, 0, watch_options | seccomp) == 0);
	close(gate[1]);
	if (supervisor >= 0)
		close(supervisor);
	return wait_for(child, tracer, seen) && ok;
}

bool
observe_possible(void)
{
	struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
	struct sock_fprog fprog = {1, &allow};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		_exit(ptrace(PTRACE_TRACEME, 0, 0, 0) ||
		      syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &fprog));
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}

void
observe_print_siginfo(const siginfo_t *info, const void *call_addr)
{
	printf("handler: `si_code` %s, `si_syscall` %d, `si_arch` %s, `si_errno` %d, "
	       "`si_call_addr` %s; then ",
	       info->si_code == 1 ? "SYS_SECCOMP" : "?", info->si_syscall,
	       info->si_arch == AUDIT_ARCH_X86_64    ? "AUDIT_ARCH_X86_64"
	       : info->si_arch == AUDIT_ARCH_AARCH64 ? "AUDIT_ARCH_AARCH64"
						     : "?",
	       info->si_errno,
	       info->si_call_addr == call_addr ? "behind the call" : "elsewhere");
}
