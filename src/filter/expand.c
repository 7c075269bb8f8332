/* SPDX-License-Identifier: MIT */
#include "filter/expand.h"

#include "filter/sweep.h"

#include <assert.h>
#include <stdlib.h>

enum { KEY_SET = 4, KEY_MEMO };

/* Words to choose from, rules compared with each other. */
enum { FIELDS_MAX = 24, IMPLIED_MAX = 32 };

/* Pairs of stretch and rule that may be looked at, for each that there is. */
enum { BUDGET = 8, BUDGET_FREE = 500, DUPLICATES_FREE = 4 };

struct builder {
	struct s2s_diagram *d;
	struct s2s_term_table table;
	struct s2s_arena arena;
	struct s2s_expansion how;
	size_t budget; /* of pairs of stretch and rule; more: give up */
	bool gave_up;
	uint32_t *memo; /* by number of set and otherwise; node + 1 */
	size_t memo_cap;
};

static uint32_t build(struct builder *b, struct s2s_rules rules, uint32_t otherwise);

static int
by_id(const void *a, const void *b)
{
	const struct s2s_terms *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static bool
demands_nothing(const struct s2s_terms *t)
{
	for (int i = 0; i < S2S_SLOTS; i++)
		if (t->slot[i])
			return false;
	return true;
}

/* Whether all that a allows is allowed by b, as far as equal demands show. */
static bool
implies(const struct s2s_terms *a, const struct s2s_terms *b)
{
	for (int i = 0; i < S2S_SLOTS; i++)
		if (b->slot[i] && b->slot[i] != a->slot[i])
			return false;
	return true;
}

static bool
is_implied(const struct s2s_rules *rules, size_t i)
{
	for (size_t j = 0; j < rules->n; j++)
		if (j != i && implies(&rules->terms[i], &rules->terms[j]))
			return true;
	return false;
}

/* Sorted, each once, none implied by another where there are few. */
static void
tidy(struct s2s_rules *rules)
{
	size_t kept = 0;

	qsort(rules->terms, rules->n, sizeof *rules->terms, by_id);
	for (size_t i = 0; i < rules->n; i++)
		if (kept && rules->terms[kept - 1].id == rules->terms[i].id)
			rules->terms[kept - 1].weight += rules->terms[i].weight;
		else
			rules->terms[kept++] = rules->terms[i];
	rules->n = kept;
	for (size_t i = 0; rules->n <= IMPLIED_MAX && i < rules->n;)
		if (is_implied(rules, i))
			rules->terms[i] = rules->terms[--rules->n];
		else
			i++;
	qsort(rules->terms, rules->n, sizeof *rules->terms, by_id);
}

static uint32_t
set_number(struct builder *b, const struct s2s_rules *rules, uint32_t otherwise)
{
	uint64_t key[3] = {otherwise, 0, KEY_MEMO};
	bool is_new;
	uint32_t number = s2s_term_number(&b->table, key, &is_new);

	for (size_t i = 0; i < rules->n; i++) {
		key[0] = rules->terms[i].id;
		key[1] = number;
		key[2] = KEY_SET;
		number = s2s_term_number(&b->table, key, &is_new);
	}
	return number;
}

static uint32_t *
memo(struct builder *b, uint32_t number)
{
	size_t cap = b->memo_cap ? b->memo_cap : 256;

	while (cap <= number)
		cap *= 2;
	if (cap > b->memo_cap) {
		b->memo = s2s_realloc(b->memo, cap, sizeof *b->memo);
		memset(b->memo + b->memo_cap, 0, (cap - b->memo_cap) * sizeof *b->memo);
		b->memo_cap = cap;
	}
	return &b->memo[number];
}

/* What looking at a word first would cost. */
struct price {
	size_t pairs, stretches, unasked;
};

static struct price
price_of(struct builder *b, const struct s2s_rules *rules, struct s2s_look look)
{
	struct price price = {0};
	struct s2s_sweep sweep;

	for (size_t i = 0; i < rules->n; i++)
		price.unasked += !s2s_terms_look(&b->table, &rules->terms[i], look);
	s2s_sweep_init(&sweep, &b->table, rules, look);
	while (s2s_sweep_next(&sweep)) {
		price.pairs += sweep.n_active + price.unasked;
		price.stretches++;
	}
	s2s_sweep_done(&sweep);
	return price;
}

static bool
is_better(const struct builder *b, struct price price, struct price best)
{
	if (price.pairs != best.pairs)
		return price.pairs < best.pairs;
	switch (b->how.order) {
	case S2S_FEWEST_STRETCHES:
		return price.stretches < best.stretches;
	case S2S_MOST_STRETCHES:
		return price.stretches > best.stretches;
	case S2S_LOW_WORDS:
	case S2S_LOWEST_WORD:
	case S2S_ORDERS:
		return false;
	case S2S_HIGHEST_WORD:
		return true;
	}
	return false;
}

/* Low words first, then high ones, or argument by argument. */
static int
slot_at(enum s2s_order order, int at)
{
	if (order != S2S_LOW_WORDS)
		return at;
	return at < S2S_ARGS_MAX ? 2 * at : 2 * (at - S2S_ARGS_MAX) + 1;
}

static size_t
candidates(const struct builder *b, const struct s2s_rules *rules,
	   struct s2s_look look[FIELDS_MAX])
{
	size_t n = 0;

	for (int at = 0; at < S2S_SLOTS; at++)
		for (size_t i = 0; i < rules->n && n < FIELDS_MAX; i++) {
			int slot = slot_at(b->how.order, at);
			uint32_t demand = rules->terms[i].slot[slot];
			struct s2s_look l = {slot, b->table.demand[demand].mask};
			bool known = !demand;

			for (size_t j = 0; j < n; j++)
				known |= look[j].slot == slot && look[j].mask == l.mask;
			if (!known)
				look[n++] = l;
		}
	return n;
}

/* Of a single rule: the low words, which differ most between rules and calls, then the
   high ones, which are mostly 0: what calls have in common comes last and is shared. A
   low word that is looked at only for some values of the high one is asked for behind
   it, before other high words. */
static struct s2s_look
next_word(const struct s2s_term_table *table, const struct s2s_terms *terms)
{
	int slot = 0;

	while (slot < S2S_SLOTS && !terms->slot[slot])
		slot += 2;
	if (slot == S2S_SLOTS)
		for (slot = 1; !terms->slot[slot];)
			slot += 2;
	return (struct s2s_look){slot, table->demand[terms->slot[slot]].mask};
}

static struct s2s_look
choose(struct builder *b, const struct s2s_rules *rules, struct price *ret)
{
	struct s2s_look look[FIELDS_MAX];
	size_t n = candidates(b, rules, look), best = 0;

	*ret = (struct price){0};
	if (rules->n == 1)
		return next_word(&b->table, &rules->terms[0]);
	assert(n > 0); /* two rules differ in a word */
	for (size_t i = 0; i < n; i++) {
		struct price price = price_of(b, rules, look[i]);

		if (i == 0 || is_better(b, price, *ret)) {
			*ret = price;
			best = i;
		}
	}
	return look[best];
}

static void
add(struct builder *b, struct s2s_rules *rules, struct s2s_terms terms)
{
	s2s_terms_number(&b->table, &terms);
	rules->terms[rules->n++] = terms;
}

/* Rules that do not look at this field go on unless the same word under another mask
   contradicts the value. */
static void
add_unasked(struct builder *b, const struct s2s_sweep *sweep, struct s2s_look look,
	    struct s2s_terms terms, struct s2s_rules *rest)
{
	uint32_t *demand = &terms.slot[look.slot];

	if (*demand && sweep->lo == sweep->hi &&
	    !s2s_demand_refine(&b->table, *demand, look.mask, sweep->lo, demand))
		return;
	add(b, rest, terms);
}

/* The rules that look at the field, or those that do not. */
static struct s2s_rules
pick(struct builder *b, const struct s2s_rules *rules, struct s2s_look look,
     bool looking)
{
	struct s2s_rules rest = {
	    .terms = s2s_arena_alloc(&b->arena, rules->n * sizeof *rest.terms)};

	for (size_t i = 0; i < rules->n; i++)
		if (s2s_terms_look(&b->table, &rules->terms[i], look) == looking)
			rest.terms[rest.n++] = rules->terms[i];
	return rest;
}

/* The rules that are left where the sweep stands. */
static struct s2s_rules
remaining(struct builder *b, const struct s2s_rules *rules,
	  const struct s2s_rules *free, struct s2s_look look,
	  const struct s2s_sweep *sweep, uint64_t *ret_weight)
{
	size_t most = sweep->n_active + free->n;
	struct s2s_rules rest = {
	    .terms = s2s_arena_alloc(&b->arena, most * sizeof *rest.terms)};

	*ret_weight = 0;
	for (size_t i = 0; i < sweep->n_active; i++) {
		struct s2s_terms terms = rules->terms[sweep->active[i]->rule];

		terms.slot[look.slot] = 0;
		if (sweep->active[i]->then)
			terms.slot[look.slot - 1] = sweep->active[i]->then;
		*ret_weight += terms.weight;
		add(b, &rest, terms);
	}
	for (size_t i = 0; i < free->n; i++)
		add_unasked(b, sweep, look, free->terms[i], &rest);
	return rest;
}

static bool
spend(struct builder *b, size_t pairs)
{
	b->gave_up |= pairs > b->budget;
	if (!b->gave_up)
		b->budget -= pairs;
	return !b->gave_up;
}

static uint32_t
build_on(struct builder *b, const struct s2s_rules *rules, struct s2s_look look,
	 uint32_t otherwise)
{
	struct s2s_field field = {(uint8_t)(S2S_WORD_ARGS + look.slot), look.mask};
	struct s2s_rules unasked = pick(b, rules, look, false);
	struct s2s_segment *segment = NULL;
	size_t n = 0, cap = 0;
	struct s2s_sweep sweep;
	uint32_t node = 0;

	s2s_sweep_init(&sweep, &b->table, rules, look);
	while (s2s_sweep_next(&sweep) && spend(b, sweep.n_active + unasked.n)) {
		struct s2s_segment seg = {.lo = sweep.lo, .hi = sweep.hi};
		struct s2s_rules rest =
		    remaining(b, rules, &unasked, look, &sweep, &seg.weight);

		seg.to = build(b, rest, otherwise);
		s2s_grow(segment, n, cap);
		segment[n++] = seg;
	}
	if (!b->gave_up)
		node = s2s_diagram_split(b->d, field, segment, n);
	free(segment);
	s2s_sweep_done(&sweep);
	return node;
}

/* Rules that do not look at the field would have to be met again in each stretch;
   where that is too much they are asked behind the others. */
static uint32_t
build_behind(struct builder *b, const struct s2s_rules *rules, struct s2s_look look,
	     uint32_t otherwise)
{
	otherwise = build(b, pick(b, rules, look, false), otherwise);
	return build(b, pick(b, rules, look, true), otherwise);
}

static bool
any_demands_nothing(const struct s2s_rules *rules)
{
	for (size_t i = 0; i < rules->n; i++)
		if (demands_nothing(&rules->terms[i]))
			return true;
	return false;
}

static uint32_t
build(struct builder *b, struct s2s_rules rules, uint32_t otherwise)
{
	uint32_t number, node;
	struct price price;
	struct s2s_look look;

	if (rules.n == 0)
		return otherwise;
	tidy(&rules);
	if (any_demands_nothing(&rules))
		return b->how.allow;
	number = set_number(b, &rules, otherwise);
	if (*memo(b, number))
		return *memo(b, number) - 1;
	look = choose(b, &rules, &price);
	if (price.unasked &&
	    price.pairs > b->how.duplication * rules.n + DUPLICATES_FREE)
		node = build_behind(b, &rules, look, otherwise);
	else
		node = build_on(b, &rules, look, otherwise);
	*memo(b, number) = node + 1;
	return node;
}

/* Stretches that a demand asks for in all, those of low words included. */
static size_t
stretches_of(const struct s2s_term_table *table, uint32_t demand)
{
	size_t n = 0;

	for (uint32_t r = table->demand[demand].first; r; r = table->range[r].next)
		n += 1 + stretches_of(table, table->range[r].then);
	return n;
}

static struct s2s_rules
read_rules(struct builder *b, const struct s2s_rule *rule, size_t n)
{
	struct s2s_rules rules = {
	    .terms = s2s_arena_alloc(&b->arena, n * sizeof *rules.terms)};

	for (size_t i = 0; i < n; i++) {
		struct s2s_terms *terms = &rules.terms[rules.n];
		size_t most = 1;

		if (!s2s_terms_of_rule(&b->table, &rule[i], terms))
			continue;
		rules.n++;
		for (int slot = 0; slot < S2S_SLOTS; slot++) {
			size_t stretches = stretches_of(&b->table, terms->slot[slot]);

			b->budget += BUDGET * (1 + stretches);
			most = stretches > most ? stretches : most;
		}
		/* Each stretch is met with the weight of its rules. */
		terms->weight = s2s_rule_weight(b->d, &rule[i]) / most + 1;
	}
	return rules;
}

bool
s2s_diagram_expand(struct s2s_diagram *d, const struct s2s_rule *rule, size_t n,
		   const struct s2s_expansion *how, uint32_t *ret)
{
	struct builder b = {.d = d, .how = *how, .budget = BUDGET_FREE};
	struct s2s_rules rules;

	s2s_term_table_init(&b.table);
	rules = read_rules(&b, rule, n);
	*ret = build(&b, rules, how->otherwise);
	s2s_term_table_done(&b.table);
	s2s_arena_done(&b.arena);
	free(b.memo);
	return !b.gave_up;
}
