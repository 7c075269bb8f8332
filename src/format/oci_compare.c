/* SPDX-License-Identifier: MIT */
/* What libseccomp makes of a profile, compared with what the rules say: on the values
   at and around what they compare with, all combinations of a call's arguments. */
#include "format/oci_read.h"
#include "format/scmp.h"

#include "base/out.h"

#include <stdlib.h>

enum { VALUES_MAX = 64, POINTS_MAX = 20000, PAIRS_MAX = 300 };

/* The rules of one name, on one architecture. */
struct group {
	const struct s2s_oci_profile *profile;
	const struct s2s_oci_rule **rule;
	size_t n;
	const struct s2s_syscall *sc;
	uint64_t word; /* the bits of a register that libseccomp compares there */
};

static bool
holds(const struct scmp_arg_cmp *cmp, uint64_t x, uint64_t word)
{
	uint64_t a = cmp->datum_a & word, b = cmp->datum_b & word;

	switch (cmp->op) {
	case SCMP_CMP_NE:
		return x != a;
	case SCMP_CMP_LT:
		return x < a;
	case SCMP_CMP_LE:
		return x <= a;
	case SCMP_CMP_EQ:
		return x == a;
	case SCMP_CMP_GE:
		return x >= a;
	case SCMP_CMP_GT:
		return x > a;
	case SCMP_CMP_MASKED_EQ:
		return (x & a) == b;
	default:
		return false;
	}
}

static bool
matches(const struct s2s_oci_rule *rule, const uint64_t args[6], uint64_t word)
{
	for (unsigned i = 0; i < rule->n; i++)
		if (!holds(&rule->cmp[i], args[rule->cmp[i].arg], word))
			return false;
	return true;
}

/* False where rules with several actions match: then the profile says nothing
   definite. */
static bool
said(const struct group *g, const uint64_t args[6], uint32_t *ret)
{
	bool any = false;

	*ret = g->profile->fallback;
	for (size_t i = 0; i < g->n; i++) {
		uint32_t action = g->rule[i]->action;

		if (g->rule[i]->unheard || !matches(g->rule[i], args, g->word))
			continue;
		if (any && *ret != action)
			return false;
		*ret = action;
		any = true;
	}
	return true;
}

/* Values at and around what the call's rules compare an argument with. */
struct values {
	uint64_t v[VALUES_MAX];
	size_t n;
};

static void
add_value(struct values *values, uint64_t v)
{
	for (size_t i = 0; i < values->n; i++)
		if (values->v[i] == v)
			return;
	if (values->n < VALUES_MAX)
		values->v[values->n++] = v;
}

static void
collect(const struct group *g, struct values values[6])
{
	for (size_t i = 0; i < g->n; i++)
		for (unsigned k = 0; k < g->rule[i]->n; k++) {
			const struct scmp_arg_cmp *cmp = &g->rule[i]->cmp[k];
			bool masked = cmp->op == SCMP_CMP_MASKED_EQ;
			uint64_t at = masked ? cmp->datum_b : cmp->datum_a;

			add_value(&values[cmp->arg], at & g->word);
			add_value(&values[cmp->arg], (at + 1) & g->word);
			add_value(&values[cmp->arg], (at - 1) & g->word);
			if (masked)
				add_value(&values[cmp->arg],
					  (at | ~cmp->datum_a) & g->word);
		}
	for (int a = 0; a < 6; a++)
		if (values[a].n == 0)
			add_value(&values[a], 0);
}

static void
say_difference(const struct group *g, const uint64_t args[6], const uint32_t verdict[2],
	       const struct s2s_log *log)
{
	struct s2s_out out;

	s2s_out_memory(&out);
	s2s_out_escaped(&out, sv_from(g->profile->name));
	s2s_out_str(&out,
		    ": the filter that a runtime loads differs from the profile: ");
	if (g->sc->arch != s2s_oci_machine(g->profile))
		s2s_out_printf(&out, "%s: ", s2s_arch_name(g->sc->arch));
	s2s_out_printf(&out, "%s(", g->sc->name);
	for (int i = 0; i < 6; i++)
		s2s_out_printf(&out, "%s0x%llx", i ? ", " : "",
			       (unsigned long long)args[i]);
	s2s_out_str(&out, ") gets ");
	s2s_verdict_print(&out, verdict[0]);
	s2s_out_str(&out, " from libseccomp, and ");
	s2s_verdict_print(&out, verdict[1]);
	s2s_out_str(&out, " is what the rules say; it compiles only EQ and MASKED_EQ "
			  "right where a call has several rules");
	s2s_log(log, S2S_LOG_WARNING, "%.*s", (int)out.n, out.p);
	s2s_out_done(&out);
}

