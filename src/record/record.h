/* SPDX-License-Identifier: MIT */
/* Recorders: from a living process to calls, without a log between. Each distinct call
   is handed on once, with its count, when the recording is over. */
#pragma once

#include "base/log.h"
#include "base/status.h"
#include "bind/bind.h"
#include "record/user.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How far it is. */
struct s2s_recording {
	unsigned seconds;
	uint64_t calls, distinct;
	uint64_t recent; /* distinct ones that were not there ten seconds ago */
};

struct s2s_record {
	/* One of these: */
	char *const *argv; /* a command to start; NULL: none */
	const pid_t *pid;  /* processes to attach to, with all their threads */
	size_t n_pid;
	const char *cgroup; /* all processes in it, now and later; NULL: none */

	/* Marks, NULL behind the last; NULL: none. As for logs (doc/selection.md). */
	const char *const *from, *const *until;
	/* Not NULL: calls go there with the path of the program that made them ("": not
	   known), not to the sink, whose end() is called all the same. */
	enum s2s_status (*add_to)(void *self, const char *image,
				  const struct s2s_call *call);
	void *add_self;

	/* Not NULL: told once a second, while no command is waited for. */
	void (*progress)(void *self, const struct s2s_recording *now);
	void *progress_self;

	const char *method;   /* NULL: auto */
	size_t distinct;      /* calls that there is room for; not 0 */
	unsigned for_seconds; /* 0: until it ends, or somebody ends it */
	const struct s2s_log *log;
	const struct s2s_user *user;           /* of the command */
	bool default_sigpipe, default_sigxfsz; /* of the command: we ignore them */
};

struct s2s_recorded {
	int exit;        /* of the command, as a shell gives it */
	bool not_run;    /* it could not be executed; that was said */
	bool refused;    /* the method does not work here; the command did not run */
	bool incomplete; /* not all was recorded; that was said */
};

/* Records and ends the sink's run. S2S_USAGE: no such method; S2S_SYSTEM: it could not
   be tried here. Where there was no call, nothing came to the sink. */
enum s2s_status s2s_record(const struct s2s_record *record, struct s2s_call_sink to,
			   struct s2s_recorded *ret);
