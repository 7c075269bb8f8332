/* SPDX-License-Identifier: MIT */
/* What stands behind the arguments: the result and text for people. */
#include "parse/scan.h"

/* -1 0x7f1c8a000000 3 ? */
static bool
result_value(struct scan *s)
{
	const char *was = s->p;

	if (scan_char(s, '?'))
		return true;
	scan_char(s, '-');
	if (!scan_is(s, SCAN_DIGIT))
		return scan_back(s, was);
	while (scan_is(s, SCAN_NAME) && *s->p != '_')
		s->p++;
	return true;
}

/* ENOENT, ERESTARTSYS */
static struct s2s_sv
errname(struct scan *s)
{
	const char *was = s->p, *name;

	scan_run(s, SCAN_BLANK);
	name = s->p;
	if (s->p > was && s->p < s->end && *s->p >= 'A' && *s->p <= 'Z') {
		while (s->p < s->end &&
		       ((*s->p >= 'A' && *s->p <= 'Z') ||
			(*s->p >= '0' && *s->p <= '9') || *s->p == '_'))
			s->p++;
		return scan_since(s, name);
	}
	s->p = was;
	return (struct s2s_sv){0};
}

static bool paren(struct scan *s);

static bool
paren_piece(struct scan *s)
{
	const char *was = s->p;

	while (s->p < s->end && !(scan_classes[(unsigned char)*s->p] & SCAN_REMARK))
		s->p++;
	if (s->p > was)
		return true;
	if (s->p == s->end)
		return false;
	switch (*s->p) {
	case '"':
		return scan_string(s);
	case '<':
		return scan_text(s, SV("<<")) || scan_decoration(s);
	case '(':
		return paren(s);
	}
	return false;
}

/* (No such file or directory) ([{fd=3, revents=POLLIN}]) (flags O_RDONLY) */
static bool
paren(struct scan *s)
{
	const char *was = s->p;

	if (!scan_char(s, '('))
		return false;
	if (!scan_enter(s))
		return scan_back(s, was);
	while (paren_piece(s))
		continue;
	scan_leave(s);
	if (scan_char(s, ')'))
		return true;
	scan_fail(s, "')' at the end of the remark");
	return scan_back(s, was);
}

/* <0.000012>, from -T */
static bool
spent(struct scan *s)
{
	const char *was = s->p;

	if (!scan_char(s, '<') || !scan_run(s, SCAN_DIGIT))
		return scan_back(s, was);
	scan_fraction(s);
	if (!scan_char(s, '>'))
		return scan_back(s, was);
	s->spent = was;
	return true;
}

static bool
remark(struct scan *s)
{
	const char *was = s->p;

	scan_blanks(s);
	if (paren(s) || spent(s) || scan_cut(s) || scan_array(s) || scan_comment(s))
		return true;
	return scan_back(s, was);
}

static bool
result(struct scan *s, struct s2s_event *ev)
{
	const char *was = s->p;

	if (!result_value(s)) {
		if (!scan_cut(s))
			return scan_fail(s, "a result after '='");
		ev->result = SV("?");
	} else {
		ev->result = scan_since(s, was);
	}
	ev->has_result = true;
	if (s->p == s->end)
		return true;
	while (scan_suffix(s))
		continue;
	ev->error = errname(s);
	while (remark(s))
		continue;
	return true;
}

bool
scan_outcome(struct scan *s, struct s2s_event *ev)
{
	const char *was = s->p;

	scan_blanks(s);
	if (scan_at(s, '(') && paren(s)) /* sigreturn() (mask [CHLD]) = 0 */
		scan_blanks(s);
	if (!scan_char(s, '=')) {
		scan_fail(s, "'=' and the result");
		return scan_back(s, was);
	}
	scan_blanks(s);
	return result(s, ev) || scan_back(s, was);
}
