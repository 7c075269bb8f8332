/* SPDX-License-Identifier: MIT */
/* What a policy leaves to an attacker, by data/powers.tbl. */
#include "pipe/make.h"

/* Moves *value up to the next number whose bits in `mask` are `want`. False where
   there is none. */
static bool
next_match(uint64_t *value, uint64_t mask, uint64_t want)
{
	uint64_t y = (*value & ~mask) | want;
	uint64_t differ = y ^ *value, above, bit;

	if (differ == 0)
		return true;
	bit = UINT64_C(1) << (63 - __builtin_clzll(differ));
	if (y > *value) {
		*value = (y & ~(bit - 1)) | (want & (bit - 1));
		return true;
	}
	above = ~mask & ~*value & ~(bit | (bit - 1));
	if (above == 0)
		return false;
	bit = above & -above;
	*value = (y & ~(bit - 1)) | bit | (want & (bit - 1));
	return true;
}

/* Whether the set has a value with these bits. */
static bool
meets(const struct s2s_set *set, uint64_t mask, uint64_t want)
{
	mask &= set->mask;
	want &= mask;
	for (size_t i = 0; i < set->n; i++) {
		uint64_t value = set->iv[i].lo;

		if (next_match(&value, mask, want) && value <= set->iv[i].hi)
			return true;
	}
	return set->mask == 0;
}

static bool
leaves_on(const struct s2s_policy_call *call, const struct s2s_power *power)
{
	for (size_t i = 0; i < call->n; i++)
		if (power->arg < 0 ||
		    meets(&call->rules[i].arg[power->arg], power->mask, power->want))
			return true;
	return false;
}

static bool
leaves(const struct s2s_policy *policy, const struct s2s_power *power)
{
	for (size_t i = 0; i < policy->n; i++)
		if (strcmp(policy->calls[i].sc->name, power->call) == 0 &&
		    leaves_on(&policy->calls[i], power))
			return true;
	return false;
}

void
s2s_say_powers(const struct s2s_policy *policy, const struct s2s_log *log)
{
	size_t n, said = 0;
	const struct s2s_power *powers = s2s_powers(&n);
	const char *last = "";
	struct s2s_out names;

	s2s_out_memory(&names);
	for (size_t i = 0; i < n; i++) {
		if (!leaves(policy, &powers[i]))
			continue;
		s2s_log(log, S2S_LOG_INFO, "power left: %s by %s: %s", powers[i].name,
			powers[i].call, powers[i].text);
		if (strcmp(last, powers[i].name) == 0)
			continue;
		last = powers[i].name;
		s2s_out_printf(&names, "%s%s", said++ ? ", " : "", last);
	}
	if (said)
		s2s_log(log, S2S_LOG_WARNING,
			"powers that the policy leaves: %.*s (explained with "
			"--log-level=info)",
			(int)names.n, names.p);
	s2s_out_done(&names);
}
