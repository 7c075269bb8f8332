/* SPDX-License-Identifier: MIT */
/* The policy as a container. Its algebra is in cover.c and normal.c, what it means for
   one call in verdict.c. */
#include "policy/policy.h"

#include "base/out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

struct s2s_policy *
s2s_policy_new(void)
{
	struct s2s_policy *policy = s2s_realloc(NULL, 1, sizeof *policy);

	*policy = (struct s2s_policy){
	    .action = {S2S_ACTION_KILL_PROCESS, 0},
	    .unknown = {S2S_ACTION_ERRNO, ENOSYS},
	};
	return policy;
}

void
s2s_policy_free(struct s2s_policy *policy)
{
	if (!policy)
		return;
	for (size_t i = 0; i < policy->n; i++)
		free(policy->calls[i].rules);
	free(policy->calls);
	free(policy->notes);
	free(policy->answers);
	s2s_arena_done(&policy->arena);
	free(policy);
}

void
s2s_policy_add_answer(struct s2s_policy *policy, const struct s2s_syscall *sc,
		      struct s2s_action action)
{
	s2s_grow(policy->answers, policy->n_answers, policy->cap_answers);
	policy->answers[policy->n_answers++] = (struct s2s_policy_answer){sc, action};
}

struct s2s_action
s2s_policy_stops(const struct s2s_policy *policy, const struct s2s_syscall *sc)
{
	for (size_t i = 0; i < policy->n_answers; i++)
		if (policy->answers[i].sc == sc)
			return policy->answers[i].action;
	return policy->action;
}

/* The index of the first call that is not before (arch, nr). */
static size_t
call_index(const struct s2s_policy *policy, enum s2s_arch arch, uint32_t nr)
{
	size_t from = 0, to = policy->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		const struct s2s_syscall *sc = policy->calls[mid].sc;

		if (sc->arch < arch || (sc->arch == arch && sc->nr < nr))
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

const struct s2s_policy_call *
s2s_policy_find(const struct s2s_policy *policy, const struct s2s_syscall *sc)
{
	return s2s_policy_find_nr(policy, sc->arch, sc->nr);
}

const struct s2s_policy_call *
s2s_policy_find_nr(const struct s2s_policy *policy, enum s2s_arch arch, uint32_t nr)
{
	size_t i = call_index(policy, arch, nr);

	if (i == policy->n || policy->calls[i].sc->arch != arch ||
	    policy->calls[i].sc->nr != nr)
		return NULL;
	return &policy->calls[i];
}

struct s2s_policy_call *
s2s_policy_call(struct s2s_policy *policy, const struct s2s_syscall *sc)
{
	size_t i = call_index(policy, sc->arch, sc->nr);

	if (s2s_policy_find(policy, sc))
		return &policy->calls[i];
	s2s_grow(policy->calls, policy->n, policy->cap);
	memmove(&policy->calls[i + 1], &policy->calls[i],
		(policy->n - i) * sizeof *policy->calls);
	policy->calls[i] = (struct s2s_policy_call){.sc = sc};
	policy->n++;
	policy->arches |= 1U << sc->arch;
	return &policy->calls[i];
}

void
s2s_policy_remove(struct s2s_policy *policy, const struct s2s_syscall *sc)
{
	size_t i = call_index(policy, sc->arch, sc->nr);

	if (!s2s_policy_find(policy, sc))
		return;
	free(policy->calls[i].rules);
	policy->n--;
	memmove(&policy->calls[i], &policy->calls[i + 1],
		(policy->n - i) * sizeof *policy->calls);
}

static struct s2s_set
copy_set(struct s2s_arena *arena, const struct s2s_set *set)
{
	struct s2s_interval *iv;

	if (s2s_set_is_any(set) || set->n == 0)
		return *set;
	iv = s2s_arena_alloc(arena, set->n * sizeof *iv);
	memcpy(iv, set->iv, set->n * sizeof *iv);
	return (struct s2s_set){set->mask, iv, set->n};
}

void
s2s_policy_add_rule(struct s2s_policy *policy, const struct s2s_syscall *sc,
		    const struct s2s_rule *rule)
{
	struct s2s_policy_call *call = s2s_policy_call(policy, sc);
	struct s2s_rule copy = *rule;

	for (int i = 0; i < S2S_ARGS_MAX; i++)
		copy.arg[i] = i < sc->nargs ? copy_set(&policy->arena, &rule->arg[i])
					    : s2s_set_any();
	s2s_grow(call->rules, call->n, call->cap);
	call->rules[call->n++] = copy;
}

void
s2s_policy_allow_all(struct s2s_policy *policy, const struct s2s_syscall *sc,
		     enum s2s_why why, const char *reason)
{
	struct s2s_policy_call *call = s2s_policy_call(policy, sc);
	struct s2s_rule rule = {.why = why, .reason = reason};

	for (int i = 0; i < S2S_ARGS_MAX; i++)
		rule.arg[i] = s2s_set_any();
	for (size_t i = 0; i < call->n; i++)
		s2s_rule_absorb(&rule, &call->rules[i]);
	call->n = 0;
	s2s_policy_add_rule(policy, sc, &rule);
}

static bool
has_note(const struct s2s_policy *policy, const char *text)
{
	for (size_t i = 0; i < policy->n_notes; i++)
		if (strcmp(policy->notes[i], text) == 0)
			return true;
	return false;
}

void
s2s_policy_note(struct s2s_policy *policy, const char *fmt, ...)
{
	struct s2s_out out;
	va_list ap;
	char *text;

	s2s_out_memory(&out);
	va_start(ap, fmt);
	s2s_out_vprintf(&out, fmt, ap);
	va_end(ap);
	text = s2s_arena_strdup(&policy->arena, s2s_out_text(&out));
	s2s_out_done(&out);
	if (has_note(policy, text))
		return;
	s2s_grow(policy->notes, policy->n_notes, policy->cap_notes);
	policy->notes[policy->n_notes++] = text;
}

void
s2s_policy_union(struct s2s_policy *a, const struct s2s_policy *b)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct s2s_policy_call *from = &b->calls[i];
		struct s2s_policy_call *to = s2s_policy_call(a, from->sc);

		if (!to->level)
			to->level = from->level;
		for (size_t j = 0; j < from->n; j++)
			s2s_policy_add_rule(a, from->sc, &from->rules[j]);
	}
	a->arches |= b->arches;
	for (size_t i = 0; i < b->n_notes; i++)
		if (!has_note(a, b->notes[i]))
			s2s_policy_note(a, "%s", b->notes[i]);
	s2s_policy_normalize(a);
}

static bool
place_before(const struct s2s_place *a, const struct s2s_place *b)
{
	int order;

	if (!a->file || !b->file)
		return a->file && !b->file;
	order = strcmp(a->file, b->file);
	return order != 0 ? order < 0 : a->line < b->line;
}

void
s2s_rule_absorb(struct s2s_rule *rule, const struct s2s_rule *gone)
{
	bool overflow = rule->count > UINT64_MAX - gone->count;

	if (rule->count && gone->count)
		rule->runs_at_least = true;
	rule->count = overflow ? UINT64_MAX : rule->count + gone->count;
	if (gone->runs > rule->runs)
		rule->runs = gone->runs;
	rule->runs_at_least |= gone->runs_at_least;
	if (place_before(&gone->first, &rule->first))
		rule->first = gone->first;
}
