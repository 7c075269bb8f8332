/* SPDX-License-Identifier: MIT */
/* witness LOG COMMAND ARG…: runs the command and writes the call in which each thread
   died by SIGSYS, as strace does with -e raw=all. It stops the command at forks and
   deaths only, so that timing stays what it is without a witness. Exits as the command
   does. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static const long options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			    PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXIT |
			    PTRACE_O_EXITKILL;

/* Executes the command once the tracer is there. */
static void
become(char **argv, const int gate[2])
{
	char c;

	close(gate[1]);
	while (read(gate[0], &c, 1) < 0 && errno == EINTR)
		continue;
	close(gate[0]);
	execv(argv[0], argv);
	_exit(126);
}

static void
write_death(FILE *log, pid_t pid)
{
	struct user_regs_struct r;
	unsigned long status;

	if (ptrace(PTRACE_GETEVENTMSG, pid, 0, &status) || !WIFSIGNALED((int)status) ||
	    WTERMSIG((int)status) != SIGSYS || ptrace(PTRACE_GETREGS, pid, 0, &r))
		return;
	fprintf(log, "%d syscall_%#llx(%#llx, %#llx, %#llx, %#llx, %#llx, %#llx) = ?\n",
		(int)pid, r.orig_rax, r.rdi, r.rsi, r.rdx, r.r10, r.r8, r.r9);
	fflush(log);
}

/* Lets a stopped thread go on, with the signal that it was stopped for. */
static void
go_on(FILE *log, pid_t pid, int status)
{
	int event = status >> 16, sig = WSTOPSIG(status);

	if (event == PTRACE_EVENT_EXIT)
		write_death(log, pid);
	if (event == PTRACE_EVENT_STOP &&
	    (sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU))
		ptrace(PTRACE_LISTEN, pid, 0, 0);
	else
		ptrace(PTRACE_CONT, pid, 0, event ? 0L : (long)sig);
}

int
main(int argc, char **argv)
{
	int gate[2], status, ours = 0;
	FILE *log = argc > 2 ? fopen(argv[1], "ae") : NULL;
	pid_t pid, child;

	if (!log || pipe(gate))
		return 2;
	child = fork();
	if (child == 0)
		become(argv + 2, gate);
	if (child < 0 || ptrace(PTRACE_SEIZE, child, 0, options)) {
		perror("witness");
		return 2;
	}
	close(gate[0]);
	close(gate[1]);
	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid > 0 && WIFSTOPPED(status))
			go_on(log, pid, status);
		else if (pid == child)
			ours = status;
	}
	return WIFSIGNALED(ours) ? 128 + WTERMSIG(ours) : WEXITSTATUS(ours);
}
