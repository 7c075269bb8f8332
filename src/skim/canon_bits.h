/* SPDX-License-Identifier: MIT */
/* The rules of canon.h for 64 bytes at a time, one bit a byte. How the bits are found,
   and how the bytes are written that are kept, is for the processor at hand. */
#pragma once

#include "skim/canon.h"

__extension__ typedef unsigned __int128 canon_u128;

#define CANON_INLINE static inline __attribute__((always_inline))

/* Bit i: byte i is one of these. */
struct canon_masks {
	uint64_t newline, quote, backslash, blank, equals, close, x, digit, zero,
	    a_to_f, less, greater, slash, dot, minus, odd;
};

/* What 64 bytes leave to the next; all 0 where a line begins. Bit 0 of … */
struct canon_carry {
	uint64_t in_string; /* all bits or none */
	/* … that: the last byte was one */
	uint64_t escape, equals, equals_blank, close, less, dot, minus, digit, digit_x;
	/* … and that: it was taken by the rule, which may go on */
	uint64_t value, address, gap, path, fraction;
	uint64_t odd; /* not 0: so is the line, so far */
};

struct canon_kept {
	uint64_t keep, mark, odd;
};

/* The bytes behind those of the mask. */
CANON_INLINE uint64_t
canon_behind(uint64_t mask, uint64_t *carry)
{
	uint64_t ret = mask << 1 | *carry;

	*carry = mask >> 63;
	return ret;
}

/* What of `in` follows `from` without a gap: addition carries through it. */
CANON_INLINE uint64_t
canon_runs(uint64_t from, uint64_t in, uint64_t *carry)
{
	uint64_t sum;

	*carry = __builtin_add_overflow(in, from | (*carry & in), &sum);
	return in & ~sum & ~from;
}

/* The bytes behind an odd number of backslashes. In a series that begins at an even
   place the subtraction borrows through; what is left tells the parity. */
CANON_INLINE uint64_t
canon_escaped(uint64_t backslash, uint64_t *carry)
{
	const uint64_t odd = UINT64_C(0xaaaaaaaaaaaaaaaa);
	uint64_t start = backslash & ~*carry;
	uint64_t code = ((start << 1 | odd) - start) ^ odd;
	uint64_t escaped = code ^ (backslash | *carry);

	*carry = (code & backslash) >> 63;
	return escaped;
}

/* Those of `from` at which 9 to 16 bytes of `hex` begin. */
CANON_INLINE uint64_t
canon_long(uint64_t from, uint64_t hex, uint64_t ahead)
{
	canon_u128 n1 = (canon_u128)ahead << 64 | hex;
	canon_u128 n2 = n1 & n1 >> 1, n4 = n2 & n2 >> 2, n8 = n4 & n4 >> 4;
	canon_u128 n16 = n8 & n8 >> 8;

	return from & (uint64_t)(n8 & n1 >> 8) & ~(uint64_t)(n16 & n1 >> 16);
}

/* Which of 16 bytes are one of 0-9a-f. */
typedef uint64_t canon_hex_fn(const char *p);

/* `strings`: from each opening quote to before the closing one; `ahead`: what follows
   the 64 bytes. */
CANON_INLINE struct canon_kept
canon_rules(const struct canon_masks *m, struct canon_carry *c, uint64_t outside,
	    uint64_t strings, const char *ahead, canon_hex_fn *hex_of)
{
	uint64_t digit = m->digit & outside, x = m->x & outside;
	uint64_t hex = digit | (m->a_to_f & outside), blank = m->blank & outside;
	uint64_t less = m->less & outside;
	uint64_t behind_equals = canon_behind(m->equals & outside, &c->equals);
	uint64_t behind_less = canon_behind(less, &c->less);
	uint64_t behind_blank = canon_behind(blank & behind_equals, &c->equals_blank);
	uint64_t behind_dot = canon_behind(m->dot & outside, &c->dot);
	uint64_t behind_digit = canon_behind(digit, &c->digit);
	uint64_t behind_x = canon_behind(x & behind_digit, &c->digit_x);
	uint64_t behind_minus = canon_behind(m->minus & outside, &c->minus);
	uint64_t value = digit & (behind_equals | behind_blank);
	uint64_t fraction = digit & (behind_less | behind_dot);
	uint64_t path = m->slash & outside & behind_less;
	uint64_t gap = blank & canon_behind(m->close & outside, &c->close);
	uint64_t address = hex & behind_x & ~m->zero;
	uint64_t mark = value | fraction | path, drop = strings & ~m->quote;

	drop |= canon_runs(value, hex | x, &c->value);
	drop |= canon_runs(gap, blank, &c->gap);
	if (__builtin_expect((fraction | path | c->fraction | c->path) != 0, 0)) {
		drop |= canon_runs(fraction, digit, &c->fraction);
		drop |= canon_runs(path, outside & ~(less | m->greater), &c->path);
	}
	if (__builtin_expect((address | c->address) != 0, 0)) {
		address = canon_long(address, hex, hex_of(ahead));
		drop |= canon_runs(address, hex, &c->address);
		mark |= address;
	}
	return (struct canon_kept){
	    .keep = ~(drop | m->newline),
	    .mark = mark,
	    .odd = (m->odd | m->backslash | (m->greater & behind_minus)) & outside,
	};
}
