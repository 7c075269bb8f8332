/* SPDX-License-Identifier: MIT */
/* The tree: root -> system call -> first argument -> second …; a path to a leaf is one
   distinct call. What everything after the parser reads. Run-variant and unused
   arguments are entered as unknown, whatever their value. Of which kind the arguments
   are is no part of the path: it follows from the call and its arguments. */
#pragma once

#include "base/limits.h"
#include "base/map.h"
#include "base/status.h"
#include "bind/bind.h"
#include "kernel/call.h"

struct s2s_tree;

/* `atoms` owns the file names of places and outlives the tree. */
struct s2s_tree *s2s_tree_new(struct s2s_atoms *atoms, const struct s2s_limits *limits);
void s2s_tree_free(struct s2s_tree *tree);

/* A sink whose end() ends a run (one log), so that runs are counted. */
struct s2s_call_sink s2s_tree_sink(struct s2s_tree *tree);

/* S2S_LIMIT where the tree would hold more than limits->distinct leaves. */
enum s2s_status s2s_tree_add(struct s2s_tree *tree, const struct s2s_call *call);
/* The same, and says which leaf it was: they are numbered as they come. */
enum s2s_status s2s_tree_add_at(struct s2s_tree *tree, const struct s2s_call *call,
				uint32_t *ret);
/* The leaf that the last call went to, and the same call n times again: in this run,
   and nowhere before its first place. */
uint32_t s2s_tree_last(const struct s2s_tree *tree);
void s2s_tree_repeat(struct s2s_tree *tree, uint32_t leaf, uint64_t n);
void s2s_tree_end_run(struct s2s_tree *tree);

/* A leaf as it is handed out: one distinct call. */
struct s2s_leaf {
	const struct s2s_syscall *sc;
	struct s2s_arg arg[S2S_ARGS_MAX];
	const struct s2s_kind *kind[S2S_ARGS_MAX];
	bool launcher;
	uint64_t count; /* saturates */
	uint32_t runs;  /* saturates; of logs, each counts once */
	/* The smallest file name in byte order among those that made it, and the first
	   line there: the same in whatever order logs were given. */
	struct s2s_place first;
};

/* The leaf of that number. */
struct s2s_leaf s2s_tree_leaf(const struct s2s_tree *tree, uint32_t i);

size_t s2s_tree_leaves(const struct s2s_tree *tree);
/* The runs that made any call; 0 where profiles were added, which do not tell. */
uint32_t s2s_tree_runs(const struct s2s_tree *tree);
/* The leaves sorted: architecture, number, then argument by argument (NULL and values
   ascending, then address, then unknown), launcher's last. The array and all in it are
   valid until the tree changes or dies. */
const struct s2s_leaf *s2s_tree_sorted(struct s2s_tree *tree, size_t *ret_n);

/* The tree as text for debugging and --format=dot live in format/. */
