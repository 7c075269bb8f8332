/* SPDX-License-Identifier: MIT */
/* The command's process up to its exec. All that takes memory or may fail is done
   before the first filter; behind it there are seccomp() and exec, nothing else. */
#include "enforce/launch.h"
#include "enforce/regs.h"

#include "base/arena.h"
#include "base/out.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_S = 10 };

static char *
join_path(struct s2s_sv folder, const char *slash, const char *name)
{
	struct s2s_out path;

	s2s_out_memory(&path);
	s2s_out_sv(&path, folder);
	s2s_out_printf(&path, "%s%s", slash, name);
	s2s_out_char(&path, '\0');
	return path.p;
}

/* The files that a name may mean, in the order of PATH, NULL behind the last. */
static char **
find_candidates(const char *name)
{
	const char *path = getenv("PATH");
	struct s2s_sv left = sv_from(path ? path : "/bin:/usr/bin");
	char **found = s2s_realloc(NULL, left.n + 3, sizeof(char *));
	size_t n = 0;

	if (strchr(name, '/')) {
		found[n++] = join_path(SV(""), "", name);
	} else if (*name) {
		do {
			const char *end = memchr(left.p, ':', left.n);
			struct s2s_sv one = {left.p,
					     end ? (size_t)(end - left.p) : left.n};

			found[n++] = join_path(one.n ? one : SV("."), "/", name);
			sv_skip(&left, one.n);
		} while (sv_eat_char(&left, ':'));
	}
	found[n] = NULL;
	return found;
}

static void
free_candidates(char **found)
{
	for (size_t i = 0; found && found[i]; i++)
		free(found[i]);
	free(found);
}

char *
s2s_find_command(const char *name)
{
	char **found = find_candidates(name), *path = NULL;

	for (size_t i = 0; found[i] && !path; i++)
		if (access(found[i], X_OK) == 0)
			path = join_path(sv_from(found[i]), "", "");
	free_candidates(found);
	return path;
}

/* A script without #!: the shell's to read. */
static void
make_script(struct s2s_launch *launch, char *const *argv)
{
	size_t n = 0;

	while (argv[n])
		n++;
	launch->script = s2s_realloc(NULL, n + 2, sizeof(char *));
	launch->script[0] = (char *)(uintptr_t) "sh";
	memcpy(&launch->script[2], &argv[1], n * sizeof(char *));
}

static enum s2s_status
say_unfit(const struct s2s_log *log, enum s2s_status status)
{
	if (status == S2S_LIMIT)
		s2s_log(log, S2S_LOG_ERROR,
			"with what the launcher needs in front, a filter is longer "
			"than the %d instructions that the kernel takes",
			S2S_FILTER_MAX);
	else if (status != S2S_OK)
		s2s_log(log, S2S_LOG_ERROR,
			"a filter computes what it answers (ret A, or a division), so "
			"that it cannot be made to ask instead");
	return status;
}

enum s2s_status
s2s_launch_prepare(struct s2s_launch *launch)
{
	const struct s2s_enforce *e = launch->enforce;
	bool asks = e->how == S2S_ENFORCE_ASK;

	launch->candidates = find_candidates(e->argv[0]);
	make_script(launch, e->argv);
	if (e->n == 0)
		return S2S_OK;
	TRY(say_unfit(e->log, s2s_programs_make(e->filters, e->n, S2S_REWRITE_NOTHING,
						&launch->plain)));
	return say_unfit(e->log, s2s_programs_make(e->filters, e->n,
						   asks ? S2S_REWRITE_TO_NOTIFY
							: S2S_REWRITE_TO_TRACE,
						   &launch->asking));
}

void
s2s_launch_done(struct s2s_launch *launch)
{
	free_candidates(launch->candidates);
	free(launch->script);
	s2s_programs_done(&launch->plain);
	s2s_programs_done(&launch->asking);
}

/* A call that asks a listener which nobody has but we would wait for ever. */
static void S2S_NORETURN
fail(struct s2s_launch *launch, int error)
{
	struct s2s_shared *shared = launch->shared;

	shared->failed = error;
	if (shared->listener < 0 || shared->taken)
		syscall(SYS_exit_group, 127L);
	for (;;)
		__builtin_trap(); /* the filter forbids to exit */
}

static long
install(const struct s2s_filter *program, unsigned flags, uint64_t cookie)
{
	struct sock_fprog prog = {(unsigned short)program->n, program->insn};

	return syscall(SYS_seccomp, (long)SECCOMP_SET_MODE_FILTER, (long)flags, &prog,
		       0L, 0L, cookie);
}

