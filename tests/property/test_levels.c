/* SPDX-License-Identifier: MIT */
/* What must hold for the levels whatever was seen, on random trees. */
#include "random_calls.h"
#include "unit.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { CASES = 3000, THOROUGH_EVERY = 20 };

static void
add_call(struct s2s_tree *tree, const struct s2s_call *call)
{
	assert_int_equal(s2s_tree_add(tree, call), S2S_OK);
}

static struct s2s_tree *
tree_of(const struct random_calls *calls, struct s2s_atoms *atoms)
{
	struct s2s_tree *tree = s2s_tree_new(atoms, NULL);

	for (size_t i = 0; i < calls->n; i++) {
		add_call(tree, &calls->call[i]);
		if (i + 1 < calls->n && calls->run[i] != calls->run[i + 1])
			s2s_tree_end_run(tree);
	}
	return tree;
}

/* The same logs, each read from its end, the last one first. */
static struct s2s_tree *
tree_backwards(const struct random_calls *calls, struct s2s_atoms *atoms)
{
	struct s2s_tree *tree = s2s_tree_new(atoms, NULL);

	for (size_t i = calls->n; i-- > 0;) {
		if (i + 1 < calls->n && calls->run[i] != calls->run[i + 1])
			s2s_tree_end_run(tree);
		add_call(tree, &calls->call[i]);
	}
	return tree;
}

static struct s2s_tree *
tree_of_some(const struct random_calls *calls, struct s2s_atoms *atoms, uint64_t seed)
{
	struct s2s_tree *tree = s2s_tree_new(atoms, NULL);

	for (size_t i = 0; i < calls->n; i++)
		if (random_below(&seed, 3))
			add_call(tree, &calls->call[i]);
	return tree;
}

/* What holds between the policies of two trees. Frees the second. */
static void
check_other(const struct world *w, struct s2s_tree *tree,
	    void (*holds)(const struct world *, const struct world *))
{
	struct world other;

	world_init(&other, w->name, tree, &w->opts);
	holds(&other, w);
	world_done(&other);
	s2s_tree_free(tree);
}

enum { LEVEL_OF_MAX = 3 };

static void
random_options(uint64_t *seed, const struct random_calls *calls,
	       struct s2s_level_of level_of[LEVEL_OF_MAX],
	       struct s2s_optimize_options *ret)
{
	size_t n;
	const struct s2s_level *levels = s2s_levels(&n);

	*ret = (struct s2s_optimize_options){
	    .level_of = level_of,
	    .keep_launcher_exec = random_below(seed, 2),
	    .no_implied = random_below(seed, 2),
	    .action = {S2S_ACTION_TRAP, 0},
	};
	if (random_below(seed, 2))
		ret->n_level_of = 1 + random_below(seed, LEVEL_OF_MAX);
	for (size_t i = 0; i < ret->n_level_of; i++) {
		struct s2s_level_of *of = &level_of[i];

		of->sc = calls->call[random_below(seed, calls->n)].sc;
		of->arg = (int)random_below(seed, of->sc->nargs + 1U) - 1;
		of->level = &levels[random_below(seed, n)];
	}
}

static void
check_world(const struct world *w, const struct random_calls *calls,
	    struct s2s_atoms *atoms, uint64_t seed)
{
	struct s2s_tree *profiles = s2s_tree_new(atoms, NULL);

	check_nested(w);
	check_own_calls(w);
	check_counts(w);
	check_normal(w);
	check_other(w, tree_backwards(calls, atoms), check_same);
	check_other(w, tree_of_some(calls, atoms, seed), check_within);
	add_as_profiles(profiles, w->tree);
	check_other(w, profiles, check_same);
}

static void
check_case(uint64_t seed, bool thorough)
{
	struct random_calls *calls = s2s_realloc(NULL, 1, sizeof *calls);
	struct s2s_level_of level_of[LEVEL_OF_MAX];
	struct s2s_optimize_options opts;
	struct s2s_atoms atoms = {0};
	uint64_t random = seed;
	struct s2s_tree *tree;
	struct world w;
	char name[32];

	snprintf(name, sizeof name, "S2S_SEED=%" PRIu64, seed);
	random_calls(&random, random_below(&random, 2), calls);
	random_options(&random, calls, level_of, &opts);
	tree = tree_of(calls, &atoms);
	world_init(&w, name, tree, &opts);
	check_world(&w, calls, &atoms, seed);
	if (thorough) {
		check_nested_by_verdict(&w);
		check_normal_is_exact(&w);
	}
	world_done(&w);
	s2s_tree_free(tree);
	s2s_atoms_done(&atoms);
	free(calls);
}

/* S2S_SEED=N tries one case again. */
static void
test_levels(void **state)
{
	const char *again = getenv("S2S_SEED");

	(void)state;
	if (again) {
		check_case(strtoull(again, NULL, 10), true);
		return;
	}
	for (uint64_t i = 0; i < CASES; i++)
		check_case(i * 1000003 + 17, i % THOROUGH_EVERY == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
