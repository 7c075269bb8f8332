/* SPDX-License-Identifier: MIT */
/* Starts the command and its reporter, and stands where the command's parent expects
   the command to be: same process group, same terminal, signals handed on. */
#include "enforce/launch.h"

#include "base/out.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile pid_t command; /* for the handler */

/* Keys and a new size of the terminal are told to the whole process group, a hang-up to
   the leader of the session alone. */
static bool
command_has_it(int sig, const siginfo_t *info)
{
	if (info->si_code <= 0)
		return info->si_pid == command;
	switch (sig) {
	case SIGINT:
	case SIGQUIT:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGWINCH:
		return true;
	case SIGHUP:
		return getsid(0) != getpid();
	}
	return false;
}

/* What was sent to us is the command's. */
static void
hand_on(int sig, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)context;
	if (!command_has_it(sig, info)) {
		if (info->si_code == SI_QUEUE)
			sigqueue(command, sig, info->si_value);
		else
			kill(command, sig);
		if (sig == SIGHUP && info->si_code > 0)
			kill(command, SIGCONT); /* as the kernel does */
	}
	errno = saved;
}

/* Of SIGCHLD we must hear; we stop when the command does, not when it is told to. */
static bool
is_handed_on(int sig)
{
	switch (sig) {
	case SIGKILL:
	case SIGSTOP:
	case SIGCHLD:
	case SIGCONT:
	case SIGSEGV:
	case SIGBUS:
	case SIGILL:
	case SIGFPE:
	case SIGTRAP:
	case SIGSYS:
	case SIGABRT:
		return false;
	}
	return true;
}

static void
catch_signal(int sig)
{
	struct sigaction action = {.sa_sigaction = hand_on,
				   .sa_flags = SA_SIGINFO | SA_RESTART};

	sigfillset(&action.sa_mask);
	sigaction(sig, &action, NULL);
}