/* All combinations of the values of one call; of too many, some from all over. */
static bool
compare_call(const struct group *g, const struct s2s_filter *filter,
	     const struct s2s_log *log)
{
	struct seccomp_data data = {.nr = (int)g->sc->nr,
				    .arch = s2s_arch_audit(g->sc->arch)};
	struct s2s_runner runner = {.insn = filter->insn, .n = filter->n};
	struct values values[6] = {0};
	uint64_t args[6];
	uint32_t verdict[2];
	size_t all = 1, step;

	collect(g, values);
	for (int a = 0; a < 6; a++)
		all *= values[a].n;
	step = all > POINTS_MAX ? all / POINTS_MAX | 1 : 1;
	for (size_t point = 0; point < all; point += step) {
		size_t rest = point;

		for (int a = 0; a < 6; a++) {
			args[a] = values[a].v[rest % values[a].n];
			rest /= values[a].n;
		}
		memcpy(data.args, args, sizeof data.args);
		if (!said(g, args, &verdict[1]))
			continue;
		verdict[0] = s2s_runner_run(&runner, &data);
		if (verdict[0] == verdict[1])
			continue;
		say_difference(g, args, verdict, log);
		return true;
	}
	return false;
}

/* ---- the rules by their names ---- */

/* What only another name leads to: i386's socketcall and ipc. */
static bool
is_multiplexer(const struct s2s_oci_profile *profile, const struct s2s_syscall *sc)
{
	const struct s2s_syscall *multiplexer;

	for (size_t i = 0; i < profile->n; i++)
		if (s2s_syscall_through(sc->arch, sv_from(profile->rule[i].name),
					&multiplexer) &&
		    multiplexer == sc)
			return true;
	return false;
}

static bool
compare_group(struct group *g, const struct s2s_filter *filter, uint32_t arches,
	      const struct s2s_log *log)
{
	const char *name = g->rule[0]->name;
	bool differs = false;

	for (int i = 0; i < S2S_ARCH_COUNT; i++) {
		enum s2s_arch arch = (enum s2s_arch)i;

		if (!(arches >> arch & 1))
			continue;
		g->sc = s2s_syscall_by_name(arch, sv_from(name));
		g->word = s2s_width_mask(s2s_arch_bits(arch));
		/* Names without a rule in the filter are another matter. */
		if (g->sc &&
		    seccomp_syscall_resolve_name_arch(s2s_scmp_arch(arch), name) ==
			(int)g->sc->nr &&
		    !is_multiplexer(g->profile, g->sc))
			differs = compare_call(g, filter, log) || differs;
	}
	return differs;
}

/* By name, and in their order. */
static int
by_name(const void *a, const void *b)
{
	const struct s2s_oci_rule *x = *(const struct s2s_oci_rule *const *)a;
	const struct s2s_oci_rule *y = *(const struct s2s_oci_rule *const *)b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x > y) - (x < y);
}

/* The rules, those of a name together. */
static const struct s2s_oci_rule **
sorted(const struct s2s_oci_profile *profile)
{
	const struct s2s_oci_rule **rule;
	size_t n = profile->n + 1;

	/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
	rule = s2s_realloc(NULL, n, sizeof *rule);
	for (size_t i = 0; i < profile->n; i++)
		rule[i] = &profile->rule[i];
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
	qsort(rule, profile->n, sizeof *rule, by_name);
	return rule;
}

static bool
next_group(const struct s2s_oci_rule **rule, struct group *g)
{
	const struct s2s_oci_rule **end = rule + g->profile->n;

	g->rule = g->rule ? g->rule + g->n : rule;
	for (g->n = 0; g->rule + g->n < end &&
		       strcmp(g->rule[g->n]->name, g->rule[0]->name) == 0;)
		g->n++;
	return g->n > 0;
}

