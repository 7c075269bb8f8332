/* SPDX-License-Identifier: MIT */
/* The recorder whose counts are made in the kernel. */
#include "base/arena.h"
#include "record/counts.h"
#include "record/fifo.h"
#include "record/methods.h"
#include "record/session.h"
#include "record/table.h"
#include "record/watcher.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

struct session {
	const struct s2s_record *record;
	struct watcher *watcher;
	struct record_sum sum;
	int over[2]; /* closed when it is; -1: not open */
	pthread_t looker;
	bool looks;
};

static bool
has_text(const char *const *marks)
{
	for (; marks && *marks; marks++)
		if (strchr(*marks, '('))
			return true;
	return false;
}

const char *
record_bpf_unfit(const struct s2s_record *record)
{
	if (has_text(record->from) || has_text(record->until))
		return "it sees no texts: a mark with one takes --method=strace";
	return watcher_unfit();
}

/* A filter that is installed, and who is moved into a cgroup, is to be noticed at
   once. */
static void *
look(void *self)
{
	static const struct sched_param first = {.sched_priority = 1};
	struct session *s = self;
	struct pollfd fds[] = {{.fd = s->over[0], .events = POLLIN},
			       {.fd = watcher_fd(s->watcher), .events = POLLIN}};

	pthread_setschedparam(pthread_self(), SCHED_FIFO, &first); /* where we may */
	while (!fds[0].revents) {
		if (poll(fds, 2, -1) < 0 || !fds[1].revents)
			continue;
		watcher_hear(s->watcher);
		watcher_look(s->watcher);
		if (s->record->cgroup)
			watcher_add_threads(s->watcher);
	}
	return NULL;
}

static bool
begin_to_look(struct session *s)
{
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	s->looks = pipe2(s->over, O_CLOEXEC) == 0 &&
		   pthread_create(&s->looker, NULL, look, s) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return s->looks;
}

static void
end_to_look(struct session *s)
{
	record_close(&s->over[1]);
	if (s->looks)
		pthread_join(s->looker, NULL);
	s->looks = false;
	record_close(&s->over[0]);
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

	if (s->record->cgroup && access(s->record->cgroup, F_OK) == 0)
		return false; /* another process may come */
	return watcher_look(s->watcher)->living <= 0;
}

static enum s2s_status
add_up(void *self, const struct record_key *key, uint64_t n)
{
	record_counts_add(self, key, n);
	return S2S_OK;
}

/* While it runs: a call may be missing that moves from slot to map. */
static void
count_all(void *self, uint64_t *ret_calls, uint64_t *ret_distinct)
{
	struct session *s = self;
	struct record_counts *counts = record_counts_new(s->record->distinct);

	*ret_calls = *ret_distinct = 0;
	if (!counts)
		return;
	watcher_read(s->watcher, add_up, counts);
	*ret_calls = record_counts_total(counts, ret_distinct);
	record_counts_free(counts);
}

/* A call by its name, on each architecture that has it. */
static bool
mark(struct session *s, const char *name, uint32_t bits)
{
	bool found = false;

	for (unsigned a = 0; a < RECORD_ARCHES; a++) {
		const struct s2s_syscall *sc;
		enum s2s_arch arch;

		if (!s2s_arch_from_audit(record_audit_arch(a), &arch))
			continue;
		sc = s2s_syscall_by_name(arch, sv_from(name));
		if (sc && watcher_mark(s->watcher, a, sc->nr, bits))
			found = true;
	}
	if (!found)
		s2s_log(s->record->log, S2S_LOG_ERROR,
			"--from, --until: no system call has this name: %s", name);
	return found;
}

/* What part is wanted, before anybody is watched. */
static enum s2s_status
take_part(struct session *s)
{
	const struct s2s_record *r = s->record;

	for (size_t i = 0; r->from && r->from[i]; i++)
		if (!mark(s, r->from[i], RECORD_FROM))
			return S2S_USAGE;
	for (size_t i = 0; r->until && r->until[i]; i++)
		if (!mark(s, r->until[i], RECORD_UNTIL))
			return S2S_USAGE;
	return S2S_OK;
}

