/* SPDX-License-Identifier: MIT */
#include "format/json_read.h"

size_t
s2s_json_at(struct json_object *value)
{
	uintptr_t behind = value ? (uintptr_t)json_object_get_userdata(value) : 0;

	return behind ? behind - 1 : 0;
}

void
s2s_json_place(struct s2s_sv text, size_t at, size_t *ret_line, size_t *ret_column)
{
	size_t begin = 0;

	*ret_line = 1;
	for (size_t i = 0; i < at && i < text.n; i++)
		if (text.p[i] == '\n') {
			++*ret_line;
			begin = i + 1;
		}
	*ret_column = at - begin + 1;
}

struct json_object *
s2s_json_member(struct json_object *object, const char *key)
{
	struct json_object *member;

	return json_object_object_get_ex(object, key, &member) ? member : NULL;
}

const char *
s2s_json_text(struct json_object *object, const char *key)
{
	struct json_object *member = s2s_json_member(object, key);

	return json_object_is_type(member, json_type_string)
		   ? json_object_get_string(member)
		   : NULL;
}

bool
s2s_json_number(struct json_object *object, const char *key, uint64_t *ret)
{
	struct json_object *member = s2s_json_member(object, key);

	if (!member)
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
	*ret = s2s_json_member(object, key);
	if (!*ret)
		return true;
	if (!json_object_is_type(*ret, json_type_array))
		return false;
	*ret_n = json_object_array_length(*ret);
	return true;
}
