/* SPDX-License-Identifier: MIT */
/* Printed arguments to registers: which one each is, and what the kernel reads of it.
 */
#include "base/out.h"
#include "bind/expr.h"
#include "bind/steps.h"

#include <assert.h>

enum { ROUNDS_MAX = 4 };

/* One register while its call is being bound. */
struct reg {
	const struct s2s_arg_text *text; /* NULL: not printed */
	uint8_t
	    shift; /* of the value that was printed: what stands below is not in it */
	enum s2s_expr_fault fault;
	struct s2s_sv where;
	bool more; /* the text has another value beside the one picked */
};

struct work {
	const struct s2s_event *ev;
	struct s2s_diag *diag;
	struct s2s_bind_counts *counts;
	struct s2s_cache *cache;
	struct s2s_call *call;
	unsigned pick; /* of several values that a text may have */
	struct reg reg[S2S_ARGS_MAX];
	bool known[S2S_ARGS_MAX]; /* selectors placed so far: the order hangs on them */
	uint64_t value[S2S_ARGS_MAX];
};

/* 3, -1, 0x7f1200, 4096, and 3</path>, the bulk of every log. */
static bool
plain_number(struct s2s_sv s, uint64_t *ret)
{
	enum { SAFE_DECIMALS = 18, SAFE_HEX = 16 };
	bool negative = sv_eat_char(&s, '-'), hex = sv_eat(&s, SV("0x"));
	uint64_t value = 0;
	size_t i = 0;

	if (hex)
		for (; i < s.n && i <= SAFE_HEX; i++) {
			unsigned c = (unsigned char)s.p[i];

			if (c - '0' < 10)
				value = value << 4 | (c - '0');
			else if (c - 'a' < 6)
				value = value << 4 | (c - 'a' + 10);
			else
				break;
		}
	else
		for (; i < s.n && i <= SAFE_DECIMALS; i++) {
			unsigned digit = (unsigned)(unsigned char)s.p[i] - '0';

			if (digit > 9)
				break;
			value = value * 10 + digit;
		}
	if (i == 0 || i > (hex ? SAFE_HEX : SAFE_DECIMALS) ||
	    (!hex && s.p[0] == '0' && i > 1))
		return false;
	if (i < s.n && (s.p[i] != '<' || s.p[s.n - 1] != '>' || s.p[i + 1] == '<'))
		return false;
	*ret = negative ? -value : value;
	return true;
}

static struct s2s_arg
fault(struct reg *reg, enum s2s_expr_fault why, struct s2s_sv where)
{
	reg->fault = why;
	reg->where = where;
	return (struct s2s_arg){.state = S2S_ARG_UNKNOWN};
}

/* AT_FDCWD</tmp>: paths differ, what stands before them does not. */
static struct s2s_sv
undecorated(struct s2s_sv s)
{
	const char *open = s.n && s.p[s.n - 1] == '>' ? memchr(s.p, '<', s.n) : NULL;

	if (open && open[1] != '<' && !memchr(s.p, '(', (size_t)(open - s.p)))
		s.n = (size_t)(open - s.p);
	return s;
}

static bool
eval(const struct work *w, const struct s2s_kind *kind, struct s2s_sv text,
     struct reg *reg, uint64_t *ret)
{
	struct s2s_expr e = {
	    .in = text, .arch = w->call->sc->arch, .set = kind->set, .pick = w->pick};
	bool known = s2s_expr_eval(&e, ret);

	reg->more = e.more;
	if (known)
		return true;
	fault(reg, e.fault, e.where);
	return false;
}

static bool
value_of(const struct work *w, struct reg *reg, const struct s2s_kind *kind,
	 uint64_t *ret)
{
	struct s2s_sv all = reg->text->text, text;
	struct s2s_cache_entry *entry;

	if (plain_number(all, ret))
		return true;
	text = undecorated(all);
	entry = s2s_cache_slot(w->cache, kind, text);
	if (s2s_cache_hit(entry, kind, text)) {
		*ret = entry->value;
		return true;
	}
	if (text.n != all.n && !eval(w, kind, text, reg, ret))
		return eval(w, kind, all, reg, ret);
	if (text.n == all.n && !eval(w, kind, all, reg, ret))
		return false;
	if (!reg->more && w->pick == 0)
		s2s_cache_keep(entry, kind, text, *ret);
	return true;
}

static bool
is_profile(const struct s2s_event *ev)
{
	return ev->runs > 0;
}

/* 0x1000000 of msgget is 0x1000 and 000, or itself with -e raw: three digits and more
   of an octal number behind four and more of a hexadecimal one; one where it is 0, in
   versions before 4.15. */
