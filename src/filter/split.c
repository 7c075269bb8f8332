/* SPDX-License-Identifier: MIT */
/* Tests that tell stretches of a field's values apart: the search where they are few or
   of numbers. Else dynamic programming over where to split, with single values peeled
   off near the leaves, or early where they lead to more tests. */
#include "filter/search.h"

#include <stdlib.h>

/* BLOCK: the programming takes cubic time, more segments are halved first. PEEL: the
   longest list of single values. SEARCHED: segments of an argument's word; a system
   call has many words, and each may be looked at in many places. */
enum { BLOCK = 120, PEEL = 12, SEARCHED = 12 };

/* A plan with and one without the segments that were peeled off before. */
enum { WHOLE, REST, PLANS };

/* For segments i to j. */
struct step {
	uint64_t cost;
	int16_t choice; /* last segment of the left part, or: */
};
enum { LEAF = -1, PEELED = -2, PEELED_EARLY = -3 };

struct split {
	struct s2s_diagram *d;
	struct s2s_field field;
	const struct s2s_segment *segment;
	uint64_t price;
	size_t n;
	struct step *step[PLANS]; /* n times n */
};

/* Some segments peeled off one by one, the rest all leads to `rest`. */
struct peeling {
	size_t n;
	uint8_t index[PEEL]; /* heaviest first */
	uint32_t rest;
};

static bool
is_single(const struct s2s_segment *s)
{
	return s->lo == s->hi;
}

/* What leads to more tests is worth to be found early. */
static bool
is_early(const struct split *s, size_t i)
{
	return is_single(&s->segment[i]) && s->d->node[s->segment[i].to].op;
}

static bool
is_gone(const struct split *s, int plan, size_t i)
{
	return plan == REST && is_early(s, i);
}

static bool
peel(struct peeling *p, const struct s2s_segment *segment, size_t i)
{
	size_t at = p->n;

	if (p->n == PEEL)
		return false;
	for (p->n++; at > 0 && segment[p->index[at - 1]].weight < segment[i].weight;
	     at--)
		p->index[at] = p->index[at - 1];
	p->index[at] = (uint8_t)i;
	return true;
}

/* Where the segments that are not single values lead; false: to several nodes. Where
   all are single the last one is the rest. */
static bool
find_rest(const struct split *s, int plan, size_t i, size_t j, uint32_t *ret)
{
	const struct s2s_segment *segment = s->segment;
	bool found = false;

	while (j > i && is_gone(s, plan, j))
		j--;
	*ret = segment[j].to;
	for (; i <= j; i++) {
		if (is_single(&segment[i]))
			continue;
		if (found && *ret != segment[i].to)
			return false;
		found = true;
		*ret = segment[i].to;
	}
	return true;
}

static bool
peelable(const struct split *s, int plan, size_t i, size_t j, struct peeling *ret)
{
	const struct s2s_segment *segment = s->segment;

	ret->n = 0;
	if (!find_rest(s, plan, i, j, &ret->rest))
		return false;
	for (; i <= j; i++)
		if (segment[i].to != ret->rest && !is_gone(s, plan, i) &&
		    !peel(ret, segment, i))
			return false;
	return true;
}

static bool
peelable_early(const struct split *s, size_t i, size_t j, struct peeling *ret)
{
	ret->n = 0;
	for (; i <= j; i++)
		if (is_early(s, i) && !peel(ret, s->segment, i))
			return false;
	return ret->n > 0;
}

static uint64_t
peel_cost(const struct split *s, const struct peeling *p, uint64_t weight)
{
	uint64_t cost = p->n * s->price;

	for (size_t i = 0; i < p->n; i++) {
		cost += weight;
		weight -= s->segment[p->index[i]].weight;
	}
	return cost;
}

static struct step *
step(const struct split *s, int plan, size_t i, size_t j)
{
	return &s->step[plan][i * s->n + j];
}

static void
propose(struct step *step, int choice, uint64_t cost)
{
	if (cost <= step->cost)
		*step = (struct step){cost, (int16_t)choice};
}

static void
choose(struct split *s, int plan, size_t i, size_t j, uint64_t weight)
{
	struct step *at = step(s, plan, i, j);
	struct peeling p;

	at->cost = UINT64_MAX;
	for (size_t k = i; k < j; k++)
		propose(at, (int)k,
			weight + s->price + step(s, plan, i, k)->cost +
			    step(s, plan, k + 1, j)->cost);
	if (peelable(s, plan, i, j, &p))
		propose(at, PEELED, peel_cost(s, &p, weight));
	if (plan == WHOLE && peelable_early(s, i, j, &p))
		propose(at, PEELED_EARLY,
			peel_cost(s, &p, weight) + step(s, REST, i, j)->cost);
}

static uint32_t
put_peeled(struct split *s, const struct peeling *p, uint32_t node)
{
	for (size_t i = p->n; i-- > 0;) {
		const struct s2s_segment *single = &s->segment[p->index[i]];

		node = s2s_diagram_test(s->d, s->field, BPF_JEQ, single->lo, single->to,
					node);
	}
	return node;
}

