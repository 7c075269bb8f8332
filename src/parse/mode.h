/* SPDX-License-Identifier: MIT */
/* Which processes of a log run in 32-bit or x32 mode, as strace says when it changes.
 */
#pragma once

#include "base/map.h"
#include "parse/event.h"

struct modes {
	bool told;   /* the log says anything of it */
	bool is_x32; /* of the last event */
	uint32_t current;
	struct s2s_map by_pid;
};

/* Learns from a note; tells any other event the architecture of its process. */
void modes_see(struct modes *modes, struct s2s_event *ev);
void modes_done(struct modes *modes);
