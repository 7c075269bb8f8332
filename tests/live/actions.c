/* SPDX-License-Identifier: MIT */
/* One program makes one forbidden call, socket(AF_UNIX, SOCK_STREAM, 0), under each
   action: what the program, its parent and its tracer observe, as a table in Markdown.
   Each row is done twice, without a tracer and with one that only looks on, and must
   come out the same for the program and its parent.
   usage: actions FOLDER     with ACTION.bpf, filters that allow what child() needs */
#include "audit.h"
#include "observe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIPPED = 77 };

static const struct observe_case cases[] = {
    {"kill-process", "", "kill-process.bpf", .make = observe_call},
    {"kill-thread", "in the only thread", "kill-thread.bpf", .make = observe_call},
    {"kill-thread", "in a second thread", "kill-thread.bpf", .make = observe_in_thread},
    {"trap", "no handler", "trap.bpf", .make = observe_call},
    {"trap", "a handler that returns", "trap.bpf", .make = observe_with_handler},
    {"errno=EACCES", "", "errno.bpf", .make = observe_call},
    {"trace=7", "no tracer", "trace.bpf", .make = observe_call},
    {"trace=7", "a tracer lets it pass", "trace.bpf", .make = observe_call,
     .tracer = OBSERVE_PASS},
    {"trace=7", "a tracer skips it, result 42", "trace.bpf", .make = observe_call,
     .tracer = OBSERVE_SKIP},
    {"trace=7", "a tracer makes it `getpid`", "trace.bpf", .make = observe_call,
     .tracer = OBSERVE_CHANGE},
    {"notify", "no listener", "notify.bpf", .make = observe_call},
    {"notify", "a supervisor answers EACCES", "notify.bpf", .make = observe_call,
     .supervisor = OBSERVE_REFUSE},
    {"notify", "a supervisor lets it continue", "notify.bpf", .make = observe_call,
     .supervisor = OBSERVE_CONTINUE},
    {"notify", "the supervisor dies", "notify.bpf", .make = observe_call,
     .supervisor = OBSERVE_DIE},
    {"log", "", "log.bpf", .make = observe_call},
    {"strict mode", "`PR_SET_SECCOMP`, no filter", NULL, .make = observe_call},
};

static void
print_program(const struct observed *o)
{
	if (o->trapped.si_signo)
		observe_print_siginfo(&o->trapped, o->call_addr);
	if (!o->went_on)
		printf("%s",
		       o->main_went_on ? "the thread ends, the others go on" : "ends");
	else if (o->result == -1)
		printf("-1, %s", strerrorname_np(o->error));
	else if (o->is_socket)
		printf("a socket");
	else if (o->result == o->pid)
		printf("its own pid");
	else
		printf("%ld", o->result);
}

static void
print_parent(int status)
{
	if (WIFEXITED(status))
		printf("exit status %d", WEXITSTATUS(status));
	else
		printf("SIG%s%s", sigabbrev_np(WTERMSIG(status)),
		       WCOREDUMP(status) ? " (core)" : "");
}

static void
print_tracer(const struct observed *o)
{
	const char *and = "";

	if (o->seccomp_events) {
		printf("`EVENT_SECCOMP`, message %lu, call %lld", o->message,
		       o->call_at_event);
		and = "; ";
	}
	if (o->signalled.si_signo) {
		printf("%ssignal SIG%s", and, sigabbrev_np(o->signalled.si_signo));
		and = "; ";
	}
	if (o->exits && WIFSIGNALED((int)o->exit_status)) {
		printf("%s`EVENT_EXIT`, SIG%s%s, call %lld", and,
		       sigabbrev_np(WTERMSIG((int)o->exit_status)),
		       WCOREDUMP((int)o->exit_status) ? " (core)" : "",
		       o->call_at_exit);
		and = "; ";
	}
	if (!*and)
		printf("nothing");
}

/* What the program and its parent see does not hang on being looked at. */
static bool
same(const struct observed *a, const struct observed *b)
{
	return a->status == b->status && a->went_on == b->went_on &&
	       a->main_went_on == b->main_went_on && a->error == b->error &&
	       a->is_socket == b->is_socket &&
	       (a->result == b->result ||
		(a->result == a->pid && b->result == b->pid)) &&
	       a->trapped.si_syscall == b->trapped.si_syscall &&
	       a->trapped.si_code == b->trapped.si_code;
}

static void
print_audit(int audit, pid_t pid)
{
	char text[64];

	if (audit < 0)
		printf("?");
	else if (audit_find(audit, pid, text, sizeof text))
		printf("`%s`", text);
	else
		printf("nothing");
}

static bool
print_row(const struct observe_case *c, const char *folder, int audit,
	  struct observed *alone, struct observed *watched)
{
	if (!observe(c, folder, c->tracer, alone) ||
	    !observe(c, folder, c->tracer ? c->tracer : OBSERVE_WATCH, watched)) {
		fprintf(stderr, "%s, %s: not observed\n", c->action, c->when);
		return false;
	}
	printf("| %s%s%s | ", c->action, *c->when ? ": " : "", c->when);
	print_program(alone);
	printf(" | ");
	print_parent(alone->status);
	printf(" | ");
	print_tracer(watched);
	printf(" | ");
	print_audit(audit, alone->pid);
	printf(" |\n");
	if (!same(alone, watched))
		fprintf(stderr, "%s, %s: being traced makes a difference\n", c->action,
			c->when);
	return same(alone, watched);
}

/* Whether a signal that dumps core does so here. */
static bool
dumps_core(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		abort();
	return waitpid(pid, &status, 0) == pid && WCOREDUMP(status);
}

int
main(int argc, char **argv)
{
	struct rlimit core = {RLIM_INFINITY, RLIM_INFINITY};
	struct observed *seen = mmap(NULL, 2 * sizeof *seen, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int audit = audit_open();
	bool ok = true;

	if (argc != 2 || seen == MAP_FAILED)
		return 2;
	if (!observe_possible()) {
		puts("skipped: no filters or no tracing here");
		return SKIPPED;
	}
	setrlimit(RLIMIT_CORE, &core);
	if (!dumps_core())
		fprintf(stderr, "no core dumps here\n");
	if (audit < 0)
		fprintf(stderr, "no audit log here\n");
	puts("| action | the program | its parent | a tracer | the audit log |\n"
	     "|---|---|---|---|---|");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ok = print_row(&cases[i], argv[1], audit, &seen[0], &seen[1]) && ok;
	return !ok;
}
