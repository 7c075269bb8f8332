/* SPDX-License-Identifier: MIT */
/* Dynamic programming over the values that may still be met. A test divides them in
   two: by where they lie (JGE), one from the rest (JEQ) or, where they lie near each
   other, by a bit (JSET), which can put several stretches on one side at once. */
#include "filter/search.h"

#include <stdlib.h>

enum {
	NEAR = 64,         /* values near each other are looked at one by one */
	BIT_RUNS = 12,     /* more stretches are not divided by a bit */
	MANY = 96,         /* of more segments: */
	MANY_BIT_RUNS = 8, /* more stretches are not divided by a bit, */
	SIDE = 3,          /* nor so that a side has less than a third */
	ANY_RUNS = 3,      /* of more stretches only a heavy one is asked for alone: */
	HEAVY = 6,         /* a sixth of what is met */
	STATES_MAX = 40000 /* then the middle is good enough */
};

/* Either segments, a bit for each; or values near each other, a bit for each from lo
   on, which is one of them. */
struct values {
	uint64_t set[2];
	uint32_t lo;
	bool near;
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
	struct s2s_field field;
	const struct s2s_segment *segment;
	size_t n;
	uint64_t price;
	struct s2s_map index; /* values to plan */
	struct plan *plan;
	size_t n_plans, cap_plans;
	struct run *run; /* a stack: those of a state, then those of what it leads to */
	size_t n_runs, cap_runs;
};

static bool
is_empty(const struct values *v)
{
	return !v->set[0] && !v->set[1];
}

/* Of segments that are not empty. */
static size_t
lowest(const struct values *v)
{
	return v->set[0] ? (size_t)__builtin_ctzll(v->set[0])
			 : 64 + (size_t)__builtin_ctzll(v->set[1]);
}

static size_t
highest(const struct values *v)
{
	return v->set[1] ? 127 - (size_t)__builtin_clzll(v->set[1])
			 : 63 - (size_t)__builtin_clzll(v->set[0]);
}

static void
shift(struct values *v)
{
	int by = __builtin_ctzll(v->set[0]);

	v->set[0] >>= by;
	v->lo += (uint32_t)by;
}

/* The values of a segment among the 64 from lo on. */
static uint64_t
near_values(const struct s2s_segment *s, uint32_t lo)
{
	uint64_t last = (uint64_t)lo + NEAR - 1, from, to;

	if (s->hi < lo || s->lo > last)
		return 0;
	from = s->lo > lo ? s->lo - lo : 0;
	to = s->hi < last ? s->hi - lo : NEAR - 1;
	return UINT64_MAX << from & UINT64_MAX >> (NEAR - 1 - to);
}

/* One form for what is the same: near where it can be. */
static void
settle(const struct search *s, struct values *v)
{
	struct values near = {.near = true};
	size_t first, last;

	if (v->near) {
		shift(v);
		return;
	}
	first = lowest(v);
	last = highest(v);
	if (s->segment[last].hi - s->segment[first].lo >= NEAR)
		return;
	near.lo = s->segment[first].lo;
	for (size_t i = first; i <= last; i++)
		if (v->set[i / 64] >> i % 64 & 1)
			near.set[0] |= near_values(&s->segment[i], near.lo);
	for (uint32_t i = 0; s->field.mask != UINT32_MAX && i < NEAR; i++)
		if ((near.lo + i) & ~s->field.mask)
			near.set[0] &= ~(UINT64_C(1) << i);
	if (!near.set[0])
		return;
	shift(&near);
	*v = near;
}

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

