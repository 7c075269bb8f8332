/* SPDX-License-Identifier: MIT */
/* Proves what will be installed against the policy: on all its own points, and on
   points that take some arguments from one rule and some from another, which a stack of
   filters would let through if rules were spread that must not be. */
#include "format/scmp.h"

#include <inttypes.h>

enum {
	NEIGHBOURS = 12,        /* rules that each rule is mixed with */
	MIXED_MAX = 256 * 1024, /* points of one policy */
};

struct checker {
	struct s2s_runner program[S2S_SCMP_FILTERS];
	size_t n;
	const struct s2s_policy *policy;
	size_t points;
	bool differs;
	struct s2s_point at;
	uint32_t programs_say, policy_says;
};

static bool
check_point(void *self, const struct s2s_point *point)
{
	struct checker *c = self;
	struct seccomp_data data = {.nr = (int)point->nr, .arch = point->audit_arch};
	struct s2s_action want =
	    s2s_policy_verdict(c->policy, point->audit_arch, point->nr, point->args);
	uint32_t got = SECCOMP_RET_ALLOW;

	memcpy(data.args, point->args, sizeof data.args);
	for (size_t i = 0; i < c->n; i++)
		got = s2s_verdict_strictest(got, s2s_runner_run(&c->program[i], &data));
	c->points++;
	if (got == s2s_action_ret(want))
		return true;
	c->differs = true;
	c->at = *point;
	c->programs_say = got;
	c->policy_says = s2s_action_ret(want);
	return false;
}

static uint64_t
member(const struct s2s_set *set, bool last)
{
	if (s2s_set_is_any(set) || set->n == 0)
		return 0;
	return last ? set->iv[set->n - 1].hi : set->iv[0].lo;
}

/* All ways to take each argument from one of two rules. */
static bool
check_pair(struct checker *c, const struct s2s_syscall *sc, const struct s2s_rule *x,
	   const struct s2s_rule *y)
{
	struct s2s_point point = {s2s_arch_audit(sc->arch), sc->nr, {0}};

	for (unsigned from = 0; from < 1U << sc->nargs; from++)
		for (int last = 0; last < 2; last++) {
			for (int a = 0; a < sc->nargs; a++)
				point.args[a] = member(
				    from >> a & 1 ? &x->arg[a] : &y->arg[a], last);
			if (!check_point(c, &point))
				return false;
		}
	return true;
}

/* The first and the last value of each block, which is a comparison of its own here and
   nowhere else. */
static bool
check_range(struct checker *c, const struct s2s_syscall *sc,
	    const struct s2s_scmp_row *row, const struct s2s_scmp_range *range)
{
	struct s2s_point point = {s2s_arch_audit(sc->arch), sc->nr, {0}};
	struct s2s_scmp_cmp blocks[S2S_SCMP_BLOCKS];
	size_t n = s2s_scmp_blocks(range, blocks);

	for (int a = 0; a < sc->nargs; a++)
		point.args[a] = member(&row->rule->arg[a], false);
	for (size_t i = 0; i < n; i++) {
		uint64_t first = blocks[i].value;
		uint64_t last = first | (range->mask & ~blocks[i].mask);

		point.args[range->arg] = first;
		if (!check_point(c, &point))
			return false;
		point.args[range->arg] = last;
		if (!check_point(c, &point))
			return false;
		point.args[range->arg] = last | ~range->mask;
		if (!check_point(c, &point))
			return false;
	}
	return true;
}

static void
check_blocks(struct checker *c, const struct s2s_scmp_filter *filter)
{
	for (size_t i = 0; i < filter->n; i++) {
		const struct s2s_scmp_call *call = &filter->calls[i];

		for (size_t k = 0; k < call->n; k++)
			for (uint8_t r = 0; r < call->rows[k].n; r++)
				if (!check_range(c, call->call->sc, &call->rows[k],
						 &call->rows[k].range[r]))
					return;
	}
}

