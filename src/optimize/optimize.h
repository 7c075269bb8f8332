/* SPDX-License-Identifier: MIT */
/* Tree to policy: the levels. Each is a file of its own and a row in optimize.c. */
#pragma once

#include "base/log.h"
#include "base/status.h"
#include "policy/policy.h"
#include "tree/tree.h"

/* What a level does with one argument of one call. The levels differ in nothing else:
   leaves are grouped by their keys; each group becomes one rule. */
enum s2s_treatment {
	S2S_TREAT_FREE, /* any value */
	S2S_TREAT_KEY,  /* compared exactly in the bits of .mask, groups the leaves */
	S2S_TREAT_HULL, /* from the smallest to the largest value of the group */
	S2S_TREAT_NULL, /* an address: compared with NULL where all of the group are
			   NULL */
};

struct s2s_treated {
	enum s2s_treatment how;
	uint64_t mask; /* of S2S_TREAT_KEY */
};

struct s2s_level {
	const char *name, *help;
	struct s2s_treated (*treat)(const struct s2s_syscall *sc, int arg,
				    const struct s2s_kind *kind);
	bool harmless; /* adds the commands of s2s_syscall_harmless() */
};

/* The rows of --level, from strict to loose as --help lists them. */
const struct s2s_level *s2s_levels(size_t *ret_n);
const struct s2s_level *s2s_level_find(struct s2s_sv name);

/* --level-of=CALL[.ARG]=LEVEL; the last that fits wins, .ARG before CALL. */
struct s2s_level_of {
	const struct s2s_syscall *sc;
	int arg; /* -1: the whole call */
	const struct s2s_level *level;
};

/* A row of data/runtimes.tbl: what a container runtime calls between loading a filter
   and exec. */
struct s2s_runtime {
	const char *name, *version;
	bool no_new_privs;
	const char *calls; /* names, a blank between them */
};
/* "crun" (the newest version), "crun-1.8.1"; NULL: we know no such. */
const struct s2s_runtime *s2s_runtime_find(struct s2s_sv name, bool no_new_privs);
/* Allows it, with a note. */
void s2s_add_runtime(struct s2s_policy *policy, const struct s2s_runtime *runtime,
		     const struct s2s_log *log);

struct s2s_optimize_options {
	const struct s2s_level *level; /* NULL: robust */
	const struct s2s_level_of *level_of;
	size_t n_level_of;
	const struct s2s_syscall *const *allow,
	    *const *deny; /* the last word; deny wins */
	size_t n_allow, n_deny;
	struct s2s_tree *also;   /* --also: at the same levels; NULL: none */
	bool keep_launcher_exec; /* --installed-by=launcher */
	bool no_implied;
	bool sigsys_handler;               /* allow what that handler calls */
	const struct s2s_runtime *runtime; /* --runtime; NULL: none */
	/* S2S_ACTION_ALLOW, which no option can ask for: the default */
	struct s2s_action action, unknown;
	const struct s2s_log *log;
};

/* The level that holds for an argument of a call, or for the call (arg -1). */
const struct s2s_level *s2s_level_for(const struct s2s_optimize_options *opts,
				      const struct s2s_syscall *sc, int arg);

/* Builds the policy, normalised. Notes in it say what was added or left out and why.
   Warns of selectors that the log does not tell. S2S_USAGE where an option names what
   cannot be. */
enum s2s_status s2s_optimize(struct s2s_tree *tree,
			     const struct s2s_optimize_options *opts,
			     struct s2s_policy **ret);

/* The next looser level for --fit: strict -> advanced -> robust -> names, weak ->
   names; NULL behind names. */
const struct s2s_level *s2s_level_looser(const struct s2s_level *level);

/* S2S_OK: the policy fits; S2S_LIMIT: not yet; any other status ends it. */
typedef enum s2s_status s2s_fits_fn(void *self, const struct s2s_policy *policy);
/* What a policy costs, in whatever unit: asked of single calls, to find the dearest. */
typedef size_t s2s_cost_fn(void *self, const struct s2s_policy *policy);

/* --fit: optimizes, then loosens call by call, the costliest first and one step at a
   time, until the policy fits. Each loosening is a warning and a note. S2S_LIMIT where
   it does not fit with all calls at the loosest level. */
enum s2s_status s2s_fit(struct s2s_tree *tree, const struct s2s_optimize_options *opts,
			s2s_fits_fn *fits, s2s_cost_fn *cost, void *self,
			struct s2s_policy **ret);
