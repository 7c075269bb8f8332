/* SPDX-License-Identifier: MIT */
/* The calls on which a compiler of filters would err, if it errs: at the ends of every
   set, with dirt in every bit that must not be looked at, and half way between two
   rules of one call. Always the same ones in the same order. */
#include "policy/policy.h"

enum {
	CLOSE_RULES = 40, /* a call with more rules, or a set with more intervals, … */
	CLOSE_VALUES = 32, /* … is looked at less closely, so that time stays linear */
	BEYOND = 64,       /* numbers tried behind the last of a table */
};

struct points {
	const struct s2s_policy *policy;
	s2s_point_fn *fn;
	void *self;
	struct s2s_point at;
	bool close, stopped;
};

static void
emit(struct points *p)
{
	p->stopped = p->stopped || !p->fn(p->self, &p->at);
}

/* Three ways to pass: the smallest value with clean free bits, the largest with all of
   them set, and one in between, which other rules hardly have. */
enum way { CLEAN, FULL, MIXED, WAYS };

static uint64_t
passing(const struct s2s_set *set, enum way way)
{
	const struct s2s_interval *last = &set->iv[set->n - 1];

	switch (way) {
	case FULL:
		return last->hi | ~set->mask;
	case MIXED:
		return (last->lo + (last->hi - last->lo) / 2) |
		       (~set->mask & UINT64_C(0x5a5a5a5aa5a5a5a5));
	case CLEAN:
	case WAYS:
		break;
	}
	return set->iv[0].lo;
}

static void
pass(const struct s2s_rule *rule, enum way way, uint64_t ret[S2S_ARGS_MAX])
{
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		ret[i] = rule->arg[i].n ? passing(&rule->arg[i], way) : 0;
}

/* One value in the bits of the mask, the others clean, full, sign-extended, mixed. */
static void
emit_dirty(struct points *p, int arg, uint64_t mask, uint64_t value)
{
	uint64_t free = ~mask, low = free & -free;
	uint64_t dirt[] = {0, free, free & UINT64_C(0xa5a5a5a55a5a5a5a), low,
			   free & UINT64_C(1) << 63};
	size_t n = p->close ? S2S_ARRAY_SIZE(dirt) : 2;
	uint64_t keep = p->at.args[arg];

	for (size_t i = 0; i < (free ? n : 1); i++) {
		p->at.args[arg] = value | dirt[i];
		emit(p);
	}
	p->at.args[arg] = keep;
}

/* Where a filter compares two halves of 32 bits, one after the other. */
static void
emit_halves(struct points *p, int arg, uint64_t value)
{
	uint64_t low = UINT32_MAX, one = low + 1;
	uint64_t values[] = {value & low, value | low, value & ~low,
			     value + one, value - one, value ^ UINT64_C(1) << 63};
	uint64_t keep = p->at.args[arg];

	for (size_t i = 0; i < S2S_ARRAY_SIZE(values); i++) {
		p->at.args[arg] = values[i];
		emit(p);
	}
	p->at.args[arg] = keep;
}

static void
emit_flips(struct points *p, int arg, uint64_t mask, uint64_t value)
{
	uint64_t keep = p->at.args[arg];

	for (uint64_t left = mask; left; left &= left - 1) {
		p->at.args[arg] = value ^ (left & -left);
		emit(p);
	}
	p->at.args[arg] = keep;
}

/* Below, at and above both ends of each interval; before and behind are the next
   values that differ in a bit of the mask. */
static void
emit_edges(struct points *p, int arg, const struct s2s_set *set)
{
	uint64_t mask = set->mask;

	for (size_t i = 0; i < set->n && !p->stopped; i++) {
		const struct s2s_interval *iv = &set->iv[i];

		emit_dirty(p, arg, mask, (iv->lo - 1) & mask);
		emit_dirty(p, arg, mask, iv->lo);
		if (iv->hi != iv->lo)
			emit_dirty(p, arg, mask, iv->hi);
		emit_dirty(p, arg, mask, ((iv->hi | ~mask) + 1) & mask);
		if (!p->close || set->n > CLOSE_VALUES)
			continue;
		emit_flips(p, arg, mask, iv->lo);
		if (mask > UINT32_MAX) {
			emit_halves(p, arg, iv->lo);
			emit_halves(p, arg, iv->hi);
		}
	}
}

static void
emit_rule(struct points *p, const struct s2s_policy_call *call,
	  const struct s2s_rule *rule)
{
	for (enum way way = CLEAN; way < WAYS; way++) {
		pass(rule, way, p->at.args);
		emit(p);
		p->close = call->n <= CLOSE_RULES && way != FULL;
		for (int i = 0; i < call->sc->nargs && !p->stopped; i++)
			if (!s2s_set_is_any(&rule->arg[i]) &&
			    (p->close || way == MIXED))
				emit_edges(p, i, &rule->arg[i]);
	}
}

