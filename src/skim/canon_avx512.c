/* SPDX-License-Identifier: MIT */
/* The canonical text 64 bytes at once. What bytes are is looked up in tables; a word
   for each bit of 64 entries is had by transposing them, which takes fewer steps than a
   comparison for each. */
#include "skim/canon.h"

#ifdef __x86_64__

#include "skim/canon_blocks.h"

#define AVX512                                                                    \
	__attribute__((                                                           \
	    target("avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,gfni,avx2," \
		   "bmi,bmi2,popcnt,lzcnt,pclmul")))

/* Two of these have one bit only between them all: a value begins behind "=", or behind
   a blank behind that. */
enum {
	VALUE = CANON_BEGINS_VALUE,
	GAP = CANON_BEGINS_GAP,
	ADDRESS = CANON_BEGINS_ADDRESS,
	FRACTION = CANON_BEGINS_SELDOM, /* or a path */
	BLANK_VALUE,
	ARROW,
	ODD,
	DATE
};

#define BIT(n) (1 << (n))

__extension__ static const unsigned char itself[128] = {
    ['\n'] = BIT(CANON_NEWLINE),   [' '] = BIT(CANON_BLANK),
    ['"'] = BIT(CANON_QUOTE),      ['0' ... '9'] = BIT(CANON_HEX) | BIT(CANON_HEX_X),
    ['\\'] = BIT(CANON_BACKSLASH), ['a' ... 'f'] = BIT(CANON_HEX) | BIT(CANON_HEX_X),
    ['x'] = BIT(CANON_HEX_X),
};

/* What a byte may be, if those before it are as they have to be; what it may be the
   second last of; and the third last. */
#define DIGIT (BIT(VALUE) | BIT(BLANK_VALUE) | BIT(FRACTION) | BIT(DATE))
__extension__ static const unsigned char last[128] = {
    [0 ... '\n' - 1] = BIT(ODD),
    ['\n' + 1 ... ' ' - 1] = BIT(ODD),
    [' '] = BIT(GAP),
    ['/'] = BIT(FRACTION),
    ['0'] = DIGIT,
    ['1' ... '7'] = DIGIT | BIT(ADDRESS),
    ['8' ... '9'] = DIGIT,
    ['>'] = BIT(ARROW),
    ['\\'] = BIT(ODD),
};

#define ANY BIT(ODD)
__extension__ static const unsigned char second_last[128] = {
    [0 ... ' ' - 1] = ANY,       [' '] = ANY | BIT(BLANK_VALUE),
    [' ' + 1 ... ')' - 1] = ANY, [')'] = ANY | BIT(GAP),
    [')' + 1 ... '-' - 1] = ANY, ['-'] = ANY | BIT(ARROW) | BIT(DATE),
    ['.'] = ANY | BIT(FRACTION), ['.' + 1 ... '<' - 1] = ANY,
    ['<'] = ANY | BIT(FRACTION), ['='] = ANY | BIT(VALUE),
    ['=' + 1 ... 'x' - 1] = ANY, ['x'] = ANY | BIT(ADDRESS),
    ['x' + 1 ... 127] = ANY,
};

#undef ANY
#define ANY (BIT(ODD) | BIT(VALUE) | BIT(GAP) | BIT(FRACTION) | BIT(ARROW))
__extension__ static const unsigned char third_last[128] = {
    [0 ... '0' - 1] = ANY,       ['0' ... '9'] = ANY | BIT(ADDRESS) | BIT(DATE),
    ['9' + 1 ... '=' - 1] = ANY, ['='] = ANY | BIT(BLANK_VALUE),
    ['=' + 1 ... 127] = ANY,
};

struct table {
	__m512i low, high;
};

/* Held in registers. */
struct eye {
	struct table itself, last, second_last, third_last;
	__m512i unit, gather, mark;
};

/* The compiler is not to make it anew each time. */
CANON_INLINE AVX512 __m512i
kept(__m512i v)
{
	__asm__("" : "+v"(v));
	return v;
}

CANON_INLINE AVX512 struct table
table_of(const unsigned char *p)
{
	return (struct table){kept(_mm512_loadu_si512(p)),
			      kept(_mm512_loadu_si512(p + 64))};
}

/* The highest bit of a byte is not looked at. */
CANON_INLINE AVX512 __m512i
look_up(struct table table, __m512i v)
{
	return _mm512_permutex2var_epi8(table.low, v, table.high);
}

/* Bit j of byte i becomes bit i of word j: in each word, in an order from behind, which
   is turned, then of all words. */
