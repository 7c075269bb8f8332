/* SPDX-License-Identifier: MIT */
/* JSON as a profile has it: what json-c is asked for, and what it would take in
   silence. */
#pragma once

#include "base/sv.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NULL where it is malformed, is nested deeply or has a number that no 64 bits hold
   (json-c would make it the largest that they do); the reason then. Else owned by the
   caller, json_object_put(). */
struct json_object *s2s_json_parse(struct s2s_sv text, const char **ret_error);

/* The text of a member, NULL where it is missing or another kind of value. */
const char *s2s_json_text(struct json_object *object, const char *key);
/* False where the member is no number from 0 to 2^64-1; *ret is left alone where it is
   missing. */
bool s2s_json_number(struct json_object *object, const char *key, uint64_t *ret);
/* False where the member is no array; missing or null is an empty one. */
bool s2s_json_array(struct json_object *object, const char *key,
		    struct json_object **ret, size_t *ret_n);
