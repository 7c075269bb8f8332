/* SPDX-License-Identifier: MIT */
/* The recorder whose counts are made in the kernel. */
#include "record/methods.h"
#include "record/session.h"
#include "record/watcher.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

enum { LOOK_NS = 2 * 1000000 };

struct session {
	const struct s2s_record *record;
	struct watcher *watcher;
	struct record_sum sum;
	atomic_bool over;
	pthread_t looker;
	bool looks;
};

const char *
record_bpf_unfit(const struct s2s_record *record)
{
	(void)record;
	return watcher_unfit();
}

/* A filter that is installed is to be noticed at once. */
static void *
look(void *self)
{
	static const struct timespec nap = {0, LOOK_NS};
	struct session *s = self;

	while (!s->over) {
		watcher_look(s->watcher);
		nanosleep(&nap, NULL);
	}
	return NULL;
}

static bool
begin_to_look(struct session *s)
{
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	s->looks = pthread_create(&s->looker, NULL, look, s) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return s->looks;
}

static void
end_to_look(struct session *s)
{
	s->over = true;
	if (s->looks)
		pthread_join(s->looker, NULL);
	s->looks = false;
}

static bool
command_started(void *self, pid_t command)
{
	struct session *s = self;

	return watcher_add_launcher(s->watcher, command) && begin_to_look(s);
}

static bool
is_over(void *self)
{
	struct session *s = self;

	return watcher_look(s->watcher)->living <= 0;
}

static enum s2s_status
run_command(struct session *s, int *ret_exit)
{
	struct s2s_enforce how = {
	    .how = S2S_ENFORCE_QUIETLY,
	    .keep_fd = {-1, -1, -1},
	    .started = command_started,
	    .self = s,
	};
	enum s2s_status status = record_command(s->record, how, ret_exit);

	if (status == S2S_OK)
		record_wait(is_over, s, 0);
	end_to_look(s);
	return status;
}

static enum s2s_status
attach(struct session *s)
{
	for (size_t i = 0; i < s->record->n_pid; i++)
		if (!watcher_add_process(s->watcher, s->record->pid[i])) {
			s2s_log(s->record->log, S2S_LOG_ERROR,
				"%d: there is no such process", (int)s->record->pid[i]);
			return S2S_SYSTEM;
		}
	s2s_log(s->record->log, S2S_LOG_INFO, "recording %zu processes",
		s->record->n_pid);
	record_wait(is_over, s, s->record->for_seconds);
	return S2S_OK;
}

static void
account(const struct session *s, struct s2s_recorded *ret)
{
	const volatile struct record_news *news = watcher_look(s->watcher);

	if (news->unfollowed)
		s2s_log(s->record->log, S2S_LOG_ERROR,
			"%" PRIu64 " threads could not be followed",
			(uint64_t)news->unfollowed);
	ret->incomplete = news->unfollowed != 0;
	record_account(s->record, &s->sum, news->lost, ret);
}

enum s2s_status
record_bpf(const struct s2s_record *record, struct s2s_call_sink to,
	   struct s2s_recorded *ret)
{
	struct session s = {.record = record, .sum = {.to = to}};
	enum s2s_status status;

	s.watcher = watcher_new(record->distinct, record->log);
	if (!s.watcher) {
		ret->refused = true;
		return S2S_SYSTEM;
	}
	status = record->argv ? run_command(&s, &ret->exit) : attach(&s);
	watcher_stop(s.watcher);
	if (status == S2S_OK)
		status = watcher_read(s.watcher, record_hand_on, &s.sum);
	if (status == S2S_OK && s.sum.calls)
		status = to.end(to.self);
	if (status == S2S_OK)
		account(&s, ret);
	watcher_free(s.watcher);
	return status;
}
