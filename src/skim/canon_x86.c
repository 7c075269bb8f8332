/* SPDX-License-Identifier: MIT */
/* The canonical text with the vectors of newer x86 processors. */
#include "skim/canon_bits.h"

#include <string.h>

#ifdef __x86_64__

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt,pclmul")))
#define AVX512                 \
	__attribute__((target( \
	    "avx512bw,avx512vl,avx512vbmi2,avx2,bmi,bmi2,popcnt,lzcnt,pclmul")))

typedef void load_fn(const char *p, struct canon_masks *ret);
/* Writes 64 bytes at `to`, the first of them those to be kept. */
typedef void write_fn(const char *p, uint64_t keep, uint64_t mark, unsigned char *to);

/* From each quote to before the next. */
CANON_INLINE AVX2 uint64_t
between(uint64_t quotes)
{
	__m128i all = _mm_set1_epi8((char)0xff);
	__m128i bits = _mm_set_epi64x(0, (long long)quotes);

	return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(bits, all, 0));
}

/* Where the lines end whose newlines are given. */
CANON_INLINE AVX2 void
end_lines(struct canon *canon, uint32_t in, uint32_t out, uint64_t newlines,
	  const struct canon_kept *kept, struct canon_carry *carry)
{
	uint64_t from = 0; /* bytes of lines that ended */

	for (; newlines; newlines &= newlines - 1) {
		uint64_t before =
		    newlines ^ (newlines - 1); /* and the newline itself */
		struct canon_line *line = &canon->lines[canon->nlines++];

		line->in = in + (uint32_t)_tzcnt_u64(newlines);
		line->out = out + (uint32_t)_mm_popcnt_u64(kept->keep & before);
		line->odd = carry->odd | (kept->odd & before & ~from);
		carry->odd = 0;
		from = before;
	}
	carry->odd |= kept->odd & ~from;
}

CANON_INLINE AVX2 uint64_t
hex_of(const char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)p);
	__m128i digit = _mm_sub_epi8(v, _mm_set1_epi8('0'));
	__m128i letter = _mm_sub_epi8(v, _mm_set1_epi8('a'));
	__m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
	__m128i is_letter =
	    _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter);

	return (uint64_t)_mm_movemask_epi8(_mm_or_si128(is_digit, is_letter));
}

/* A line that ends inside of a string ends the block as well, and what it left. */
CANON_INLINE AVX2 void
blocks(struct canon *canon, const char *text, size_t n, load_fn *load, write_fn *write)
{
	struct canon_carry carry = {0};
	unsigned char *out = canon->text;
	size_t len;

	canon->nlines = 0;
	for (size_t at = 0; at < n; at += len) {
		uint64_t valid, quotes, strings, broken;
		struct canon_masks m;
		struct canon_kept kept;

		len = n - at < 64 ? n - at : 64;
		valid = _bzhi_u64(UINT64_MAX, (unsigned)len);
		load(text + at, &m);
		m.newline &= valid;
		quotes = m.quote & ~canon_escaped(m.backslash & valid, &carry.escape) &
			 valid;
		strings = between(quotes) ^ carry.in_string;
		broken = m.newline & strings;
		if (__builtin_expect(broken != 0, 0)) {
			len = (size_t)_tzcnt_u64(broken) + 1;
			valid = _bzhi_u64(UINT64_MAX, (unsigned)len);
			m.newline &= valid;
		}
		carry.in_string = (uint64_t)((int64_t)strings >> 63);
		m.quote = quotes;
		kept = canon_rules(&m, &carry, ~(strings | quotes) & valid & ~m.newline,
				   strings, text + at + 64, hex_of);
		kept.keep &= valid;
		kept.odd |= broken & valid;
		write(text + at, kept.keep, kept.mark, out);
		end_lines(canon, (uint32_t)at, (uint32_t)(out - canon->text), m.newline,
			  &kept, &carry);
		out += _mm_popcnt_u64(kept.keep);
		if (__builtin_expect(broken != 0, 0))
			carry = (struct canon_carry){0};
	}
}

/* ---- 32 bytes at once ---- */

struct two {
	__m256i a, b;
};

CANON_INLINE AVX2 uint64_t
bits_of(__m256i a, __m256i b)
{
	return (uint32_t)_mm256_movemask_epi8(a) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32;
}

CANON_INLINE AVX2 uint64_t
equal(struct two v, char c)
{
	__m256i all = _mm256_set1_epi8(c);

	return bits_of(_mm256_cmpeq_epi8(v.a, all), _mm256_cmpeq_epi8(v.b, all));
}

