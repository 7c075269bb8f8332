/* SPDX-License-Identifier: MIT */
/* The end of a run: which epochs belong to the part, and where their calls go. */
#include "base/arena.h"
#include "select/resolve.h"
#include "select/state.h"

#include <inttypes.h>
#include <stdlib.h>

struct s2s_call
select_call_of(const struct s2s_select *s, uint32_t at, uint64_t count,
	       const struct s2s_place *first)
{
	struct s2s_leaf leaf = s2s_tree_leaf(s->calls, at);
	struct s2s_call call = {
	    .sc = leaf.sc,
	    .place = *first,
	    .pid = -1,
	    .launcher = leaf.launcher,
	    .count = count,
	};

	memcpy(call.arg, leaf.arg, sizeof call.arg);
	memcpy(call.kind, leaf.kind, sizeof call.kind);
	return call;
}

/* An exec by which a process comes into a part is made by who puts it under a filter,
   as strace makes that of the whole (DESIGN fact 11). */
static enum s2s_status
hand_on_entry(struct s2s_select *s, const struct facts *facts, uint32_t at)
{
	const struct epoch *epoch = &s->epochs.epochs[at];
	const struct facts *now = &facts[at], *before = &facts[epoch->parent];
	struct s2s_call call = select_call_of(s, epoch->entry, 1, &epoch->begins);

	s->entered = s->entered || call.launcher;
	call.launcher = true;
	if (now->part != before->part)
		TRY(split_add(&s->split, now->part, &call, s->atoms, &s->limits));
	if (before->selected)
		return S2S_OK;
	return s->next.event(s->next.self, &call);
}

static enum s2s_status
hand_on_entries(struct s2s_select *s, const struct facts *facts)
{
	for (uint32_t i = 0; i < s->epochs.n; i++)
		if (s->epochs.epochs[i].entry != NO_EPOCH && facts[i].selected)
			TRY(hand_on_entry(s, facts, i));
	return S2S_OK;
}

static void
find_number(struct number *list, size_t n, int64_t value)
{
	for (size_t i = 0; i < n; i++)
		list[i].found = list[i].found || list[i].value == value;
}

/* Which of the names and numbers that were asked for there are. */
static void
see_epoch(struct s2s_select *s, const struct epoch *epoch, const struct facts *f)
{
	struct criteria *c = &s->wanted;
	uint64_t key[3] = {(uint64_t)f->pid, f->exe, f->comm};
	bool is_new = false;

	find_number(c->pid, c->n_pid, f->pid);
	find_number(c->thread, c->n_thread, epoch->tid);
	find_number(c->children_of, c->n_children_of, f->pid);
	for (size_t i = 0; i < c->n_comm; i++)
		if (c->comm[i].text == f->comm)
			c->comm[i].found = true;
	for (size_t i = 0; i < c->n_exe; i++)
		if (f->exe && s2s_is_exe(s2s_atom_text(s->atoms, c->exe[i].text),
					 s2s_atom_text(s->atoms, f->exe)))
			c->exe[i].found = true;
	if (s->n_seen >= SEEN_MAX || !epoch->made_calls)
		return;
	s2s_map_put(&s->by_seen, key, &is_new);
	if (!is_new)
		return;
	s2s_grow(s->seen, s->n_seen, s->cap_seen);
	s->seen[s->n_seen++] = (struct seen){f->pid, f->exe, f->comm};
}

static const enum s2s_leave leaves[] = {
    [EPOCH_FIRST] = S2S_LEAVE_FORK,    [EPOCH_FORK] = S2S_LEAVE_FORK,
    [EPOCH_THREAD] = S2S_LEAVE_THREAD, [EPOCH_EXEC] = S2S_LEAVE_EXEC,
    [EPOCH_NAME] = S2S_LEAVE_NAME,     [EPOCH_MARK] = S2S_LEAVE_UNTIL,
};

/* The heirs of one kind. Of too many kinds the last ones are taken together. */
static struct s2s_heir *
heir_of(struct s2s_select *s, const struct facts *f, uint32_t part,
	const struct s2s_place *place)
{
	const struct epoch *left = &s->epochs.epochs[f->left];
	enum s2s_leave leave = part == NO_PART ? leaves[left->start] : S2S_LEAVE_PART;
	uint64_t key[3] = {(uint64_t)part << 32 | leave, f->exe, f->comm};
	bool is_new;
	uint32_t *i = s2s_map_put(&s->by_heir, key, &is_new);

	if (!is_new)
		return &s->heirs[*i];
	if (s->n_heirs == HEIRS_MAX) {
		*i = HEIRS_MAX - 1;
		return &s->heirs[*i];
	}
	*i = (uint32_t)s->n_heirs;
	s2s_grow(s->heirs, s->n_heirs, s->cap_heirs);
	s->heirs[s->n_heirs] = (struct s2s_heir){
	    .leave = leave,
	    .part = part,
	    .pid = f->pid,
	    .creator = f->creator,
	    .exe = f->exe,
	    .comm = f->comm,
	    .first = part == NO_PART && left->begins.file ? left->begins : *place,
	    .calls = s2s_tree_new(s->atoms, &s->limits),
	};
	return &s->heirs[s->n_heirs++];
}

