/* SPDX-License-Identifier: MIT */
/* Whether a filter does what its policy says: on every boundary point of the policy,
   then for all calls, by a proof; where that takes too long, at the ends of the
   filter's own paths. */
#include "filter/explore.h"
#include "filter/prove.h"

#include <assert.h>
#include <string.h>

/* Instructions along all paths of one call; rules that each path is tried with. */
enum { STEPS_MAX = 20000, RULES_MAX = 16 };

struct comparison {
	const struct s2s_policy *policy;
	const struct s2s_filter *filter;
	struct s2s_runner runner;
	struct s2s_check result;
	const struct s2s_policy_call *call;
	struct s2s_point at;
	bool differs;
};

static bool
compare(void *self, const struct s2s_point *point)
{
	struct comparison *c = self;
	struct seccomp_data data = {.nr = (int)point->nr, .arch = point->audit_arch};
	struct s2s_action says =
	    s2s_policy_verdict(c->policy, point->audit_arch, point->nr, point->args);

	memcpy(data.args, point->args, sizeof data.args);
	c->result.points++;
	c->result.policy_says = s2s_action_ret(says);
	c->result.filter_says = s2s_runner_run(&c->runner, &data);
	c->differs = c->result.filter_says != c->result.policy_says;
	c->result.differs = *point;
	return !c->differs;
}

/* Where the path allows it what the rule asks for, else as near as the path goes. */
static uint32_t
word_near(struct s2s_wordsets *ws, uint32_t set, uint32_t wanted)
{
	uint32_t value;

	if (s2s_wordset_next(ws, set, wanted, &value))
		return value;
	return s2s_wordset_extreme(ws, set, true);
}

static bool
compare_near(struct comparison *c, struct s2s_wordsets *ws,
	     const struct s2s_path_end *end, const struct s2s_rule *rule)
{
	for (int way = 0; way < 2; way++) {
		for (int i = 0; i < S2S_ARGS_MAX; i++) {
			const uint32_t *set = &end->set[S2S_WORD_ARGS + 2 * i];
			const struct s2s_set *arg = &rule->arg[i];
			uint64_t wanted = arg->n == 0 ? 0
					  : way       ? arg->iv[arg->n - 1].hi
						      : arg->iv[0].lo;
			uint64_t high = word_near(ws, set[1], (uint32_t)(wanted >> 32));

			c->at.args[i] =
			    high << 32 | word_near(ws, set[0], (uint32_t)wanted);
		}
		if (!compare(c, &c->at))
			return false;
	}
	return true;
}

/* Values at the ends of what leads to a path's end: all words at their smallest, all
   at their largest, high words unlike low ones. */
static bool
compare_path(void *self, struct s2s_wordsets *ws, const struct s2s_path_end *end)
{
	struct comparison *c = self;

	for (unsigned way = 0; way < 4; way++) {
		for (int i = 0; i < S2S_ARGS_MAX; i++) {
			const uint32_t *set = &end->set[S2S_WORD_ARGS + 2 * i];
			uint64_t high = s2s_wordset_extreme(ws, set[1], way >> 1);

			c->at.args[i] =
			    high << 32 | s2s_wordset_extreme(ws, set[0], way & 1);
		}
		if (!compare(c, &c->at))
			return false;
	}
	for (size_t i = 0; i < c->call->n && i < RULES_MAX; i++)
		if (!compare_near(c, ws, end, &c->call->rules[i]))
			return false;
	return true;
}

/* The boundary points are those of the rules, one by one; the filter's own paths also
   lead to where several rules meet. */
static void
compare_paths(struct comparison *c, const struct s2s_policy_call *call)
{
	const struct s2s_syscall *sc = call->sc;
	struct s2s_given given = {
	    .mask = {[S2S_WORD_NR] = UINT32_MAX, [S2S_WORD_ARCH] = UINT32_MAX},
	    .value =
		{[S2S_WORD_NR] = sc->nr, [S2S_WORD_ARCH] = s2s_arch_audit(sc->arch)},
	};
	struct s2s_explorer explorer = {
	    .insn = c->filter->insn,
	    .n = c->filter->n,
	    .given = &given,
	    .limit = STEPS_MAX,
	    .keep_all = true,
	    .end = compare_path,
	    .self = c,
	};

	c->call = call;
	c->at.nr = sc->nr;
	c->at.audit_arch = s2s_arch_audit(sc->arch);
	s2s_explore(&explorer);
}

/* Where the proof is too long: as near as points come to it. */
static void
compare_all_paths(struct comparison *c)
{
	for (size_t i = 0; i < c->policy->n && !c->differs; i++)
		compare_paths(c, &c->policy->calls[i]);
}

/* What the proof found is held against policy and filter themselves, which know nothing
   of diagrams. */
static void
compare_proof(struct comparison *c)
{
	struct seccomp_data data;
	struct s2s_point point;

	switch (s2s_filter_prove(c->policy, c->filter, &data)) {
	case S2S_PROOF_SAME:
		c->result.proven = true;
		break;
	case S2S_PROOF_DIFFERENT:
		point = (struct s2s_point){data.arch, (uint32_t)data.nr, {0}};
		memcpy(point.args, data.args, sizeof point.args);
		compare(c, &point);
		assert(c->differs);
		break;
	case S2S_PROOF_TOO_HARD:
		compare_all_paths(c);
		break;
	}
}

enum s2s_status
s2s_filter_check(const struct s2s_policy *policy, const struct s2s_filter *filter,
		 struct s2s_check *ret)
{
	struct comparison c = {
	    .policy = policy,
	    .filter = filter,
	    .runner = {.insn = filter->insn, .n = filter->n},
	};

	s2s_policy_points(policy, compare, &c);
	if (!c.differs)
		compare_proof(&c);
	*ret = c.result;
	return c.differs ? S2S_INTERNAL : S2S_OK;
}
