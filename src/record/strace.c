/* SPDX-License-Identifier: MIT */
/* The recorder that runs strace and reads its log as it is written. With `-e raw=all`
   the log has the registers, with `-n` the numbers, so that nothing is left to the
   names and the omissions of strace. */
#include "base/arena.h"
#include "base/attr.h"
#include "pipe/trace.h"
#include "record/methods.h"
#include "record/relay.h"
#include "record/session.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct traced {
	const struct s2s_record *record;
	struct record_relay relay;
	pthread_t reader;
	bool reads;
	atomic_bool over;
	struct s2s_trace *trace;
	enum s2s_status status; /* of reading */
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

static void *
read_log(void *self)
{
	struct traced *t = self;
	char rest[4096];

	t->status = s2s_trace_add_fd(t->trace, t->relay.passed[0], "strace");
	if (t->status == S2S_OK)
		t->status = s2s_trace_end(t->trace);
	else if (t->status == S2S_LIMIT && t->trace->select)
		s2s_select_end(t->trace->select); /* keeps the parts there are */
	while (read(t->relay.passed[0], rest, sizeof rest) > 0)
		continue; /* nobody is to fail since we have had enough */
	t->over = true;
	return NULL;
}

/* Signals are blocked here, and so in the threads. */
static bool
begin(void *self, pid_t command)
{
	struct traced *t = self;

	t->reads = pthread_create(&t->reader, NULL, read_log, t) == 0;
	if (record_relay_begin(&t->relay, t->record, command) && t->reads)
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

/* Called where it is read. */
static void
count_distinct(void *self, uint64_t done, uint64_t total)
{
	struct traced *t = self;

	(void)done, (void)total;
	t->relay.distinct = s2s_tree_leaves(t->trace->tree);
}

static void
count_all(void *self, uint64_t *ret_calls, uint64_t *ret_distinct)
{
	struct traced *t = self;

	*ret_calls = t->relay.calls;
	*ret_distinct = t->relay.distinct;
}

/* Where daemons are traced still, until we are told to end. */
static void
end(struct traced *t)
{
	record_close(&t->relay.log.fd[1]);
	if (t->reads && t->relay.runs)
		record_wait(t->record,
			    &(struct record_waiting){
				is_over, t->record->add_to ? NULL : count_all, t, 0});
	record_relay_stop(&t->relay);
	if (t->reads)
		pthread_join(t->reader, NULL);
}

/* strace, its options, where to and whom. */
static char **
arguments(const struct traced *t, char (*pid)[16])
{
	static const char *const fixed[] = {
	    "strace", "-f", "-q", "-n", "-e", "signal=!chld,cont,urg,winch", "-e",
	};
	const struct s2s_record *r = t->record;
	size_t n = 0, commands = 0;
	const char **argv;

	while (r->argv && r->argv[commands])
		commands++;
	argv = s2s_realloc(NULL, S2S_ARRAY_SIZE(fixed) + commands + 2 * r->n_pid + 7,
			   sizeof *argv);
	for (size_t i = 0; i < S2S_ARRAY_SIZE(fixed); i++)
		argv[n++] = fixed[i];
	/* Who is whose child, and marks, stand in the text of calls. */
	argv[n++] = record_is_part(r) ? "raw=none" : "raw=all";
	argv[n++] = "-o";
	argv[n++] = t->relay.log.path;
	for (size_t i = 0; i < r->n_pid; i++) {
		snprintf(pid[i], sizeof pid[i], "%d", (int)r->pid[i]);
		argv[n++] = "-p";
		argv[n++] = pid[i];
	}
	if (r->argv) {
		argv[n++] =
		    "-DDD"; /* the command is our child, strace its own session */
		argv[n++] = "-I2"; /* it can be ended */
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

/* By somebody else than us, or who holds the terminal. */
static bool
was_ended(const struct traced *t, const struct s2s_recorded *ret)
{
	static const int ours[] = {SIGINT, SIGTERM, SIGHUP};
	bool asked = t->relay.told;

	for (size_t i = 0; i < S2S_ARRAY_SIZE(ours); i++)
		asked = asked || (t->record->n_pid && ret->exit == 128 + ours[i]);
	return t->relay.ended && !asked;
}

/* What is missing in the log, and that it is. */
static void
say_lost(const struct traced *t, struct s2s_recorded *ret)
{
	const uint64_t *seen = t->trace->diag.seen, errors = t->trace->diag.errors;
	uint64_t halves = seen[S2S_DIAG_UNFINISHED] + seen[S2S_DIAG_RESUMED_ALONE];
	size_t living = record_living_count(t->relay.living);
	const struct s2s_log *log = t->record->log;

	halves -= halves < living ? halves : living; /* in whose calls the log ended */
	if (errors)
		s2s_log(log, S2S_LOG_ERROR,
			"%" PRIu64 " lines of strace were not understood: what they "
			"tell is not recorded",
			errors);
	if (halves)
		s2s_log(log, S2S_LOG_ERROR,
			"of %" PRIu64 " calls strace wrote one half only: their "
			"arguments are unknown",
			halves);
	if (was_ended(t, ret) && living)
		s2s_log(log, S2S_LOG_ERROR,
			"strace was ended while %zu threads went on: the recording is "
			"not whole",
			living);
	ret->incomplete =
	    ret->incomplete || errors || halves || (was_ended(t, ret) && living);
}

/* Behind the call that there was no room for nothing is read any more. */
static uint64_t
unread(const struct traced *t)
{
	const struct s2s_bind_counts *read = s2s_binder_counts(t->trace->binder);
	uint64_t begun = t->relay.living->calls;

	if (t->status != S2S_LIMIT || begun <= read->calls ||
	    s2s_trace_parts(t->trace)) /* which come when all was read */
		return 0;
	return begun - read->calls;
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
	say_lost(t, ret);
	sum.unnamed = s2s_binder_counts(t->trace->binder)->unknown_calls;
	TRY(hand_on(t, &sum));
	record_account(t->record, &sum, unread(t), ret);
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
	struct traced t = {.record = record};
	struct s2s_limits limits = {.distinct = record->distinct};
	struct s2s_trace_options opts = {
	    .log = record->log,
	    .limits = &limits,
	    .tolerance = S2S_LENIENT,
	    .input = "strace",
	    .progress = count_distinct,
	    .progress_self = &t,
	    .select = {.from = record->from,
		       .until = record->until,
		       .split = record->add_to ? "exe" : NULL}};
	enum s2s_status status;

	if (!is_there(record, &status, ret))
		return status;
	t.trace = s2s_trace_new(&opts);
	if (!t.trace)
		return S2S_USAGE;
	if (!record_relay_make(&t.relay, record->argv ? record->user : NULL)) {
		s2s_log(record->log, S2S_LOG_ERROR, "a pipe for strace: %s",
			strerror(errno));
		status = S2S_SYSTEM;
	} else {
		status = trace_it(&t, ret);
	}
	if (status == S2S_OK)
		status = finish(&t, to, ret);
	record_relay_done(&t.relay);
	s2s_trace_free(t.trace);
	return status;
}
