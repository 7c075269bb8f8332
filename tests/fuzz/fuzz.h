/* SPDX-License-Identifier: MIT */
/* What the targets share. */
#pragma once

#include "s2s.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

/* A number that stays as long as the bytes do: to choose options by. */
static inline uint32_t
fuzz_hash(const uint8_t *data, size_t size)
{
	uint32_t h = 2166136261;

	for (size_t i = 0; i < size; i++)
		h = (h ^ data[i]) * 16777619;
	return h ^ h >> 15;
}

/* A trace of these bytes alone. In any case to be freed. */
enum s2s_status fuzz_trace(const void *p, size_t n,
			   const struct s2s_trace_options *opts,
			   struct s2s_trace **ret);
/* What stands in a file, from its beginning. */
struct s2s_bytes fuzz_contents(int fd);
