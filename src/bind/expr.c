/* SPDX-License-Identifier: MIT */
/* Expressions as strace prints them: numbers, symbols and macros with C's operators and
   C's precedence, between comments and <decoration>, which carry no value:

	O_RDONLY|O_CLOEXEC|0x8000000    0x8 (O_??? in a comment)    3</path>
	FUTEX_OP_SET<<28|0<<12|FUTEX_OP_CMP_GT<<24|0x1    8*RIP

   Nothing is guessed: one symbol that we do not know, and there is no value. */
#include "bind/expr.h"

#include "kernel/constants.h"

static bool parse_binary(struct s2s_expr *e, int level, uint64_t *ret);
static bool parse_unary(struct s2s_expr *e, uint64_t *ret);

bool
s2s_expr_fail(struct s2s_expr *e, enum s2s_expr_fault fault, struct s2s_sv where)
{
	if (e->fault == S2S_EXPR_FINE) {
		e->fault = fault;
		e->where = where;
	}
	return false;
}

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name(unsigned char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_';
}

/* The length of the comment at the front; 0: it does not end. Comments nest: -X verbose
   prints 16387 with IOPRIO_PRIO_VALUE() in a comment, and IOPRIO_CLASS_BE in one more
   inside. */
static size_t
comment_length(struct s2s_sv s)
{
	unsigned open = 0;

	for (size_t i = 0; i + 1 < s.n; i++) {
		if (s.p[i] == '/' && s.p[i + 1] == '*')
			open++, i++;
		else if (s.p[i] == '*' && s.p[i + 1] == '/' && --open == 0)
			return i + 2;
		else if (s.p[i] == '*' && s.p[i + 1] == '/')
			i++;
	}
	return 0;
}

void
s2s_expr_skip_blank(struct s2s_expr *e)
{
	for (;;) {
		if (sv_peek(e->in) == ' ' || sv_peek(e->in) == '\t') {
			sv_skip(&e->in, 1);
		} else if (sv_starts(e->in, SV("/*"))) {
			size_t n = comment_length(e->in);

			if (!n)
				return;
			sv_skip(&e->in, n);
		} else {
			return;
		}
	}
}

/* The length of what stands in angle brackets; 0: they do not close. */
static size_t
angle_length(struct s2s_sv s)
{
	unsigned open = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '<')
			open++;
		else if (s.p[i] == '>' && s.p[i - 1] != '-' && --open == 0)
			return i + 1;
	}
	return 0;
}

/* <path>, <socket:[1]>, <TCP:[a->b]>, </dev/pts/0<char 136:0>>, and (deleted) behind
   it. Old versions do not escape a > in a path; outside of macros nothing else can
   follow, so the last one closes. */
static void
skip_decoration(struct s2s_expr *e)
{
	const char *last;

	s2s_expr_skip_blank(e);
	if (sv_peek(e->in) != '<' || sv_starts(e->in, SV("<<")))
		return;
	last = memrchr(e->in.p, '>', e->in.n);
	if (e->depth == 0 && last)
		sv_skip(&e->in, (size_t)(last - e->in.p) + 1);
	else
		sv_skip(&e->in, angle_length(e->in));
	sv_eat(&e->in, SV("(deleted)"));
}

