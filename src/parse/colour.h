/* SPDX-License-Identifier: MIT */
/* Lines that strace wrote in colours (--color=always, or to a terminal that was
   recorded), without them. */
#pragma once

#include "base/sv.h"

#include <stdbool.h>

struct colours {
	bool seen; /* in this input */
	char *buf; /* the line without them */
	size_t cap;
};

/* True: *ret is the line without its colours, and lives until the next one. Escape
   sequences in a log that has no coloured call are the program's own. */
bool colours_take_out(struct colours *colours, struct s2s_sv line, struct s2s_sv *ret);
void colours_done(struct colours *colours);
