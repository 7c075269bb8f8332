/* SPDX-License-Identifier: MIT */
/* A profile's rules to a policy: what passes becomes rules, what is stopped the
   actions. It is what the rules say, which libseccomp may compile otherwise. */
#include "format/by_name.h"
#include "format/names.h"
#include "format/oci_maker.h"
#include "format/scmp.h"

#include <stdlib.h>

static enum s2s_status
refuse(const struct s2s_oci_maker *m, const char *name, const char *why)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out out;

	s2s_out_memory(&out);
	s2s_out_escaped(&out, sv_from(name));
	s2s_log(m->log, S2S_LOG_ERROR, "%.*s: %s; verify can still judge the profile",
		(int)out.n, out.p, why);
	return S2S_USAGE;
}

/* ---- names ---- */

/* As libseccomp knows it: an alias of ours is no name there. */
static const struct s2s_syscall *
named(enum s2s_arch arch, const char *name)
{
	const struct s2s_syscall *sc = s2s_syscall_by_name(arch, sv_from(name));

	return sc && strcmp(sc->name, name) == 0 ? sc : NULL;
}

static void
find_names(struct s2s_oci_maker *m)
{
	const struct s2s_oci_profile *p = m->profile;

	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++) {
		if (!(m->policy->arches >> arch & 1))
			continue;
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
		m->named[arch] = s2s_realloc(NULL, p->n + 1, sizeof *m->named[arch]);
		for (size_t i = 0; i < p->n; i++)
			m->named[arch][i] = named((enum s2s_arch)arch, p->rule[i].name);
	}
}

/* Each rule that is heard on each architecture that has its call. */
struct each {
	int arch;
	size_t at;
	const struct s2s_oci_rule *rule;
	const struct s2s_syscall *sc;
};

static bool
next(const struct s2s_oci_maker *m, struct each *e)
{
	for (; e->arch < S2S_ARCH_COUNT; e->arch++, e->at = 0)
		while (m->named[e->arch] && e->at < m->profile->n) {
			e->sc = m->named[e->arch][e->at];
			e->rule = &m->profile->rule[e->at++];
			if (e->sc && !e->rule->unheard)
				return true;
		}
	return false;
}

/* ---- comparisons ---- */

/* False where no call matches. */
static bool
rule_of(struct s2s_arena *arena, const struct each *e, struct s2s_rule *ret)
{
	uint64_t word = s2s_width_mask(s2s_arch_bits(e->sc->arch));

	*ret = (struct s2s_rule){.why = S2S_WHY_ASKED, .reason = "the profile has it"};
	for (int a = 0; a < S2S_ARGS_MAX; a++)
		ret->arg[a] = s2s_set_any();
	for (unsigned i = 0; i < e->rule->n; i++) {
		struct s2s_set set = s2s_oci_set(arena, &e->rule->cmp[i], word);

		if (set.n == 0 && set.mask)
			return false;
		ret->arg[e->rule->cmp[i].arg] = set;
	}
	return true;
}

/* ---- what passes ---- */

/* By architecture and number, what rules forbid of a call. */
enum how_much { NOTHING, SOME, ALL };

struct forbidden {
	enum how_much *nr[S2S_ARCH_COUNT];
};

static void
forbid(struct forbidden *forbidden, const struct s2s_syscall *sc, enum how_much this)
{
	enum how_much *is = &forbidden->nr[sc->arch][sc->nr];

	if (this > *is)
		*is = this;
}

static void
find_forbidden(const struct s2s_oci_maker *m, struct forbidden *ret)
{
	struct each e = {0};

	*ret = (struct forbidden){0};
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++) {
		size_t n = s2s_oci_numbers(arch);

		ret->nr[arch] = s2s_realloc(NULL, n, sizeof *ret->nr[arch]);
		for (size_t i = 0; i < n; i++)
			ret->nr[arch][i] = NOTHING;
	}
	while (next(m, &e)) {
		const struct s2s_syscall *multiplexer;

		if (s2s_verdict_passes(e.rule->action))
			continue;
		forbid(ret, e.sc, e.rule->n ? SOME : ALL);
		if (s2s_syscall_through(e.sc->arch, sv_from(e.sc->name), &multiplexer))
			forbid(ret, multiplexer, SOME);
	}
}