static bool
otherwise(const struct scmp_arg_cmp *cmp)
{
	return cmp->op != SCMP_CMP_EQ && cmp->op != SCMP_CMP_MASKED_EQ;
}

static bool
compares_otherwise(const struct s2s_oci_rule *rule)
{
	for (unsigned i = 0; i < rule->n; i++)
		if (otherwise(&rule->cmp[i]))
			return true;
	return false;
}

/* What libseccomp compares after that: it goes by the number of the argument. */
static const struct scmp_arg_cmp *
after(const struct s2s_oci_rule *rule, const struct scmp_arg_cmp *cmp)
{
	const struct scmp_arg_cmp *next = NULL;

	for (unsigned i = 0; i < rule->n; i++)
		if (rule->cmp[i].arg > cmp->arg &&
		    (!next || rule->cmp[i].arg < next->arg))
			next = &rule->cmp[i];
	return next;
}

/* Of an argument it compares the upper half first. */
static bool
begin_alike(const struct scmp_arg_cmp *a, const struct scmp_arg_cmp *b)
{
	return a->arg == b->arg && a->op == b->op &&
	       (a->datum_a ^ b->datum_a) >> 32 == 0 &&
	       (a->op != SCMP_CMP_MASKED_EQ || (a->datum_b ^ b->datum_b) >> 32 == 0);
}

/* {a0 <= 0, a1 == 1} and {a0 <= 0, a2 == 0}: libseccomp 2.5.4 puts what comes after the
   shared comparison behind it in a circle. */
static bool
circle(const struct s2s_oci_rule *x, const struct s2s_oci_rule *y)
{
	for (unsigned i = 0; i < x->n; i++)
		for (unsigned k = 0; k < y->n; k++) {
			const struct scmp_arg_cmp *a = &x->cmp[i], *b = &y->cmp[k];

			if (!otherwise(a) || a->arg != b->arg || a->op != b->op ||
			    a->datum_a != b->datum_a)
				continue;
			a = after(x, a);
			b = after(y, b);
			if (a && b && !begin_alike(a, b))
				return true;
		}
	return false;
}

static bool
has_circle(const struct group *g)
{
	for (size_t i = 0; i < g->n; i++)
		for (size_t k = 0; g->rule[i]->n > 1 && k < i; k++)
			if (circle(g->rule[i], g->rule[k]))
				return true;
	return false;
}

/* Measured with libseccomp 2.5.4: a second for 50 rules of three comparisons, four for
   24 of six, and then ever more; two arguments are harmless up to some hundred rules
   without a circle. */
const struct s2s_oci_rule *
s2s_oci_endless(const struct s2s_oci_profile *profile)
{
	const struct s2s_oci_rule **rule = sorted(profile), *found = NULL;
	struct group g = {.profile = profile};

	while (!found && next_group(rule, &g)) {
		size_t pairs = 0;
		bool several = false;

		for (size_t i = 0; i < g.n; i++) {
			pairs += (size_t)g.rule[i]->n * (g.rule[i]->n - !!g.rule[i]->n);
			several |= g.rule[i]->n > 1 && compares_otherwise(g.rule[i]);
		}
		if (several && (pairs > PAIRS_MAX || has_circle(&g)))
			found = g.rule[0];
	}
	free(rule);
	return found;
}

static void
say_too_long(const struct s2s_oci_profile *profile, const struct s2s_filter *filter,
	     const struct s2s_log *log)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out name;

	s2s_out_memory(&name);
	s2s_out_escaped(&name, sv_from(profile->name));
	s2s_log(log, S2S_LOG_WARNING,
		"%.*s: no runtime can load it: libseccomp makes a filter of %zu "
		"instructions, the kernel takes %d",
		(int)name.n, name.p, filter->n, S2S_FILTER_MAX);
}

bool
s2s_oci_compare(const struct s2s_oci_profile *profile, const struct s2s_filter *filter,
		const struct s2s_log *log)
{
	const struct s2s_oci_rule **rule = sorted(profile);
	struct group g = {.profile = profile};
	bool differs = filter->n > S2S_FILTER_MAX;

	if (differs)
		say_too_long(profile, filter, log);
	while (filter->n <= S2S_FILTER_MAX && next_group(rule, &g))
		differs =
		    compare_group(&g, filter, s2s_oci_arches(profile), log) || differs;
	free(rule);
	return differs;
}
