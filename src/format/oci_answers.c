/* SPDX-License-Identifier: MIT */
/* What a profile answers to calls that it does not allow: the answer of most becomes
   the policy's action, single calls keep theirs. */
#include "format/names.h"
#include "format/oci_maker.h"

#include <assert.h>
#include <stdlib.h>

struct s2s_action
s2s_oci_verdict(uint32_t verdict)
{
	struct s2s_action action = {S2S_ACTION_ALLOW,
				    (uint16_t)(verdict & SECCOMP_RET_DATA)};

	for (int kind = S2S_ACTION_ALLOW; kind <= S2S_ACTION_NOTIFY; kind++) {
		action.kind = (enum s2s_action_kind)kind;
		if (s2s_action_ret(action) == verdict)
			return action;
	}
	assert(false && "no action of the table in oci_read.c");
	return action;
}

size_t
s2s_oci_numbers(int arch)
{
	size_t n;
	const struct s2s_syscall *const *sc = s2s_syscalls((enum s2s_arch)arch, &n);

	return n ? sc[n - 1]->nr + 1 : 0;
}

/* ---- what each call gets where no rule lets it pass ---- */

struct answers {
	const struct s2s_oci_maker *m;
	uint32_t *of[S2S_ARCH_COUNT]; /* by number */
};

/* What i386 has by way of socketcall or ipc as well. */
static bool
is_through(const struct s2s_syscall *sc, const struct s2s_syscall **ret_sc)
{
	return s2s_syscall_through(sc->arch, sv_from(sc->name), ret_sc);
}

/* Of several rules the first one counts, and what holds whatever the arguments. */
static void
take_rules(struct answers *ret, int arch, bool bare)
{
	const struct s2s_oci_maker *m = ret->m;
	const struct s2s_syscall *multiplexer;

	for (size_t i = m->profile->n; i-- > 0;) {
		const struct s2s_oci_rule *rule = &m->profile->rule[i];

		if (!m->named[arch][i] || rule->unheard ||
		    s2s_verdict_passes(rule->action))
			continue;
		if ((rule->n == 0) == bare)
			ret->of[arch][m->named[arch][i]->nr] = rule->action;
		if (!bare && is_through(m->named[arch][i], &multiplexer))
			ret->of[arch][multiplexer->nr] = rule->action;
	}
}

static void
find_answers(const struct s2s_oci_maker *m, struct answers *ret)
{
	*ret = (struct answers){.m = m};
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++) {
		size_t n;
		const struct s2s_syscall *const *sc =
		    s2s_syscalls((enum s2s_arch)arch, &n);

		if (!m->named[arch])
			continue;
		ret->of[arch] =
		    s2s_realloc(NULL, s2s_oci_numbers(arch), sizeof *ret->of[arch]);
		for (size_t i = 0; i < n; i++)
			ret->of[arch][sc[i]->nr] = m->profile->fallback;
		/* Where the default lets pass, nothing else stops anything. */
		if (s2s_verdict_passes(m->profile->fallback))
			take_rules(ret, arch, false);
		take_rules(ret, arch, true);
	}
}

static void
answers_done(struct answers *answers)
{
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
		free(answers->of[arch]);
}

static bool
is_open(const struct s2s_policy *policy, const struct s2s_syscall *sc)
{
	const struct s2s_policy_call *call = s2s_policy_find(policy, sc);

	return call && s2s_rule_is_any(&call->rules[0]);
}

/* Each known call that is not allowed whatever its arguments. */
struct stopped {
	int arch;
	size_t at;
	const struct s2s_syscall *sc;
	uint32_t verdict;
};

static bool
next(const struct answers *answers, struct stopped *s)
{
	for (; s->arch < S2S_ARCH_COUNT; s->arch++, s->at = 0) {
		size_t n;
		const struct s2s_syscall *const *sc =
		    s2s_syscalls((enum s2s_arch)s->arch, &n);

		while (answers->of[s->arch] && s->at < n) {
			s->sc = sc[s->at++];
			s->verdict = answers->of[s->arch][s->sc->nr];
			if (!is_open(answers->m->policy, s->sc))
				return true;
		}
	}
	return false;
}

/* ---- what most get ---- */

struct tally {
	uint32_t verdict;
	size_t n;
};

static struct tally *
tally_of(struct tally **tally, size_t *n, size_t *cap, uint32_t verdict)
{
	for (size_t i = 0; i < *n; i++)
		if ((*tally)[i].verdict == verdict)
			return &(*tally)[i];
	s2s_grow(*tally, *n, *cap);
	(*tally)[*n] = (struct tally){verdict, 0};
	return &(*tally)[(*n)++];
}

/* What lets pass is no answer to what is stopped: where there is nothing else, no known
   call gets it, and other architectures are killed as by libseccomp. */
static uint32_t
most(const struct answers *answers)
{
	struct tally *tally = NULL;
	size_t n = 0, cap = 0, best = 0;
	struct stopped s = {0};
	uint32_t ret;

	tally_of(&tally, &n, &cap, answers->m->profile->fallback);
	while (next(answers, &s))
		tally_of(&tally, &n, &cap, s.verdict)->n++;
	for (size_t i = 1; i < n; i++)
		if (tally[i].n > tally[best].n ||
		    s2s_verdict_passes(tally[best].verdict))
			best = i;
	ret = tally[best].verdict;
	free(tally);
	return s2s_verdict_passes(ret) ? SECCOMP_RET_KILL_PROCESS : ret;
}

