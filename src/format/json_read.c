/* SPDX-License-Identifier: MIT */
#include "format/json_read.h"

#include "base/arena.h"

enum { DEPTH_MAX = 16 };

const char *
s2s_json_text(struct json_object *object, const char *key)
{
	struct json_object *member;

	if (!json_object_object_get_ex(object, key, &member) ||
	    !json_object_is_type(member, json_type_string))
		return NULL;
	return json_object_get_string(member);
}

bool
s2s_json_number(struct json_object *object, const char *key, uint64_t *ret)
{
	struct json_object *member;

	if (!json_object_object_get_ex(object, key, &member))
		return true;
	*ret = json_object_get_uint64(member);
	return json_object_is_type(member, json_type_int) &&
	       (*ret != 0 || json_object_get_int64(member) == 0);
}

bool
s2s_json_array(struct json_object *object, const char *key, struct json_object **ret,
	       size_t *ret_n)
{
	*ret_n = 0;
	if (!json_object_object_get_ex(object, key, ret) || !*ret)
		return true;
	if (!json_object_is_type(*ret, json_type_array))
		return false;
	*ret_n = json_object_array_length(*ret);
	return true;
}

/* Behind the string that begins at `at`. */
static size_t
behind_string(struct s2s_sv text, size_t at)
{
	for (at++; at < text.n && text.p[at] != '"'; at++)
		if (text.p[at] == '\\')
			at++;
	return at + 1;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether digits from `at` on are more than 2^64-1; *end is behind them. */
static bool
is_large(struct s2s_sv text, size_t at, size_t *end)
{
	uint64_t value = 0;
	bool large = false;

	for (; at < text.n && is_digit(text.p[at]); at++)
		large |=
		    __builtin_mul_overflow(value, 10U, &value) ||
		    __builtin_add_overflow(value, (unsigned)(text.p[at] - '0'), &value);
	*end = at;
	return large;
}

static bool
has_large_number(struct s2s_sv text)
{
	bool large = false;

	for (size_t at = 0; at < text.n && !large;) {
		if (text.p[at] == '"')
			at = behind_string(text, at);
		else if (is_digit(text.p[at]))
			large = is_large(text, at, &at);
		else
			at++;
	}
	return large;
}

struct json_object *
s2s_json_parse(struct s2s_sv text, const char **ret_error)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	struct json_object *object;
	enum json_tokener_error error;

	if (has_large_number(text)) {
		*ret_error = "a number of more than 64 bits";
		json_tokener_free(tokener);
		return NULL;
	}
	if (!tokener)
		s2s_out_of_memory(text.n);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	object = text.n < INT32_MAX
		     ? json_tokener_parse_ex(tokener, text.p, (int)text.n)
		     : NULL;
	error = json_tokener_get_error(tokener);
	*ret_error =
	    error == json_tokener_continue ? "cut off" : json_tokener_error_desc(error);
	json_tokener_free(tokener);
	return object;
}
