/* SPDX-License-Identifier: MIT */
/* Many lines made ready to be looked up, in any thread: what their keys are, and the
   processes. */
#pragma once

#include "base/sv.h"
#include "skim/canon.h"
#include "skim/text.h"

enum {
	SKIM_KEY_MIN = 8,
	SKIM_KEY_MAX = 4096, /* bytes of one */
};

struct skim_line {
	uint64_t hash;
	uint32_t end;     /* of the line: its newline, in the input */
	uint32_t text, n; /* its key, in canon.text; n 0: it has none */
	int32_t pid;      /* -1: none */
};

struct skim_batch {
	const char *begin; /* of the first line */
	struct canon canon;
	struct skim_line lines[CANON_BATCH + 8]; /* canon.nlines of them */
};
