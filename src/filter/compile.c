/* SPDX-License-Identifier: MIT */
/* Policy to classic BPF: architecture, then ranges of numbers, then arguments. What is
   allowed whatever its arguments is reached by tests of number and architecture only,
   which the kernel's cache of verdicts needs. */
#include "filter/diagram.h"

#include <stdlib.h>

static const struct s2s_field NR = {S2S_WORD_NR, UINT32_MAX};
static const struct s2s_field ARCH = {S2S_WORD_ARCH, UINT32_MAX};

struct compiler {
	struct s2s_diagram d;
	const struct s2s_policy *policy;
	uint32_t allow, action, unknown; /* nodes */
	struct s2s_segment *segment;
	size_t n, cap;
	uint32_t next; /* number that the next segment begins with */
};

static void
add_numbers(struct compiler *c, uint32_t last, uint32_t to, uint64_t weight)
{
	s2s_grow(c->segment, c->n, c->cap);
	c->segment[c->n++] = (struct s2s_segment){c->next, last, to, weight};
	c->next = last + 1;
}

/* How often a call is met. The kernel's cache answers most of those whose arguments do
   not matter: the others are worth more. */
static uint64_t
weight_of(const struct compiler *c, const struct s2s_policy_call *call, uint32_t node)
{
	uint64_t weight = 0;

	for (size_t i = 0; i < call->n; i++)
		weight += s2s_rule_weight(&c->d, &call->rules[i]);
	return (node == c->allow ? 5 : 7) * weight;
}

static uint64_t
mean_count(const struct s2s_policy *policy)
{
	uint64_t total = 0, n = 0;

	for (size_t i = 0; i < policy->n; i++)
		for (size_t k = 0; k < policy->calls[i].n; k++, n++)
			total += s2s_rule_count(&policy->calls[i].rules[k]);
	return total && total < n ? 1 : total / (n ? n : 1);
}

static void
add_call(struct compiler *c, const struct s2s_syscall *sc)
{
	const struct s2s_policy_call *call = s2s_policy_find(c->policy, sc);
	uint32_t node, stops;

	if (c->next < sc->nr)
		add_numbers(c, sc->nr - 1, c->unknown, 0);
	stops =
	    s2s_diagram_verdict(&c->d, s2s_action_ret(s2s_policy_stops(c->policy, sc)));
	if (!call) {
		add_numbers(c, sc->nr, stops, 0);
		return;
	}
	node = s2s_diagram_rules(&c->d, call, c->allow, stops);
	add_numbers(c, sc->nr, node, weight_of(c, call, node));
}

/* Numbers behind the last of the table: -1 is a call that a tracer skipped. */
static uint32_t
high_numbers(struct compiler *c, enum s2s_arch arch)
{
	uint32_t node = c->unknown;

	if (arch == S2S_ARCH_X86_64)
		node =
		    s2s_diagram_test(&c->d, NR, BPF_JSET, S2S_X32_BIT, c->action, node);
	return s2s_diagram_test(&c->d, NR, BPF_JEQ, UINT32_MAX, c->allow, node);
}

static uint32_t
compile_arch(struct compiler *c, enum s2s_arch arch)
{
	size_t n;
	const struct s2s_syscall *const *calls = s2s_syscalls(arch, &n);

	c->n = 0;
	c->next = 0;
	for (size_t i = 0; i < n; i++)
		add_call(c, calls[i]);
	add_numbers(c, UINT32_MAX, high_numbers(c, arch), 0);
	return s2s_diagram_split(&c->d, NR, c->segment, c->n);
}

void
s2s_filter_compile(const struct s2s_policy *policy, enum s2s_goal goal,
		   struct s2s_filter *ret)
{
	/* An instruction of a filter that nobody waits for costs all the same. */
	static const uint32_t price[] = {[S2S_GOAL_SPEED] = 4, [S2S_GOAL_SIZE] = 1000};
	struct s2s_action allow = {.kind = S2S_ACTION_ALLOW};
	struct compiler c = {.d.price = price[goal], .policy = policy};
	uint32_t root;

	c.d.mean_count = mean_count(policy);
	c.allow = s2s_diagram_verdict(&c.d, s2s_action_ret(allow));
	c.action = s2s_diagram_verdict(&c.d, s2s_action_ret(policy->action));
	c.unknown = s2s_diagram_verdict(&c.d, s2s_action_ret(policy->unknown));
	root = c.action;
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
		if (policy->arches >> arch & 1)
			root = s2s_diagram_test(
			    &c.d, ARCH, BPF_JEQ, s2s_arch_audit((enum s2s_arch)arch),
			    compile_arch(&c, (enum s2s_arch)arch), root);
	s2s_diagram_emit(&c.d, root, ret);
	s2s_diagram_done(&c.d);
	free(c.segment);
}

void
s2s_filter_done(struct s2s_filter *filter)
{
	free(filter->insn);
	*filter = (struct s2s_filter){0};
}
