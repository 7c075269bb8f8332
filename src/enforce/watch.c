/* SPDX-License-Identifier: MIT */
/* The reporter that traces: sees forks, ends of threads, SIGSYS, and calls that a
   filter hands to a tracer. No call that is allowed stops for it. */
#include "enforce/launch.h"
#include "enforce/regs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where a filter hands calls to the tracer, nothing may live on without it: the kernel
   makes a call whose tracer dies while it is stopped for it (seen on Linux 6.18), and
   would let one pass that way. Else what lives on is confined, by the kernel alone. */
static long
options_for(const struct s2s_launch *launch)
{
	return PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
	       PTRACE_O_TRACEEXIT | PTRACE_O_TRACESECCOMP |
	       (launch->asking.asks_tracer ? PTRACE_O_EXITKILL : 0);
}

int
s2s_process_status(pid_t pid, const char *name, int missing)
{
	size_t n = strlen(name);
	char path[64], line[256];
	int found = missing;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, name, n) == 0 && line[n] == ':') {
			found = (int)strtol(line + n + 1, NULL, 10);
			break;
		}
	if (f)
		fclose(f);
	return found;
}

pid_t
s2s_process_of(pid_t tid)
{
	return (pid_t)s2s_process_status(tid, "Tgid", (int)tid);
}

/* What a thread that a filter stopped is seen to do. */
enum sight { DIES, IS_TRAPPED, ASKS };

static enum sight
sight_of(uint32_t verdict)
{
	switch (verdict & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_TRAP:
		return IS_TRAPPED;
	case SECCOMP_RET_ERRNO:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		return ASKS;
	}
	return DIES;
}

/* Tells of the call that a thread is in, where the filters reject it and that is what
   is seen: a thread that dies with others may be in any call. Returns the verdict. */
static uint32_t
tell(const struct s2s_launch *launch, pid_t tid, enum sight sight)
{
	const struct s2s_enforce *e = launch->enforce;
	struct s2s_stopped call = {.tid = tid};

	if (!s2s_regs_call(tid, &call.data))
		return SECCOMP_RET_ALLOW;
	call.verdict = s2s_enforce_verdict(e->filters, e->n, &call.data);
	if (s2s_verdict_passes(call.verdict) || sight != sight_of(call.verdict))
		return call.verdict;
	launch->shared->reports++;
	e->reporter.stopped(e->reporter.self, &call);
	return call.verdict;
}

/* A call that would have failed without being seen: it is skipped, and fails so. */
static void
fail_call(const struct s2s_launch *launch, pid_t tid)
{
	uint32_t verdict = tell(launch, tid, ASKS);
	long error = ENOSYS; /* notify and trace, as nobody else is there */
	struct seccomp_data data;

	if (s2s_verdict_passes(verdict) && s2s_regs_call(tid, &data) &&
	    s2s_programs_guards(&data))
		error = EPERM; /* as for any that is traced already */
	if ((verdict & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO)
		error = (long)(verdict & SECCOMP_RET_DATA);
	if (error > 4095)
		error = 4095; /* as the kernel does */
	if (!s2s_regs_skip(tid, -error))
		kill(tid, SIGKILL); /* it must not be made */
}

static void
at_exit_of(const struct s2s_launch *launch, pid_t tid)
{
	unsigned long status = 0;

	ptrace(PTRACE_GETEVENTMSG, tid, 0, &status);
	if (WIFSIGNALED((int)status) && WTERMSIG((int)status) == SIGSYS &&
	    s2s_regs_in_call(tid))
		tell(launch, tid, DIES);
}

static void
at_signal(const struct s2s_launch *launch, pid_t tid)
{
	siginfo_t info;

	if (ptrace(PTRACE_GETSIGINFO, tid, 0, &info) == 0 &&
	    info.si_code == SYS_SECCOMP)
		tell(launch, tid, IS_TRAPPED);
}

/* The end of a launcher that has failed is no call of the command's. */
static void
look_at(const struct s2s_launch *launch, pid_t tid, int event, int sig)
{
	if (launch->shared->failed)
		return;
	if (event == PTRACE_EVENT_SECCOMP)
		fail_call(launch, tid);
	else if (event == PTRACE_EVENT_EXIT)
		at_exit_of(launch, tid);
	else if (event == 0 && sig == SIGSYS)
		at_signal(launch, tid);
}

static void
at_stop(const struct s2s_launch *launch, pid_t tid, int status)
{
	int event = status >> 16, sig = WSTOPSIG(status);
	bool stops =
	    sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;

	look_at(launch, tid, event, sig);
	if (event == PTRACE_EVENT_STOP && stops)
		ptrace(PTRACE_LISTEN, tid, 0, 0);
	else
		ptrace(PTRACE_CONT, tid, 0, event ? 0L : (long)sig);
}

/* The command is over; others of its processes may live on. */
static void
at_end(const struct s2s_launch *launch, int done)
{
	const struct s2s_reporter *to = &launch->enforce->reporter;
	siginfo_t none;
	bool last =
	    waitid(P_ALL, 0, &none, WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) &&
	    errno == ECHILD;

	if (!last)
		launch->shared->kept = to->ended(to->self, false);
	if (!last && write(done, "d", 1) != 1)
		return;
	if (!last)
		close(done);
}

bool
s2s_watch(const struct s2s_launch *launch, pid_t main, int done)
{
	const struct s2s_reporter *to = &launch->enforce->reporter;
	bool whole;
	int status;
	pid_t tid;

	if (ptrace(PTRACE_SEIZE, main, 0, options_for(launch))) {
		launch->shared->traced = -errno;
		return true;
	}
	launch->shared->traced = 1;
	close(launch->gate[1]);
	while ((tid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (tid > 0 && WIFSTOPPED(status))
			at_stop(launch, tid, status);
		else if (tid == main)
			at_end(launch, done);
	}
	whole = errno == ECHILD;
	launch->shared->kept = to->ended(to->self, true);
	return whole;
}
