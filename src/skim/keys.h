/* SPDX-License-Identifier: MIT */
/* The canonical texts that were learned, and how often each came. */
#pragma once

#include "skim/skim.h"

#include <string.h>

enum {
	SKIM_KEY_MIN = 8,
	SKIM_KEY_MAX = 4096, /* bytes of one */
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
	uint64_t
	    line; /* of one that ends a call: where that began when it was learned */
	struct s2s_skimmed what;
};

struct skim_slot {
	uint32_t tag, entry_plus_one; /* 0: free */
};

struct skim_keys {
	struct skim_slot *slots; /* as few as will do, so that caches hold them */
	size_t slots_mask;
	struct skim_entry *entries;
	size_t n, cap;
	unsigned char *text;
	size_t text_n, text_cap;
	uint32_t *seen; /* tags: what comes for the second time is learned */
	uint64_t seed[2];
	uint32_t last_tag;
};

void skim_keys_init(struct skim_keys *keys);
void skim_keys_done(struct skim_keys *keys);
void skim_keys_clear(struct skim_keys *keys);
/* False: it came for the first time. */
bool skim_keys_again(struct skim_keys *keys, uint64_t hash);
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

static inline uint64_t
skim_word(const unsigned char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof word);
	return word;
}

__extension__ typedef unsigned __int128 skim_u128;

static inline uint64_t
skim_mix(uint64_t a, uint64_t b)
{
	skim_u128 product = (skim_u128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Of SKIM_KEY_MIN bytes or more. The seed keeps a log from choosing collisions. */
static inline uint64_t
skim_hash(const struct skim_keys *keys, const unsigned char *p, uint32_t n)
{
	uint64_t a = keys->seed[0], b = keys->seed[1], h = n;
	const unsigned char *last = p + n - 16;

	if (n < 16)
		return skim_mix(skim_word(p) ^ a, skim_word(p + n - 8) ^ b ^ h);
	for (; p < last; p += 16, a += b)
		h += skim_mix(skim_word(p) ^ a, skim_word(p + 8) ^ b);
	h ^= skim_mix(skim_word(last) ^ a, skim_word(last + 8) ^ b);
	return h ^ h >> 32;
}

typedef uint64_t skim_pair __attribute__((vector_size(16)));

static inline skim_pair
skim_differing(const unsigned char *a, const unsigned char *b)
{
	skim_pair x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return x ^ y;
}

static inline bool
skim_equal(const unsigned char *a, const unsigned char *b, uint32_t n)
{
	skim_pair differing;

	if (n < 16)
		return skim_word(a) == skim_word(b) &&
		       skim_word(a + n - 8) == skim_word(b + n - 8);
	differing = skim_differing(a + n - 16, b + n - 16);
	for (uint32_t i = 0; i + 16 < n; i += 16)
		differing |= skim_differing(a + i, b + i);
	return !(differing[0] | differing[1]);
}

static inline struct skim_key
skim_key_of(const struct skim_keys *keys, const unsigned char *p, uint32_t n,
	    uint32_t first)
{
	uint64_t hash = skim_hash(keys, p, n);

	if (first)
		hash = skim_mix(hash ^ first, keys->seed[1]);
	return (struct skim_key){p, n, first, hash};
}

/* NULL: it is not there. */
static inline struct skim_entry *
skim_keys_find(const struct skim_keys *keys, const struct skim_key *key)
{
	uint64_t hash = key->hash;

	for (size_t i = hash & keys->slots_mask;; i = (i + 1) & keys->slots_mask) {
		const struct skim_slot *slot = &keys->slots[i];
		struct skim_entry *entry;

		if (!slot->entry_plus_one)
			return NULL;
		if (slot->tag != (uint32_t)(hash >> 32))
			continue;
		entry = &keys->entries[slot->entry_plus_one - 1];
		if (entry->n == key->n && entry->first == key->first &&
		    skim_equal(keys->text + entry->text, key->p, key->n))
			return entry;
	}
}
