/* SPDX-License-Identifier: MIT */
/* Look-ups over data/constants, whose rows and hash tables data/constants.awk makes. */
#include "kernel/constants.h"

#include "base/attr.h"

struct set {
	const char *name;
	uint16_t first, n;
};

struct part {
	uint16_t first, n;
};

/* rows[], sets[]; own_sets[]: where an architecture has other rows of a set (n 0: it
   has not), behind BASE_ROWS; next_row[]: the next row of the same name; name_slots[],
   set_slots[]: by hash. Numbers of rows and sets count from 1, 0 is none. */
#include "constants.inc"

/* That of data/constants.awk. */
static uint32_t
hash(struct s2s_sv text)
{
	uint32_t h = 0;

	for (size_t i = 0; i < text.n; i++)
		h = h * 65599 + (unsigned char)text.p[i];
	return h;
}

/* The rows of a set; n 0: there is none. */
static struct part
find_set(enum s2s_arch arch, const char *set_name)
{
	struct s2s_sv name = set_name ? sv_from(set_name) : SV("");
	size_t i = hash(name) % S2S_ARRAY_SIZE(set_slots);

	for (; set_slots[i]; i = (i + 1) % S2S_ARRAY_SIZE(set_slots)) {
		size_t at = set_slots[i] - 1U;

		if (!sv_equal(sv_from(sets[at].name), name))
			continue;
		if (own_sets[arch][at].n)
			return own_sets[arch][at];
		return (struct part){sets[at].first, sets[at].n};
	}
	return (struct part){0, 0};
}

/* Whether the architecture has this row: not, where it has others of its set. */
static bool
is_of(enum s2s_arch arch, size_t row)
{
	size_t at = 0;

	for (; row >= BASE_ROWS && at < SETS; at++)
		if (row - own_sets[arch][at].first < own_sets[arch][at].n)
			return true;
	if (row >= BASE_ROWS)
		return false;
	for (size_t n = SETS; n > 1;) { /* the last set that does not begin behind it */
		size_t half = n / 2;

		if (sets[at + half].first <= row) {
			at += half;
			n -= half;
		} else {
			n = half;
		}
	}
	return own_sets[arch][at].n == 0;
}

/* The first row of that name, counted from 1, or 0. */
static size_t
find_row(struct s2s_sv name)
{
	size_t i;

	if (name.n > NAME_MAX_LENGTH)
		return 0;
	i = hash(name) % S2S_ARRAY_SIZE(name_slots);
	for (; name_slots[i]; i = (i + 1) % S2S_ARRAY_SIZE(name_slots))
		if (sv_equal(sv_from(rows[name_slots[i] - 1].name), name))
			return name_slots[i];
	return 0;
}

enum found { NONE, ONE, MANY };

/* The value on which the rows of a name's chain agree, those of a set, or all that the
   architecture has. */
static enum found
find_value(size_t row, enum s2s_arch arch, const struct part *set, uint64_t *ret)
{
	enum found found = NONE;

	for (; row; row = next_row[row - 1]) {
		if (set ? row - 1 - set->first >= set->n : !is_of(arch, row - 1))
			continue;
		if (found != NONE && *ret != rows[row - 1].value)
			return MANY;
		*ret = rows[row - 1].value;
		found = ONE;
	}
	return found;
}

bool
s2s_constant_value(enum s2s_arch arch, const char *set_name, struct s2s_sv name,
		   uint64_t *ret)
{
	struct part set = find_set(arch, set_name);
	enum found found = NONE;
	size_t row = find_row(name);
	uint64_t value;

	if (row == 0)
		return false;
	if (set.n)
		found = find_value(row, arch, &set, &value);
	if (found == NONE)
		found = find_value(row, arch, NULL, &value);
	if (found != ONE)
		return false;
	*ret = value;
	return true;
}

size_t
s2s_constant_values(enum s2s_arch arch, const char *set_name, struct s2s_sv name,
		    uint64_t *ret, size_t max)
{
	struct part set = find_set(arch, set_name);
	size_t n = 0, i;

	for (size_t row = find_row(name); row && n < max; row = next_row[row - 1]) {
		if (row - 1 - set.first >= set.n)
			continue;
		for (i = 0; i < n && ret[i] != rows[row - 1].value; i++)
			continue;
		if (i == n)
			ret[n++] = rows[row - 1].value;
	}
	return n;
}

const struct s2s_constant *
s2s_constants(enum s2s_arch arch, const char *set_name, size_t *ret_n)
{
	struct part set = find_set(arch, set_name);

	*ret_n = set.n;
	return set.n ? &rows[set.first] : NULL;
}

const char *
s2s_constant_name(enum s2s_arch arch, const char *set, uint64_t value)
{
	size_t n;
	const struct s2s_constant *row = s2s_constants(arch, set, &n);

	for (; n; row++, n--)
		if (row->value == value)
			return row->name;
	return NULL;
}
