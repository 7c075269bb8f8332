/* SPDX-License-Identifier: MIT */
/* Dynamic programming over the values that may still be met. A test divides them in
   two: by where they lie (JGE), one from the rest (JEQ) or, where they lie near each
   other, by a bit (JSET), which can put several stretches on one side at once. */
#include "filter/search.h"
#include "filter/values.h"

#include <stdlib.h>

enum {
	BIT_RUNS = 12,     /* more stretches are not divided by a bit */
	MANY = 96,         /* of more segments: */
	MANY_BIT_RUNS = 8, /* more stretches are not divided by a bit, */
	SIDE = 3,          /* nor so that a side has less than a third */
	ANY_RUNS = 3,      /* of more stretches only a heavy one is asked for alone: */
	HEAVY = 6,         /* a sixth of what is met */
	STATES_MAX = 40000 /* then the middle is good enough */
};

/* Neighbours that lead to the same node. */
struct run {
	uint32_t lo, hi, to;
	uint32_t place; /* of lo: its segment, or where it lies among near values */
	uint64_t weight;
};

enum { LEAF, PEEL = 1 }; /* and the opcodes; PEEL: one value after the other */
struct plan {
	uint64_t cost;
	uint32_t k; /* LEAF: the node */
	uint16_t op;
};

struct search {
	struct s2s_diagram *d;
	struct s2s_segments in;
	uint64_t price;
	struct s2s_map index; /* values to plan */
	struct plan *plan;
	size_t n_plans, cap_plans;
	struct run *run; /* a stack: those of a state, then those of what it leads to */
	size_t n_runs, cap_runs;
};

static void
add_run(struct search *s, size_t base, struct run run)
{
	if (s->n_runs > base && s->run[s->n_runs - 1].to == run.to) {
		s->run[s->n_runs - 1].hi = run.hi;
		s->run[s->n_runs - 1].weight += run.weight;
		return;
	}
	s2s_grow(s->run, s->n_runs, s->cap_runs);
	s->run[s->n_runs++] = run;
}

static void
list_near(struct search *s, const struct s2s_values *v, size_t base)
{
	for (size_t i = s2s_segment_at(&s->in, v->lo);
	     i < s->in.n && s->in.segment[i].lo < (uint64_t)v->lo + S2S_NEAR; i++) {
		const struct s2s_segment *seg = &s->in.segment[i];
		uint64_t among = s2s_values_near(seg, v->lo) & v->set[0];
		uint64_t count = (uint64_t)__builtin_popcountll(among);

		if (!among)
			continue;
		add_run(s, base,
			(struct run){v->lo + (uint32_t)__builtin_ctzll(among),
				     v->lo + 63 - (uint32_t)__builtin_clzll(among),
				     seg->to, (uint32_t)__builtin_ctzll(among),
				     seg->weight / ((uint64_t)seg->hi - seg->lo + 1) *
					 count});
	}
}

/* The runs of a state, on top of the stack. */
static size_t
list_runs(struct search *s, const struct s2s_values *v)
{
	size_t base = s->n_runs;

	if (v->near) {
		list_near(s, v, base);
		return s->n_runs - base;
	}
	for (struct s2s_values rest = *v; !s2s_values_is_empty(&rest);) {
		size_t i = s2s_values_lowest(&rest);

		rest.set[i / 64] &= rest.set[i / 64] - 1;
		add_run(s, base,
			(struct run){s->in.segment[i].lo, s->in.segment[i].hi,
				     s->in.segment[i].to, (uint32_t)i,
				     s->in.segment[i].weight});
	}
	return s->n_runs - base;
}

static uint64_t solve(struct search *s, const struct s2s_values *v);

static void
try_test(struct search *s, const struct s2s_values *v, uint64_t weight, uint16_t op,
	 uint32_t k, uint32_t place, struct plan *best)
{
	uint64_t cost = weight + s->price;
	struct s2s_values yes, no;

	if (cost >= best->cost || !s2s_values_divide(v, op, place, &yes, &no))
		return;
	s2s_values_settle(&s->in, &yes);
	cost += solve(s, &yes);
	if (cost >= best->cost)
		return;
	s2s_values_settle(&s->in, &no);
	cost += solve(s, &no);
	if (cost < best->cost)
		*best = (struct plan){cost, k, op};
}

