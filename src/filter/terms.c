/* SPDX-License-Identifier: MIT */
/* Sets of 64-bit values to demands on the two words of a register. */
#include "filter/terms.h"

#include "filter/diagram.h"

#include <assert.h>
#include <stdlib.h>

enum kind_of_key { KEY_RANGE = 1, KEY_DEMAND, KEY_TERMS };

void
s2s_term_table_init(struct s2s_term_table *table)
{
	*table = (struct s2s_term_table){0};
	s2s_grow(table->range, table->n_ranges, table->cap_ranges);
	table->range[table->n_ranges++] = (struct s2s_range){0};
	s2s_grow(table->demand, table->n_demands, table->cap_demands);
	table->demand[table->n_demands++] = (struct s2s_demand){0};
}

void
s2s_term_table_done(struct s2s_term_table *table)
{
	s2s_map_done(&table->map);
	free(table->range);
	free(table->demand);
}

uint32_t
s2s_term_number(struct s2s_term_table *table, const uint64_t key[3], bool *ret_new)
{
	uint32_t *number = s2s_map_put(&table->map, key, ret_new);

	if (*ret_new)
		*number = ++table->numbers;
	return *number;
}

static uint32_t
range_number(struct s2s_term_table *table, struct s2s_range range)
{
	uint64_t key[3] = {(uint64_t)range.lo << 32 | range.hi,
			   (uint64_t)range.then << 32 | range.next, KEY_RANGE};
	bool is_new;
	uint32_t *number = s2s_map_put(&table->map, key, &is_new);

	if (is_new) {
		s2s_grow(table->range, table->n_ranges, table->cap_ranges);
		*number = (uint32_t)table->n_ranges;
		table->range[table->n_ranges++] = range;
	}
	return *number;
}

static uint32_t
demand_number(struct s2s_term_table *table, struct s2s_demand demand)
{
	const struct s2s_range *r = &table->range[demand.first];
	uint64_t key[3] = {demand.mask, demand.first, KEY_DEMAND};
	uint32_t *number;
	bool is_new;

	if (demand.first && r->lo == 0 && r->hi == demand.mask && !r->then)
		return 0;
	number = s2s_map_put(&table->map, key, &is_new);
	if (is_new) {
		s2s_grow(table->demand, table->n_demands, table->cap_demands);
		*number = (uint32_t)table->n_demands;
		table->demand[table->n_demands++] = demand;
	}
	return *number;
}

/* One demand from pieces in ascending order; those that touch and lead to the same
   become one. */
static uint32_t
demand_from(struct s2s_term_table *table, uint32_t mask, const struct s2s_range *piece,
	    size_t n)
{
	uint32_t next = 0;

	while (n > 0) {
		struct s2s_range range = piece[--n];

		while (n > 0 && piece[n - 1].then == range.then &&
		       piece[n - 1].hi + 1 == range.lo)
			range.lo = piece[--n].lo;
		range.next = next;
		next = range_number(table, range);
	}
	return demand_number(table, (struct s2s_demand){mask, next});
}

/* The intervals' halves in one word, where the other word is not looked at. */
static uint32_t
demand_half(struct s2s_term_table *table, const struct s2s_set *set, int shift)
{
	struct s2s_range *piece = s2s_realloc(NULL, set->n, sizeof *piece);
	uint32_t demand;

	for (size_t i = 0; i < set->n; i++)
		piece[i] = (struct s2s_range){.lo = (uint32_t)(set->iv[i].lo >> shift),
					      .hi = (uint32_t)(set->iv[i].hi >> shift)};
	demand = demand_from(table, (uint32_t)(set->mask >> shift), piece, set->n);
	free(piece);
	return demand;
}

/* Low words of one value of the high word, collected until the next comes. */
struct halves {
	struct s2s_term_table *table;
	uint32_t low_mask;
	struct s2s_range *high, *low;
	size_t n_high, cap_high, n_low, cap_low;
	uint32_t at; /* the high word's value that the low ones belong to */
};

static void
add_high(struct halves *h, uint32_t lo, uint32_t hi, uint32_t then)
{
	s2s_grow(h->high, h->n_high, h->cap_high);
	h->high[h->n_high++] = (struct s2s_range){.lo = lo, .hi = hi, .then = then};
}

static void
end_low(struct halves *h)
{
	if (h->n_low)
		add_high(h, h->at, h->at,
			 demand_from(h->table, h->low_mask, h->low, h->n_low));
	h->n_low = 0;
}

