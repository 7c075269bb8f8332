/* SPDX-License-Identifier: MIT */
/* A profile's rules to a policy: what passes becomes rules, what is stopped the
   actions. It is what the rules say, which libseccomp may compile otherwise. */
#include "format/loss.h"
#include "format/names.h"
#include "format/oci_read.h"

#include <assert.h>

enum { NAMED_MAX = 8 };

struct maker {
	const struct s2s_oci_profile *profile;
	const struct s2s_log *log;
	struct s2s_loss *loss;
	struct s2s_policy *policy;
};

static enum s2s_status
refuse(const struct maker *m, const char *name, const char *why)
{
	s2s_log(m->log, S2S_LOG_ERROR, "%s: %s; verify can still judge the profile",
		name, why);
	return S2S_USAGE;
}

static const struct s2s_syscall *
call_of(const struct s2s_oci_rule *rule)
{
	return s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(rule->name));
}

static struct s2s_action
action_of(uint32_t verdict)
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

/* ---- comparisons ---- */

static struct s2s_set
set_of(struct s2s_arena *arena, const struct scmp_arg_cmp *cmp)
{
	uint64_t v = cmp->datum_a;
	struct s2s_interval iv[2] = {{0, UINT64_MAX}, {0, 0}};
	size_t n = 1;

	switch (cmp->op) {
	case SCMP_CMP_NE:
		n = 0;
		if (v > 0)
			iv[n++] = (struct s2s_interval){0, v - 1};
		if (v < UINT64_MAX)
			iv[n++] = (struct s2s_interval){v + 1, UINT64_MAX};
		break;
	case SCMP_CMP_LT:
		iv[0].hi = v - 1;
		n = v > 0;
		break;
	case SCMP_CMP_LE:
		iv[0].hi = v;
		break;
	case SCMP_CMP_GE:
		iv[0].lo = v;
		break;
	case SCMP_CMP_GT:
		iv[0].lo = v + 1;
		n = v < UINT64_MAX;
		break;
	case SCMP_CMP_MASKED_EQ:
		n = (cmp->datum_b & ~v) == 0;
		if (n && v == 0)
			return s2s_set_any();
		if (n)
			return s2s_set_value(arena, v, cmp->datum_b);
		break;
	default: /* SCMP_CMP_EQ */
		return s2s_set_value(arena, UINT64_MAX, v);
	}
	return n ? s2s_set_make(arena, UINT64_MAX, iv, n)
		 : (struct s2s_set){.mask = UINT64_MAX};
}

/* False where no call matches. */
static bool
rule_of(struct s2s_arena *arena, const struct s2s_oci_rule *from, struct s2s_rule *ret)
{
	*ret = (struct s2s_rule){.why = S2S_WHY_ASKED, .reason = "the profile has it"};
	for (int a = 0; a < S2S_ARGS_MAX; a++)
		ret->arg[a] = s2s_set_any();
	for (unsigned i = 0; i < from->n; i++) {
		struct s2s_set set = set_of(arena, &from->cmp[i]);

		if (set.n == 0 && set.mask)
			return false;
		ret->arg[from->cmp[i].arg] = set;
	}
	return true;
}

/* ---- what passes ---- */

/* Whether a rule forbids the call whatever its arguments. */
static bool
is_forbidden(const struct maker *m, const struct s2s_syscall *sc)
{
	for (size_t i = 0; i < m->profile->n; i++)
		if (m->profile->rule[i].n == 0 && call_of(&m->profile->rule[i]) == sc &&
		    !s2s_verdict_passes(m->profile->rule[i].action))
			return true;
	return false;
}

/* The default lets pass: all calls that we know, but for those that are forbidden. */
static enum s2s_status
allow_the_rest(struct maker *m)
{
	size_t n;
	const struct s2s_syscall *const *sc = s2s_syscalls(S2S_ARCH_X86_64, &n);

	for (size_t i = 0; i < m->profile->n; i++)
		if (m->profile->rule[i].n &&
		    !s2s_verdict_passes(m->profile->rule[i].action))
			return refuse(m, m->profile->name,
				      "it allows by default and forbids calls with "
				      "certain arguments, which a policy cannot say");
	for (size_t i = 0; i < n; i++)
		if (!is_forbidden(m, sc[i]))
			s2s_policy_allow_all(m->policy, sc[i], S2S_WHY_ASKED,
					     "the profile allows by default");
	return S2S_OK;
}

