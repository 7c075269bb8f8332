/* SPDX-License-Identifier: MIT */
#include "parse/profile.h"

#include "base/out.h"

static const struct s2s_sv heading = {"# strace2seccomp profile ", 25};

bool
profile_begins(struct s2s_sv line)
{
	return sv_starts(line, heading);
}

bool
profile_is_comment(struct s2s_sv line)
{
	line = sv_trim(line);
	if (sv_ends(line, SV("\r")))
		line.n--;
	if (sv_eat(&line, heading))
		return sv_equal(line, SV("1"));
	return sv_peek(line) == '#';
}

/* Decimal, at least 1. */
static bool
count(struct scan *s, uint64_t max, uint64_t *ret)
{
	const char *was = s->p;
	struct s2s_sv digits;

	scan_run(s, SCAN_DIGIT);
	digits = scan_since(s, was);
	while (digits.n > 1 && *digits.p == '0')
		sv_skip(&digits, 1);
	if (sv_to_u64(digits, ret) && *ret > 0 && *ret <= max &&
	    scan_run(s, SCAN_BLANK))
		return true;
	s->p = was;
	return scan_fail(s, "a number");
}

static bool
word(struct scan *s, struct s2s_sv *ret, const char *expected)
{
	const char *was = s->p;

	if (!scan_run(s, SCAN_NAME))
		return scan_fail(s, expected);
	*ret = scan_since(s, was);
	return true;
}

/* NAME(ARG, ARG) */
static bool
call(struct scan *s, struct s2s_event *ev)
{
	ev->place.column = (uint32_t)(s->p - s->begin + 1);
	if (!word(s, &ev->name, "the name of a call"))
		return false;
	if (!scan_char(s, '('))
		return scan_fail(s, "'(' after the name");
	scan_blanks(s);
	if (scan_arguments(s))
		scan_blanks(s);
	return scan_char(s, ')') || scan_fail(s, "')' after the arguments");
}

static int
hex_value(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Undoes s2s_out_escaped(): \xNN and \\ */
static void
out_unescaped(struct s2s_out *out, struct s2s_sv text)
{
	for (size_t i = 0; i < text.n; i++) {
		const char *p = text.p + i;
		size_t left = text.n - i;

		if (left > 1 && p[0] == '\\' && p[1] == '\\') {
			i++;
			s2s_out_char(out, '\\');
		} else if (left > 3 && p[0] == '\\' && p[1] == 'x' &&
			   scan_classes[(unsigned char)p[2]] & SCAN_HEX &&
			   scan_classes[(unsigned char)p[3]] & SCAN_HEX) {
			i += 3;
			s2s_out_char(out,
				     (char)(hex_value(p[2]) << 4 | hex_value(p[3])));
		} else {
			s2s_out_char(out, *p);
		}
	}
}

/* A NUL would end the name for all who read it. */
static const char *
file_name(struct s2s_atoms *atoms, struct s2s_sv text)
{
	struct s2s_out out;
	s2s_atom atom;

	s2s_out_memory(&out);
	out_unescaped(&out, text);
	atom = s2s_atom_intern(atoms, (struct s2s_sv){out.p, strnlen(out.p, out.n)});
	s2s_out_done(&out);
	return s2s_atom_text(atoms, atom).p;
}

/* # FILE:LINE */
static bool
first_place(struct scan *s, struct s2s_atoms *atoms, struct s2s_place *ret)
{
	const char *file, *colon;
	struct s2s_sv digits;

	scan_run(s, SCAN_BLANK);
	file = s->p;
	while (s->p < s->end && !scan_among(*s->p, SV(" \t\r")))
		s->p++;
	colon = memrchr(file, ':', (size_t)(s->p - file));
	if (!colon || colon == file) {
		s->p = file;
		return scan_fail(s, "FILE:LINE after '#'");
	}
	digits = scan_since(s, colon + 1);
	while (digits.n > 1 && *digits.p == '0')
		sv_skip(&digits, 1);
	if (!sv_to_u64(digits, &ret->line) || *digits.p == '-') {
		s->p = colon + 1;
		return scan_fail(s, "the number of a line");
	}
	ret->file = file_name(atoms, (struct s2s_sv){file, (size_t)(colon - file)});
	if (*ret->file == 0) {
		s->p = file;
		return scan_fail(s, "the name of a file, which no NUL begins");
	}
	return true;
}

static bool
line_rest(struct scan *s, struct profile *profile, struct s2s_event *ev)
{
	scan_blanks(s);
	if (scan_text(s, SV("launcher"))) {
		if (!sv_starts(ev->name, SV("execve")))
			return scan_fail(s,
					 "'launcher' behind execve or execveat only");
		ev->launcher = true;
		scan_blanks(s);
	}
	if (scan_char(s, '#') && !first_place(s, profile->atoms, &ev->first))
		return false;
	scan_blanks(s);
	return s->p == s->end || scan_fail(s, "the end of the line");
}

static bool
whole_line(struct scan *s, struct profile *profile, struct s2s_event *ev)
{
	uint64_t runs;

	scan_blanks(s);
	if (!count(s, UINT64_MAX, &ev->count) || !count(s, UINT32_MAX, &runs))
		return false;
	if (runs > ev->count)
		return scan_fail(s, "no more runs than calls");
	ev->runs = (uint32_t)runs;
	if (!word(s, &ev->arch, "the name of an architecture"))
		return false;
	if (!scan_run(s, SCAN_BLANK))
		return scan_fail(s, "a space");
	return call(s, ev) && line_rest(s, profile, ev);
}

static void
set_kinds(struct s2s_arg_text *args, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sv_equal(args[i].text, SV("address")))
			args[i].kind = S2S_TEXT_ADDRESS;
		else if (sv_equal(args[i].text, SV("unknown")))
			args[i].kind = S2S_TEXT_ELIDED;
}

bool
profile_line(struct profile *profile, struct s2s_sv line,
	     const struct s2s_limits *limits, struct s2s_arg_text *args,
	     struct s2s_event *ret, struct s2s_syntax_error *ret_error)
{
	struct s2s_event ev = {
	    .kind = S2S_EVENT_CALL, .pid = -1, .nr = -1, .line = line};
	struct scan s;

	if (profile_begins(line)) {
		*ret_error = (struct s2s_syntax_error){(uint32_t)heading.n + 1,
						       "version 1", S2S_DIAG_PROFILE};
		return false;
	}
	scan_init(&s, line, limits->nesting, args);
	if (!whole_line(&s, profile, &ev)) {
		*ret_error = scan_error(&s);
		if (ret_error->id == S2S_DIAG_SYNTAX)
			ret_error->id = S2S_DIAG_PROFILE;
		return false;
	}
	set_kinds(args, s.nargs);
	ev.args = args;
	ev.nargs = s.nargs;
	*ret = ev;
	return true;
}
