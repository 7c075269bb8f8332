/* SPDX-License-Identifier: MIT */
/* Symbolic constants and their values, in named sets (data/constants*.tbl). */
#pragma once

#include "base/sv.h"
#include "kernel/arch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of a symbol as strace prints it: in `set` first (NULL: none), then in all
   sets. False where we do not know it. Signed values are sign-extended. */
bool s2s_constant_value(enum s2s_arch arch, const char *set, struct s2s_sv name,
			uint64_t *ret);

/* The different values that a set has for a name, at most `max` of them. */
size_t s2s_constant_values(enum s2s_arch arch, const char *set, struct s2s_sv name,
			   uint64_t *ret, size_t max);

/* The symbol of exactly this value in a set, or NULL. Where several share a value the
   first row of the table wins. */
const char *s2s_constant_name(enum s2s_arch arch, const char *set, uint64_t value);

struct s2s_constant {
	const char *name;
	uint64_t value;
};
/* The rows of a set in the table's order; NULL and 0 where there is no such set. */
const struct s2s_constant *s2s_constants(enum s2s_arch arch, const char *set,
					 size_t *ret_n);
