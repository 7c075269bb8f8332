/* SPDX-License-Identifier: MIT */
#include "record/counts.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

struct slot {
	struct record_key key;
	_Atomic uint64_t count; /* 0: free; the key is written before */
};

struct record_counts {
	size_t slots; /* a power of two, twice the room */
	size_t room;
	_Atomic size_t distinct;
	_Atomic uint64_t lost;
	atomic_bool closed;
	struct slot slot[]; /* behind them the places that are taken, by age */
};

static uint32_t *
taken(const struct record_counts *counts)
{
	return (uint32_t *)(uintptr_t)(counts->slot + counts->slots);
}

static size_t
size_of(size_t slots)
{
	return sizeof(struct record_counts) + slots * sizeof(struct slot) +
	       slots / 2 * sizeof(uint32_t);
}

struct record_counts *
record_counts_new(size_t distinct)
{
	struct record_counts *counts;
	size_t slots = 2;

	while (slots < 2 * distinct)
		slots *= 2;
	counts = mmap(NULL, size_of(slots), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		return NULL;
	counts->slots = slots;
	counts->room = distinct;
	return counts;
}

void
record_counts_free(struct record_counts *counts)
{
	if (counts)
		munmap(counts, size_of(counts->slots));
}

static size_t
hash(const struct record_key *key)
{
	uint64_t word[sizeof *key / sizeof(uint64_t)], h = 0;

	memcpy(word, key, sizeof word);
	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		h = (h ^ word[i] ^ h >> 32) * 0x9e3779b97f4a7c15;
	return (size_t)(h >> 24);
}

void
record_counts_add(struct record_counts *counts, const struct record_key *key,
		  uint64_t n)
{
	size_t at = hash(key) & (counts->slots - 1);

	if (counts->closed)
		return;
	while (counts->slot[at].count) {
		if (memcmp(&counts->slot[at].key, key, sizeof *key) == 0) {
			counts->slot[at].count += n;
			return;
		}
		at = (at + 1) & (counts->slots - 1);
	}
	if (counts->distinct == counts->room) {
		counts->lost += n;
		return;
	}
	counts->slot[at].key = *key;
	counts->slot[at].count = n;
	taken(counts)[counts->distinct] = (uint32_t)at;
	counts->distinct++;
}

uint64_t
record_counts_total(const struct record_counts *counts, uint64_t *ret_distinct)
{
	uint64_t total = 0;

	*ret_distinct = counts->distinct;
	for (size_t i = 0; i < *ret_distinct; i++)
		total += counts->slot[taken(counts)[i]].count;
	return total;
}

bool
record_counts_any(const struct record_counts *counts)
{
	return counts->distinct > 0;
}

uint64_t
record_counts_lost(const struct record_counts *counts)
{
	return counts->lost;
}

void
record_counts_close(struct record_counts *counts)
{
	counts->closed = true;
}

enum s2s_status
record_counts_read(const struct record_counts *counts,
		   enum s2s_status (*each)(void *self, const struct record_key *key,
					   uint64_t count),
		   void *self)
{
	size_t n = counts->distinct;

	for (size_t i = 0; i < n; i++) {
		const struct slot *slot = &counts->slot[taken(counts)[i]];

		TRY(each(self, &slot->key, slot->count));
	}
	return S2S_OK;
}
