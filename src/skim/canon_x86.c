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

/* From each quote to before the next. */
CANON_INLINE AVX2 uint64_t
between(uint64_t quotes)
{
	__m128i all = _mm_set1_epi8((char)0xff);
	__m128i bits = _mm_set_epi64x(0, (long long)quotes);

	return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(bits, all, 0));
}

struct state {
	struct canon_carry carry;
	uint32_t in, out; /* so much was read, and written */
	struct canon_line *line;
};

CANON_INLINE AVX2 void
end_line(const struct state *s, struct canon_line *line, uint64_t newlines,
	 const struct canon_kept *kept)
{
	line->in = s->in + (uint32_t)_tzcnt_u64(newlines);
	line->out =
	    s->out + (uint32_t)_mm_popcnt_u64(kept->keep & _blsmsk_u64(newlines));
	line->odd = false;
}

/* Where the lines end whose newlines are given. Two are written in any case: how many
   there are in a block cannot be foretold. */
CANON_INLINE AVX2 void
end_lines(struct state *s, uint64_t newlines, const struct canon_kept *kept)
{
	struct canon_line *line = s->line;

	s->line += _mm_popcnt_u64(newlines);
	end_line(s, line++, newlines, kept);
	newlines = _blsr_u64(newlines);
	end_line(s, line++, newlines, kept);
	while (__builtin_expect((newlines = _blsr_u64(newlines)) != 0, 0))
		end_line(s, line++, newlines, kept);
}

/* Which of the lines that end here are odd, and whether the next one begins so. */
static AVX2 __attribute__((noinline)) uint64_t
see_odd(struct canon_line *line, uint64_t newlines, uint64_t odd, uint64_t carry)
{
	uint64_t from = 0; /* bytes of lines that ended */

	for (; newlines; newlines = _blsr_u64(newlines), line++) {
		line->odd = carry | (odd & _blsmsk_u64(newlines) & ~from);
		carry = 0;
		from = _blsmsk_u64(newlines);
	}
	return carry | (odd & ~from);
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

/* Up to 64 bytes at p; `ahead`: what follows 64. How many: a line that ends inside of a
   string ends the block as well, and what it left. */
CANON_INLINE AVX2 uint32_t
block(struct state *s, struct canon *canon, const char *p, const char *ahead,
      uint32_t len, struct canon_eyes eyes)
{
	uint64_t valid = _bzhi_u64(UINT64_MAX, len), strings, broken;
	struct canon_carry *carry = &s->carry;
	struct canon_line *line = s->line;
	struct canon_masks m;
	struct canon_kept kept;

	eyes.masks(eyes.eye, p, &m);
	m.newline &= valid;
	m.quote &= ~canon_escaped(m.backslash & valid, &carry->escape) & valid;
	strings = between(m.quote) ^ carry->in_string;
	broken = m.newline & strings;
	if (__builtin_expect(broken != 0, 0)) {
		len = (uint32_t)_tzcnt_u64(broken) + 1;
		valid = _bzhi_u64(UINT64_MAX, len);
		m.newline &= valid;
	}
	carry->in_string = (uint64_t)((int64_t)strings >> 63);
	kept = canon_rules(&m, carry, ~(strings | m.quote) & valid, strings, p, ahead,
			   eyes);
	kept.keep &= valid;
	kept.odd |= broken & valid;
	eyes.write(eyes.eye, p, kept.keep, kept.mark, canon->text + s->out);
	end_lines(s, m.newline, &kept);
	if (__builtin_expect((kept.odd | carry->odd) != 0, 0))
		carry->odd = see_odd(line, m.newline, kept.odd, carry->odd);
	s->in += len;
	s->out += (uint32_t)_mm_popcnt_u64(kept.keep);
	if (__builtin_expect(broken != 0, 0))
		*carry = (struct canon_carry){0};
	return len;
}

CANON_INLINE AVX2 void
blocks(struct canon *canon, const char *text, size_t n, struct canon_eyes eyes)
{
	struct state s = {.line = canon->lines};
	char first[2 + 64] = "\n\n"; /* there may be nothing before the text */
	uint32_t len = (uint32_t)n;

	memcpy(first + 2, text, 64);
	block(&s, canon, first + 2, text + 64, len < 64 ? len : 64, eyes);
	while (s.in + 64 <= len)
		block(&s, canon, text + s.in, text + s.in + 64, 64, eyes);
	while (s.in < len)
		block(&s, canon, text + s.in, text + s.in + 64,
		      len - s.in < 64 ? len - s.in : 64, eyes);
	canon->nlines = (size_t)(s.line - canon->lines);
}

/* ---- 32 bytes at once ---- */

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
	struct two address = both(same(v1, 'x'), ranged(v2, '0', 10));

	(void)eye;
	*ret = (struct canon_masks){
	    .newline = bits(newline),
	    .quote = bits(same(v, '"')),
	    .backslash = bits(backslash),
	    .blank = bits(blank),
	    .hex = bits(hex),
	    .hex_x = bits(either(hex, x)),
	    .value = bits(both(same(last, '='), digit)),
	    .gap = bits(both(same(v1, ')'), blank)),
	    .address = bits(both(address, hex)) & ~bits(same(v, '0')),
	    .seldom = bits(either(seldom, odd_two(v, v1, backslash))),
	};
}

