/* SPDX-License-Identifier: MIT */
/* The recorder that runs strace and reads its log as it is written. With `-e raw=all`
   the log has the registers, with `-n` the numbers, so that nothing is left to the
   names and the omissions of strace. */
#include "base/arena.h"
#include "base/attr.h"
#include "pipe/trace.h"
#include "record/methods.h"
#include "record/session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 1 << 16 };

struct traced {
	const struct s2s_record *record;
	char folder[64], fifo[80];
	/* The log as strace writes it, kept open until the command is over; what is
	   read; closed to end it. */
	int log[2], relayed[2], stop[2];
	pthread_t relay, reader;
	bool relays, reads;
	atomic_bool over;
	struct s2s_trace *trace;
	enum s2s_status status; /* of reading */
	/* With --pid: */
	pid_t strace;
	struct timespec begun;
	bool told; /* to end */
};

const char *
record_strace_unfit(const struct s2s_record *record)
{
	char *path = s2s_find_command("strace");

	free(path);
	if (record->cgroup)
		return "strace watches processes, no cgroups";
	return path ? NULL : "strace is not installed";
}

/* Until the time is up; -1: it never is. */
static int
left_ms(const struct traced *t)
{
	struct timespec now;
	int64_t ms;

	if (!t->record->for_seconds || t->told)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = ((int64_t)t->record->for_seconds - (now.tv_sec - t->begun.tv_sec)) * 1000 -
	     (now.tv_nsec - t->begun.tv_nsec) / 1000000;
	return ms <= 0 ? 0 : ms < INT_MAX ? (int)ms : INT_MAX;
}

/* It leaves whom it watches alone. */
static void
end_strace(struct traced *t)
{
	t->told = true;
	kill(t->strace, SIGINT);
}

/* Passes on what strace writes until that ends, or we have had enough. */
static void *
relay(void *self)
{
	struct traced *t = self;
	struct pollfd fds[] = {{.fd = t->log[0], .events = POLLIN},
			       {.fd = t->stop[0], .events = POLLIN}};
	char *buffer = s2s_realloc(NULL, AT_ONCE, 1);
	bool said = !t->record->n_pid;
	ssize_t n = 1;

	while (n > 0) {
		if (poll(fds, 2, left_ms(t)) == 0)
			end_strace(t);
		if (fds[1].revents)
			break;
		if (!fds[0].revents)
			continue;
		n = read(t->log[0], buffer, AT_ONCE);
		if (n > 0 && !said) /* all have been attached to before */
			s2s_log(t->record->log, S2S_LOG_INFO, "recording %zu processes",
				t->record->n_pid);
		said = true;
		for (ssize_t at = 0, written; at < n; at += written) {
			written = write(t->relayed[1], buffer + at, (size_t)(n - at));
			if (written < 0)
				n = 0;
		}
	}
	free(buffer);
	close(t->relayed[1]);
	t->relayed[1] = -1;
	return NULL;
}

static void *
read_log(void *self)
{
	struct traced *t = self;
	char rest[4096];

	t->status = s2s_trace_add_fd(t->trace, t->relayed[0], "strace");
	if (t->status == S2S_OK)
		t->status = s2s_trace_end(t->trace);
	while (read(t->relayed[0], rest, sizeof rest) > 0)
		continue; /* nobody is to fail since we have had enough */
	t->over = true;
	return NULL;
}

static bool
make_fifo(struct traced *t)
{
	const struct s2s_user *user = t->record->user;
	const char *tmp = getenv("TMPDIR");

	if (snprintf(t->folder, sizeof t->folder, "%s/strace2seccomp-XXXXXX",
		     tmp ? tmp : "/tmp") >= (int)sizeof t->folder) {
		errno = ENAMETOOLONG;
		*t->folder = '\0';
		return false;
	}
	if (!mkdtemp(t->folder)) {
		*t->folder = '\0';
		return false;
	}
	snprintf(t->fifo, sizeof t->fifo, "%s/log", t->folder);
	if (mkfifo(t->fifo, 0600))
		return false;
	return !t->record->argv || !user->changes ||
	       (chown(t->fifo, user->uid, user->gid) == 0 &&
		chown(t->folder, user->uid, user->gid) == 0);
}

