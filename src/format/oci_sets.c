/* SPDX-License-Identifier: MIT */
/* Comparisons of a profile as sets of values, and what a call has left where some of
   its arguments are stopped. */
#include "format/oci_maker.h"

#include <stdlib.h>

struct s2s_set
s2s_oci_set(struct s2s_arena *arena, const struct scmp_arg_cmp *cmp, uint64_t word)
{
	uint64_t v = cmp->datum_a & word;
	struct s2s_interval iv[2] = {{0, word}, {0, 0}};
	size_t n = 1;

	switch (cmp->op) {
	case SCMP_CMP_NE:
		n = 0;
		if (v > 0)
			iv[n++] = (struct s2s_interval){0, v - 1};
		if (v < word)
			iv[n++] = (struct s2s_interval){v + 1, word};
		break;
	case SCMP_CMP_LT:
		iv[0].hi = v - 1;
		n = v > 0;
		break;
	case SCMP_CMP_LE:
		iv[0].hi = v;
		break;
	case SCMP_CMP_GE:
		iv[0].lo = v;
		break;
	case SCMP_CMP_GT:
		iv[0].lo = v + 1;
		n = v < word;
		break;
	case SCMP_CMP_MASKED_EQ:
		n = (cmp->datum_b & word & ~v) == 0;
		if (n && v == 0)
			return s2s_set_any();
		if (n)
			return s2s_set_value(arena, v, cmp->datum_b & word);
		break;
	default: /* SCMP_CMP_EQ */
		return s2s_set_value(arena, word, v);
	}
	return n ? s2s_set_make(arena, word, iv, n) : (struct s2s_set){.mask = word};
}

/* ---- what is left ---- */

enum { PARTS_MAX = 256 };

/* A conjunction of what is allowed still. */
struct part {
	struct s2s_set arg[S2S_ARGS_MAX];
};

struct leaver {
	struct s2s_arena *arena;
	uint64_t word;
	struct part *part;
	size_t n, cap;
	bool unsayable;
};

static bool
is_one(const struct s2s_set *set)
{
	return set->n == 1 && set->iv->lo == set->iv->hi;
}

static struct s2s_set
common_intervals(struct s2s_arena *arena, const struct s2s_set *a,
		 const struct s2s_set *b)
{
	struct s2s_interval *iv = s2s_realloc(NULL, a->n + b->n, sizeof *iv);
	struct s2s_set ret;
	size_t n = 0;

	for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
		uint64_t lo = a->iv[i].lo > b->iv[k].lo ? a->iv[i].lo : b->iv[k].lo;
		uint64_t hi = a->iv[i].hi < b->iv[k].hi ? a->iv[i].hi : b->iv[k].hi;

		if (lo <= hi)
			iv[n++] = (struct s2s_interval){lo, hi};
		if (a->iv[i].hi < b->iv[k].hi)
			i++;
		else
			k++;
	}
	ret = n ? s2s_set_make(arena, a->mask, iv, n)
		: (struct s2s_set){a->mask, NULL, 0};
	free(iv);
	return ret;
}

/* False where no set says it. */
static bool
both(struct s2s_arena *arena, const struct s2s_set *a, const struct s2s_set *b,
     struct s2s_set *ret)
{
	uint64_t mask = a->mask | b->mask;

	if (s2s_set_is_any(a) || s2s_set_is_any(b))
		*ret = s2s_set_is_any(a) ? *b : *a;
	else if (a->mask == b->mask)
		*ret = common_intervals(arena, a, b);
	else if (!is_one(a) || !is_one(b))
		return false;
	else if ((a->iv->lo ^ b->iv->lo) & a->mask & b->mask)
		*ret = (struct s2s_set){mask, NULL, 0};
	else
		*ret = s2s_set_value(arena, mask, a->iv->lo | b->iv->lo);
	return true;
}

