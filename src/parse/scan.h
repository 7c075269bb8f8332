/* SPDX-License-Identifier: MIT */
/* The cursor that the rules of doc/strace.peg share, and the rules themselves. A rule
   that returns false leaves the cursor where it was. */
#pragma once

#include "base/limits.h"
#include "base/sv.h"
#include "parse/parse.h"

#include <stdbool.h>

enum { SCAN_ARGS_MAX = 32 }; /* more are parsed, but not kept */

struct scan {
	const char *begin, *p, *end;
	unsigned depth, nesting; /* brackets open, allowed */
	bool too_deep;           /* nothing else is tried any more */
	const char *far;         /* the furthest place where a rule failed */
	const char *expected;    /* what it wanted there */
	const char *spent;       /* the last time of -T */
	struct s2s_arg_text *args;
	size_t nargs;
};

enum scan_class {
	SCAN_DIGIT = 1,
	SCAN_NAME = 2,  /* of a call: letters, digits, _ */
	SCAN_WORD = 4,  /* of symbols and numbers */
	SCAN_BLANK = 8, /* space and tab */
	SCAN_SIGN = 16, /* before a value */
	SCAN_HEX = 32,
	SCAN_SPACE = 64,   /* space, tab, carriage return: the rule "-" */
	SCAN_REMARK = 128, /* says something inside of a remark: "<() */
};
extern const unsigned char scan_classes[256];

static inline bool
scan_is(const struct scan *s, enum scan_class c)
{
	return s->p < s->end && scan_classes[(unsigned char)*s->p] & c;
}

static inline bool
scan_at(const struct scan *s, char c)
{
	return s->p < s->end && *s->p == c;
}

static inline bool
scan_among(char c, struct s2s_sv set)
{
	return memchr(set.p, c, set.n) != NULL;
}

static inline bool
scan_char(struct scan *s, char c)
{
	if (!scan_at(s, c))
		return false;
	s->p++;
	return true;
}

static inline bool
scan_sees(const struct scan *s, struct s2s_sv text)
{
	return (size_t)(s->end - s->p) >= text.n && memcmp(s->p, text.p, text.n) == 0;
}

static inline bool
scan_text(struct scan *s, struct s2s_sv text)
{
	if (!scan_sees(s, text))
		return false;
	s->p += text.n;
	return true;
}

/* The first byte at or behind p that is not of class c, four at a time. */
static inline const char *
scan_past(const char *p, const char *end, enum scan_class c)
{
	const unsigned char *class = scan_classes;

	while (end - p >= 4 && class[(unsigned char)p[0]] & class[(unsigned char)p[1]] &
				   class[(unsigned char)p[2]] &
				   class[(unsigned char)p[3]] & c)
		p += 4;
	while (p < end && class[(unsigned char)*p] & c)
		p++;
	return p;
}

/* Takes what is of class c; how much. */
static inline size_t
scan_run(struct scan *s, enum scan_class c)
{
	const char *was = s->p;

	s->p = scan_past(s->p, s->end, c);
	return (size_t)(s->p - was);
}

static inline struct s2s_sv
scan_since(const struct scan *s, const char *p)
{
	return (struct s2s_sv){p, (size_t)(s->p - p)};
}

/* The rule "-". strace fills up to a column: eight at a time. */
static inline void
scan_blanks(struct scan *s)
{
	while (s->end - s->p >= 8 && memcmp(s->p, "        ", 8) == 0)
		s->p += 8;
	while (scan_is(s, SCAN_SPACE))
		s->p++;
}

/* Remembers the failure where it is the furthest; always false. */
static inline bool
scan_fail(struct scan *s, const char *expected)
{
	if (!s->expected || s->p > s->far) {
		s->far = s->p;
		s->expected = expected;
	}
	return false;
}

/* Fails and goes back to `was`. */
static inline bool
scan_back(struct scan *s, const char *was)
{
	s->p = was;
	return false;
}

/* An opening bracket: false at the limit. Its other end calls scan_leave(). */
bool scan_enter(struct scan *s);
static inline void
scan_leave(struct scan *s)
{
	s->depth--;
}

/* Tokens: lex.c. */
bool scan_string(struct scan *s);
bool scan_quoted_char(struct scan *s);
bool scan_comment(struct scan *s);
bool scan_decoration(struct scan *s);
bool scan_cut(struct scan *s);
bool scan_fraction(struct scan *s);
/* What strace's own messages begin with. */
bool scan_tracer(struct scan *s);

/* Values: value.c. */
bool scan_value(struct scan *s);
bool scan_array(struct scan *s);
bool scan_suffix(struct scan *s);
bool scan_resuming(struct scan *s);
/* Where a value ends that is numbers and flags alone, as what follows shows: most are.
 *ret_key: it has a '='. NULL: scan_value() decides. */
const char *scan_plain_value(const char *p, const char *end, bool *ret_key);

/* Arguments: arguments.c. */
bool scan_arguments(struct scan *s);
/* What stands between '(' and a cut: arguments as far as they go, the last one as
   unknown where it is not whole. False: the text is more than arguments. */
bool scan_cut_arguments(struct scan *s, const char *end);

/* Result: result.c. */
bool scan_outcome(struct scan *s, struct s2s_event *ev);

/* One line: strace.c. */
struct strace_line {
	struct s2s_event ev;
	struct s2s_sv body; /* of a half: what is to be put together */
	size_t body_at;     /* where it begins in the line */
	bool headless;      /* resumed without a name: follows a broken line */
	bool ends;          /* resumed: has its result */
	bool gone;          /* cut for good: detached, not unfinished */
	bool unclean;       /* unfinished: before the cut is more than arguments */
	int64_t superseded; /* an exit: the thread whose execve it was, else -1 */
};
struct memo;
bool scan_line(struct scan *s, struct memo *memo,
	       struct strace_line *ret); /* or NULL */
extern const char scan_expected_line[];

/* What stands before the event: prefix.c. */
void scan_prefix(struct scan *s, struct s2s_event *ev);
/* Digits; a number that is too large becomes the largest. */
bool scan_number(struct scan *s, int64_t *ret);

/* Calls and their halves: call.c. */
bool scan_name(struct scan *s, struct s2s_sv *ret);
bool scan_call(struct scan *s, struct strace_line *ret);
bool scan_resumed(struct scan *s, struct strace_line *ret);
/* The end of a call whose beginning the line before has, broken by something else. */
bool scan_rest(struct scan *s, struct strace_line *ret);

void scan_init(struct scan *s, struct s2s_sv line, unsigned nesting,
	       struct s2s_arg_text *args);
struct s2s_syntax_error scan_error(const struct scan *s);
