/* SPDX-License-Identifier: MIT */
/* Between strace and who reads its log: that can be ended at any time, at the end of a
   line, and it is known then who was still traced. */
#pragma once

#include "record/fifo.h"
#include "record/living.h"
#include "record/session.h"

#include <pthread.h>
#include <time.h>

struct record_relay {
	const struct s2s_record *record;
	struct record_fifo log; /* as strace writes it */
	int passed[2]; /* what is to be read, until the writing end is closed */
	int stop[2];   /* closed to end it */
	pthread_t thread;
	bool runs;
	/* With --pid: */
	pid_t strace;
	struct timespec begun;
	bool told;  /* strace, to end */
	bool ended; /* strace has, by itself or by others */
	struct record_living *living;
	_Atomic uint64_t calls, distinct; /* by now; the latter its reader counts */
	struct record_teller teller;
};

/* False with errno; record_relay_done() is to be called in any case. */
bool record_relay_make(struct record_relay *relay, const struct s2s_user *user);
/* Passes on until strace ends, which it is told to when the time is up; tells how far
   it is where there is no command. */
bool record_relay_begin(struct record_relay *relay, const struct s2s_record *record,
			pid_t strace);
/* Not any longer. */
void record_relay_stop(struct record_relay *relay);
void record_relay_done(struct record_relay *relay);
