/* SPDX-License-Identifier: MIT */
/* The arguments of a call, of doc/strace.peg: which text is whose, and of what kind. */
#include "parse/scan.h"

/* "file" [context], of --secontext */
static void
context(struct scan *s)
{
	const char *was = s->p;

	if (!scan_is(s, SCAN_BLANK))
		return;
	scan_run(s, SCAN_BLANK);
	if (!scan_array(s))
		s->p = was;
}

static enum s2s_text_kind
kind_of(struct s2s_sv text)
{
	switch (sv_peek(text)) {
	case '"':
		return S2S_TEXT_STRING;
	case '{':
		return S2S_TEXT_STRUCT;
	case '[':
		return S2S_TEXT_ARRAY;
	case '@':
	case '~':
		sv_skip(&text, 1);
		return kind_of(text);
	case '.':
	case '?':
	case '<':
		return S2S_TEXT_ELIDED;
	}
	return S2S_TEXT_EXPR;
}

/* The length of the key in "flags=O_RDONLY", or 0. */
static size_t
key_length(struct s2s_sv text)
{
	size_t n = 0;

	if (text.n && scan_classes[(unsigned char)*text.p] & SCAN_DIGIT)
		return 0;
	while (n < text.n && scan_classes[(unsigned char)text.p[n]] & SCAN_NAME)
		n++;
	if (n == 0 || n >= text.n || text.p[n] != '=')
		return 0;
	if (n + 1 < text.n && (text.p[n + 1] == '=' || text.p[n + 1] == '>'))
		return 0;
	return n;
}

/* The value behind the name that -N prints. It prints some twice, before or behind:
   times(buf=buf=NULL), get_thread_area(u_info=0x1051fu_info=); and flags=|0x900. */
static struct s2s_sv
named(struct s2s_sv text, size_t key)
{
	struct s2s_sv name = {text.p, key + 1};

	sv_skip(&text, key + 1);
	if (!sv_eat(&text, name) && sv_ends(text, name))
		text.n -= name.n;
	sv_eat_char(&text, '|');
	return text;
}

static void
keep(struct scan *s, struct s2s_sv text, size_t key, enum s2s_text_kind kind)
{
	struct s2s_arg_text *arg = &s->args[s->nargs];

	if (s->nargs == SCAN_ARGS_MAX)
		return;
	arg->name = (struct s2s_sv){text.p, key};
	if (key)
		text = named(text, key);
	arg->text = text;
	arg->kind = kind;
	arg->column = (uint32_t)(text.p - s->begin + 1);
	s->nargs++;
}

static void
keep_value(struct scan *s, struct s2s_sv text)
{
	size_t key = key_length(text);
	struct s2s_sv bare = key ? named(text, key) : text;

	keep(s, text, key, bare.n ? kind_of(bare) : S2S_TEXT_ELIDED);
}

/* Most arguments are numbers, flags and strings. The same text in the same way as
   argument(), only sooner; false: let it decide. */
static bool
plain_argument(struct scan *s)
{
	const char *from = s->p, *end;
	bool key;

	if (scan_at(s, '"')) {
		if (scan_string(s) && (scan_at(s, ',') || scan_at(s, ')'))) {
			keep(s, scan_since(s, from), 0, S2S_TEXT_STRING);
			return true;
		}
		return scan_back(s, from);
	}
	end = scan_plain_value(from, s->end, &key);
	if (!end)
		return false;
	s->p = end;
	keep(s, scan_since(s, from), key ? key_length(scan_since(s, from)) : 0,
	     S2S_TEXT_EXPR);
	return true;
}

/* "/" "* 23 entries *" "/" says nothing of the value; before one it is part of it. */
static bool
argument(struct scan *s)
{
	const char *start = s->p, *from = start, *was = start;
	bool commented = false;

	if (plain_argument(s))
		return true;
	while (scan_at(s, '/') && scan_comment(s)) {
		commented = true;
		was = s->p;
		scan_blanks(s);
	}
	if (!commented && scan_char(s, '|')) /* -X raw leaves it before flags */
		from++;
	if (scan_value(s)) {
		context(s);
		keep_value(s, scan_since(s, from));
		return true;
	}
	s->p = commented ? was : start;
	if (commented)
		keep(s, scan_since(s, from), 0, S2S_TEXT_ELIDED);
	return commented;
}

bool
scan_arguments(struct scan *s)
{
	const char *was;

	if (!argument(s))
		return false;
	for (;;) {
		was = s->p;
		scan_blanks(s);
		if (!scan_char(s, ','))
			break;
		scan_blanks(s);
		/* statx(3, "", , 0x7ff, …): no flags, with -X raw */
		if (scan_at(s, ','))
			keep(s, scan_since(s, s->p), 0, S2S_TEXT_EXPR);
		else if (!argument(s))
			break;
	}
	s->p = was;
	return true;
}

/* buf= of -N, cut before the value */
static void
only_name(struct scan *s, const char *end)
{
	if (s->nargs == 0 || s->p + 1 != end || *s->p != '=')
		return;
	s->args[s->nargs - 1].kind = S2S_TEXT_ELIDED;
	s->p = end;
}

bool
scan_cut_arguments(struct scan *s, const char *end)
{
	struct scan whole = *s;
	bool any, comma = false, clean;

	while (end > s->p && scan_classes[(unsigned char)end[-1]] & SCAN_BLANK)
		end--;
	s->end = end;
	scan_blanks(s);
	any = scan_arguments(s);
	only_name(s, end);
	scan_blanks(s);
	if (!any || (comma = scan_char(s, ','))) {
		struct s2s_sv rest;

		scan_blanks(s);
		rest = (struct s2s_sv){s->p, (size_t)(end - s->p)};
		if (rest.n && scan_among(*rest.p, SV("{[\"")))
			keep_value(s, rest);
		else if (rest.n && *rest.p != ')')
			keep(s, rest, 0, S2S_TEXT_ELIDED);
	}
	clean = s->p == end || (!comma && s->p + 1 == end && *s->p == ')');
	whole.nargs = s->nargs;
	*s = whole;
	return clean;
}
