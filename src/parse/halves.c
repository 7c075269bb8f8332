/* SPDX-License-Identifier: MIT */
#include "parse/halves.h"

#include <stdlib.h>

enum { KEEP_TEXT = 4096 };

void
halves_init(struct halves *halves)
{
	*halves = (struct halves){.free = NO_SLOT, .last = NO_SLOT};
}

void
halves_done(struct halves *halves)
{
	for (size_t i = 0; i < halves->n; i++)
		free(halves->all[i].text);
	free(halves->all);
	s2s_map_done(&halves->by_pid);
}

static const uint64_t *
key_of(int64_t pid, uint64_t key[3])
{
	key[0] = (uint64_t)pid;
	key[1] = key[2] = 0;
	return key;
}

int64_t
halves_find(const struct halves *halves, int64_t pid)
{
	const uint32_t *slot;
	uint64_t key[3];

	if (!halves->waiting_pids[(uint64_t)pid % S2S_WAITING])
		return NO_SLOT;
	slot = s2s_map_get(&halves->by_pid, key_of(pid, key));
	return slot ? (int64_t)*slot : NO_SLOT;
}

static void
put_pid(struct halves *halves, int64_t pid, int64_t slot)
{
	uint64_t key[3];
	bool is_new;

	*s2s_map_put(&halves->by_pid, key_of(pid, key), &is_new) = (uint32_t)slot;
	halves->waiting_pids[(uint64_t)pid % S2S_WAITING] += is_new;
}

static void
remove_pid(struct halves *halves, int64_t pid)
{
	uint64_t key[3];

	if (halves_find(halves, pid) == NO_SLOT)
		return;
	s2s_map_remove(&halves->by_pid, key_of(pid, key));
	halves->waiting_pids[(uint64_t)pid % S2S_WAITING]--;
}

static int64_t
free_slot(struct halves *halves)
{
	int64_t slot = halves->free;

	if (slot != NO_SLOT) {
		halves->free = halves->all[slot].next_free;
		return slot;
	}
	s2s_grow(halves->all, halves->n, halves->cap);
	halves->all[halves->n] = (struct half){0};
	return (int64_t)halves->n++;
}

int64_t
halves_open(struct halves *halves, int64_t pid, struct s2s_sv text)
{
	int64_t slot = free_slot(halves);
	struct half *half = &halves->all[slot];

	half->used = true;
	half->n = 0;
	halves_append(halves, slot, text);
	halves->waiting++;
	put_pid(halves, pid, slot);
	halves->last = slot;
	return slot;
}

void
halves_append(struct halves *halves, int64_t slot, struct s2s_sv text)
{
	struct half *half = &halves->all[slot];

	if (half->cap - half->n < text.n) {
		half->cap = (half->n + text.n) * 2;
		half->text = s2s_realloc(half->text, half->cap, 1);
	}
	if (text.n)
		memcpy(half->text + half->n, text.p, text.n);
	half->n += text.n;
	half->tag = 0;
	halves->text += text.n;
}

void
halves_move(struct halves *halves, int64_t slot, int64_t pid)
{
	remove_pid(halves, halves->all[slot].ev.pid);
	put_pid(halves, pid, slot);
	halves->all[slot].ev.pid = pid;
}

void
halves_close(struct halves *halves, int64_t slot)
{
	struct half *half = &halves->all[slot];

	remove_pid(halves, half->ev.pid);
	halves->text -= half->n;
	halves->waiting--;
	if (halves->last == slot)
		halves->last = NO_SLOT;
	half->used = false;
	half->next_free = halves->free;
	halves->free = slot;
	if (half->cap > KEEP_TEXT) {
		free(half->text);
		half->text = NULL;
		half->cap = 0;
	}
}

static int
by_line(const void *a, const void *b)
{
	const struct half *x = a, *y = b;

	return (x->ev.place.line > y->ev.place.line) -
	       (x->ev.place.line < y->ev.place.line);
}

void
halves_sort(struct halves *halves)
{
	qsort(halves->all, halves->n, sizeof *halves->all, by_line);
	halves->free = NO_SLOT;
	for (size_t i = 0; i < halves->n; i++)
		if (!halves->all[i].used) {
			halves->all[i].next_free = halves->free;
			halves->free = (int64_t)i;
		}
}
