/* SPDX-License-Identifier: MIT */
/* The canonical text 32 bytes at once. */
#include "skim/canon.h"

#ifdef __x86_64__

#include "skim/canon_blocks.h"

#define AVX2 CANON_AVX2

struct two {
	__m256i a, b;
};

CANON_INLINE AVX2 __m256i
in_range(__m256i v, char from, char n)
{
	__m256i at = _mm256_sub_epi8(v, _mm256_set1_epi8(from));

	return _mm256_cmpeq_epi8(_mm256_min_epu8(at, _mm256_set1_epi8((char)(n - 1))),
				 at);
}

CANON_INLINE AVX2 struct two
ranged(struct two v, char from, char n)
{
	return (struct two){in_range(v.a, from, n), in_range(v.b, from, n)};
}

CANON_INLINE AVX2 struct two
same(struct two v, char c)
{
	__m256i all = _mm256_set1_epi8(c);

	return (struct two){_mm256_cmpeq_epi8(v.a, all), _mm256_cmpeq_epi8(v.b, all)};
}

CANON_INLINE AVX2 struct two
both(struct two v, struct two w)
{
	return (struct two){_mm256_and_si256(v.a, w.a), _mm256_and_si256(v.b, w.b)};
}

CANON_INLINE AVX2 struct two
either(struct two v, struct two w)
{
	return (struct two){_mm256_or_si256(v.a, w.a), _mm256_or_si256(v.b, w.b)};
}

CANON_INLINE AVX2 uint64_t
bits(struct two v)
{
	return (uint32_t)_mm256_movemask_epi8(v.a) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(v.b) << 32;
}

CANON_INLINE AVX2 struct two
load(const char *p)
{
	return (struct two){_mm256_loadu_si256((const __m256i *)p),
			    _mm256_loadu_si256((const __m256i *)(p + 32))};
}

CANON_INLINE AVX2 struct two
all_two(char c)
{
	return (struct two){_mm256_set1_epi8(c), _mm256_set1_epi8(c)};
}

/* A control character or, signed, one beyond 127; a backslash; "->" */
CANON_INLINE AVX2 struct two
odd_two(struct two v, struct two v1, struct two backslash)
{
	__m256i blank = _mm256_set1_epi8(' ');
	struct two control = {_mm256_cmpgt_epi8(blank, v.a),
			      _mm256_cmpgt_epi8(blank, v.b)};

	return either(control, either(backslash, both(same(v1, '-'), same(v, '>'))));
}

/* v1, v2: the bytes one and two before. */
CANON_INLINE AVX2 void
masks_avx2(const void *eye, const char *p, struct canon_masks *ret)
{
	struct two v = load(p), v1 = load(p - 1), v2 = load(p - 2);
	struct two blank = same(v, ' '), backslash = same(v, '\\');
	struct two newline = same(v, '\n'), x = same(v, 'x');
	struct two digit = ranged(v, '0', 10), hex = either(digit, ranged(v, 'a', 6));
	/* what stands before, or before a blank */
	struct two last = {_mm256_blendv_epi8(v1.a, v2.a, same(v1, ' ').a),
			   _mm256_blendv_epi8(v1.b, v2.b, same(v1, ' ').b)};
	/* "<" or ".", but "," and ">" as well; "/" stands before the digits */
	struct two seldom =
	    both(same(either(v1, all_two('<' ^ '.')), '<' | '.'), ranged(v, '/', 11));
	struct two digit2 = ranged(v2, '0', 10);
	struct two address = both(same(v1, 'x'), digit2);
	struct two date = both(both(same(v1, '-'), digit2), digit);

	(void)eye;
	ret->is[CANON_NEWLINE] = bits(newline);
	ret->is[CANON_QUOTE] = bits(same(v, '"'));
	ret->is[CANON_BACKSLASH] = bits(backslash);
	ret->is[CANON_BLANK] = bits(blank);
	ret->is[CANON_HEX] = bits(hex);
	ret->is[CANON_HEX_X] = bits(either(hex, x));
	ret->begins[CANON_BEGINS_VALUE] = bits(both(same(last, '='), digit));
	ret->begins[CANON_BEGINS_GAP] = bits(both(same(v1, ')'), blank));
	ret->begins[CANON_BEGINS_ADDRESS] = bits(both(address, ranged(v, '1', 7)));
	ret->begins[CANON_BEGINS_SELDOM] =
	    bits(either(either(seldom, date), odd_two(v, v1, backslash)));
}

