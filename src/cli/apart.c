/* SPDX-License-Identifier: MIT */
#include "cli/apart.h"

#include "cli/cli.h"
#include "kernel/syscalls.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* To a user whose kernel cannot do it, it is to be said; nothing else changes. */
static void
confine(struct cli *cli)
{
#if S2S_SANDBOX
	int rc = cli_confine(&cli->files.told->forbidden);

	if (rc < 0)
		s2s_log(&cli->log, S2S_LOG_WARNING,
			"the inputs are read without a policy on who reads them: "
			"seccomp: %s (--no-sandbox knows that)",
			strerrordesc_np(-rc));
#else
	(void)cli;
#endif
}

/* Nothing that was registered for the end of a process is for this one's: it belongs to
   the parent. */
static void S2S_NORETURN
be_reader(struct cli *cli, enum s2s_status (*run)(struct cli *cli), pid_t parent)
{
	enum s2s_status status, logged;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(s2s_status_exit(S2S_SYSTEM));
	cli_output_leave();
	cli_files_only(cli);
	confine(cli);
	status = run(cli);
	cli_progress_clear(&cli->progress);
	logged = cli_log_close(cli);
	_exit(s2s_status_exit(status == S2S_OK ? logged : status));
}

static int
wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

/* As if it had happened to us; there is one core file already. */
static void
end_by(struct cli *cli, int sig)
{
	cli_files_done(&cli->files);
	prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
	signal(sig, SIG_DFL);
	raise(sig);
}

/* The number is all that is taken from a process that may be an attacker's. */
static void
say_forbidden(const struct cli *cli)
{
	const struct cli_forbidden *forbidden = &cli->files.told->forbidden;
	const struct s2s_syscall *sc =
	    s2s_syscall_by_nr(S2S_ARCH_X86_64, forbidden->nr);
	char which[64] = "a system call";

	if (forbidden->is_foreign)
		snprintf(which, sizeof which,
			 "system call %" PRIu32 " of another architecture",
			 forbidden->nr);
	else if (forbidden->is_set)
		snprintf(which, sizeof which, "system call %" PRIu32 " (%s)",
			 forbidden->nr, sc ? sc->name : "unknown");
	s2s_log(&cli->log, S2S_LOG_ERROR,
		"what reads the inputs was stopped at %s, which its policy forbids: "
		"nothing was written. Either an input abuses a fault in "
		"strace2seccomp, "
		"or this system needs a call that others do not; --no-sandbox reads "
		"without a policy inputs that can be trusted",
		which);
}

static enum s2s_status
attend(struct cli *cli, pid_t child)
{
	int status = wait_for(child);

	if (status < 0) {
		cli_say_errno(&cli->log, "wait", errno);
		return S2S_SYSTEM;
	}
	if (cli->files.told->forbidden.is_set ||
	    (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)) {
		say_forbidden(cli);
		return S2S_INTERNAL;
	}
	if (WIFSIGNALED(status)) {
		end_by(cli, WTERMSIG(status));
		return S2S_SYSTEM;
	}
	cli->exit = WEXITSTATUS(status);
	return S2S_OK;
}

enum s2s_status
cli_apart(struct cli *cli, enum s2s_status (*run)(struct cli *cli))
{
	const struct sigaction hear = {.sa_handler = SIG_DFL};
	pid_t parent = getpid(), child;
	struct sigaction was;
	enum s2s_status status;

	if (!S2S_SANDBOX || cli->options.no_sandbox) {
		cli->exit = s2s_status_exit(run(cli));
		return S2S_OK;
	}
	sigaction(SIGCHLD, &hear, &was); /* ignored, it would take the exit status */
	fflush(NULL);
	child = fork();
	if (child == 0)
		be_reader(cli, run, parent);
	if (child > 0) {
		status = attend(cli, child);
	} else {
		cli_say_errno(&cli->log, "fork", errno);
		status = S2S_SYSTEM;
	}
	sigaction(SIGCHLD, &was, NULL);
	return status;
}
