/* SPDX-License-Identifier: MIT */
#include "format/by_name.h"

#include "policy/cover.h"

#include <stdlib.h>

uint32_t
s2s_by_name_arches(const struct s2s_policy *policy)
{
	uint32_t x86_64 = 1U << S2S_ARCH_X86_64;
	bool has_i386 = policy->arches >> S2S_ARCH_I386 & 1;

	return policy->arches == 0 || has_i386 ? policy->arches | x86_64
					       : policy->arches;
}

/* An alias is another name. */
static const struct s2s_syscall *
same_name(uint32_t arches, int arch, const struct s2s_syscall *sc)
{
	const struct s2s_syscall *found;

	if (!(arches >> arch & 1))
		return NULL;
	found = s2s_syscall_by_name((enum s2s_arch)arch, sv_from(sc->name));
	return found && strcmp(found->name, sc->name) == 0 ? found : NULL;
}

static const struct s2s_syscall *
first_of(uint32_t arches, const struct s2s_syscall *sc)
{
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++) {
		const struct s2s_syscall *found = same_name(arches, arch, sc);

		if (found)
			return found;
	}
	return sc;
}

/* ---- one list for all ---- */

/* What can be compared on every architecture that has the call. */
static void
common(struct s2s_rule *rule, uint32_t arches, const struct s2s_syscall *sc)
{
	uint8_t nargs = S2S_ARGS_MAX;

	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++) {
		const struct s2s_syscall *on = same_name(arches, arch, sc);

		if (on && on->nargs < nargs)
			nargs = on->nargs;
	}
	for (int a = nargs; a < S2S_ARGS_MAX; a++)
		rule->arg[a] = s2s_set_any();
}

/* What a policy says beside its rules, for those that were made of them. */
static struct s2s_policy *
complete(struct s2s_policy *to, const struct s2s_policy *from, uint32_t arches)
{
	for (size_t i = 0; i < from->n_answers; i++)
		s2s_policy_add_answer(to, from->answers[i].sc, from->answers[i].action);
	to->action = from->action;
	to->unknown = from->unknown;
	to->arches = arches;
	s2s_policy_normalize(to);
	return to;
}

/* The low words of an interval: the same as of the blocks that it is compared as. */
static size_t
low_words(const struct s2s_interval *iv, uint64_t mask, struct s2s_interval ret[2])
{
	uint64_t word = UINT32_MAX, apart = (iv->hi >> 32) - (iv->lo >> 32);

	if (apart == 0) {
		ret[0] = (struct s2s_interval){iv->lo & word, iv->hi & word};
		return 1;
	}
	ret[0] = (struct s2s_interval){apart > 1 ? 0 : iv->lo & word, mask};
	ret[1] = (struct s2s_interval){0, iv->hi & word};
	return 2;
}

static struct s2s_set
cut_set(struct s2s_arena *arena, const struct s2s_set *set)
{
	struct s2s_interval *iv = s2s_realloc(NULL, 2 * set->n, sizeof *iv);
	uint64_t mask = set->mask & UINT32_MAX;
	struct s2s_set ret = s2s_set_any();
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++)
		n += low_words(&set->iv[i], mask, iv + n);
	if (mask)
		ret = s2s_set_make(arena, mask, iv, n);
	free(iv);
	return ret;
}

/* libseccomp compares the bits that the architecture has. */
static void
cut_to(struct s2s_arena *arena, struct s2s_rule *rule, unsigned bits)
{
	for (int a = 0; bits == 32 && a < S2S_ARGS_MAX; a++) {
		struct s2s_set *set = &rule->arg[a];

		if (!s2s_set_is_any(set) && set->mask > UINT32_MAX)
			*set = cut_set(arena, set);
	}
}

static const struct s2s_through *
through(const struct s2s_syscall *sc, const struct s2s_syscall **ret_sc)
{
	return s2s_syscall_through(S2S_ARCH_I386, sv_from(sc->name), ret_sc);
}

/* Whether what is listed for wider registers says it already, as far as its low words
   go. */
static bool
is_listed(struct s2s_policy *named, struct s2s_policy_call *to,
	  const struct s2s_rule *rule)
{
	struct s2s_rule *cut = s2s_realloc(NULL, to->n + 1, sizeof *cut);
	bool listed = false;

	for (size_t i = 0; i < to->n && !listed; i++) {
		cut[i] = to->rules[i];
		cut_to(&named->arena, &cut[i], 32);
		listed = s2s_rule_covered(rule, &cut[i], 1, S2S_ARGS_MAX);
		if (listed)
			s2s_rule_absorb(&to->rules[i], rule);
	}
	listed = listed || (to->n && s2s_rule_covered(rule, cut, to->n, S2S_ARGS_MAX));
	free(cut);
	return listed;
}