static bool
is_glued(struct s2s_sv text)
{
	enum { DIGITS_MIN = 5 };

	if (!sv_eat(&text, SV("0x")) || text.n < DIGITS_MIN)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (!memchr("0123456789abcdef", text.p[i], 16))
			return false;
	return true;
}

static bool
tells(const struct s2s_kind *kind, struct s2s_sv text)
{
	switch (kind->printed) {
	case S2S_PRINTED_WHOLE:
	case S2S_PRINTED_EMPTY:
		return true;
	case S2S_PRINTED_GLUED:
		return !is_glued(text);
	case S2S_PRINTED_BARE:
		return sv_equal(text, SV("NULL"));
	case S2S_PRINTED_LOST:
		break;
	}
	return false;
}

/* mmap2(0, 0x1000, 0x3, 0x22, 0xffffffff, 0x10): -e raw shows registers. */
static bool
is_raw(const struct s2s_event *ev)
{
	for (size_t i = 0; i < ev->nargs; i++) {
		struct s2s_sv text = ev->args[i].text;

		if (!sv_equal(text, SV("0")) && !sv_starts(text, SV("0x")))
			return false;
	}
	return true;
}

/* Not NULL, unless the 0 is a register. */
static enum s2s_arg_state
bare_state(const struct work *w, const struct reg *reg)
{
	return is_raw(w->ev) && sv_equal(reg->text->text, SV("0")) ? S2S_ARG_UNKNOWN
								   : S2S_ARG_ADDRESS;
}

/* statx(3, "", , …) and flags=, of -N: -X raw prints nothing for no flags. */
static bool
is_no_flags(const struct s2s_kind *kind, const struct s2s_arg_text *arg)
{
	return kind->is_flags && arg->text.n == 0 &&
	       (arg->kind == S2S_TEXT_EXPR || arg->name.n > 0);
}

static struct s2s_arg
bind_expr(const struct work *w, struct reg *reg, const struct s2s_kind *kind)
{
	uint64_t value;

	if (kind->printed != S2S_PRINTED_WHOLE && !w->ev->registers &&
	    !is_profile(w->ev) && !tells(kind, reg->text->text))
		return (struct s2s_arg){.state = kind->printed == S2S_PRINTED_BARE
						     ? bare_state(w, reg)
						     : S2S_ARG_UNKNOWN};
	if (!value_of(w, reg, kind, &value))
		return (struct s2s_arg){.state = S2S_ARG_UNKNOWN};
	value >>= reg->shift;
	if (kind->role == S2S_ROLE_ADDRESS && value != 0)
		return (struct s2s_arg){.state = S2S_ARG_ADDRESS};
	return (struct s2s_arg){S2S_ARG_KNOWN, value & s2s_width_mask(kind->width)};
}

/* Where it had nothing to read, it did not look; {} are events before 4.11. */
static bool
may_be_null(const struct s2s_kind *kind, struct s2s_sv text)
{
	return sv_equal(text, SV("{}")) ||
	       (kind->printed == S2S_PRINTED_EMPTY && sv_equal(text, SV("[]")));
}

/* What strace shows as "…", {…} or […] it read from memory: there is a pointer, and it
   is not NULL. */
static struct s2s_arg
bind_pointee(struct reg *reg, const struct s2s_kind *kind)
{
	if (!kind->is_word)
		return fault(reg, S2S_EXPR_SYNTAX, reg->text->text);
	if (may_be_null(kind, reg->text->text))
		return (struct s2s_arg){.state = S2S_ARG_UNKNOWN};
	return (struct s2s_arg){.state = S2S_ARG_ADDRESS};
}

static struct s2s_arg
bind_arg(const struct work *w, struct reg *reg, const struct s2s_kind *kind)
{
	reg->fault = S2S_EXPR_FINE;
	reg->more = false;
	if (!reg->text || kind->role == S2S_ROLE_UNUSED)
		return (struct s2s_arg){.state = S2S_ARG_UNKNOWN};
	if (is_no_flags(kind, reg->text))
		return (struct s2s_arg){.state = S2S_ARG_KNOWN};
	switch (reg->text->kind) {
	case S2S_TEXT_EXPR:
		return bind_expr(w, reg, kind);
	case S2S_TEXT_STRING:
	case S2S_TEXT_STRUCT:
	case S2S_TEXT_ARRAY:
		return bind_pointee(reg, kind);
	case S2S_TEXT_ADDRESS:
		return (struct s2s_arg){.state = S2S_ARG_ADDRESS};
	case S2S_TEXT_ELIDED:
		break;
	}
	return (struct s2s_arg){.state = S2S_ARG_UNKNOWN};
}

/* ---- which register ---- */

