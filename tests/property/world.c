/* SPDX-License-Identifier: MIT */
#include "world.h"

#include "kernel/call.h"
#include "policy/cover.h"

#include <stdio.h>
#include <stdlib.h>

/* Which level's calls another one allows as well. */
static const struct {
	const char *tight, *loose;
} nested[] = {{"strict", "advanced"},
	      {"advanced", "weak"},
	      {"weak", "names"},
	      {"advanced", "robust"},
	      {"robust", "names"}};

void
check(bool holds, const struct world *w, const char *what, const char *level)
{
	if (holds)
		return;
	fprintf(stderr, "%s: %s %s\n", w->name, level, what);
	exit(1);
}

void
world_init(struct world *w, const char *name, struct s2s_tree *tree,
	   const struct s2s_optimize_options *opts)
{
	size_t n;
	const struct s2s_level *levels = s2s_levels(&n);

	*w = (struct world){.name = name, .tree = tree, .opts = *opts};
	check(n == WORLD_LEVELS, w, "levels", "other");
	for (size_t i = 0; i < n; i++) {
		w->opts.level = &levels[i];
		check(s2s_optimize(tree, &w->opts, &w->policy[i]) == S2S_OK, w, "fails",
		      levels[i].name);
	}
}

void
world_done(struct world *w)
{
	for (int i = 0; i < WORLD_LEVELS; i++)
		s2s_policy_free(w->policy[i]);
}

static const char *
level_name(int i)
{
	size_t n;

	return s2s_levels(&n)[i].name;
}

static const struct s2s_policy *
at_level(const struct world *w, const char *name)
{
	size_t n;

	return w->policy[s2s_level_find(sv_from(name)) - s2s_levels(&n)];
}

void
check_nested(const struct world *w)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(nested); i++)
		check(s2s_policy_subset(at_level(w, nested[i].tight),
					at_level(w, nested[i].loose)),
		      w, "is not within the looser level", nested[i].tight);
}

static struct s2s_call
call_of(const struct s2s_leaf *leaf)
{
	struct s2s_call call = {.sc = leaf->sc,
				.place = leaf->first,
				.launcher = leaf->launcher,
				.pid = -1,
				.count = leaf->count,
				.runs = leaf->runs};

	memcpy(call.arg, leaf->arg, sizeof call.arg);
	memcpy(call.kind, leaf->kind, sizeof call.kind);
	return call;
}

static bool
counts(const struct world *w, const struct s2s_leaf *leaf)
{
	return !leaf->launcher || w->opts.keep_launcher_exec;
}

void
check_own_calls(const struct world *w)
{
	size_t n;
	const struct s2s_leaf *leaf = s2s_tree_sorted(w->tree, &n);

	for (int level = 0; level < WORLD_LEVELS; level++)
		for (size_t i = 0; i < n; i++) {
			struct s2s_call call = call_of(&leaf[i]);

			check(!counts(w, &leaf[i]) ||
				  s2s_policy_allows_call(w->policy[level], &call),
			      w, "forbids a call that was seen", level_name(level));
		}
}

void
check_counts(const struct world *w)
{
	size_t n;
	const struct s2s_leaf *leaf = s2s_tree_sorted(w->tree, &n);
	uint64_t seen = 0;

	for (size_t i = 0; i < n; i++)
		seen += counts(w, &leaf[i]) ? leaf[i].count : 0;
	for (int level = 0; level < WORLD_LEVELS; level++) {
		const struct s2s_policy *policy = w->policy[level];
		uint64_t counted = 0;

		for (size_t i = 0; i < policy->n; i++)
			for (size_t j = 0; j < policy->calls[i].n; j++)
				counted += policy->calls[i].rules[j].count;
		check(counted == seen, w, "loses counts", level_name(level));
	}
}

static bool
rules_equal(const struct s2s_rule *a, const struct s2s_rule *b, unsigned nargs)
{
	bool same_place = a->first.file == b->first.file ||
			  (a->first.file && b->first.file &&
			   strcmp(a->first.file, b->first.file) == 0);

	return s2s_rule_equal(a, b, nargs) && a->why == b->why &&
	       a->count == b->count && a->runs == b->runs && same_place &&
	       a->first.line == b->first.line;
}

static bool
calls_equal(const struct s2s_policy_call *a, const struct s2s_policy_call *b)
{
	if (a->sc != b->sc || a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!rules_equal(&a->rules[i], &b->rules[i], a->sc->nargs))
			return false;
	return true;
}