/* The segment that k lies in. */
static size_t
segment_at(const struct search *s, uint32_t k)
{
	size_t low = 0, high = s->n - 1;

	while (low < high) {
		size_t middle = (low + high + 1) / 2;

		if (s->segment[middle].lo <= k)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

static void
list_near(struct search *s, const struct values *v, size_t base)
{
	for (size_t i = segment_at(s, v->lo);
	     i < s->n && s->segment[i].lo < (uint64_t)v->lo + NEAR; i++) {
		const struct s2s_segment *seg = &s->segment[i];
		uint64_t among = near_values(seg, v->lo) & v->set[0];
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
list_runs(struct search *s, const struct values *v)
{
	size_t base = s->n_runs;

	if (v->near) {
		list_near(s, v, base);
		return s->n_runs - base;
	}
	for (struct values rest = *v; !is_empty(&rest);) {
		size_t i = lowest(&rest);

		rest.set[i / 64] &= rest.set[i / 64] - 1;
		add_run(s, base,
			(struct run){s->segment[i].lo, s->segment[i].hi,
				     s->segment[i].to, (uint32_t)i,
				     s->segment[i].weight});
	}
	return s->n_runs - base;
}

/* The bits from a place on, or at a place only, of the word-th 64. */
static uint64_t
bits_at(uint16_t op, size_t place, size_t word)
{
	if (place / 64 != word)
		return op == BPF_JGE && place / 64 < word ? UINT64_MAX : 0;
	return (op == BPF_JGE ? UINT64_MAX : 1) << place % 64;
}

/* The values that a test says yes to. Wide: it tells whole segments apart. `place` as
   in a run; of JSET the bit. */
static struct values
taken(const struct values *v, uint16_t op, uint32_t place)
{
	static const uint64_t bit[] = {
	    UINT64_C(0xaaaaaaaaaaaaaaaa), UINT64_C(0xcccccccccccccccc),
	    UINT64_C(0xf0f0f0f0f0f0f0f0), UINT64_C(0xff00ff00ff00ff00),
	    UINT64_C(0xffff0000ffff0000), UINT64_C(0xffffffff00000000),
	};
	struct values yes = *v;

	if (op == BPF_JSET) {
		uint64_t pattern = bit[__builtin_ctz(place)];
		uint32_t turn = v->lo % 64;

		yes.set[0] &= pattern >> turn | pattern << (64 - turn) % 64;
		return yes;
	}
	for (size_t i = 0; i < 2; i++)
		yes.set[i] &= bits_at(op, place, i);
	return yes;
}

/* False where the test tells nothing. */
static bool
divide(const struct values *v, uint16_t op, uint32_t place, struct values *ret_yes,
       struct values *ret_no)
{
	*ret_yes = taken(v, op, place);
	*ret_no = *v;
	ret_no->set[0] &= ~ret_yes->set[0];
	ret_no->set[1] &= ~ret_yes->set[1];
	return !is_empty(ret_yes) && !is_empty(ret_no);
}

static uint64_t solve(struct search *s, const struct values *v);

static void
try_test(struct search *s, const struct values *v, uint64_t weight, uint16_t op,
	 uint32_t k, uint32_t place, struct plan *best)
{
	uint64_t cost = weight + s->price;
	struct values yes, no;

	if (cost >= best->cost || !divide(v, op, place, &yes, &no))
		return;
	settle(s, &yes);
	cost += solve(s, &yes);
	if (cost >= best->cost)
		return;
	settle(s, &no);
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
try_at(struct search *s, const struct values *v, uint64_t weight, uint16_t op, size_t i,
       struct plan *best)
{
	struct run run = s->run[i];

	try_test(s, v, weight, op, run.lo, run.place, best);
}

/* Between two stretches, the middle first. */
static void
try_cuts(struct search *s, const struct values *v, size_t base, size_t n,
	 uint64_t weight, struct plan *best)
{
	size_t half = middle(s, base, n, weight);
	uint64_t all = weight + n * s->price, left = 0;
	bool enough = s->n_plans > STATES_MAX;
	uint64_t least = s->n > MANY && n > MANY_BIT_RUNS ? all / SIDE : 0;

	try_at(s, v, weight, BPF_JGE, base + half, best);
	for (size_t i = 1; i < n && !enough; i++) {
		left += s->run[base + i - 1].weight + s->price;
		if (i != half && left >= least && all - left >= least)
			try_at(s, v, weight, BPF_JGE, base + i, best);
	}
}

static void
try_all(struct search *s, const struct values *v, size_t base, size_t n,
	uint64_t weight, struct plan *best)
{
	bool enough = s->n_plans > STATES_MAX;
	size_t bit_runs = s->n > MANY ? MANY_BIT_RUNS : BIT_RUNS;

	try_peeling(s, base, n, weight, best);
	try_cuts(s, v, base, n, weight, best);
	for (size_t i = base; i < base + n && !enough; i++)
		if (s->run[i].lo == s->run[i].hi &&
		    (n <= ANY_RUNS || s->run[i].weight >= weight / HEAVY))
			try_at(s, v, weight, BPF_JEQ, i, best);
	for (uint32_t bit = 1; bit < NEAR && !enough; bit *= 2)
		if (v->near && n <= bit_runs)
			try_test(s, v, weight, BPF_JSET, bit, bit, best);
}

static uint32_t
plan_number(struct search *s, const struct values *v, bool *ret_new)
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
solve(struct search *s, const struct values *v)
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
build_peeling(struct search *s, const struct values *v)
{
	size_t base = s->n_runs, n = list_runs(s, v);
	uint32_t node;

	list_singles(s, base, n, &node);
	for (size_t i = s->n_runs; i-- > base + n;)
		node = s2s_diagram_test(s->d, s->field, BPF_JEQ, s->run[i].lo,
					s->run[i].to, node);
	s->n_runs = base;
	return node;
}

static uint32_t
build(struct search *s, const struct values *v)
{
	bool is_new;
	struct plan plan = s->plan[plan_number(s, v, &is_new)];
	struct values yes, no;
	uint32_t place, taken, other;

	if (plan.op == LEAF)
		return plan.k;
	if (plan.op == PEEL)
		return build_peeling(s, v);
	place = plan.op == BPF_JSET ? plan.k
		: v->near           ? plan.k - v->lo
				    : (uint32_t)segment_at(s, plan.k);
	divide(v, plan.op, place, &yes, &no);
	settle(s, &yes);
	settle(s, &no);
	other = build(s, &no);
	taken = build(s, &yes);
	return s2s_diagram_test(s->d, s->field, plan.op, plan.k, taken, other);
}

uint32_t
s2s_diagram_search(struct s2s_diagram *d, struct s2s_field field,
		   const struct s2s_segment *segment, size_t n)
{
	struct search s = {.d = d, .field = field, .segment = segment, .n = n};
	struct values all = {0};
	uint64_t total = 0;
	uint32_t node;

	for (size_t i = 0; i < n; i++) {
		total += segment[i].weight;
		all.set[i / 64] |= UINT64_C(1) << i % 64;
	}
	s.price = total * d->price / 100;
	settle(&s, &all);
	solve(&s, &all);
	node = build(&s, &all);
	s2s_map_done(&s.index);
	free(s.plan);
	free(s.run);
	return node;
}
