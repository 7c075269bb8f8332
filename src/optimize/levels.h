/* SPDX-License-Identifier: MIT */
/* What the files of this stage share: the levels, and how a call's leaves become rules.
 */
#pragma once

#include "optimize/optimize.h"

/* The rows of optimize.c, one a file. */
struct s2s_treated s2s_treat_strict(const struct s2s_syscall *sc, int arg,
				    const struct s2s_kind *kind);
struct s2s_treated s2s_treat_advanced(const struct s2s_syscall *sc, int arg,
				      const struct s2s_kind *kind);
struct s2s_treated s2s_treat_weak(const struct s2s_syscall *sc, int arg,
				  const struct s2s_kind *kind);
struct s2s_treated s2s_treat_robust(const struct s2s_syscall *sc, int arg,
				    const struct s2s_kind *kind);
struct s2s_treated s2s_treat_names(const struct s2s_syscall *sc, int arg,
				   const struct s2s_kind *kind);

/* The leaves of one call that count: without the launcher's where that is left out. */
struct s2s_leaves {
	const struct s2s_leaf *leaf;
	size_t n;
	bool keep_launcher;
	enum s2s_why why; /* of their rules */
	const char *reason;
};

/* How an argument of a leaf is treated. */
struct s2s_treated s2s_leaf_treated(const struct s2s_level *level,
				    const struct s2s_leaf *leaf, int arg);

/* Adds a rule for each group of the leaves to the policy. */
void s2s_group_leaves(struct s2s_policy *policy,
		      const struct s2s_optimize_options *opts,
		      const struct s2s_leaves *leaves);

/* All rules of a call anew, as its level has them now: from the logs, --also, and its
   harmless commands. Normalised. */
void s2s_optimize_call(struct s2s_policy *policy, struct s2s_tree *tree,
		       const struct s2s_optimize_options *opts,
		       const struct s2s_syscall *sc);

/* What is added or taken away whatever the logs say. */
void s2s_add_harmless(struct s2s_policy *policy,
		      const struct s2s_optimize_options *opts,
		      const struct s2s_syscall *sc);
void s2s_add_allowed(struct s2s_policy *policy,
		     const struct s2s_optimize_options *opts);
void s2s_remove_denied(struct s2s_policy *policy,
		       const struct s2s_optimize_options *opts);
void s2s_add_implied(struct s2s_policy *policy, struct s2s_tree *tree,
		     const struct s2s_optimize_options *opts);
/* What the handler of --sigsys-handler needs: all of it, with a note; of one call. */
void s2s_add_handler(struct s2s_policy *policy,
		     const struct s2s_optimize_options *opts);
void s2s_add_handler_call(struct s2s_policy *policy,
			  const struct s2s_optimize_options *opts,
			  const struct s2s_syscall *sc);
/* Says of which selectors the logs do not tell the value. */
void s2s_warn_of_unknown(struct s2s_policy *policy,
			 const struct s2s_optimize_options *opts,
			 const struct s2s_leaves *leaves);

/* A rule without a restriction. */
struct s2s_rule s2s_rule_for_all(enum s2s_why why, const char *reason);
/* Whether one of the call's rules has no restriction. */
bool s2s_call_allows_all(const struct s2s_policy_call *call);
bool s2s_is_among(const struct s2s_syscall *const *calls, size_t n,
		  const struct s2s_syscall *sc);
