/* SPDX-License-Identifier: MIT */
/* A filter over a process: starts a command under filters and tells which calls they
   reject. Knows nothing of texts: what is told is the call as the kernel saw it.

   Three processes. The one that calls s2s_enforce() waits for the command and has its
   exit status. The command is its child. The reporter, another child, traces the
   command (or answers its listener) and outlives both while daemons of the command
   live. The kernel enforces; a reporter that dies takes the explanations with it. */
#pragma once

#include "base/log.h"
#include "base/status.h"
#include "filter/filter.h"
#include "kernel/call.h"

#include <stdbool.h>
#include <sys/types.h>

/* A call that the filters do not let pass. */
struct s2s_stopped {
	pid_t tid; /* it waits while it is told, so that it means the same thread */
	struct seccomp_data data;
	uint32_t verdict; /* the strictest of the filters', as they were given */
};

enum s2s_answer {
	S2S_ANSWER_PASS, /* for this time */
	S2S_ANSWER_FAIL, /* EPERM */
	S2S_ANSWER_KILL, /* the whole process */
};

/* Called in the reporter. */
struct s2s_reporter {
	/* The answer counts where nothing is enforced. */
	enum s2s_answer (*stopped)(void *self, const struct s2s_stopped *call);
	/* The command, or with `last` the last of its processes, has ended. False: what
	   was told could not be kept. */
	bool (*ended)(void *self, bool last);
	/* Not NULL: before that, where it cannot answer any more. */
	void (*failed)(void *self);
	void *self;
	bool calls_alone; /* the verdict is not wanted, nor is it said when the reporter
			     is ended */
};

enum s2s_enforce_how {
	S2S_ENFORCE_EXPLAIN, /* enforce and tell */
	S2S_ENFORCE_QUIETLY, /* enforce without a reporter */
	S2S_ENFORCE_ASK,     /* what is rejected waits for the reporter's answer */
};

struct s2s_enforce {
	const struct s2s_filter *filters; /* the kernel takes the strictest */
	size_t n;
	char *const *argv; /* of the command */
	enum s2s_enforce_how how;
	struct s2s_reporter reporter;
	const struct s2s_log *log;
	bool default_sigpipe, default_sigxfsz; /* of the command: we ignore them */
	int keep_fd[3];                        /* of the reporter's; -1: none */
	/* Both may be NULL; false: the command is not to be run, which was said. Called
	   before it does anything, in the process that was started … */
	bool (*started)(void *self, pid_t command);
	void *self;
	/* … and in the command's own: the last word on its credentials. */
	bool (*become)(void *become_self);
	void *become_self;
};

struct s2s_enforced {
	int exit;     /* as a shell gives it: the status, 128 + signal, 126 or 127 */
	bool not_run; /* it could not be executed; that was said */
	bool kept;    /* the reporter was there to the end, and said so */
};

/* Runs the command; without filters nothing confines it, no_new_privs neither.
   S2S_SYSTEM where it could not be tried, which was said; else *ret. */
enum s2s_status s2s_enforce(const struct s2s_enforce *enforce,
			    struct s2s_enforced *ret);

/* The number of that name in /proc/PID/status. */
int s2s_process_status(pid_t pid, const char *name, int missing);
/* Of which process a thread is; itself where that cannot be read. */
pid_t s2s_process_of(pid_t tid);

/* The file that a command's name means; heap; NULL where there is none. */
char *s2s_find_command(const char *name);

/* ---- what is installed ---- */

/* Whether all filters let a 64-bit execve pass, whatever its arguments. */
bool s2s_enforce_allows_exec(const struct s2s_filter *filters, size_t n);

/* The programs to install, one after the other. Heap; the caller frees each. */
struct s2s_programs {
	struct s2s_filter *program;
	size_t n;
	bool cookie;      /* each begins with the test for it, but for a guard */
	bool asks_tracer; /* some verdict does; then the first is a guard: nobody else
			     becomes a tracer that answers */
};
void s2s_programs_done(struct s2s_programs *programs);

/* How rejecting verdicts are rewritten. */
enum s2s_rewrite {
	S2S_REWRITE_NOTHING,
	/* Verdicts of which a tracer would see nothing (errno, notify, trace) ask it.
	 */
	S2S_REWRITE_TO_TRACE,
	/* All in one program, and whatever is rejected asks the listener. */
	S2S_REWRITE_TO_NOTIFY,
};

/* S2S_LIMIT where one would be longer than the kernel takes, S2S_USAGE where filters
   cannot be made to ask the listener since one computes what it answers. */
enum s2s_status s2s_programs_make(const struct s2s_filter *filters, size_t n,
				  enum s2s_rewrite rewrite, struct s2s_programs *ret);

/* Whether this is a call that the guard hands to the tracer: ptrace. */
bool s2s_programs_guards(const struct seccomp_data *data);

/* Puts the number that only the launcher knows into the tests. */
void s2s_programs_set_cookie(struct s2s_programs *programs, uint64_t cookie);

/* The strictest verdict of all filters. */
uint32_t s2s_enforce_verdict(const struct s2s_filter *filters, size_t n,
			     const struct seccomp_data *data);

/* The call as the tree takes it; false where no system call has that number. */
bool s2s_enforce_call(const struct seccomp_data *data, struct s2s_call *ret);
