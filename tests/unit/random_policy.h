/* SPDX-License-Identifier: MIT */
/* Policies and calls from a fixed seed: the same on every machine. Or from the bytes of
   a fuzzer, as long as there are some. */
#pragma once

#include "policy/policy.h"

struct rng {
	uint64_t state;
	const unsigned char *bytes; /* are used up first */
	size_t left;
};

static inline uint64_t
rng_bytes(struct rng *rng, size_t n)
{
	uint64_t ret = 0;

	for (; n > 0 && rng->left > 0; n--, rng->left--)
		ret = ret << 8 | *rng->bytes++;
	return ret;
}

static inline uint64_t
rng_next(struct rng *rng)
{
	uint64_t z = rng->state += UINT64_C(0x9e3779b97f4a7c15);

	if (rng->left)
		return rng_bytes(rng, sizeof z);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline uint64_t
rng_below(struct rng *rng, uint64_t n)
{
	return (rng->left ? rng_bytes(rng, n <= 256 ? 1 : 2) : rng_next(rng)) % n;
}

/* Values that meet each other often, and the ends of words. */
static inline uint64_t
random_value(struct rng *rng)
{
	static const uint64_t ends[] = {0,
					1,
					0x7fffffff,
					0x80000000,
					0xffffff9c,
					0xffffffff,
					UINT64_C(0x100000000),
					UINT64_C(0x1ffffffff),
					UINT64_C(0x7fffffffffffffff),
					UINT64_C(0x8000000000000000),
					UINT64_C(0xffffffffffffff9c),
					UINT64_MAX};

	switch (rng_below(rng, 5)) {
	case 0:
		return ends[rng_below(rng, sizeof ends / sizeof *ends)];
	case 1:
		return rng_next(rng);
	case 2:
		return rng_below(rng, 4) << 32 | rng_below(rng, 4);
	default:
		return rng_below(rng, 16);
	}
}

static inline struct s2s_set
random_range(struct rng *rng, struct s2s_arena *arena)
{
	static const unsigned widths[] = {16, 32, 64};
	unsigned width = widths[rng_below(rng, 3)];
	bool is_signed = rng_below(rng, 2);
	uint64_t all = s2s_width_mask(width), sign = is_signed ? all / 2 + 1 : 0;
	uint64_t a = random_value(rng) & all, b = random_value(rng) & all;

	if ((a ^ sign) > (b ^ sign))
		return s2s_set_range(arena, width, is_signed, b, a);
	return s2s_set_range(arena, width, is_signed, a, b);
}

static inline struct s2s_set
random_set(struct rng *rng, struct s2s_arena *arena)
{
	static const uint64_t masks[] = {0xffff,
					 0xffffffff,
					 UINT64_MAX,
					 0xfff7ffff,
					 0x4,
					 UINT64_C(0xfffffffffffffffb),
					 UINT64_C(0xffffffff00000000),
					 UINT64_C(0x300000003)};
	uint64_t mask = masks[rng_below(rng, sizeof masks / sizeof *masks)];
	struct s2s_set set, more;

	switch (rng_below(rng, 4)) {
	case 0:
		return s2s_set_any();
	case 1:
		return random_range(rng, arena);
	default:
		set = s2s_set_value(arena, mask, random_value(rng) & mask);
		for (uint64_t n = rng_below(rng, 4); n > 0; n--) {
			more = s2s_set_value(arena, mask, random_value(rng) & mask);
			s2s_set_union(arena, &set, &more, &set);
		}
		return set;
	}
}

/* Half of all policies are for one architecture, as most programs are. */
static inline const struct s2s_syscall *
random_syscall(struct rng *rng, bool is_mixed)
{
	enum s2s_arch arch = S2S_ARCH_X86_64;
	size_t n;
	const struct s2s_syscall *const *all;

	if (is_mixed)
		arch = (enum s2s_arch)rng_below(rng, S2S_ARCH_COUNT);
	all = s2s_syscalls(arch, &n);
	return all[rng_below(rng, n)];
}

static inline struct s2s_policy *
random_policy_of(struct rng *rng, uint64_t most_calls)
{
	static const struct s2s_action actions[] = {{S2S_ACTION_KILL_PROCESS, 0},
						    {S2S_ACTION_ERRNO, 1},
						    {S2S_ACTION_TRACE, 7},
						    {S2S_ACTION_LOG, 0},
						    {S2S_ACTION_TRAP, 0}};
	struct s2s_policy *policy = s2s_policy_new();
	bool is_mixed = rng_below(rng, 2);

	policy->action = actions[rng_below(rng, S2S_ARRAY_SIZE(actions))];
	policy->unknown = actions[rng_below(rng, S2S_ARRAY_SIZE(actions))];
	policy->arches = 1U << S2S_ARCH_X86_64;
	for (uint64_t calls = rng_below(rng, most_calls); calls > 0; calls--) {
		const struct s2s_syscall *sc = random_syscall(rng, is_mixed);

		policy->arches |= 1U << sc->arch;
		for (uint64_t rules = rng_below(rng, 6); rules > 0; rules--) {
			struct s2s_rule rule = {.count = 1};

			for (int i = 0; i < S2S_ARGS_MAX; i++)
				rule.arg[i] = rng_below(rng, 2)
						  ? s2s_set_any()
						  : random_set(rng, &policy->arena);
			s2s_policy_add_rule(policy, sc, &rule);
		}
	}
	return policy;
}

static inline struct s2s_policy *
random_policy(struct rng *rng)
{
	return random_policy_of(rng, 40);
}

/* A value near the edge of a set, or any. */
static inline uint64_t
random_near(struct rng *rng, const struct s2s_set *set)
{
	const struct s2s_interval *iv;
	uint64_t value;

	if (set->n == 0 || rng_below(rng, 4) == 0)
		return random_value(rng);
	iv = &set->iv[rng_below(rng, set->n)];
	value = rng_below(rng, 2) ? iv->lo : iv->hi;
	value += rng_below(rng, 3) - 1;
	return rng_below(rng, 2) ? value : value | (rng_next(rng) & ~set->mask);
}

/* A call that the policy has something to say about, more often than not. */
static inline struct s2s_point
random_point(struct rng *rng, const struct s2s_policy *policy)
{
	static const uint32_t arches[] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386,
					  AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM};
	struct s2s_point point = {.audit_arch =
				      arches[rng_below(rng, S2S_ARRAY_SIZE(arches))],
				  .nr = (uint32_t)rng_below(rng, 500)};
	const struct s2s_policy_call *call = NULL;

	if (policy->n && rng_below(rng, 8))
		call = &policy->calls[rng_below(rng, policy->n)];
	if (call) {
		point.audit_arch = s2s_arch_audit(call->sc->arch);
		point.nr = call->sc->nr;
	}
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		point.args[i] =
		    call
			? random_near(rng, &call->rules[rng_below(rng, call->n)].arg[i])
			: random_value(rng);
	return point;
}
