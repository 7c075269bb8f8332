/* SPDX-License-Identifier: MIT */
/* Conditions of a container engine's template, as Docker and containers/common resolve
   them before a runtime sees the profile. */
#pragma once

#include "format/oci_read.h"

#include <json-c/json.h>

/* Whether an entry with these "includes" and "excludes" is in force. Returns false
   where they are malformed. */
bool s2s_oci_holds(const struct s2s_oci_host *host, struct json_object *entry,
		   bool *ret_holds);
