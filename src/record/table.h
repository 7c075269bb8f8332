/* SPDX-License-Identifier: MIT */
/* Our table of argument kinds as the program in the kernel looks it up. */
#pragma once

#include "record/shared.h"

#include <stddef.h>
#include <stdint.h>

struct seccomp_data;

/* A row that hangs on a value. */
struct record_step_row {
	struct record_step at;
	struct record_row row;
};

struct record_table {
	struct record_row (*rows)[RECORD_NUMBERS]; /* RECORD_ARCHES of them; borrowed */
	struct record_step_row *steps;             /* heap */
	size_t n, cap;
	__u32 last; /* step that was given a number */
};

/* A table for record_table_key(). */
void record_table_new(struct record_table *table);
void record_table_free(struct record_table *table);

/* The key of a call, as the program in the kernel makes it. */
void record_table_key(const struct record_table *table, const struct seccomp_data *data,
		      struct record_key *ret);

/* Fills rows, which is all zero, and steps. */
void record_table_fill(struct record_table *table);
void record_table_done(struct record_table *table);

/* The AUDIT_ARCH_ value of a key's architecture. */
uint32_t record_audit_arch(unsigned arch);
