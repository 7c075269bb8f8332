/* SPDX-License-Identifier: MIT */
/* The tokens of doc/strace.peg. */
#include "parse/scan.h"

#define DIGIT(c)  [c] = (SCAN_DIGIT | SCAN_NAME | SCAN_WORD | SCAN_HEX)
#define HEX(c)    [c] = (SCAN_NAME | SCAN_WORD | SCAN_HEX)
#define LETTER(c) [c] = (SCAN_NAME | SCAN_WORD)

/* clang-format off */
const unsigned char scan_classes[256] = {
    DIGIT('0'), DIGIT('1'), DIGIT('2'), DIGIT('3'), DIGIT('4'),
    DIGIT('5'), DIGIT('6'), DIGIT('7'), DIGIT('8'), DIGIT('9'),
    HEX('a'), HEX('b'), HEX('c'), HEX('d'), HEX('e'), HEX('f'),
    LETTER('g'), LETTER('h'), LETTER('i'), LETTER('j'), LETTER('k'), LETTER('l'),
    LETTER('m'), LETTER('n'), LETTER('o'), LETTER('p'), LETTER('q'), LETTER('r'),
    LETTER('s'), LETTER('t'), LETTER('u'), LETTER('v'), LETTER('w'), LETTER('x'),
    LETTER('y'), LETTER('z'),
    HEX('A'), HEX('B'), HEX('C'), HEX('D'), HEX('E'), HEX('F'),
    LETTER('G'), LETTER('H'), LETTER('I'), LETTER('J'), LETTER('K'), LETTER('L'),
    LETTER('M'), LETTER('N'), LETTER('O'), LETTER('P'), LETTER('Q'), LETTER('R'),
    LETTER('S'), LETTER('T'), LETTER('U'), LETTER('V'), LETTER('W'), LETTER('X'),
    LETTER('Y'), LETTER('Z'), LETTER('_'),
    ['.'] = SCAN_WORD, [':'] = SCAN_WORD, ['?'] = SCAN_WORD, ['!'] = SCAN_WORD,
    ['#'] = SCAN_WORD, ['$'] = SCAN_WORD, ['%'] = SCAN_WORD,
    ['-'] = SCAN_SIGN, ['~'] = SCAN_SIGN, ['&'] = SCAN_SIGN, ['*'] = SCAN_SIGN,
    ['+'] = SCAN_SIGN, ['@'] = SCAN_SIGN,
    [' '] = SCAN_BLANK | SCAN_SPACE, ['\t'] = SCAN_BLANK | SCAN_SPACE,
    ['\r'] = SCAN_SPACE,
    ['"'] = SCAN_REMARK, ['<'] = SCAN_REMARK, ['('] = SCAN_REMARK, [')'] = SCAN_REMARK,
};
/* clang-format on */

bool
scan_enter(struct scan *s)
{
	if (s->depth == s->nesting && !s->too_deep) {
		s->too_deep = true;
		s->far = s->p;
	}
	if (s->too_deep)
		return false;
	s->depth++;
	return true;
}

/* Is one of the eight bytes zero? */
static bool
has_zero(uint64_t bytes)
{
	return (bytes - UINT64_C(0x0101010101010101)) & ~bytes &
	       UINT64_C(0x8080808080808080);
}

/* The first quote or backslash, eight bytes at a time; strings are much of a log. */
static const char *
skip_plain(const char *p, const char *end, char quote)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t quotes = ones * (unsigned char)quote, slashes = ones * '\\';
	uint64_t bytes;

	for (; end - p >= (ptrdiff_t)sizeof bytes; p += sizeof bytes) {
		memcpy(&bytes, p, sizeof bytes);
		if (has_zero(bytes ^ quotes) || has_zero(bytes ^ slashes))
			break;
	}
	while (p < end && *p != quote && *p != '\\')
		p++;
	return p;
}

/* Between two of the same quotes; a backslash hides the next byte. */
static bool
quoted(struct scan *s, char quote, const char *expected)
{
	const char *was = s->p;

	if (!scan_char(s, quote))
		return false;
	for (const char *p = skip_plain(s->p, s->end, quote); p < s->end;
	     p = skip_plain(p, s->end, quote)) {
		if (*p++ == quote) {
			s->p = p;
			return true;
		}
		if (p < s->end)
			p++;
	}
	s->p = s->end;
	scan_fail(s, expected);
	return scan_back(s, was);
}

