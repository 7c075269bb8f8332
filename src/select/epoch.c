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
	e->numbered = 0;
	e->live = 0;
	e->nameless_creates = false;
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
	e->live++;
	return &e->threads[i];
}

/* On a terminal strace writes the process only while there are more than one. The one
   that was alone gets its number in the line where the call returns that started
   another, or later if that call was over before. */
static bool
was_alone(const struct epochs *e, const struct s2s_place *place, bool creates)
{
	if (e->nameless_creates)
		return true;
	return e->numbered ? place->line < e->numbered : creates;
}

static struct thread *
name_first(struct epochs *e, int64_t tid)
{
	struct thread *t = find(e, -1);
	uint64_t key[3];
	bool is_new;

	if (tid < 0 || !t || t->exited || t->tid >= 0)
		return NULL;
	for (size_t i = 0; i < e->n; i++)
		if (e->epochs[i].tid < 0)
			e->epochs[i].tid = tid;
	t->tid = tid;
	*s2s_map_put(&e->by_tid, key_of(tid, key), &is_new) =
	    (uint32_t)(t - e->threads);
	return t;
}

/* A call without a number is made by the only one that is left. */
static struct thread *
last_left(struct epochs *e)
{
	size_t i = e->n_threads;
	uint64_t key[3];
	bool is_new;

	if (e->live != 1)
		return NULL;
	while (e->threads[--i].exited)
		continue;
	*s2s_map_put(&e->by_tid, key_of(-1, key), &is_new) = (uint32_t)i;
	return &e->threads[i];
}

uint32_t
epochs_thread(struct epochs *e, int64_t tid, const struct s2s_place *place,
	      bool creates)
{
	struct thread *t = find(e, tid);

	if (t && t->exited)
		t = tid < 0 ? last_left(e) : NULL;
	else if (!t && was_alone(e, place, creates))
		t = name_first(e, tid);
	if (!t)
		t = new_thread(e, tid);
	if (tid >= 0 && !e->numbered)
		e->numbered = place->line;
	if (!t->first.file)
		t->first = *place;
	return (uint32_t)(t - e->threads);
}

void
epochs_end(struct epochs *e, uint32_t thread)
{
	e->live -= !e->threads[thread].exited;
	e->threads[thread].exited = true;
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
	e->nameless_creates |= by->tid < 0;
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
	while (e->one_file && t->next != thread) {
		uint32_t other = t->next;

		t->next = e->threads[other].next;
		e->threads[other].next = other;
		epochs_end(e, other);
	}
}

void
epochs_mark(struct epochs *e, uint32_t thread, uint8_t mark,
	    const struct s2s_place *place)
{
	uint32_t i = thread;
	uint32_t others = 0;

	if (e->threads[thread].marks & mark)
		return;
	do {
		struct thread *t = &e->threads[i];
		bool mine = i == thread || e->one_file;

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
	epochs_end(e, (uint32_t)(other - e->threads));
}
