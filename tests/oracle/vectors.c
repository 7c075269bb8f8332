/* SPDX-License-Identifier: MIT */
#include "vectors.h"

#include "base/arena.h"
#include "base/attr.h"
#include "kernel/constants.h"
#include "unmade.h"

#include <stdlib.h>

struct random {
	uint64_t state;
	enum s2s_arch arch;
};

/* splitmix64 */
static uint64_t
draw(struct random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static bool
one_in(struct random *r, unsigned n)
{
	return draw(r) % n == 0;
}

static uint64_t
draw_number(struct random *r, const struct s2s_kind *kind)
{
	static const uint64_t edges[] = {
	    0,          1,          2,          3,  4,  8,   16,     255, 256,
	    4096,       0x7fffffff, 0x80000000, -1, -2, -37, -100,   7,   5,
	    0xfffffff0, 0xffff,     0x8000,     9,  10, 017, 0100000};
	uint64_t value = one_in(r, 2) ? edges[draw(r) % S2S_ARRAY_SIZE(edges)]
				      : draw(r) >> draw(r) % 64;

	if (kind->width == 64 || one_in(r, 16))
		return value; /* what the kernel does not read may hold anything */
	value &= s2s_width_mask(kind->width);
	return kind->is_signed && one_in(r, 2) ? (uint64_t)(int32_t)value : value;
}

static uint64_t
draw_constant(struct random *r, const struct s2s_kind *kind)
{
	size_t n;
	const struct s2s_constant *row = s2s_constants(r->arch, kind->set, &n);
	uint64_t value = row[draw(r) % n].value;

	while (kind->is_flags && one_in(r, 2))
		value |= row[draw(r) % n].value;
	return value;
}

uint64_t
vectors_memory(enum s2s_arch arch)
{
	return s2s_arch_bits(arch) == 32 ? 0x5eed0000 : UINT64_C(0x5eed00000000);
}

static uint64_t
draw_address(struct random *r)
{
	if (one_in(r, 4))
		return 0;
	if (one_in(r, 2))
		return vectors_memory(r->arch) + draw(r) % (VECTORS_MEMORY_SIZE / 2);
	return one_in(r, 8) ? draw(r) | 1 : 0x10000 + draw(r) % 0x1000;
}

static uint64_t
draw_value(struct random *r, const struct s2s_kind *kind)
{
	if (kind->role == S2S_ROLE_ADDRESS)
		return draw_address(r);
	if (kind->set && !one_in(r, 4))
		return draw_constant(r, kind);
	return draw_number(r, kind);
}

/* What kind each register has hangs on those before it. */
static void
resolve(const struct vector *v, const struct s2s_kind *ret[S2S_ARGS_MAX])
{
	bool known[S2S_ARGS_MAX] = {true, true, true, true, true, true};
	uint64_t value[S2S_ARGS_MAX];

	for (int i = 0; i < v->sc->nargs; i++)
		value[i] = v->reg[i] & s2s_width_mask(v->sc->arg[i].kind->width);
	s2s_syscall_kinds(v->sc, known, value, ret);
}

static struct vector
draw_vector(struct random *r, const struct s2s_syscall *sc)
{
	struct vector v = {.sc = sc};
	const struct s2s_kind *kind[S2S_ARGS_MAX];

	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		if (i >= sc->nargs) {
			v.reg[i] = draw(r);
			continue;
		}
		resolve(&v, kind);
		v.reg[i] = draw_value(r, kind[i]);
	}
	return v;
}

static void
add(struct vectors *vectors, struct vector v)
{
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		v.reg[i] &= s2s_width_mask(s2s_arch_bits(v.sc->arch));
	s2s_grow(vectors->v, vectors->n, vectors->cap);
	vectors->v[vectors->n++] = v;
}

static void
add_constants(struct vectors *vectors, struct random *r, const struct s2s_syscall *sc,
	      int arg)
{
	const char *set = sc->arg[arg].kind->set;
	size_t n = 0;
	const struct s2s_constant *row = set ? s2s_constants(sc->arch, set, &n) : NULL;

	for (size_t i = 0; i < n; i++) {
		struct vector v = draw_vector(r, sc);

		v.reg[arg] = row[i].value;
		add(vectors, v);
	}
}

/* Each argument at the edges of what it can hold, the others nothing, everything, or
   memory that is there. */
static void
add_edges(struct vectors *vectors, const struct s2s_syscall *sc,
	  const struct vectors_wish *wish, unsigned *seen)
{
	const uint64_t memory = vectors_memory(sc->arch);
	const uint64_t others[] = {0, -1, memory, 1};
	const uint64_t edges[] = {0,
				  1,
				  -1,
				  8,
				  UINT32_MAX,
				  INT32_MAX,
				  UINT64_C(1) << 31,
				  UINT64_C(1) << 32,
				  UINT64_C(1) << 63,
				  memory,
				  memory + VECTORS_MEMORY_SIZE - 4};

	for (size_t o = 0; o < S2S_ARRAY_SIZE(others); o++)
		for (int arg = 0; arg < sc->nargs; arg++)
			for (size_t e = 0; e < S2S_ARRAY_SIZE(edges); e++) {
				struct vector v = {.sc = sc};

				if (++*seen % wish->share != wish->first)
					continue;
				for (int i = 0; i < S2S_ARGS_MAX; i++)
					v.reg[i] = i == arg ? edges[e] : others[o];
				add(vectors, v);
			}
}

void
vectors_make(struct vectors *vectors, const struct vectors_wish *wish)
{
	struct random r = {42 + wish->first + wish->seed, wish->arch};
	unsigned seen = 0;
	size_t n;
	const struct s2s_syscall *const *all = s2s_syscalls(wish->arch, &n);

	for (size_t i = 0; i < n; i++) {
		if (unmade_kills(all[i]))
			continue;
		for (unsigned k = 0; k < wish->rounds; k++)
			add(vectors, draw_vector(&r, all[i]));
		for (int arg = 0; arg < all[i]->nargs; arg++)
			add_constants(vectors, &r, all[i], arg);
		add_edges(vectors, all[i], wish, &seen);
	}
}

void
vectors_done(struct vectors *vectors)
{
	free(vectors->v);
}
