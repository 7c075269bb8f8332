/* SPDX-License-Identifier: MIT */
/* Counts by key, in memory that processes share: one adds, another reads. */
#pragma once

#include "base/status.h"
#include "record/shared.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct record_counts;

/* Room for `distinct` keys; NULL with errno: there is no memory for it. */
struct record_counts *record_counts_new(size_t distinct);
void record_counts_free(struct record_counts *counts);

/* What finds no room is counted as lost. */
void record_counts_add(struct record_counts *counts, const struct record_key *key,
		       uint64_t n);
/* All, and how many distinct ones. */
uint64_t record_counts_total(const struct record_counts *counts,
			     uint64_t *ret_distinct);
bool record_counts_any(const struct record_counts *counts);
uint64_t record_counts_lost(const struct record_counts *counts);

/* From then on nothing is added. */
void record_counts_close(struct record_counts *counts);
enum s2s_status record_counts_read(const struct record_counts *counts,
				   enum s2s_status (*each)(void *self,
							   const struct record_key *key,
							   uint64_t count),
				   void *self);
