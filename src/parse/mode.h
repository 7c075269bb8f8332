/* SPDX-License-Identifier: MIT */
/* Which processes of a log run in 32-bit or x32 mode, as strace says when it changes,
   or as their calls tell (infer.h). */
#pragma once

#include "base/map.h"
#include "parse/event.h"

struct modes {
	bool told;   /* the log says anything of it, or a call told */
	bool noted;  /* the log says it */
	bool is_x32; /* of the last event */
	uint32_t current;
	struct s2s_map by_pid;
};

/* Learns from a note; tells any other event the architecture of its process. */
void modes_see(struct modes *modes, struct s2s_event *ev);
/* Whether it is "[ Process PID=… runs in …". */
bool modes_is_note(const struct s2s_event *note);
/* Whether a process was met. */
bool modes_know(const struct modes *modes, int64_t pid);
/* What its calls tell. */
void modes_infer(struct modes *modes, int64_t pid, bool is_32);
/* They tell nothing: the mode that it had, or that of the process seen last. Whether
   that is the 32-bit one. */
bool modes_keep(struct modes *modes, int64_t pid);
void modes_done(struct modes *modes);
