/* SPDX-License-Identifier: MIT */
/* The rules of canon.h for 64 bytes at a time, one bit a byte. How the bits are found,
   and how the bytes are written that are kept, is for the processor at hand. */
#pragma once

#include "skim/canon.h"

#define CANON_INLINE static inline __attribute__((always_inline))

/* What bytes are by themselves. */
enum {
	CANON_NEWLINE,
	CANON_QUOTE,
	CANON_BACKSLASH,
	CANON_BLANK,
	CANON_HEX,
	CANON_HEX_X
};

/* What they are behind others: a rule begins there, if that is not in a string. Whether
   the bytes before are in one need not be asked: what tells is no quote. */
enum {
	CANON_BEGINS_VALUE,
	CANON_BEGINS_GAP,
	CANON_BEGINS_ADDRESS,
	/* A fraction, a date or a path may begin there, or what makes a line odd is
	   there. */
	CANON_BEGINS_SELDOM,
};

/* Bit i of a word: byte i is that. */
struct canon_masks {
	_Alignas(64) uint64_t is[8];
	uint64_t begins[8];
	uint64_t beyond; /* ASCII */
};

/* More of the same 64 bytes, seldom needed. */
struct canon_more {
	uint64_t fraction, path, date;    /* begin there */
	uint64_t digit, of_date, bracket; /* one of <> */
	uint64_t odd;
};

/* What 64 bytes leave to the next; all 0 where a line begins. */
struct canon_carry {
	uint64_t in_string; /* all bits or none */
	uint64_t escape;    /* bit 0: the first byte is escaped */
	/* Bit 0: the last byte was taken by the rule, which may go on */
	uint64_t value, address, gap, path, fraction, date;
	uint64_t odd;    /* not 0: so is the line, so far */
	uint64_t seldom; /* not 0: one of the last four is not */
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

/* The bits n further on; `ahead`: behind the last. */
CANON_INLINE uint64_t
canon_next(uint64_t bits, uint64_t ahead, int n)
{
	return bits >> n | ahead << (64 - n);
}

/* Those of `from` at which 9 to 16 bytes of `hex` begin; `ahead`: of those behind. By
   doubling: bytes at which 2, 4, 8 begin. */
CANON_INLINE uint64_t
canon_long(uint64_t from, uint64_t hex, uint64_t ahead)
{
	uint64_t two = hex & canon_next(hex, ahead, 1), ahead2 = ahead & ahead >> 1;
	uint64_t four = two & canon_next(two, ahead2, 2), ahead4 = ahead2 & ahead2 >> 2;
	uint64_t eight = four & canon_next(four, ahead4, 4),
		 ahead8 = ahead4 & ahead4 >> 4;
	uint64_t nine = from & eight & canon_next(hex, ahead, 8);

	return nine & ~(canon_next(eight, ahead8, 8) & canon_next(hex, ahead, 16));
}

/* How an implementation looks at bytes; `eye` is its own. */
struct canon_eyes {
	const void *eye;
	/* Of 64 bytes; two before them are read as well. */
	void (*masks)(const void *eye, const char *p, struct canon_masks *ret);
	/* Of a block that was looked at before: where a value begins; what is seldom.
	 */
	uint64_t (*value)(const struct canon_masks *masks);
	uint64_t (*seldom)(const struct canon_masks *masks);
	void (*more)(const void *eye, const char *p, struct canon_more *ret);
	/* Which of 16 bytes are one of 0-9a-f. */
	uint64_t (*hex)(const char *p);
	/* Writes 64 bytes at `to`, the first of them those to be kept. */
	void (*write)(const void *eye, const char *p, uint64_t keep, uint64_t mark,
		      unsigned char *to);
};

/* What is `outside` of strings and of their quotes in the 64 bytes at p. */
CANON_INLINE void
canon_seldom_rules(struct canon_kept *kept, struct canon_carry *c, uint64_t newline,
		   uint64_t outside, const char *p, struct canon_eyes eyes)
{
	struct canon_more more;
	uint64_t fraction, path, date, went_on = c->date, dates;

	eyes.more(eyes.eye, p, &more);
	fraction = more.fraction & outside;
	path = more.path & outside;
	date = more.date & outside;
	kept->keep &= ~canon_runs(fraction, more.digit & outside, &c->fraction);
	kept->keep &= ~canon_runs(path, outside & ~newline & ~more.bracket, &c->path);
	/* 2-3-4: what would begin there is part of another */
	dates = canon_runs(date, more.of_date & outside, &c->date);
	dates |= date & (dates << 1 | went_on);
	kept->keep &= ~dates;
	kept->mark |= fraction | path | date;
	kept->odd = more.odd & outside & ~newline;
}

/* `strings`: from each opening quote to before the closing one; `hex_ahead`: of the
   next 64 bytes. */
CANON_INLINE struct canon_kept
canon_rules(const struct canon_masks *m, struct canon_carry *c, uint64_t newline,
	    uint64_t outside, uint64_t strings, uint64_t hex_ahead,
	    struct canon_eyes eyes)
{
	uint64_t value = eyes.value(m) & outside,
		 gap = m->begins[CANON_BEGINS_GAP] & outside;
	uint64_t address = m->begins[CANON_BEGINS_ADDRESS] & outside;
	struct canon_kept ret = {.mark = value};
	uint64_t drop = strings | newline;

	drop |= canon_runs(value, m->is[CANON_HEX_X] & outside, &c->value);
	drop |= canon_runs(gap, m->is[CANON_BLANK] & outside, &c->gap);
	if (address | c->address) {
		uint64_t hex = m->is[CANON_HEX] & outside;

		address = canon_long(address, hex, hex_ahead);
		drop |= canon_runs(address, hex, &c->address);
		ret.mark |= address;
	}
	ret.keep = ~drop;
	return ret;
}
