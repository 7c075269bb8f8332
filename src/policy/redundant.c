/* SPDX-License-Identifier: MIT */
/* Which rules lie within another, without comparing each with each. Rules are filed by
   shape: which arguments are a single value, and under which mask. A rule that lies
   within another has, in the other's single arguments, the other's values: so one
   look-up for each shape finds all candidates. */
#include "policy/redundant.h"

#include "base/map.h"
#include "policy/cover.h"

#include <stdlib.h>

/* Rules of one shape without single values can only be compared with each other. A
   log can be made such that there are very many: then some of them stay. */
enum { EFFORT_MAX = 50 * 1000 * 1000 };

enum side { SIDE_ANY, SIDE_VALUE, SIDE_OTHER };

struct shape {
	uint64_t mask[S2S_ARGS_MAX]; /* of single values */
	uint8_t side[S2S_ARGS_MAX];
	uint8_t unused[2]; /* no padding: compared as bytes */
};

struct files {
	struct s2s_policy_call *call;
	struct shape *shapes;
	size_t n_shapes, cap_shapes;
	struct s2s_map heads; /* hashes of shape and values -> first rule + 1 */
	uint32_t *next;       /* rule + 1, 0: the last */
	bool *gone;
	uint64_t seed;
	size_t effort;
};

static void
shape_of(const struct s2s_rule *rule, struct shape *ret)
{
	*ret = (struct shape){0};
	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		const struct s2s_set *set = &rule->arg[i];

		if (s2s_set_is_any(set)) {
			ret->side[i] = SIDE_ANY;
		} else if (set->n == 1 && set->iv->lo == set->iv->hi) {
			ret->side[i] = SIDE_VALUE;
			ret->mask[i] = set->mask;
		} else {
			ret->side[i] = SIDE_OTHER;
		}
	}
}

static size_t
shape_index(struct files *files, const struct shape *shape)
{
	for (size_t i = 0; i < files->n_shapes; i++)
		if (memcmp(&files->shapes[i], shape, sizeof *shape) == 0)
			return i;
	s2s_grow(files->shapes, files->n_shapes, files->cap_shapes);
	files->shapes[files->n_shapes] = *shape;
	return files->n_shapes++;
}

/* The value that all of the set has in the bits of mask, as far as the ends of its
   intervals tell: who finds a candidate with it compares the sets. */
static bool
one_value(const struct s2s_set *set, uint64_t mask, uint64_t *ret)
{
	if (mask & ~set->mask || set->n == 0)
		return false;
	*ret = set->iv->lo & mask;
	for (size_t i = 0; i < set->n; i++)
		if ((set->iv[i].lo & mask) != *ret || (set->iv[i].hi & mask) != *ret)
			return false;
	return true;
}

/* Under which key a rule of this shape that holds all of `rule` is filed. */
static bool
key_for(const struct files *files, size_t shape, const struct s2s_rule *rule,
	uint64_t ret[3])
{
	const struct shape *s = &files->shapes[shape];
	uint64_t value[S2S_ARGS_MAX] = {0};

	for (int i = 0; i < S2S_ARGS_MAX; i++)
		if (s->side[i] == SIDE_VALUE &&
		    !one_value(&rule->arg[i], s->mask[i], &value[i]))
			return false;
	ret[0] = s2s_hash(files->seed, value, sizeof value);
	ret[1] = s2s_hash(~files->seed, value, sizeof value);
	ret[2] = shape;
	return true;
}

static void
file_rule(struct files *files, uint32_t i)
{
	const struct s2s_rule *rule = &files->call->rules[i];
	struct shape shape;
	uint64_t key[3];
	bool is_new;
	uint32_t *head;

	shape_of(rule, &shape);
	if (!key_for(files, shape_index(files, &shape), rule, key))
		return;
	head = s2s_map_put(&files->heads, key, &is_new);
	files->next[i] = is_new ? 0 : *head;
	*head = i + 1;
}

/* Whether rule i should go for rule j: of equals the better reason stays. */
static bool
gives_way(const struct s2s_policy_call *call, uint32_t i, uint32_t j)
{
	const struct s2s_rule *a = &call->rules[i], *b = &call->rules[j];

	if (!s2s_rule_subset(a, b, call->sc->nargs))
		return false;
	if (!s2s_rule_subset(b, a, call->sc->nargs))
		return true;
	return a->why != b->why ? a->why > b->why : i > j;
}

static bool
find_other(struct files *files, uint32_t i, uint32_t *ret)
{
	uint64_t key[3];

	for (size_t shape = 0; shape < files->n_shapes; shape++) {
		uint32_t *head, at;

		if (!key_for(files, shape, &files->call->rules[i], key))
			continue;
		head = s2s_map_get(&files->heads, key);
		for (at = head ? *head : 0; at; at = files->next[at - 1]) {
			if (++files->effort > EFFORT_MAX)
				return false;
			if (at - 1 == i || files->gone[at - 1])
				continue;
			if (gives_way(files->call, i, at - 1)) {
				*ret = at - 1;
				return true;
			}
		}
	}
	return false;
}

static void
drop_gone(struct s2s_policy_call *call, const bool *gone)
{
	size_t out = 0;

	for (size_t i = 0; i < call->n; i++)
		if (!gone[i])
			call->rules[out++] = call->rules[i];
	call->n = out;
}

void
s2s_drop_redundant(struct s2s_policy_call *call)
{
	struct files files = {.call = call, .seed = s2s_random_seed()};

	if (call->n < 2)
		return;
	files.next = s2s_realloc(NULL, call->n, sizeof *files.next);
	files.gone = s2s_realloc(NULL, call->n, sizeof *files.gone);
	memset(files.gone, 0, call->n * sizeof *files.gone);
	for (uint32_t i = 0; i < call->n; i++)
		file_rule(&files, i);
	for (uint32_t i = 0, other; i < call->n; i++)
		if (find_other(&files, i, &other)) {
			s2s_rule_absorb(&call->rules[other], &call->rules[i]);
			files.gone[i] = true;
		}
	drop_gone(call, files.gone);
	s2s_map_done(&files.heads);
	free(files.shapes);
	free(files.next);
	free(files.gone);
}