static void
add_low(struct halves *h, uint32_t high, uint32_t lo, uint32_t hi)
{
	if (high != h->at)
		end_low(h);
	h->at = high;
	s2s_grow(h->low, h->n_low, h->cap_low);
	h->low[h->n_low++] = (struct s2s_range){.lo = lo, .hi = hi};
}

static void
add_interval(struct halves *h, struct s2s_interval iv)
{
	uint32_t first = (uint32_t)(iv.lo >> 32), last = (uint32_t)(iv.hi >> 32);

	if (first == last) {
		add_low(h, first, (uint32_t)iv.lo, (uint32_t)iv.hi);
		return;
	}
	add_low(h, first, (uint32_t)iv.lo, h->low_mask);
	if (last - first > 1) {
		end_low(h);
		add_high(h, first + 1, last - 1, 0);
	}
	add_low(h, last, 0, (uint32_t)iv.hi);
}

/* Where all high words demand the same of the low one, the two are independent. */
static void
split_demand(struct halves *h, uint32_t high_mask, uint32_t slot[2])
{
	uint32_t then;
	bool same = true;

	assert(h->n_high > 0);
	then = h->high[0].then;
	for (size_t i = 1; i < h->n_high; i++)
		same &= h->high[i].then == then;
	slot[0] = same ? then : 0;
	for (size_t i = 0; same && i < h->n_high; i++)
		h->high[i].then = 0;
	slot[1] = demand_from(h->table, high_mask, h->high, h->n_high);
}

static void
demand_both(struct s2s_term_table *table, const struct s2s_set *set, uint32_t slot[2])
{
	struct halves h = {.table = table, .low_mask = (uint32_t)set->mask};

	for (size_t i = 0; i < set->n; i++)
		add_interval(&h, set->iv[i]);
	end_low(&h);
	split_demand(&h, (uint32_t)(set->mask >> 32), slot);
	free(h.high);
	free(h.low);
}

bool
s2s_terms_of_rule(struct s2s_term_table *table, const struct s2s_rule *rule,
		  struct s2s_terms *ret)
{
	struct s2s_terms terms = {0};

	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		const struct s2s_set *set = &rule->arg[i];
		uint32_t *slot = &terms.slot[2 * i];

		if (set->n == 0 && !s2s_set_is_any(set))
			return false;
		if (s2s_set_is_any(set))
			continue;
		if (set->mask <= UINT32_MAX)
			slot[0] = demand_half(table, set, 0);
		else if ((uint32_t)set->mask == 0)
			slot[1] = demand_half(table, set, 32);
		else
			demand_both(table, set, slot);
	}
	s2s_terms_number(table, &terms);
	*ret = terms;
	return true;
}

void
s2s_terms_number(struct s2s_term_table *table, struct s2s_terms *terms)
{
	const uint32_t *s = terms->slot;
	bool is_new;

	terms->id = 0;
	for (int i = 0; i < S2S_SLOTS; i += 4) {
		uint64_t key[3] = {(uint64_t)s[i] << 32 | s[i + 1],
				   (uint64_t)s[i + 2] << 32 | s[i + 3],
				   (uint64_t)terms->id << 8 | KEY_TERMS};

		terms->id = s2s_term_number(table, key, &is_new);
	}
}

/* Whether a range holds a value x with (x & mask) == value; looks at single values and
   at ranges that the mask covers, and else says that it may. */
static bool
range_may_hold(const struct s2s_range *r, uint32_t own_mask, uint32_t mask,
	       uint32_t value)
{
	uint32_t common = own_mask & mask;

	if (own_mask == common)
		return (value & own_mask) >= r->lo && (value & own_mask) <= r->hi;
	return r->lo != r->hi || (r->lo & common) == (value & common);
}

bool
s2s_demand_refine(struct s2s_term_table *table, uint32_t demand, uint32_t mask,
		  uint32_t value, uint32_t *ret)
{
	struct s2s_demand d = table->demand[demand];
	struct s2s_range *kept = NULL;
	size_t n = 0, cap = 0;

	for (uint32_t i = d.first; i; i = table->range[i].next)
		if (range_may_hold(&table->range[i], d.mask, mask, value)) {
			s2s_grow(kept, n, cap);
			kept[n++] = table->range[i];
		}
	*ret = n && (d.mask & mask) == d.mask && !kept[0].then
		   ? 0
		   : demand_from(table, d.mask, kept, n);
	free(kept);
	return n > 0;
}
