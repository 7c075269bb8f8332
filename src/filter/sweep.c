/* SPDX-License-Identifier: MIT */
#include "filter/sweep.h"

#include <stdlib.h>

static int
by_start(const void *a, const void *b)
{
	const struct s2s_demanded *x = a, *y = b;

	if (x->lo != y->lo)
		return x->lo < y->lo ? -1 : 1;
	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

bool
s2s_terms_look(const struct s2s_term_table *table, const struct s2s_terms *terms,
	       struct s2s_look look)
{
	uint32_t demand = terms->slot[look.slot];

	return demand && table->demand[demand].mask == look.mask;
}

void
s2s_sweep_init(struct s2s_sweep *sweep, const struct s2s_term_table *table,
	       const struct s2s_rules *rules, struct s2s_look look)
{
	const struct s2s_range *range = table->range;
	struct s2s_sweep s = {.mask = look.mask};
	size_t cap = 0;

	for (size_t i = 0; i < rules->n; i++) {
		uint32_t r;

		if (!s2s_terms_look(table, &rules->terms[i], look))
			continue;
		r = table->demand[rules->terms[i].slot[look.slot]].first;
		for (; r; r = range[r].next) {
			s2s_grow(s.all, s.n, cap);
			s.all[s.n++] = (struct s2s_demanded){
			    range[r].lo, range[r].hi, range[r].then, (uint32_t)i};
		}
	}
	if (s.n)
		qsort(s.all, s.n, sizeof *s.all, by_start);
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
	s.active = s2s_realloc(NULL, s.n, sizeof *s.active);
	*sweep = s;
}

void
s2s_sweep_done(struct s2s_sweep *sweep)
{
	free(sweep->all);
	free(sweep->active);
}

static void
update_active(struct s2s_sweep *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n_active; i++)
		if (s->active[i]->hi >= s->lo)
			s->active[kept++] = s->active[i];
	s->n_active = kept;
	while (s->next < s->n && s->all[s->next].lo == s->lo)
		s->active[s->n_active++] = &s->all[s->next++];
}

bool
s2s_sweep_next(struct s2s_sweep *s)
{
	if (s->done)
		return false;
	s->lo = s->begun ? s->hi + 1 : 0;
	s->begun = true;
	s->hi = s->mask;
	update_active(s);
	for (size_t i = 0; i < s->n_active; i++)
		if (s->active[i]->hi < s->hi)
			s->hi = s->active[i]->hi;
	if (s->next < s->n && s->all[s->next].lo - 1 < s->hi)
		s->hi = s->all[s->next].lo - 1;
	s->done = s->hi == s->mask;
	return true;
}
