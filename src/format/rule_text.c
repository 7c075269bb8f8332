/* SPDX-License-Identifier: MIT */
/* A rule of a policy as messages and comments show it: "fd 3..5, cmd in {F_GETFL,
   F_SETFL}". */
#include "format/formats.h"

#include <inttypes.h>

enum { ELEMENTS_MAX = 12 }; /* of a list; the rest is only counted */

struct place_of_set {
	enum s2s_arch arch;
	const struct s2s_kind *kind;
	bool symbolic; /* the kind explains all bits that are compared */
};

static void
out_value(struct s2s_out *out, const struct place_of_set *at, uint64_t value)
{
	if (at->symbolic)
		s2s_format_value(out, at->arch, at->kind, value);
	else
		s2s_out_printf(out, "0x%" PRIx64, value);
}

/* A range of flag words is one of numbers. */
static void
out_range(struct s2s_out *out, const struct place_of_set *at, struct s2s_interval iv)
{
	if (iv.lo == iv.hi) {
		out_value(out, at, iv.lo);
	} else if (at->kind->is_flags) {
		s2s_out_printf(out, "0x%" PRIx64 "..0x%" PRIx64, iv.lo, iv.hi);
	} else {
		out_value(out, at, iv.lo);
		s2s_out_str(out, "..");
		out_value(out, at, iv.hi);
	}
}

/* The intervals in the argument's own order: negative numbers first, and -5..5 in one
   piece though its halves lie at the two ends of the register. */
struct ordered {
	const struct s2s_set *set;
	size_t n, start;
	bool joined; /* the last and the first are one */
};

static struct ordered
in_order(const struct s2s_set *set, const struct place_of_set *at)
{
	struct ordered o = {.set = set, .n = set->n};
	uint64_t top = s2s_width_mask(at->kind->width);

	if (!at->kind->is_signed || set->mask != top)
		return o;
	while (o.start < set->n && set->iv[o.start].lo <= top >> 1)
		o.start++;
	o.joined = set->n > 1 && set->iv[0].lo == 0 && set->iv[set->n - 1].hi == top;
	o.n -= o.joined;
	return o;
}

static struct s2s_interval
nth(const struct ordered *o, size_t i)
{
	size_t all = o->set->n, negative = all - o->start;
	struct s2s_interval iv;

	/* start == n: none is negative, the order is that of the set. */
	if (o->joined && i + 1 == negative)
		return (struct s2s_interval){o->set->iv[all - 1].lo, o->set->iv[0].hi};
	iv = o->set->iv[(i + o->start + (o->joined && i >= negative)) % all];
	return iv;
}

static void
out_intervals(struct s2s_out *out, const struct s2s_set *set,
	      const struct place_of_set *at)
{
	struct ordered o = in_order(set, at);

	if (o.n == 1) {
		out_range(out, at, nth(&o, 0));
		return;
	}
	s2s_out_str(out, "in {");
	for (size_t i = 0; i < o.n && i < ELEMENTS_MAX; i++) {
		if (i)
			s2s_out_str(out, ", ");
		out_range(out, at, nth(&o, i));
	}
	if (o.n > ELEMENTS_MAX)
		s2s_out_printf(out, ", and %zu more", o.n - ELEMENTS_MAX);
	s2s_out_char(out, '}');
}

static void
out_set(struct s2s_out *out, const struct s2s_set *set, const struct place_of_set *at)
{
	uint64_t free = s2s_width_mask(at->kind->width) & ~set->mask;

	out_intervals(out, set, at);
	if (free && at->symbolic) {
		s2s_out_str(out, " (");
		if (at->kind->role == S2S_ROLE_MODE)
			s2s_out_printf(out, "0%" PRIo64, free);
		else if (at->kind->is_flags)
			s2s_format_bits(out, at->arch, at->kind, free);
		else
			s2s_out_printf(out, "0x%" PRIx64, free);
		s2s_out_str(out, " free)");
	}
}

void
s2s_format_rule_kinds(const struct s2s_syscall *sc, const struct s2s_rule *rule,
		      const struct s2s_kind *ret[S2S_ARGS_MAX])
{
	bool known[S2S_ARGS_MAX] = {false};
	uint64_t value[S2S_ARGS_MAX] = {0};

	for (int i = 0; i < sc->nargs; i++) {
		const struct s2s_set *set = &rule->arg[i];

		known[i] = set->n == 1 && set->mask && set->iv[0].lo == set->iv[0].hi;
		value[i] = known[i] ? set->iv[0].lo : 0;
	}
	s2s_syscall_kinds(sc, known, value, ret);
}

void
s2s_format_rule(struct s2s_out *out, const struct s2s_syscall *sc,
		const struct s2s_rule *rule)
{
	const struct s2s_kind *kind[S2S_ARGS_MAX];
	const char *comma = "";

	s2s_format_rule_kinds(sc, rule, kind);
	for (int i = 0; i < sc->nargs; i++) {
		struct place_of_set at = {sc->arch, kind[i], true};

		if (s2s_set_is_any(&rule->arg[i]))
			continue;
		at.symbolic = !(rule->arg[i].mask & ~s2s_width_mask(kind[i]->width));
		s2s_out_printf(out, "%s%s ", comma, sc->arg[i].name);
		out_set(out, &rule->arg[i], &at);
		comma = ", ";
	}
	if (!*comma)
		s2s_out_str(out, "any arguments");
}
