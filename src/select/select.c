/* SPDX-License-Identifier: MIT */
#include "select/state.h"

#include "base/arena.h"
#include "select/fact.h"

#include <stdlib.h>

bool
s2s_select_is_wanted(const struct s2s_selection *w)
{
	bool wanted = false;

#define X(type, member, option) wanted = wanted || (w->member && w->member[0]);
	SELECT_LISTS(X)
#undef X
	return wanted || w->split;
}

static bool
take_split(struct s2s_select *s, const char *by)
{
	if (!by)
		return true;
	s->split.by = strcmp(by, "exe") == 0 ? SPLIT_EXE : SPLIT_COMM;
	if (s->split.by == SPLIT_EXE || strcmp(by, "comm") == 0)
		return true;
	s2s_log(s->diag->log, S2S_LOG_ERROR, "--split=%s: exe or comm is wanted", by);
	return false;
}

struct s2s_select *
s2s_select_new(const struct s2s_selection *wanted, const struct s2s_limits *limits,
	       struct s2s_atoms *atoms, struct s2s_diag *diag,
	       struct s2s_call_sink next)
{
	struct s2s_select *s = s2s_realloc(NULL, 1, sizeof *s);

	*s = (struct s2s_select){
	    .atoms = atoms,
	    .diag = diag,
	    .limits = *limits,
	    .next = next,
	    .epochs = {.max = limits->epochs},
	};
	s->calls = s2s_tree_new(atoms, limits);
	if (take_split(s, wanted->split) &&
	    criteria_init(&s->wanted, wanted, atoms, diag->log))
		return s;
	s2s_select_free(s);
	return NULL;
}

void
s2s_select_begin(struct s2s_select *s, bool one_file)
{
	s->epochs.one_file = one_file;
}

void
s2s_select_free(struct s2s_select *s)
{
	if (!s)
		return;
	criteria_done(&s->wanted);
	s2s_tree_free(s->calls);
	epochs_done(&s->epochs);
	split_done(&s->split);
	s2s_map_done(&s->by_epoch);
	s2s_map_done(&s->by_facts);
	free(s->facts);
	s2s_map_done(&s->by_seen);
	free(s->rows);
	s2s_map_done(&s->by_heir);
	for (size_t i = 0; i < s->n_heirs; i++)
		s2s_tree_free(s->heirs[i].calls);
	free(s->heirs);
	free(s->seen);
	free(s);
}

static enum s2s_status
too_much(struct s2s_select *s, const struct s2s_place *place)
{
	s2s_diag_report(s->diag, S2S_DIAG_LIMIT, *place, SV(""),
			"too many processes, or distinct calls of them, to tell a part "
			"from the rest");
	return S2S_LIMIT;
}

static void
see_marks(struct s2s_select *s, uint32_t thread, const struct s2s_event *ev,
	  bool *ret_behind)
{
	const struct criteria *c = &s->wanted;
	uint8_t from = s->epochs.threads[thread].marks & MARK_FROM;
	uint8_t until = c->n_from == 0 || from ? MARK_UNTIL : MARK_UNTIL_IF_FROM;
	unsigned met;

	*ret_behind = false;
	if (c->n_until && marks_met(c->until, c->n_until, ev, s->atoms))
		epochs_mark(&s->epochs, thread, until, &ev->place);
	if (c->n_from == 0)
		return;
	met = marks_met(c->from, c->n_from, ev, s->atoms);
	if (met & MET_CALL)
		epochs_mark(&s->epochs, thread, MARK_FROM, &ev->place);
	else
		*ret_behind = met & MET_TEXT;
}

static void
see_result(struct s2s_select *s, uint32_t thread, const struct s2s_event *ev)
{
	bool is_thread;
	int64_t child;
	s2s_atom name;

	if (fact_child(ev, &child, &is_thread))
		epochs_child(&s->epochs, thread, child, is_thread, &ev->place);
	else if (fact_exec(ev, s->atoms, &name))
		epochs_exec(&s->epochs, thread, name, fact_comm_of_exe(name, s->atoms),
			    s->last_leaf, &ev->place);
	else if (fact_comm(ev, s->atoms, &name) &&
		 name != s->epochs.threads[thread].comm) {
		epochs_begin(&s->epochs, thread, EPOCH_NAME, &ev->place)->comm = name;
		s->epochs.threads[thread].comm = name;
	}
}

static void
see_exit(struct s2s_select *s, const struct s2s_event *ev)
{
	uint32_t thread = epochs_thread(&s->epochs, ev->pid, &ev->place, false);
	struct s2s_sv text = ev->name;
	uint64_t by;

	if (!sv_eat(&text, SV("superseded by execve in pid ")))
		epochs_end(&s->epochs, thread);
	else if (sv_to_u64(text, &by) && by <= INT32_MAX)
		epochs_superseded(&s->epochs, thread, (int64_t)by);
}

/* What else there is that tells calls of two epochs apart. */
static const uint64_t *
key_of(const struct s2s_select *s, const struct facts *f, uint64_t key[3])
{
	uint64_t leave = f->under ? s->epochs.epochs[f->left].start : 0;

	key[0] = (uint64_t)f->exe << 32 | f->comm;
	key[1] = f->owners;
	key[2] =
	    f->part << 8 | (uint64_t)f->selected << 7 | (uint64_t)f->under << 6 | leave;
	return key;
}

/* The epoch under which a call is kept: the first that is alike, once all is known that
   matters. So a server that forks for ever costs no more than its first child. */
