/* SPDX-License-Identifier: MIT */
#include "filter/known.h"

#include <stdlib.h>

struct s2s_known_split {
	const struct s2s_segment *segment;
	size_t n;
	uint32_t next_plus_one; /* another one of the same hash; 0: none */
	uint32_t node;
};

static uint64_t
hash_of(const struct s2s_segment *segment, size_t n)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t words[] = {(uint64_t)segment[i].lo << 32 | segment[i].hi,
				    segment[i].to, segment[i].weight};

		hash = s2s_hash(hash, words, sizeof words);
	}
	return hash;
}

static bool
is_same(const struct s2s_segment *a, const struct s2s_segment *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i].lo != b[i].lo || a[i].hi != b[i].hi || a[i].to != b[i].to ||
		    a[i].weight != b[i].weight)
			return false;
	return true;
}

static uint32_t *
add(struct s2s_known_splits *known, const struct s2s_segment *segment, size_t n,
    uint32_t next_plus_one)
{
	struct s2s_segment *own = s2s_arena_alloc(&known->arena, n * sizeof *own);

	memcpy(own, segment, n * sizeof *own);
	s2s_grow(known->split, known->n, known->cap);
	known->split[known->n] = (struct s2s_known_split){own, n, next_plus_one, 0};
	return &known->split[known->n++].node;
}

uint32_t *
s2s_known_split(struct s2s_known_splits *known, struct s2s_field field,
		const struct s2s_segment *segment, size_t n, bool *ret_new)
{
	uint64_t key[3] = {hash_of(segment, n), (uint64_t)field.mask << 32 | field.word,
			   n};
	uint32_t *first = s2s_map_put(&known->index, key, ret_new), was = *first;

	for (uint32_t i = was; i; i = known->split[i - 1].next_plus_one)
		if (is_same(known->split[i - 1].segment, segment, n)) {
			*ret_new = false;
			return &known->split[i - 1].node;
		}
	*ret_new = true;
	*first = (uint32_t)known->n + 1;
	return add(known, segment, n, was);
}

void
s2s_known_splits_done(struct s2s_known_splits *known)
{
	s2s_map_done(&known->index);
	s2s_arena_done(&known->arena);
	free(known->split);
}
