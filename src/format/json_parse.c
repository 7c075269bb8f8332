/* SPDX-License-Identifier: MIT */
/* JSON text to json-c's objects, each with the place where it begins. json-c's own
   parser tells no places, takes a member that is there twice, and makes 2^64-1 of
   numbers beyond. */
#include "format/json_read.h"

#include "base/arena.h"
#include "base/out.h"

#include <stdlib.h>

enum { DEPTH_MAX = 16, NUMBER_MAX = 400 };

struct parser {
	struct s2s_sv text;
	size_t at;
	int depth;
	struct s2s_json_error *error;
};

static bool parse_value(struct parser *p, struct json_object **ret);

static bool
fail(struct parser *p, size_t at, const char *what)
{
	if (at >= p->text.n)
		what = "cut off";
	*p->error = (struct s2s_json_error){what, at};
	return false;
}

static int
peek(const struct parser *p)
{
	return p->at < p->text.n ? (unsigned char)p->text.p[p->at] : -1;
}

static void
skip_blank(struct parser *p)
{
	int c;

	while ((c = peek(p)) == ' ' || c == '\t' || c == '\n' || c == '\r')
		p->at++;
}

static bool
expect(struct parser *p, int c, const char *what)
{
	skip_blank(p);
	if (peek(p) != c)
		return fail(p, p->at, what);
	p->at++;
	return true;
}

static struct json_object *
placed(struct json_object *object, size_t at)
{
	if (!object)
		s2s_out_of_memory(sizeof at);
	/* NULL is: no place. */
	json_object_set_userdata(object, (void *)(at + 1), NULL);
	return object;
}

/* ---- strings ---- */

static bool
hex4(struct parser *p, uint32_t *ret)
{
	*ret = 0;
	for (int i = 0; i < 4; i++, p->at++) {
		int c = peek(p);
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;

		if (digit < 0)
			return fail(p, p->at, "four hexadecimal digits are wanted");
		*ret = *ret << 4 | (uint32_t)digit;
	}
	return true;
}

static void
out_utf8(struct s2s_out *out, uint32_t c)
{
	if (c < 0x80) {
		s2s_out_char(out, (char)c);
		return;
	}
	if (c >= 0x10000) {
		s2s_out_char(out, (char)(0xf0 | c >> 18));
		s2s_out_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
	} else if (c >= 0x800) {
		s2s_out_char(out, (char)(0xe0 | c >> 12));
	}
	if (c >= 0x800)
		s2s_out_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
	else
		s2s_out_char(out, (char)(0xc0 | c >> 6));
	s2s_out_char(out, (char)(0x80 | (c & 0x3f)));
}

/* Behind "\u". A half of a pair alone is no character. */
static bool
parse_unicode(struct parser *p, struct s2s_out *out)
{
	uint32_t c, low;

	if (!hex4(p, &c))
		return false;
	if (c >= 0xd800 && c < 0xdc00 &&
	    sv_starts((struct s2s_sv){p->text.p + p->at, p->text.n - p->at},
		      SV("\\u"))) {
		p->at += 2;
		if (!hex4(p, &low))
			return false;
		if (low < 0xdc00 || low >= 0xe000)
			return fail(p, p->at, "half of a character");
		c = 0x10000 + ((c & 0x3ff) << 10 | (low & 0x3ff));
	}
	if (c >= 0xd800 && c < 0xe000)
		return fail(p, p->at, "half of a character");
	out_utf8(out, c);
	return true;
}

static bool
parse_escape(struct parser *p, struct s2s_out *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	int c = peek(p);
	const char *at = c > 0 ? strchr(from, c) : NULL;

	if (c == 'u') {
		p->at++;
		return parse_unicode(p, out);
	}
	if (!at)
		return fail(p, p->at, "no such escape");
	s2s_out_char(out, to[at - from]);
	p->at++;
	return true;
}

static bool
parse_string(struct parser *p, struct s2s_out *out)
{
	if (!expect(p, '"', "a string is wanted"))
		return false;
	for (;;) {
		int c = peek(p);

		if (c < ' ')
			return fail(p, p->at, "a control character in a string");
		p->at++;
		if (c == '"')
			return true;
		if (c != '\\')
			s2s_out_char(out, (char)c);
		else if (!parse_escape(p, out))
			return false;
	}
}

static bool
parse_text(struct parser *p, struct json_object **ret)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out out;
	size_t at = p->at;

	s2s_out_memory(&out);
	if (!parse_string(p, &out))
		return false;
	*ret = placed(json_object_new_string_len(out.n ? out.p : "", (int)out.n), at);
	return true;
}

/* ---- numbers and words ---- */

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static struct s2s_sv
take_digits(struct parser *p)
{
	struct s2s_sv rest = {p->text.p + p->at, p->text.n - p->at};
	struct s2s_sv digits = sv_take(&rest, is_digit);

	p->at += digits.n;
	return digits;
}

static bool
whole(struct parser *p, size_t at, bool negative, struct s2s_sv digits,
      struct json_object **ret)
{
	uint64_t value = 0;
	bool large = false;

