/* SPDX-License-Identifier: MIT */
#include "skim/keys.h"

#include "base/arena.h"
#include "base/map.h"

#include <stdlib.h>

static void *
zeroed(size_t n, size_t size)
{
	return memset(s2s_realloc(NULL, n, size), 0, n * size);
}

void
skim_keys_init(struct skim_keys *keys, skim_hash_fn *hash)
{
	*keys = (struct skim_keys){
	    .slots = zeroed(SKIM_SLOTS_MIN, sizeof *keys->slots),
	    .slots_mask = SKIM_SLOTS_MIN - 1,
	    .seen = zeroed(SKIM_SEEN, sizeof *keys->seen),
	    .hash = hash,
	    .seed = {s2s_random_seed(), s2s_random_seed() | 1},
	};
}

void
skim_keys_done(struct skim_keys *keys)
{
	free(keys->slots);
	free(keys->entries);
	free(keys->text);
	free(keys->seen);
}

void
skim_keys_clear(struct skim_keys *keys)
{
	memset(keys->slots, 0, (keys->slots_mask + 1) * sizeof *keys->slots);
	keys->n = keys->text_n = 0;
}

static struct skim_seen *
group_of(struct skim_keys *keys, uint64_t hash)
{
	return &keys->seen[hash % (SKIM_SEEN / SKIM_SEEN_WAYS) * SKIM_SEEN_WAYS];
}

/* NULL: it was not seen. */
static struct skim_seen *
find_seen(struct skim_keys *keys, uint64_t hash)
{
	struct skim_seen *group = group_of(keys, hash);

	for (int i = 0; i < SKIM_SEEN_WAYS; i++)
		if (group[i].tag == (uint32_t)(hash >> 32))
			return &group[i];
	return NULL;
}

/* Of a group the oldest makes room: of two texts that come in turns none would be
   learned if each took the other's place. */
bool
skim_keys_try(struct skim_keys *keys, uint64_t hash)
{
	struct skim_seen *seen = find_seen(keys, hash), *group = group_of(keys, hash);
	uint32_t times;

	if (seen) {
		times = seen->times++;
		return !(times & (times - 1));
	}
	memmove(group + 1, group, (SKIM_SEEN_WAYS - 1) * sizeof *group);
	*group = (struct skim_seen){(uint32_t)(hash >> 32), 1};
	return false;
}

static uint32_t
keep_text(struct skim_keys *keys, const unsigned char *p, uint32_t n)
{
	size_t at = keys->text_n;

	while (keys->text_cap - at < n) {
		keys->text_cap = keys->text_cap ? keys->text_cap * 2 : 64 * 1024;
		keys->text = s2s_realloc(keys->text, keys->text_cap, 1);
	}
	memcpy(keys->text + at, p, n);
	keys->text_n += n;
	return (uint32_t)at;
}

/* 0 where there are no more. */
static uint32_t
next_tag(struct skim_keys *keys)
{
	return keys->last_tag == UINT32_MAX ? 0 : ++keys->last_tag;
}

static void
put_slot(struct skim_keys *keys, uint64_t hash, size_t at)
{
	const struct skim_entry *entry = &keys->entries[at];
	size_t i = hash & keys->slots_mask;

	while (keys->slots[i].entry_plus_one)
		i = (i + 1) & keys->slots_mask;
	keys->slots[i] = (struct skim_slot){(uint32_t)(hash >> 32), (uint32_t)at + 1,
					    entry->text, entry->n};
}

/* One more than a third of them is taken: twice as many. */
static void
make_slots(struct skim_keys *keys)
{
	size_t n = (keys->slots_mask + 1) * 2;

	if (keys->n * 3 <= keys->slots_mask)
		return;
	free(keys->slots);
	keys->slots = zeroed(n, sizeof *keys->slots);
	keys->slots_mask = n - 1;
	for (size_t i = 0; i < keys->n; i++) {
		const struct skim_entry *entry = &keys->entries[i];
		const unsigned char *p = keys->text + entry->text;
		struct skim_key key =
		    skim_key_of(keys, p, entry->n, keys->hash(keys->seed, p, entry->n),
				entry->first);

		put_slot(keys, key.hash, i);
	}
}

struct skim_entry *
skim_keys_put(struct skim_keys *keys, const struct skim_key *key, uint32_t input,
	      struct s2s_skimmed what)
{
	struct skim_entry *entry = skim_keys_find(keys, key);
	struct skim_seen *seen = find_seen(keys, key->hash);

	if (seen)
		seen->times = 1;
	if (entry) {
		entry->input = input;
		entry->what = what;
		return entry;
	}
	make_slots(keys);
	s2s_grow(keys->entries, keys->n, keys->cap);
	entry = &keys->entries[keys->n++];
	*entry = (struct skim_entry){
	    .text = keep_text(keys, key->p, key->n),
	    .n = key->n,
	    .input = input,
	    .first = key->first,
	    .tag = what.kind == S2S_SKIM_BEGIN ? next_tag(keys) : 0,
	    .what = what,
	};
	put_slot(keys, key->hash, keys->n - 1);
	return entry;
}