/* Profiles print the kernel's order; strace its own, or names. */
static struct s2s_destination
printed_at(const struct work *w, size_t position)
{
	const struct s2s_syscall *sc = w->call->sc;
	struct s2s_sv name = w->ev->args[position].name;
	struct s2s_destination own = {S2S_PRINTED_BEYOND, -1, 0}, at;
	int i;

	if (position < sc->nargs)
		own.at = (int8_t)position;
	if (is_profile(w->ev) || w->ev->registers || s2s_bind_is_numbered(w->ev->name))
		return own;
	i = name.n ? s2s_syscall_printed_name(sc, name) : -1;
	if (i >= 0)
		return (struct s2s_destination){(int8_t)i, -1, 0};
	at = s2s_syscall_printed_at(sc, (int)position, (int)w->ev->nargs, w->known,
				    w->value);
	return at.shift && is_raw(w->ev) ? own : at;
}

/* Of what goes nowhere, strace makes up {mask=…} of rt_sigreturn and the guess of
   restart_syscall, and prints six registers of a call that it has no name for. */
static bool
is_made_up(const struct work *w, const struct s2s_arg_text *arg, int at)
{
	return at == S2S_PRINTED_NOWHERE || arg->kind == S2S_TEXT_ELIDED ||
	       w->ev->registers || s2s_bind_is_numbered(w->ev->name) ||
	       (w->call->sc->nargs == 0 && arg->kind == S2S_TEXT_STRUCT);
}

static struct s2s_place
place_of(const struct work *w, const struct s2s_arg_text *text, struct s2s_sv where)
{
	struct s2s_place place = w->ev->place;

	if (text && text->column) {
		place.column = text->column;
		if (where.p >= text->text.p && where.p <= text->text.p + text->text.n)
			place.column += (uint32_t)(where.p - text->text.p);
	}
	return place;
}

static void
learn_selector(struct work *w, int at)
{
	const struct s2s_kind *kind = w->call->sc->arg[at].kind;
	struct s2s_arg arg;

	if (kind->role != S2S_ROLE_SELECTOR)
		return;
	arg = bind_arg(w, &w->reg[at], kind);
	w->known[at] = arg.state == S2S_ARG_KNOWN;
	w->value[at] = arg.value;
}

static bool
place(struct work *w, size_t position, int at, uint8_t shift)
{
	if (at < 0 || w->reg[at].text)
		return false;
	w->reg[at].text = &w->ev->args[position];
	w->reg[at].shift = shift;
	w->call->printed[at] = (uint8_t)(position + 1);
	return true;
}

/* Output of the program reads as arguments: there are too many, and none is sure. Two
   halves that were put together can hide it as well. */
static bool
has_foreign_text(const struct work *w)
{
	const struct s2s_event *ev = w->ev;
	const struct s2s_arg_text *extra;
	size_t most = w->call->sc->nargs;

	if (!(ev->broken || ev->joined) || ev->nargs <= most)
		return false;
	extra = &ev->args[most];
	if (!ev->broken && is_made_up(w, extra, printed_at(w, most).at))
		return false;
	if (!ev->broken)
		s2s_diag_report(w->diag, S2S_DIAG_TOO_MANY_ARGS,
				place_of(w, extra, extra->text), ev->line,
				"more arguments than %s has", w->call->sc->name);
	return true;
}

static void
place_args(struct work *w)
{
	enum { HALF = 32 };
	const struct s2s_event *ev = w->ev;

	if (has_foreign_text(w))
		return;
	for (size_t i = 0; i < ev->nargs; i++) {
		const struct s2s_arg_text *arg = &ev->args[i];
		struct s2s_destination as = {S2S_PRINTED_BEYOND, -1, 0};

		if (i < INT16_MAX)
			as = printed_at(w, i);
		if (place(w, i, as.at, as.shift)) {
			place(w, i, as.high, HALF);
			if (s2s_syscall_is_reordered(w->call->sc))
				learn_selector(w, as.at);
		} else if (!is_made_up(w, arg, as.at))
			s2s_diag_report(w->diag, S2S_DIAG_TOO_MANY_ARGS,
					place_of(w, arg, arg->text), ev->line,
					"more arguments than %s has",
					w->call->sc->name);
		if (ev->broken && arg->kind == S2S_TEXT_ELIDED)
			return; /* it may be several */
	}
}

/* ---- values ---- */

/* Binds what has got another kind. */
static void
bind_round(struct work *w, const struct s2s_kind *const kind[S2S_ARGS_MAX])
{
	for (int i = 0; i < w->call->sc->nargs; i++) {
		if (w->call->kind[i] == kind[i])
			continue;
		assert(kind[i]); /* every argument has one */
		w->call->kind[i] = kind[i];
		w->call->arg[i] = bind_arg(w, &w->reg[i], kind[i]);
	}
}

