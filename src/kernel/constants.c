/* SPDX-License-Identifier: MIT */
/* Look-ups over data/constants, whose rows and hash tables data/constants.awk makes. */
#include "kernel/constants.h"

#include "base/attr.h"

struct set {
	const char *name;
	uint16_t first, n;
};

/* rows[], sets[]; next_row[]: the next row of the same name; name_slots[], set_slots[]:
   by hash. Numbers of rows and sets count from 1, 0 is none. */
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

static const struct set *
find_set(struct s2s_sv name)
{
	size_t i = hash(name) % S2S_ARRAY_SIZE(set_slots);

	for (; set_slots[i]; i = (i + 1) % S2S_ARRAY_SIZE(set_slots))
		if (sv_equal(sv_from(sets[set_slots[i] - 1].name), name))
			return &sets[set_slots[i] - 1];
	return NULL;
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

/* The value on which the rows first..first+n of a name's chain agree. */
static enum found
find_value(size_t row, size_t first, size_t n, uint64_t *ret)
{
	enum found found = NONE;

	for (; row; row = next_row[row - 1]) {
		if (row - 1 - first >= n)
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
	const struct set *set = set_name ? find_set(sv_from(set_name)) : NULL;
	enum found found = NONE;
	size_t row = find_row(name);
	uint64_t value;

	(void)arch;
	if (row == 0)
		return false;
	if (set)
		found = find_value(row, set->first, set->n, &value);
	if (found == NONE)
		found = find_value(row, 0, ROWS, &value);
	if (found != ONE)
		return false;
	*ret = value;
	return true;
}

const struct s2s_constant *
s2s_constants(enum s2s_arch arch, const char *set_name, size_t *ret_n)
{
	const struct set *set = set_name ? find_set(sv_from(set_name)) : NULL;

	(void)arch;
	*ret_n = set ? set->n : 0;
	return set ? &rows[set->first] : NULL;
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
