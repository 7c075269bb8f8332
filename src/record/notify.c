/* SPDX-License-Identifier: MIT */
/* The recorder that every call waits for: a filter asks a listener about each, which
   counts it and lets it pass. Needs no privilege. The listener is the reporter of
   enforce.h; it is a process of its own, so that it can stay for daemons. */
#include "base/arena.h"
#include "base/attr.h"
#include "record/counts.h"
#include "record/methods.h"
#include "record/session.h"
#include "record/table.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct asked {
	struct record_table table;
	struct record_counts *counts;
	atomic_bool *whole; /* shared: the last process has ended, and was recorded */
	bool failed;        /* of the reporter */
	int alive[2];       /* the reporter alone keeps the writing end open */
};

const char *
record_notify_unfit(const struct s2s_record *record)
{
	__u32 action = SECCOMP_RET_USER_NOTIF;

	if (record_is_part(record))
		return "it does not tell processes apart";
	if (record->n_pid || record->cgroup)
		return "it can only watch what it starts, no process that runs already";
	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action))
		return "the kernel has no seccomp filters that ask a listener";
	return NULL;
}

static enum s2s_answer
count(void *self, const struct s2s_stopped *call)
{
	struct asked *a = self;
	struct record_key key;

	record_table_key(&a->table, &call->data, &key);
	record_counts_add(a->counts, &key, 1);
	return S2S_ANSWER_PASS;
}

static bool
all_ended(void *self, bool last)
{
	struct asked *a = self;

	if (last && !a->failed)
		*a->whole = true;
	return true;
}

static void
cannot_go_on(void *self)
{
	struct asked *a = self;

	a->failed = true;
}

static bool
prepare(struct asked *a, const struct s2s_record *record)
{
	record_table_new(&a->table);
	a->counts = record_counts_new(record->distinct);
	a->whole = mmap(NULL, sizeof *a->whole, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (a->counts && a->whole != MAP_FAILED && pipe2(a->alive, O_CLOEXEC) == 0)
		return true;
	s2s_log(record->log, S2S_LOG_ERROR, "%s", strerror(errno));
	return false;
}

static void
done(struct asked *a)
{
	for (int i = 0; i < 2; i++)
		if (a->alive[i] >= 0)
			close(a->alive[i]);
	if (a->whole && a->whole != MAP_FAILED)
		munmap(a->whole, sizeof *a->whole);
	record_counts_free(a->counts);
	record_table_free(&a->table);
}

static bool
is_over(void *self)
{
	const struct asked *a = self;
	struct pollfd end = {.fd = a->alive[0], .events = POLLIN};

	return poll(&end, 1, 0) > 0;
}

static void
count_all(void *self, uint64_t *ret_calls, uint64_t *ret_distinct)
{
	const struct asked *a = self;

	*ret_calls = record_counts_total(a->counts, ret_distinct);
}

/* Every call asks; the launcher's own are let through in front of this. */
static const struct sock_filter ask[] = {
    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS}};

static enum s2s_status
run_command(struct asked *a, const struct s2s_record *record, struct s2s_recorded *ret)
{
	struct s2s_filter filter = {(struct sock_filter *)(uintptr_t)ask,
				    S2S_ARRAY_SIZE(ask)};
	struct s2s_enforce how = {
	    .filters = &filter,
	    .n = 1,
	    .how = S2S_ENFORCE_ASK,
	    .reporter = {.calls_alone = true,
			 .stopped = count,
			 .ended = all_ended,
			 .failed = cannot_go_on,
			 .self = a},
	    .keep_fd = {a->alive[1], -1, -1},
	};
	enum s2s_status status = record_command(record, how, ret);

	close(a->alive[1]);
	a->alive[1] = -1;
	if (status != S2S_OK)
		return status;
	record_wait(record, &(struct record_waiting){is_over, count_all, a, 0});
	if (is_over(a) && !*a->whole) {
		s2s_log(record->log, S2S_LOG_ERROR,
			"the recorder's process was ended: the recording is not whole");
		ret->incomplete = true;
	}
	return S2S_OK;
}

/* What a filter of the command's own rejects asks nobody. */
struct seen {
	struct record_sum *sum;
	bool filter;
};

static bool
installs_filter(const struct record_key *key)
{
	static const struct {
		__u32 seccomp, prctl;
	} nr[RECORD_ARCHES] = {{317, 157}, {354, 172}};

	return (key->nr == nr[key->arch].seccomp &&
		key->arg[0] == SECCOMP_SET_MODE_FILTER) ||
	       (key->nr == nr[key->arch].prctl && key->arg[0] == PR_SET_SECCOMP);
}

static enum s2s_status
hand_on(void *self, const struct record_key *key, uint64_t count)
{
	struct seen *seen = self;

	seen->filter = seen->filter || installs_filter(key);
	return record_hand_on(seen->sum, key, count);
}

/* The launcher's exec asked nobody. */
static enum s2s_status
hand_on_launcher(struct record_sum *sum)
{
	static const struct record_key key = {
	    .nr = SYS_execve, .launcher = 1, .arg = {1, 1, 1}};

	return record_hand_on(sum, &key, 1);
}

static enum s2s_status
read_counts(struct asked *a, const struct s2s_record *record, struct record_sum *sum,
	    struct s2s_recorded *ret)
{
	struct seen seen = {sum, false};
	enum s2s_status status;

	record_counts_close(a->counts);
	status = record_counts_read(a->counts, hand_on, &seen);
	if (status == S2S_OK && sum->calls + sum->unnamed)
		status = hand_on_launcher(sum);
	if (status == S2S_OK && sum->calls)
		status = sum->to.end(sum->to.self);
	if (status == S2S_OK)
		record_account(record, sum, record_counts_lost(a->counts), ret);
	if (status == S2S_OK && seen.filter)
		s2s_log(record->log, S2S_LOG_WARNING,
			"the command installed a filter: what that rejects is not "
			"recorded by this method");
	return status;
}

enum s2s_status
record_notify(const struct s2s_record *record, struct s2s_call_sink to,
	      struct s2s_recorded *ret)
{
	struct asked a = {.alive = {-1, -1}};
	struct record_sum sum = {.record = record, .to = to};
	enum s2s_status status = S2S_SYSTEM;

	if (s2s_process_status(getpid(), "Seccomp", 0) != 0)
		s2s_log(record->log, S2S_LOG_WARNING,
			"a filter is there already: what that rejects is not recorded "
			"by this method");
	if (prepare(&a, record)) {
		status = run_command(&a, record, ret);
		ret->refused = status == S2S_SYSTEM && !record_counts_any(a.counts);
	}
	if (status == S2S_OK)
		status = read_counts(&a, record, &sum, ret);
	done(&a);
	return status;
}
