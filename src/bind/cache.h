/* SPDX-License-Identifier: MIT */
/* What a binder remembers: logs say the same few hundred things over and over. One
   slot a key, the newest wins; keys that do not fit are not remembered. */
#pragma once

#include "kernel/syscalls.h"

struct s2s_cache_entry {
	const void *of; /* NULL: free */
	uint64_t value;
	uint32_t n;
	char text[108];
};

struct s2s_cache {
	struct s2s_cache_entry entries[256];
};

/* The slot of a text that belongs to `of` (not NULL), or NULL where it does not fit. */
static inline struct s2s_cache_entry *
s2s_cache_slot(struct s2s_cache *cache, const void *of, struct s2s_sv text)
{
	uint64_t head = 0, tail = 0;

	if (!cache || text.n == 0 || text.n > sizeof cache->entries->text)
		return NULL;
	if (text.n >= sizeof head) {
		memcpy(&head, text.p, sizeof head);
		memcpy(&tail, text.p + text.n - sizeof tail, sizeof tail);
	} else {
		memcpy(&head, text.p, text.n);
	}
	head = (head ^ tail << 7 ^ (uintptr_t)of ^ text.n) * 0x9e3779b97f4a7c15;
	return &cache->entries[head >> 56];
}

static inline bool
s2s_cache_hit(const struct s2s_cache_entry *entry, const void *of, struct s2s_sv text)
{
	return entry && entry->of == of && entry->n == text.n &&
	       memcmp(entry->text, text.p, text.n) == 0;
}

static inline void
s2s_cache_keep(struct s2s_cache_entry *entry, const void *of, struct s2s_sv text,
	       uint64_t value)
{
	if (!entry)
		return;
	entry->of = of;
	entry->value = value;
	entry->n = (uint32_t)text.n;
	memcpy(entry->text, text.p, text.n);
}
