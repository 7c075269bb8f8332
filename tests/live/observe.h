/* SPDX-License-Identifier: MIT */
/* A program that makes a forbidden call, its supervisor, and its parent and tracer. */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* What all of them saw. Shared memory. */
struct observed {
	/* the program */
	pid_t pid, tid;
	bool went_on, main_went_on, is_socket;
	long result;
	int error;
	siginfo_t trapped; /* si_signo 0: no handler ran */
	void *call_addr;   /* behind the system call */
	/* its parent */
	int status;
	/* a tracer, of the thread that made the call */
	unsigned seccomp_events, exits;
	unsigned long message, exit_status;
	long long call_at_event, call_at_exit;
	siginfo_t signalled;
};

enum observe_tracer {
	OBSERVE_ALONE,
	OBSERVE_WATCH, /* asks for no seccomp events */
	OBSERVE_PASS,
	OBSERVE_SKIP,
	OBSERVE_CHANGE,
};

enum observe_supervisor {
	OBSERVE_NOBODY,
	OBSERVE_REFUSE,
	OBSERVE_CONTINUE,
	OBSERVE_DIE,
};

struct observe_case {
	const char *action, *when;
	const char *filter; /* file in the folder; NULL: strict mode */
	void (*make)(struct observed *seen, void (*confine)(void));
	enum observe_tracer tracer;
	enum observe_supervisor supervisor;
};

void observe_call(struct observed *seen, void (*confine)(void));
void observe_in_thread(struct observed *seen, void (*confine)(void));
void observe_with_handler(struct observed *seen, void (*confine)(void));

/* Runs the case in a process of its own. False where it could not be run. */
bool observe(const struct observe_case *c, const char *folder,
	     enum observe_tracer tracer, struct observed *seen);
bool observe_possible(void);

/* The members that SYS_SECCOMP fills, with si_call_addr as "the call" where it is. */
void observe_print_siginfo(const siginfo_t *info, const void *call_addr);