static uint32_t
build(struct split *s, int plan, size_t i, size_t j)
{
	int k = step(s, plan, i, j)->choice;
	struct peeling p;
	uint32_t low, high;

	switch (k) {
	case LEAF:
		return s->segment[i].to;
	case PEELED:
		peelable(s, plan, i, j, &p);
		return put_peeled(s, &p, p.rest);
	case PEELED_EARLY:
		peelable_early(s, i, j, &p);
		return put_peeled(s, &p, build(s, REST, i, j));
	default:
		low = build(s, plan, i, (size_t)k);
		high = build(s, plan, (size_t)k + 1, j);
		return s2s_diagram_test(s->d, s->field, BPF_JGE, s->segment[k + 1].lo,
					high, low);
	}
}

static void
make_plan(struct split *s, int plan)
{
	s->step[plan] = s2s_realloc(NULL, s->n * s->n, sizeof *s->step[plan]);
	for (size_t i = s->n; i-- > 0;) {
		uint64_t weight = is_gone(s, plan, i) ? 0 : s->segment[i].weight;

		*step(s, plan, i, i) = (struct step){0, LEAF};
		for (size_t j = i + 1; j < s->n; j++) {
			weight += is_gone(s, plan, j) ? 0 : s->segment[j].weight;
			choose(s, plan, i, j, weight);
		}
	}
}

static uint32_t
split_block(struct s2s_diagram *d, struct s2s_field field,
	    const struct s2s_segment *segment, size_t n)
{
	struct split s = {.d = d, .field = field, .segment = segment, .n = n};
	uint64_t total = 0;
	uint32_t node;

	for (size_t i = 0; i < n; i++)
		total += segment[i].weight;
	s.price = total * d->price / 100;
	make_plan(&s, REST);
	make_plan(&s, WHOLE);
	node = build(&s, WHOLE, 0, n - 1);
	free(s.step[REST]);
	free(s.step[WHOLE]);
	return node;
}

static uint32_t
split_any(struct s2s_diagram *d, struct s2s_field field,
	  const struct s2s_segment *segment, size_t n)
{
	uint64_t total = 0, left = 0;
	size_t k = 1;
	uint32_t low, high;

	if (n <= (field.word == S2S_WORD_NR ? S2S_SEARCH_MAX : SEARCHED))
		return s2s_diagram_search(d, field, segment, n);
	if (n <= BLOCK)
		return split_block(d, field, segment, n);
	for (size_t i = 0; i < n; i++)
		total += segment[i].weight;
	for (left = segment[0].weight;
	     k < n - 1 && left + segment[k].weight / 2 < total / 2; k++)
		left += segment[k].weight;
	/* Keep off the ends, or a heavy one would make this a recursion of n levels. */
	if (k < n / 8)
		k = n / 8;
	if (k > n - n / 8)
		k = n - n / 8;
	low = split_any(d, field, segment, k);
	high = split_any(d, field, segment + k, n - k);
	return s2s_diagram_test(d, field, BPF_JGE, segment[k].lo, high, low);
}

/* Whether the field can have a value in the segment at all: its mask may have holes. */
static bool
is_possible(uint32_t mask, const struct s2s_segment *s)
{
	uint32_t next = (((s->lo - 1) | ~mask) + 1) & mask;

	return s->lo == 0 || (next >= s->lo && next <= s->hi);
}

static size_t
merge(uint32_t mask, struct s2s_segment *segment, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct s2s_segment *last = kept ? &segment[kept - 1] : NULL;

		if (last &&
		    (last->to == segment[i].to || !is_possible(mask, &segment[i]))) {
			last->hi = segment[i].hi;
			last->weight += segment[i].weight;
		} else {
			segment[kept++] = segment[i];
		}
	}
	return kept;
}

/* What is never met should not lie deep either. */
static void
add_least_weight(struct s2s_segment *segment, size_t n)
{
	uint64_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += segment[i].weight;
	for (size_t i = 0; i < n; i++)
		segment[i].weight += total / n / 100 + 1;
}

uint32_t
s2s_diagram_split(struct s2s_diagram *d, struct s2s_field field,
		  struct s2s_segment *segment, size_t n)
{
	struct s2s_field whole = {field.word, UINT32_MAX};
	uint32_t lowest_bit = field.mask & -field.mask, *node;
	bool is_new;

	n = merge(field.mask, segment, n);
	add_least_weight(segment, n);
	/* Zero or not: no need to mask first. */
	if (n == 2 && segment[0].hi < lowest_bit && field.mask != UINT32_MAX)
		return s2s_diagram_test(d, whole, BPF_JSET, field.mask, segment[1].to,
					segment[0].to);
	node = s2s_known_split(&d->known, field, segment, n, &is_new);
	if (is_new)
		*node = split_any(d, field, segment, n);
	return *node;
}
