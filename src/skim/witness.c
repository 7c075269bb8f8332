/* SPDX-License-Identifier: MIT */
/* What canon.h leaves out are strings and paths whose ends are found in the same way by
   the grammar, digits behind digits, and blanks where the grammar takes any number of
   them: the grammar reads another line of the same canonical text in the same way, if
   it read this one so. What remains to be seen is that, and that none of it is in an
   argument whose value counts. */
#include "skim/witness.h"

#include "bind/bind.h"
#include "skim/canon.h"
#include "skim/prefix.h"

struct walk {
	const struct s2s_event *ev;
	const struct s2s_call *call;
	const char *begin, *p, *end; /* of the line */
};

/* The argument around p, or NULL. */
static const struct s2s_arg_text *
argument_at(const struct walk *w, const char *p)
{
	for (size_t i = 0; i < w->ev->nargs; i++) {
		const struct s2s_arg_text *arg = &w->ev->args[i];
		const char *from = arg->name.n ? arg->name.p : arg->text.p;

		if (p >= from && p < arg->text.p + arg->text.n)
			return arg;
	}
	return NULL;
}

/* The register that it was bound to, or -1. */
static int
register_of(const struct walk *w, const struct s2s_arg_text *arg)
{
	ptrdiff_t printed = arg - w->ev->args;

	for (int i = 0; i < w->call->sc->nargs; i++)
		if (w->call->printed[i] == printed + 1)
			return i;
	return -1;
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* Behind a comment that nothing else could be taken for, or NULL. */
static const char *
comment(const char *p, const char *end)
{
	for (p += 2; p < end && (is_word(*p) || *p == ' ' || *p == '?'); p++)
		continue;
	return end - p >= 2 && p[0] == '*' && p[1] == '/' ? p + 2 : NULL;
}

static bool
is_of_date(char c)
{
	return (c >= '0' && c <= '9') || c == ' ' || c == '-' || c == ':' || c == '.' ||
	       c == '+' || c == 'T';
}

/* Behind a comment that is a date, or NULL. */
static const char *
date(const char *p, const char *end)
{
	for (p += 2; p < end && is_of_date(*p); p++)
		continue;
	return end - p >= 2 && p[0] == '*' && p[1] == '/' ? p + 2 : NULL;
}

/* 0x7f0012345678, with a comment behind it, whole. */
static bool
is_address(struct s2s_sv text, const char *from, const char *to)
{
	const char *end = text.p + text.n;

	if (from != text.p + 2 || *text.p != '0')
		return false;
	if (end - to > 3 && to[0] == ' ' && to[1] == '/' && to[2] == '*')
		to = comment(to + 1, end);
	return to == end;
}

/* 3</tmp/x>, AT_FDCWD</tmp> */
static bool
is_decorated(struct s2s_sv text, const char *from, const char *to)
{
	for (const char *p = text.p; p < from - 1; p++)
		if (!is_word(*p))
			return false;
	return to + 1 == text.p + text.n && *to == '>';
}

/* May `rule` leave out what stands from p to `to` of that argument? */
static bool
is_free(const struct walk *w, const struct s2s_arg_text *arg, enum canon_rule rule,
	const char *to)
{
	int reg = register_of(w, arg);
	enum s2s_arg_state state;

	if (reg < 0 || to > arg->text.p + arg->text.n || w->p < arg->text.p)
		return false;
	state = w->call->arg[reg].state;
	switch (arg->kind) {
	case S2S_TEXT_STRING:
	case S2S_TEXT_STRUCT:
	case S2S_TEXT_ARRAY:
		return state == S2S_ARG_ADDRESS;
	case S2S_TEXT_EXPR:
		if (arg->name.n)
			return false;
		if (rule == CANON_ADDRESS)
			return state == S2S_ARG_ADDRESS &&
			       !s2s_syscall_decides(w->call->sc, reg) &&
			       is_address(arg->text, w->p, to);
		return rule == CANON_PATH && state == S2S_ARG_KNOWN &&
		       is_decorated(arg->text, w->p, to);
	case S2S_TEXT_ELIDED:
	case S2S_TEXT_ADDRESS:
		break;
	}
	return false;
}

/* Inside of what is no value of the call. */
static bool
is_pointed_to(const struct walk *w, const struct s2s_arg_text *arg)
{
	return arg && (arg->kind == S2S_TEXT_STRUCT || arg->kind == S2S_TEXT_ARRAY) &&
	       is_free(w, arg, CANON_KEPT, w->p);
}

/* A blank behind a bracket stands for any number of them. */
static bool
may_be_gap(const struct walk *w, const struct s2s_arg_text *arg)
{
	return !arg || arg->kind == S2S_TEXT_STRUCT || arg->kind == S2S_TEXT_ARRAY ||
	       w->p[0] != ' ' || w->p[-1] != ')';
}

static bool
step(struct walk *w)
{
	const struct s2s_arg_text *arg = argument_at(w, w->p);
	const char *to;
	enum canon_rule rule = canon_rule_at(w->begin, w->p, w->end, &to);

	if (!to || *w->p == '\'' || !may_be_gap(w, arg))
		return false;
	if (rule == CANON_KEPT && w->end - w->p > 1 && w->p[0] == '/' &&
	    w->p[1] == '*') {
		to = comment(w->p, w->end);
		if (!to && is_pointed_to(w, arg))
			to = date(w->p, w->end);
	}
	if (!to || (rule != CANON_KEPT && arg && !is_free(w, arg, rule, to)))
		return false;
	w->p = to;
	return true;
}

static bool
is_plain_name(struct s2s_sv name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!is_word(name.p[i]))
			return false;
	return !sv_starts(name, SV("syscall_")) && !sv_starts(name, SV("SYS_"));
}

