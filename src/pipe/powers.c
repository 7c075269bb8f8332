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
leaves(const struct s2s_policy *policy, enum s2s_arch arch,
       const struct s2s_power *power)
{
	for (size_t i = 0; i < policy->n; i++)
		if (policy->calls[i].sc->arch == arch &&
		    strcmp(policy->calls[i].sc->name, power->call) == 0 &&
		    leaves_on(&policy->calls[i], power))
			return true;
	return false;
}

struct said {
	size_t n;
	struct s2s_out names;
};

/* Whether a name was said, of this architecture or one before. */
static bool
was_said(const struct said *said, const char *name)
{
	struct s2s_sv all = s2s_out_text(&said->names);
	size_t n = strlen(name);

	for (; all.n; sv_skip(&all, all.n < 2 ? all.n : 2)) {
		struct s2s_sv one = {all.p, 0};

		while (all.n && *all.p != ',')
			sv_skip(&all, 1), one.n++;
		if (one.n == n && memcmp(one.p, name, n) == 0)
			return true;
	}
	return false;
}

static void
say_of(const struct s2s_policy *policy, enum s2s_arch arch, const struct s2s_log *log,
       struct said *said)
{
	size_t n;
	const struct s2s_power *powers = s2s_powers(arch, &n);

	for (size_t i = 0; i < n; i++) {
		if (!leaves(policy, arch, &powers[i]))
			continue;
		s2s_log(log, S2S_LOG_INFO, "power left: %s by %s%s%s: %s",
			powers[i].name, powers[i].call,
			policy->arches == 1U << arch ? "" : " of ",
			policy->arches == 1U << arch ? "" : s2s_arch_name(arch),
			powers[i].text);
		if (!was_said(said, powers[i].name))
			s2s_out_printf(&said->names, "%s%s", said->n++ ? ", " : "",
				       powers[i].name);
	}
}

void
s2s_say_powers(const struct s2s_policy *policy, const struct s2s_log *log)
{
	struct said said = {0};

	s2s_out_memory(&said.names);
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
		say_of(policy, (enum s2s_arch)arch, log, &said);
	if (said.n)
		s2s_log(log, S2S_LOG_WARNING,
			"powers that the policy leaves: %.*s (explained with "
			"--log-level=info)",
			(int)said.names.n, said.names.p);
	s2s_out_done(&said.names);
}
