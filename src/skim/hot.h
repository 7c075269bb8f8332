/* SPDX-License-Identifier: MIT */
/* The loops over all lines of a log, in the way that the processor at hand is best at.
 */
#pragma once

#include "skim/batch.h"
#include "skim/keys.h"

/* Makes a batch of whole lines, CANON_BATCH bytes at most; CANON_AHEAD bytes behind
   them may be read. Lines of more than line_max bytes have no key. */
typedef void skim_make_fn(struct skim_batch *batch, struct skim_seed seed,
			  size_t line_max, struct s2s_sv text);

struct skim_counting {
	const uint32_t *waiting; /* s2s_parser_waiting() */
	uint32_t input;
	bool any_pid; /* set where a line that was counted had one */
	/* Set: of the line behind them, as one that ends no call; NULL: none. */
	struct skim_entry *found;
};

/* Counts lines from the one with that number on as far as each is a call as it was
   before, and nothing else of it needs to be looked at. The number of the next line. */
typedef size_t skim_count_fn(const struct skim_keys *keys,
			     const struct skim_batch *batch, size_t from,
			     struct skim_counting *counting);

struct skim_hot {
	skim_hash_fn *hash; /* that of the lines made */
	skim_make_fn *make;
	skim_count_fn *count;
};

/* The fastest that this processor has. */
const struct skim_hot *skim_hot_best(void);
/* On every processor; NULL where this is no such processor. */
const struct skim_hot *skim_hot_plain(void);
const struct skim_hot *skim_hot_avx512(void);
