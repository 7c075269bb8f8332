/* SPDX-License-Identifier: MIT */
/* Values, calls and rules as people write them. What it writes for a value, bind reads
   back as the same value. */
#include "format/formats.h"
#include "kernel/constants.h"

#include <inttypes.h>

static bool
is_negative(const struct s2s_kind *kind, uint64_t value)
{
	return kind->is_signed && kind->width && (value >> (kind->width - 1) & 1);
}

static void
out_number(struct s2s_out *out, const struct s2s_kind *kind, uint64_t value)
{
	bool counts = kind->role == S2S_ROLE_QUANTITY ||
		      kind->role == S2S_ROLE_OBJECT || kind->role == S2S_ROLE_VARIANT;

	if (is_negative(kind, value))
		s2s_out_printf(out, "-%" PRIu64,
			       (0 - value) & s2s_width_mask(kind->width));
	else if (value == 0)
		s2s_out_char(out, '0');
	else if (kind->role == S2S_ROLE_MODE)
		s2s_out_printf(out, "0%" PRIo64, value);
	else
		s2s_out_printf(out, counts ? "%" PRIu64 : "0x%" PRIx64, value);
}

/* The rows of the kind's set, their values as the kind sees them. */
struct symbols {
	enum s2s_arch arch;
	const char *set;
	const struct s2s_constant *row;
	size_t n;
	uint64_t width;
};

static struct symbols
symbols_of(enum s2s_arch arch, const struct s2s_kind *kind)
{
	struct symbols s = {
	    .arch = arch, .set = kind->set, .width = s2s_width_mask(kind->width)};

	if (kind->set)
		s.row = s2s_constants(arch, kind->set, &s.n);
	return s;
}

/* The value of a row as the kind sees it. False where it does not fit: another kind
   has the same constants in more bits (CLONE_INTO_CGROUP). */
static bool
row_value(const struct symbols *s, size_t i, uint64_t *ret)
{
	uint64_t value = s->row[i].value, upper = value & ~s->width;

	*ret = value & s->width;
	return upper == 0 || upper == ~s->width;
}

/* Whether its name stands for this value alone: some drivers share names. */
static bool
is_clear(const struct symbols *s, size_t i)
{
	uint64_t value;

	return s2s_constant_value(s->arch, s->set, sv_from(s->row[i].name), &value) &&
	       value == s->row[i].value;
}

/* NULL where no row has exactly this value. */
static const char *
symbol(const struct symbols *s, uint64_t value)
{
	uint64_t v;

	for (size_t i = 0; i < s->n; i++)
		if (row_value(s, i, &v) && v == value && is_clear(s, i))
			return s->row[i].name;
	return NULL;
}

/* The row with the most bits of those that lie within `left`; NULL: none. */
static const struct s2s_constant *
largest_part(const struct symbols *s, uint64_t left)
{
	const struct s2s_constant *best = NULL;
	int best_bits = 0;

	for (size_t i = 0; i < s->n; i++) {
		uint64_t v;

		if (row_value(s, i, &v) && (v & ~left) == 0 &&
		    __builtin_popcountll(v) > best_bits && is_clear(s, i)) {
			best = &s->row[i];
			best_bits = __builtin_popcountll(v);
		}
	}
	return best;
}

/* O_RDONLY is 0 and yet a part of the word: no flag, but a value of a field. */
static bool
zero_speaks(const struct symbols *s, uint64_t value, const char **ret)
{
	enum { ACCESS = 3 };

	*ret = symbol(s, 0);
	return *ret && strcmp(*ret, "O_RDONLY") == 0 && (value & ACCESS) == 0;
}

static void
out_bits(struct s2s_out *out, const struct symbols *s, const struct s2s_kind *kind,
	 uint64_t value, const char *bar)
{
	const struct s2s_constant *part;

	while (value && (part = largest_part(s, value)) != NULL) {
		s2s_out_printf(out, "%s%s", bar, part->name);
		value &= ~part->value;
		bar = "|";
	}
	if (value || !*bar) {
		s2s_out_str(out, bar);
		out_number(out, kind, value);
	}
}

static void
out_flags(struct s2s_out *out, const struct symbols *s, const struct s2s_kind *kind,
	  uint64_t value)
{
	const char *zero;

	if (zero_speaks(s, value, &zero)) {
		s2s_out_str(out, zero);
		out_bits(out, s, kind, value, "|");
	} else {
		out_bits(out, s, kind, value, "");
	}
}

void
s2s_format_bits(struct s2s_out *out, enum s2s_arch arch, const struct s2s_kind *kind,
		uint64_t bits)
{
	struct symbols s = symbols_of(arch, kind);

	out_bits(out, &s, kind, bits & s.width, "");
}

/* "S_IFCHR|0666", "0644": nobody reads permissions as symbols. */
static void
out_mode(struct s2s_out *out, const struct symbols *s, const struct s2s_kind *kind,
	 uint64_t value)
{
	enum { TYPE = 0170000 };
	const char *type = value & TYPE ? symbol(s, value & TYPE) : NULL;

	if (type) {
		s2s_out_str(out, type);
		value &= ~(uint64_t)TYPE;
		if (value == 0)
			return;
		s2s_out_char(out, '|');
	}
	out_number(out, kind, value);
}

void
s2s_format_value(struct s2s_out *out, enum s2s_arch arch, const struct s2s_kind *kind,
		 uint64_t value)
{
	struct symbols s = symbols_of(arch, kind);
	const char *name;

	value &= s.width;
	name = symbol(&s, value);
	if (kind->role == S2S_ROLE_MODE)
		out_mode(out, &s, kind, value);
	else if (kind->role == S2S_ROLE_ADDRESS && value == 0)
		s2s_out_str(out, "NULL");
	else if (kind->is_flags && value && !is_negative(kind, value))
		out_flags(out, &s, kind, value);
	else if (name)
		s2s_out_str(out, name);
	else
		out_number(out, kind, value);
}

void
s2s_format_call(struct s2s_out *out, const struct s2s_syscall *sc,
		const struct s2s_arg *arg, const struct s2s_kind *const *kind)
{
	s2s_out_printf(out, "%s(", sc->name);
	for (int i = 0; i < sc->nargs; i++) {
		const struct s2s_kind *k = kind && kind[i] ? kind[i] : sc->arg[i].kind;

		if (i)
			s2s_out_str(out, ", ");
		switch (arg[i].state) {
		case S2S_ARG_UNKNOWN:
			s2s_out_str(out, "unknown");
			break;
		case S2S_ARG_ADDRESS:
			s2s_out_str(out, "address");
			break;
		case S2S_ARG_KNOWN:
			s2s_format_value(out, sc->arch, k, arg[i].value);
			break;
		}
	}
	s2s_out_char(out, ')');
}