/* ---- what others get ---- */

static void
forget_answers(struct s2s_policy *policy, s2s_says_fn *says)
{
	size_t kept = 0;

	for (size_t i = 0; i < policy->n_answers; i++)
		if (says(policy->answers[i].action))
			policy->answers[kept++] = policy->answers[i];
	policy->n_answers = kept;
}

void
s2s_oci_drop_answers(struct s2s_policy *policy, bool keep_whole, struct s2s_loss *loss)
{
	struct s2s_policy_answer *kept =
	    s2s_realloc(NULL, policy->n_answers + 1, sizeof *kept);
	size_t n_kept = 0, n = 0;

	for (size_t i = 0; i < policy->n_answers; i++)
		if (keep_whole && !s2s_policy_find(policy, policy->answers[i].sc))
			kept[n_kept++] = policy->answers[i];
		else
			policy->answers[n++] = policy->answers[i];
	policy->n_answers = n;
	s2s_loss_answers(loss, policy, NULL);
	for (size_t i = 0; i < n_kept; i++)
		policy->answers[i] = kept[i];
	policy->n_answers = n_kept;
	free(kept);
}

/* glibc goes on without clone3 where that gets ENOSYS, and fails where it gets EPERM.
   Whom to notify is said once for a filter. */
static bool
is_answer(struct s2s_action action)
{
	return action.kind != S2S_ACTION_NOTIFY;
}

static void
keep_others(struct s2s_oci_maker *m, const struct answers *answers, uint32_t best)
{
	struct stopped s = {0};

	while (next(answers, &s))
		if (s.verdict != best && !s2s_verdict_passes(s.verdict))
			s2s_policy_add_answer(m->policy, s.sc,
					      s2s_oci_verdict(s.verdict));
	s2s_loss_answers(m->loss, m->policy, is_answer);
	forget_answers(m->policy, is_answer);
}

/* With the other form of its call, a rule is always about certain arguments. */
static bool
answers_otherwise(const struct answers *answers, const struct s2s_oci_rule *rule,
		  const struct s2s_syscall *sc)
{
	const struct s2s_syscall *multiplexer;

	if (rule->n && answers->of[sc->arch][sc->nr] != rule->action)
		return true;
	return is_through(sc, &multiplexer) &&
	       !is_open(answers->m->policy, multiplexer) &&
	       answers->of[sc->arch][multiplexer->nr] != rule->action;
}

/* Rules that answer some arguments of a call otherwise than all others. */
static void
say_certain(const struct s2s_oci_maker *m, const struct answers *answers)
{
	size_t n = 0;

	for (size_t i = 0; i < m->profile->n; i++) {
		const struct s2s_oci_rule *rule = &m->profile->rule[i];
		bool other = false;

		for (int arch = 0; arch < S2S_ARCH_COUNT; arch++) {
			const struct s2s_syscall *sc =
			    m->named[arch] ? m->named[arch][i] : NULL;

			other |= sc && answers_otherwise(answers, rule, sc);
		}
		n += !rule->unheard && !s2s_verdict_passes(rule->action) && other;
	}
	if (n)
		s2s_loss_add(m->loss,
			     "%zu rule%s answer%s certain arguments of a call "
			     "otherwise than others: a policy has one answer to each "
			     "call.",
			     n, n == 1 ? "" : "s", n == 1 ? "s" : "");
}

void
s2s_oci_stops(struct s2s_oci_maker *m)
{
	uint32_t fallback = m->profile->fallback, best;
	struct answers answers;

	find_answers(m, &answers);
	best = most(&answers);
	m->policy->unknown = s2s_oci_verdict(fallback);
	m->policy->action = s2s_oci_verdict(best);
	keep_others(m, &answers, best);
	say_certain(m, &answers);
	if (fallback == SECCOMP_RET_LOG)
		s2s_loss_add(m->loss, "The default lets pass and logs; the policy only "
				      "lets known calls pass.");
	answers_done(&answers);
}

/* Unheard rules that would stop what the policy allows. */
static size_t
count_unheard(const struct s2s_oci_maker *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->profile->n; i++) {
		const struct s2s_oci_rule *rule = &m->profile->rule[i];
		bool allowed = false;

		for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
			allowed |= m->named[arch] && m->named[arch][i] &&
				   s2s_policy_find(m->policy, m->named[arch][i]);
		n += rule->unheard && !s2s_verdict_passes(rule->action) && allowed;
	}
	return n;
}

void
s2s_oci_say_unheard(const struct s2s_oci_maker *m)
{
	size_t unheard = count_unheard(m);

	if (unheard)
		s2s_loss_remark(
		    m->loss,
		    "%zu rule%s a call that another rule allows as a whole, "
		    "or equal%s the default: runtimes leave that out.",
		    unheard, unheard == 1 ? " is about" : "s are about",
		    unheard == 1 ? "s" : "");
}