static bool
is_hex(unsigned char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool
parse_number(struct s2s_expr *e, uint64_t *ret)
{
	struct s2s_sv text = sv_take(&e->in, is_name), rest = text;
	bool hex = sv_eat(&rest, SV("0x"));

	if (sv_to_u64(text, ret))
		return true;
	sv_take(&rest, hex ? is_hex : is_digit);
	return s2s_expr_fail(e, rest.n || text.n < 3 ? S2S_EXPR_SYNTAX : S2S_EXPR_RANGE,
			     text);
}

/* SIGRT_3 and SIG_65 are numbers under another name. */
static bool
numbered_signal(struct s2s_sv name, uint64_t *ret)
{
	enum { SIGRTMIN_KERNEL = 32, SIGRTMAX_KERNEL = 64, SIGNALS = 256 };
	uint64_t base = sv_eat(&name, SV("SIGRT_")) ? SIGRTMIN_KERNEL : 0;
	uint64_t end = base ? SIGRTMAX_KERNEL - SIGRTMIN_KERNEL + 1 : SIGNALS;

	if ((!base && !sv_eat(&name, SV("SIG_"))) || name.n > 3 ||
	    !is_digit((unsigned char)sv_peek(name)) || !sv_to_u64(name, ret) ||
	    *ret >= end)
		return false;
	*ret += base;
	return true;
}

static bool
parse_symbol(struct s2s_expr *e, struct s2s_sv name, uint64_t *ret)
{
	if (s2s_constant_value(e->arch, e->set, name, ret) ||
	    numbered_signal(name, ret))
		return true;
	if (sv_equal(name, SV("NULL"))) {
		*ret = 0;
		return true;
	}
	return s2s_expr_fail(e, S2S_EXPR_SYMBOL, name);
}

/* i387) of offsetof(struct user, i387), where ptrace peeks. */
static bool
parse_member(struct s2s_expr *e, uint64_t *ret)
{
	struct s2s_sv name;

	sv_eat_char(&e->in, ' ');
	name = sv_take(&e->in, is_name);
	if (!sv_eat_char(&e->in, ')'))
		return s2s_expr_fail(e, S2S_EXPR_SYNTAX, e->in);
	return s2s_constant_value(e->arch, "user_area", name, ret) ||
	       s2s_expr_fail(e, S2S_EXPR_SYMBOL, name);
}

static bool
parse_macro(struct s2s_expr *e, struct s2s_sv name, uint64_t *ret)
{
	uint64_t args[S2S_EXPR_MACRO_ARGS];
	enum s2s_expr_fault fault;
	size_t n = 0;

	if (e->depth++ >= S2S_EXPR_DEPTH)
		return s2s_expr_fail(e, S2S_EXPR_SYNTAX, name);
	do {
		if (n == S2S_EXPR_MACRO_ARGS)
			return s2s_expr_fail(e, S2S_EXPR_SYMBOL, name);
		if (!parse_binary(e, 0, &args[n++]))
			return false;
	} while (sv_eat_char(&e->in, ','));
	e->depth--;
	if (!sv_eat_char(&e->in, ')'))
		return s2s_expr_fail(e, S2S_EXPR_SYNTAX, e->in);
	fault = s2s_macro_value(e, name, args, n, ret);
	return fault == S2S_EXPR_FINE || s2s_expr_fail(e, fault, name);
}

static bool
parse_named(struct s2s_expr *e, uint64_t *ret)
{
	struct s2s_sv name;

	if (sv_eat(&e->in, SV("offsetof(struct user,")))
		return parse_member(e, ret);
	name = sv_take(&e->in, is_name);
	if (!sv_eat_char(&e->in, '('))
		return parse_symbol(e, name, ret);
	return parse_macro(e, name, ret);
}

static bool
parse_group(struct s2s_expr *e, uint64_t *ret)
{
	if (e->depth++ >= S2S_EXPR_DEPTH)
		return s2s_expr_fail(e, S2S_EXPR_SYNTAX, e->in);
	if (!parse_binary(e, 0, ret))
		return false;
	e->depth--;
	return sv_eat_char(&e->in, ')') || s2s_expr_fail(e, S2S_EXPR_SYNTAX, e->in);
}

static bool
parse_primary(struct s2s_expr *e, uint64_t *ret)
{
	int c = sv_peek(e->in);

	if (c >= 0 && is_digit((unsigned char)c))
		return parse_number(e, ret);
	if (c >= 0 && is_name((unsigned char)c))
		return parse_named(e, ret);
	if (sv_eat_char(&e->in, '('))
		return parse_group(e, ret);
	/* _IO('T', 0x30) of old versions */
	if (c == '\'' && e->in.n >= 3 && e->in.p[2] == '\'') {
		*ret = (unsigned char)e->in.p[1];
		sv_skip(&e->in, 3);
		return true;
	}
	return s2s_expr_fail(e, S2S_EXPR_SYNTAX, e->in);
}

static bool
parse_signed(struct s2s_expr *e, uint64_t *ret)
{
	struct s2s_sv from = e->in;
	char sign = e->in.p[0];
	bool literal;

	sv_skip(&e->in, 1);
	literal = e->in.n && is_digit((unsigned char)e->in.p[0]);
	if (e->depth++ >= S2S_EXPR_DEPTH)
		return s2s_expr_fail(e, S2S_EXPR_SYNTAX, from);
	if (!parse_unary(e, ret))
		return false;
	e->depth--;
	from.n -= e->in.n;
	if (sign == '-' && literal && *ret > (uint64_t)INT64_MAX + 1)
		return s2s_expr_fail(e, S2S_EXPR_RANGE, from);
	*ret = sign == '-' ? -*ret : sign == '~' ? ~*ret : !*ret;
	return true;
}

static bool
parse_unary(struct s2s_expr *e, uint64_t *ret)
{
	s2s_expr_skip_blank(e);
	if (e->in.n && memchr("-~!", e->in.p[0], 3))
		return parse_signed(e, ret);
	if (!parse_primary(e, ret))
		return false;
	skip_decoration(e);
	return true;
}

static bool
apply_shift(uint64_t a, uint64_t b, uint64_t *ret)
{
	if (b >= 64 || (a << b) >> b != a)
		return false;
	*ret = a << b;
	return true;
}

static bool
apply_unshift(uint64_t a, uint64_t b, uint64_t *ret)
{
	*ret = b < 64 ? a >> b : 0;
	return true;
}

static bool
apply_product(uint64_t a, uint64_t b, uint64_t *ret)
{
	return !__builtin_mul_overflow(a, b, ret);
}

static bool
apply_sum(uint64_t a, uint64_t b, uint64_t *ret)
{
	*ret = a + b;
	return true;
}

static bool
apply_difference(uint64_t a, uint64_t b, uint64_t *ret)
{
	*ret = a - b;
	return true;
}

static bool
apply_or(uint64_t a, uint64_t b, uint64_t *ret)
{
	*ret = a | b;
	return true;
}

static bool
apply_and(uint64_t a, uint64_t b, uint64_t *ret)
{
	*ret = a & b;
	return true;
}

/* Q_GETQUOTA|USRQUOTA: what old versions of strace print for QCMD(). */
static bool
apply_quota(uint64_t command, uint64_t type, uint64_t *ret)
{
	return command <= UINT32_MAX >> 8 && type <= 0xff &&
	       apply_or(command << 8, type, ret);
}

/* A higher level binds tighter. */
static const struct operator
{
	struct s2s_sv text;
	int level;
	bool (*apply)(uint64_t, uint64_t, uint64_t *);
}
operators[] = {
    {{"|", 1}, 1, apply_or},      {{"&", 1}, 2, apply_and},
    {{"<<", 2}, 3, apply_shift},  {{">>", 2}, 3, apply_unshift},
    {{"+", 1}, 4, apply_sum},     {{"-", 1}, 4, apply_difference},
    {{"*", 1}, 5, apply_product},
};

static bool
apply(const struct s2s_expr *e, const struct operator* op, uint64_t a, uint64_t b,
      uint64_t *ret)
{
	if (op->apply == apply_or && e->set && strcmp(e->set, "quota_cmd") == 0)
		return apply_quota(a, b, ret);
	return op->apply(a, b, ret);
}

static const struct operator* peek_operator(struct s2s_sv in)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (sv_starts(in, operators[i].text))
			return &operators[i];
	return NULL;
}

static bool
parse_binary(struct s2s_expr *e, int level, uint64_t *ret)
{
	const struct operator* op;
	uint64_t right;

	if (!parse_unary(e, ret))
		return false;
	for (s2s_expr_skip_blank(e); (op = peek_operator(e->in)) && op->level > level;
	     s2s_expr_skip_blank(e)) {
		struct s2s_sv at = {e->in.p, op->text.n};

		sv_skip(&e->in, op->text.n);
		if (!parse_binary(e, op->level, &right))
			return false;
		if (!apply(e, op, *ret, right, ret))
			return s2s_expr_fail(e, S2S_EXPR_RANGE, at);
	}
	return true;
}

bool
s2s_expr_value(struct s2s_expr *e, uint64_t *ret)
{
	return parse_binary(e, 0, ret);
}
