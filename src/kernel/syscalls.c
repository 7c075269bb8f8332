/* SPDX-License-Identifier: MIT */
/* Look-ups over what data/syscalls.awk makes of the tables under data/. */
#include "kernel/syscalls.h"

#include "base/attr.h"

#include <assert.h>

/* A part of one of the lists below. */
struct slice {
	uint16_t first, n;
};

/* (value & mask) of an argument is one of values[]. */
struct condition {
	uint8_t arg;
	struct slice values;
	uint64_t mask;
};

struct arg_kind {
	uint8_t arg;
	uint16_t kind;
};

struct variant {
	struct slice conditions, arg_kinds;
};

/* Which variant the value of a call's main selector asks for. */
struct key {
	uint64_t value;
	uint16_t variant;
};

/* Those of a call, ascending, then in the table's order. n 0: its variants do not all
   ask for the same bits of the same argument. */
struct keys {
	struct slice keys;
	uint8_t arg;
	uint64_t mask;
};

/* What strace prints, from the first on. */
struct order {
	struct slice conditions;
	uint8_t n;
	struct s2s_destination arg[S2S_ARGS_MAX];
};

struct named {
	const char *name;
	uint8_t arg;
};

struct row {
	struct s2s_syscall sc;
	struct slice variants;
	struct keys keys;
	struct slice orders, named, harmless[S2S_ARGS_MAX];
	uint64_t free_bits[S2S_ARGS_MAX];
};

/* Of a hash table over names and aliases. */
struct slot {
	struct s2s_sv name;
	uint16_t row; /* counts from 1; 0: free */
};

/* All there is of an architecture. Rows ascend by number; by_nr[] counts them from 1.
 */
struct tables {
	const struct row *rows;
	const struct s2s_syscall *const *all;
	size_t n;
	const uint16_t *by_nr;
	size_t n_by_nr;
	const struct slot *slots;
	size_t n_slots; /* a power of two */
	const struct s2s_kind *kinds;
	const uint64_t *values;
	const struct condition *conditions;
	const struct arg_kind *arg_kinds;
	const struct variant *variants;
	const struct key *keys;
	const struct order *orders;
	const struct named *named;
	const struct s2s_through *through;
	const struct s2s_harmless *harmless;
	const struct s2s_implied *implied;
	const struct s2s_power *powers;
	size_t n_through, n_implied, n_powers;
};

#include "syscalls-aarch64.inc"
#include "syscalls-i386.inc"
#include "syscalls-x86_64.inc"

static const struct tables *const arches[] = {
#define X(id, name, audit, scmp, bits) [S2S_ARCH_##id] = &tables_##name,
    S2S_ARCHES(X)
#undef X
};

static const struct tables *
tables_of(const struct s2s_syscall *sc)
{
	return arches[sc->arch];
}

static const struct row *
row_of(const struct s2s_syscall *sc)
{
	return (const struct row *)sc; /* its first member */
}

/* That of data/syscalls.awk. */
static uint32_t
hash(struct s2s_sv text)
{
	uint32_t h = 0;

	for (size_t i = 0; i < text.n; i++)
		h = h * 65599 + (unsigned char)text.p[i];
	return h;
}

const struct s2s_syscall *
s2s_syscall_by_nr(enum s2s_arch arch, uint32_t nr)
{
	const struct tables *calls = arches[arch];

	if (nr >= calls->n_by_nr || calls->by_nr[nr] == 0)
		return NULL;
	return calls->all[calls->by_nr[nr] - 1];
}

/* syscall_0x1c3, and of old versions syscall_451, SYS_451: what strace calls a number
   that it has no name for. */
static const struct s2s_syscall *
by_printed_number(enum s2s_arch arch, struct s2s_sv name)
{
	uint64_t nr;

	if (!sv_eat(&name, SV("syscall_")) && !sv_eat(&name, SV("SYS_")))
		return NULL;
	if (!sv_to_u64(name, &nr) || nr > UINT32_MAX)
		return NULL;
	return s2s_syscall_by_nr(arch, (uint32_t)nr);
}