CANON_INLINE AVX2 void
more_avx2(const void *eye, const char *p, struct canon_more *ret)
{
	struct two v = load(p), v1 = load(p - 1), less1 = same(v1, '<');
	struct two digit = ranged(v, '0', 10);

	(void)eye;
	ret->fraction = bits(both(either(less1, same(v1, '.')), digit));
	ret->path = bits(both(less1, same(v, '/')));
	ret->digit = bits(digit);
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
	blocks(canon, p, n,
	       (struct canon_eyes){NULL, masks_avx2, more_avx2, hex_of, write_avx2});
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

/* What bytes are compared with, held in registers. */
struct all {
	__m512i newline, quote, backslash, blank, equals, close, x, zero, less, greater,
	    slash, dot, minus, ten, eleven, six, to_digit, to_slash, to_letter, apart,
	    together, mark;
};

/* The compiler is not to make it anew each time. */
CANON_INLINE AVX512 __m512i
all_of(char c)
{
	__m512i ret = _mm512_set1_epi8(c);

	__asm__("" : "+v"(ret));
	return ret;
}

CANON_INLINE AVX512 __mmask64
is(__m512i v, __m512i all)
{
	return _mm512_cmpeq_epi8_mask(v, all);
}

/* Only those of `of`. */
CANON_INLINE AVX512 __mmask64
is_of(__mmask64 of, __m512i v, __m512i all)
{
	return _mm512_mask_cmpeq_epi8_mask(of, v, all);
}

/* A control character or, signed, one beyond 127; a backslash; "->" */
CANON_INLINE AVX512 __mmask64
odd_avx512(const struct all *all, __m512i v, __m512i v1, __mmask64 backslash)
{
	return _mm512_cmplt_epi8_mask(v, all->blank) | backslash |
	       is_of(is(v1, all->minus), v, all->greater);
}

/* v1, v2: the bytes one and two before. */
CANON_INLINE AVX512 void
masks_avx512(const void *eye, const char *p, struct canon_masks *ret)
{
	const struct all *all = eye;
	__m512i v = _mm512_loadu_si512(p), v1 = _mm512_loadu_si512(p - 1);
	__m512i v2 = _mm512_loadu_si512(p - 2);
	__m512i at = _mm512_add_epi8(v, all->to_digit);
	__mmask64 digit = _mm512_cmplt_epu8_mask(at, all->ten);
	__mmask64 letter =
	    _mm512_cmplt_epu8_mask(_mm512_add_epi8(v, all->to_letter), all->six);
	__mmask64 hex = digit | letter, backslash = is(v, all->backslash);
	__mmask64 blank = is(v, all->blank);
	__mmask64 address = _mm512_mask_cmplt_epu8_mask(
	    is(v1, all->x), _mm512_add_epi8(v2, all->to_digit), all->ten);
	/* what stands before, or before a blank */
	__m512i last = _mm512_mask_mov_epi8(v1, is(v1, all->blank), v2);
	/* "<" or ".", but "," and ">" as well; "/" stands before the digits */
	__mmask64 seldom = is_of(
	    _mm512_cmplt_epu8_mask(_mm512_add_epi8(v, all->to_slash), all->eleven),
	    _mm512_or_si512(v1, all->apart), all->together);

	*ret = (struct canon_masks){
	    .newline = is(v, all->newline),
	    .quote = is(v, all->quote),
	    .backslash = backslash,
	    .blank = blank,
	    .hex = hex,
	    .hex_x = hex | is(v, all->x),
	    .value = is_of(digit, last, all->equals),
	    .gap = is_of(blank, v1, all->close),
	    .address = _mm512_mask_cmpneq_epi8_mask(address & hex, v, all->zero),
	    .seldom = seldom | odd_avx512(all, v, v1, backslash),
	};
}

CANON_INLINE AVX512 void
more_avx512(const void *eye, const char *p, struct canon_more *ret)
{
	const struct all *all = eye;
	__m512i v = _mm512_loadu_si512(p), v1 = _mm512_loadu_si512(p - 1);
	__mmask64 less1 = is(v1, all->less);

	ret->digit =
	    _mm512_cmplt_epu8_mask(_mm512_add_epi8(v, all->to_digit), all->ten);
	ret->fraction = ret->digit & (less1 | is(v1, all->dot));
	ret->path = is_of(less1, v, all->slash);
	ret->bracket = is(v, all->less) | is(v, all->greater);
	ret->odd = odd_avx512(all, v, v1, is(v, all->backslash));
}

CANON_INLINE AVX512 void
write_avx512(const void *eye, const char *p, uint64_t keep, uint64_t mark,
	     unsigned char *to)
{
	const struct all *all = eye;
	__m512i v = _mm512_mask_mov_epi8(_mm512_loadu_si512(p), mark, all->mark);

	_mm512_storeu_si512(to, _mm512_maskz_compress_epi8(keep, v));
}

static AVX512 void
run_avx512(struct canon *canon, const char *p, size_t n)
{
	const struct all all = {
	    .newline = all_of('\n'),
	    .quote = all_of('"'),
	    .backslash = all_of('\\'),
	    .blank = all_of(' '),
	    .equals = all_of('='),
	    .close = all_of(')'),
	    .x = all_of('x'),
	    .zero = all_of('0'),
	    .less = all_of('<'),
	    .greater = all_of('>'),
	    .slash = all_of('/'),
	    .dot = all_of('.'),
	    .minus = all_of('-'),
	    .ten = all_of(10),
	    .eleven = all_of(11),
	    .six = all_of(6),
	    .to_digit = all_of(-'0'),
	    .to_slash = all_of(-'/'),
	    .to_letter = all_of(-'a'),
	    .apart = all_of('<' ^ '.'),
	    .together = all_of('<' | '.'),
	    .mark = all_of((char)CANON_MARK),
	};

	blocks(
	    canon, p, n,
	    (struct canon_eyes){&all, masks_avx512, more_avx512, hex_of, write_avx512});
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
