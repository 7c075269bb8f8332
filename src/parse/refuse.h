/* SPDX-License-Identifier: MIT */
/* What an input is that is none of ours, by its first line: so that the message says
   what to do. */
#pragma once

#include "base/sv.h"

/* The command that makes text of an input of this beginning, or NULL. */
const char *refuse_unpacker(struct s2s_sv text);

/* Which other recorder wrote a line, or NULL. Never of a line of strace. */
const char *refuse_recorder(struct s2s_sv line);
