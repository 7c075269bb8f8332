/* SPDX-License-Identifier: MIT */
/* Hash and comparison of canonical texts, without a branch for most of them: up to 64
   bytes are four pieces of 16 that overlap, of less than 16 bytes all four are the same
   and masked. 16 bytes behind a text may be read. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef uint64_t skim_piece __attribute__((vector_size(16)));
__extension__ typedef unsigned __int128 skim_u128;

/* Keeps a log from choosing what collides. */
struct skim_seed {
	uint64_t a, b;
};

static inline skim_piece
skim_piece_at(const unsigned char *p)
{
	skim_piece piece;

	memcpy(&piece, p, sizeof piece);
	return piece;
}

/* All bits of the first n bytes, 16 at most. */
static inline skim_piece
skim_first_bytes(uint32_t n)
{
	static const unsigned char bytes[32] = {255, 255, 255, 255, 255, 255, 255, 255,
						255, 255, 255, 255, 255, 255, 255, 255};

	return skim_piece_at(bytes + 16 - n);
}

struct skim_pieces {
	uint32_t second, third, last; /* where they begin; the first is at 0 */
	skim_piece mask;
};

static inline struct skim_pieces
skim_pieces_of(uint32_t n)
{
	uint32_t first = n < 16 ? n : 16, last = n - first;

	return (struct skim_pieces){
	    .second = last < 16 ? last : 16,
	    .third = last < 16 ? 0 : last - 16,
	    .last = last,
	    .mask = skim_first_bytes(first),
	};
}

static inline uint64_t
skim_mix(uint64_t a, uint64_t b)
{
	skim_u128 product = (skim_u128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t
skim_mix_piece(skim_piece piece, uint64_t a, uint64_t b)
{
	return skim_mix(piece[0] ^ a, piece[1] ^ b);
}

static inline uint64_t
skim_hash(struct skim_seed seed, const unsigned char *p, uint32_t n)
{
	struct skim_pieces at = skim_pieces_of(n);
	uint64_t a = seed.a, b = seed.b, h;

	h = skim_mix_piece(skim_piece_at(p) & at.mask, a + n, b);
	h += skim_mix_piece(skim_piece_at(p + at.second) & at.mask, a + b, b);
	h += skim_mix_piece(skim_piece_at(p + at.third) & at.mask, a + 2 * b, b);
	h += skim_mix_piece(skim_piece_at(p + at.last) & at.mask, a + 3 * b, b);
	for (uint32_t i = 32; __builtin_expect(i < at.third, 0); i += 16)
		h += skim_mix_piece(skim_piece_at(p + i), a ^ i * b, b);
	return h ^ h >> 32;
}

static inline skim_piece
skim_differing(const unsigned char *a, const unsigned char *b, uint32_t at)
{
	return skim_piece_at(a + at) ^ skim_piece_at(b + at);
}

static inline bool
skim_equal(const unsigned char *a, const unsigned char *b, uint32_t n)
{
	struct skim_pieces at = skim_pieces_of(n);
	skim_piece differing =
	    skim_differing(a, b, 0) | skim_differing(a, b, at.second) |
	    skim_differing(a, b, at.third) | skim_differing(a, b, at.last);

	differing &= at.mask;
	for (uint32_t i = 32; __builtin_expect(i < at.third, 0); i += 16)
		differing |= skim_differing(a, b, i);
	return !(differing[0] | differing[1]);
}
