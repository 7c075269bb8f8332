/* SPDX-License-Identifier: MIT */
#include "parse/summary.h"

enum column { COLUMN_OTHER, COLUMN_CALLS, COLUMN_ERRORS, COLUMN_NAME };

/* strace 4.x prints the first, third to sixth; -U chooses and orders; wall-… since 7.1.
 */
static const struct {
	struct s2s_sv title;
	enum column column;
} titles[] = {
    {{"% time", 6}, COLUMN_OTHER},      {{"seconds", 7}, COLUMN_OTHER},
    {{"shortest", 8}, COLUMN_OTHER},    {{"longest", 7}, COLUMN_OTHER},
    {{"usecs/call", 10}, COLUMN_OTHER}, {{"calls", 5}, COLUMN_CALLS},
    {{"errors", 6}, COLUMN_ERRORS},     {{"syscall", 7}, COLUMN_NAME},
    {{"wall-total", 10}, COLUMN_OTHER}, {{"wall-min", 8}, COLUMN_OTHER},
    {{"wall-max", 8}, COLUMN_OTHER},    {{"wall-avg", 8}, COLUMN_OTHER},
};

static bool
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
is_not_blank(unsigned char c)
{
	return !is_blank(c);
}

static bool
title(struct s2s_sv *in, enum column *ret)
{
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		if (sv_eat(in, titles[i].title)) {
			*ret = titles[i].column;
			return in->n == 0 || is_blank((unsigned char)*in->p);
		}
	return false;
}

static bool
heading(struct s2s_sv in, struct summary *ret)
{
	bool named = false;

	ret->ncolumns = 0;
	for (sv_take(&in, is_blank); in.n; sv_take(&in, is_blank)) {
		enum column column;

		if (ret->ncolumns == SUMMARY_COLUMNS || !title(&in, &column) ||
		    (named && column == COLUMN_NAME))
			return false;
		named |= column == COLUMN_NAME;
		ret->column[ret->ncolumns++] = (uint8_t)column;
	}
	return named;
}

/* Output of the program without a newline at its end may stand before it. */
static bool
heading_in(struct s2s_sv line, struct summary *ret)
{
	const char *p = line.n ? memmem(line.p, line.n, "% time ", 7) : NULL;

	if (heading(line, ret))
		return true;
	if (!p)
		return false;
	sv_skip(&line, (size_t)(p - line.p));
	return heading(line, ret);
}

bool
summary_begins(struct s2s_sv line)
{
	struct summary summary;

	return heading_in(line, &summary) ||
	       sv_starts(line, SV("System call usage summary for "));
}

/* System call usage summary for 32 bit mode: */
static bool
mode(struct s2s_sv line, struct summary *ret)
{
	if (!sv_eat(&line, SV("System call usage summary for ")))
		return false;
	ret->arch = sv_starts(line, SV("32 bit")) ? SV("i386")
		    : sv_starts(line, SV("x32"))  ? SV("x32")
						  : SV("");
	ret->open = false;
	return true;
}

static bool
is_ruler(struct s2s_sv line)
{
	if (!sv_starts(line, SV("----")))
		return false;
	while (line.n && (*line.p == '-' || is_blank((unsigned char)*line.p)))
		sv_skip(&line, 1);
	return line.n == 0;
}

/* The fields of a row; between tabs one may be empty. */
static size_t
fields(struct s2s_sv in, struct s2s_sv ret[SUMMARY_COLUMNS + 1])
{
	bool tabs = memchr(in.p, '\t', in.n) != NULL;
	size_t n = 0;

	while (n <= SUMMARY_COLUMNS) {
		const char *tab;

		if (!tabs)
			sv_take(&in, is_blank);
		if (!tabs && !in.n)
			return n;
		tab = tabs ? memchr(in.p, '\t', in.n) : NULL;
		if (!tabs) {
			ret[n++] = sv_take(&in, is_not_blank);
			continue;
		}
		ret[n++] =
		    sv_trim((struct s2s_sv){in.p, tab ? (size_t)(tab - in.p) : in.n});
		if (!tab)
			return n;
		sv_skip(&in, ret[n - 1].n ? (size_t)(tab + 1 - in.p) : 1);
	}
	return n;
}

static bool
is_name(struct s2s_sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(scan_classes[(unsigned char)s.p[i]] & SCAN_NAME))
			return false;
	return s.n > 0 && !(scan_classes[(unsigned char)*s.p] & SCAN_DIGIT);
}

/* -nan: of no time at all, in versions before 4.9 */
static bool
is_figure(struct s2s_sv s)
{
	sv_eat_char(&s, '-');
	if (sv_equal(s, SV("nan")))
		return true;
	for (size_t i = 0; i < s.n; i++)
		if (!scan_among(s.p[i], SV("0123456789.,")))
			return false;
	return true;
}

/* Only the number of errors can be missing. */
static bool
row(const struct summary *t, struct s2s_sv line, struct s2s_event *ret)
{
	struct s2s_sv field[SUMMARY_COLUMNS + 1];
	size_t n = fields(line, field), at = 0;

	ret->name = (struct s2s_sv){0};
	ret->count = 1;
	if (n != t->ncolumns && n + 1 != t->ncolumns)
		return false;
	for (size_t i = 0; i < t->ncolumns; i++) {
		if (t->column[i] == COLUMN_ERRORS && n + 1 == t->ncolumns)
			continue;
		if (at == n)
			return false;
		if (t->column[i] == COLUMN_NAME)
			ret->name = field[at];
		else if (!is_figure(field[at]))
			return false;
		if (t->column[i] == COLUMN_CALLS &&
		    (!sv_to_u64(field[at], &ret->count) || ret->count == 0))
			return false;
		at++;
	}
	return at == n && is_name(ret->name);
}

/* 100.00    0.000107                   137        13 total */
static bool
is_total(struct s2s_sv line)
{
	struct s2s_sv word;

	while (line.n) {
		sv_take(&line, is_blank);
		word = sv_take(&line, is_not_blank);
		if (sv_equal(word, SV("total")))
			return true;
		if (word.n && !is_figure(word))
			return false;
	}
	return false;
}

enum summary_line
summary_line(struct summary *t, struct s2s_sv line, struct s2s_event *ret)
{
	struct summary begun = *t;

	while (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	if (mode(line, t))
		return SUMMARY_DECORATION;
	if (heading_in(line, &begun)) {
		*t = begun;
		t->open = true;
		return SUMMARY_DECORATION;
	}
	if (!t->open)
		return SUMMARY_OTHER;
	if (is_ruler(line))
		return SUMMARY_DECORATION;
	*ret = (struct s2s_event){.kind = S2S_EVENT_CALL,
				  .line = line,
				  .pid = -1,
				  .nr = -1,
				  .arch = t->arch,
				  .args_incomplete = true,
				  .unstarted = true};
	if (is_total(line)) {
		t->open = false;
		return SUMMARY_DECORATION;
	}
	if (!row(t, line, ret))
		return SUMMARY_MALFORMED;
	ret->place.column = (uint32_t)(ret->name.p - line.p + 1);
	return SUMMARY_CALL;
}
