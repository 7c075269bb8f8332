/* SPDX-License-Identifier: MIT */
/* Of each call one row says which bits of which arguments make it another call. Where
   the kind of an argument hangs on a selector, the row names a step: a further row for
   each value of the selector that the tables mention. */
#include "record/table.h"

#include "base/arena.h"
#include "kernel/syscalls.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MAX = 4096 };

/* What is known of a call's arguments on the way to a row. */
struct way {
	const struct s2s_syscall *sc;
	const struct s2s_condition *condition; /* all of the call's */
	size_t n;
	bool known[S2S_ARGS_MAX], passed[S2S_ARGS_MAX]; /* nothing hangs on it here */
	uint64_t value[S2S_ARGS_MAX];
	uint64_t chosen_by[S2S_ARGS_MAX]; /* bits */
};

/* The values of one argument that conditions tell from one another. */
struct choice {
	int arg;
	uint64_t mask;
	bool all; /* every part of the mask is one, else those of the list */
};

static struct record_row
leaf_row(const struct way *way)
{
	const struct s2s_kind *kind[S2S_ARGS_MAX];
	struct record_row row = {0};

	s2s_syscall_kinds(way->sc, way->known, way->value, kind);
	for (int i = 0; i < way->sc->nargs; i++) {
		switch (kind[i]->role) {
		case S2S_ROLE_UNUSED:
		case S2S_ROLE_VARIANT:
			break;
		case S2S_ROLE_ADDRESS:
			row.addresses |= (__u8)(1U << i);
			row.mask[i] = s2s_width_mask(kind[i]->width);
			break;
		case S2S_ROLE_SELECTOR:
		case S2S_ROLE_QUANTITY:
		case S2S_ROLE_OBJECT:
		case S2S_ROLE_MODE:
			row.mask[i] = s2s_width_mask(kind[i]->width);
			break;
		}
		/* What chose the row is needed to find its kinds again. */
		row.mask[i] |= way->chosen_by[i];
	}
	return row;
}

/* The next argument that conditions look at. */
static bool
next_choice(const struct way *way, struct choice *ret)
{
	bool found = false;

	for (size_t i = 0; i < way->n; i++) {
		struct s2s_condition c = way->condition[i];

		if (way->known[c.arg] || way->passed[c.arg] ||
		    (found && c.arg != ret->arg))
			continue;
		if (!found)
			*ret = (struct choice){.arg = c.arg, .mask = c.mask};
		ret->all = ret->all || c.mask != ret->mask;
		ret->mask |= c.mask;
		found = true;
	}
	return found;
}

static int
compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Ascending, each once. */
static size_t
values_of(const struct way *way, const struct choice *choice, uint64_t *ret)
{
	size_t n = 0, kept = 0;
	uint64_t part = 0;

	if (choice->all) {
		do {
			assert(n < VALUES_MAX);
			ret[n++] = part;
			part = (part - choice->mask) & choice->mask;
		} while (part);
		return n;
	}
	for (size_t i = 0; i < way->n; i++) {
		const struct s2s_condition *c = &way->condition[i];

		for (size_t v = 0; c->arg == choice->arg && v < c->n; v++) {
			assert(n < VALUES_MAX);
			ret[n++] = c->values[v] & c->mask;
		}
	}
	qsort(ret, n, sizeof *ret, compare);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || ret[i] != ret[kept - 1])
			ret[kept++] = ret[i];
	return kept;
}

static void
append(struct record_table *table, struct record_step at, struct record_row row)
{
	s2s_grow(table->steps, table->n, table->cap);
	table->steps[table->n++] = (struct record_step_row){at, row};
}

static struct record_row grow(struct record_table *table, struct way way);

/* The rows for the values of a choice; forgotten again where all are like `row`. */
static bool
branch(struct record_table *table, const struct way *way, const struct choice *choice,
       struct record_row row)
{
	uint64_t *values = s2s_realloc(NULL, VALUES_MAX, sizeof *values);
	size_t was = table->n, n = values_of(way, choice, values);
	__u32 step = ++table->last;
	bool differs = false;

	for (size_t i = 0; i < n; i++) {
		struct way further = *way;
		struct record_row next;

		further.known[choice->arg] = true;
		further.value[choice->arg] = values[i];
		further.chosen_by[choice->arg] = choice->mask;
		next = grow(table, further);
		next.mask[choice->arg] |= choice->mask;
		differs = differs || memcmp(&next, &row, sizeof row) != 0;
		append(table, (struct record_step){step, 0, values[i]}, next);
	}
	if (!differs)
		table->n = was;
	free(values);
	return differs;
}

static struct record_row
grow(struct record_table *table, struct way way)
{
	struct record_row row = leaf_row(&way);
	struct choice choice = {0};

	while (next_choice(&way, &choice)) {
		struct record_row with = row;
		__u32 step = table->last + 1;

		with.mask[choice.arg] |= choice.mask;
		if (branch(table, &way, &choice, with)) {
			with.step = step;
			with.step_arg = (__u8)choice.arg;
			with.step_mask = choice.mask;
			return with;
		}
		way.passed[choice.arg] = true;
	}
	return row;
}

static struct record_row
row_of(struct record_table *table, const struct s2s_syscall *sc)
{
	struct s2s_condition *condition = NULL, one;
	size_t n = 0, cap = 0;
	struct record_row row;

	while (s2s_syscall_condition(sc, n, &one)) {
		s2s_grow(condition, n, cap);
		condition[n++] = one;
	}
	row = grow(table, (struct way){.sc = sc, .condition = condition, .n = n});
	free(condition);
	return row;
}

static const uint32_t arches[RECORD_ARCHES] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386};

uint32_t
record_audit_arch(unsigned arch)
{
	return arches[arch % RECORD_ARCHES];
}

void
record_table_fill(struct record_table *table)
{
	for (int a = 0; a < RECORD_ARCHES; a++) {
		const struct s2s_syscall *const *calls;
		enum s2s_arch arch;
		size_t n;

		if (!s2s_arch_from_audit(arches[a], &arch))
			continue;
		calls = s2s_syscalls(arch, &n);
		for (size_t i = 0; i < n; i++)
			if (calls[i]->nr < RECORD_NUMBERS)
				table->rows[a][calls[i]->nr] = row_of(table, calls[i]);
	}
}

void
record_table_done(struct record_table *table)
{
	free(table->steps);
	*table = (struct record_table){0};
}
