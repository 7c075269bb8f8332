/* SPDX-License-Identifier: MIT */
/* Our table of argument kinds as the program in the kernel looks it up. */
#pragma once

#include "record/shared.h"

#include <stddef.h>
#include <stdint.h>

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

/* Fills rows, which is all zero, and steps. */
void record_table_fill(struct record_table *table);
void record_table_done(struct record_table *table);

/* The AUDIT_ARCH_ value of a key's architecture. */
uint32_t record_audit_arch(unsigned arch);