static void
forbidden_done(struct forbidden *forbidden)
{
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
		free(forbidden->nr[arch]);
}

/* Comparisons of arguments that the call does not have. */
static bool
compares_beyond(const struct s2s_oci_rule *rule, const struct s2s_syscall *sc)
{
	for (unsigned i = 0; i < rule->n; i++)
		if (rule->cmp[i].arg >= sc->nargs)
			return true;
	return false;
}

static void
say_beyond(const struct s2s_oci_maker *m, size_t beyond)
{
	if (beyond)
		s2s_loss_add(m->loss,
			     "%zu rule%s wider than the profile's: the call does not "
			     "have an argument that is compared.",
			     beyond, beyond == 1 ? " is" : "s are");
}

/* A rule as libseccomp makes it of the other form of its call. */
static bool
other_form(const struct each *e, const struct s2s_syscall **ret_sc,
	   struct s2s_oci_rule *ret)
{
	const struct s2s_through *form =
	    s2s_syscall_through(e->sc->arch, sv_from(e->sc->name), ret_sc);

	if (!form)
		return false;
	*ret = (struct s2s_oci_rule){.name = e->rule->name, .action = e->rule->action};
	for (unsigned i = 0; i < e->rule->n; i++)
		if (e->rule->cmp[i].arg != (unsigned)form->arg)
			ret->cmp[ret->n++] = e->rule->cmp[i];
	ret->cmp[ret->n++] = (struct scmp_arg_cmp){
	    .arg = (unsigned)form->arg, .op = SCMP_CMP_EQ, .datum_a = form->value};
	return true;
}

/* What is left of a call that rules stop with certain arguments. */
static enum s2s_status
allow_rest_of(struct s2s_oci_maker *m, const struct s2s_syscall *sc, size_t *beyond)
{
	struct s2s_oci_rule *rule = s2s_realloc(NULL, m->profile->n, sizeof *rule);
	struct each e = {.arch = (int)sc->arch};
	size_t n = 0;
	bool sayable;

	while (next(m, &e) && e.arch == (int)sc->arch) {
		const struct s2s_syscall *of = e.sc;

		if (s2s_verdict_passes(e.rule->action))
			continue;
		rule[n] = *e.rule;
		if (of != sc && (!other_form(&e, &of, &rule[n]) || of != sc))
			continue;
		*beyond += compares_beyond(&rule[n++], sc);
	}
	sayable = s2s_oci_leave(m->policy, sc, rule, n);
	free(rule);
	return sayable ? S2S_OK
		       : refuse(m, sc->name,
				"the default lets pass what its rules leave, which has "
				"too many parts for a policy");
}

/* The default lets pass: all calls that we know, but for what is forbidden. */
static enum s2s_status
allow_the_rest(struct s2s_oci_maker *m, const struct forbidden *forbidden)
{
	size_t beyond = 0;

	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++) {
		size_t n;
		const struct s2s_syscall *const *sc =
		    s2s_syscalls((enum s2s_arch)arch, &n);

		for (size_t i = 0; m->named[arch] && i < n; i++)
			switch (forbidden->nr[arch][sc[i]->nr]) {
			case NOTHING:
				s2s_policy_allow_all(m->policy, sc[i], S2S_WHY_ASKED,
						     "the profile allows by default");
				break;
			case SOME:
				TRY(allow_rest_of(m, sc[i], &beyond));
				break;
			case ALL:
				break;
			}
	}
	say_beyond(m, beyond);
	return S2S_OK;
}

