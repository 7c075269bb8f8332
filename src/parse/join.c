/* SPDX-License-Identifier: MIT */
#include "parse/join.h"

#include "parse/output.h"

enum { SEARCH_MAX = 1024, NOWHERE = -2 };

void
join_init(struct join *join, struct s2s_diag *diag, const struct s2s_limits *limits,
	  struct s2s_parse_counts *counts, struct s2s_event_sink next)
{
	*join = (struct join){
	    .diag = diag,
	    .limits = *limits,
	    .counts = counts,
	    .next = next,
	    .elsewhere = NOWHERE,
	};
	halves_init(&join->halves);
}

void
join_done(struct join *join)
{
	halves_done(&join->halves);
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
	struct half *half = &join->halves.all[slot];
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
	halves_close(&join->halves, slot);
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
	return hand_on_half(join, slot,
			    !never_returns(half_name(&join->halves.all[slot])));
}

/* The line is the beginning of a call, up to where it was cut. */
static int64_t
open_half(struct join *join, const struct s2s_event *ev, struct s2s_sv begin)
{
	int64_t slot = halves_open(&join->halves, ev->pid, begin);
	struct half *half = &join->halves.all[slot];

	half->ev = *ev;
	half->ev.line = half->ev.name = (struct s2s_sv){0};
	half->ev.args = NULL;
	half->ev.args_incomplete = false;
	half->name_at = (size_t)(ev->name.p - ev->line.p);
	half->name_n = ev->name.n;
	half->called_at = ev->called.n ? (size_t)(ev->called.p - ev->line.p) : 0;
	return slot;
}

