/* SPDX-License-Identifier: MIT */
/* Which files are one run: strace -ff writes NAME.PID for each thread. */
#include "base/arena.h"
#include "pipe/trace.h"

#include <stdlib.h>

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "app.strace.5373": stem "app.strace", pid 5373 */
static bool
split(const char *path, struct s2s_sv *ret_stem, int64_t *ret_pid)
{
	struct s2s_sv s = sv_from(path);
	size_t at = s.n;
	uint64_t pid;

	while (at > 0 && is_digit(s.p[at - 1]))
		at--;
	if (at < 2 || at == s.n || s.p[at - 1] != '.' || s.p[at - 2] == '/')
		return false;
	if (s.n - at > 10 || s.p[at] == '0')
		return false;
	pid = strtoull(s.p + at, NULL, 10);
	*ret_stem = (struct s2s_sv){s.p, at - 1};
	*ret_pid = (int64_t)pid;
	return true;
}

static int
compare(const void *a, const void *b)
{
	const struct s2s_input *x = a, *y = b;

	if (x->run != y->run)
		return x->run < y->run ? -1 : 1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

/* The number of a run is that of its first file, so that runs keep their order. */
struct s2s_input *
s2s_inputs(const char *const *paths, size_t n)
{
	struct s2s_input *inputs = s2s_realloc(NULL, n, sizeof *inputs);
	struct s2s_map runs = {0};
	struct s2s_atoms stems = {0};
	struct s2s_sv stem;
	bool is_new;

	for (size_t i = 0; i < n; i++) {
		inputs[i] = (struct s2s_input){.path = paths[i], .pid = -1, .run = i};
		if (!split(paths[i], &stem, &inputs[i].pid))
			continue;
		uint64_t key[3] = {s2s_atom_intern(&stems, stem)};
		uint32_t *run = s2s_map_put(&runs, key, &is_new);
		if (is_new)
			*run = (uint32_t)i;
		inputs[i].run = *run;
	}
	qsort(inputs, n, sizeof *inputs, compare);
	s2s_map_done(&runs);
	s2s_atoms_done(&stems);
	return inputs;
}