/* A call under filters that it is not part of. */
static enum s2s_status
hand_down(struct s2s_select *s, const struct facts *f, const struct row *row)
{
	struct s2s_call call = select_call_of(s, row->leaf, row->count, &row->first);

	if (f->under && s->split.by == SPLIT_NONE)
		return s2s_tree_add(heir_of(s, f, NO_PART, &row->first)->calls, &call);
	for (uint32_t i = 0; i < s->split.n; i++)
		if (i != f->part && f->owners & UINT64_C(1) << i)
			TRY(s2s_tree_add(heir_of(s, f, i, &row->first)->calls, &call));
	return S2S_OK;
}

/* The exec that strace made is counted where it led to. */
static bool
is_counted_as_entry(const struct s2s_select *s, const struct epoch *epoch,
		    const struct row *row)
{
	return s2s_tree_leaf(s->calls, row->leaf).launcher &&
	       epoch->start == EPOCH_FIRST && s->entered;
}

static enum s2s_status
hand_on(struct s2s_select *s, const struct facts *f, const struct row *row)
{
	struct s2s_call call = select_call_of(s, row->leaf, row->count, &row->first);

	s->any = true;
	if (s->split.by != SPLIT_NONE &&
	    !is_counted_as_entry(s, &s->epochs.epochs[row->epoch], row))
		TRY(split_add(&s->split, f->part, &call, s->atoms, &s->limits));
	return s->next.event(s->next.self, &call);
}

/* The mark behind which a thread is. */
static struct epoch *
mark_of(struct epochs *e, const struct thread *t)
{
	uint32_t at = t->now;

	while (at != NO_EPOCH && !(e->epochs[at].marks & MARK_FROM))
		at = e->epochs[at].parent;
	return at == NO_EPOCH ? NULL : &e->epochs[at];
}

/* Other files do not tell what their threads did before a mark and what behind it:
   then all of it is behind. */
static bool
spread_marks(struct epochs *e, const struct facts *facts)
{
	bool *seen = s2s_realloc(NULL, e->n_threads, sizeof *seen), any = false;

	memset(seen, 0, e->n_threads * sizeof *seen);
	for (uint32_t i = 0; i < e->n_threads; i++) {
		const struct thread *t = &e->threads[i];
		struct epoch *mark =
		    t->marks & MARK_FROM && !seen[i] ? mark_of(e, t) : NULL;

		for (uint32_t j = t->next; mark && !seen[j]; j = e->threads[j].next) {
			const struct thread *other = &e->threads[j];

			seen[j] = true;
			if (facts[other->now].from)
				continue;
			e->epochs[other->root].marks |= MARK_FROM;
			mark->others++;
			any = true;
		}
	}
	free(seen);
	return any;
}

static void
say_earlier_threads(struct s2s_select *s, const struct facts *facts)
{
	for (size_t i = 0; i < s->epochs.n; i++) {
		const struct epoch *epoch = &s->epochs.epochs[i];

		if (!(epoch->marks & MARK_FROM) || !epoch->others || !facts[i].selected)
			continue;
		s2s_diag_report(
		    s->diag, S2S_DIAG_EARLIER_THREADS, epoch->begins, SV(""),
		    "process %" PRId64 " had %" PRIu32
		    " other thread%s when it met this mark: only a filter "
		    "that is installed on all threads (--tsync) holds there",
		    facts[i].pid, epoch->others, epoch->others == 1 ? "" : "s");
	}
}

static struct facts *
resolve(struct s2s_select *s)
{
	struct facts *facts = s2s_resolve(&s->epochs, &s->wanted, s->atoms, &s->split);

	if (s->wanted.n_from == 0)
		return facts;
	if (!s->epochs.one_file && spread_marks(&s->epochs, facts)) {
		free(facts);
		facts = s2s_resolve(&s->epochs, &s->wanted, s->atoms, &s->split);
	}
	say_earlier_threads(s, facts);
	return facts;
}

static enum s2s_status
too_many_parts(const struct s2s_select *s)
{
	s2s_log(s->diag->log, S2S_LOG_ERROR,
		"the log would be split into more than %d parts: %" PRIu64
		" calls are in none of them",
		PARTS_MAX, s->split.left_out);
	return S2S_LIMIT;
}

enum s2s_status
select_decide(struct s2s_select *s)
{
	struct facts *facts = resolve(s);
	enum s2s_status status = hand_on_entries(s, facts);

	for (size_t i = 0; i < s->epochs.n; i++) {
		if (!s->epochs.epochs[i].has_calls)
			continue;
		see_epoch(s, &s->epochs.epochs[i], &facts[i]);
		if (s->epochs.epochs[i].made_calls)
			split_count(&s->split, facts[i].part, facts[i].process);
	}
	for (size_t i = 0; i < s->n_rows && status == S2S_OK; i++) {
		const struct row *row = &s->rows[i];
		const struct facts *f = &facts[row->epoch];

		if (f->selected)
			status = hand_on(s, f, row);
		if (status == S2S_OK && (f->under || f->owners))
			status = hand_down(s, f, row);
	}
	if (status == S2S_OK && s->split.too_many)
		status = too_many_parts(s);
	split_end_run(&s->split);
	free(facts);
	return status;
}

const struct s2s_heir *
s2s_select_heirs(const struct s2s_select *select, size_t *ret_n)
{
	*ret_n = select->n_heirs;
	return select->heirs;
}

size_t
s2s_select_parts(const struct s2s_select *select)
{
	return select->split.n_order;
}

const struct s2s_split_part *
s2s_select_part(const struct s2s_select *select, size_t i)
{
	return &select->split.parts[select->split.order[i]];
}
