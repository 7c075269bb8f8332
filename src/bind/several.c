/* SPDX-License-Identifier: MIT */
/* Names that stand for several values. BTRFS_IOC_CLONE or FICLONE: knowing one name of
   a value is enough. Before 4.10 strace looked at the low half of a command alone, and
   SNDCTL_TMR_TIMEBASE or TCGETS may be either. The number of a command contains the
   size of its structure: DRM_IOCTL_SYNCOBJ_WAIT has grown, and the log does not tell
   which headers strace was built with. */
#include "bind/bind.h"
#include "bind/expr.h"
#include "kernel/constants.h"

enum { VALUES_MAX = 8 };

/* What the names joined by "or" have told so far. */
struct names {
	uint64_t value[VALUES_MAX], pattern;
	uint64_t grown[VALUES_MAX]; /* of one name */
	unsigned n;                 /* values, each once */
	unsigned n_grown;
	bool lossy; /* a pattern was seen */
};

/* Names that strace gives to one command agree in its low half. */
static bool
add_value(struct names *names, uint64_t value)
{
	if (names->n && (names->value[0] ^ value) & 0xffff)
		return false;
	for (unsigned i = 0; i < names->n; i++)
		if (names->value[i] == value)
			return true;
	if (names->n == VALUES_MAX)
		return false;
	names->value[names->n++] = value;
	return true;
}

/* A macro that does not tell the size of its structure agrees in the rest. */
static bool
agree(struct names *names)
{
	const uint64_t told = ~(UINT64_C(0x3fff) << 16);
	unsigned n = 0;

	if (names->n == 0 || !names->lossy)
		return true;
	for (unsigned i = 0; i < names->n; i++)
		if (((names->value[i] ^ names->pattern) & told) == 0)
			names->value[n++] = names->value[i];
	return (names->n = n) > 0;
}

/* Over the rest of a name that we do not know, behind the next "or". */
static bool
skip_name(struct s2s_expr *e)
{
	struct s2s_sv rest = e->in;

	for (; rest.n; sv_skip(&rest, 1))
		if (sv_eat(&rest, SV(" or "))) {
			e->in = rest;
			return true;
		}
	return false;
}

/* A name with one value for each size that its structure had, where the expression at
   `from` ended. */
static bool
is_grown(struct s2s_expr *e, struct s2s_sv from, struct names *names)
{
	uint64_t value[VALUES_MAX] = {0};
	struct s2s_sv name = {from.p, from.n - e->in.n};
	size_t n;

	if (e->fault != S2S_EXPR_SYMBOL)
		return false;
	n = s2s_constant_values(e->arch, e->set, name, value, VALUES_MAX);
	if (n < 2)
		return false;
	memcpy(names->grown, value, n * sizeof *value);
	names->n_grown = (unsigned)n;
	e->fault = S2S_EXPR_FINE;
	return true;
}

static bool
is_another(struct s2s_expr *e)
{
	s2s_expr_skip_blank(e);
	return sv_eat(&e->in, SV("or "));
}

/* One more name. False: the text has no value. */
static bool
parse_name_of(struct s2s_expr *e, struct names *names, bool *ret_more)
{
	struct s2s_sv from = e->in;
	uint64_t value;

	e->loss = S2S_EXPR_EXACT;
	if (!s2s_expr_value(e, &value)) {
		if (is_grown(e, from, names)) {
			*ret_more = is_another(e);
			return true;
		}
		*ret_more = e->fault == S2S_EXPR_SYMBOL && skip_name(e);
		return *ret_more ||
		       (e->fault == S2S_EXPR_SYMBOL && (names->n || names->n_grown));
	}
	if (e->loss != S2S_EXPR_EXACT) {
		names->pattern = value;
		names->lossy = true;
	} else if (!add_value(names, value)) {
		return s2s_expr_fail(e, S2S_EXPR_SYMBOL, from);
	}
	if (!agree(names))
		return s2s_expr_fail(e, S2S_EXPR_SYMBOL, from);
	*ret_more = is_another(e);
	return true;
}

static bool
parse_names(struct s2s_expr *e, uint64_t *ret)
{
	struct names names = {.n = 0};
	struct s2s_sv all = e->in;
	bool more;

	do {
		if (!parse_name_of(e, &names, &more))
			return false;
	} while (more);
	if (names.n == 0) { /* else what another name says decides */
		memcpy(names.value, names.grown, sizeof names.value);
		names.n = names.n_grown;
	}
	if (names.n == 0 && (!names.lossy || e->loss == S2S_EXPR_PATTERN))
		return s2s_expr_fail(e, S2S_EXPR_SYMBOL, all);
	if (names.n == 0)
		*ret = names.pattern;
	else
		*ret = names.value[e->pick < names.n ? e->pick : names.n - 1];
	e->more = e->pick + 1 < names.n;
	return true;
}

bool
s2s_expr_eval(struct s2s_expr *e, uint64_t *ret)
{
	uint64_t value = 0;

	e->depth = 0;
	e->more = false;
	e->fault = S2S_EXPR_FINE;
	if (!parse_names(e, &value))
		return false;
	s2s_expr_skip_blank(e);
	/* What follows => was there after the call. */
	if (e->in.n && !sv_starts(e->in, SV("=>")))
		return s2s_expr_fail(e, S2S_EXPR_SYNTAX, e->in);
	*ret = value;
	return true;
}

bool
s2s_bind_expr(enum s2s_arch arch, const char *set, struct s2s_sv text, uint64_t *ret)
{
	struct s2s_expr e = {.in = text, .arch = arch, .set = set};
	uint64_t value;

	if (!s2s_expr_eval(&e, &value) || e.more)
		return false;
	*ret = value;
	return true;
}
