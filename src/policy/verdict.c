/* SPDX-License-Identifier: MIT */
/* What a policy says of one call: the reference for every filter. */
#include "kernel/call.h"
#include "policy/cover.h"

bool
s2s_rule_is_any(const struct s2s_rule *rule)
{
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		if (!s2s_set_is_any(&rule->arg[i]))
			return false;
	return true;
}

size_t
s2s_policy_restricted(const struct s2s_policy *policy)
{
	size_t n = 0;

	for (size_t i = 0; i < policy->n; i++)
		n += policy->calls[i].n != 1 ||
		     !s2s_rule_is_any(&policy->calls[i].rules[0]);
	return n;
}

bool
s2s_rule_allows(const struct s2s_rule *rule, const uint64_t args[S2S_ARGS_MAX])
{
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		if (!s2s_set_contains(&rule->arg[i], args[i]))
			return false;
	return true;
}

static bool
call_allows(const struct s2s_policy_call *call, const uint64_t args[S2S_ARGS_MAX])
{
	for (size_t i = 0; i < call->n; i++)
		if (s2s_rule_allows(&call->rules[i], args))
			return true;
	return false;
}

struct s2s_action
s2s_policy_verdict(const struct s2s_policy *policy, uint32_t audit_arch, uint32_t nr,
		   const uint64_t args[S2S_ARGS_MAX])
{
	struct s2s_action allow = {S2S_ACTION_ALLOW, 0};
	const struct s2s_policy_call *call;
	const struct s2s_syscall *sc;
	enum s2s_arch arch;

	if (!s2s_arch_from_audit(audit_arch, &arch) || !(policy->arches & 1U << arch))
		return policy->action;
	if (nr == UINT32_MAX)
		return allow;
	if (arch == S2S_ARCH_X86_64 && nr & S2S_X32_BIT)
		return policy->action;
	call = s2s_policy_find_nr(policy, arch, nr);
	if (call)
		return call_allows(call, args) ? allow
					       : s2s_policy_stops(policy, call->sc);
	sc = s2s_syscall_by_nr(arch, nr);
	return sc ? s2s_policy_stops(policy, sc) : policy->unknown;
}

static const struct s2s_interval not_null = {1, UINT64_MAX};

/* All values that the register may have. `room` holds the interval of a single one. */
static struct s2s_set
possible(const struct s2s_call *call, int i, struct s2s_interval *room)
{
	const struct s2s_arg *arg = &call->arg[i];
	const struct s2s_kind *kind =
	    call->kind[i] ? call->kind[i] : call->sc->arg[i].kind;

	switch (arg->state) {
	case S2S_ARG_KNOWN:
		break;
	case S2S_ARG_ADDRESS:
		return (struct s2s_set){UINT64_MAX, &not_null, 1};
	case S2S_ARG_UNKNOWN:
		return s2s_set_any();
	}
	room->lo = room->hi = arg->value & s2s_width_mask(kind->width);
	return (struct s2s_set){s2s_width_mask(kind->width), room, 1};
}

/* The call as a rule that allows all it may have been. */
static struct s2s_rule
rule_of(const struct s2s_call *call, struct s2s_interval room[S2S_ARGS_MAX])
{
	struct s2s_rule rule = {.why = S2S_WHY_SEEN};

	for (int i = 0; i < S2S_ARGS_MAX; i++)
		rule.arg[i] =
		    i < call->sc->nargs ? possible(call, i, &room[i]) : s2s_set_any();
	return rule;
}

bool
s2s_policy_allows_call(const struct s2s_policy *policy, const struct s2s_call *call)
{
	const struct s2s_policy_call *entry = s2s_policy_find(policy, call->sc);
	struct s2s_interval room[S2S_ARGS_MAX];
	struct s2s_rule rule;

	if (!entry)
		return false;
	rule = rule_of(call, room);
	return s2s_rule_covered(&rule, entry->rules, entry->n, call->sc->nargs);
}

/* How far a rule is from allowing all that the call may have been. */
struct distance {
	unsigned args, selectors;
	int first; /* argument that fails, -1: none */
};

static struct distance
distance(const struct s2s_syscall *sc, const struct s2s_rule *wanted,
	 const struct s2s_rule *rule)
{
	struct distance d = {.first = -1};

	for (int i = 0; i < sc->nargs; i++) {
		if (s2s_set_subset(&wanted->arg[i], &rule->arg[i]))
			continue;
		if (d.first < 0)
			d.first = i;
		d.args++;
		d.selectors += sc->arg[i].kind->role == S2S_ROLE_SELECTOR;
	}
	return d;
}

bool
s2s_policy_nearest(const struct s2s_policy *policy, const struct s2s_call *call,
		   const struct s2s_rule **ret_rule, int *ret_arg)
{
	const struct s2s_policy_call *entry = s2s_policy_find(policy, call->sc);
	struct s2s_interval room[S2S_ARGS_MAX];
	struct distance best = {.args = UINT32_MAX};
	struct s2s_rule wanted;

	if (!entry || entry->n == 0)
		return false;
	wanted = rule_of(call, room);
	for (size_t i = 0; i < entry->n; i++) {
		struct distance d = distance(call->sc, &wanted, &entry->rules[i]);

		if (d.args < best.args ||
		    (d.args == best.args && d.selectors < best.selectors)) {
			best = d;
			*ret_rule = &entry->rules[i];
			*ret_arg = d.first;
		}
	}
	return true;
}
