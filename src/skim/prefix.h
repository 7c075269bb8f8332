/* SPDX-License-Identifier: MIT */
/* What stands before a call in most logs, or before the second half of one, a signal or
   an end. */
#pragma once

#include "base/sv.h"

#include <stdbool.h>
#include <stdint.h>

struct skim_prefix {
	int64_t pid;  /* -1: none */
	uint32_t in;  /* its length */
	uint32_t out; /* the same in the canonical text */
};

/* " > /usr/lib/libc.so.6(read+0xd) [0xfd1ed]", from -k: a note, whatever follows. */
static inline bool
s2s_skim_is_frame(const char *p, const char *end)
{
	return end - p >= 3 && p[0] == ' ' && p[1] == '>' && p[2] == ' ';
}

/* A process, as -f -o or a terminal has it, with its name (-Y); a time of day or
   seconds; an instruction pointer (-i); or none of these. What a call's number (-n)
   stands before begins with it. False where there is anything else. */
bool s2s_skim_prefix(const char *p, const char *end, struct skim_prefix *ret);
