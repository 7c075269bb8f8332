/* SPDX-License-Identifier: MIT */
#include "select/fact.h"

enum { CLONE_THREAD_BIT = 0x10000, PR_SET_NAME_NUMBER = 15, OCTAL_MAX = 3 };

static int
digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

/* \x41 \101 \n \" \\ behind the backslash */
static char
escaped(struct s2s_sv *in)
{
	static const char letters[] = "tnvfr", bytes[] = "\t\n\v\f\r";
	int c = sv_peek(*in), value = 0;
	const char *at;

	sv_skip(in, 1);
	if (c == 'x') {
		for (int i = 0; i < 2 && digit(sv_peek(*in)) < 16; i++) {
			value = value * 16 + digit(sv_peek(*in));
			sv_skip(in, 1);
		}
		return (char)value;
	}
	if (digit(c) < 8) {
		value = digit(c);
		for (int i = 1; i < OCTAL_MAX && digit(sv_peek(*in)) < 8; i++) {
			value = value * 8 + digit(sv_peek(*in));
			sv_skip(in, 1);
		}
		return (char)value;
	}
	at = c ? strchr(letters, c) : NULL;
	return at ? bytes[at - letters] : (char)c;
}

bool
fact_string(struct s2s_sv in, struct s2s_out *out)
{
	if (!sv_eat_char(&in, '"'))
		return false;
	while (in.n && in.p[0] != '"') {
		bool hidden = sv_eat_char(&in, '\\');

		if (hidden && in.n == 0)
			return false;
		if (hidden) {
			s2s_out_char(out, escaped(&in));
			continue;
		}
		s2s_out_char(out, in.p[0]);
		sv_skip(&in, 1);
	}
	return sv_eat_char(&in, '"') && !sv_starts(in, SV("..."));
}

static bool
name_is(const struct s2s_event *ev, const char *name)
{
	return sv_equal(ev->name, sv_from(name));
}

/* The first place of `text` behind which a needle stands; false where there is none. */
static bool
find(struct s2s_sv text, struct s2s_sv needle, struct s2s_sv *ret_behind)
{
	const char *p = text.n ? memmem(text.p, text.n, needle.p, needle.n) : NULL;

	if (!p)
		return false;
	p += needle.n;
	*ret_behind = (struct s2s_sv){p, (size_t)(text.p + text.n - p)};
	return true;
}