/* The parser wants to know what makes a process; what came of that matters. */
static bool
makes_a_process(struct s2s_sv name)
{
	return sv_equal(name, SV("fork")) || sv_equal(name, SV("vfork")) ||
	       sv_starts(name, SV("clone"));
}

static bool
is_exec(struct s2s_sv name)
{
	return sv_starts(name, SV("exec"));
}

/* The parser wants to know what a process becomes. skim.c sees that by itself where the
   line begins with the name, and ends with the result. */
static bool
may_execute(const struct s2s_event *ev)
{
	return !is_exec(ev->name) ||
	       (!ev->joined && ev->nr < 0 && sv_equal(ev->result, SV("0")) &&
		ev->result.p + ev->result.n == ev->line.p + ev->line.n);
}

/* write(1, "…", 12) = 12 */
static bool
find_echo(const struct s2s_event *ev, uint8_t *ret)
{
	const struct s2s_arg_text *count = &ev->args[2];

	*ret = 0;
	if (!sv_equal(ev->name, SV("write")))
		return true;
	if (ev->joined || ev->nargs != 3 || count->name.n || count->text.n > 16 ||
	    !sv_equal(count->text, ev->result) ||
	    ev->result.p + ev->result.n != ev->line.p + ev->line.n)
		return false;
	*ret = (uint8_t)count->text.n;
	return true;
}

const struct s2s_sv s2s_skim_cut = {" <unfinished ...>", 17};

static bool
is_hex_or_x(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == 'x';
}

/* Each half was canonized alone: nothing that a rule takes may go on in the other. */
static bool
is_clean_seam(const struct walk *w, const char *seam)
{
	return seam > w->ev->name.p && seam < w->end &&
	       !(is_hex_or_x(seam[-1]) && is_hex_or_x(*seam));
}

/* Of these the parser reads how they begin and end, where nothing is left out; of a
   frame, how it begins. */
bool
s2s_witness_told(enum s2s_told told, struct s2s_sv text)
{
	switch (told) {
	case S2S_TOLD_SIGNAL:
		return sv_starts(text, SV("--- SIG")) && sv_ends(text, SV("} ---"));
	case S2S_TOLD_END:
		return sv_starts(text, SV("+++ exited with ")) &&
		       sv_ends(text, SV(" +++"));
	case S2S_TOLD_NOTE:
		break;
	}
	return s2s_skim_is_frame(text.p, text.p + text.n);
}

bool
s2s_witness_begin(const struct s2s_line *line, const struct s2s_begin *begin)
{
	const char *p = line->text.p + begin->name_at, *to;
	const char *cut = line->text.p + begin->n, *last = cut;
	struct s2s_sv name = {p, begin->name_n};

	if (!sv_ends(line->text, s2s_skim_cut) ||
	    line->text.n != begin->n + s2s_skim_cut.n || !is_plain_name(name) ||
	    makes_a_process(name) || is_exec(name))
		return false;
	while (p < cut) {
		enum canon_rule rule =
		    canon_rule_at(line->text.p, p, line->text.p + line->text.n, &to);

		if (!to || (rule != CANON_KEPT && p < name.p + name.n))
			return false;
		p = to;
	}
	while (last[-1] == ' ')
		last--;
	return p == cut && last[-1] != ')';
}

bool
s2s_witness(const struct s2s_event *ev, const struct s2s_call *call, uint8_t *ret_echo)
{
	enum { ARGS_MAX = 16 };
	struct walk w = {
	    .ev = ev,
	    .call = call,
	    .begin = ev->line.p,
	    .p = ev->name.p,
	    .end = ev->line.p + ev->line.n,
	};
	const char *seam = ev->joined ? ev->line.p + ev->seam : w.p;
	bool met = false;

	if (ev->kind != S2S_EVENT_CALL || !ev->has_result || ev->args_incomplete ||
	    ev->broken || (ev->nr >= 0 && ev->joined) || ev->arch.n || ev->runs ||
	    ev->nargs > ARGS_MAX || call->launcher || call->count != 1 ||
	    !is_plain_name(ev->name) || makes_a_process(ev->name) || !may_execute(ev) ||
	    !find_echo(ev, ret_echo))
		return false;
	if (ev->joined && !is_clean_seam(&w, seam))
		return false;
	while (w.p < w.end) {
		met |= w.p == seam;
		if (!step(&w))
			return false;
	}
	return met;
}
