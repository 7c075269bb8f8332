/* SPDX-License-Identifier: MIT */
/* A rule is a box of six sides, a policy a union of boxes. Whether a box is within a
   union is found argument by argument: the values of the goal's set fall into cells,
   each of which lies within some of the rules' sets and outside all others; in each
   cell these rules must cover what the goal has in the arguments behind. */
#include "policy/cover.h"

#include "policy/cut.h"

#include <stdlib.h>

enum { EFFORT_MAX = 200 * 1000 * 1000 }; /* sets looked at: about a second */

struct cover {
	const struct s2s_rule *goal;
	const struct s2s_rule *rules;
	unsigned nargs;
	size_t effort;
	uint32_t *held; /* stack of rules that hold all of a cell */
	size_t n_held, cap_held;
	struct part { /* stack of rules that hold part of a block */
		struct s2s_cut cut;
		uint32_t rule;
	} * part;
	size_t n_part, cap_part;
};

bool
s2s_rule_subset(const struct s2s_rule *a, const struct s2s_rule *b, unsigned nargs)
{
	for (unsigned i = 0; i < nargs; i++)
		if (!s2s_set_subset(&a->arg[i], &b->arg[i]))
			return false;
	return true;
}

bool
s2s_rule_equal(const struct s2s_rule *a, const struct s2s_rule *b, unsigned nargs)
{
	for (unsigned i = 0; i < nargs; i++)
		if (!s2s_set_equal(&a->arg[i], &b->arg[i]))
			return false;
	return true;
}

static bool
rule_meets(const struct s2s_rule *a, const struct s2s_rule *b, unsigned nargs)
{
	for (unsigned i = 0; i < nargs; i++)
		if (!s2s_set_meets(&a->arg[i], &b->arg[i]))
			return false;
	return true;
}

static void
hold(struct cover *c, uint32_t rule)
{
	s2s_grow(c->held, c->n_held, c->cap_held);
	c->held[c->n_held++] = rule;
}

static void
part(struct cover *c, struct s2s_cut cut, uint32_t rule)
{
	s2s_grow(c->part, c->n_part, c->cap_part);
	c->part[c->n_part++] = (struct part){cut, rule};
}

static bool covered(struct cover *c, unsigned arg, size_t from);
static bool split(struct cover *c, unsigned arg, struct s2s_cut goal, size_t held,
		  size_t from, uint64_t bit);

/* One block of the goal's argument. held[held…] hold all of it, part[from…] perhaps
   some. Leaves both stacks as they were. */
static bool
cell(struct cover *c, unsigned arg, struct s2s_cut goal, size_t held, size_t from)
{
	size_t n_held = c->n_held, out = from;
	uint64_t open = 0;
	bool ret;

	if (s2s_cut_state(&goal) == S2S_CUT_NONE)
		return true;
	for (size_t i = from; i < c->n_part; i++) {
		enum s2s_cut_state state = s2s_cut_state(&c->part[i].cut);

		if (state == S2S_CUT_ALL)
			hold(c, c->part[i].rule);
		if (state != S2S_CUT_PART)
			continue;
		open |= c->part[i].cut.open;
		c->part[out++] = c->part[i];
	}
	c->effort += c->n_part - from + 1;
	c->n_part = out;
	if (s2s_cut_state(&goal) == S2S_CUT_PART)
		open |= goal.open;
	if (out == from)
		ret = covered(c, arg + 1, held);
	else if (c->effort > EFFORT_MAX)
		ret = false;
	else
		ret = split(c, arg, goal, held, from, s2s_high_bit(open));
	c->n_held = n_held;
	return ret;
}

static bool
split(struct cover *c, unsigned arg, struct s2s_cut goal, size_t held, size_t from,
      uint64_t bit)
{
	size_t to = c->n_part;

	for (int half = 0; half < 2; half++) {
		for (size_t i = from; i < to; i++)
			part(c, s2s_cut_half(&c->part[i].cut, bit, half),
			     c->part[i].rule);
		if (!cell(c, arg, s2s_cut_half(&goal, bit, half), held, to))
			return false;
		c->n_part = to;
	}
	return true;
}

static bool
rest_subset(const struct cover *c, const struct s2s_rule *rule, unsigned arg)
{
	for (; arg < c->nargs; arg++)
		if (!s2s_set_subset(&c->goal->arg[arg], &rule->arg[arg]))
			return false;
	return true;
}

/* Whether the rules held[from…], which hold the goal in all arguments before `arg`,
   cover it in the others. */
static bool
covered(struct cover *c, unsigned arg, size_t from)
{
	size_t to = c->n_held, parts = c->n_part;
	const struct s2s_set *goal;
	bool ret;

	c->effort += to - from;
	if (c->effort > EFFORT_MAX)
		return false;
	for (size_t i = from; i < to; i++)
		if (rest_subset(c, &c->rules[c->held[i]], arg))
			return true;
	if (from == to || arg == c->nargs)
		return false;
	goal = &c->goal->arg[arg];
	for (size_t i = from; i < to; i++) {
		uint32_t rule = c->held[i];
		const struct s2s_set *set = &c->rules[rule].arg[arg];

		if (s2s_set_subset(goal, set))
			hold(c, rule);
		else if (s2s_set_meets(goal, set))
			part(c, s2s_cut_whole(set), rule);
	}
	ret = cell(c, arg, s2s_cut_whole(goal), to, parts);
	c->n_held = to;
	c->n_part = parts;
	return ret;
}

bool
s2s_rule_covered(const struct s2s_rule *goal, const struct s2s_rule *rules, size_t n,
		 unsigned nargs)
{
	struct cover c = {.goal = goal, .rules = rules, .nargs = nargs};
	bool ret;

	for (size_t i = 0; i < n; i++)
		if (rule_meets(goal, &rules[i], nargs))
			hold(&c, (uint32_t)i);
	ret = covered(&c, 0, 0);
	free(c.held);
	free(c.part);
	return ret;
}

static bool
call_subset(const struct s2s_policy_call *a, const struct s2s_policy_call *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (!s2s_rule_covered(&a->rules[i], b->rules, b->n, a->sc->nargs))
			return false;
	return true;
}

bool
s2s_policy_subset(const struct s2s_policy *a, const struct s2s_policy *b)
{
	if (a->unknown.kind == S2S_ACTION_ALLOW && b->unknown.kind != S2S_ACTION_ALLOW)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct s2s_policy_call *in = s2s_policy_find(b, a->calls[i].sc);

		if (a->calls[i].n && (!in || !call_subset(&a->calls[i], in)))
			return false;
	}
	return true;
}
