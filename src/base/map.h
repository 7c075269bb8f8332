/* SPDX-License-Identifier: MIT */
/* A hash map from 64-bit words to 32-bit numbers, and atoms: texts interned once and
   compared as numbers. Seeded, so that a hostile log cannot pick collisions. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct s2s_map {
	struct s2s_map_slot *slots;
	size_t cap, n;
	uint64_t seed;
};

/* The number of a key of up to three words, or NULL. Valid until the next put. */
uint32_t *s2s_map_get(const struct s2s_map *map, const uint64_t key[3]);
/* Enters the key if it is new (*ret_new), with number 0; its number to be set. */
uint32_t *s2s_map_put(struct s2s_map *map, const uint64_t key[3], bool *ret_new);
void s2s_map_remove(struct s2s_map *map, const uint64_t key[3]);
void s2s_map_done(struct s2s_map *map);

typedef uint32_t s2s_atom; /* 0: the empty text */

struct s2s_atoms {
	struct s2s_arena arena;
	struct s2s_sv *text;
	size_t n, cap;
	uint32_t *slots;
	size_t slots_cap;
	uint64_t seed;
};

s2s_atom s2s_atom_intern(struct s2s_atoms *atoms, struct s2s_sv text);
/* NUL-terminated behind its end. Lives as long as the atoms. */
struct s2s_sv s2s_atom_text(const struct s2s_atoms *atoms, s2s_atom atom);
void s2s_atoms_done(struct s2s_atoms *atoms);

uint64_t s2s_hash(uint64_t seed, const void *p, size_t n);
uint64_t s2s_random_seed(void);