static void
hand_signals_on(void)
{
	struct sigaction old;

	signal(SIGCHLD, SIG_DFL); /* ignored, it would take the exit status */
	for (int sig = 1; sig <= SIGRTMAX; sig++)
		if (is_handed_on(sig) && sigaction(sig, NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			catch_signal(sig);
}

/* The command has stopped: so do we, that whoever controls the job sees it. What wakes
   us wakes the command. */
static void
stop_too(int sig)
{
	struct sigaction old;

	if (sig == SIGSTOP) {
		raise(sig);
	} else if (sigaction(sig, NULL, &old) == 0) {
		signal(sig, SIG_DFL);
		raise(sig);
		sigaction(sig, &old, NULL);
	}
	kill(command, SIGCONT);
}

/* Until the command is over. False where that cannot be known: then it is ended. */
static bool
wait_for_command(int *ret_status)
{
	for (;;) {
		if (waitpid(command, ret_status, WUNTRACED) < 0) {
			if (errno != EINTR)
				break;
		} else if (!WIFSTOPPED(*ret_status)) {
			return true;
		} else {
			stop_too(WSTOPSIG(*ret_status));
		}
	}
	kill(command, SIGKILL);
	return false;
}

struct pipes {
	int over[2], done[2];
};

/* Nothing of the command's stays open because the reporter lives: but for where it
   reports to, and its own pipes. */
static void
keep_only(const int *keep, size_t n)
{
	for (unsigned from = 0; from <= INT_MAX;) {
		unsigned next = (unsigned)INT_MAX + 1;

		for (size_t i = 0; i < n; i++)
			if (keep[i] >= (int)from && (unsigned)keep[i] < next)
				next = (unsigned)keep[i];
		if (next > from)
			close_range(from, next - 1, 0);
		from = next + 1;
	}
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", O_RDWR | O_CLOEXEC);
}

/* The terminal's signals are not for the reporter, nor what a service manager sends to
   all processes of the command: it ends when they have. */
static void
leave_terminal(void)
{
	sigset_t none;

	setsid();
	for (int sig = 1; sig <= SIGRTMAX; sig++)
		if (is_handed_on(sig))
			signal(sig, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A command of the same user may open /proc/PID/mem where the policy lets it open
   files: it must not act through those of us that nothing confines. */
static void
close_memory(void)
{
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static void S2S_NORETURN
be_reporter(struct s2s_launch *launch, pid_t main, struct pipes *pipes)
{
	const struct s2s_enforce *e = launch->enforce;
	const int keep[] = {e->keep_fd[0],   e->keep_fd[1],  e->keep_fd[2],
			    launch->gate[1], pipes->over[0], pipes->done[1]};
	bool whole;

	close_memory();
	leave_terminal();
	keep_only(keep, S2S_ARRAY_SIZE(keep));
	launch->shared->reporter = getpid();
	if (e->how == S2S_ENFORCE_ASK)
		whole = s2s_supervise(launch, main, pipes->over[0], pipes->done[1]);
	else
		whole = s2s_watch(launch, main, pipes->done[1]);
	_exit(!whole);
}

static void
close_all(int *fd, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fd[i] >= 0)
			close(fd[i]);
}

/* Waits for the reporter, unless it stays for the daemons. */
static void
leave_reporter(const struct s2s_launch *launch, pid_t reporter, struct pipes *pipes)
{
	int status = 0;
	char text;
	ssize_t n;

	close(pipes->over[1]);
	do
		n = read(pipes->done[0], &text, 1);
	while (n < 0 && errno == EINTR);
	if (n == 0 && reporter > 0)
		waitpid(reporter, &status, 0);
	if (status && !launch->enforce->reporter.calls_alone)
		s2s_log(launch->enforce->log, S2S_LOG_ERROR,
			"the reporter was ended, not all that was stopped is told");
	close(pipes->done[0]);
}

static int
say_failure(const struct s2s_launch *launch)
{
	const struct s2s_enforce *e = launch->enforce;
	struct s2s_out name;
	int error = launch->shared->failed;

	s2s_out_memory(&name);
	s2s_out_escaped(&name, sv_from(e->argv[0]));
	if (launch->shared->told)
		; /* by itself */
	else if (!launch->shared->at_exec)
		s2s_log(e->log, S2S_LOG_ERROR, "the filters cannot be installed: %s%s",
			strerror(error),
			e->how == S2S_ENFORCE_ASK && error == EBUSY
			    ? " (somebody answers for the calls of this process "
			      "already)"
			    : "");
	else
		s2s_log(e->log, S2S_LOG_ERROR, "%.*s: %s", (int)name.n, name.p,
			error == ENOENT ? "command not found" : strerror(error));
	s2s_out_done(&name);
	return error == ENOENT ? 127 : 126;
}

static int
exit_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void
say_unexplained(const struct s2s_launch *launch, int status)
{
	const struct s2s_enforce *e = launch->enforce;

	if (e->how == S2S_ENFORCE_EXPLAIN && launch->shared->traced < 0)
		s2s_log(e->log, S2S_LOG_WARNING,
			"the filters were in force, but nothing can be said about what "
			"they stopped: tracing is not possible here (%s)",
			strerror(-launch->shared->traced));
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS &&
		 launch->shared->traced == 1 && launch->shared->reports == 0)
		s2s_log(e->log, S2S_LOG_WARNING,
			"the command was ended by SIGSYS, which none of these filters "
			"sent");
}

static enum s2s_status
attend(struct s2s_launch *launch, pid_t reporter, struct pipes *pipes,
       struct s2s_enforced *ret)
{
	const struct s2s_enforce *e = launch->enforce;
	int status = 0;
	bool waited;

	close_memory();
	if (e->started && !e->started(e->self, command))
		kill(command, SIGKILL);
	close_all(launch->gate, 2);
	close_all((int[]){pipes->over[0], pipes->done[1]}, 2);
	sigprocmask(SIG_SETMASK, &launch->mask, NULL);
	waited = wait_for_command(&status);
	if (!waited)
		s2s_log(e->log, S2S_LOG_ERROR,
			"the command was ended, it cannot be waited for: %s",
			strerror(errno));
	leave_reporter(launch, reporter, pipes);
	if (launch->shared->failed) {
		*ret = (struct s2s_enforced){say_failure(launch), .not_run = true};
		return launch->shared->at_exec ? S2S_OK : S2S_SYSTEM;
	}
	if (!waited)
		return S2S_SYSTEM;
	say_unexplained(launch, status);
	*ret = (struct s2s_enforced){exit_of(status), false, launch->shared->kept};
	return S2S_OK;
}

static enum s2s_status
start(struct s2s_launch *launch, struct pipes *pipes, struct s2s_enforced *ret)
{
	bool alone = launch->enforce->how == S2S_ENFORCE_QUIETLY;
	sigset_t all;
	pid_t reporter = 0;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &launch->mask);
	s2s_launch_take_timers(launch);
	launch->launcher = getpid();
	fflush(NULL);
	command = fork();
	if (command == 0)
		s2s_launch_become(launch);
	hand_signals_on();
	if (command > 0 && !alone)
		reporter = fork();
	if (command > 0 && reporter == 0 && !alone)
		be_reporter(launch, command, pipes);
	if (command > 0 && reporter >= 0)
		return attend(launch, reporter, pipes, ret);
	s2s_log(launch->enforce->log, S2S_LOG_ERROR, "fork: %s", strerror(errno));
	if (command > 0) {
		kill(command, SIGKILL);
		waitpid(command, NULL, 0);
	}
	sigprocmask(SIG_SETMASK, &launch->mask, NULL);
	return S2S_SYSTEM;
}

enum s2s_status
s2s_enforce(const struct s2s_enforce *enforce, struct s2s_enforced *ret)
{
	struct s2s_launch launch = {.enforce = enforce, .gate = {-1, -1}};
	struct pipes pipes;
	enum s2s_status status = s2s_launch_prepare(&launch);

	if (status == S2S_OK) {
		launch.shared =
		    mmap(NULL, sizeof *launch.shared, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (launch.shared == MAP_FAILED || pipe2(launch.gate, O_CLOEXEC) ||
		    pipe2(pipes.over, O_CLOEXEC) || pipe2(pipes.done, O_CLOEXEC)) {
			s2s_log(enforce->log, S2S_LOG_ERROR, "%s", strerror(errno));
			status = S2S_SYSTEM;
		} else {
			launch.shared->listener = -1;
			status = start(&launch, &pipes, ret);
		}
		if (launch.shared != MAP_FAILED)
			munmap(launch.shared, sizeof *launch.shared);
	}
	s2s_launch_done(&launch);
	return status;
}