/* One argument from rule b, the rest from rule a; and all behind it from b. */
static void
emit_pair(struct points *p, const struct s2s_policy_call *call,
	  const struct s2s_rule *a, const struct s2s_rule *b, enum way way)
{
	uint64_t from_b[S2S_ARGS_MAX];

	pass(b, way, from_b);
	for (int i = 0; i < call->sc->nargs && !p->stopped; i++) {
		if (s2s_set_equal(&a->arg[i], &b->arg[i]))
			continue;
		pass(a, way, p->at.args);
		p->at.args[i] = from_b[i];
		emit(p);
		for (int j = i + 1; j < call->sc->nargs; j++)
			p->at.args[j] = from_b[j];
		emit(p);
	}
}

static void
emit_pairs(struct points *p, const struct s2s_policy_call *call, size_t apart)
{
	for (size_t i = 0; i < call->n && !p->stopped; i++) {
		const struct s2s_rule *a = &call->rules[i];
		const struct s2s_rule *b = &call->rules[(i + apart) % call->n];

		emit_pair(p, call, a, b, MIXED);
		if (call->n > CLOSE_RULES)
			continue;
		emit_pair(p, call, a, b, CLEAN);
		emit_pair(p, call, a, b, FULL);
	}
}

/* Few rules are crossed each with each, many with near ones and far ones. */
static void
emit_all_pairs(struct points *p, const struct s2s_policy_call *call)
{
	size_t some[] = {1, 2, call->n / 3, call->n - 1};

	if (call->n > CLOSE_RULES)
		for (size_t i = 0; i < S2S_ARRAY_SIZE(some); i++)
			emit_pairs(p, call, some[i]);
	else
		for (size_t apart = 1; apart < call->n; apart++)
			emit_pairs(p, call, apart);
}

/* Registers whose halves are alike, all six at once. */
static void
emit_extremes(struct points *p)
{
	static const uint64_t values[] = {0, UINT64_MAX, UINT32_MAX,
					  UINT64_C(0xffffffff00000000),
					  UINT64_C(0x8000000080000000)};

	for (size_t i = 0; i < S2S_ARRAY_SIZE(values); i++) {
		for (int arg = 0; arg < S2S_ARGS_MAX; arg++)
			p->at.args[arg] = values[i];
		emit(p);
	}
}

/* The same registers with another architecture, and as an x32 call. */
static void
emit_foreign(struct points *p)
{
	static const uint32_t arches[] = {AUDIT_ARCH_I386,
					  AUDIT_ARCH_AARCH64,
					  AUDIT_ARCH_ARM,
					  AUDIT_ARCH_X86_64 ^ 1,
					  0,
					  UINT32_MAX};
	struct s2s_point keep = p->at;

	for (size_t i = 0; i < S2S_ARRAY_SIZE(arches); i++) {
		p->at.audit_arch =
		    arches[i] == keep.audit_arch ? AUDIT_ARCH_X86_64 : arches[i];
		emit(p);
	}
	p->at = keep;
	p->at.nr |= S2S_X32_BIT;
	emit(p);
	p->at = keep;
}

static void
emit_call(struct points *p, const struct s2s_policy_call *call)
{
	p->at.audit_arch = s2s_arch_audit(call->sc->arch);
	p->at.nr = call->sc->nr;
	for (size_t i = 0; i < call->n && !p->stopped; i++)
		emit_rule(p, call, &call->rules[i]);
	if (call->n) {
		pass(&call->rules[0], CLEAN, p->at.args);
		emit_foreign(p);
	}
	emit_all_pairs(p, call);
}

/* Every number from 0 to behind the table's last, gaps included. */
static void
emit_table(struct points *p, enum s2s_arch arch)
{
	size_t n;
	const struct s2s_syscall *const *calls = s2s_syscalls(arch, &n);
	uint32_t end = (n ? calls[n - 1]->nr : 0) + BEYOND;

	p->at.audit_arch = s2s_arch_audit(arch);
	for (uint32_t nr = 0; nr <= end && !p->stopped; nr++) {
		p->at.nr = nr;
		emit_extremes(p);
		emit_foreign(p);
	}
}

static void
emit_numbers(struct points *p, enum s2s_arch arch)
{
	p->at.audit_arch = s2s_arch_audit(arch);
	for (int bit = 0; bit < 32 && !p->stopped; bit++) {
		uint32_t power = 1U << bit;
		uint32_t numbers[] = {power, power - 1, ~power, -power,
				      UINT32_MAX - (uint32_t)bit};

		for (size_t i = 0; i < S2S_ARRAY_SIZE(numbers); i++) {
			p->at.nr = numbers[i];
			emit_extremes(p);
			emit_foreign(p);
		}
	}
}

void
s2s_policy_points(const struct s2s_policy *policy, s2s_point_fn *fn, void *self)
{
	static const enum s2s_arch arches[] = {
#define X(id, name, audit, scmp, bits) S2S_ARCH_##id,
	    S2S_ARCHES(X)
#undef X
	};
	struct points p = {.policy = policy, .fn = fn, .self = self};

	for (size_t i = 0; i < S2S_ARRAY_SIZE(arches); i++) {
		emit_numbers(&p, arches[i]);
		emit_table(&p, arches[i]);
	}
	for (size_t i = 0; i < policy->n && !p.stopped; i++)
		emit_call(&p, &policy->calls[i]);
}
