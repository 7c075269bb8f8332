/* SPDX-License-Identifier: MIT */
/* The trie of distinct calls. Nodes lie in one growing array and find their children
   through one hash map, so that a million distinct calls take linear time. */
#include "tree/tree.h"

#include <assert.h>
#include <stdlib.h>

static const uint32_t NO_LEAF = UINT32_MAX;

enum {
	RECENT = 1024, /* slots of the cache in front of the trie; a power of two */
	LAUNCHER = 16, /* beside a state in a key: the step that marks the launcher */
	ROOT = 0,
};

struct node {
	const void *what; /* s2s_syscall below the root, s2s_kind further down */
	uint64_t value;
	uint32_t parent;
	uint32_t leaf;
	uint8_t state;
	uint8_t depth; /* 1: a system call; 2: its first argument … */
	bool launcher;
};

struct leaf {
	uint64_t count;
	struct s2s_place first;
	uint32_t node;
	uint32_t runs;
	uint64_t last_run; /* number of the run that counted last */
};

/* A call as the tree sees it: what does not matter is already unknown. */
struct path {
	const struct s2s_syscall *sc;
	uint64_t value[S2S_ARGS_MAX];
	uint8_t state[S2S_ARGS_MAX];
	bool launcher;
	uint8_t unused; /* no padding: hashed and compared as bytes */
};
static_assert(sizeof(struct path) == 64, "padding");

struct recent {
	struct path path;
	uint32_t leaf_plus_one; /* 0: free */
};

struct s2s_tree {
	struct s2s_atoms *atoms;
	size_t distinct_max;
	struct node *nodes;
	size_t n_nodes, cap_nodes;
	struct leaf *leaves;
	size_t n_leaves, cap_leaves; /* below NO_LEAF: each has a node */
	uint32_t last;               /* leaf */
	struct s2s_map children;
	struct recent *recent;
	uint64_t run;      /* from 1 */
	uint64_t last_run; /* that made a call */
	uint32_t runs;     /* that made any */
	bool has_profiles;
	struct s2s_leaf *sorted;
};

struct s2s_tree *
s2s_tree_new(struct s2s_atoms *atoms, const struct s2s_limits *limits)
{
	struct s2s_tree *tree = s2s_realloc(NULL, 1, sizeof *tree);

	*tree = (struct s2s_tree){.atoms = atoms, .run = 1};
	tree->distinct_max =
	    limits && limits->distinct ? limits->distinct : s2s_limits_default.distinct;
	s2s_grow(tree->nodes, tree->n_nodes, tree->cap_nodes);
	tree->nodes[tree->n_nodes++] = (struct node){.leaf = NO_LEAF};
	tree->recent = s2s_realloc(NULL, RECENT, sizeof *tree->recent);
	memset(tree->recent, 0, RECENT * sizeof *tree->recent);
	return tree;
}

void
s2s_tree_free(struct s2s_tree *tree)
{
	if (!tree)
		return;
	s2s_map_done(&tree->children);
	free(tree->nodes);
	free(tree->leaves);
	free(tree->recent);
	free(tree->sorted);
	free(tree);
}

static const struct s2s_kind *
kind_of(const struct s2s_call *call, int i)
{
	return call->kind[i] ? call->kind[i] : call->sc->arg[i].kind;
}

static bool
recurs(const struct s2s_kind *kind)
{
	return kind->role != S2S_ROLE_UNUSED && kind->role != S2S_ROLE_VARIANT;
}

static void
path_of(const struct s2s_call *call, struct path *ret)
{
	*ret = (struct path){.sc = call->sc, .launcher = call->launcher};
	for (int i = 0; i < call->sc->nargs; i++) {
		const struct s2s_kind *kind = kind_of(call, i);
		uint64_t value = call->arg[i].value & s2s_width_mask(kind->width);

		if (!recurs(kind))
			continue;
		ret->state[i] = (uint8_t)call->arg[i].state;
		if (call->arg[i].state != S2S_ARG_KNOWN)
			continue;
		/* Of a pointer only NULL recurs. */
		if (kind->role == S2S_ROLE_ADDRESS && value != 0)
			ret->state[i] = S2S_ARG_ADDRESS;
		else
			ret->value[i] = value;
	}
}

