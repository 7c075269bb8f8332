/* SPDX-License-Identifier: MIT */
/* The rules of canon.h for 64 bytes at a time, one bit a byte. How the bits are found,
   and how the bytes are written that are kept, is for the processor at hand. */
#pragma once

#include "skim/canon.h"

#define CANON_INLINE static inline __attribute__((always_inline))

/* Bit i: byte i is one of these. */
struct canon_masks {
	uint64_t newline, quote, backslash, blank, hex, hex_x;
	/* A rule begins there, if that is not in a string. Whether the bytes before
	   are in one need not be asked: what tells is no quote. */
	uint64_t value, gap, address;
	/* A fraction or a path may begin there, or what makes a line odd is there. */
	uint64_t seldom;
};

/* More of the same 64 bytes, seldom needed. */
struct canon_more {
	uint64_t fraction, path; /* begin there */
	uint64_t digit, bracket; /* one of <> */
	uint64_t odd;
};

/* What 64 bytes leave to the next; all 0 where a line begins. */
struct canon_carry {
	uint64_t in_string; /* all bits or none */
	uint64_t escape;    /* bit 0: the first byte is escaped */
	/* Bit 0: the last byte was taken by the rule, which may go on */
	uint64_t value, address, gap, path, fraction;
	uint64_t odd; /* not 0: so is the line, so far */
};

struct canon_kept {
	uint64_t keep, mark, odd;
};

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

/* The bits of `from` whose n-th next is in `bits` or, behind the last, in `ahead`. */
CANON_INLINE uint64_t
canon_next(uint64_t from, uint64_t bits, uint64_t ahead, int n)
{
	return from & (bits >> n | ahead << (64 - n));
}

/* Those of `from` at which 9 to 16 bytes of `hex` begin; `ahead`: of 16 bytes behind.
   By doubling: bytes at which 2, 4, 8 begin. */
CANON_INLINE uint64_t
canon_long(uint64_t from, uint64_t hex, uint64_t ahead)
{
	uint64_t ahead2 = ahead & ahead >> 1, two = canon_next(hex, hex, ahead, 1);
	uint64_t ahead4 = ahead2 & ahead2 >> 2, four = canon_next(two, two, ahead2, 2);
	uint64_t ahead8 = ahead4 & ahead4 >> 4;
	uint64_t eight = canon_next(four, four, ahead4, 4);
	uint64_t nine = canon_next(from & eight, hex, ahead, 8);
	uint64_t sixteen = canon_next(nine, eight, ahead8, 8);

	return nine & ~canon_next(sixteen, hex, ahead, 16);
}

/* How an implementation looks at bytes; `eye` is its own. */
struct canon_eyes {
	const void *eye;
	/* Of 64 bytes; two before them are read as well. */
	void (*masks)(const void *eye, const char *p, struct canon_masks *ret);
	void (*more)(const void *eye, const char *p, struct canon_more *ret);
	/* Which of 16 bytes are one of 0-9a-f. */
	uint64_t (*hex)(const char *p);
	/* Writes 64 bytes at `to`, the first of them those to be kept. */
	void (*write)(const void *eye, const char *p, uint64_t keep, uint64_t mark,
		      unsigned char *to);
};

/* `strings`: from each opening quote to before the closing one, `outside`: neither
   that nor a quote; `ahead`: what follows the 64 bytes at p. */
CANON_INLINE struct canon_kept
canon_rules(const struct canon_masks *m, struct canon_carry *c, uint64_t outside,
	    uint64_t strings, const char *p, const char *ahead, struct canon_eyes eyes)
{
	uint64_t value = m->value & outside, address = m->address & outside;
	uint64_t mark = value, drop = strings & ~m->quote, odd = 0;

	drop |= canon_runs(value, m->hex_x & outside, &c->value);
	drop |= canon_runs(m->gap & outside, m->blank & outside, &c->gap);
	if (__builtin_expect(
		((m->seldom & outside & ~m->newline) | c->fraction | c->path) != 0,
		0)) {
		uint64_t in_path = outside & ~m->newline, fraction, path;
		struct canon_more more;

		eyes.more(eyes.eye, p, &more);
		fraction = more.fraction & outside;
		path = more.path & outside;
		drop |= canon_runs(fraction, more.digit & outside, &c->fraction);
		drop |= canon_runs(path, in_path & ~more.bracket, &c->path);
		mark |= fraction | path;
		odd = more.odd & outside & ~m->newline;
	}
	if (address | c->address) {
		uint64_t hex = m->hex & outside;

		address = canon_long(address, hex, eyes.hex(ahead));
		drop |= canon_runs(address, hex, &c->address);
		mark |= address;
	}
	return (struct canon_kept){
	    .keep = ~(drop | m->newline),
	    .mark = mark,
	    .odd = odd,
	};
}