CANON_INLINE AVX2 uint64_t
value_avx2(const struct canon_masks *m)
{
	return m->begins[CANON_BEGINS_VALUE];
}

CANON_INLINE AVX2 uint64_t
seldom_avx2(const struct canon_masks *m)
{
	return m->begins[CANON_BEGINS_SELDOM] & ~m->is[CANON_NEWLINE];
}

CANON_INLINE AVX2 void
more_avx2(const void *eye, const char *p, struct canon_more *ret)
{
	struct two v = load(p), v1 = load(p - 1), less1 = same(v1, '<');
	struct two digit = ranged(v, '0', 10), digit2 = ranged(load(p - 2), '0', 10);
	struct two of_date = either(either(same(v, '+'), ranged(v, '-', 2)),
				    either(same(v, 'T'), ranged(v, '0', 11)));

	(void)eye;
	ret->fraction = bits(both(either(less1, same(v1, '.')), digit));
	ret->date = bits(both(both(same(v1, '-'), digit2), digit));
	ret->path = bits(both(less1, same(v, '/')));
	ret->digit = bits(digit);
	ret->of_date = bits(of_date);
	ret->bracket = bits(either(same(v, '<'), same(v, '>')));
	ret->odd = bits(odd_two(v, v1, same(v, '\\')));
}

/* Which of eight bytes are kept, one behind the other, for each set of them. */
#define PLACE(set, i)                     \
	((uint64_t)((set) >> (i)&1) * (i) \
	 << 8 * __builtin_popcount((set) & ((1 << (i)) - 1)))
#define KEPT(set)                                                        \
	(PLACE(set, 1) + PLACE(set, 2) + PLACE(set, 3) + PLACE(set, 4) + \
	 PLACE(set, 5) + PLACE(set, 6) + PLACE(set, 7))
#define KEPT_4(set) KEPT(set), KEPT((set) + 1), KEPT((set) + 2), KEPT((set) + 3)
#define KEPT_16(set) \
	KEPT_4(set), KEPT_4((set) + 4), KEPT_4((set) + 8), KEPT_4((set) + 12)
#define KEPT_64(set) \
	KEPT_16(set), KEPT_16((set) + 16), KEPT_16((set) + 32), KEPT_16((set) + 48)

static const uint64_t kept_of_8[256] = {KEPT_64(0), KEPT_64(64), KEPT_64(128),
					KEPT_64(192)};

/* A byte to each bit. */
CANON_INLINE AVX2 __m256i
spread(uint32_t bits)
{
	__m256i which = _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202,
					   0x0303030303030303);
	__m256i bit = _mm256_set1_epi64x((long long)0x8040201008040201);
	__m256i all = _mm256_shuffle_epi8(_mm256_set1_epi32((int)bits), which);

	return _mm256_cmpeq_epi8(_mm256_and_si256(all, bit), bit);
}

CANON_INLINE AVX2 void
write_avx2(const void *eye, const char *p, uint64_t keep, uint64_t mark,
	   unsigned char *to)
{
	struct two v = either(load(p), (struct two){spread((uint32_t)mark),
						    spread((uint32_t)(mark >> 32))});
	__m128i part[4] = {
	    _mm256_castsi256_si128(v.a), _mm256_extracti128_si256(v.a, 1),
	    _mm256_castsi256_si128(v.b), _mm256_extracti128_si256(v.b, 1)};

	(void)eye;
	for (int i = 0; i < 8; i++, keep >>= 8) {
		__m128i places =
		    _mm_loadl_epi64((const __m128i *)&kept_of_8[keep & 0xff]);

		if (i % 2)
			part[i / 2] = _mm_unpackhi_epi64(part[i / 2], part[i / 2]);
		_mm_storel_epi64((__m128i *)to, _mm_shuffle_epi8(part[i / 2], places));
		to += _mm_popcnt_u64(keep & 0xff);
	}
}

static AVX2 void
run_avx2(struct canon *canon, const char *p, size_t n)
{
	canon_blocks(canon, p, n,
		     (struct canon_eyes){NULL, masks_avx2, value_avx2, seldom_avx2,
					 more_avx2, canon_hex_of, write_avx2});
}

canon_fn *
canon_avx2(void)
{
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") &&
	    __builtin_cpu_supports("pclmul"))
		return run_avx2;
	return NULL;
}

#else

canon_fn *
canon_avx2(void)
{
	return NULL;
}

#endif
