/* SPDX-License-Identifier: MIT */
/* The canonical texts that were learned, and how often each came. */
#pragma once

#include "skim/batch.h"
#include "skim/skim.h"

enum {
	SKIM_KEYS_MAX = 16 * 1024,
	SKIM_SLOTS_MIN = 2048, /* a power of two */
	SKIM_SEEN = 8192,      /* tags, in groups of … */
	SKIM_SEEN_WAYS = 4,
};

struct skim_entry {
	uint64_t hits;    /* that were not handed on yet */
	uint32_t text, n; /* in keys.text */
	uint32_t input;   /* number of the one it was learned in, or learned again */
	uint32_t first; /* of one that ends a call: the tag of the one that begins it */
	uint32_t tag;   /* of one that begins a call; no other ever has it */
	uint32_t simple_in; /* as input, where it is a call and `what` says no more */
	uint64_t line;      /* of one that ends a call: in which that began */
	struct s2s_skimmed what;
};

struct skim_slot {
	uint32_t tag, entry_plus_one; /* 0: free */
	uint32_t text, n;             /* as in the entry */
};

struct skim_seen {
	uint32_t tag, times;
};

struct skim_keys {
	struct skim_slot *slots; /* as few as will do, so that caches hold them */
	size_t slots_mask;
	struct skim_entry *entries;
	size_t n, cap;
	unsigned char *text;
	size_t text_n, text_cap;
	struct skim_seen *seen; /* what comes for the second time is learned */
	struct skim_seed seed;
	skim_hash_fn *hash;
	uint32_t last_tag;
};

void skim_keys_init(struct skim_keys *keys, skim_hash_fn *hash);
void skim_keys_done(struct skim_keys *keys);
void skim_keys_clear(struct skim_keys *keys);
/* Whether to try to learn a key that came: not for the first time, and then ever more
   seldom. */
bool skim_keys_try(struct skim_keys *keys, uint64_t hash);
/* A canonical text; of one that ends a call, that of the line in which it began as
   well. */
struct skim_key {
	const unsigned char *p;
	uint32_t n;
	uint32_t first; /* its tag, or 0 */
	uint64_t hash;
};

/* There must be room. The key is not there yet, or has this entry. */
struct skim_entry *skim_keys_put(struct skim_keys *keys, const struct skim_key *key,
				 uint32_t input, struct s2s_skimmed what);

/* Of a text with that hash. */
static inline struct skim_key
skim_key_of(const struct skim_keys *keys, const unsigned char *p, uint32_t n,
	    uint64_t hash, uint32_t first)
{
	if (first)
		hash = skim_mix(hash ^ first, keys->seed.b);
	return (struct skim_key){p, n, first, hash};
}

/* NULL: it is not there. */
static inline __attribute__((always_inline)) struct skim_entry *
skim_keys_look(const struct skim_keys *keys, const struct skim_key *key,
	       skim_equal_fn *equal)
{
	uint64_t hash = key->hash;

	for (size_t i = hash & keys->slots_mask;; i = (i + 1) & keys->slots_mask) {
		const struct skim_slot *slot = &keys->slots[i];
		struct skim_entry *entry;

		if (!slot->entry_plus_one)
			return NULL;
		if (slot->tag != (uint32_t)(hash >> 32) || slot->n != key->n)
			continue;
		entry = &keys->entries[slot->entry_plus_one - 1];
		if (equal(keys->text + slot->text, key->p, key->n) &&
		    entry->first == key->first)
			return entry;
	}
}

static inline struct skim_entry *
skim_keys_find(const struct skim_keys *keys, const struct skim_key *key)
{
	return skim_keys_look(keys, key, skim_equal);
}
