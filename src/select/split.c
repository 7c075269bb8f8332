/* SPDX-License-Identifier: MIT */
#include "select/split.h"

#include "base/out.h"
#include "select/fact.h"

#include <stdlib.h>

enum { NAME_MAX_BYTES = 32 };

uint32_t
split_part(struct split *split, s2s_atom what)
{
	uint64_t key[3] = {what};
	bool is_new;
	uint32_t *part = s2s_map_put(&split->by_what, key, &is_new);

	if (!is_new)
		return *part;
	if (split->n == PARTS_MAX) {
		split->too_many = true;
		return *part = NO_PART;
	}
	split->parts[split->n] =
	    (struct s2s_split_part){.what = what, .number = split->n};
	return *part = split->n++;
}

enum s2s_status
split_add(struct split *split, uint32_t part, const struct s2s_call *call,
	  struct s2s_atoms *atoms, const struct s2s_limits *limits)
{
	struct s2s_split_part *p;

	if (part == NO_PART) {
		split->left_out += call->count;
		return S2S_OK;
	}
	p = &split->parts[part];
	if (!p->calls)
		p->calls = s2s_tree_new(atoms, limits);
	p->made += call->count;
	return s2s_tree_add(p->calls, call);
}

void
split_count(struct split *split, uint32_t part, uint32_t process)
{
	uint64_t key[3] = {part, process};
	bool is_new;

	if (part == NO_PART)
		return;
	s2s_map_put(&split->members, key, &is_new);
	split->parts[part].processes += is_new;
}

void
split_end_run(struct split *split)
{
	s2s_map_done(&split->members);
	split->members = (struct s2s_map){0};
	for (uint32_t i = 0; i < split->n; i++)
		if (split->parts[i].calls)
			s2s_tree_end_run(split->parts[i].calls);
}

static bool
is_harmless(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* Whether two names are the same file or, where only letters, digits and _ are left,
   the same function. */
static bool
is_alike(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !(strchr("._-", *a) && strchr("._-", *b)))
			return false;
	return *a == *b;
}

static bool
is_taken(const struct split *split, size_t n, const char *name)
{
	bool taken = false;

	for (size_t i = 0; i < n; i++)
		taken = taken || is_alike(split->parts[split->order[i]].name, name);
	return taken;
}

/* The name of the n-th part: what is left of its own, and a number if that is taken. */
static const char *
name_of(struct split *split, size_t n, struct s2s_sv what)
{
	struct s2s_sv base = fact_basename(what);
	struct s2s_out out;
	const char *name;
	size_t stem;

	if (base.n == 0)
		base = SV("unknown");
	s2s_out_memory(&out);
	for (size_t i = 0; i < base.n && i < NAME_MAX_BYTES; i++)
		s2s_out_char(&out, is_harmless(base.p[i]) ? base.p[i] : '_');
	if (out.p[0] == '.' || out.p[0] == '-')
		out.p[0] = '_';
	stem = out.n;
	s2s_out_char(&out, '\0');
	for (int number = 2; is_taken(split, n, out.p); number++) {
		out.n = stem;
		s2s_out_printf(&out, "_%d", number);
		s2s_out_char(&out, '\0');
	}
	name = s2s_arena_strdup(&split->names, sv_from(out.p));
	s2s_out_done(&out);
	return name;
}

static int
compare(const void *a, const void *b, void *atoms)
{
	const struct s2s_split_part *const *x = a, *const *y = b;

	return sv_compare(s2s_atom_text(atoms, (*x)->what),
			  s2s_atom_text(atoms, (*y)->what));
}

void
split_end(struct split *split, const struct s2s_atoms *atoms)
{
	const struct s2s_split_part *sorted[PARTS_MAX];
	size_t n = 0;

	for (uint32_t i = 0; i < split->n; i++)
		if (split->parts[i].calls)
			sorted[n++] = &split->parts[i];
	qsort_r(sorted, n, sizeof sorted[0], compare, (void *)atoms);
	for (size_t i = 0; i < n; i++) {
		struct s2s_split_part *part = &split->parts[sorted[i]->number];

		part->name = name_of(split, i, s2s_atom_text(atoms, part->what));
		split->order[i] = part->number;
	}
	split->n_order = n;
}

void
split_done(struct split *split)
{
	for (uint32_t i = 0; i < split->n; i++)
		s2s_tree_free(split->parts[i].calls);
	s2s_map_done(&split->by_what);
	s2s_map_done(&split->members);
	s2s_arena_done(&split->names);
}
