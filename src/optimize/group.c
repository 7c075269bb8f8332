/* SPDX-License-Identifier: MIT */
/* Leaves to rules. Leaves whose keys are equal form a group, a group becomes one rule:
   its keys exactly, its other arguments as far as its values reach. To which group a
   leaf belongs hangs on the leaf alone, and every leaf only widens its group: so more
   logs never allow less. */
#include "optimize/levels.h"

#include <assert.h>
#include <stdlib.h>

/* From the smallest to the largest of the values that have one width and order. */
struct hull {
	struct hull *next;
	uint64_t lo, hi;
	uint8_t width;
	bool is_signed;
};

struct side {
	bool key, any;
	uint64_t mask, value; /* of a key */
	struct hull *hulls;
};

struct group {
	struct side side[S2S_ARGS_MAX];
	struct s2s_rule rule; /* its sets come last */
};

struct grouping {
	struct s2s_arena arena;
	struct s2s_map map; /* hash of the keys -> group */
	uint64_t seed;
	struct group *groups;
	size_t n, cap;
};

struct s2s_treated
s2s_leaf_treated(const struct s2s_level *level, const struct s2s_leaf *leaf, int arg)
{
	const struct s2s_treated is_free = {S2S_TREAT_FREE, 0};
	const struct s2s_kind *kind = leaf->kind[arg];
	struct s2s_treated treated;

	/* Whatever a level says: nothing compares what the next run has anew. */
	if (kind->role == S2S_ROLE_VARIANT || kind->role == S2S_ROLE_UNUSED)
		return is_free;
	treated = level->treat(leaf->sc, arg, kind);
	return treated.how == S2S_TREAT_KEY && !treated.mask ? is_free : treated;
}

static bool
same_keys(const struct side a[S2S_ARGS_MAX], const struct side b[S2S_ARGS_MAX])
{
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		if (a[i].key != b[i].key || a[i].mask != b[i].mask ||
		    a[i].value != b[i].value)
			return false;
	return true;
}

/* The group with these keys; made if there is none. */
static struct group *
group_of(struct grouping *g, const struct side side[S2S_ARGS_MAX])
{
	uint64_t words[S2S_ARGS_MAX][3], key[3];
	uint32_t *number;
	bool is_new;

	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		words[i][0] = side[i].key;
		words[i][1] = side[i].mask;
		words[i][2] = side[i].value;
	}
	key[0] = s2s_hash(g->seed, words, sizeof words);
	key[1] = s2s_hash(~g->seed, words, sizeof words);
	/* Should two groups ever have one hash, the next key is tried. */
	for (key[2] = 0;; key[2]++) {
		number = s2s_map_put(&g->map, key, &is_new);
		if (is_new)
			break;
		if (same_keys(g->groups[*number].side, side))
			return &g->groups[*number];
	}
	*number = (uint32_t)g->n;
	s2s_grow(g->groups, g->n, g->cap);
	g->groups[g->n] = (struct group){0};
	memcpy(g->groups[g->n].side, side, sizeof g->groups[g->n].side);
	return &g->groups[g->n++];
}

static struct group *
find_group(struct grouping *g, const struct s2s_leaf *leaf,
	   const struct s2s_treated *treated)
{
	struct side side[S2S_ARGS_MAX] = {0};

	for (int i = 0; i < leaf->sc->nargs; i++) {
		side[i].key = treated[i].how == S2S_TREAT_KEY;
		if (!side[i].key || leaf->arg[i].state != S2S_ARG_KNOWN)
			continue;
		side[i].mask = treated[i].mask;
		side[i].value = leaf->arg[i].value & side[i].mask;
	}
	return group_of(g, side);
}

static int64_t
sign_extend(uint64_t value, unsigned width)
{
	unsigned shift = 64 - width;

	return (int64_t)(value << shift) >> shift;
}

static bool
is_less(uint64_t a, uint64_t b, const struct hull *hull)
{
	if (hull->is_signed)
		return sign_extend(a, hull->width) < sign_extend(b, hull->width);
	return a < b;
}

static void
widen(struct grouping *g, struct side *side, const struct s2s_kind *kind,
      uint64_t value)
{
	struct hull *hull = side->hulls;

	while (hull &&
	       (hull->width != kind->width || hull->is_signed != kind->is_signed))
		hull = hull->next;
	if (!hull) {
		hull = s2s_arena_new(&g->arena, struct hull);
		*hull = (struct hull){side->hulls, value, value, kind->width,
				      kind->is_signed};
		side->hulls = hull;
	}
	if (is_less(value, hull->lo, hull))
		hull->lo = value;
	if (is_less(hull->hi, value, hull))
		hull->hi = value;
}