static uint32_t
epoch_to_keep(struct s2s_select *s, uint32_t at)
{
	uint64_t key[3];
	uint32_t *alike;
	bool is_new;

	if (s->epochs.epochs[at].alike != NO_EPOCH)
		return s->epochs.epochs[at].alike;
	if (!s->epochs.one_file)
		return at;
	if (s->n_facts < s->epochs.n) {
		s->facts = s2s_realloc(s->facts, s->epochs.cap, sizeof *s->facts);
		memset(s->facts + s->n_facts, 0,
		       (s->epochs.cap - s->n_facts) * sizeof *s->facts);
		s->n_facts = s->epochs.cap;
	}
	if (!s2s_settle(&s->epochs, at, &s->wanted, s->atoms, &s->split, s->facts))
		return at;
	alike = s2s_map_put(&s->by_facts, key_of(s, &s->facts[at], key), &is_new);
	if (is_new)
		*alike = at;
	return s->epochs.epochs[at].alike = *alike;
}

/* -Y tells with each line how the process is called. Where that is not what its exec or
   prctl said, it was renamed by others, or all this came before the log. */
static void
see_called(struct s2s_select *s, uint32_t thread, const struct s2s_event *ev)
{
	s2s_atom comm = fact_called(ev, s->atoms);
	struct thread *t = &s->epochs.threads[thread];

	if (!comm || t->comm == comm)
		return;
	epochs_begin(&s->epochs, thread, EPOCH_NAME, &ev->place)->comm = comm;
	s->epochs.threads[thread].comm = comm;
}

/* An audit log tells with each call what the process runs and how it is called. */
static void
see_process(struct s2s_select *s, uint32_t thread, const struct s2s_event *ev)
{
	const struct epoch *now;
	struct epoch *next;
	s2s_atom exe, comm;

	if (!ev->exe.n && !ev->comm.n) {
		see_called(s, thread, ev);
		return;
	}
	s->textless = true;
	exe = s2s_atom_intern(s->atoms, ev->exe);
	comm = s2s_atom_intern(s->atoms, ev->comm);
	now = &s->epochs.epochs[s->epochs.threads[thread].now];
	if (now->exe == exe && now->comm == comm)
		return;
	next = epochs_begin(&s->epochs, thread, EPOCH_EXEC, &ev->place);
	next->exe = exe;
	next->comm = comm;
	s->epochs.threads[thread].comm = comm;
}

static enum s2s_status
select_call(struct s2s_select *s, const struct s2s_event *ev)
{
	uint32_t thread;
	bool behind, is_thread;
	int64_t child;

	if (epochs_full(&s->epochs))
		return too_much(s, &ev->place);
	thread = epochs_thread(&s->epochs, ev->pid, &ev->place,
			       fact_child(ev, &child, &is_thread));
	if (thread == 0 && s->epochs.one_file && ev->pid >= 0)
		s->epochs.epochs[0].is_root = true;
	see_process(s, thread, ev);
	see_marks(s, thread, ev, &behind);
	s->now = s->epochs.threads[thread].now;
	s->last_leaf = NO_EPOCH;
	TRY(s->bind.event(s->bind.self, ev));
	see_result(s, thread, ev);
	if (behind)
		epochs_mark(&s->epochs, thread, MARK_FROM, &ev->place);
	return S2S_OK;
}

static enum s2s_status
on_event(void *self, const struct s2s_event *ev)
{
	struct s2s_select *s = self;

	if (ev->kind == S2S_EVENT_EXIT)
		see_exit(s, ev);
	if (ev->kind != S2S_EVENT_CALL)
		return s->bind.event(s->bind.self, ev);
	if (ev->runs == 0)
		return select_call(s, ev);
	return s2s_diag_report(s->diag, S2S_DIAG_PROFILE, ev->place, ev->line,
			       "a profile does not tell processes apart, so no part of "
			       "it can be selected");
}

static enum s2s_status
on_end(void *self)
{
	struct s2s_select *s = self;

	return s->bind.end(s->bind.self);
}

struct s2s_event_sink
s2s_select_events(struct s2s_select *select, struct s2s_event_sink bind)
{
	select->bind = bind;
	return (struct s2s_event_sink){on_event, on_end, select};
}

static enum s2s_status
keep_call(void *self, const struct s2s_call *call)
{
	struct s2s_select *s = self;
	struct row *row;
	uint64_t key[3];
	uint32_t epoch = epoch_to_keep(s, s->now), *i;
	bool is_new;

	s->epochs.epochs[s->now].has_calls = true;
	s->epochs.epochs[s->now].made_calls |= !call->launcher;
	if (s2s_tree_add_at(s->calls, call, &s->last_leaf) != S2S_OK)
		return too_much(s, &call->place);
	key[0] = epoch;
	key[1] = s->last_leaf;
	key[2] = 0;
	i = s2s_map_put(&s->by_epoch, key, &is_new);
	if (is_new) {
		if (s->n_rows >= s->limits.distinct)
			return too_much(s, &call->place);
		*i = (uint32_t)s->n_rows;
		s2s_grow(s->rows, s->n_rows, s->cap_rows);
		s->rows[s->n_rows++] =
		    (struct row){epoch, s->last_leaf, 0, call->place};
	}
	row = &s->rows[*i];
	row->count += call->count;
	if (s2s_place_is_before(&call->place, &row->first))
		row->first = call->place;
	return S2S_OK;
}

static enum s2s_status
calls_end(void *self)
{
	struct s2s_select *s = self;

	TRY(select_decide(s));
	epochs_clear(&s->epochs);
	s->n_rows = s->n_facts = 0;
	s2s_map_done(&s->by_facts);
	s->by_facts = (struct s2s_map){0};
	s2s_map_done(&s->by_epoch);
	s->by_epoch = (struct s2s_map){0};
	return s->next.end(s->next.self);
}

struct s2s_call_sink
s2s_select_calls(struct s2s_select *select)
{
	return (struct s2s_call_sink){keep_call, calls_end, select};
}