bool
scan_string(struct scan *s)
{
	return quoted(s, '"', "'\"' at the end of the string");
}

bool
scan_quoted_char(struct scan *s)
{
	return quoted(s, '\'', "\"'\" at the end of the character");
}

/* They nest: -X verbose has 0xf with MAP_??? in the comment on the word of flags. */
bool
scan_comment(struct scan *s)
{
	const char *was = s->p;
	size_t open = 1;

	if (!scan_text(s, SV("/*")))
		return false;
	for (; s->p + 1 < s->end; s->p++) {
		if (scan_text(s, SV("/*")))
			open++;
		else if (scan_text(s, SV("*/")))
			open--;
		else
			continue;
		if (open == 0)
			return true;
		s->p--;
	}
	s->p = s->end;
	scan_fail(s, "'*/' at the end of the comment");
	return scan_back(s, was);
}

/* Where an old strace leaves '>' in a name as it is: does it end the name here? A
   message of its own may follow. */
static bool
close_follows(const struct scan *s)
{
	struct scan rest = *s;

	rest.p++;
	return rest.p == rest.end || scan_among(*rest.p, SV("] \t\r,)}|=>(")) ||
	       scan_tracer(&rest);
}

/* The kind of a device inside of a path: <char 1:3> */
static bool
device(struct scan *s)
{
	const char *was = s->p;

	if (!scan_char(s, '<'))
		return false;
	while (s->p < s->end && !scan_among(*s->p, SV("<>\"\\")))
		s->p++;
	if (scan_text(s, SV(">>"))) {
		s->p--;
		return true;
	}
	return scan_back(s, was);
}

/* One piece of a path; false at its end and where it does not go on. */
static bool
path_piece(struct scan *s)
{
	if (s->p == s->end)
		return false;
	if (*s->p == '"')
		return scan_string(s);
	if (*s->p == '\\') {
		if (s->p + 1 == s->end)
			return false;
		s->p += 2;
		return true;
	}
	if (scan_text(s, SV("->")) || device(s))
		return true;
	if (*s->p == '>' && close_follows(s))
		return false;
	s->p++;
	return true;
}

bool
scan_decoration(struct scan *s)
{
	const char *was = s->p;

	if (scan_cut(s))
		return scan_back(s, was);
	if (!scan_char(s, '<'))
		return false;
	if (scan_at(s, '<'))
		return scan_back(s, was);
	while (path_piece(s))
		continue;
	if (scan_char(s, '>'))
		return true;
	scan_fail(s, "'>' at the end of the path");
	return scan_back(s, was);
}

static bool
cut_by_ptrace(struct scan *s)
{
	const char *was = s->p, *p;

	if (!scan_text(s, SV("<ptrace(")))
		return false;
	p = memchr(s->p, ')', (size_t)(s->end - s->p));
	p = p ? memchr(p, '>', (size_t)(s->end - p)) : NULL;
	if (!p)
		return scan_back(s, was);
	s->p = p + 1;
	return true;
}

static bool
cut_by_exec(struct scan *s)
{
	const char *was = s->p;

	if (scan_text(s, SV("<pid changed to ")) && scan_run(s, SCAN_DIGIT) &&
	    scan_text(s, SV(" ...>")))
		return true;
	return scan_back(s, was);
}

bool
scan_cut(struct scan *s)
{
	if (!scan_at(s, '<'))
		return false;
	return scan_text(s, SV("<unfinished ...>")) ||
	       scan_text(s, SV("<detached ...>")) ||
	       scan_text(s, SV("<unavailable>")) || cut_by_exec(s) || cut_by_ptrace(s);
}

/* strace: or /usr/bin/strace: */
bool
scan_tracer(struct scan *s)
{
	enum { LONGEST = 255 };
	const char *was = s->p;

	if (scan_text(s, SV("strace: ")))
		return true;
	if (!scan_at(s, '/') && !scan_at(s, '.'))
		return false;
	while (s->p - was < LONGEST &&
	       (scan_is(s, SCAN_NAME) ||
		(s->p < s->end && scan_among(*s->p, SV("./+-"))))) {
		if (scan_text(s, SV("strace: ")))
			return true;
		s->p++;
	}
	return scan_back(s, was);
}

bool
scan_fraction(struct scan *s)
{
	const char *was = s->p;

	if ((scan_char(s, '.') || scan_char(s, ',')) && scan_run(s, SCAN_DIGIT))
		return true;
	return scan_back(s, was);
}
