/* SPDX-License-Identifier: MIT */
#include "parse/join.h"

#include "parse/output.h"

#include <stdlib.h>

enum { KEEP_TEXT = 4096, SEARCH_MAX = 1024, NO_SLOT = -1, NOWHERE = -2 };

/* The first half of a call: the line up to where it was cut. */
struct half {
	bool used;
	int64_t next_free; /* slot, where this one is free */
	char *text;
	size_t n, cap;
	size_t name_at, name_n, called_at;
	struct s2s_event ev; /* without text, but for how much of it is `called` */
};

void
join_init(struct join *join, struct s2s_diag *diag, const struct s2s_limits *limits,
	  struct s2s_parse_counts *counts, struct s2s_event_sink next)
{
	*join = (struct join){
	    .diag = diag,
	    .limits = *limits,
	    .counts = counts,
	    .next = next,
	    .last = NO_SLOT,
	    .free = NO_SLOT,
	    .elsewhere = NOWHERE,
	};
}

void
join_done(struct join *join)
{
	for (size_t i = 0; i < join->nhalves; i++)
		free(join->halves[i].text);
	free(join->halves);
	s2s_map_done(&join->by_pid);
}

static const uint64_t *
key_of(int64_t pid, uint64_t key[3])
{
	key[0] = (uint64_t)pid;
	key[1] = key[2] = 0;
	return key;
}

/* The slot of the call that the process has not finished, or NO_SLOT. */
static int64_t
find(const struct join *join, int64_t pid)
{
	uint64_t key[3];
	const uint32_t *slot = s2s_map_get(&join->by_pid, key_of(pid, key));

	return slot ? (int64_t)*slot : NO_SLOT;
}

static void
put_pid(struct join *join, int64_t pid, int64_t slot)
{
	uint64_t key[3];
	bool is_new;

	*s2s_map_put(&join->by_pid, key_of(pid, key), &is_new) = (uint32_t)slot;
	join->waiting_pids[(uint64_t)pid % S2S_WAITING] += is_new;
}

static void
remove_pid(struct join *join, int64_t pid)
{
	uint64_t key[3];

	if (!s2s_map_get(&join->by_pid, key_of(pid, key)))
		return;
	s2s_map_remove(&join->by_pid, key);
	join->waiting_pids[(uint64_t)pid % S2S_WAITING]--;
}

static struct s2s_sv
half_name(const struct half *half)
{
	return (struct s2s_sv){half->text + half->name_at, half->name_n};
}

static enum s2s_status
hand_on(struct join *join, const struct s2s_event *ev)
{
	if (ev->kind == S2S_EVENT_CALL) {
		join->counts->calls++;
		join->counts->joined += ev->joined;
	}
	return join->next.event(join->next.self, ev);
}

static void
forget(struct join *join, int64_t slot)
{
	struct half *half = &join->halves[slot];

	remove_pid(join, half->ev.pid);
	join->text -= half->n;
	join->waiting--;
	if (join->last == slot)
		join->last = NO_SLOT;
	half->used = false;
	half->next_free = join->free;
	join->free = slot;
	if (half->cap > KEEP_TEXT) {
		free(half->text);
		half->text = NULL;
		half->cap = 0;
	}
}

static void
append(struct join *join, struct half *half, struct s2s_sv text)
{
	if (half->cap - half->n < text.n) {
		half->cap = (half->n + text.n) * 2;
		half->text = s2s_realloc(half->text, half->cap, 1);
	}
	if (text.n)
		memcpy(half->text + half->n, text.p, text.n);
	half->n += text.n;
	join->text += text.n;
}

/* How its process was called when it began. */
static struct s2s_sv
half_called(const struct half *half)
{
	return (struct s2s_sv){half->text + half->called_at, half->ev.called.n};
}

/* Parses the text of a half from its name on; false where it is no whole call. */
static bool
parse_half(const struct join *join, const struct half *half, struct scan *s,
	   struct s2s_arg_text *args, struct strace_line *ret)
{
	struct s2s_sv text = {half->text, half->n};