const struct s2s_syscall *
s2s_syscall_by_name(enum s2s_arch arch, struct s2s_sv name)
{
	const struct tables *calls = arches[arch];
	size_t mask = calls->n_slots - 1, i = hash(name) & mask;

	for (; calls->slots[i].row; i = (i + 1) & mask)
		if (sv_equal(calls->slots[i].name, name))
			return calls->all[calls->slots[i].row - 1];
	return by_printed_number(arch, name);
}

const struct s2s_syscall *const *
s2s_syscalls(enum s2s_arch arch, size_t *ret_n)
{
	*ret_n = arches[arch]->n;
	return arches[arch]->all;
}

int
s2s_syscall_arg(const struct s2s_syscall *sc, struct s2s_sv name)
{
	for (int i = 0; i < sc->nargs; i++)
		if (sv_equal(sv_from(sc->arg[i].name), name))
			return i;
	return -1;
}

static bool
condition_holds(const struct s2s_syscall *sc, const struct condition *condition,
		const bool *known, const uint64_t *value)
{
	unsigned width = sc->arg[condition->arg].kind->width;
	uint64_t mask = condition->mask & s2s_width_mask(width);
	const uint64_t *v = tables_of(sc)->values + condition->values.first;

	if (!known[condition->arg])
		return false;
	for (size_t i = 0; i < condition->values.n; i++)
		if (((value[condition->arg] ^ v[i]) & mask) == 0)
			return true;
	return false;
}

static bool
all_hold(const struct s2s_syscall *sc, struct slice part, const bool *known,
	 const uint64_t *value)
{
	const struct condition *conditions = tables_of(sc)->conditions + part.first;

	for (size_t i = 0; i < part.n; i++)
		if (!condition_holds(sc, &conditions[i], known, value))
			return false;
	return true;
}

static void
apply(const struct s2s_syscall *sc, const struct variant *variant, const bool *known,
      const uint64_t *value, const struct s2s_kind **ret)
{
	const struct tables *t = tables_of(sc);
	const struct arg_kind *ak = t->arg_kinds + variant->arg_kinds.first;

	if (!all_hold(sc, variant->conditions, known, value))
		return;
	for (size_t i = 0; i < variant->arg_kinds.n; i++)
		ret[ak[i].arg] = &t->kinds[ak[i].kind];
}

