/* SPDX-License-Identifier: MIT */
/* The policy's side reads its sets bit by bit and shares nothing with the compiler. */
#include "filter/prove.h"

#include <stdlib.h>
#include <string.h>

enum { NODES_MAX = 3 << 20 };

static uint32_t
bit_of(struct s2s_bdd *bdd, int arg, int bit)
{
	return s2s_bdd_bit(bdd, (uint32_t)(S2S_WORD_ARGS + 2 * arg + bit / 32),
			   (uint32_t)bit % 32);
}

static uint32_t
is_value(struct s2s_bdd *bdd, int arg, uint64_t mask, uint64_t value)
{
	uint32_t ret = S2S_BDD_TRUE;

	for (int bit = 0; bit < 64; bit++) {
		uint32_t test;

		if (!(mask >> bit & 1))
			continue;
		test = bit_of(bdd, arg, bit);
		ret = value >> bit & 1 ? s2s_bdd_and(bdd, test, ret)
				       : s2s_bdd_choose(bdd, test, S2S_BDD_FALSE, ret);
	}
	return ret;
}

/* Whether the bits of the mask are at least, or at most, the value's. */
static uint32_t
is_bounded(struct s2s_bdd *bdd, int arg, uint64_t mask, uint64_t value, bool at_most)
{
	uint32_t ret = S2S_BDD_TRUE;

	for (int i = 0; i < 64; i++) {
		bool one = value >> i & 1;
		uint32_t beside = one == at_most ? S2S_BDD_TRUE : S2S_BDD_FALSE;

		if (!(mask >> i & 1))
			continue;
		ret = s2s_bdd_choose(bdd, bit_of(bdd, arg, i), one ? ret : beside,
				     one ? beside : ret);
	}
	return ret;
}

static uint32_t
is_within(struct s2s_bdd *bdd, int arg, uint64_t mask, const struct s2s_interval *iv)
{
	if (iv->lo == iv->hi)
		return is_value(bdd, arg, mask, iv->lo);
	return s2s_bdd_and(bdd, is_bounded(bdd, arg, mask, iv->lo, false),
			   is_bounded(bdd, arg, mask, iv->hi, true));
}

/* Halved and halved again, so that no part is gone over more often than need be. */
static uint32_t
is_in_some(struct s2s_bdd *bdd, int arg, const struct s2s_set *set, size_t from,
	   size_t to)
{
	size_t mid = from + (to - from) / 2;

	if (from == to)
		return S2S_BDD_FALSE;
	if (to - from == 1)
		return is_within(bdd, arg, set->mask, &set->iv[from]);
	return s2s_bdd_or(bdd, is_in_some(bdd, arg, set, from, mid),
			  is_in_some(bdd, arg, set, mid, to));
}

static uint32_t
rule_allows(struct s2s_bdd *bdd, const struct s2s_rule *rule)
{
	uint32_t ret = S2S_BDD_TRUE;

	for (int i = S2S_ARGS_MAX - 1; i >= 0; i--)
		ret = s2s_bdd_and(
		    bdd, is_in_some(bdd, i, &rule->arg[i], 0, rule->arg[i].n), ret);
	return ret;
}

static uint32_t
rules_allow(struct s2s_bdd *bdd, const struct s2s_rule *rules, size_t n)
{
	if (n == 0 || bdd->full)
		return S2S_BDD_FALSE;
	if (n == 1)
		return rule_allows(bdd, rules);
	return s2s_bdd_or(bdd, rules_allow(bdd, rules, n / 2),
			  rules_allow(bdd, rules + n / 2, n - n / 2));
}

struct verdicts {
	uint32_t allow, action, unknown;
};

static uint32_t
is_word(struct s2s_bdd *bdd, uint32_t word, uint32_t value)
{
	struct s2s_bits a = s2s_bits_word(bdd, word), b = s2s_bits_number(value);

	return s2s_bits_test(bdd, BPF_JEQ, &a, &b);
}

static uint32_t
arch_says(struct s2s_bdd *bdd, const struct s2s_policy *policy, enum s2s_arch arch,
	  const struct verdicts *to)
{
	size_t n;
	const struct s2s_syscall *const *calls = s2s_syscalls(arch, &n);
	uint32_t ret = to->unknown;

	for (size_t i = 0; i < n; i++) {
		const struct s2s_policy_call *call = s2s_policy_find(policy, calls[i]);
		uint32_t says = s2s_bdd_verdict(
		    bdd, s2s_action_ret(s2s_policy_stops(policy, calls[i])));

		if (call)
			says =
			    s2s_bdd_choose(bdd, rules_allow(bdd, call->rules, call->n),
					   to->allow, says);
		ret = s2s_bdd_choose(bdd, is_word(bdd, S2S_WORD_NR, calls[i]->nr), says,
				     ret);
	}
	if (arch == S2S_ARCH_X86_64)
		ret = s2s_bdd_choose(bdd, s2s_bdd_bit(bdd, S2S_WORD_NR, 30), to->action,
				     ret);
	return s2s_bdd_choose(bdd, is_word(bdd, S2S_WORD_NR, UINT32_MAX), to->allow,
			      ret);
}

uint32_t
s2s_bdd_of_policy(struct s2s_bdd *bdd, const struct s2s_policy *policy)
{
	struct verdicts to = {
	    s2s_bdd_verdict(bdd, SECCOMP_RET_ALLOW),
	    s2s_bdd_verdict(bdd, s2s_action_ret(policy->action)),
	    s2s_bdd_verdict(bdd, s2s_action_ret(policy->unknown)),
	};
	uint32_t ret = to.action;

	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
		if (policy->arches >> arch & 1)
			ret = s2s_bdd_choose(
			    bdd,
			    is_word(bdd, S2S_WORD_ARCH,
				    s2s_arch_audit((enum s2s_arch)arch)),
			    arch_says(bdd, policy, (enum s2s_arch)arch, &to), ret);
	return ret;
}

enum s2s_proof
s2s_filter_prove(const struct s2s_policy *policy, const struct s2s_filter *filter,
		 struct seccomp_data *ret_point)
{
	uint32_t *verdicts = s2s_realloc(NULL, 3 + policy->n_answers, sizeof *verdicts);
	enum s2s_proof ret = S2S_PROOF_SAME;
	uint32_t a, b, words[S2S_WORDS];
	struct s2s_bdd bdd;
	size_t n = 0;

	verdicts[n++] = SECCOMP_RET_ALLOW;
	verdicts[n++] = s2s_action_ret(policy->action);
	verdicts[n++] = s2s_action_ret(policy->unknown);
	for (size_t i = 0; i < policy->n_answers; i++)
		verdicts[n++] = s2s_action_ret(policy->answers[i].action);
	s2s_bdd_init(&bdd, NODES_MAX);
	a = s2s_bdd_of_policy(&bdd, policy);
	b = s2s_bdd_of_filter(&bdd, filter, verdicts, n);
	free(verdicts);
	if (bdd.full) {
		ret = S2S_PROOF_TOO_HARD;
	} else if (a != b) {
		ret = S2S_PROOF_DIFFERENT;
		s2s_bdd_differ(&bdd, a, b, words);
		memcpy(ret_point, words, sizeof *ret_point);
	}
	s2s_bdd_done(&bdd);
	return ret;
}