static void
allow_rules(struct s2s_oci_maker *m, const struct forbidden *forbidden)
{
	struct each e = {0};
	size_t logged = 0, beyond = 0;

	while (next(m, &e)) {
		const struct s2s_syscall *multiplexer = e.sc;
		struct s2s_rule rule, other;

		if (!s2s_verdict_passes(e.rule->action) ||
		    forbidden->nr[e.arch][e.sc->nr] == ALL ||
		    !rule_of(&m->policy->arena, &e, &rule))
			continue;
		logged += e.rule->action == SECCOMP_RET_LOG;
		s2s_policy_add_rule(m->policy, e.sc, &rule);
		if (s2s_other_form(e.sc, &rule, &m->policy->arena, &multiplexer,
				   &other))
			s2s_policy_add_rule(m->policy, multiplexer, &other);
		beyond += compares_beyond(e.rule, e.sc) ||
			  compares_beyond(e.rule, multiplexer);
	}
	if (logged)
		s2s_loss_add(m->loss,
			     "%zu rule%s pass and log; the policy only lets pass.",
			     logged, logged == 1 ? " lets" : "s let");
	say_beyond(m, beyond);
}

/* Whether some call is allowed by the one and matches the other. */
static bool
meet(const struct s2s_rule *a, const struct s2s_rule *b)
{
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		if (!s2s_set_is_any(&a->arg[i]) && !s2s_set_is_any(&b->arg[i]) &&
		    !s2s_set_meets(&a->arg[i], &b->arg[i]))
			return false;
	return true;
}

/* Calls that one rule allows and another forbids. */
static enum s2s_status
refuse_mixtures(const struct s2s_oci_maker *m)
{
	struct each e = {0};

	while (next(m, &e)) {
		const struct s2s_policy_call *call = s2s_policy_find(m->policy, e.sc);
		struct s2s_rule rule;

		if (!call || e.rule->n == 0 || s2s_verdict_passes(e.rule->action) ||
		    !rule_of(&m->policy->arena, &e, &rule))
			continue;
		for (size_t k = 0; k < call->n; k++)
			if (meet(&call->rules[k], &rule))
				return refuse(m, e.sc->name,
					      "one rule of the profile allows what "
					      "another forbids, which a policy cannot "
					      "say");
	}
	return S2S_OK;
}

/* ---- what is left out ---- */

/* Names that none of the policy's architectures has. */
static size_t
count_unknown(const struct s2s_oci_maker *m)
{
	size_t unknown = 0;

	for (size_t i = 0; i < m->profile->n; i++) {
		bool known = false;

		for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
			known |= m->named[arch] && m->named[arch][i];
		unknown += !known;
	}
	return unknown;
}

static void
say_left_out(const struct s2s_oci_maker *m)
{
	size_t unknown = count_unknown(m);

	s2s_oci_say_arches(m->profile, m->loss);
	s2s_oci_say_unheard(m);
	if (m->profile->for_loader)
		s2s_loss_add(m->loss,
			     "Of the profile's %s nothing is kept: a policy has no "
			     "such thing.",
			     m->profile->for_loader);
	if (!s2s_verdict_passes(m->profile->fallback))
		s2s_loss_new_names(m->loss, m->policy, "A runtime");
	if (unknown)
		s2s_loss_remark(m->loss,
				"%zu rule%s no call of the policy's architectures, and "
				"%s nothing.",
				unknown, unknown == 1 ? " names" : "s name",
				unknown == 1 ? "says" : "say");
}

static enum s2s_status
make(struct s2s_oci_maker *m)
{
	struct forbidden forbidden;
	enum s2s_status status = S2S_OK;

	find_names(m);
	find_forbidden(m, &forbidden);
	if (s2s_verdict_passes(m->profile->fallback))
		status = allow_the_rest(m, &forbidden);
	else
		allow_rules(m, &forbidden);
	forbidden_done(&forbidden);
	TRY(status);
	if (!s2s_verdict_passes(m->profile->fallback))
		TRY(refuse_mixtures(m));
	s2s_policy_normalize(m->policy);
	s2s_oci_stops(m);
	say_left_out(m);
	return S2S_OK;
}

enum s2s_status
s2s_oci_policy(const struct s2s_oci_profile *profile, const struct s2s_log *log,
	       struct s2s_loss *loss, struct s2s_policy **ret)
{
	struct s2s_oci_maker m = {.profile = profile, .log = log, .loss = loss};
	enum s2s_status status;

	m.policy = s2s_policy_new();
	m.policy->arches = s2s_oci_arches(profile);
	status = make(&m);
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
		free(m.named[arch]);
	if (status == S2S_OK)
		*ret = m.policy;
	else
		s2s_policy_free(m.policy);
	return status;
}
