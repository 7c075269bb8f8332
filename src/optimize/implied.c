/* SPDX-License-Identifier: MIT */
/* What must be allowed though no log shows it (data/implied.tbl). Said in the policy,
   one note for each reason, and in the log. */
#include "base/out.h"
#include "optimize/levels.h"

struct world {
	struct s2s_policy *policy;
	struct s2s_tree *tree;
	const struct s2s_optimize_options *opts;
	enum s2s_arch arch;
};

/* What was implied for one reason, for one note. */
struct implied {
	const char *why;
	bool widened; /* it was seen, with certain arguments */
	size_t n;
	struct s2s_out names;
};

static void
list_name(struct implied *list, const char *name)
{
	s2s_out_printf(&list->names, "%s%s", list->n++ ? ", " : "", name);
}

static void
note_implied(struct s2s_policy *policy, struct implied *list)
{
	struct s2s_sv names = s2s_out_text(&list->names);
	const char *verb = list->n == 1 ? "is" : "are";

	if (list->n && list->widened)
		s2s_policy_note(policy, "%.*s %s allowed whatever the arguments: %s.",
				(int)names.n, names.p, verb, list->why);
	else if (list->n)
		s2s_policy_note(policy, "%.*s %s allowed though no log shows %s: %s.",
				(int)names.n, names.p, verb,
				list->n == 1 ? "it" : "them", list->why);
	s2s_out_done(&list->names);
}

static bool
was_seen_with(struct s2s_tree *tree, const struct s2s_syscall *sc,
	      const struct s2s_implied *row)
{
	size_t n;
	const struct s2s_leaf *leaf = s2s_tree_sorted(tree, &n);

	for (size_t i = 0; i < n; i++)
		if (leaf[i].sc == sc && leaf[i].arg[row->arg].state == S2S_ARG_KNOWN &&
		    (leaf[i].arg[row->arg].value & row->mask) == row->want)
			return true;
	return false;
}

/* Whether what the row hangs on is there. */
static bool
holds(const struct world *w, const struct s2s_implied *row)
{
	const struct s2s_syscall *because;

	if (!row->because)
		return true;
	because = s2s_syscall_by_name(w->arch, sv_from(row->because));
	if (!because || !s2s_policy_find(w->policy, because))
		return false;
	return row->arg < 0 || was_seen_with(w->tree, because, row) ||
	       (w->opts->also && was_seen_with(w->opts->also, because, row));
}

/* The call that the row adds to what is allowed already, or NULL. */
static const struct s2s_syscall *
added_by(const struct world *w, const struct s2s_implied *row)
{
	const struct s2s_syscall *sc = s2s_syscall_by_name(w->arch, sv_from(row->call));
	const struct s2s_policy_call *call = sc ? s2s_policy_find(w->policy, sc) : NULL;

	if (!sc || (call && s2s_call_allows_all(call)) || !holds(w, row))
		return NULL;
	return s2s_is_among(w->opts->deny, w->opts->n_deny, sc) ? NULL : sc;
}

/* Allows what the first row, and those behind it for the same reason, imply. */
static void
imply(const struct world *w, const struct s2s_implied *rows, size_t n)
{
	struct implied list[2] = {{.why = rows->why},
				  {.why = rows->why, .widened = true}};

	s2s_out_memory(&list[0].names);
	s2s_out_memory(&list[1].names);
	for (size_t i = 0; i < n; i++) {
		struct s2s_rule rule = s2s_rule_for_all(S2S_WHY_IMPLIED, rows[i].why);
		const struct s2s_syscall *sc = NULL;

		if (strcmp(rows[i].why, rows->why) == 0)
			sc = added_by(w, &rows[i]);
		if (!sc)
			continue;
		list_name(&list[s2s_policy_find(w->policy, sc) != NULL], sc->name);
		s2s_log(w->opts->log, S2S_LOG_INFO, "%s is allowed: %s", sc->name,
			rows->why);
		s2s_policy_add_rule(w->policy, sc, &rule);
		s2s_policy_normalize_call(w->policy, s2s_policy_call(w->policy, sc));
	}
	note_implied(w->policy, &list[0]);
	note_implied(w->policy, &list[1]);
}

void
s2s_add_implied(struct s2s_policy *policy, struct s2s_tree *tree,
		const struct s2s_optimize_options *opts)
{
	struct world w = {policy, tree, opts, 0};

	if (opts->no_implied)
		return;
	for (; policy->arches >> w.arch; w.arch++) {
		size_t n;
		const struct s2s_implied *rows = s2s_implied(w.arch, &n);

		for (size_t i = 0; policy->arches >> w.arch & 1 && i < n; i++)
			imply(&w, &rows[i], n - i);
	}
}
