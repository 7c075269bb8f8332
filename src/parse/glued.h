/* SPDX-License-Identifier: MIT */
/* Finds a record of audit behind another in one line: the end of a line was lost where
   logs were cut and put together. */
#pragma once

#include "base/sv.h"

enum {
	AUDIT_ENRICHED = 0x1d
}; /* auditd writes its own reading of a record behind it */

/* Whether a record begins in the fields of another, behind its head; *ret_at: there.
   What stands in quotes is a value, whatever it says. */
bool glued_find(struct s2s_sv head, struct s2s_sv fields, struct s2s_sv *ret_at);