	for (size_t i = 0; i < digits.n; i++)
		large |= __builtin_mul_overflow(value, 10U, &value) ||
			 __builtin_add_overflow(value, (unsigned)(digits.p[i] - '0'),
						&value);
	if (large || (negative && value > INT64_MAX))
		return fail(p, at, "a number of more than 64 bits");
	*ret = placed(negative ? json_object_new_int64(-(int64_t)value)
			       : json_object_new_uint64(value),
		      at);
	return true;
}

static bool
parse_number(struct parser *p, struct json_object **ret)
{
	size_t at = p->at;
	bool negative = peek(p) == '-', is_whole = true;
	struct s2s_sv digits;

	p->at += negative;
	digits = take_digits(p);
	if (digits.n == 0 || (digits.n > 1 && digits.p[0] == '0'))
		return fail(p, p->at, "no number");
	if (peek(p) == '.') {
		is_whole = false;
		p->at++;
		if (take_digits(p).n == 0)
			return fail(p, p->at, "no number");
	}
	if (peek(p) == 'e' || peek(p) == 'E') {
		is_whole = false;
		p->at++;
		p->at += peek(p) == '+' || peek(p) == '-';
		if (take_digits(p).n == 0)
			return fail(p, p->at, "no number");
	}
	if (is_whole)
		return whole(p, at, negative, digits, ret);
	/* Nothing of a profile is a fraction: that it is one is all that is asked. */
	*ret = placed(json_object_new_double(0.5), at);
	return true;
}

static bool
parse_word(struct parser *p, struct json_object **ret)
{
	struct s2s_sv rest = {p->text.p + p->at, p->text.n - p->at};
	size_t at = p->at;

	if (sv_starts(rest, SV("true"))) {
		p->at += 4;
		*ret = placed(json_object_new_boolean(true), at);
	} else if (sv_starts(rest, SV("false"))) {
		p->at += 5;
		*ret = placed(json_object_new_boolean(false), at);
	} else if (sv_starts(rest, SV("null"))) {
		p->at += 4;
		*ret = NULL;
	} else {
		return fail(p, at, "a value is wanted");
	}
	return true;
}

/* ---- arrays and objects ---- */

static bool
parse_element(struct parser *p, struct json_object *array)
{
	struct json_object *value = NULL;

	bool ok = parse_value(p, &value);

	if (json_object_array_add(array, value) != 0)
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): it keeps a pointer */
		s2s_out_of_memory(sizeof value);
	return ok;
}

static bool
parse_member(struct parser *p, struct json_object *object)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out key;
	struct json_object *value = NULL;
	size_t at;
	bool ok;

	s2s_out_memory(&key);
	skip_blank(p);
	at = p->at;
	if (!parse_string(p, &key))
		return false;
	s2s_out_char(&key, '\0');
	if (json_object_object_get_ex(object, key.p, NULL))
		return fail(p, at, "a member that is there twice");
	ok = expect(p, ':', "':' is wanted") && parse_value(p, &value);
	if (json_object_object_add(object, key.p, value) != 0)
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): it keeps a pointer */
		s2s_out_of_memory(sizeof value);
	return ok;
}

static bool
parse_all(struct parser *p, struct json_object *into, int end,
	  bool (*part)(struct parser *, struct json_object *))
{
	p->at++;
	skip_blank(p);
	if (peek(p) == end) {
		p->at++;
		return true;
	}
	for (;;) {
		if (!part(p, into))
			return false;
		skip_blank(p);
		if (peek(p) == end) {
			p->at++;
			return true;
		}
		if (!expect(p, ',',
			    end == ']' ? "',' or ']' is wanted"
				       : "',' or '}' is wanted"))
			return false;
	}
}

static bool
parse_value(struct parser *p, struct json_object **ret)
{
	bool ok;
	int c;

	skip_blank(p);
	c = peek(p);
	if (c == '"')
		return parse_text(p, ret);
	if (c == '-' || (c > 0 && is_digit((unsigned char)c)))
		return parse_number(p, ret);
	if (c != '{' && c != '[')
		return parse_word(p, ret);
	if (p->depth == DEPTH_MAX)
		return fail(p, p->at, "nested too deep");
	*ret = placed(c == '{' ? json_object_new_object() : json_object_new_array(),
		      p->at);
	p->depth++;
	ok = c == '{' ? parse_all(p, *ret, '}', parse_member)
		      : parse_all(p, *ret, ']', parse_element);
	p->depth--;
	return ok;
}

bool
s2s_json_parse(struct s2s_sv text, struct json_object **ret,
	       struct s2s_json_error *ret_error)
{
	struct parser p = {.text = text, .error = ret_error};
	struct json_object *object = NULL;
	bool ok = text.n < INT32_MAX ? parse_value(&p, &object)
				     : fail(&p, 0, "more than 2 GB");

	skip_blank(&p);
	if (ok && p.at < text.n)
		ok = fail(&p, p.at, "nothing more is wanted");
	if (ok)
		*ret = object;
	else
		json_object_put(object);
	return ok;
}