static bool
policies_equal(const struct s2s_policy *a, const struct s2s_policy *b)
{
	if (a->n != b->n || a->n_notes != b->n_notes || a->arches != b->arches)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!calls_equal(&a->calls[i], &b->calls[i]))
			return false;
	for (size_t i = 0; i < a->n_notes; i++)
		if (strcmp(a->notes[i], b->notes[i]) != 0)
			return false;
	return true;
}

void
check_same(const struct world *a, const struct world *b)
{
	for (int level = 0; level < WORLD_LEVELS; level++)
		check(policies_equal(a->policy[level], b->policy[level]), a,
		      "is another policy in another order", level_name(level));
}

void
check_within(const struct world *fewer, const struct world *all)
{
	for (int level = 0; level < WORLD_LEVELS; level++)
		check(s2s_policy_subset(fewer->policy[level], all->policy[level]), all,
		      "allows less than a part of the logs", level_name(level));
}

void
check_normal(const struct world *w)
{
	for (int level = 0; level < WORLD_LEVELS; level++) {
		struct s2s_policy *copy = s2s_policy_new();

		s2s_policy_union(copy, w->policy[level]);
		check(copy->n == w->policy[level]->n, w, "loses a call",
		      level_name(level));
		for (size_t i = 0; i < copy->n; i++)
			check(calls_equal(&copy->calls[i], &w->policy[level]->calls[i]),
			      w, "is not in normal form", level_name(level));
		s2s_policy_free(copy);
	}
}

struct comparison {
	const struct s2s_policy *tight, *loose;
	bool both; /* the other way round as well */
	bool holds;
};

static bool
allows(const struct s2s_policy *policy, const struct s2s_point *point)
{
	return s2s_policy_verdict(policy, point->audit_arch, point->nr, point->args)
		   .kind == S2S_ACTION_ALLOW;
}

static bool
compare_at(void *self, const struct s2s_point *point)
{
	struct comparison *c = self;
	bool tight = allows(c->tight, point), loose = allows(c->loose, point);

	c->holds = loose || !tight;
	if (c->both)
		c->holds = loose == tight;
	return c->holds;
}

/* What s2s_policy_subset() says, seen with the eyes of a filter. */
void
check_nested_by_verdict(const struct world *w)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(nested); i++) {
		struct comparison c = {.tight = at_level(w, nested[i].tight),
				       .loose = at_level(w, nested[i].loose)};

		s2s_policy_points(c.tight, compare_at, &c);
		check(c.holds, w, "allows what the looser forbids", nested[i].tight);
		s2s_policy_points(c.loose, compare_at, &c);
		check(c.holds, w, "allows what the looser forbids", nested[i].tight);
	}
}

/* Two policies poured together, before and after the normal form. */
void
check_normal_is_exact(const struct world *w)
{
	struct s2s_policy *raw = s2s_policy_new(), *normal = s2s_policy_new();
	struct comparison c = {.tight = raw, .loose = normal, .both = true};

	for (int level = 0; level < 2; level++) {
		const struct s2s_policy *from = at_level(w, level ? "weak" : "strict");

		for (size_t i = 0; i < from->n; i++)
			for (size_t j = 0; j < from->calls[i].n; j++)
				s2s_policy_add_rule(raw, from->calls[i].sc,
						    &from->calls[i].rules[j]);
	}
	s2s_policy_union(normal, raw);
	s2s_policy_points(raw, compare_at, &c);
	check(c.holds, w, "is another policy", "the normal form");
	s2s_policy_points(normal, compare_at, &c);
	check(c.holds, w, "is another policy", "the normal form");
	s2s_policy_free(raw);
	s2s_policy_free(normal);
}

void
add_as_profiles(struct s2s_tree *to, struct s2s_tree *from)
{
	size_t n;
	const struct s2s_leaf *leaf = s2s_tree_sorted(from, &n);

	for (size_t i = n; i-- > 0;) {
		struct s2s_call rest = call_of(&leaf[i]), one = rest;

		one.count = 1;
		one.runs = 1;
		if (rest.count > 1 && rest.runs > 1) {
			rest.count--;
			rest.runs--;
			s2s_tree_add(to, &one);
		}
		s2s_tree_add(to, &rest);
	}
}
