/* SPDX-License-Identifier: MIT */
/* Values of doc/strace.peg, a function a rule. What begins an operator
   never begins, in the same place, another element of a list: no choice scans a bracket
   twice, so that time is linear. */
#include "parse/scan.h"

static bool element(struct scan *s);
static bool group(struct scan *s);

/* ", " or, in sets, only space; but "a or b" is one value. */
static bool
separator(struct scan *s)
{
	const char *was = s->p;
	bool blank = scan_is(s, SCAN_BLANK);

	scan_blanks(s);
	if (scan_char(s, ',')) {
		scan_blanks(s);
		return true;
	}
	s->p = was;
	if (!blank)
		return false;
	scan_run(s, SCAN_BLANK);
	return !(scan_sees(s, SV("or ")) || scan_sees(s, SV("or\t"))) ||
	       scan_back(s, was);
}

static void
elements(struct scan *s)
{
	const char *was;

	if (!element(s))
		return;
	do
		was = s->p;
	while (separator(s) && element(s));
	s->p = was;
}

static bool
inside(struct scan *s, char open)
{
	const char *was = s->p;

	if (!scan_char(s, open))
		return false;
	if (!scan_enter(s))
		return scan_back(s, was);
	scan_blanks(s);
	elements(s);
	scan_blanks(s);
	scan_leave(s);
	return true;
}

static bool
bracket(struct scan *s, char open, char close, const char *expected)
{
	const char *was = s->p;

	if (!inside(s, open))
		return false;
	if (scan_char(s, close))
		return true;
	scan_fail(s, expected);
	return scan_back(s, was);
}

/* Their ends are forgotten by 5.10: ioctl(3, ECCGETLAYOUT, {eccbytes=8, oobfree={{0,
 * 2}}) */
static bool
may_stay_open(const struct scan *s)
{
	return scan_sees(s, SV("{eccbytes=")) || scan_sees(s, SV("{useecc=")) ||
	       scan_sees(s, SV("{{}"));
}

/* And 5.10 prints a comma with nothing behind it: {ifr_name="lo", } */
static bool
structure(struct scan *s, bool may_be_open)
{
	const char *was = s->p;

	if (!inside(s, '{'))
		return false;
	if (scan_char(s, ','))
		scan_blanks(s);
	if (scan_char(s, '}') || (may_be_open && scan_at(s, ')')))
		return true;
	scan_fail(s, "'}' at the end of the structure");
	return scan_back(s, was);
}

bool
scan_array(struct scan *s)
{
	return bracket(s, '[', ']', "']' at the end of the array");
}

static bool
group(struct scan *s)
{
	return bracket(s, '(', ')', "')' at the end of the group");
}

/* restart_syscall(<... resuming interrupted read ...>) */
bool
scan_resuming(struct scan *s)
{
	const char *was = s->p, *from;

	if (!scan_text(s, SV("<... resuming interrupted ")))
		return false;
	from = s->p;
	while (!scan_sees(s, SV(" ...>")) &&
	       (scan_is(s, SCAN_NAME) || scan_at(s, '?') || scan_at(s, ' ')))
		s->p++;
	if (s->p > from && scan_text(s, SV(" ...>")))
		return true;
	return scan_back(s, was);
}

/* A number, a symbol, or a macro with its arguments. */
static bool
word(struct scan *s)
{
	if (scan_text(s, SV("...")))
		return true;
	if (!scan_run(s, SCAN_WORD))
		return false;
	if (scan_at(s, '('))
		group(s);
	return true;
}

static bool
primary(struct scan *s)
{
	if (scan_is(s, SCAN_WORD))
		return word(s);
	switch (s->p < s->end ? *s->p : '\0') {
	case '"':
		return scan_string(s);
	case '\'':
		return scan_quoted_char(s);
	case '{':
		return structure(s, may_stay_open(s));
	case '[':
		return scan_array(s);
	case '(':
		return group(s);
	case '<':
		return scan_resuming(s);
	}
	return false;
}

static bool
comment_behind(struct scan *s)
{
	const char *was = s->p;

	scan_blanks(s);
	if (scan_comment(s))
		return true;
	return scan_back(s, was);
}

bool
scan_suffix(struct scan *s)
{
	if (s->p == s->end)
		return false;
	switch (*s->p) {
	case ' ':
	case '\t':
	case '\r':
	case '/':
		return comment_behind(s);
	case '<':
		return scan_decoration(s);
	case '[':
		return scan_array(s);
	case '{':
		return structure(s, false);
	case '.':
		return scan_text(s, SV("..."));
	case '(':
		return scan_text(s, SV("(deleted)"));
	}
	return false;
}