/* Neither end waits for the other. */
static bool
open_fifo(struct traced *t)
{
	t->log[0] = open(t->fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	t->log[1] = open(t->fifo, O_WRONLY | O_CLOEXEC);
	return t->log[0] >= 0 && t->log[1] >= 0 && fcntl(t->log[0], F_SETFL, 0) == 0 &&
	       pipe2(t->relayed, O_CLOEXEC) == 0 && pipe2(t->stop, O_CLOEXEC) == 0;
}

static void
close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
done(struct traced *t)
{
	for (int i = 0; i < 2; i++) {
		close_one(&t->log[i]);
		close_one(&t->relayed[i]);
		close_one(&t->stop[i]);
	}
	if (*t->fifo)
		unlink(t->fifo);
	if (*t->folder)
		rmdir(t->folder);
	s2s_trace_free(t->trace);
}

/* Signals are blocked here, and so in the threads. */
static bool
begin(void *self, pid_t command)
{
	struct traced *t = self;

	t->strace = command;
	clock_gettime(CLOCK_MONOTONIC, &t->begun);
	t->relays = pthread_create(&t->relay, NULL, relay, t) == 0;
	t->reads = pthread_create(&t->reader, NULL, read_log, t) == 0;
	if (t->relays && t->reads)
		return true;
	s2s_log(t->record->log, S2S_LOG_ERROR, "no threads can be had");
	return false;
}

static bool
is_over(void *self)
{
	const struct traced *t = self;

	return t->over;
}

/* Where daemons are traced still, until we are told to end. */
static void
end(struct traced *t)
{
	close_one(&t->log[1]);
	if (t->reads && t->relays)
		record_wait(t->record, &(struct record_waiting){is_over, NULL, t, 0});
	close_one(&t->stop[1]);
	if (t->relays)
		pthread_join(t->relay, NULL);
	else
		close_one(&t->relayed[1]);
	if (t->reads)
		pthread_join(t->reader, NULL);
}

/* strace, its options, where to and whom. */
static char **
arguments(const struct traced *t, char (*pid)[16])
{
	static const char *const fixed[] = {
	    "strace", "-f", "-q", "-n", "-e", "signal=none", "-e",
	};
	const struct s2s_record *r = t->record;
	size_t n = 0, commands = 0;
	const char **argv;

	while (r->argv && r->argv[commands])
		commands++;
	argv = s2s_realloc(NULL, S2S_ARRAY_SIZE(fixed) + commands + 2 * r->n_pid + 6,
			   sizeof *argv);
	for (size_t i = 0; i < S2S_ARRAY_SIZE(fixed); i++)
		argv[n++] = fixed[i];
	/* Who is whose child, and marks, stand in the text of calls. */
	argv[n++] = record_is_part(r) ? "raw=none" : "raw=all";
	argv[n++] = "-o";
	argv[n++] = t->fifo;
	for (size_t i = 0; i < r->n_pid; i++) {
		snprintf(pid[i], sizeof pid[i], "%d", (int)r->pid[i]);
		argv[n++] = "-p";
		argv[n++] = pid[i];
	}
	if (r->argv) {
		argv[n++] =
		    "-DDD"; /* the command is our child, strace its own session */
		argv[n++] = "--";
	}
	for (size_t i = 0; i < commands; i++)
		argv[n++] = r->argv[i];
	argv[n] = NULL;
	return (char **)argv;
}

static enum s2s_status
trace_it(struct traced *t, struct s2s_recorded *ret)
{
	char(*pid)[16] = s2s_realloc(NULL, t->record->n_pid + 1, sizeof *pid);
	char **argv = arguments(t, pid);
	struct s2s_enforce how = {
	    .argv = argv,
	    .how = S2S_ENFORCE_QUIETLY,
	    .keep_fd = {-1, -1, -1},
	    .started = begin,
	    .self = t,
	};
	enum s2s_status status = record_command(t->record, how, ret);

	end(t);
	free(argv);
	free(pid);
	return status;
}

static enum s2s_status
hand_on_tree(struct traced *t, const struct s2s_tree *tree, const char *image,
	     struct record_sum *sum)
{
	size_t n = s2s_tree_leaves(tree);

	for (size_t i = 0; i < n; i++) {
		struct s2s_leaf leaf = s2s_tree_leaf(tree, (uint32_t)i);
		struct s2s_call call = {.sc = leaf.sc,
					.pid = -1,
					.launcher = leaf.launcher && t->record->argv,
					.count = leaf.count};

		memcpy(call.arg, leaf.arg, sizeof call.arg);
		memcpy(call.kind, leaf.kind, sizeof call.kind);
		sum->calls += leaf.count;
		TRY(record_emit(sum, image, &call));
	}
	return S2S_OK;
}

static enum s2s_status
hand_on(struct traced *t, struct record_sum *sum)
{
	for (size_t i = 0; i < s2s_trace_parts(t->trace); i++) {
		const struct s2s_split_part *part =
		    s2s_select_part(t->trace->select, i);

		TRY(hand_on_tree(
		    t, part->calls,
		    part->what ? s2s_atom_text(&t->trace->atoms, part->what).p : "",
		    sum));
	}
	if (!t->record->add_to)
		TRY(hand_on_tree(t, t->trace->tree, "", sum));
	return sum->to.end(sum->to.self);
}

/* What there is room for is kept. */
static enum s2s_status
finish(struct traced *t, struct s2s_call_sink to, struct s2s_recorded *ret)
{
	struct record_sum sum = {.record = t->record, .to = to};

	ret->incomplete = t->status != S2S_OK;
	if (s2s_binder_counts(t->trace->binder)->calls == 0) {
		s2s_log(t->record->log, S2S_LOG_ERROR, "strace could not trace it");
		ret->refused = true;
		return S2S_SYSTEM;
	}
	sum.unnamed = s2s_binder_counts(t->trace->binder)->unknown_calls;
	TRY(hand_on(t, &sum));
	record_account(t->record, &sum, 0, ret);
	if (t->record->n_pid)
		ret->exit = 0;
	return S2S_OK;
}

/* What strace would say of a command that is not there is said as by all methods. */
static bool
is_there(const struct s2s_record *record, enum s2s_status *ret_status,
	 struct s2s_recorded *ret)
{
	char *path = record->argv ? s2s_find_command(record->argv[0]) : NULL;
	bool there = path || !record->argv;

	free(path);
	if (there)
		return true;
	*ret_status = record_command(
	    record,
	    (struct s2s_enforce){.how = S2S_ENFORCE_QUIETLY, .keep_fd = {-1, -1, -1}},
	    ret);
	return false;
}

enum s2s_status
record_strace(const struct s2s_record *record, struct s2s_call_sink to,
	      struct s2s_recorded *ret)
{
	struct traced t = {
	    .record = record, .log = {-1, -1}, .relayed = {-1, -1}, .stop = {-1, -1}};
	struct s2s_limits limits = {.distinct = record->distinct};
	struct s2s_trace_options opts = {
	    .log = record->log,
	    .limits = &limits,
	    .tolerance = S2S_LENIENT,
	    .input = "strace",
	    .select = {.from = record->from,
		       .until = record->until,
		       .split = record->add_to ? "exe" : NULL}};
	enum s2s_status status;

	if (!is_there(record, &status, ret))
		return status;
	t.trace = s2s_trace_new(&opts);
	if (!t.trace)
		return S2S_USAGE;
	if (!make_fifo(&t) || !open_fifo(&t)) {
		s2s_log(record->log, S2S_LOG_ERROR, "a pipe for strace: %s",
			strerror(errno));
		status = S2S_SYSTEM;
	} else {
		status = trace_it(&t, ret);
	}
	if (status == S2S_OK)
		status = finish(&t, to, ret);
	done(&t);
	return status;
}