static void
allow_rules(struct maker *m, size_t *ret_logged)
{
	for (size_t i = 0; i < m->profile->n; i++) {
		const struct s2s_oci_rule *from = &m->profile->rule[i];
		const struct s2s_syscall *sc = call_of(from);
		struct s2s_rule rule;

		if (!sc || !s2s_verdict_passes(from->action) || is_forbidden(m, sc) ||
		    !rule_of(&m->policy->arena, from, &rule))
			continue;
		*ret_logged += from->action == SECCOMP_RET_LOG;
		s2s_policy_add_rule(m->policy, sc, &rule);
	}
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
refuse_mixtures(const struct maker *m)
{
	for (size_t i = 0; i < m->profile->n; i++) {
		const struct s2s_oci_rule *from = &m->profile->rule[i];
		const struct s2s_syscall *sc = call_of(from);
		const struct s2s_policy_call *call =
		    sc ? s2s_policy_find(m->policy, sc) : NULL;
		struct s2s_rule rule;

		if (!call || from->n == 0 || s2s_verdict_passes(from->action) ||
		    !rule_of(&m->policy->arena, from, &rule))
			continue;
		for (size_t k = 0; k < call->n; k++)
			if (meet(&call->rules[k], &rule))
				return refuse(m, sc->name,
					      "one rule of the profile allows what "
					      "another forbids, which a policy cannot "
					      "say");
	}
	return S2S_OK;
}

/* ---- what is stopped, and how ---- */

/* What the profile answers to a call that it does not allow, whatever its arguments. */
static uint32_t
answer(const struct maker *m, const struct s2s_syscall *sc)
{
	for (size_t i = 0; i < m->profile->n; i++)
		if (call_of(&m->profile->rule[i]) == sc &&
		    !s2s_verdict_passes(m->profile->rule[i].action))
			return m->profile->rule[i].action;
	return m->profile->fallback;
}

/* How many known calls that are not allowed get this answer. */
static size_t
count_answers(const struct maker *m, uint32_t wanted, size_t *ret_others)
{
	size_t n, found = 0;
	const struct s2s_syscall *const *sc = s2s_syscalls(S2S_ARCH_X86_64, &n);

	*ret_others = 0;
	for (size_t i = 0; i < n; i++) {
		const struct s2s_policy_call *call = s2s_policy_find(m->policy, sc[i]);

		if (call && s2s_rule_is_any(&call->rules[0]))
			continue;
		if (answer(m, sc[i]) == wanted)
			found++;
		else
			++*ret_others;
	}
	return found;
}

/* "clone3 (ERRNO(ENOSYS))" */
static void
out_answer(struct s2s_out *out, size_t i, const struct s2s_syscall *sc,
	   uint32_t verdict)
{
	s2s_out_printf(out, "%s%s (", i > 1 ? ", " : "", sc->name);
	s2s_verdict_print(out, verdict);
	s2s_out_char(out, ')');
}

void
s2s_oci_drop_answers(struct s2s_policy *policy, struct s2s_loss *loss)
{
	struct s2s_out names;
	size_t i = 0;

	s2s_out_memory(&names);
	for (; i < policy->n_answers && i < NAMED_MAX; i++)
		out_answer(&names, i + 1, policy->answers[i].sc,
			   s2s_action_ret(policy->answers[i].action));
	if (policy->n_answers > i)
		s2s_out_printf(&names, " and %zu more", policy->n_answers - i);
	if (i)
		s2s_loss_add(loss,
			     "The format has one answer to known calls that are "
			     "stopped, and the profile has others: %.*s.",
			     (int)names.n, names.p);
	s2s_out_done(&names);
	policy->n_answers = 0;
}

/* Without arguments a policy can say it: glibc goes on without clone3 where that gets
   ENOSYS, and fails where it gets EPERM. */
static bool
is_answer(const struct s2s_policy_call *call, struct s2s_action action)
{
	return !call &&
	       (action.kind == S2S_ACTION_ERRNO || action.kind == S2S_ACTION_TRAP ||
		action.kind == S2S_ACTION_KILL_PROCESS ||
		action.kind == S2S_ACTION_KILL_THREAD);
}

static void
set_others(struct maker *m, uint32_t best)
{
	size_t n, others = 0;
	const struct s2s_syscall *const *sc = s2s_syscalls(S2S_ARCH_X86_64, &n);
	struct s2s_out names;

	s2s_out_memory(&names);
	for (size_t i = 0; i < n; i++) {
		const struct s2s_policy_call *call = s2s_policy_find(m->policy, sc[i]);
		uint32_t is = answer(m, sc[i]);

		if ((call && s2s_rule_is_any(&call->rules[0])) || is == best)
			continue;
		if (is_answer(call, action_of(is)))
			s2s_policy_add_answer(m->policy, sc[i], action_of(is));
		else if (others++ < NAMED_MAX)
			out_answer(&names, others, sc[i], is);
	}
	if (others > NAMED_MAX)
		s2s_out_printf(&names, " and %zu more", others - NAMED_MAX);
	if (others)
		s2s_loss_add(m->loss,
			     "Of calls with certain arguments a policy has one answer "
			     "to all others, and the profile has more: %.*s.",
			     (int)names.n, names.p);
	s2s_out_done(&names);
}

/* A policy has one action: what most get. */
static void
set_actions(struct maker *m)
{
	uint32_t best = m->profile->fallback;
	size_t others, most = count_answers(m, best, &others);

	for (size_t i = 0; i < m->profile->n && others > 0; i++) {
		uint32_t action = m->profile->rule[i].action;
		size_t rest, n;

		if (s2s_verdict_passes(action) || action == best)
			continue;
		n = count_answers(m, action, &rest);
		if (n > most || (s2s_verdict_passes(best) && n)) {
			best = action;
			most = n;
			others = rest;
		}
	}
	m->policy->unknown = action_of(m->profile->fallback);
	m->policy->action = action_of(best);
	if (others)
		set_others(m, best);
}

/* ---- what is left out ---- */

static void
say_left_out(struct maker *m, size_t logged)
{
	size_t unknown = 0, arches = 0;

	for (size_t i = 0; i < m->profile->n; i++)
		unknown += !call_of(&m->profile->rule[i]);
	for (size_t i = 0; i < m->profile->n_arches; i++)
		arches += m->profile->arch[i] != SCMP_ARCH_X86_64;
	if (arches)
		s2s_loss_add(
		    m->loss,
		    "The profile has %zu architecture%s beside x86_64; the policy "
		    "forbids their calls.",
		    arches, arches == 1 ? "" : "s");
	if (logged)
		s2s_loss_add(m->loss,
			     "%zu rules let pass and log; the policy only lets pass.",
			     logged);
	if (!s2s_verdict_passes(m->profile->fallback))
		s2s_loss_new_names(m->loss, m->policy, "A runtime");
	if (unknown)
		s2s_loss_remark(m->loss,
				"%zu rules name no call of x86_64, and say nothing.",
				unknown);
}

enum s2s_status
s2s_oci_policy(const struct s2s_oci_profile *profile, const struct s2s_log *log,
	       struct s2s_loss *loss, struct s2s_policy **ret)
{
	struct maker m = {profile, log, loss, s2s_policy_new()};
	enum s2s_status status = S2S_OK;
	size_t logged = 0;

	m.policy->arches = 1U << S2S_ARCH_X86_64;
	if (s2s_verdict_passes(profile->fallback))
		status = allow_the_rest(&m);
	else
		allow_rules(&m, &logged);
	if (status == S2S_OK)
		status = refuse_mixtures(&m);
	if (status != S2S_OK) {
		s2s_policy_free(m.policy);
		return status;
	}
	s2s_policy_normalize(m.policy);
	set_actions(&m);
	say_left_out(&m, logged);
	*ret = m.policy;
	return S2S_OK;
}
