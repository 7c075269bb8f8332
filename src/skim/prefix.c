/* SPDX-License-Identifier: MIT */
#include "skim/prefix.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *
digits(const char *p, const char *end)
{
	while (p < end && is_digit(*p))
		p++;
	return p;
}

static const char *
blanks(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	return p;
}

static bool
is_of_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
	       c == '_' || c == '-' || c == '.' || c == ':' || c == '+';
}

/* Behind the name of a process, or NULL; of digits behind "<" or "." the canonical text
   has one byte. */
static const char *
process_name(const char *p, const char *end, uint32_t *left_out)
{
	for (p++; p < end && is_of_name(*p); p++) {
		if (is_digit(p[-1]) && (*p == 'x' || *p == '-'))
			return NULL; /* it could be an address, or a date */
		if (is_digit(*p) && (p[-1] == '<' || p[-1] == '.')) {
			const char *to = digits(p, end);

			*left_out += (uint32_t)(to - p) - 1;
			p = to - 1;
		}
	}
	return p < end && *p == '>' && p[-1] != '-' ? p + 1 : NULL;
}

/* Behind the process and the blanks after it; p: there is none, NULL: neither is
   anything known. Ten digits are seconds. */
static const char *
process(const char *p, const char *end, int64_t *ret, uint32_t *left_out)
{
	bool bracket = end - p > 5 && memcmp(p, "[pid ", 5) == 0;
	const char *from = bracket ? blanks(p + 5, end) : p, *to = digits(from, end);
	int64_t pid = 0;

	if (to == from || to - from > 9)
		return bracket ? NULL : p;
	for (const char *q = from; q < to; q++)
		pid = pid * 10 + (*q - '0');
	if (to < end && *to == '<')
		to = process_name(to, end, left_out);
	if (!to || (bracket && (to == end || *to++ != ']')))
		return NULL;
	from = blanks(to, end);
	if (from == to)
		return bracket ? NULL : p;
	*ret = pid;
	return from;
}

static bool
clock_time(const char *p, const char *end)
{
	return end - p > 8 && is_digit(p[0]) && is_digit(p[1]) && p[2] == ':' &&
	       is_digit(p[3]) && is_digit(p[4]) && p[5] == ':' && is_digit(p[6]) &&
	       is_digit(p[7]);
}

/* 12:34:56 12:34:56.123456 1669111111 0.123456 and a blank; of the fraction the
   canonical text has one byte. */
static const char *
stamp(const char *p, const char *end, uint32_t *left_out)
{
	const char *to = clock_time(p, end) ? p + 8 : digits(p, end), *fraction;

	if (to == p)
		return p;
	if (to < end && *to == '.') {
		fraction = to + 1;
		to = digits(fraction, end);
		if (to == fraction)
			return p;
		*left_out += (uint32_t)(to - fraction) - 1;
	}
	return to < end && *to == ' ' ? to + 1 : p;
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

/* [00007f1c8a2b3c4d] or [????????????????], and a blank */
static const char *
pointer(const char *p, const char *end)
{
	const char *to = p + 1;

	if (end - p < 19 || *p != '[')
		return p;
	while (to < p + 17 && (p[1] == '?' ? *to == '?' : is_hex(*to)))
		to++;
	return to == p + 17 && to[0] == ']' && to[1] == ' ' ? to + 2 : p;
}

/* [ 257] and a blank */
static bool
is_number(const char *p, const char *end)
{
	const char *from = p < end && *p == '[' ? blanks(p + 1, end) : p;
	const char *to = digits(from, end);

	return from > p && to > from && end - to > 2 && to[0] == ']' && to[1] == ' ' &&
	       to[2] >= 'a' && to[2] <= 'z';
}

/* Blanks before seconds since the line before, with a fraction. */
static const char *
relative(const char *p, const char *end)
{
	const char *from = blanks(p, end), *to = digits(from, end);

	return to > from && to < end && *to == '.' ? from : p;
}

/* <... read resumed>, --- SIGCHLD {…} ---, +++ exited with 0 +++ */
static bool
is_other(const char *p, const char *end)
{
	return end - p > 5 && (memcmp(p, "<... ", 5) == 0 ||
			       memcmp(p, "--- S", 5) == 0 || memcmp(p, "+++ ", 4) == 0);
}

bool
s2s_skim_prefix(const char *p, const char *end, struct skim_prefix *ret)
{
	const char *begin = p;
	uint32_t left_out = 0;

	*ret = (struct skim_prefix){.pid = -1};
	if (s2s_skim_is_frame(p, end))
		return true;
	p = p < end && *p == ' ' ? relative(p, end)
				 : process(p, end, &ret->pid, &left_out);
	if (!p)
		return false;
	if (p < end && is_digit(*p))
		p = stamp(p, end, &left_out);
	/* A number stays: it belongs to what the line says. */
	if (!is_number(p, end)) {
		p = pointer(p, end);
		if (p == end ||
		    !((*p >= 'a' && *p <= 'z') || *p == '_' || is_other(p, end)))
			return false;
	}
	ret->in = (uint32_t)(p - begin);
	ret->out = ret->in - left_out;
	return true;
}
