/* SPDX-License-Identifier: MIT */
/* The walk over blocks of 64 bytes, on x86 processors with AVX2. */
#pragma once

#include "skim/canon_bits.h"

#ifdef __x86_64__

#include <immintrin.h>
#include <string.h>

#define CANON_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt,pclmul")))

/* From each quote to before the next. */
CANON_INLINE CANON_AVX2 uint64_t
canon_between(uint64_t quotes)
{
	__m128i all = _mm_set1_epi8((char)0xff);
	__m128i bits = _mm_set_epi64x(0, (long long)quotes);

	return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(bits, all, 0));
}

struct canon_state {
	struct canon_carry carry;
	uint32_t in, out; /* so much was read, and written */
	struct canon_line *line;
};

CANON_INLINE CANON_AVX2 void
canon_end_line(const struct canon_state *s, struct canon_line *line, uint64_t newlines,
	       const struct canon_kept *kept)
{
	line->in = s->in + (uint32_t)_tzcnt_u64(newlines);
	line->out =
	    s->out + (uint32_t)_mm_popcnt_u64(kept->keep & _blsmsk_u64(newlines));
}

/* Where the lines end whose newlines are given. Two are written in any case: how many
   there are in a block cannot be foretold. */
CANON_INLINE CANON_AVX2 void
canon_end_lines(struct canon_state *s, uint64_t newlines, const struct canon_kept *kept)
{
	struct canon_line *line = s->line;

	s->line += _mm_popcnt_u64(newlines);
	canon_end_line(s, line++, newlines, kept);
	newlines = _blsr_u64(newlines);
	canon_end_line(s, line++, newlines, kept);
	while (__builtin_expect((newlines = _blsr_u64(newlines)) != 0, 0))
		canon_end_line(s, line++, newlines, kept);
}

/* Which of the lines that end here are odd, and whether the next one begins so. */
static CANON_AVX2 __attribute__((noinline)) uint64_t
canon_see_odd(struct canon_line *line, uint64_t newlines, uint64_t odd, uint64_t carry)
{
	uint64_t from = 0; /* bytes of lines that ended */

	for (; newlines; newlines = _blsr_u64(newlines), line++) {
		if (carry | (odd & _blsmsk_u64(newlines) & ~from))
			line->out |= CANON_ODD;
		carry = 0;
		from = _blsmsk_u64(newlines);
	}
	return carry | (odd & ~from);
}

CANON_INLINE CANON_AVX2 uint64_t
canon_hex_of(const char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)p);
	__m128i digit = _mm_sub_epi8(v, _mm_set1_epi8('0'));
	__m128i letter = _mm_sub_epi8(v, _mm_set1_epi8('a'));
	__m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
	__m128i is_letter =
	    _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter);

	return (uint64_t)_mm_movemask_epi8(_mm_or_si128(is_digit, is_letter));
}

/* What is in strings. */
struct canon_strings {
	uint64_t quote, inside, escape; /* the last for the next block */
};

CANON_INLINE CANON_AVX2 struct canon_strings
canon_strings(const struct canon_carry *carry, const struct canon_masks *m,
	      uint64_t valid)
{
	struct canon_strings ret = {.escape = carry->escape};
	uint64_t escaped = canon_escaped(m->is[CANON_BACKSLASH] & valid, &ret.escape);

	ret.quote = m->is[CANON_QUOTE] & ~escaped & valid;
	ret.inside = canon_between(ret.quote) ^ carry->in_string;
	return ret;
}

/* The valid ones of 64 bytes. `odd`: what makes a line odd by its strings; `all`: there
   may be what is seldom. */
CANON_INLINE CANON_AVX2 void
canon_block(struct canon_state *s, struct canon *canon, const char *p,
	    const struct canon_masks *m, const struct canon_strings *strings,
	    uint64_t hex_ahead, uint64_t valid, uint64_t odd, bool all,
	    struct canon_eyes eyes)
{
	uint64_t newline = m->is[CANON_NEWLINE] & valid;
	uint64_t outside = ~(strings->inside | strings->quote) & valid;
	struct canon_line *line = s->line;
	struct canon_carry *carry = &s->carry;
	struct canon_kept kept;