/* Heaviest first, of equal ones the lowest. */
static int
by_weight(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

/* The single values among n runs that lead elsewhere than the others, put on the
   stack; false where the others do not lead to one node. */
static bool
list_singles(struct search *s, size_t base, size_t n, uint32_t *ret_rest)
{
	bool found = false;

	*ret_rest = s->run[base + n - 1].to;
	for (size_t i = base; i < base + n; i++) {
		if (s->run[i].lo == s->run[i].hi)
			continue;
		if (found && s->run[i].to != *ret_rest)
			return false;
		found = true;
		*ret_rest = s->run[i].to;
	}
	for (size_t i = base; i < base + n; i++) {
		struct run run = s->run[i];

		if (run.to == *ret_rest)
			continue;
		s2s_grow(s->run, s->n_runs, s->cap_runs);
		s->run[s->n_runs++] = run;
	}
	qsort(s->run + base + n, s->n_runs - base - n, sizeof *s->run, by_weight);
	return true;
}

static void
try_peeling(struct search *s, size_t base, size_t n, uint64_t weight, struct plan *best)
{
	uint64_t cost = 0;
	uint32_t rest;

	if (list_singles(s, base, n, &rest)) {
		for (size_t i = base + n; i < s->n_runs; i++) {
			cost += weight + s->price;
			weight -= s->run[i].weight;
		}
		if (cost < best->cost)
			*best = (struct plan){cost, 0, PEEL};
	}
	s->n_runs = base + n;
}

/* One after the middle of the weight. */
static size_t
middle(const struct search *s, size_t base, size_t n, uint64_t weight)
{
	uint64_t left = s->run[base].weight;
	size_t i = 1;

	while (i < n - 1 && left + s->run[base + i].weight / 2 < weight / 2)
		left += s->run[base + i++].weight;
	return i;
}

static void
try_at(struct search *s, const struct s2s_values *v, uint64_t weight, uint16_t op,
       size_t i, struct plan *best)
{
	struct run run = s->run[i];

	try_test(s, v, weight, op, run.lo, run.place, best);
}

/* Between two stretches, the middle first. */
static void
try_cuts(struct search *s, const struct s2s_values *v, size_t base, size_t n,
	 uint64_t weight, struct plan *best)
{
	size_t half = middle(s, base, n, weight);
	uint64_t all = weight + n * s->price, left = 0;
	bool enough = s->n_plans > STATES_MAX;
	uint64_t least = s->in.n > MANY && n > MANY_BIT_RUNS ? all / SIDE : 0;

	try_at(s, v, weight, BPF_JGE, base + half, best);
	for (size_t i = 1; i < n && !enough; i++) {
		left += s->run[base + i - 1].weight + s->price;
		if (i != half && left >= least && all - left >= least)
			try_at(s, v, weight, BPF_JGE, base + i, best);
	}
}

static void
try_all(struct search *s, const struct s2s_values *v, size_t base, size_t n,
	uint64_t weight, struct plan *best)
{
	bool enough = s->n_plans > STATES_MAX;
	size_t bit_runs = s->in.n > MANY ? MANY_BIT_RUNS : BIT_RUNS;

	try_peeling(s, base, n, weight, best);
	try_cuts(s, v, base, n, weight, best);
	for (size_t i = base; i < base + n && !enough; i++)
		if (s->run[i].lo == s->run[i].hi &&
		    (n <= ANY_RUNS || s->run[i].weight >= weight / HEAVY))
			try_at(s, v, weight, BPF_JEQ, i, best);
	for (uint32_t bit = 1; bit < S2S_NEAR && !enough; bit *= 2)
		if (v->near && n <= bit_runs)
			try_test(s, v, weight, BPF_JSET, bit, bit, best);
}

static uint32_t
plan_number(struct search *s, const struct s2s_values *v, bool *ret_new)
{
	uint64_t key[3] = {v->set[0], v->set[1],
			   v->near ? (uint64_t)v->lo << 1 | 1 : 0};
	uint32_t *number = s2s_map_put(&s->index, key, ret_new);

	if (*ret_new) {
		*number = (uint32_t)s->n_plans;
		s2s_grow(s->plan, s->n_plans, s->cap_plans);
		s->plan[s->n_plans++] = (struct plan){0};
	}
	return *number;
}

/* What the best tests cost: each test what comes by, and its price. */
static uint64_t
solve(struct search *s, const struct s2s_values *v)
{
	bool is_new;
	uint32_t number = plan_number(s, v, &is_new);
	struct plan best = {.cost = UINT64_MAX};
	size_t base = s->n_runs, n;
	uint64_t weight = 0;

	if (!is_new)
		return s->plan[number].cost;
	n = list_runs(s, v);
	for (size_t i = base; i < base + n; i++)
		weight += s->run[i].weight;
	if (n == 1)
		best = (struct plan){0, s->run[base].to, LEAF};
	else
		try_all(s, v, base, n, weight, &best);
	s->n_runs = base;
	s->plan[number] = best;
	return best.cost;
}

static uint32_t
build_peeling(struct search *s, const struct s2s_values *v)
{
	size_t base = s->n_runs, n = list_runs(s, v);
	uint32_t node;

	list_singles(s, base, n, &node);
	for (size_t i = s->n_runs; i-- > base + n;)
		node = s2s_diagram_test(s->d, s->in.field, BPF_JEQ, s->run[i].lo,
					s->run[i].to, node);
	s->n_runs = base;
	return node;
}

static uint32_t
build(struct search *s, const struct s2s_values *v)
{
	bool is_new;
	struct plan plan = s->plan[plan_number(s, v, &is_new)];
	struct s2s_values yes, no;
	uint32_t place, taken, other;

	if (plan.op == LEAF)
		return plan.k;
	if (plan.op == PEEL)
		return build_peeling(s, v);
	place = plan.op == BPF_JSET ? plan.k
		: v->near           ? plan.k - v->lo
				    : (uint32_t)s2s_segment_at(&s->in, plan.k);
	s2s_values_divide(v, plan.op, place, &yes, &no);
	s2s_values_settle(&s->in, &yes);
	s2s_values_settle(&s->in, &no);
	other = build(s, &no);
	taken = build(s, &yes);
	return s2s_diagram_test(s->d, s->in.field, plan.op, plan.k, taken, other);
}

uint32_t
s2s_diagram_search(struct s2s_diagram *d, struct s2s_field field,
		   const struct s2s_segment *segment, size_t n)
{
	struct search s = {.d = d, .in = {field, segment, n}};
	struct s2s_values all = {0};
	uint64_t total = 0;
	uint32_t node;

	for (size_t i = 0; i < n; i++) {
		total += segment[i].weight;
		all.set[i / 64] |= UINT64_C(1) << i % 64;
	}
	s.price = total * d->price / 100;
	s2s_values_settle(&s.in, &all);
	solve(&s, &all);
	node = build(&s, &all);
	s2s_map_done(&s.index);
	free(s.plan);
	free(s.run);
	return node;
}