/* The child of `parent` with this state and value; made if there is none. */
static uint32_t
step(struct s2s_tree *tree, uint32_t parent, struct node node)
{
	uint64_t state = node.state | (node.launcher ? LAUNCHER : 0);
	uint64_t key[3] = {parent, state, node.value};
	bool is_new;
	uint32_t *child;

	if (parent == ROOT)
		key[2] = (uintptr_t)node.what;
	child = s2s_map_put(&tree->children, key, &is_new);
	if (is_new) {
		*child = (uint32_t)tree->n_nodes;
		node.parent = parent;
		node.leaf = NO_LEAF;
		node.depth = (uint8_t)(tree->nodes[parent].depth + 1);
		s2s_grow(tree->nodes, tree->n_nodes, tree->cap_nodes);
		tree->nodes[tree->n_nodes++] = node;
	}
	return *child;
}

/* The kinds follow from the path alone, so that they are the same in whatever order
   calls come: where a value itself told that it is run-variant (a clock of a process),
   the path has forgotten it. */
static void
kinds_of(const struct s2s_call *call, const struct path *path,
	 const struct s2s_kind *ret[S2S_ARGS_MAX])
{
	bool known[S2S_ARGS_MAX] = {false}, forgotten = false;

	for (int i = 0; i < path->sc->nargs; i++) {
		ret[i] = kind_of(call, i);
		known[i] = path->state[i] == S2S_ARG_KNOWN;
		forgotten = forgotten || (ret[i]->role == S2S_ROLE_VARIANT &&
					  ret[i] != path->sc->arg[i].kind);
	}
	if (forgotten)
		s2s_syscall_kinds(path->sc, known, path->value, ret);
}

static uint32_t
walk(struct s2s_tree *tree, const struct s2s_call *call, const struct path *path)
{
	uint32_t at = step(tree, ROOT, (struct node){.what = path->sc});
	const struct s2s_kind *kind[S2S_ARGS_MAX];

	kinds_of(call, path, kind);

	for (int i = 0; i < path->sc->nargs; i++)
		at = step(tree, at,
			  (struct node){.what = kind[i],
					.state = path->state[i],
					.value = path->value[i]});
	if (path->launcher)
		at = step(tree, at, (struct node){.launcher = true});
	return at;
}

static uint32_t
leaf_of(struct s2s_tree *tree, const struct s2s_call *call, const struct path *path)
{
	size_t slot = s2s_hash(tree->children.seed, path, sizeof *path) & (RECENT - 1);
	struct recent *recent = &tree->recent[slot];
	uint32_t at;

	if (recent->leaf_plus_one && memcmp(&recent->path, path, sizeof *path) == 0)
		return recent->leaf_plus_one - 1;
	/* Nodes are numbered in 32 bits; a call makes eight at most. */
	if (tree->n_nodes > UINT32_MAX - 8)
		return NO_LEAF;
	at = walk(tree, call, path);
	if (tree->nodes[at].leaf == NO_LEAF) {
		if (tree->n_leaves >= tree->distinct_max)
			return NO_LEAF;
		tree->nodes[at].leaf = (uint32_t)tree->n_leaves;
		s2s_grow(tree->leaves, tree->n_leaves, tree->cap_leaves);
		tree->leaves[tree->n_leaves++] = (struct leaf){.node = at};
	}
	*recent = (struct recent){*path, tree->nodes[at].leaf + 1};
	return tree->nodes[at].leaf;
}

