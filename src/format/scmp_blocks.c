/* SPDX-License-Identifier: MIT */
/* Sets of values as masked comparisons: what libseccomp compiles correctly. */
#include "format/scmp.h"

/* The largest block that begins at lo, is aligned and does not pass hi; as the mask of
   its free bits. */
static uint64_t
block_at(uint64_t lo, uint64_t hi)
{
	uint64_t free = 0;

	while (free != UINT64_MAX) {
		uint64_t wider = free << 1 | 1;

		if ((lo & wider) != 0 || wider > hi - lo)
			break;
		free = wider;
	}
	return free;
}

size_t
s2s_scmp_blocks(const struct s2s_scmp_range *range, struct s2s_scmp_cmp *to)
{
	uint64_t lo = range->lo;

	for (size_t n = 0;; n++) {
		uint64_t free = block_at(lo, range->hi);

		if (to)
			to[n] =
			    (struct s2s_scmp_cmp){range->arg, range->mask & ~free, lo};
		if (range->hi - lo == free)
			return n + 1;
		lo += free + 1;
	}
}

static struct s2s_scmp_range
nth(const struct s2s_set *set, size_t i)
{
	return (struct s2s_scmp_range){0, set->mask, set->iv[i].lo, set->iv[i].hi};
}

static size_t
interval_blocks(const struct s2s_set *set, size_t i)
{
	struct s2s_scmp_range range = nth(set, i);

	return s2s_scmp_blocks(&range, NULL);
}

size_t
s2s_scmp_set_blocks(const struct s2s_set *set)
{
	size_t n = 0;

	if (s2s_set_is_any(set))
		return 1;
	for (size_t i = 0; i < set->n; i++)
		n += interval_blocks(set, i);
	return n;
}

static int
each(const struct s2s_scmp_row *row, unsigned at, struct s2s_scmp_cmp *cmp,
     s2s_scmp_fn *fn, void *self)
{
	struct s2s_scmp_cmp blocks[S2S_SCMP_BLOCKS];
	size_t n;
	int rc = 0;

	if (at == row->n)
		return fn(self, cmp, row->n);
	n = s2s_scmp_blocks(&row->range[at], blocks);
	for (size_t i = 0; i < n && rc == 0; i++) {
		cmp[at] = blocks[i];
		rc = each(row, at + 1, cmp, fn, self);
	}
	return rc;
}

int
s2s_scmp_each(const struct s2s_scmp_row *row, s2s_scmp_fn *fn, void *self)
{
	struct s2s_scmp_cmp cmp[S2S_ARGS_MAX];

	return each(row, 0, cmp, fn, self);
}

static bool
intervals_disjoint(const struct s2s_set *a, const struct s2s_set *b)
{
	for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
		if (a->iv[i].hi < b->iv[k].lo)
			i++;
		else if (b->iv[k].hi < a->iv[i].lo)
			k++;
		else
			return false;
	}
	return true;
}

static bool
blocks_disjoint(const struct s2s_scmp_range *a, const struct s2s_scmp_range *b)
{
	struct s2s_scmp_cmp x[S2S_SCMP_BLOCKS], y[S2S_SCMP_BLOCKS];
	size_t nx = s2s_scmp_blocks(a, x), ny = s2s_scmp_blocks(b, y);

	for (size_t i = 0; i < nx; i++)
		for (size_t k = 0; k < ny; k++)
			if (((x[i].value ^ y[k].value) & x[i].mask & y[k].mask) == 0)
				return false;
	return true;
}

bool
s2s_scmp_disjoint(const struct s2s_set *a, const struct s2s_set *b)
{
	if (a->mask == b->mask && a->mask)
		return intervals_disjoint(a, b);
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++) {
			struct s2s_scmp_range x = nth(a, i), y = nth(b, k);

			if (!blocks_disjoint(&x, &y))
				return false;
		}
	return true;
}
