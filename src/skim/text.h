/* SPDX-License-Identifier: MIT */
/* Hash and comparison of canonical texts, of SKIM_KEY_MIN bytes or more. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Keeps a log from choosing what collides. */
struct skim_seed {
	uint64_t a, b;
};

typedef uint64_t skim_hash_fn(struct skim_seed seed, const unsigned char *p,
			      uint32_t n);
typedef bool skim_equal_fn(const unsigned char *a, const unsigned char *b, uint32_t n);

typedef uint64_t skim_piece __attribute__((vector_size(16)));
__extension__ typedef unsigned __int128 skim_u128;

static inline uint64_t
skim_word(const unsigned char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof word);
	return word;
}

static inline skim_piece
skim_piece_at(const unsigned char *p)
{
	skim_piece piece;

	memcpy(&piece, p, sizeof piece);
	return piece;
}

static inline uint64_t
skim_mix(uint64_t a, uint64_t b)
{
	skim_u128 product = (skim_u128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline __attribute__((always_inline)) uint64_t
skim_hash(struct skim_seed seed, const unsigned char *p, uint32_t n)
{
	uint64_t a = seed.a, b = seed.b, h = n;
	const unsigned char *last = p + n - 16;

	if (n < 16)
		return skim_mix(skim_word(p) ^ a, skim_word(p + n - 8) ^ b ^ h);
	for (; p < last; p += 16, a += b)
		h += skim_mix(skim_word(p) ^ a, skim_word(p + 8) ^ b);
	h ^= skim_mix(skim_word(last) ^ a, skim_word(last + 8) ^ b);
	return h ^ h >> 32;
}

static inline __attribute__((always_inline)) bool
skim_equal(const unsigned char *a, const unsigned char *b, uint32_t n)
{
	skim_piece differing;

	if (n < 16)
		return skim_word(a) == skim_word(b) &&
		       skim_word(a + n - 8) == skim_word(b + n - 8);
	differing = skim_piece_at(a + n - 16) ^ skim_piece_at(b + n - 16);
	for (uint32_t i = 0; i + 16 < n; i += 16)
		differing |= skim_piece_at(a + i) ^ skim_piece_at(b + i);
	return !(differing[0] | differing[1]);
}
