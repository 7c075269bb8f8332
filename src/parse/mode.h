/* SPDX-License-Identifier: MIT */
/* Which processes of a log run in 32-bit or x32 mode, as strace says when it changes,
   or as their calls tell (infer.h). */
#pragma once

#include "base/map.h"
#include "parse/event.h"

enum mode { MODE_NATIVE, MODE_32, MODE_X32, MODES };

struct modes {
	bool told;         /* the log says anything of it, or a call told */
	bool noted;        /* the log says it */
	bool is_x32;       /* of the last event */
	bool numbered;     /* the last event had a pid */
	enum mode current; /* of the last event */
	enum mode bare;    /* of the one process that lines without pid are of */
	/* Of processes met since it was told, until they end. One that is not here runs
	   in the native mode, unless it is new. */
	struct s2s_map by_pid;
	size_t live[MODES]; /* how many are in there */
	size_t forking,
	    forking_32; /* all, and 32-bit ones, in a call that makes another */
	bool attached;  /* strace says whom it meets */
	/* Made by 32-bit ones, of all inputs: -ff writes a file for each. */
	struct s2s_map born_32;
	int64_t named; /* whom the name of the file says to be its process; 0: nobody */
};

/* Learns from a note, and who makes whom; tells a call the architecture of its
   process. */
void modes_see(struct modes *modes, struct s2s_event *ev);
/* Whether it is "[ Process PID=… runs in …". */
bool modes_is_note(const struct s2s_event *note);
/* Whether the mode of a process is known. */
bool modes_know(const struct modes *modes, int64_t pid);
/* What its calls tell. */
void modes_infer(struct modes *modes, int64_t pid, bool is_32);
/* They tell nothing: the mode that it had, or that of who made it. Whether that is the
   32-bit one. */
bool modes_keep(struct modes *modes, int64_t pid);
void modes_end(struct modes *modes); /* of an input */
void modes_done(struct modes *modes);