static bool
is_word(unsigned char c)
{
	return c == '_' || c == '|' || digit(c) < 10 ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Words of flags, by name or by number (-X raw). */
static bool
has_thread_flag(struct s2s_sv flags)
{
	struct s2s_sv word = sv_take(&flags, is_word), behind;
	uint64_t number;

	if (sv_to_u64(word, &number))
		return number & CLONE_THREAD_BIT;
	return find(word, SV("CLONE_THREAD"), &behind);
}

static bool
makes_thread(const struct s2s_event *ev)
{
	struct s2s_sv flags;

	for (size_t i = 0; i < ev->nargs; i++) {
		if (sv_equal(ev->args[i].name, SV("flags")))
			return has_thread_flag(ev->args[i].text);
		if (ev->args[i].kind == S2S_TEXT_STRUCT &&
		    find(ev->args[i].text, SV("flags="), &flags))
			return has_thread_flag(flags);
	}
	return false;
}

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool
number(struct s2s_sv text, int64_t *ret)
{
	struct s2s_sv digits = sv_take(&text, is_digit);
	uint64_t n;

	/* A leading 0 would be octal. */
	if (digits.n == 0 || digits.n > 10 || digits.p[0] == '0' ||
	    !sv_to_u64(digits, &n))
		return false;
	*ret = (int64_t)n;
	return true;
}

/* = 2 (24192 in strace's PID NS, in a comment): of the second the lines of the child
   tell. */
static bool
translated(struct s2s_sv line, int64_t *ret)
{
	static const struct s2s_sv mark = {" in strace's PID NS */", 22};
	const char *p = line.n ? memmem(line.p, line.n, mark.p, mark.n) : NULL,
		   *from = p;

	while (from && from > line.p && is_digit((unsigned char)from[-1]))
		from--;
	return from && number((struct s2s_sv){from, (size_t)(p - from)}, ret);
}

bool
fact_child(const struct s2s_event *ev, int64_t *ret_tid, bool *ret_thread)
{
	if (!ev->has_result || !s2s_event_makes_process(ev))
		return false;
	*ret_thread = ev->name.p[0] == 'c' && makes_thread(ev);
	return number(ev->result, ret_tid) &&
	       (translated(ev->line, ret_tid) || *ret_tid > 0);
}

static s2s_atom
interned(struct s2s_sv printed, size_t max, struct s2s_atoms *atoms)
{
	struct s2s_out out;
	s2s_atom atom = 0;

	s2s_out_memory(&out);
	if (fact_string(printed, &out)) {
		/* A NUL ends what the kernel reads. */
		size_t n = strnlen(out.n ? out.p : "", out.n);

		atom =
		    s2s_atom_intern(atoms, (struct s2s_sv){out.p, n < max ? n : max});
	}
	s2s_out_done(&out);
	return atom;
}

/* 3</usr/bin/ls>: of an execveat by descriptor */
static s2s_atom
decoration(struct s2s_sv text, struct s2s_atoms *atoms)
{
	if (!find(text, SV("<"), &text) || text.n == 0 || text.p[text.n - 1] != '>')
		return 0;
	return s2s_atom_intern(atoms, (struct s2s_sv){text.p, text.n - 1});
}

bool
fact_exec(const struct s2s_event *ev, struct s2s_atoms *atoms, s2s_atom *ret_exe)
{
	bool at = name_is(ev, "execveat");
	size_t path = at ? 1 : 0;

	if (!(at || name_is(ev, "execve")) || !sv_equal(ev->result, SV("0")))
		return false;
	*ret_exe =
	    ev->nargs > path ? interned(ev->args[path].text, SIZE_MAX, atoms) : 0;
	if (at && *ret_exe == 0 && ev->nargs > 0)
		*ret_exe = decoration(ev->args[0].text, atoms);
	return true;
}

bool
fact_comm(const struct s2s_event *ev, struct s2s_atoms *atoms, s2s_atom *ret_comm)
{
	struct s2s_sv op;
	uint64_t value;

	if (!name_is(ev, "prctl") || ev->nargs < 2 || !sv_equal(ev->result, SV("0")))
		return false;
	op = ev->args[0].text;
	if (!sv_starts(op, SV("PR_SET_NAME"))) {
		op = sv_take(&op, is_word);
		if (!sv_to_u64(op, &value) || value != PR_SET_NAME_NUMBER)
			return false;
	}
	*ret_comm = interned(ev->args[1].text, COMM_MAX, atoms);
	return *ret_comm != 0;
}

s2s_atom
fact_called(const struct s2s_event *ev, struct s2s_atoms *atoms)
{
	struct s2s_sv in = ev->called;
	struct s2s_out out;
	s2s_atom atom = 0;

	if (!in.n)
		return 0;
	s2s_out_memory(&out);
	while (in.n) {
		bool hidden = in.n > 1 && sv_eat_char(&in, '\\');

		s2s_out_char(&out, hidden ? escaped(&in) : in.p[0]);
		if (!hidden)
			sv_skip(&in, 1);
	}
	atom = s2s_atom_intern(atoms, s2s_out_text(&out));
	s2s_out_done(&out);
	return atom;
}

struct s2s_sv
fact_basename(struct s2s_sv path)
{
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;

	if (slash)
		sv_skip(&path, (size_t)(slash + 1 - path.p));
	return path;
}

s2s_atom
fact_comm_of_exe(s2s_atom exe, struct s2s_atoms *atoms)
{
	struct s2s_sv name = fact_basename(s2s_atom_text(atoms, exe));

	if (name.n > COMM_MAX)
		name.n = COMM_MAX;
	return s2s_atom_intern(atoms, name);
}