	scan_init(s, text, join->limits.nesting, args);
	s->p += half->name_at;
	*ret = (struct strace_line){.ev = half->ev};
	ret->ev.called = half_called(half);
	if (!scan_call(s, ret) || ret->ev.kind != S2S_EVENT_CALL ||
	    (scan_blanks(s), s->p < s->end))
		return false;
	ret->ev.line = text;
	ret->ev.args = args;
	ret->ev.nargs = s->nargs;
	return true;
}

/* Hands on the first half alone: its process ended, or went on without it. */
static enum s2s_status
hand_on_half(struct join *join, int64_t slot, bool warn)
{
	struct half *half = &join->halves[slot];
	struct s2s_arg_text args[SCAN_ARGS_MAX];
	struct s2s_sv text = {half->text, half->n};
	struct strace_line call = {.ev = half->ev};
	enum s2s_status status;
	struct scan s;

	if (warn)
		TRY(s2s_diag_report(join->diag, S2S_DIAG_UNFINISHED, half->ev.place,
				    text, NULL));
	scan_init(&s, text, join->limits.nesting, args);
	s.p += half->name_at + half->name_n + 1;
	scan_cut_arguments(&s, s.end);
	call.ev.kind = S2S_EVENT_CALL;
	call.ev.name = half_name(half);
	call.ev.called = half_called(half);
	call.ev.line = text;
	call.ev.args = args;
	call.ev.nargs = s.nargs;
	call.ev.args_incomplete = true;
	join->counts->unfinished++;
	status = hand_on(join, &call.ev);
	forget(join, slot);
	return status;
}

static bool
never_returns(struct s2s_sv name)
{
	return sv_equal(name, SV("exit_group")) || sv_equal(name, SV("exit"));
}

/* The process goes on; a call of it that never was resumed is an oddity, unless it was
   the one that ends it. */
static enum s2s_status
give_up(struct join *join, int64_t slot)
{
	return hand_on_half(join, slot, !never_returns(half_name(&join->halves[slot])));
}

static int64_t
free_slot(struct join *join)
{
	int64_t slot = join->free;

	if (slot != NO_SLOT) {
		join->free = join->halves[slot].next_free;
		return slot;
	}
	s2s_grow(join->halves, join->nhalves, join->cap);
	join->halves[join->nhalves] = (struct half){0};
	return (int64_t)join->nhalves++;
}

static enum s2s_status
keep(struct join *join, const struct strace_line *found)
{
	const struct s2s_event *ev = &found->ev;
	int64_t slot = free_slot(join);
	struct half *half = &join->halves[slot];

	half->used = true;
	half->n = 0;
	half->ev = *ev;
	half->ev.line = half->ev.name = (struct s2s_sv){0};
	half->ev.args = NULL;
	half->ev.args_incomplete = false;
	half->name_at = (size_t)(ev->name.p - ev->line.p);
	half->name_n = ev->name.n;
	half->called_at = ev->called.n ? (size_t)(ev->called.p - ev->line.p) : 0;
	append(join, half, (struct s2s_sv){ev->line.p, half->name_at + found->body.n});
	join->waiting++;
	put_pid(join, ev->pid, slot);
	join->last = slot;
	if (found->gone)
		return hand_on_half(join, slot, false);
	if (join->waiting <= join->limits.pending &&
	    join->text <= join->limits.pending_text)
		return S2S_OK;
	TRY(s2s_diag_report(join->diag, S2S_DIAG_LIMIT, ev->place, ev->line,
			    "too many unfinished calls"));
	return hand_on_half(join, slot, false);
}