static bool
operand(struct scan *s)
{
	const char *was = s->p;

	scan_run(s, SCAN_SIGN);
	if (!primary(s)) {
		if (s->p == was && scan_comment(s))
			goto suffixes;
		scan_fail(s, "a value");
		return scan_back(s, was);
	}
suffixes:
	while (scan_suffix(s))
		continue;
	return true;
}

/* Operators that no value begins with may have blanks on either side. */
static bool
free_operator(struct scan *s)
{
	const char *was = s->p;

	scan_blanks(s);
	if (scan_text(s, SV("=>")) || scan_text(s, SV("==")) ||
	    scan_text(s, SV("->")) || scan_text(s, SV("||")) ||
	    scan_text(s, SV("<<")) || scan_text(s, SV(">>")) || scan_char(s, '|')) {
		scan_blanks(s);
		return true;
	}
	return scan_back(s, was);
}

static bool
one_of(struct scan *s, struct s2s_sv set)
{
	if (s->p == s->end || !scan_among(*s->p, set))
		return false;
	s->p++;
	return true;
}

static bool
tight_operator(struct scan *s)
{
	const char *was = s->p;

	if (scan_text(s, SV("&&")) || one_of(s, SV("-&+*^")))
		return true;
	if (scan_char(s, '=')) { /* flags=|0x900 of -N -X raw */
		scan_char(s, '|');
		return true;
	}
	if (scan_char(s, '/') && !scan_at(s, '*'))
		return true;
	return scan_back(s, was);
}

static bool
spaced_operator(struct scan *s)
{
	const char *was = s->p;

	if (scan_run(s, SCAN_BLANK) &&
	    (scan_text(s, SV("&&")) || scan_text(s, SV("or")) ||
	     one_of(s, SV("-&+*^"))) &&
	    scan_run(s, SCAN_BLANK))
		return true;
	return scan_back(s, was);
}

static bool
operator(struct scan *s)
{
	if (s->p == s->end || *s->p == ',' || *s->p == ')' || *s->p == '}')
		return false;
	return free_operator(s) || tight_operator(s) || spaced_operator(s);
}

/* An old strace has no name for some constants: {cmsg_type=, ...} */
static void
empty(struct scan *s)
{
	if (s->end - s->p > 1 && *s->p == '=' &&
	    (s->p[1] == ',' || s->p[1] == '}' || s->p[1] == ')'))
		s->p++;
}

/* The same text in the same way as operand() and operator(), only sooner. */
const char *
scan_plain_value(const char *p, const char *end, bool *ret_key)
{
	for (*ret_key = false;; p++) {
		if (p < end && *p == '-')
			p++;
		if (p == end || !(scan_classes[(unsigned char)*p] & SCAN_NAME))
			return NULL;
		p = scan_past(p, end, SCAN_WORD);
		if (p == end)
			return NULL;
		if (*p == ',' || *p == ')' || *p == '}' || *p == ']')
			return p;
		if (*p != '|' && *p != '=')
			return NULL;
		*ret_key |= *p == '=';
	}
}

bool
scan_value(struct scan *s)
{
	bool key;
	const char *was = scan_plain_value(s->p, s->end, &key);

	if (was) {
		s->p = was;
		return true;
	}
	if (!operand(s))
		return false;
	do
		was = s->p;
	while (operator(s) && operand(s));
	s->p = was;
	empty(s);
	return true;
}

/* [[BTRFS_DEV_STAT_WRITE_ERRS] = 0, ...] */
static bool
assigned(struct scan *s)
{
	const char *was = s->p;

	if (scan_run(s, SCAN_BLANK) && scan_char(s, '=') && scan_run(s, SCAN_BLANK))
		return true;
	return scan_back(s, was);
}

/* {c_cflag=B0|CS5|, c_lflag=, ...}: in a structure no name for 0 is nothing at all. */
static bool
element(struct scan *s)
{
	bool key;
	const char *was = scan_plain_value(s->p, s->end, &key);

	if (was) {
		s->p = was;
		return true;
	}
	if (!operand(s))
		return false;
	do
		was = s->p;
	while ((operator(s) || assigned(s)) &&
	       (scan_at(s, ',') || scan_at(s, '}') || operand(s)));
	s->p = was;
	return true;
}
