/* SPDX-License-Identifier: MIT */
/* The loops with vectors of 64 bytes: texts of up to 128 bytes, nearly all, take two of
   these, which overlap, and no branch. */
#include "skim/hot_loops.h"

#ifdef __x86_64__

#include <cpuid.h>
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512bw,avx512vl,avx2,bmi,bmi2,vaes,aes")))

/* Where the two vectors begin, and what of them counts. */
struct ends {
	uint32_t last; /* the first is at 0 */
	__mmask64 mask;
};

SKIM_INLINE AVX512 struct ends
ends_of(uint32_t n)
{
	return (struct ends){
	    .last = n > 64 ? n - 64 : 0,
	    .mask = _bzhi_u64(UINT64_MAX, n < 64 ? n : 64),
	};
}

SKIM_INLINE AVX512 __m512i
load(const unsigned char *p, __mmask64 mask)
{
	return _mm512_maskz_loadu_epi8(mask, p);
}

/* Rounds of AES: who does not know the seed cannot choose what collides. */
SKIM_INLINE AVX512 uint64_t
hash_avx512(struct skim_seed seed, const unsigned char *p, uint32_t n)
{
	struct ends ends = ends_of(n);
	__m128i half = _mm_set_epi64x((long long)seed.b, (long long)seed.a);
	__m512i key = _mm512_add_epi64(_mm512_broadcast_i32x4(half),
				       _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
	__m512i all =
	    _mm512_aesenc_epi128(_mm512_xor_si512(load(p, ends.mask), key), key);
	__m256i both;
	__m128i one;

	for (uint32_t i = 64; __builtin_expect(i < ends.last, 0); i += 64)
		all = _mm512_aesenc_epi128(
		    _mm512_xor_si512(load(p + i, UINT64_MAX), all), key);
	all = _mm512_aesenc_epi128(
	    _mm512_xor_si512(load(p + ends.last, ends.mask), all), key);
	both = _mm256_xor_si256(_mm512_castsi512_si256(all),
				_mm512_extracti64x4_epi64(all, 1));
	one = _mm_xor_si128(_mm256_castsi256_si128(both),
			    _mm256_extracti128_si256(both, 1));
	one = _mm_aesenc_si128(_mm_xor_si128(one, _mm_cvtsi32_si128((int)n)), half);
	one = _mm_aesenc_si128(one, half);
	return (uint64_t)_mm_cvtsi128_si64(one);
}

SKIM_INLINE AVX512 bool
equal_avx512(const unsigned char *a, const unsigned char *b, uint32_t n)
{
	struct ends ends = ends_of(n);
	__mmask64 differing =
	    _mm512_cmpneq_epi8_mask(load(a, ends.mask), load(b, ends.mask)) |
	    _mm512_cmpneq_epi8_mask(load(a + ends.last, ends.mask),
				    load(b + ends.last, ends.mask));

	for (uint32_t i = 64; __builtin_expect(i < ends.last, 0); i += 64)
		differing |= _mm512_cmpneq_epi8_mask(load(a + i, UINT64_MAX),
						     load(b + i, UINT64_MAX));
	return !differing;
}

static AVX512 void
make(struct skim_batch *batch, struct skim_seed seed, size_t line_max,
     struct s2s_sv text)
{
	canon_avx512()(&batch->canon, text.p, text.n);
	skim_make_keys(batch, seed, line_max, text, hash_avx512);
}

static AVX512 size_t
count(const struct skim_keys *keys, const struct skim_batch *batch, size_t from,
      struct skim_counting *counting)
{
	return skim_count_lines(keys, batch, from, counting, equal_avx512);
}

static AVX512 uint64_t
hash(struct skim_seed seed, const unsigned char *p, uint32_t n)
{
	return hash_avx512(seed, p, n);
}

/* clang 14 does not know it by name. */
static bool
has_vaes(void)
{
	unsigned a, b, c, d;

	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (c & bit_VAES);
}

const struct skim_hot *
skim_hot_avx512(void)
{
	static const struct skim_hot avx512 = {hash, make, count};

	return canon_avx512() && has_vaes() ? &avx512 : NULL;
}

#else

const struct skim_hot *
skim_hot_avx512(void)
{
	return NULL;
}

#endif
