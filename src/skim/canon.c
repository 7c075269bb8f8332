/* SPDX-License-Identifier: MIT */
/* The canonical text a byte at a time: on every processor, and to see what the rules
   are. */
#include "skim/canon.h"

#include <string.h>

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool
is_hex_or_x(char c)
{
	return is_hex(c) || c == 'x';
}

static bool
is_path(char c)
{
	return c != '<' && c != '>' && c != '"';
}

static bool
is_of_date(char c)
{
	return is_digit(c) || c == 'T' || c == ':' || c == '.' || c == '+' || c == '-';
}

static bool
is_blank(char c)
{
	return c == ' ';
}

static const char *
past(const char *p, const char *end, bool (*is)(char))
{
	while (p < end && is(*p))
		p++;
	return p;
}

/* Behind the end of the string that begins at p, or NULL. */
static const char *
string_end(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p < end ? p + 1 : NULL;
}

enum canon_rule
canon_rule_at(const char *begin, const char *p, const char *end, const char **ret_end)
{
	char one = p > begin ? p[-1] : '\0', two = p > begin + 1 ? p[-2] : '\0';
	const char *hex;

	if (*p == '"') {
		*ret_end = string_end(p, end);
		return CANON_STRING;
	}
	if (is_digit(*p) && (one == '=' || (one == ' ' && two == '='))) {
		*ret_end = past(p, end, is_hex_or_x);
		return CANON_VALUE;
	}
	if (*p == '/' && one == '<') {
		*ret_end = past(p, end, is_path);
		return CANON_PATH;
	}
	if (is_digit(*p) && (one == '<' || one == '.')) {
		*ret_end = past(p, end, is_digit);
		return CANON_FRACTION;
	}
	if (is_digit(*p) && one == '-' && is_digit(two)) {
		*ret_end = past(p, end, is_of_date);
		return CANON_DATE;
	}
	hex = past(p, end, is_hex);
	if (*p >= '1' && *p <= '7' && one == 'x' && is_digit(two) && hex - p >= 9 &&
	    hex - p <= 16) {
		*ret_end = hex;
		return CANON_ADDRESS;
	}
	*ret_end = p + 1;
	return CANON_KEPT;
}

static bool
is_odd(const char *begin, const char *p)
{
	unsigned char c = (unsigned char)*p;

	return c < ' ' || c > 127 || c == '\\' ||
	       (c == '>' && p > begin && p[-1] == '-');
}

static unsigned char *
canon_line(const char *begin, const char *end, unsigned char *out, bool *ret_odd)
{
	for (const char *p = begin, *to; p < end; p = to) {
		enum canon_rule rule = canon_rule_at(begin, p, end, &to);

		if (!to) {
			*ret_odd = true;
			return out;
		}
		if (rule == CANON_STRING) {
			*out++ = '"';
			*out++ = '"';
			continue;
		}
		for (const char *q = p; q < to; q++)
			*ret_odd |= is_odd(begin, q);
		*out++ = rule == CANON_KEPT ? (unsigned char)*p : CANON_MARK;
		if (*p == ' ' && p > begin && p[-1] == ')')
			to = past(to, end, is_blank);
	}
	return out;
}

void
canon_bytewise(struct canon *canon, const char *p, size_t n)
{
	const char *begin = p, *end = p + n, *newline;
	unsigned char *out = canon->text;

	canon->nlines = 0;
	for (; p < end; p = newline + 1) {
		struct canon_line *line = &canon->lines[canon->nlines++];
		bool odd = false;

		newline = memchr(p, '\n', (size_t)(end - p));
		out = canon_line(p, newline, out, &odd);
		line->in = (uint32_t)(newline - begin);
		line->out = (uint32_t)(out - canon->text) | (odd ? CANON_ODD : 0);
	}
}

canon_fn *
canon_best(void)
{
	canon_fn *fn = canon_avx512();

	if (!fn)
		fn = canon_avx2();
	return fn ? fn : canon_bytewise;
}