	carry->escape = strings->escape;
	carry->in_string = -(strings->inside >> 63);
	kept = canon_rules(m, carry, newline, outside,
			   strings->inside & ~strings->quote, hex_ahead, eyes);
	if (all)
		canon_seldom_rules(&kept, carry, newline, outside, p, eyes);
	kept.keep &= valid;
	eyes.write(eyes.eye, p, kept.keep, kept.mark, canon->text + s->out);
	canon_end_lines(s, newline, &kept);
	s->out += (uint32_t)_mm_popcnt_u64(kept.keep);
	if (!all)
		return;
	carry->odd = canon_see_odd(line, newline, kept.odd | odd, carry->odd);
	carry->seldom = carry->fraction | carry->path | carry->date | carry->odd;
}

/* Up to 64 bytes at p that nobody has looked at; `ahead`: what follows 64. A line that
   ends inside of a string ends the block as well, and what it left. */
CANON_INLINE CANON_AVX2 void
canon_any_block(struct canon_state *s, struct canon *canon, const char *p,
		const char *ahead, uint32_t len, struct canon_eyes eyes)
{
	uint64_t valid = _bzhi_u64(UINT64_MAX, len), broken;
	struct canon_strings strings;
	struct canon_masks m;

	eyes.masks(eyes.eye, p, &m);
	strings = canon_strings(&s->carry, &m, valid);
	broken = m.is[CANON_NEWLINE] & strings.inside & valid;
	if (broken) {
		len = (uint32_t)_tzcnt_u64(broken) + 1;
		valid = _bzhi_u64(UINT64_MAX, len);
	}
	canon_block(s, canon, p, &m, &strings, eyes.hex(ahead), valid, broken & valid,
		    true, eyes);
	s->in += len;
	if (broken)
		s->carry = (struct canon_carry){0};
}

/* Blocks of 64 bytes as long as no line ends in a string. One is looked at while the
   one before it is worked on: where the processor guessed wrong which way that goes, it
   knows soon. */
CANON_INLINE CANON_AVX2 void
canon_whole_blocks(struct canon_state *s, struct canon *canon, const char *text,
		   uint32_t len, struct canon_eyes eyes)
{
	struct canon_masks masks[2], *now = &masks[0], *next = &masks[1], *was;

	if (s->in + 64 <= len)
		eyes.masks(eyes.eye, text + s->in, now);
	while (s->in + 64 <= len) {
		const char *p = text + s->in;
		struct canon_strings strings;
		uint64_t seldom;

		eyes.masks(eyes.eye, p + 64, next);
		strings = canon_strings(&s->carry, now, UINT64_MAX);
		if (__builtin_expect((now->is[CANON_NEWLINE] & strings.inside) != 0, 0))
			break;
		seldom = eyes.seldom(now) & ~(strings.inside | strings.quote);
		if (__builtin_expect((seldom | s->carry.seldom) != 0, 0))
			canon_block(s, canon, p, now, &strings, next->is[CANON_HEX],
				    UINT64_MAX, 0, true, eyes);
		else
			canon_block(s, canon, p, now, &strings, next->is[CANON_HEX],
				    UINT64_MAX, 0, false, eyes);
		s->in += 64;
		was = now;
		now = next;
		next = was;
	}
}

CANON_INLINE CANON_AVX2 void
canon_blocks(struct canon *canon, const char *text, size_t n, struct canon_eyes eyes)
{
	struct canon_state s = {.line = canon->lines};
	char first[2 + 64] = "\n\n"; /* there may be nothing before the text */
	uint32_t len = (uint32_t)n;
	const char *p = first + 2;

	memcpy(first + 2, text, 64);
	while (s.in < len) {
		canon_any_block(&s, canon, p, text + s.in + 64,
				len - s.in < 64 ? len - s.in : 64, eyes);
		canon_whole_blocks(&s, canon, text, len, eyes);
		p = text + s.in;
	}
	canon->nlines = (size_t)(s.line - canon->lines);
}

#endif