CANON_INLINE AVX512 void
transpose(const struct eye *eye, __m512i v, uint64_t ret[8])
{
	v = _mm512_gf2p8affine_epi64_epi8(eye->unit, v, 0);
	v = _mm512_gf2p8affine_epi64_epi8(v, eye->unit, 0);
	_mm512_store_si512(ret, _mm512_permutexvar_epi8(eye->gather, v));
	/* The compiler is not to take the words out of the vector one by one. */
	__asm__("" : "+m"(*(uint64_t(*)[8])ret));
}

/* v1, v2: the bytes one and two before. If these are beyond ASCII, the line is odd, or
   they are in a string and this one is as well. */
CANON_INLINE AVX512 void
masks_avx512(const void *self, const char *p, struct canon_masks *ret)
{
	const struct eye *eye = self;
	__m512i v = _mm512_loadu_si512(p), v1 = _mm512_loadu_si512(p - 1);
	__m512i v2 = _mm512_loadu_si512(p - 2);
	__mmask64 beyond = _mm512_movepi8_mask(v);
	__m512i is = _mm512_maskz_mov_epi8(~beyond, look_up(eye->itself, v));
	__m512i begins = _mm512_and_si512(
	    _mm512_and_si512(look_up(eye->last, v), look_up(eye->second_last, v1)),
	    look_up(eye->third_last, v2));

	transpose(eye, is, ret->is);
	transpose(eye, begins, ret->begins);
	ret->beyond = beyond;
}

CANON_INLINE AVX512 uint64_t
value_avx512(const struct canon_masks *m)
{
	return m->begins[VALUE] | m->begins[BLANK_VALUE];
}

CANON_INLINE AVX512 uint64_t
seldom_avx512(const struct canon_masks *m)
{
	return m->begins[FRACTION] | m->begins[DATE] | m->begins[ARROW] |
	       m->begins[ODD] | m->beyond;
}

CANON_INLINE AVX512 __mmask64
same(__m512i v, char c)
{
	return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(c));
}

CANON_INLINE AVX512 __mmask64
digits(__m512i v)
{
	return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8('0')),
				      _mm512_set1_epi8(10));
}

CANON_INLINE AVX512 void
more_avx512(const void *self, const char *p, struct canon_more *ret)
{
	__m512i v = _mm512_loadu_si512(p), v1 = _mm512_loadu_si512(p - 1);
	__mmask64 less1 = same(v1, '<');

	(void)self;
	ret->digit = digits(v);
	ret->fraction = ret->digit & (less1 | same(v1, '.'));
	ret->date = ret->digit & same(v1, '-') & digits(_mm512_loadu_si512(p - 2));
	ret->of_date = ret->digit | same(v, 'T') | same(v, ':') | same(v, '.') |
		       same(v, '+') | same(v, '-');
	ret->path = less1 & same(v, '/');
	ret->bracket = same(v, '<') | same(v, '>');
	/* signed: what is beyond ASCII is less than a blank */
	ret->odd = _mm512_cmplt_epi8_mask(v, _mm512_set1_epi8(' ')) | same(v, '\\') |
		   (same(v1, '-') & same(v, '>'));
}

CANON_INLINE AVX512 void
write_avx512(const void *self, const char *p, uint64_t keep, uint64_t mark,
	     unsigned char *to)
{
	const struct eye *eye = self;
	__m512i v = _mm512_mask_mov_epi8(_mm512_loadu_si512(p), mark, eye->mark);

	_mm512_storeu_si512(to, _mm512_maskz_compress_epi8(keep, v));
}

static AVX512 void
run_avx512(struct canon *canon, const char *p, size_t n)
{
	/* byte i of word j is byte j of word i */
	__m512i low = _mm512_set1_epi64(0x3830282018100800);
	__m512i word = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
	__m512i each = _mm512_set1_epi64(0x0101010101010101);
	const struct eye eye = {
	    .itself = table_of(itself),
	    .last = table_of(last),
	    .second_last = table_of(second_last),
	    .third_last = table_of(third_last),
	    .unit = kept(_mm512_set1_epi64((long long)0x8040201008040201)),
	    .gather = kept(_mm512_add_epi8(low, _mm512_mullo_epi64(word, each))),
	    .mark = kept(_mm512_set1_epi8((char)CANON_MARK)),
	};

	canon_blocks(canon, p, n,
		     (struct canon_eyes){&eye, masks_avx512, value_avx512,
					 seldom_avx512, more_avx512, canon_hex_of,
					 write_avx512});
}

canon_fn *
canon_avx512(void)
{
	if (canon_avx2() && __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
	    __builtin_cpu_supports("avx512vbmi") &&
	    __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("gfni"))
		return run_avx512;
	return NULL;
}

#else

canon_fn *
canon_avx512(void)
{
	return NULL;
}

#endif