static enum s2s_status
report_joined(struct join *join, const struct strace_line *second,
	      const struct half *half, size_t first_n, const struct scan *s)
{
	struct s2s_syntax_error error = scan_error(s);
	struct s2s_place place = half->ev.place;
	struct s2s_sv line = {half->text, half->n};

	if (error.column > first_n) {
		place = second->ev.place;
		line = second->ev.line;
		error.column += (uint32_t)(second->body_at - first_n);
	}
	place.column = error.column;
	join->counts->skipped++;
	return s2s_diag_report(join->diag, error.id, place, line,
			       error.expected ? "expected %s" : NULL, error.expected);
}

/* Something got into the first half that could not be taken out: what is not sure of it
   goes, so that the second half still says what was answered. */
static bool
parse_broken(struct join *join, struct half *half, size_t first_n, struct s2s_sv second,
	     struct scan *s, struct s2s_arg_text *args, struct strace_line *ret)
{
	static const struct s2s_sv dots = {"...", 3}, more = {"..., ", 5};
	struct s2s_sv first = {half->text, first_n}, begin = sv_trim(second);
	size_t open = half->name_at + half->name_n;
	bool doubtful = half->ev.broken && sv_ends(first, dots);

	if (!join->shared)
		return false;
	join->text -= half->n;
	half->n = output_sure(first, open, join->limits.nesting);
	join->text += half->n;
	if (begin.n && scan_among(*begin.p, SV("),=")))
		append(join, half, dots);
	else if (doubtful)
		append(join, half, more);
	append(join, half, second);
	if (!parse_half(join, half, s, args, ret))
		return false;
	ret->ev.broken = true;
	return true;
}

static enum s2s_status
join_halves(struct join *join, int64_t slot, const struct strace_line *second)
{
	struct half *half = &join->halves[slot];
	struct s2s_arg_text args[SCAN_ARGS_MAX];
	struct strace_line whole;
	size_t first_n = half->n;
	enum s2s_status status;
	struct scan s;

	append(join, half, second->body);
	if (!second->ends)
		return second->gone ? hand_on_half(join, slot, false) : S2S_OK;
	if (parse_half(join, half, &s, args, &whole) ||
	    parse_broken(join, half, first_n, second->body, &s, args, &whole)) {
		if (second->ev.pid >= 0)
			whole.ev.pid = second->ev.pid;
		whole.ev.place = half->ev.place;
		whole.ev.joined = true;
		if (join->shared && output_blurs(&whole.ev, args, whole.ev.nargs))
			args[2].kind = S2S_TEXT_ELIDED;
		status = hand_on(join, &whole.ev);
	} else {
		status = report_joined(join, second, half, first_n, &s);
	}
	forget(join, slot);
	return status;
}

static enum s2s_status
resumed_alone(struct join *join, const struct strace_line *found)
{
	struct s2s_event ev = found->ev;

	TRY(s2s_diag_report(join->diag, S2S_DIAG_RESUMED_ALONE, ev.place, ev.line,
			    NULL));
	ev.kind = S2S_EVENT_CALL;
	ev.args_incomplete = true;
	ev.nargs = 0;
	return hand_on(join, &ev);
}

static bool
has_name(const struct join *join, int64_t slot, struct s2s_sv name)
{
	return slot >= 0 && sv_equal(half_name(&join->halves[slot]), name);
}

/* strace on a terminal writes the process only while there is more than one: a half may
   have it and the other not. */
static int64_t
find_without_pid(const struct join *join, int64_t pid, struct s2s_sv name)
{
	int64_t slot = NO_SLOT;

	if (pid >= 0)
		slot = find(join, -1);
	else if (join->nhalves <= SEARCH_MAX)
		for (size_t i = 0; i < join->nhalves; i++) {
			if (!join->halves[i].used || !has_name(join, (int64_t)i, name))
				continue;
			if (slot >= 0)
				return NO_SLOT;
			slot = (int64_t)i;
		}
	return has_name(join, slot, name) ? slot : NO_SLOT;
}

/* With -ff another thread's execve begins in the file of that thread. */
static bool
is_elsewhere(struct join *join, const struct s2s_event *ev)
{
	bool is = join->elsewhere == ev->pid && sv_starts(ev->name, SV("execve"));

	if (is)
		join->elsewhere = NOWHERE;
	return is;
}