CANON_INLINE AVX2 __m256i
in_range(__m256i v, char from, char n)
{
	__m256i at = _mm256_sub_epi8(v, _mm256_set1_epi8(from));

	return _mm256_cmpeq_epi8(_mm256_min_epu8(at, _mm256_set1_epi8((char)(n - 1))),
				 at);
}

CANON_INLINE AVX2 uint64_t
ranged(struct two v, char from, char n)
{
	return bits_of(in_range(v.a, from, n), in_range(v.b, from, n));
}

CANON_INLINE AVX2 void
load_avx2(const char *p, struct canon_masks *ret)
{
	struct two v = {_mm256_loadu_si256((const __m256i *)p),
			_mm256_loadu_si256((const __m256i *)(p + 32))};
	__m256i blank = _mm256_set1_epi8(' ');

	*ret = (struct canon_masks){
	    .newline = equal(v, '\n'),
	    .quote = equal(v, '"'),
	    .backslash = equal(v, '\\'),
	    .blank = equal(v, ' '),
	    .equals = equal(v, '='),
	    .close = equal(v, ')'),
	    .x = equal(v, 'x'),
	    .digit = ranged(v, '0', 10),
	    .zero = equal(v, '0'),
	    .a_to_f = ranged(v, 'a', 6),
	    .less = equal(v, '<'),
	    .greater = equal(v, '>'),
	    .slash = equal(v, '/'),
	    .dot = equal(v, '.'),
	    .minus = equal(v, '-'),
	    .odd = bits_of(_mm256_cmpgt_epi8(blank, v.a),
			   _mm256_cmpgt_epi8(blank, v.b)), /* signed: beyond 127, too */
	};
}

/* A bit to each of eight bytes. */
CANON_INLINE AVX2 uint64_t
spread(uint64_t bits)
{
	return _pdep_u64(bits, UINT64_C(0x0101010101010101)) * 0xff;
}

CANON_INLINE AVX2 void
write_avx2(const char *p, uint64_t keep, uint64_t mark, unsigned char *to)
{
	for (int i = 0; i < 8; i++, p += 8, keep >>= 8, mark >>= 8) {
		uint64_t word;

		memcpy(&word, p, sizeof word);
		word = _pext_u64(word | spread(mark & 0xff), spread(keep & 0xff));
		memcpy(to, &word, sizeof word);
		to += _mm_popcnt_u64(keep & 0xff);
	}
}

static AVX2 void
run_avx2(struct canon *canon, const char *p, size_t n)
{
	blocks(canon, p, n, load_avx2, write_avx2);
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

/* ---- 64 bytes at once ---- */

CANON_INLINE AVX512 uint64_t
equal_512(__m512i v, char c)
{
	return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(c));
}

CANON_INLINE AVX512 uint64_t
ranged_512(__m512i v, char from, char n)
{
	return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8(from)),
				      _mm512_set1_epi8(n));
}

CANON_INLINE AVX512 void
load_avx512(const char *p, struct canon_masks *ret)
{
	__m512i v = _mm512_loadu_si512(p);

	*ret = (struct canon_masks){
	    .newline = equal_512(v, '\n'),
	    .quote = equal_512(v, '"'),
	    .backslash = equal_512(v, '\\'),
	    .blank = equal_512(v, ' '),
	    .equals = equal_512(v, '='),
	    .close = equal_512(v, ')'),
	    .x = equal_512(v, 'x'),
	    .digit = ranged_512(v, '0', 10),
	    .zero = equal_512(v, '0'),
	    .a_to_f = ranged_512(v, 'a', 6),
	    .less = equal_512(v, '<'),
	    .greater = equal_512(v, '>'),
	    .slash = equal_512(v, '/'),
	    .dot = equal_512(v, '.'),
	    .minus = equal_512(v, '-'),
	    .odd = _mm512_cmplt_epi8_mask(v, _mm512_set1_epi8(' ')),
	};
}

CANON_INLINE AVX512 void
write_avx512(const char *p, uint64_t keep, uint64_t mark, unsigned char *to)
{
	__m512i v = _mm512_loadu_si512(p);

	v = _mm512_mask_set1_epi8(v, mark, (char)CANON_MARK);
	_mm512_storeu_si512(to, _mm512_maskz_compress_epi8(keep, v));
}

static AVX512 void
run_avx512(struct canon *canon, const char *p, size_t n)
{
	blocks(canon, p, n, load_avx512, write_avx512);
}

canon_fn *
canon_avx512(void)
{
	if (canon_avx2() && __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2"))
		return run_avx512;
	return NULL;
}

#else

canon_fn *
canon_avx2(void)
{
	return NULL;
}

canon_fn *
canon_avx512(void)
{
	return NULL;
}

#endif
