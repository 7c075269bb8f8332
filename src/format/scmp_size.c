/* SPDX-License-Identifier: MIT */
/* How long a program will be at least. libseccomp takes minutes to compile what the
   kernel would not take anyway, so that is found out first. */
#include "format/scmp.h"

#include <stdlib.h>

/* libseccomp compares the upper half of an argument, then the lower one. Rows that
   begin alike share these steps. */
struct step {
	uint32_t arg, mask, value; /* no bits between them: compared byte by byte */
};

enum { STEPS_MAX = 2 * S2S_ARGS_MAX };

struct path {
	struct step step[STEPS_MAX];
	int n;
};

struct paths {
	struct path *path;
	size_t n, cap;
};

static int
add_path(void *self, const struct s2s_scmp_cmp *cmp, unsigned n)
{
	struct paths *paths = self;
	struct path path;

	memset(&path, 0, sizeof path);
	for (unsigned i = 0; i < n; i++) {
		struct step *step = &path.step[path.n];

		step[0].arg = step[1].arg = cmp[i].arg;
		step[0].mask = (uint32_t)(cmp[i].mask >> 32);
		step[0].value = (uint32_t)(cmp[i].value >> 32);
		step[1].mask = (uint32_t)cmp[i].mask;
		step[1].value = (uint32_t)cmp[i].value;
		path.n += 2;
	}
	s2s_grow(paths->path, paths->n, paths->cap);
	paths->path[paths->n++] = path;
	return 0;
}

static int
by_steps(const void *a, const void *b)
{
	const struct path *x = a, *y = b;

	return memcmp(x->step, y->step, sizeof x->step);
}

/* A jump, and a load and a mask where the step before did not leave the same bits. */
static size_t
step_size(const struct step *step, const struct step *before)
{
	if (before && before->arg == step->arg && before->mask == step->mask)
		return 1;
	return step->mask == UINT32_MAX ? 2 : 3;
}

static size_t
more_steps(const struct path *before, const struct path *path)
{
	size_t size = 0;
	int same = 0;

	while (before && same < path->n && same < before->n &&
	       memcmp(&before->step[same], &path->step[same], sizeof *path->step) == 0)
		same++;
	for (int i = same; i < path->n; i++)
		size += step_size(&path->step[i], before && i == same && i < before->n
						      ? &before->step[i]
						      : NULL);
	return size;
}

size_t
s2s_scmp_call_size(const struct s2s_scmp_call *call)
{
	struct paths paths = {0};
	size_t size = 1; /* the number */

	for (size_t i = 0; i < call->n; i++)
		s2s_scmp_each(&call->rows[i], add_path, &paths);
	qsort(paths.path, paths.n, sizeof *paths.path, by_steps);
	for (size_t i = 0; i < paths.n; i++)
		size += more_steps(i ? &paths.path[i - 1] : NULL, &paths.path[i]);
	free(paths.path);
	return size;
}

size_t
s2s_scmp_size_at_least(const struct s2s_scmp_filter *filter)
{
	size_t size = 0;

	for (size_t i = 0; i < filter->n; i++)
		size += filter->calls[i].n ? s2s_scmp_call_size(&filter->calls[i]) : 0;
	return size;
}