static uint64_t
add_u64(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint32_t
add_u32(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static void
see(struct s2s_tree *tree, struct leaf *leaf, const struct s2s_place *place)
{
	s2s_atom file;

	if (!s2s_place_is_before(place, &leaf->first))
		return;
	file = s2s_atom_intern(tree->atoms, sv_from(place->file));
	leaf->first = *place;
	leaf->first.file = s2s_atom_text(tree->atoms, file).p;
}

static void
count_run(struct s2s_tree *tree, struct leaf *leaf, uint32_t runs)
{
	if (runs) {
		leaf->runs = add_u32(leaf->runs, runs);
		tree->has_profiles = true;
		return;
	}
	if (leaf->last_run != tree->run)
		leaf->runs = add_u32(leaf->runs, 1);
	leaf->last_run = tree->run;
	if (tree->last_run != tree->run)
		tree->runs = add_u32(tree->runs, 1);
	tree->last_run = tree->run;
}

enum s2s_status
s2s_tree_add_at(struct s2s_tree *tree, const struct s2s_call *call, uint32_t *ret)
{
	struct path path;
	struct leaf *leaf;
	uint32_t i;

	path_of(call, &path);
	i = leaf_of(tree, call, &path);
	if (i == NO_LEAF)
		return S2S_LIMIT;
	tree->last = i;
	leaf = &tree->leaves[i];
	leaf->count = add_u64(leaf->count, call->count);
	count_run(tree, leaf, call->runs);
	see(tree, leaf, &call->place);
	free(tree->sorted);
	tree->sorted = NULL;
	*ret = i;
	return S2S_OK;
}

enum s2s_status
s2s_tree_add(struct s2s_tree *tree, const struct s2s_call *call)
{
	uint32_t leaf;

	return s2s_tree_add_at(tree, call, &leaf);
}

uint32_t
s2s_tree_last(const struct s2s_tree *tree)
{
	return tree->last;
}

void
s2s_tree_repeat(struct s2s_tree *tree, uint32_t leaf, uint64_t n)
{
	assert(leaf < tree->n_leaves);
	tree->leaves[leaf].count = add_u64(tree->leaves[leaf].count, n);
	count_run(tree, &tree->leaves[leaf], 0);
	free(tree->sorted);
	tree->sorted = NULL;
}

void
s2s_tree_end_run(struct s2s_tree *tree)
{
	tree->run++;
}

static enum s2s_status
sink_event(void *self, const struct s2s_call *call)
{
	return s2s_tree_add(self, call);
}

static enum s2s_status
sink_end(void *self)
{
	s2s_tree_end_run(self);
	return S2S_OK;
}

struct s2s_call_sink
s2s_tree_sink(struct s2s_tree *tree)
{
	return (struct s2s_call_sink){sink_event, sink_end, tree};
}

size_t
s2s_tree_leaves(const struct s2s_tree *tree)
{
	return tree->n_leaves;
}

uint32_t
s2s_tree_runs(const struct s2s_tree *tree)
{
	return tree->has_profiles ? 0 : tree->runs;
}

/* Reads a leaf off the path that leads to it, from its end. */
static struct s2s_leaf
hand_out(const struct s2s_tree *tree, const struct leaf *leaf)
{
	struct s2s_leaf ret = {
	    .count = leaf->count, .runs = leaf->runs, .first = leaf->first};
	const struct node *node = &tree->nodes[leaf->node];

	if (node->launcher) {
		ret.launcher = true;
		node = &tree->nodes[node->parent];
	}
	for (; node->depth > 1; node = &tree->nodes[node->parent]) {
		int i = node->depth - 2;

		ret.arg[i] = (struct s2s_arg){node->state, node->value};
		ret.kind[i] = node->what;
	}
	ret.sc = node->what;
	return ret;
}

struct s2s_leaf
s2s_tree_leaf(const struct s2s_tree *tree, uint32_t i)
{
	assert(i < tree->n_leaves);
	return hand_out(tree, &tree->leaves[i]);
}

static int
compare_arg(const struct s2s_arg *a, const struct s2s_arg *b)
{
	static const uint8_t rank[] = {
	    [S2S_ARG_KNOWN] = 0, [S2S_ARG_ADDRESS] = 1, [S2S_ARG_UNKNOWN] = 2};

	if (a->state != b->state)
		return rank[a->state] < rank[b->state] ? -1 : 1;
	return (a->value > b->value) - (a->value < b->value);
}

static int
compare_leaf(const void *va, const void *vb)
{
	const struct s2s_leaf *a = va, *b = vb;

	if (a->sc->arch != b->sc->arch)
		return a->sc->arch < b->sc->arch ? -1 : 1;
	if (a->sc->nr != b->sc->nr)
		return a->sc->nr < b->sc->nr ? -1 : 1;
	for (int i = 0; i < a->sc->nargs; i++) {
		int order = compare_arg(&a->arg[i], &b->arg[i]);

		if (order != 0)
			return order;
	}
	return a->launcher - b->launcher;
}

const struct s2s_leaf *
s2s_tree_sorted(struct s2s_tree *tree, size_t *ret_n)
{
	*ret_n = tree->n_leaves;
	if (tree->sorted)
		return tree->sorted;
	tree->sorted = s2s_realloc(NULL, tree->n_leaves, sizeof *tree->sorted);
	for (size_t i = 0; i < tree->n_leaves; i++)
		tree->sorted[i] = hand_out(tree, &tree->leaves[i]);
	qsort(tree->sorted, tree->n_leaves, sizeof *tree->sorted, compare_leaf);
	return tree->sorted;
}
