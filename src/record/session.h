/* SPDX-License-Identifier: MIT */
/* What all methods share: how the command is started, when a recording is over, what
   becomes of a key. */
#pragma once

#include "enforce/enforce.h"
#include "record/record.h"
#include "record/shared.h"

#include <stdatomic.h>

/* Adds what a command of the recording needs to `how` (filters, reporter, started) and
   runs it; *ret gets `exit` and `not_run`. Where S2S_SYSTEM comes back it did not run,
   and that was said. */
enum s2s_status record_command(const struct s2s_record *record, struct s2s_enforce how,
			       struct s2s_recorded *ret);

/* Until over() says so, somebody has had enough (SIGINT, SIGTERM, SIGHUP), or the time
   is up. */
struct record_waiting {
	bool (*over)(void *self);
	/* NULL: not known while it runs */
	void (*count)(void *self, uint64_t *ret_calls, uint64_t *ret_distinct);
	void *self;
	unsigned seconds; /* 0: as long as it takes */
};
void record_wait(const struct s2s_record *record, const struct record_waiting *waiting);

/* Tells how far it is, where another second is over. Begins as zeroes. */
enum { RECORD_RECENT = 10 };
struct record_teller {
	struct s2s_recording now;
	uint64_t history[RECORD_RECENT];
};
void record_tell(const struct s2s_record *record, struct record_teller *teller,
		 unsigned seconds, uint64_t calls, uint64_t distinct);

/* Keys to calls. */
struct record_sum {
	const struct s2s_record *record;
	struct s2s_call_sink to;
	uint64_t calls, unnamed; /* by now */
	char **image;            /* of each group, where there are such; heap */
	size_t n_image;
};
void record_sum_done(struct record_sum *sum);

/* Whether a part only is wanted, or parts apart. */
bool record_is_part(const struct s2s_record *record);
enum s2s_status record_hand_on(void *sum, const struct record_key *key, uint64_t count);

/* One call, to whom it belongs. */
enum s2s_status record_emit(struct record_sum *sum, const char *image,
			    const struct s2s_call *call);

/* Says what was recorded and what was not. */
void record_account(const struct s2s_record *record, const struct record_sum *sum,
		    uint64_t lost, struct s2s_recorded *ret);