static enum s2s_status
resumed(struct join *join, const struct strace_line *found, bool *ret_refused)
{
	const struct s2s_event *ev = &found->ev;
	int64_t slot;

	if (found->headless) {
		*ret_refused = join->last < 0;
		return *ret_refused ? S2S_OK : join_halves(join, join->last, found);
	}
	join->last = NO_SLOT;
	slot = find(join, ev->pid);
	if (!has_name(join, slot, ev->name)) {
		int64_t other = find_without_pid(join, ev->pid, ev->name);

		if (slot >= 0 && other < 0)
			TRY(give_up(join, slot));
		slot = other;
	}
	if (slot >= 0)
		return join_halves(join, slot, found);
	if (is_elsewhere(join, ev)) {
		join->counts->notes++;
		return S2S_OK;
	}
	return resumed_alone(join, found);
}

/* Another thread's execve goes on under the number of the process. */
static enum s2s_status
superseded(struct join *join, const struct strace_line *found)
{
	int64_t slot = find(join, found->ev.pid),
		thread = find(join, found->superseded);

	if (slot >= 0)
		TRY(hand_on_half(join, slot, false));
	if (thread < 0) { /* -ff: its file has the call */
		join->elsewhere = found->ev.pid;
		return S2S_OK;
	}
	remove_pid(join, found->superseded);
	put_pid(join, found->ev.pid, thread);
	join->halves[thread].ev.pid = found->ev.pid;
	return S2S_OK;
}

static enum s2s_status
process_ended(struct join *join, const struct strace_line *found)
{
	int64_t slot = find(join, found->ev.pid);

	join->counts->exits++;
	if (found->superseded >= 0)
		TRY(superseded(join, found));
	else if (slot >= 0)
		TRY(hand_on_half(join, slot, false));
	return hand_on(join, &found->ev);
}

/* A new call of a process: the one before will not be resumed any more. */
static enum s2s_status
call_begins(struct join *join, int64_t pid)
{
	int64_t slot = join->waiting ? find(join, pid) : NO_SLOT;

	return slot >= 0 ? give_up(join, slot) : S2S_OK;
}

enum s2s_status
join_line(struct join *join, const struct strace_line *found, bool *ret_refused)
{
	*ret_refused = false;
	if (found->ev.kind != S2S_EVENT_RESUMED && found->ev.kind != S2S_EVENT_NOTE)
		join->last = NO_SLOT;
	switch (found->ev.kind) {
	case S2S_EVENT_CALL:
		TRY(call_begins(join, found->ev.pid));
		return hand_on(join, &found->ev);
	case S2S_EVENT_UNFINISHED:
		TRY(call_begins(join, found->ev.pid));
		return keep(join, found);
	case S2S_EVENT_RESUMED:
		return resumed(join, found, ret_refused);
	case S2S_EVENT_EXIT:
		return process_ended(join, found);
	case S2S_EVENT_SIGNAL:
		join->counts->signals++;
		break;
	case S2S_EVENT_NOTE:
		join->counts->notes++;
		break;
	}
	return hand_on(join, &found->ev);
}

void
join_passed(struct join *join)
{
	join->last = NO_SLOT;
}

static int
by_line(const void *a, const void *b)
{
	const struct half *x = a, *y = b;

	return (x->ev.place.line > y->ev.place.line) -
	       (x->ev.place.line < y->ev.place.line);
}

enum s2s_status
join_end(struct join *join)
{
	if (join->waiting)
		qsort(join->halves, join->nhalves, sizeof *join->halves, by_line);
	for (size_t i = 0; i < join->nhalves; i++)
		if (join->halves[i].used)
			TRY(give_up(join, (int64_t)i));
	join->last = NO_SLOT;
	join->elsewhere = NOWHERE;
	join->shared = false;
	return S2S_OK;
}