static void
check_mixed(struct checker *c)
{
	size_t most = c->points + MIXED_MAX;

	for (size_t i = 0; i < c->policy->n; i++) {
		const struct s2s_policy_call *call = &c->policy->calls[i];

		for (size_t k = 0; k < call->n; k++)
			for (size_t m = k + 1; m < call->n && m <= k + NEIGHBOURS; m++)
				if (c->points > most ||
				    !check_pair(c, call->sc, &call->rules[k],
						&call->rules[m]))
					return;
	}
}

static enum s2s_status
complain(const struct checker *c, const struct s2s_log *log)
{
	s2s_log(log, S2S_LOG_ERROR,
		"what libseccomp makes differs from the policy, nothing is written: "
		"call %" PRIu32 " of architecture 0x%08" PRIx32 " (0x%" PRIx64
		", 0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64
		", 0x%" PRIx64 ") gives 0x%08" PRIx32 " and not 0x%08" PRIx32,
		c->at.nr, c->at.audit_arch, c->at.args[0], c->at.args[1], c->at.args[2],
		c->at.args[3], c->at.args[4], c->at.args[5], c->programs_say,
		c->policy_says);
	return S2S_INTERNAL;
}

static const struct s2s_syscall *
wrong_call(const struct checker *c)
{
	for (size_t i = 0; i < c->policy->n; i++)
		if (c->policy->calls[i].sc->nr == c->at.nr)
			return c->policy->calls[i].sc;
	return NULL;
}

static enum s2s_status
validate(const struct s2s_scmp_programs *programs, const struct s2s_log *log)
{
	size_t index;
	const char *why;

	for (size_t i = 0; i < programs->n; i++)
		if (s2s_filter_validate(programs->program[i].insn,
					programs->program[i].n, &index,
					&why) != S2S_OK) {
			s2s_log(log, S2S_LOG_ERROR,
				"the kernel would refuse instruction %zu of what "
				"libseccomp makes: %s",
				index, why);
			return S2S_INTERNAL;
		}
	return S2S_OK;
}

enum s2s_status
s2s_scmp_check(const struct s2s_scmp_programs *programs, const struct s2s_scmp *plan,
	       const struct s2s_log *log, const struct s2s_syscall **ret_wrong)
{
	struct checker c = {.n = programs->n, .policy = plan->policy};

	if (ret_wrong)
		*ret_wrong = NULL;
	TRY(validate(programs, log));
	for (size_t i = 0; i < programs->n; i++)
		c.program[i] = (struct s2s_runner){.insn = programs->program[i].insn,
						   .n = programs->program[i].n};
	s2s_policy_points(plan->policy, check_point, &c);
	for (size_t j = 0; j < plan->n && !c.differs; j++)
		check_blocks(&c, &plan->filter[j]);
	/* With one filter nothing is spread; libseccomp is checked all the same. */
	if (!c.differs)
		check_mixed(&c);
	if (c.differs && ret_wrong && (*ret_wrong = wrong_call(&c)))
		return S2S_INTERNAL;
	if (c.differs)
		return complain(&c, log);
	s2s_log(log, S2S_LOG_DEBUG, "libseccomp agrees with the policy on %zu points",
		c.points);
	return S2S_OK;
}

enum s2s_status
s2s_scmp_compile(struct s2s_scmp *plan, const struct s2s_log *log,
		 struct s2s_scmp_programs *ret)
{
	const struct s2s_syscall *wrong;
	enum s2s_status status;

	for (;;) {
		TRY(s2s_scmp_export(plan, log, ret));
		status = s2s_scmp_check(ret, plan, log, &wrong);
		if (status == S2S_OK || !wrong)
			return status;
		if (!s2s_scmp_separate(plan, wrong))
			return s2s_scmp_check(ret, plan, log, NULL);
		s2s_log(log, S2S_LOG_DEBUG,
			"libseccomp gets %s wrong beside other calls: it gets a filter "
			"of its own",
			wrong->name);
		s2s_scmp_programs_done(ret);
	}
}
