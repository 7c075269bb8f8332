/* SPDX-License-Identifier: MIT */
/* Sets of the values that may still be met where a field is asked for, and how a test
   divides them. */
#pragma once

#include "filter/diagram.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { S2S_NEAR = 64 }; /* values near each other are looked at one by one */

/* What a field's values lead to. */
struct s2s_segments {
	struct s2s_field field;
	const struct s2s_segment *segment; /* in order, without gaps */
	size_t n;
};
/* The segment that k lies in. */
size_t s2s_segment_at(const struct s2s_segments *in, uint32_t k);

/* Either segments, a bit for each; or values near each other, a bit for each from lo
   on, which is one of them. */
struct s2s_values {
	uint64_t set[2];
	uint32_t lo;
	bool near;
};

static inline bool
s2s_values_is_empty(const struct s2s_values *v)
{
	return !v->set[0] && !v->set[1];
}

/* Of segments that are not empty. */
static inline size_t
s2s_values_lowest(const struct s2s_values *v)
{
	return v->set[0] ? (size_t)__builtin_ctzll(v->set[0])
			 : 64 + (size_t)__builtin_ctzll(v->set[1]);
}

/* The values of a segment among those from lo on. */
uint64_t s2s_values_near(const struct s2s_segment *s, uint32_t lo);
/* One form for what is the same: near where it can be. */
void s2s_values_settle(const struct s2s_segments *in, struct s2s_values *v);
/* By BPF_JGE, BPF_JEQ: at the place of a segment, or among near values; by BPF_JSET:
   a bit. False where the test tells nothing. */
bool s2s_values_divide(const struct s2s_values *v, uint16_t op, uint32_t place,
		       struct s2s_values *ret_yes, struct s2s_values *ret_no);