static void
list_call(struct s2s_policy *named, uint32_t arches, const struct s2s_policy_call *from)
{
	const struct s2s_syscall *sc = first_of(arches, from->sc);
	struct s2s_policy_call *to = s2s_policy_call(named, sc);

	if (!to->level)
		to->level = from->level;
	for (size_t k = 0; k < from->n; k++) {
		struct s2s_rule rule = from->rules[k];

		common(&rule, arches, sc);
		if (s2s_arch_bits(from->sc->arch) == 64 ||
		    !is_listed(named, s2s_policy_call(named, sc), &rule))
			s2s_policy_add_rule(named, sc, &rule);
	}
}

struct s2s_policy *
s2s_by_name(const struct s2s_policy *policy)
{
	struct s2s_policy *named = s2s_policy_new();
	uint32_t arches = s2s_by_name_arches(policy);

	for (unsigned bits = 64; bits >= 32; bits -= 32)
		for (size_t i = 0; i < policy->n; i++)
			if (s2s_arch_bits(policy->calls[i].sc->arch) == bits)
				list_call(named, arches, &policy->calls[i]);
	for (size_t i = 0; i < policy->n_notes; i++)
		s2s_policy_note(named, "%s", policy->notes[i]);
	return complete(named, policy, arches);
}

/* ---- what it means ---- */

/* libseccomp puts the number of the form in the place of one argument, and compares the
   others as if they were the call's own. */
bool
s2s_other_form(const struct s2s_syscall *sc, const struct s2s_rule *rule,
	       struct s2s_arena *arena, const struct s2s_syscall **ret_sc,
	       struct s2s_rule *ret)
{
	const struct s2s_through *form =
	    s2s_syscall_through(sc->arch, sv_from(sc->name), ret_sc);

	if (!form)
		return false;
	*ret = *rule;
	ret->why = S2S_WHY_IMPLIED;
	ret->reason = "another form of the same call";
	ret->arg[form->arg] = s2s_set_value(arena, UINT32_MAX, form->value);
	return true;
}

struct s2s_policy *
s2s_by_name_said(const struct s2s_policy *named, uint32_t arches)
{
	struct s2s_policy *said = s2s_policy_new();
	const struct s2s_syscall *multiplexer;

	for (size_t i = 0; i < named->n; i++) {
		const struct s2s_policy_call *from = &named->calls[i];

		for (int arch = 0; arch < S2S_ARCH_COUNT; arch++) {
			const struct s2s_syscall *sc =
			    same_name(arches, arch, from->sc);

			for (size_t k = 0; sc && k < from->n; k++) {
				struct s2s_rule rule = from->rules[k];

				cut_to(&said->arena, &rule, s2s_arch_bits(sc->arch));
				s2s_policy_add_rule(said, sc, &rule);
				if (s2s_other_form(sc, &rule, &said->arena,
						   &multiplexer, &rule))
					s2s_policy_add_rule(said, multiplexer, &rule);
			}
		}
	}
	return complete(said, named, arches);
}

static bool
is_wider(const struct s2s_policy_call *call, const struct s2s_policy *policy,
	 bool names_only)
{
	const struct s2s_policy_call *had = s2s_policy_find(policy, call->sc);

	if (!had || names_only)
		return !had;
	for (size_t k = 0; k < call->n; k++)
		if (!s2s_rule_covered(&call->rules[k], had->rules, had->n,
				      call->sc->nargs))
			return true;
	return false;
}

size_t
s2s_by_name_wider(const struct s2s_policy *policy, bool names_only)
{
	struct s2s_policy *named = s2s_by_name(policy);
	struct s2s_policy *said = s2s_by_name_said(named, named->arches);
	size_t n = 0;

	for (size_t i = 0; i < said->n; i++)
		n += is_wider(&said->calls[i], policy, names_only);
	s2s_policy_free(named);
	s2s_policy_free(said);
	return n;
}

bool
s2s_by_name_forbids(const struct s2s_policy *said, const struct s2s_syscall *sc)
{
	const struct s2s_syscall *multiplexer;

	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++) {
		const struct s2s_syscall *on = same_name(said->arches, arch, sc);

		if (on && s2s_policy_find(said, on))
			return false;
	}
	return !(said->arches >> S2S_ARCH_I386 & 1) || !through(sc, &multiplexer) ||
	       !s2s_policy_find(said, multiplexer);
}

void
s2s_by_name_each(uint32_t arches, s2s_name_fn *fn, void *self)
{
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++) {
		size_t n;
		const struct s2s_syscall *const *sc =
		    s2s_syscalls((enum s2s_arch)arch, &n);

		for (size_t i = 0; arches >> arch & 1 && i < n; i++)
			if (first_of(arches, sc[i]) == sc[i])
				fn(self, sc[i]);
	}
}
