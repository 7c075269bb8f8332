/* SPDX-License-Identifier: MIT */
/* What the parts of a profile's reader share. */
#pragma once

#include "base/map.h"
#include "format/json_read.h"
#include "format/oci_read.h"

struct s2s_oci_reader {
	const char *name; /* of the file */
	struct s2s_sv text;
	const struct s2s_log *log;
	const struct s2s_oci_host *host;
	struct s2s_oci_profile *profile;
	struct s2s_atoms *seen;    /* rules */
	struct s2s_atoms *unknown; /* members that were warned of */
};

/* S2S_SYNTAX, said: "app.json:3:14: no such action: SCMP_ACT_FROB". `detail` may be any
   text, or NULL. */
enum s2s_status s2s_oci_refuse_at(const struct s2s_oci_reader *r, size_t at,
				  const char *what, const char *detail);
/* The same where a value begins. */
enum s2s_status s2s_oci_refuse(const struct s2s_oci_reader *r,
			       struct json_object *where, const char *what,
			       const char *detail);
/* The same of a member; where it is missing, of the object. */
enum s2s_status s2s_oci_refuse_member(const struct s2s_oci_reader *r,
				      struct json_object *object, const char *key,
				      const char *what);

/* `known` ends with NULL. What differs from one of them in case alone is refused, since
   runc takes it for that and crun does not; of others, each name is warned of once. */
enum s2s_status s2s_oci_check_members(const struct s2s_oci_reader *r,
				      struct json_object *object,
				      const char *const *known);

/* "architectures", or "archMap" for the architecture at hand. */
enum s2s_status s2s_oci_read_arches(const struct s2s_oci_reader *r,
				    struct json_object *profile);