static void
add_arg(struct grouping *g, struct side *side, const struct s2s_leaf *leaf, int i,
	enum s2s_treatment how)
{
	bool is_known = leaf->arg[i].state == S2S_ARG_KNOWN;

	if (how == S2S_TREAT_KEY)
		return;
	if (how == S2S_TREAT_NULL && leaf->arg[i].value != 0)
		is_known = false;
	if (how == S2S_TREAT_FREE || !is_known)
		side->any = true;
	else
		widen(g, side, leaf->kind[i], leaf->arg[i].value);
}

static void
add_leaf(struct grouping *g, const struct s2s_level *const *levels,
	 const struct s2s_leaf *leaf)
{
	struct s2s_rule seen = {
	    .count = leaf->count, .runs = leaf->runs, .first = leaf->first};
	struct s2s_treated treated[S2S_ARGS_MAX];
	struct group *group;

	for (int i = 0; i < leaf->sc->nargs; i++)
		treated[i] = s2s_leaf_treated(levels[i], leaf, i);
	group = find_group(g, leaf, treated);
	for (int i = 0; i < leaf->sc->nargs; i++)
		add_arg(g, &group->side[i], leaf, i, treated[i].how);
	s2s_rule_absorb(&group->rule, &seen);
}

/* Whether the low `width` bits alone still tell the hull's values apart. */
static bool
fits(const struct hull *hull, unsigned width)
{
	if (width >= hull->width)
		return true;
	if (!hull->is_signed)
		return hull->hi <= s2s_width_mask(width);
	int64_t end = INT64_C(1) << (width - 1);
	return sign_extend(hull->lo, hull->width) >= -end &&
	       sign_extend(hull->hi, hull->width) < end;
}

/* One argument can be of different kinds in the calls of a group (fcntl's third at
   level weak). Then each width and order has its own hull, and all are looked at
   through the narrowest width. */
static struct s2s_set
union_of_hulls(struct s2s_arena *arena, const struct hull *hulls)
{
	struct s2s_set ret = {0};
	unsigned width = 64;

	for (const struct hull *h = hulls; h; h = h->next)
		width = h->width < width ? h->width : width;
	for (const struct hull *h = hulls; h; h = h->next) {
		struct s2s_set set;
		bool said;

		if (!fits(h, width))
			return s2s_set_any();
		set = s2s_set_range(arena, width, h->is_signed, h->lo, h->hi);
		said = s2s_set_union(arena, &ret, &set, &ret);
		assert(said); /* one width, one mask */
		(void)said;
	}
	return ret;
}

static struct s2s_set
set_of_side(struct s2s_arena *arena, const struct side *side)
{
	if (side->key)
		return s2s_set_value(arena, side->mask, side->value);
	if (side->any)
		return s2s_set_any();
	return union_of_hulls(arena, side->hulls);
}

static void
add_rule(struct grouping *g, struct s2s_policy *policy, const struct s2s_syscall *sc,
	 const struct group *group, const struct s2s_leaves *leaves)
{
	struct s2s_rule rule = group->rule;

	for (int i = 0; i < sc->nargs; i++)
		rule.arg[i] = set_of_side(&g->arena, &group->side[i]);
	rule.why = leaves->why;
	rule.reason = leaves->reason;
	s2s_policy_add_rule(policy, sc, &rule);
}

void
s2s_group_leaves(struct s2s_policy *policy, const struct s2s_optimize_options *opts,
		 const struct s2s_leaves *leaves)
{
	const struct s2s_level *levels[S2S_ARGS_MAX];
	const struct s2s_syscall *sc;
	struct grouping g = {.seed = s2s_random_seed()};

	if (leaves->n == 0)
		return;
	sc = leaves->leaf->sc;
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		levels[i] = s2s_level_for(opts, sc, i);
	for (size_t i = 0; i < leaves->n; i++)
		if (leaves->keep_launcher || !leaves->leaf[i].launcher)
			add_leaf(&g, levels, &leaves->leaf[i]);
	for (size_t i = 0; i < g.n; i++)
		add_rule(&g, policy, sc, &g.groups[i], leaves);
	free(g.groups);
	s2s_map_done(&g.map);
	s2s_arena_done(&g.arena);
}