static enum s2s_status
keep(struct join *join, const struct strace_line *found)
{
	const struct s2s_event *ev = &found->ev;
	size_t name_at = (size_t)(ev->name.p - ev->line.p);
	int64_t slot =
	    open_half(join, ev, (struct s2s_sv){ev->line.p, name_at + found->body.n});

	if (found->gone)
		return hand_on_half(join, slot, false);
	if (join->halves.waiting <= join->limits.pending &&
	    join->halves.text <= join->limits.pending_text)
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
parse_broken(struct join *join, int64_t slot, size_t first_n, struct s2s_sv second,
	     struct scan *s, struct s2s_arg_text *args, struct strace_line *ret)
{
	struct half *half = &join->halves.all[slot];
	static const struct s2s_sv dots = {"...", 3}, more = {"..., ", 5};
	struct s2s_sv first = {half->text, first_n}, begin = sv_trim(second);
	size_t open = half->name_at + half->name_n;
	bool doubtful = half->ev.broken && sv_ends(first, dots);

	if (!join->shared)
		return false;
	join->halves.text -= half->n;
	half->n = output_sure(first, open, join->limits.nesting);
	join->halves.text += half->n;
	if (begin.n && scan_among(*begin.p, SV("),=")))
		halves_append(&join->halves, slot, dots);
	else if (doubtful)
		halves_append(&join->halves, slot, more);
	halves_append(&join->halves, slot, second);
	if (!parse_half(join, half, s, args, ret))
		return false;
	ret->ev.broken = true;
	return true;
}

static enum s2s_status
join_halves(struct join *join, int64_t slot, const struct strace_line *second)
{
	struct half *half = &join->halves.all[slot];
	struct s2s_arg_text args[SCAN_ARGS_MAX];
	struct strace_line whole;
	size_t first_n = half->n;
	enum s2s_status status;
	struct scan s;

	halves_append(&join->halves, slot, second->body);
	if (!second->ends)
		return second->gone ? hand_on_half(join, slot, false) : S2S_OK;
	if (parse_half(join, half, &s, args, &whole) ||
	    parse_broken(join, slot, first_n, second->body, &s, args, &whole)) {
		if (second->ev.pid >= 0)
			whole.ev.pid = second->ev.pid;
		whole.ev.place = half->ev.place;
		whole.ev.joined = true;
		whole.ev.seam = first_n;
		if (join->shared && output_blurs(&whole.ev, args, whole.ev.nargs))
			args[2].kind = S2S_TEXT_ELIDED;
		status = hand_on(join, &whole.ev);
	} else {
		status = report_joined(join, second, half, first_n, &s);
	}
	halves_close(&join->halves, slot);
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
	return slot >= 0 && sv_equal(half_name(&join->halves.all[slot]), name);
}

/* strace on a terminal writes the process only while there is more than one: a half may
   have it and the other not. */
static int64_t
find_without_pid(const struct join *join, int64_t pid, struct s2s_sv name)
{
	int64_t slot = NO_SLOT;

	if (pid >= 0)
		slot = halves_find(&join->halves, -1);
	else if (join->halves.n <= SEARCH_MAX)
		for (size_t i = 0; i < join->halves.n; i++) {
			if (!join->halves.all[i].used ||
			    !has_name(join, (int64_t)i, name))
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
		*ret_refused = join->halves.last < 0;
		return *ret_refused ? S2S_OK
				    : join_halves(join, join->halves.last, found);
	}
	join->halves.last = NO_SLOT;
	slot = halves_find(&join->halves, ev->pid);
	if (!has_name(join, slot, ev->name)) {
		int64_t other = find_without_pid(join, ev->pid, ev->name);

		if (slot >= 0 && other < 0)
			TRY(give_up(join, slot));
		slot = other;
	}
	if (slot >= 0) {
		/* what comes without a name goes on with this one */
		if (!found->ends && !found->gone)
			join->halves.last = slot;
		return join_halves(join, slot, found);
	}
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
	int64_t slot = halves_find(&join->halves, found->ev.pid),
		thread = halves_find(&join->halves, found->superseded);

	if (slot >= 0)
		TRY(hand_on_half(join, slot, false));
	if (thread < 0) { /* -ff: its file has the call */
		join->elsewhere = found->ev.pid;
		return S2S_OK;
	}
	halves_move(&join->halves, thread, found->ev.pid);
	return S2S_OK;
}

static enum s2s_status
process_ended(struct join *join, const struct strace_line *found)
{
	int64_t slot = halves_find(&join->halves, found->ev.pid);

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
	int64_t slot = join->halves.waiting ? halves_find(&join->halves, pid) : NO_SLOT;

	return slot >= 0 ? give_up(join, slot) : S2S_OK;
}

enum s2s_status
join_line(struct join *join, const struct strace_line *found, bool *ret_refused)
{
	*ret_refused = false;
	if (found->ev.kind != S2S_EVENT_RESUMED && found->ev.kind != S2S_EVENT_NOTE)
		join->halves.last = NO_SLOT;
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

bool
join_begun(const struct join *join, uint64_t line, struct s2s_begin *ret)
{
	const struct half *half;
	const struct s2s_event *ev;

	if (join->halves.last == NO_SLOT)
		return false;
	half = &join->halves.all[join->halves.last];
	ev = &half->ev;
	if (ev->kind != S2S_EVENT_UNFINISHED || ev->place.line != line || ev->nr >= 0 ||
	    ev->arch.n || ev->called.n || ev->broken || ev->text_id)
		return false;
	*ret = (struct s2s_begin){
	    .pid = ev->pid,
	    .name_at = half->name_at,
	    .name_n = half->name_n,
	    .n = half->n,
	};
	return true;
}

bool
join_begin(struct join *join, const struct s2s_line *line,
	   const struct s2s_begin *begin)
{
	const char *p = line->text.p;
	struct s2s_event ev = {
	    .kind = S2S_EVENT_UNFINISHED,
	    .place = {line->file, line->number, (uint32_t)begin->name_at + 1},
	    .line = line->text,
	    .pid = begin->pid,
	    .nr = -1,
	    .name = {p + begin->name_at, begin->name_n},
	    .count = 1,
	};
	int64_t slot;

	if (join->halves.waiting >= join->limits.pending ||
	    join->halves.text + begin->n > join->limits.pending_text)
		return false;
	slot = open_half(join, &ev, (struct s2s_sv){p, begin->n});
	join->halves.all[slot].tag = begin->tag; /* opening moves them */
	return true;
}

void
join_passed(struct join *join)
{
	join->halves.last = NO_SLOT;
}

enum s2s_status
join_end(struct join *join)
{
	if (join->halves.waiting)
		halves_sort(&join->halves);
	for (size_t i = 0; i < join->halves.n; i++)
		if (join->halves.all[i].used)
			TRY(give_up(join, (int64_t)i));
	join->halves.last = NO_SLOT;
	join->elsewhere = NOWHERE;
	join->shared = false;
	return S2S_OK;
}