/* Returns the listener where that is asked for. */
static int
install_one(struct s2s_launch *launch, const struct s2s_filter *program, bool listen,
	    uint64_t cookie)
{
	unsigned flags = listen ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
	long rc = -1;

	if (listen)
		rc = install(program, flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
			     cookie);
	if (rc < 0)
		rc = install(program, flags, cookie);
	if (rc < 0)
		fail(launch, errno);
	return (int)rc;
}

/* No call is certain to be allowed by now: waits without one (the vDSO's clock). */
static void
hand_over(struct s2s_launch *launch, int listener)
{
	struct timespec now, end;

	launch->shared->listener = listener;
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += PATIENCE_S;
	do {
		s2s_regs_pause();
		if (launch->shared->taken)
			return;
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < end.tv_sec);
	fail(launch, ETIMEDOUT);
}

static void
confine(struct s2s_launch *launch, struct s2s_programs *programs, uint64_t cookie)
{
	bool listen = launch->enforce->how == S2S_ENFORCE_ASK;
	int listener = -1;

	s2s_programs_set_cookie(programs, cookie);
	for (size_t i = 0; i < programs->n; i++)
		listener = install_one(launch, &programs->program[i], listen, cookie);
	if (listen)
		hand_over(launch, listener);
}

static long
execute(const char *path, char *const *argv, uint64_t cookie)
{
	return syscall(SYS_execve, path, argv, environ, 0L, 0L, cookie);
}

/* As execvp() does it. Returns what made it fail. */
static int
try_candidates(struct s2s_launch *launch, uint64_t cookie)
{
	int error = ENOENT;

	for (char **path = launch->candidates; *path; path++) {
		execute(*path, launch->enforce->argv, cookie);
		if (errno == ENOEXEC) {
			launch->script[1] = *path;
			execute("/bin/sh", launch->script, cookie);
			return ENOEXEC;
		}
		if (errno == EACCES)
			error = EACCES;
		else if (errno != ENOENT && errno != ENOTDIR)
			return errno;
	}
	return error;
}

static void
wait_at_gate(struct s2s_launch *launch)
{
	char c;

	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	close(launch->gate[1]);
	while (read(launch->gate[0], &c, 1) < 0 && errno == EINTR)
		continue;
	/* A listener is yet to be fetched, by the same right. */
	prctl(PR_SET_PTRACER,
	      launch->enforce->how == S2S_ENFORCE_ASK ? launch->shared->reporter : 0, 0,
	      0, 0);
}

static const __itimer_which_t timers[] = {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF};

void
s2s_launch_take_timers(struct s2s_launch *launch)
{
	static const struct itimerval none;

	for (size_t i = 0; i < S2S_ARRAY_SIZE(timers); i++)
		setitimer(timers[i], &none, &launch->timer[i]);
}

/* Who ends the launcher by a signal that cannot be handed on means the command. */
static void
die_with_launcher(const struct s2s_launch *launch)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != launch->launcher)
		raise(SIGKILL); /* it was too late */
}

static void
restore_timers(const struct s2s_launch *launch)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(timers); i++)
		setitimer(timers[i], &launch->timer[i], NULL);
}

static void
restore_signals(const struct s2s_launch *launch)
{
	if (launch->enforce->default_sigpipe)
		signal(SIGPIPE, SIG_DFL);
	if (launch->enforce->default_sigxfsz)
		signal(SIGXFSZ, SIG_DFL);
	sigprocmask(SIG_SETMASK, &launch->mask, NULL);
}

/* The kernel forgets the signal at our parent's death where the credentials change. */
static void
become_other(struct s2s_launch *launch)
{
	const struct s2s_enforce *e = launch->enforce;

	if (!e->become)
		return;
	if (!e->become(e->become_self)) {
		launch->shared->told = 1;
		fail(launch, EPERM);
	}
	die_with_launcher(launch);
}

void
s2s_launch_become(struct s2s_launch *launch)
{
	bool asks = launch->enforce->how == S2S_ENFORCE_ASK;
	uint64_t cookie;

	die_with_launcher(launch);
	wait_at_gate(launch);
	if (getrandom(&cookie, sizeof cookie, 0) != sizeof cookie)
		fail(launch, errno);
	if (asks && launch->shared->traced != 1)
		fail(launch, ECHILD);
	restore_timers(launch);
	restore_signals(launch);
	become_other(launch);
	if (launch->enforce->n) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
			fail(launch, errno);
		confine(launch,
			launch->shared->traced == 1 ? &launch->asking : &launch->plain,
			cookie);
	}
	launch->shared->at_exec = 1;
	fail(launch, try_candidates(launch, cookie));
}
