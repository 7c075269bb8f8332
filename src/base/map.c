/* SPDX-License-Identifier: MIT */
/* Open addressing with linear probing, at most three quarters full. */
#include "base/map.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

struct s2s_map_slot {
	uint64_t key[3];
	uint32_t number;
	bool taken;
};

static uint64_t
mix(uint64_t x)
{
	x ^= x >> 32;
	x *= UINT64_C(0xd6e8feb86659fd93);
	x ^= x >> 32;
	x *= UINT64_C(0xd6e8feb86659fd93);
	return x ^ (x >> 32);
}

uint64_t
s2s_hash(uint64_t seed, const void *p, size_t n)
{
	const unsigned char *s = p;
	uint64_t h = seed ^ n, word;

	for (; n >= sizeof word; n -= sizeof word, s += sizeof word) {
		memcpy(&word, s, sizeof word);
		h = mix(h ^ word);
	}
	word = 0;
	if (n)
		memcpy(&word, s, n);
	return mix(h ^ word ^ seed);
}

uint64_t
s2s_random_seed(void)
{
	uint64_t seed;

	/* Without randomness collisions can be picked, but nothing comes out wrong. */
	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != sizeof seed)
		seed = (uint64_t)time(NULL) ^ (uintptr_t)&seed;
	return seed;
}

static bool
key_equal(const uint64_t a[3], const uint64_t b[3])
{
	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
}

__extension__ typedef unsigned __int128 u128;

static uint64_t
fold(uint64_t a, uint64_t b)
{
	u128 product = (u128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Who does not know the seed cannot make a factor 0. */
static uint64_t
hash_key(uint64_t seed, const uint64_t key[3])
{
	uint64_t other = (seed << 32 | seed >> 32) ^ UINT64_C(0x9e3779b97f4a7c15);

	return fold(fold(key[0] ^ seed, key[1] ^ other) ^ key[2], other | 1);
}

/* The slot that holds the key, or the free one where it would go. */
static size_t
find_slot(const struct s2s_map *map, const uint64_t key[3])
{
	size_t i = hash_key(map->seed, key) & (map->cap - 1);

	while (map->slots[i].taken && !key_equal(map->slots[i].key, key))
		i = (i + 1) & (map->cap - 1);
	return i;
}

static void
map_resize(struct s2s_map *map, size_t cap)
{
	struct s2s_map old = *map;

	map->cap = cap;
	map->slots = s2s_realloc(NULL, cap, sizeof *map->slots);
	memset(map->slots, 0, cap * sizeof *map->slots);
	if (!map->seed)
		map->seed = s2s_random_seed();
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].taken)
			map->slots[find_slot(map, old.slots[i].key)] = old.slots[i];
	free(old.slots);
}

uint32_t *
s2s_map_get(const struct s2s_map *map, const uint64_t key[3])
{
	if (map->n == 0)
		return NULL;
	struct s2s_map_slot *slot = &map->slots[find_slot(map, key)];
	return slot->taken ? &slot->number : NULL;
}

uint32_t *
s2s_map_put(struct s2s_map *map, const uint64_t key[3], bool *ret_new)
{
	struct s2s_map_slot *slot;

	if (map->n >= map->cap / 4 * 3)
		map_resize(map, map->cap ? map->cap * 2 : 16);
	slot = &map->slots[find_slot(map, key)];
	*ret_new = !slot->taken;
	if (!slot->taken) {
		*slot = (struct s2s_map_slot){.taken = true};
		memcpy(slot->key, key, sizeof slot->key);
		map->n++;
	}
	return &slot->number;
}

void
s2s_map_remove(struct s2s_map *map, const uint64_t key[3])
{
	size_t i, mask = map->cap - 1;

	if (map->n == 0)
		return;
	i = find_slot(map, key);
	if (!map->slots[i].taken)
		return;
	map->slots[i].taken = false;
	map->n--;
	/* What was pushed behind the hole moves up, so that probing still finds it. */
	for (size_t j = (i + 1) & mask; map->slots[j].taken; j = (j + 1) & mask) {
		struct s2s_map_slot moved = map->slots[j];

		map->slots[j].taken = false;
		map->slots[find_slot(map, moved.key)] = moved;
	}
}

void
s2s_map_done(struct s2s_map *map)
{
	free(map->slots);
	*map = (struct s2s_map){0};
}

static size_t
atom_slot(const struct s2s_atoms *atoms, struct s2s_sv text)
{
	size_t i = s2s_hash(atoms->seed, text.p, text.n) & (atoms->slots_cap - 1);

	while (atoms->slots[i] && !sv_equal(atoms->text[atoms->slots[i]], text))
		i = (i + 1) & (atoms->slots_cap - 1);
	return i;
}

static void
atoms_resize(struct s2s_atoms *atoms)
{
	atoms->slots_cap = atoms->slots_cap ? atoms->slots_cap * 2 : 64;
	atoms->slots =
	    s2s_realloc(atoms->slots, atoms->slots_cap, sizeof *atoms->slots);
	memset(atoms->slots, 0, atoms->slots_cap * sizeof *atoms->slots);
	for (uint32_t i = 1; i < atoms->n; i++)
		atoms->slots[atom_slot(atoms, atoms->text[i])] = i;
}

s2s_atom
s2s_atom_intern(struct s2s_atoms *atoms, struct s2s_sv text)
{
	size_t slot;

	if (text.n == 0)
		return 0;
	if (atoms->n == 0) {
		atoms->seed = s2s_random_seed();
		s2s_grow(atoms->text, atoms->n, atoms->cap);
		atoms->text[atoms->n++] = SV("");
	}
	if (atoms->n >= atoms->slots_cap / 4 * 3)
		atoms_resize(atoms);
	slot = atom_slot(atoms, text);
	if (!atoms->slots[slot]) {
		s2s_grow(atoms->text, atoms->n, atoms->cap);
		atoms->text[atoms->n] = (struct s2s_sv){
		    .p = s2s_arena_strdup(&atoms->arena, text), .n = text.n};
		atoms->slots[slot] = (uint32_t)atoms->n++;
	}
	return atoms->slots[slot];
}

struct s2s_sv
s2s_atom_text(const struct s2s_atoms *atoms, s2s_atom atom)
{
	return atom < atoms->n ? atoms->text[atom] : SV("");
}

void
s2s_atoms_done(struct s2s_atoms *atoms)
{
	s2s_arena_done(&atoms->arena);
	free(atoms->text);
	free(atoms->slots);
	*atoms = (struct s2s_atoms){0};
}
