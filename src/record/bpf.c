/* SPDX-License-Identifier: MIT */
/* The recorder whose counts are made in the kernel. */
#include "enforce/enforce.h"
#include "record/methods.h"
#include "record/table.h"
#include "record/watcher.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 2, IDLE_MS = 20 };

struct session {
	const struct s2s_record *record;
	struct watcher *watcher;
	struct s2s_call_sink to;
	uint64_t calls, unnamed;
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

static void
nap(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* A filter that is installed is to be noticed at once. */
static void *
look(void *self)
{
	struct session *s = self;

	while (!s->over) {
		watcher_look(s->watcher);
		nap(LOOK_MS);
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

static volatile sig_atomic_t ended;

static void
end(int sig)
{
	(void)sig;
	ended = 1;
}

/* Until nobody is watched any more, or somebody has had enough. */
static void
wait_for_all(struct session *s, unsigned seconds)
{
	struct sigaction action = {.sa_handler = end}, was[3];
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct timespec from, now;

	for (int i = 0; i < 3; i++)
		sigaction(signals[i], &action, &was[i]);
	clock_gettime(CLOCK_MONOTONIC, &from);
	while (!ended && watcher_look(s->watcher)->living > 0) {
		nap(IDLE_MS);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (seconds && now.tv_sec - from.tv_sec >= (time_t)seconds)
			break;
	}
	for (int i = 0; i < 3; i++)
		sigaction(signals[i], &was[i], NULL);
}

static enum s2s_status
run_command(struct session *s, int *ret_exit)
{
	struct s2s_enforce enforce = {
	    .argv = s->record->argv,
	    .how = S2S_ENFORCE_QUIETLY,
	    .log = s->record->log,
	    .default_sigpipe = s->record->default_sigpipe,
	    .default_sigxfsz = s->record->default_sigxfsz,
	    .keep_fd = {-1, -1, -1},
	    .started = command_started,
	    .self = s,
	    .become = s2s_user_become,
	    .become_self = (void *)(uintptr_t)s->record->user,
	};
	enum s2s_status status = s2s_enforce(&enforce, ret_exit);

	if (status == S2S_OK)
		wait_for_all(s, 0);
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
	wait_for_all(s, s->record->for_seconds);
	return S2S_OK;
}

static enum s2s_status
hand_on(void *self, const struct record_key *key, uint64_t count)
{
	struct session *s = self;
	struct seccomp_data data = {.nr = (int)key->nr,
				    .arch = record_audit_arch(key->arch)};
	struct s2s_call call;

	if (key->nr == UINT32_MAX)
		return S2S_OK; /* what a tracer skipped is no call */
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		data.args[i] = key->arg[i];
	if (!s2s_enforce_call(&data, &call)) {
		s->unnamed += count;
		return S2S_OK;
	}
	call.count = count;
	call.launcher = key->launcher;
	s->calls += count;
	return s->to.event(s->to.self, &call);
}

static void
account(struct session *s, struct s2s_recorded *ret)
{
	const volatile struct record_news *news = watcher_look(s->watcher);
	const struct s2s_log *log = s->record->log;

	s2s_log(log, S2S_LOG_INFO,
		"%" PRIu64 " calls recorded, %" PRIu64 " without a number skipped",
		s->calls, s->unnamed);
	if (s->unnamed)
		s2s_log(log, S2S_LOG_WARNING,
			"%" PRIu64 " calls have numbers, or an architecture, that are "
			"not in our tables: they are left out",
			s->unnamed);
	if (news->lost)
		s2s_log(log, S2S_LOG_ERROR,
			"%" PRIu64 " calls were not recorded: there was room for %zu "
			"distinct ones (--max-distinct)",
			(uint64_t)news->lost, s->record->distinct);
	if (news->unfollowed)
		s2s_log(log, S2S_LOG_ERROR, "%" PRIu64 " threads could not be followed",
			(uint64_t)news->unfollowed);
	ret->incomplete = news->lost || news->unfollowed;
}

enum s2s_status
record_bpf(const struct s2s_record *record, struct s2s_call_sink to,
	   struct s2s_recorded *ret)
{
	struct session s = {.record = record, .to = to};
	enum s2s_status status;

	s.watcher = watcher_new(record->distinct, record->log);
	if (!s.watcher)
		return S2S_SYSTEM;
	status = record->argv ? run_command(&s, &ret->exit) : attach(&s);
	watcher_stop(s.watcher);
	if (status == S2S_OK)
		status = watcher_read(s.watcher, hand_on, &s);
	/* Of a command that ran there is its exec at least. */
	ret->not_run = record->argv && s.calls == 0;
	if (status == S2S_OK && s.calls)
		status = to.end(to.self);
	if (status == S2S_OK)
		account(&s, ret);
	watcher_free(s.watcher);
	return status;
}