static void
take_images(struct session *s)
{
	if (!s->record->add_to)
		return;
	s->sum.n_image = watcher_images(s->watcher);
	s->sum.image = s2s_realloc(NULL, s->sum.n_image, sizeof *s->sum.image);
	for (size_t i = 0; i < s->sum.n_image; i++)
		s->sum.image[i] = i ? watcher_image(s->watcher, (unsigned)i) : NULL;
}

static enum s2s_status
run_command(struct session *s, struct s2s_recorded *ret)
{
	struct s2s_enforce how = {
	    .how = S2S_ENFORCE_QUIETLY,
	    .keep_fd = {-1, -1, -1},
	    .started = command_started,
	    .self = s,
	};
	enum s2s_status status = record_command(s->record, how, ret);

	if (status == S2S_OK)
		record_wait(s->record,
			    &(struct record_waiting){is_over, count_all, s, 0});
	end_to_look(s);
	return status;
}

static enum s2s_status
say_cgroup(const struct s2s_record *r)
{
	s2s_log(r->log, S2S_LOG_ERROR, "%s: %s", r->cgroup,
		errno == ENOTSUP ? "that is no cgroup (of version 2)"
				 : strerror(errno));
	return S2S_SYSTEM;
}

static enum s2s_status
attach(struct session *s)
{
	const struct s2s_record *r = s->record;

	for (size_t i = 0; i < s->record->n_pid; i++)
		if (!watcher_add_process(s->watcher, s->record->pid[i])) {
			s2s_log(s->record->log, S2S_LOG_ERROR,
				"%d: there is no such process", (int)s->record->pid[i]);
			return S2S_SYSTEM;
		}
	if (r->cgroup && !watcher_add_cgroup(s->watcher, r->cgroup))
		return say_cgroup(r);
	if (r->cgroup)
		s2s_log(r->log, S2S_LOG_INFO, "recording a cgroup");
	else
		s2s_log(s->record->log, S2S_LOG_INFO, "recording %zu processes",
			s->record->n_pid);
	if (!begin_to_look(s))
		return S2S_SYSTEM;
	record_wait(r, &(struct record_waiting){is_over, count_all, s, r->for_seconds});
	end_to_look(s);
	return S2S_OK;
}

static void
account(const struct session *s, struct s2s_recorded *ret)
{
	uint64_t unseen = watcher_unseen_ns(s->watcher);
	const volatile struct record_news *news = watcher_look(s->watcher);

	if (unseen)
		s2s_log(s->record->log, S2S_LOG_WARNING,
			"a filter was there %.1f ms before calls that it rejects were "
			"seen: such calls of that time may be missing",
			(double)unseen / 1e6);
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
	struct session s = {
	    .record = record, .sum = {.record = record, .to = to}, .over = {-1, -1}};
	struct record_asked asked = {.by_image = record->add_to != NULL,
				     .from = record->from != NULL,
				     .until = record->until != NULL};
	enum s2s_status status;

	if (record->cgroup && !watcher_find_cgroup(record->cgroup, &asked.cgroup))
		return say_cgroup(record);
	s.watcher = watcher_new(record->distinct, &asked, record->log);
	if (!s.watcher) {
		ret->refused = true;
		return S2S_SYSTEM;
	}
	status = take_part(&s);
	if (status == S2S_OK)
		status = record->argv ? run_command(&s, ret) : attach(&s);
	watcher_stop(s.watcher);
	take_images(&s);
	if (status == S2S_OK)
		status = watcher_read(s.watcher, record_hand_on, &s.sum);
	if (status == S2S_OK && s.sum.calls)
		status = to.end(to.self);
	if (status == S2S_OK)
		account(&s, ret);
	record_sum_done(&s.sum);
	watcher_free(s.watcher);
	return status;
}