/* The kinds as far as the selectors bound so far tell. */
static bool
resolve(const struct work *w, const struct s2s_kind *ret[S2S_ARGS_MAX])
{
	const struct s2s_call *call = w->call;
	bool known[S2S_ARGS_MAX] = {0}, changed = false;
	uint64_t value[S2S_ARGS_MAX] = {0};

	for (int i = 0; i < call->sc->nargs; i++) {
		known[i] = call->arg[i].state == S2S_ARG_KNOWN;
		value[i] = call->arg[i].value;
	}
	s2s_syscall_kinds(call->sc, known, value, ret);
	for (int i = 0; i < call->sc->nargs; i++)
		changed |= ret[i] != call->kind[i];
	return changed;
}

/* Selectors hang on selectors (prctl, PR_CAP_AMBIENT): until nothing changes. */
static void
bind_values(struct work *w)
{
	const struct s2s_kind *kind[S2S_ARGS_MAX] = {NULL};

	for (int i = 0; i < w->call->sc->nargs; i++)
		kind[i] = w->call->sc->arg[i].kind;
	bind_round(w, kind);
	for (int round = 0; round < ROUNDS_MAX && resolve(w, kind); round++)
		bind_round(w, kind);
}

/* ---- what is missing ---- */

static void
report_fault(const struct work *w, int i, enum s2s_diag_id id, const char *what)
{
	enum { SHOWN = 40 };
	const struct reg *reg = &w->reg[i];
	struct s2s_sv where = reg->where;
	struct s2s_out text;

	if (where.n > SHOWN)
		where.n = SHOWN;
	s2s_out_memory(&text);
	s2s_out_escaped(&text, where);
	s2s_out_char(&text, '\0');
	s2s_diag_report(w->diag, id, place_of(w, reg->text, reg->where), w->ev->line,
			"%s '%s': %s of %s is unknown", what, s2s_out_text(&text).p,
			w->call->sc->arg[i].name, w->call->sc->name);
	s2s_out_done(&text);
}

static void
report_missing(const struct work *w, int i)
{
	if (w->ev->args_incomplete)
		return; /* the cut itself was reported */
	s2s_diag_report(w->diag, S2S_DIAG_UNKNOWN_SELECTOR,
			place_of(w, w->reg[i].text, (struct s2s_sv){0}), w->ev->line,
			"the log does not tell %s of %s", w->call->sc->arg[i].name,
			w->call->sc->name);
}

static void
account_unknown(struct work *w, int i)
{
	bool selects = w->call->kind[i]->role == S2S_ROLE_SELECTOR;

	w->counts->unknown_selectors += selects;
	switch (w->reg[i].fault) {
	case S2S_EXPR_FINE:
		if (selects)
			report_missing(w, i);
		break;
	case S2S_EXPR_SYNTAX:
		report_fault(w, i, S2S_DIAG_EXPRESSION, "not understood");
		break;
	case S2S_EXPR_SYMBOL:
		w->counts->unknown_symbols++;
		report_fault(w, i, S2S_DIAG_UNKNOWN_CONSTANT, "unknown constant");
		break;
	case S2S_EXPR_RANGE:
		report_fault(w, i, S2S_DIAG_VALUE_RANGE, "value does not fit:");
		break;
	}
}

bool
s2s_bind_args(const struct s2s_event *ev, unsigned pick, struct s2s_diag *diag,
	      struct s2s_bind_counts *counts, struct s2s_cache *cache,
	      struct s2s_call *call)
{
	struct work w = {.ev = ev,
			 .diag = diag,
			 .counts = counts,
			 .cache = cache,
			 .call = call,
			 .pick = pick};
	bool more = false;

	place_args(&w);
	bind_values(&w);
	for (int i = 0; i < call->sc->nargs; i++) {
		counts->args++;
		more |= w.reg[i].more;
		if (call->arg[i].state != S2S_ARG_UNKNOWN)
			continue;
		counts->unknown_args++;
		if (call->kind[i]->role != S2S_ROLE_UNUSED)
			account_unknown(&w, i);
	}
	return more;
}

void
s2s_bind_through(const struct s2s_through *through, struct s2s_bind_counts *counts,
		 struct s2s_call *call)
{
	bool known[S2S_ARGS_MAX] = {0};
	uint64_t value[S2S_ARGS_MAX] = {0};

	for (int i = 0; i < call->sc->nargs; i++)
		call->arg[i] = (struct s2s_arg){.state = S2S_ARG_UNKNOWN};
	known[through->arg] = true;
	value[through->arg] = through->value;
	call->arg[through->arg] = (struct s2s_arg){S2S_ARG_KNOWN, through->value};
	s2s_syscall_kinds(call->sc, known, value, call->kind);
	counts->args += call->sc->nargs;
	counts->unknown_args += call->sc->nargs - 1U;
}
