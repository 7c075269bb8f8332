/* SPDX-License-Identifier: MIT */
/* The key of a call out of its registers. The program in the kernel does the same
   (count_call()), with the same table. */
#include "base/arena.h"
#include "kernel/syscalls.h"
#include "record/table.h"

#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

static int
compare(const void *a, const void *b)
{
	const struct record_step_row *x = a, *y = b;

	if (x->at.step != y->at.step)
		return x->at.step < y->at.step ? -1 : 1;
	return x->at.value < y->at.value ? -1 : x->at.value > y->at.value;
}

void
record_table_new(struct record_table *table)
{
	size_t size = RECORD_ARCHES * sizeof *table->rows;

	*table = (struct record_table){
	    .rows = s2s_realloc(NULL, RECORD_ARCHES, sizeof *table->rows)};
	memset(table->rows, 0, size);
	record_table_fill(table);
	qsort(table->steps, table->n, sizeof *table->steps, compare);
}

void
record_table_free(struct record_table *table)
{
	free(table->rows);
	record_table_done(table);
}

static const struct record_row *
row_of(const struct record_table *table, const struct record_key *key,
       const uint64_t arg[RECORD_ARGS])
{
	const struct record_row *row;

	if (key->nr >= RECORD_NUMBERS)
		return NULL;
	row = &table->rows[key->arch][key->nr];
	for (int i = 0; i < RECORD_STEPS && row->step; i++) {
		struct record_step_row wanted = {
		    .at = {.step = row->step,
			   .value = arg[row->step_arg] & row->step_mask}};
		const struct record_step_row *next =
		    bsearch(&wanted, table->steps, table->n, sizeof wanted, compare);

		if (!next)
			break;
		row = &next->row;
	}
	return row;
}

void
record_table_key(const struct record_table *table, const struct seccomp_data *data,
		 struct record_key *ret)
{
	bool compat = data->arch == AUDIT_ARCH_I386;
	struct record_key key = {.nr = (uint32_t)data->nr, .arch = compat};
	const struct record_row *row;
	uint64_t arg[RECORD_ARGS];

	for (int i = 0; i < RECORD_ARGS; i++)
		arg[i] = compat ? (uint32_t)data->args[i] : data->args[i];
	row = row_of(table, &key, arg);
	for (int i = 0; row && i < RECORD_ARGS; i++) {
		uint64_t value = arg[i] & row->mask[i];

		key.arg[i] = row->addresses >> i & 1 ? value != 0 : value;
	}
	*ret = key;
}
