/* SPDX-License-Identifier: MIT */
/* What the processes of one run share, and the command before it is the command. */
#pragma once

#include "enforce/enforce.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

#ifndef SYS_SECCOMP /* glibc 2.36 hides it */
#define SYS_SECCOMP 1
#endif

/* Memory that all three processes have. */
struct s2s_shared {
	_Atomic int reporter; /* its pid */
	_Atomic int traced;   /* the reporter is there: 1; else -errno; 0: not yet */
	_Atomic int listener; /* the command's descriptor of it; -1: not yet */
	_Atomic int taken;    /* the reporter has the listener */
	_Atomic int failed;   /* errno of what the command could not do */
	_Atomic int at_exec;  /* that was its exec */
	_Atomic int told;     /* why was said */
	_Atomic int kept;     /* what was reported */
	_Atomic unsigned reports;
};

struct s2s_launch {
	const struct s2s_enforce *enforce;
	struct s2s_shared *shared;
	struct s2s_programs plain, asking; /* to enforce alone; with a reporter */
	pid_t launcher;
	sigset_t mask;             /* of the command */
	struct itimerval timer[3]; /* the command's: it would have inherited them */
	int gate[2];               /* closed: the reporter is ready, or gone */
	/* Files to try, in the order of PATH; heap, NULL behind the last. */
	char **candidates;
	char **script; /* "sh", room for a file, the arguments; heap */
};

/* S2S_LIMIT, S2S_USAGE: the filters cannot be installed; said. */
enum s2s_status s2s_launch_prepare(struct s2s_launch *launch);
void s2s_launch_done(struct s2s_launch *launch);

/* Stops the timers that go on over an exec (alarm(), setitimer()). */
void s2s_launch_take_timers(struct s2s_launch *launch);

/* In the child: waits for the reporter, confines itself, becomes the command. */
void s2s_launch_become(struct s2s_launch *launch) __attribute__((noreturn));

/* The reporters' bodies; they return when the last process is gone, or false where they
   cannot go on. `main` is the command; `over` becomes readable when it has ended;
   `done` is closed, behind a byte when daemons stay, once `main` was reported. */
bool s2s_watch(const struct s2s_launch *launch, pid_t main, int done);
bool s2s_supervise(const struct s2s_launch *launch, pid_t main, int over, int done);
