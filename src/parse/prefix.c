/* SPDX-License-Identifier: MIT */
/* What stands before the event: process, times, number of the call, addresses. */
#include "parse/scan.h"

enum { EPOCH_DIGITS = 10 }; /* of seconds since 1970; no process number has as many */

bool
scan_number(struct scan *s, int64_t *ret)
{
	enum { SAFE_DIGITS = 18 };
	const char *was = s->p;
	int64_t n = 0;

	for (; scan_is(s, SCAN_DIGIT); s->p++)
		if (s->p - was < SAFE_DIGITS)
			n = n * 10 + (*s->p - '0');
		else
			n = INT64_MAX;
	*ret = n;
	return s->p > was;
}

/* <comm>, behind the number of a process */
static struct s2s_sv
called(struct scan *s)
{
	const char *was = s->p;

	if (!scan_at(s, '<') || !scan_decoration(s))
		return (struct s2s_sv){0};
	return (struct s2s_sv){was + 1, (size_t)(s->p - was) - 2};
}

/* [pid  1234] or [pid 1234<comm>] */
static bool
pid_in_brackets(struct scan *s, struct s2s_event *ev)
{
	const char *was = s->p;
	int64_t pid;

	if (scan_text(s, SV("[pid")) && scan_run(s, SCAN_BLANK) &&
	    scan_number(s, &pid)) {
		struct s2s_sv comm = called(s);

		if (scan_char(s, ']') && scan_run(s, SCAN_BLANK)) {
			ev->pid = pid;
			ev->called = comm;
			return true;
		}
	}
	return scan_back(s, was);
}

/* 1234 or 1234<comm>; ten digits are seconds since 1970. */
static bool
pid_bare(struct scan *s, struct s2s_event *ev)
{
	const char *was = s->p;
	int64_t pid;

	if (scan_number(s, &pid) && s->p - was < EPOCH_DIGITS) {
		struct s2s_sv comm = called(s);

		if (scan_run(s, SCAN_BLANK)) {
			ev->pid = pid;
			ev->called = comm;
			return true;
		}
	}
	return scan_back(s, was);
}

/* Whole seconds since the last event (-r), six cells wide. */
static bool
relative(struct scan *s)
{
	const char *was = s->p;

	while (scan_at(s, ' '))
		s->p++;
	if (s->p > was && scan_run(s, SCAN_DIGIT) && s->p - was == 6 &&
	    s->p[-1] != ' ' && scan_char(s, ' '))
		return true;
	return scan_back(s, was);
}

static bool
two_digits(struct scan *s)
{
	return scan_is(s, SCAN_DIGIT) && s->p++ && scan_is(s, SCAN_DIGIT) && s->p++;
}

static bool
clock_time(struct scan *s)
{
	const char *was = s->p;

	if (two_digits(s) && scan_char(s, ':') && two_digits(s) && scan_char(s, ':') &&
	    two_digits(s))
		return true;
	return scan_back(s, was);
}

/* 12:34:56.123456 1669111111.123456 0.000123 (+     0.000123) */
static bool
stamp(struct scan *s)
{
	const char *was = s->p;
	bool delta = scan_text(s, SV("(+"));

	if (delta)
		scan_blanks(s);
	if (delta || !clock_time(s))
		if (!scan_run(s, SCAN_DIGIT))
			return scan_back(s, was);
	scan_fraction(s);
	if ((!delta || scan_char(s, ')')) && scan_run(s, SCAN_BLANK))
		return true;
	return scan_back(s, was);
}

/* 1073742336] */
static bool
x32_number(const struct scan *s)
{
	struct scan ahead = *s;

	return scan_text(&ahead, SV("107374")) && scan_run(&ahead, SCAN_DIGIT) == 4 &&
	       scan_at(&ahead, ']');
}

/* [00007f1c8a2b3c4d] or [????????????????] */
static bool
pointer(struct scan *s)
{
	const char *was = s->p;
	size_t n;

	if (!scan_char(s, '['))
		return false;
	if (x32_number(s))
		return scan_back(s, was);
	n = scan_run(s, SCAN_HEX);
	if (n == 0)
		while (scan_char(s, '?'))
			n++;
	if (n >= 8 && scan_char(s, ']') && scan_run(s, SCAN_BLANK))
		return true;
	return scan_back(s, was);
}

/* [ 257], from -n, or [???] of -1, which is not told */
static bool
number(struct scan *s, int64_t *ret)
{
	const char *was = s->p;
	int64_t nr = -1;

	if (pointer(s))
		return scan_back(s, was);
	if (!scan_char(s, '['))
		return false;
	scan_run(s, SCAN_BLANK);
	if ((scan_text(s, SV("???")) || scan_number(s, &nr)) && scan_char(s, ']') &&
	    scan_run(s, SCAN_BLANK)) {
		*ret = nr;
		return true;
	}
	return scan_back(s, was);
}

/* [unconfined_t], from --secontext; no number and no pointer */
static bool
label(struct scan *s)
{
	const char *was = s->p;
	int64_t nr;

	if (pointer(s) || number(s, &nr) || !scan_char(s, '[') ||
	    !scan_is(s, SCAN_NAME))
		return scan_back(s, was);
	while (scan_is(s, SCAN_NAME) ||
	       (s->p < s->end && scan_among(*s->p, SV("-.:,!"))))
		s->p++;
	if (scan_char(s, ']') && scan_run(s, SCAN_BLANK))
		return true;
	return scan_back(s, was);
}

/* "1234  " before a name: most lines of a log of many processes. */
static bool
plain_pid(struct scan *s, struct s2s_event *ev)
{
	const char *p = s->p, *end = s->end;
	int64_t pid = 0;

	for (; p < end && *p >= '0' && *p <= '9' && p - s->p < EPOCH_DIGITS; p++)
		pid = pid * 10 + (*p - '0');
	if (p == s->p || p - s->p >= EPOCH_DIGITS || p == end || *p != ' ')
		return false;
	while (p < end && *p == ' ')
		p++;
	if (p == end || !(scan_classes[(unsigned char)*p] & SCAN_NAME) ||
	    scan_classes[(unsigned char)*p] & SCAN_DIGIT)
		return false;
	s->p = p;
	ev->pid = pid;
	return true;
}

void
scan_prefix(struct scan *s, struct s2s_event *ev)
{
	if (scan_is(s, SCAN_NAME) && !scan_is(s, SCAN_DIGIT))
		return;
	if (plain_pid(s, ev))
		return;
	if (!scan_at(s, ' ') || !relative(s)) {
		scan_blanks(s);
		if (scan_is(s, SCAN_DIGIT))
			pid_bare(s, ev);
		else
			pid_in_brackets(s, ev);
		if (scan_at(s, '['))
			label(s);
	}
	while ((scan_is(s, SCAN_DIGIT) || scan_at(s, '(')) && stamp(s))
		continue;
	if (!scan_at(s, '['))
		return;
	number(s, &ev->nr);
	pointer(s);
	label(s);
}
