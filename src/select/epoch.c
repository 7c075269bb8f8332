/* SPDX-License-Identifier: MIT */
#include "select/epoch.h"

#include <stdlib.h>

void
epochs_done(struct epochs *e)
{
	free(e->epochs);
	free(e->threads);
	s2s_map_done(&e->by_tid);
}

void
epochs_clear(struct epochs *e)
{
	e->n = e->n_threads = 0;
	s2s_map_done(&e->by_tid);
	e->by_tid = (struct s2s_map){0};
}

/* A call begins a few epochs at most; those that other threads begin with it count
   when the next one comes. */
bool
epochs_full(const struct epochs *e)
{
	return e->n >= e->max || e->n_threads >= e->max;
}

static const uint64_t *
key_of(int64_t tid, uint64_t key[3])
{
	key[0] = (uint64_t)tid;
	key[1] = key[2] = 0;
	return key;
}

static struct thread *
find(const struct epochs *e, int64_t tid)
{
	uint64_t key[3];
	const uint32_t *i = s2s_map_get(&e->by_tid, key_of(tid, key));

	return i ? &e->threads[*i] : NULL;
}

static uint32_t
new_epoch(struct epochs *e, int64_t tid)
{
	s2s_grow(e->epochs, e->n, e->cap);
	e->epochs[e->n] = (struct epoch){.parent = NO_EPOCH,
					 .entry = NO_EPOCH,
					 .alike = NO_EPOCH,
					 .tid = tid,
					 .start = EPOCH_FIRST};
	return (uint32_t)e->n++;
}

static struct thread *
new_thread(struct epochs *e, int64_t tid)
{
	uint32_t i = (uint32_t)e->n_threads, root = new_epoch(e, tid);
	uint64_t key[3];
	bool is_new;

	s2s_grow(e->threads, e->n_threads, e->cap_threads);
	e->threads[e->n_threads++] =
	    (struct thread){.tid = tid, .root = root, .now = root, .next = i};
	*s2s_map_put(&e->by_tid, key_of(tid, key), &is_new) = i;
	return &e->threads[i];
}

uint32_t
epochs_thread(struct epochs *e, int64_t tid, const struct s2s_place *place)
{
	struct thread *t = find(e, tid);

	if (!t || t->exited)
		t = new_thread(e, tid);
	if (!t->first.file)
		t->first = *place;
	return (uint32_t)(t - e->threads);
}

struct epoch *
epochs_begin(struct epochs *e, uint32_t thread, enum epoch_start start,
	     const struct s2s_place *place)
{
	struct thread *t = &e->threads[thread];
	uint32_t i = new_epoch(e, t->tid);

	e->epochs[i].start = start;
	e->epochs[i].parent = t->now;
	e->epochs[i].begins = *place;
	t->now = i;
	return &e->epochs[i];
}

/* The lines of a child can stand before its creator's call has returned, but not before
   that call began; in another file, anywhere. */
static bool
can_be_child(const struct thread *t, const struct s2s_place *place)
{
	if (t->linked)
		return false;
	return t->first.file != place->file || t->first.line > place->line;
}

void
epochs_child(struct epochs *e, uint32_t creator, int64_t tid, bool is_thread,
	     const struct s2s_place *place)
{
	struct thread *child = find(e, tid), *by;
	struct epoch *root;
	bool seen = child && can_be_child(child, place);

	if (!seen)
		child = new_thread(e, tid);
	by = &e->threads[creator];
	root = &e->epochs[child->root];
	root->start = is_thread ? EPOCH_THREAD : EPOCH_FORK;
	root->parent = by->now;
	child->linked = true;
	if (!seen) {
		child->comm = by->comm;
		child->marks = by->marks;
	}
	if (is_thread) {
		uint32_t next = child->next;

		child->next = by->next;
		by->next = next;
	}
}

void
epochs_exec(struct epochs *e, uint32_t thread, s2s_atom exe, s2s_atom comm,
	    uint32_t entry, const struct s2s_place *place)
{
	struct epoch *now = epochs_begin(e, thread, EPOCH_EXEC, place);
	struct thread *t = &e->threads[thread];

	now->exe = exe;
	now->comm = comm;
	now->entry = entry;
	t->comm = comm;
	for (uint32_t i = t->next; i != thread; i = e->threads[i].next)
		if (e->threads[i].first.file == place->file)
			e->threads[i].exited = true;
}

void
epochs_mark(struct epochs *e, uint32_t thread, uint8_t mark,
	    const struct s2s_place *place)
{
	uint32_t i = thread;
	uint32_t others = 0;

	do {
		struct thread *t = &e->threads[i];
		bool mine = i == thread || t->first.file == place->file;

		if (mine && !t->exited && !(t->marks & mark)) {
			t->marks |= mark;
			others += i != thread;
			epochs_begin(e, i, EPOCH_MARK, place)->marks = mark;
		}
		i = e->threads[i].next;
	} while (i != thread);
	e->epochs[e->threads[thread].now].others = others;
}

void
epochs_superseded(struct epochs *e, uint32_t thread, int64_t by)
{
	struct thread *other = find(e, by), *t = &e->threads[thread];

	if (!other || other == t || other->exited)
		return;
	t->now = other->now;
	t->comm = other->comm;
	t->marks = other->marks;
	other->exited = true;
}
