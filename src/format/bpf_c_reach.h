/* SPDX-License-Identifier: MIT */
/* Which system calls get to which instruction of a filter, for comments. */
#pragma once

#include "filter/filter.h"

#include <stdint.h>

struct s2s_reach {
	const struct s2s_syscall **calls; /* all of the architectures */
	size_t n_calls, n;
	uint64_t *bits; /* of each instruction, of each call */
	size_t words;
	int8_t *loaded; /* word of struct seccomp_data that is at hand; -1: another */
	int8_t *arch; /* enum s2s_arch of all calls that get there; -1: several, or none
		       */
};

/* Follows every number of the architectures (bit 1 << arch) through the filter,
   whatever its arguments. */
void s2s_reach_init(struct s2s_reach *reach, uint32_t arches,
		    const struct sock_filter *insn, size_t n);
void s2s_reach_done(struct s2s_reach *reach);

/* How many calls get there; the first `max` of them. */
size_t s2s_reach_calls(const struct s2s_reach *reach, size_t at,
		       const struct s2s_syscall **ret, size_t max);
/* Whether the same calls get to both. */
bool s2s_reach_same(const struct s2s_reach *reach, size_t a, size_t b);
