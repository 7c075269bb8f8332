/* SPDX-License-Identifier: MIT */
/* The properties of the levels on real logs, each a run: all of them, each alone, in
   two orders, and by way of a profile. usage: property_logs LOG… */
#include "pipe/trace.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

static const struct s2s_optimize_options opts = {.keep_launcher_exec = true};

static struct s2s_trace *
read_logs(const char *const *paths, size_t n, bool backwards)
{
	struct s2s_trace_options options = {.tolerance = S2S_LENIENT};
	struct s2s_trace *trace = s2s_trace_new(&options);

	for (size_t i = 0; i < n; i++)
		if (s2s_trace_add_files(trace, &paths[backwards ? n - 1 - i : i], 1) !=
		    S2S_OK) {
			fprintf(stderr, "%s: cannot be read\n", paths[i]);
			exit(1);
		}
	if (s2s_trace_end(trace) != S2S_OK)
		exit(1);
	return trace;
}

static void
check_one(const struct world *all, const char *path)
{
	struct s2s_trace *trace = read_logs(&path, 1, false);
	struct world one;

	world_init(&one, path, trace->tree, &opts);
	check_nested(&one);
	check_own_calls(&one);
	check_within(&one, all);
	world_done(&one);
	s2s_trace_free(trace);
}

static void
check_orders(const struct world *all, const char *const *paths, size_t n)
{
	struct s2s_trace *trace = read_logs(paths, n, true);
	struct s2s_atoms atoms = {0};
	struct s2s_tree *profiles = s2s_tree_new(&atoms, NULL);
	struct world other;

	world_init(&other, all->name, trace->tree, &opts);
	check_same(all, &other);
	world_done(&other);
	add_as_profiles(profiles, all->tree);
	world_init(&other, all->name, profiles, &opts);
	check_same(all, &other);
	world_done(&other);
	s2s_tree_free(profiles);
	s2s_atoms_done(&atoms);
	s2s_trace_free(trace);
}

int
main(int argc, char **argv)
{
	const char *const *paths = (const char *const *)argv + 1;
	size_t n = argc > 1 ? (size_t)argc - 1 : 0;
	struct s2s_trace *trace = read_logs(paths, n, false);
	struct world all;

	world_init(&all, "all logs", trace->tree, &opts);
	check_nested(&all);
	check_nested_by_verdict(&all);
	check_own_calls(&all);
	check_counts(&all);
	check_normal(&all);
	check_normal_is_exact(&all);
	for (size_t i = 0; i < n; i++)
		check_one(&all, paths[i]);
	check_orders(&all, paths, n);
	printf("%zu logs, %zu distinct calls\n", n, s2s_tree_leaves(trace->tree));
	world_done(&all);
	s2s_trace_free(trace);
	return 0;
}
