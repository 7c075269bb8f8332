/* SPDX-License-Identifier: MIT */
/* Values in generated C: by the names that every C library has, or as numbers. */
#include "format/c_text.h"
#include "format/formats.h"
#include "kernel/constants.h"

#include <inttypes.h>

static const struct symbol {
	const char *name, *header;
} symbols[] = {
#define X(name, header) {#name, header},
#include "c_symbols.inc"
#undef X
};

static const struct symbol *
find(struct s2s_sv name)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(symbols); i++)
		if (sv_equal(sv_from(symbols[i].name), name))
			return &symbols[i];
	return NULL;
}

static bool
is_not_bar(unsigned char c)
{
	return c != '|';
}

/* One part of "A|B|0x10": by name, or what it stands for. */
static bool
out_part(struct s2s_out *out, const struct s2s_kind *kind, enum s2s_arch arch,
	 struct s2s_sv part, struct s2s_c_headers *headers)
{
	const struct symbol *symbol = find(part);
	uint64_t value;

	if (symbol) {
		s2s_c_header_add(headers, symbol->header);
		s2s_out_sv(out, part);
		return true;
	}
	if (!s2s_constant_value(arch, kind->set, part, &value) &&
	    !sv_to_u64(part, &value))
		return false;
	s2s_out_printf(out, "0x%" PRIx64, value & s2s_width_mask(kind->width));
	return true;
}

static bool
out_symbols(struct s2s_out *out, const struct s2s_kind *kind, enum s2s_arch arch,
	    struct s2s_sv text, struct s2s_c_headers *headers)
{
	const char *bar = "";

	do {
		s2s_out_str(out, bar);
		if (!out_part(out, kind, arch, sv_take(&text, is_not_bar), headers))
			return false;
		bar = " | ";
	} while (sv_eat_char(&text, '|'));
	return true;
}

/* Decimal and octal numbers are as readable in C; a literal has no room for 2^63. */
static bool
is_c_number(struct s2s_sv text)
{
	uint64_t value;

	if (!sv_to_u64(text, &value))
		return false;
	return sv_peek(text) == '-' ? value != UINT64_C(1) << 63 : value <= INT64_MAX;
}

static bool
names_something(struct s2s_sv text)
{
	while (text.n) {
		if (find(sv_take(&text, is_not_bar)))
			return true;
		sv_eat_char(&text, '|');
	}
	return false;
}

void
s2s_c_value(struct s2s_out *out, enum s2s_arch arch, const struct s2s_kind *kind,
	    const struct s2s_scmp_range *range, uint64_t value,
	    struct s2s_c_headers *headers)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out text, c;
	uint64_t width = s2s_width_mask(kind->width);
	bool whole = range->mask == width && kind->width >= 32;
	bool bits = kind->is_flags && (range->mask & ~width) == 0;

	s2s_out_memory(&text);
	s2s_out_memory(&c);
	if ((whole || bits) && arch == S2S_ARCH_X86_64)
		s2s_format_value(&text, arch, kind, value);
	if (whole && is_c_number(s2s_out_text(&text)))
		s2s_out_sv(out, s2s_out_text(&text));
	else if ((range->lo == range->hi || !kind->is_flags) &&
		 names_something(s2s_out_text(&text)) &&
		 out_symbols(&c, kind, arch, s2s_out_text(&text), headers))
		s2s_out_sv(out, s2s_out_text(&c));
	else
		s2s_out_printf(out, "0x%" PRIx64, value);
}

void
s2s_c_header_add(struct s2s_c_headers *headers, const char *name)
{
	size_t at = 0;

	while (at < headers->n && strcmp(headers->name[at], name) < 0)
		at++;
	if (at < headers->n && strcmp(headers->name[at], name) == 0)
		return;
	memmove(&headers->name[at + 1], &headers->name[at],
		(headers->n - at) * sizeof *headers->name);
	headers->name[at] = name;
	headers->n++;
}