static void
add_part(struct leaver *l, const struct part *from, unsigned arg,
	 const struct s2s_set *more)
{
	struct part part = *from;

	if (!both(l->arena, &from->arg[arg], more, &part.arg[arg]) ||
	    l->n == PARTS_MAX) {
		l->unsayable = true;
		return;
	}
	if (part.arg[arg].n == 0 && part.arg[arg].mask)
		return;
	s2s_grow(l->part, l->n, l->cap);
	l->part[l->n++] = part;
}

/* All values beside those of the set. */
static struct s2s_set
beside(struct s2s_arena *arena, const struct s2s_set *set)
{
	struct s2s_interval *iv = s2s_realloc(NULL, set->n + 1, sizeof *iv);
	struct s2s_set ret;
	uint64_t from = 0;
	bool over = false;
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++) {
		if (set->iv[i].lo > from)
			iv[n++] = (struct s2s_interval){from, set->iv[i].lo - 1};
		over = set->iv[i].hi == set->mask;
		from = set->iv[i].hi + 1;
	}
	if (!over)
		iv[n++] = (struct s2s_interval){from, set->mask};
	ret = n ? s2s_set_make(arena, set->mask, iv, n)
		: (struct s2s_set){set->mask, NULL, 0};
	free(iv);
	return ret;
}

/* The part with an argument that the comparison does not hold for: where the mask has
   holes, one bit at least is another. */
static void
add_beside(struct leaver *l, const struct part *from, const struct scmp_arg_cmp *cmp)
{
	struct s2s_set set = s2s_oci_set(l->arena, cmp, l->word);

	if (s2s_set_is_any(&set))
		return;
	if ((set.mask & (set.mask + 1)) == 0) {
		set = beside(l->arena, &set);
		add_part(l, from, cmp->arg, &set);
		return;
	}
	for (uint64_t left = set.mask; left; left &= left - 1) {
		uint64_t bit = left & -left;
		struct s2s_set other = s2s_set_value(l->arena, bit, ~set.iv->lo & bit);

		add_part(l, from, cmp->arg, &other);
	}
}

/* Whether some call is in the part and matches the rule. */
static bool
meets(const struct leaver *l, const struct part *part, const struct s2s_oci_rule *rule)
{
	for (unsigned i = 0; i < rule->n; i++) {
		struct s2s_set set = s2s_oci_set(l->arena, &rule->cmp[i], l->word);
		const struct s2s_set *arg = &part->arg[rule->cmp[i].arg];

		if (set.n == 0 && set.mask)
			return false;
		if (!s2s_set_is_any(&set) && !s2s_set_is_any(arg) &&
		    !s2s_set_meets(arg, &set))
			return false;
	}
	return true;
}

static void
leave(struct leaver *l, const struct s2s_oci_rule *rule)
{
	struct part *was = l->part;
	size_t n = l->n;

	l->part = NULL;
	l->n = l->cap = 0;
	for (size_t i = 0; i < n && !l->unsayable; i++) {
		if (!meets(l, &was[i], rule)) {
			add_part(l, &was[i], 0, &was[i].arg[0]);
			continue;
		}
		for (unsigned k = 0; k < rule->n; k++)
			add_beside(l, &was[i], &rule->cmp[k]);
	}
	free(was);
}

bool
s2s_oci_leave(struct s2s_policy *policy, const struct s2s_syscall *sc,
	      const struct s2s_oci_rule *rule, size_t n)
{
	struct leaver l = {.arena = &policy->arena,
			   .word = s2s_width_mask(s2s_arch_bits(sc->arch))};
	struct part all;

	for (int a = 0; a < S2S_ARGS_MAX; a++)
		all.arg[a] = s2s_set_any();
	s2s_grow(l.part, l.n, l.cap);
	l.part[l.n++] = all;
	for (size_t i = 0; i < n && !l.unsayable; i++)
		leave(&l, &rule[i]);
	for (size_t i = 0; i < l.n && !l.unsayable; i++) {
		struct s2s_rule allows = {.why = S2S_WHY_ASKED,
					  .reason = "the profile allows by default"};

		memcpy(allows.arg, l.part[i].arg, sizeof allows.arg);
		s2s_policy_add_rule(policy, sc, &allows);
	}
	free(l.part);
	return !l.unsayable;
}
