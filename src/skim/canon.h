/* SPDX-License-Identifier: MIT */
/* The canonical text of lines: what is left when all is taken out that seldom matters.
   Two lines of the same canonical text differ, if at all, in what these rules take out,
   a line by itself, strings first:

     "abc"           ""        what stands in a string
     =12  = 12       =#        digits behind "=" or "= ", with what follows of 0-9a-fx
     0x7f0012345678  0x#       9 to 16 hexadecimal digits behind a digit and an x, the
			       first one 1 to 7: an address, but none that no process
			       of x86_64 has
     )    =          ) =       blanks behind ")" but the first
     </tmp/x>        <#>       a path behind "<", up to one of <>"
     <0.012>         <#.#>     digits behind "<" or "."
     2026-11-28T01   2026-#    a digit behind "-" behind a digit, with what follows
			       of 0-9T:.+-: dates

   (# is the byte 0xff.) Whether it mattered for the call is for others to know. Lines
   with anything unusual outside of strings are odd and have none: control characters,
   bytes beyond ASCII, a backslash, "->", a string without an end. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CANON_MARK = 0xff,
	CANON_BATCH = 128 * 1024, /* bytes taken at once, at most */
	CANON_AHEAD = 128,        /* bytes that may be read behind them */
};

struct canon_line {
	uint32_t in;  /* where it ends in the input: its newline */
	uint32_t out; /* where its canonical text ends; it begins where the last ended;
			 and CANON_ODD, or not */
};

#define CANON_ODD (UINT32_C(1) << 31)

static inline uint32_t
canon_end(const struct canon_line *line)
{
	return line->out & ~CANON_ODD;
}

struct canon {
	size_t nlines;
	struct canon_line lines[CANON_BATCH + 8];
	unsigned char text[CANON_BATCH + CANON_AHEAD];
};

/* What a rule finds at a place of a line, and where that ends. */
enum canon_rule {
	CANON_KEPT, /* one byte, none of those below */
	CANON_STRING,
	CANON_VALUE,
	CANON_ADDRESS,
	CANON_PATH,
	CANON_FRACTION,
	CANON_DATE,
};

/* At p of the line from begin to end. *ret_end is NULL where a string has none. */
enum canon_rule canon_rule_at(const char *begin, const char *p, const char *end,
			      const char **ret_end);

/* n bytes of whole lines, CANON_BATCH at most. CANON_AHEAD bytes behind them may be
   read, whatever they are. */
typedef void canon_fn(struct canon *canon, const char *p, size_t n);

/* A byte at a time; the others are held against it. */
canon_fn canon_bytewise;
/* NULL where this is no such processor. */
canon_fn *canon_avx2(void);
canon_fn *canon_avx512(void);

/* The fastest that this processor has. */
canon_fn *canon_best(void);