/* The first key that is not below a value. */
static const struct key *
first_key(const struct key *from, struct slice part, uint64_t value)
{
	from += part.first;
	for (size_t n = part.n; n;) {
		size_t half = n / 2;

		if (from[half].value < value) {
			from += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return from;
}

void
s2s_syscall_kinds(const struct s2s_syscall *sc, const bool known[S2S_ARGS_MAX],
		  const uint64_t value[S2S_ARGS_MAX],
		  const struct s2s_kind *ret[S2S_ARGS_MAX])
{
	const struct tables *t = tables_of(sc);
	const struct row *row = row_of(sc);
	const struct keys *by = &row->keys;

	for (size_t i = 0; i < sc->nargs; i++)
		ret[i] = sc->arg[i].kind;
	if (by->keys.n) {
		const struct key *end = t->keys + by->keys.first + by->keys.n;
		uint64_t mask = by->mask & s2s_width_mask(sc->arg[by->arg].kind->width);
		const struct key *key =
		    first_key(t->keys, by->keys, value[by->arg] & mask);

		for (; key < end && key->value == (value[by->arg] & mask); key++)
			apply(sc, &t->variants[key->variant], known, value, ret);
		return;
	}
	for (size_t i = 0; i < row->variants.n; i++)
		apply(sc, &t->variants[row->variants.first + i], known, value, ret);
}

static bool
any_on(const struct tables *t, struct slice part, int arg)
{
	for (size_t i = 0; i < part.n; i++)
		if (t->conditions[part.first + i].arg == arg)
			return true;
	return false;
}

bool
s2s_syscall_decides(const struct s2s_syscall *sc, int arg)
{
	const struct tables *t = tables_of(sc);
	const struct row *row = row_of(sc);

	for (size_t i = 0; i < row->variants.n; i++)
		if (any_on(t, t->variants[row->variants.first + i].conditions, arg))
			return true;
	for (size_t i = 0; i < row->orders.n; i++)
		if (any_on(t, t->orders[row->orders.first + i].conditions, arg))
			return true;
	return false;
}

bool
s2s_syscall_condition(const struct s2s_syscall *sc, size_t i, struct s2s_condition *ret)
{
	const struct tables *t = tables_of(sc);
	const struct row *row = row_of(sc);

	for (size_t v = 0; v < row->variants.n; v++) {
		struct slice part = t->variants[row->variants.first + v].conditions;

		if (i < part.n) {
			const struct condition *c = &t->conditions[part.first + i];

			*ret = (struct s2s_condition){
			    .arg = c->arg,
			    .mask =
				c->mask & s2s_width_mask(sc->arg[c->arg].kind->width),
			    .values = t->values + c->values.first,
			    .n = c->values.n,
			};
			return true;
		}
		i -= part.n;
	}
	return false;
}

const struct s2s_harmless *
s2s_syscall_harmless(const struct s2s_syscall *sc, int arg, size_t *ret_n)
{
	struct slice part;

	assert(arg >= 0 && arg < sc->nargs);
	part = row_of(sc)->harmless[arg];
	*ret_n = part.n;
	return part.n ? &tables_of(sc)->harmless[part.first] : NULL;
}

uint64_t
s2s_syscall_free_bits(const struct s2s_syscall *sc, int arg,
		      const struct s2s_kind *kind)
{
	assert(arg >= 0 && arg < sc->nargs);
	return (kind->harmless | row_of(sc)->free_bits[arg]) &
	       s2s_width_mask(kind->width);
}

int
s2s_syscall_printed_name(const struct s2s_syscall *sc, struct s2s_sv name)
{
	struct slice part = row_of(sc)->named;
	const struct named *named = tables_of(sc)->named + part.first;

	for (size_t i = 0; i < part.n; i++)
		if (sv_equal(sv_from(named[i].name), name))
			return named[i].arg;
	return part.n ? s2s_syscall_arg(sc, name) : -1;
}

struct s2s_destination
s2s_syscall_printed_at(const struct s2s_syscall *sc, int position, int printed,
		       const bool known[S2S_ARGS_MAX],
		       const uint64_t value[S2S_ARGS_MAX])
{
	struct slice part = row_of(sc)->orders;
	struct s2s_destination ret = {.at = S2S_PRINTED_BEYOND, .high = -1};

	for (size_t i = 0; i < part.n; i++) {
		const struct order *order = &tables_of(sc)->orders[part.first + i];

		if (printed > order->n ||
		    !all_hold(sc, order->conditions, known, value))
			continue;
		return position < order->n ? order->arg[position] : ret;
	}
	if (position < sc->nargs)
		ret.at = (int8_t)position;
	return ret;
}

bool
s2s_syscall_is_reordered(const struct s2s_syscall *sc)
{
	return row_of(sc)->orders.n > 0;
}

const struct s2s_through *
s2s_syscall_through(enum s2s_arch arch, struct s2s_sv name,
		    const struct s2s_syscall **ret_sc)
{
	const struct tables *t = arches[arch];

	for (size_t i = 0; i < t->n_through; i++)
		if (sv_equal(sv_from(t->through[i].name), name)) {
			*ret_sc = t->all[t->through[i].row];
			return &t->through[i];
		}
	return NULL;
}

const struct s2s_implied *
s2s_implied(enum s2s_arch arch, size_t *ret_n)
{
	*ret_n = arches[arch]->n_implied;
	return arches[arch]->implied;
}

const struct s2s_power *
s2s_powers(enum s2s_arch arch, size_t *ret_n)
{
	*ret_n = arches[arch]->n_powers;
	return arches[arch]->powers;
}
