/* SPDX-License-Identifier: MIT */
/* JSON as a profile has it: json-c's objects, and where in the text they begin. */
#pragma once

#include "base/sv.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct s2s_json_error {
	const char *what; /* static */
	size_t at;        /* offset in the text */
};

/* False where the text is malformed, nested deeply, names a member of an object twice
   or has a number that no 64 bits hold. *ret is NULL for "null", else owned by the
   caller: json_object_put(). */
bool s2s_json_parse(struct s2s_sv text, struct json_object **ret,
		    struct s2s_json_error *ret_error);

/* Where the value began, of what s2s_json_parse() made; the front of the text for null.
 */
size_t s2s_json_at(struct json_object *value);
/* The line and the column of a place, counted from 1. */
void s2s_json_place(struct s2s_sv text, size_t at, size_t *ret_line,
		    size_t *ret_column);

/* NULL where it is missing or null. */
struct json_object *s2s_json_member(struct json_object *object, const char *key);
/* The text of a member, NULL where it is missing or another kind of value. */
const char *s2s_json_text(struct json_object *object, const char *key);
/* False where the member is no number from 0 to 2^64-1; *ret is left alone where it is
   missing or null. */
bool s2s_json_number(struct json_object *object, const char *key, uint64_t *ret);
/* False where the member is no array; missing or null is an empty one. */
bool s2s_json_array(struct json_object *object, const char *key,
		    struct json_object **ret, size_t *ret_n);
