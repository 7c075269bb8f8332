/* SPDX-License-Identifier: MIT */
/* What all methods share: how the command is started, when a recording is over, what
   becomes of a key. */
#pragma once

#include "enforce/enforce.h"
#include "record/record.h"
#include "record/shared.h"

#include <stdatomic.h>

/* Adds what a command of the recording needs to `how` (filters, reporter, started) and
   runs it. Where S2S_SYSTEM comes back it did not run, and that was said. */
enum s2s_status record_command(const struct s2s_record *record, struct s2s_enforce how,
			       int *ret_exit);

/* Until over() says so, somebody has had enough (SIGINT, SIGTERM, SIGHUP), or the time
   is up (0: it never is). */
void record_wait(bool (*over)(void *self), void *self, unsigned seconds);

/* Keys to calls. */
struct record_sum {
	struct s2s_call_sink to;
	uint64_t calls, unnamed; /* by now */
};
enum s2s_status record_hand_on(void *sum, const struct record_key *key, uint64_t count);

/* Says what was recorded and what was not. */
void record_account(const struct s2s_record *record, const struct record_sum *sum,
		    uint64_t lost, struct s2s_recorded *ret);
