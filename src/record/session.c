/* SPDX-License-Identifier: MIT */
#include "record/session.h"

#include "record/table.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* What is over at once is not to be waited for long. */
enum { NAP_MIN_NS = 100 * 1000, NAP_MAX_NS = 20 * 1000000 };

enum s2s_status
record_command(const struct s2s_record *record, struct s2s_enforce how,
	       struct s2s_recorded *ret)
{
	struct s2s_enforced ended;

	if (!how.argv)
		how.argv = record->argv;
	how.log = record->log;
	how.default_sigpipe = record->default_sigpipe;
	how.default_sigxfsz = record->default_sigxfsz;
	if (record->argv)
		how.become = s2s_user_become;
	how.become_self = (void *)(uintptr_t)record->user;
	TRY(s2s_enforce(&how, &ended));
	ret->exit = ended.exit;
	ret->not_run = ended.not_run;
	return S2S_OK;
}

static volatile sig_atomic_t ended;

static void
end(int sig)
{
	(void)sig;
	ended = 1;
}

void
record_tell(const struct s2s_record *record, struct record_teller *teller,
	    unsigned seconds, uint64_t calls, uint64_t distinct)
{
	uint64_t *before = &teller->history[seconds % RECORD_RECENT];

	teller->now = (struct s2s_recording){
	    .seconds = seconds,
	    .calls = calls,
	    .distinct = distinct,
	    .recent = distinct - *before,
	};
	*before = distinct;
	record->progress(record->progress_self, &teller->now);
}

static void
tell(const struct s2s_record *record, const struct record_waiting *waiting,
     struct record_teller *teller, unsigned seconds)
{
	uint64_t calls, distinct;

	if (seconds == teller->now.seconds || !record->progress || !waiting->count)
		return;
	waiting->count(waiting->self, &calls, &distinct);
	record_tell(record, teller, seconds, calls, distinct);
}

void
record_wait(const struct s2s_record *record, const struct record_waiting *waiting)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = end}, was[3];
	struct record_teller teller = {0};
	struct timespec from, at, nap = {0, NAP_MIN_NS};

	for (int i = 0; i < 3; i++)
		sigaction(signals[i], &action, &was[i]);
	clock_gettime(CLOCK_MONOTONIC, &from);
	while (!ended && !waiting->over(waiting->self)) {
		unsigned seconds;

		nanosleep(&nap, NULL);
		nap.tv_nsec =
		    nap.tv_nsec < NAP_MAX_NS / 2 ? nap.tv_nsec * 2 : NAP_MAX_NS;
		clock_gettime(CLOCK_MONOTONIC, &at);
		seconds =
		    (unsigned)(at.tv_sec - from.tv_sec - (at.tv_nsec < from.tv_nsec));
		if (waiting->seconds && seconds >= waiting->seconds)
			break;
		tell(record, waiting, &teller, seconds);
	}
	for (int i = 0; i < 3; i++)
		sigaction(signals[i], &was[i], NULL);
}

enum s2s_status
record_hand_on(void *self, const struct record_key *key, uint64_t count)
{
	struct record_sum *sum = self;
	struct seccomp_data data = {.nr = (int)key->nr,
				    .arch = record_audit_arch(key->arch)};
	struct s2s_call call;

	if (key->nr == UINT32_MAX)
		return S2S_OK; /* what a tracer skipped is no call */
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		data.args[i] = key->arg[i];
	if (!s2s_enforce_call(&data, &call)) {
		sum->unnamed += count;
		return S2S_OK;
	}
	call.count = count;
	call.launcher = key->launcher;
	sum->calls += count;
	return record_emit(sum, key->group < sum->n_image ? sum->image[key->group] : "",
			   &call);
}

enum s2s_status
record_emit(struct record_sum *sum, const char *image, const struct s2s_call *call)
{
	const struct s2s_record *record = sum->record;

	if (record->add_to)
		return record->add_to(record->add_self, image ? image : "", call);
	return sum->to.event(sum->to.self, call);
}

void
record_sum_done(struct record_sum *sum)
{
	for (size_t i = 0; i < sum->n_image; i++)
		free(sum->image[i]);
	free(sum->image);
}

bool
record_is_part(const struct s2s_record *record)
{
	return record->from || record->until || record->add_to;
}

void
record_account(const struct s2s_record *record, const struct record_sum *sum,
	       uint64_t lost, struct s2s_recorded *ret)
{
	const struct s2s_log *log = record->log;

	s2s_log(log, S2S_LOG_INFO,
		"%" PRIu64 " calls recorded, %" PRIu64 " without a number skipped",
		sum->calls, sum->unnamed);
	if (sum->unnamed)
		s2s_log(log, S2S_LOG_ERROR,
			"%" PRIu64 " calls have numbers, or an architecture, that are "
			"not in our tables: they are left out",
			sum->unnamed);
	if (lost)
		s2s_log(log, S2S_LOG_ERROR,
			"%" PRIu64 " calls were not recorded: there was room for %zu "
			"distinct ones (--max-distinct)",
			lost, record->distinct);
	ret->incomplete = ret->incomplete || lost || sum->unnamed;
}
