/* SPDX-License-Identifier: MIT */
/* Decision diagram to instructions. Writes from the end to the start, so that where a
   jump goes is always known; a node is loaded for only where the accumulator does not
   hold its word yet. */
#include "filter/diagram.h"

#include <stdlib.h>

enum { REACH = 255 };
static const uint32_t NOWHERE = UINT32_MAX;

/* The instructions of a node in the order of running: load, mask, test. Who comes with
   the word in the accumulator enters at MASK or TEST. */
enum entry { AT_TEST, AT_MASK, AT_LOAD, ENTRIES };

struct place {
	uint32_t at[ENTRIES]; /* distance from the end of the program, or NOWHERE */
	enum entry first;     /* what the parents need */
	bool reached;
};

struct emitter {
	const struct s2s_diagram *d;
	uint32_t base;           /* older nodes do not count */
	struct place *place;     /* by node, from base on */
	struct sock_filter *out; /* last instruction first */
	size_t n, cap;
};

static enum entry
entry_of(const struct s2s_node *from, const struct s2s_node *to)
{
	if (!to->op)
		return AT_TEST;
	if (!from || from->field.word != to->field.word)
		return AT_LOAD;
	if (from->field.mask == to->field.mask)
		return AT_TEST;
	return (from->field.mask & to->field.mask) == to->field.mask &&
		       to->field.mask != UINT32_MAX
		   ? AT_MASK
		   : AT_LOAD;
}

static struct place *
place_of(const struct emitter *e, uint32_t node)
{
	return &e->place[node - e->base];
}

static void
reach(struct emitter *e, const struct s2s_node *from, uint32_t to)
{
	enum entry entry = entry_of(from, &e->d->node[to]);
	struct place *place;

	if (to < e->base)
		return;
	place = place_of(e, to);
	place->reached = true;
	if (entry > place->first)
		place->first = entry;
}

/* Children have smaller numbers, so that one pass down sees all parents first. */
static void
find_entries(struct emitter *e, uint32_t root)
{
	size_t n = root + 1 - e->base;

	e->place = s2s_realloc(NULL, n, sizeof *e->place);
	for (size_t i = 0; i < n; i++)
		e->place[i] = (struct place){.at = {NOWHERE, NOWHERE, NOWHERE}};
	reach(e, NULL, root);
	for (uint32_t i = root + 1; i-- > e->base;) {
		const struct s2s_node *node = &e->d->node[i];

		if (!place_of(e, i)->reached || !node->op)
			continue;
		reach(e, node, node->yes);
		reach(e, node, node->no);
	}
}

static void
put(struct emitter *e, struct sock_filter insn)
{
	s2s_grow(e->out, e->n, e->cap);
	e->out[e->n++] = insn;
}

static void
put_verdict(struct emitter *e, uint32_t node)
{
	place_of(e, node)->at[AT_TEST] = (uint32_t)e->n;
	put(e, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, e->d->node[node].k));
}

static uint32_t
distance(const struct emitter *e, const struct s2s_node *from, uint32_t to)
{
	enum entry entry = entry_of(from, &e->d->node[to]);

	return (uint32_t)e->n - place_of(e, to)->at[entry] - 1;
}

/* A copy of a verdict, or a long jump, that the next instruction can reach. */
static void
bridge(struct emitter *e, const struct s2s_node *from, uint32_t to)
{
	uint32_t far = distance(e, from, to);

	if (!e->d->node[to].op) {
		put_verdict(e, to);
		return;
	}
	place_of(e, to)->at[entry_of(from, &e->d->node[to])] = (uint32_t)e->n;
	put(e, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, far));
}

static void
put_test(struct emitter *e, uint32_t number)
{
	const struct s2s_node *node = &e->d->node[number];
	struct place *place = place_of(e, number);
	uint32_t load = S2S_WORD_NR + node->field.word * sizeof(uint32_t);

	while (distance(e, node, node->yes) > REACH ||
	       distance(e, node, node->no) > REACH)
		bridge(e, node,
		       distance(e, node, node->yes) > REACH ? node->yes : node->no);
	place->at[AT_TEST] = (uint32_t)e->n;
	put(e, (struct sock_filter)BPF_JUMP(BPF_JMP | node->op | BPF_K, node->k,
					    (uint8_t)distance(e, node, node->yes),
					    (uint8_t)distance(e, node, node->no)));
	if (place->first >= AT_MASK && node->field.mask != UINT32_MAX) {
		place->at[AT_MASK] = (uint32_t)e->n;
		put(e, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K,
						    node->field.mask));
	}
	if (place->first == AT_LOAD) {
		place->at[AT_LOAD] = (uint32_t)e->n;
		put(e, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, load));
	}
}

static bool
is_put(const struct emitter *e, uint32_t node)
{
	return place_of(e, node)->at[AT_TEST] != NOWHERE;
}

/* Children before parents, what belongs together near each other. */
static void
put_all(struct emitter *e, uint32_t root)
{
	uint32_t *stack = NULL;
	size_t n = 0, cap = 0;

	s2s_grow(stack, n, cap);
	stack[n++] = root;
	while (n > 0) {
		uint32_t number = stack[n - 1], child;
		const struct s2s_node *node = &e->d->node[number];

		child = node->op && !is_put(e, node->no) ? node->no : node->yes;
		if (is_put(e, number)) {
			n--;
		} else if (!node->op) {
			put_verdict(e, number);
		} else if (is_put(e, child)) {
			put_test(e, number);
		} else {
			s2s_grow(stack, n, cap);
			stack[n++] = child;
		}
	}
	free(stack);
}

void
s2s_diagram_emit(const struct s2s_diagram *d, uint32_t root, struct s2s_filter *ret)
{
	struct emitter e = {.d = d};

	find_entries(&e, root);
	put_all(&e, root);
	for (size_t i = 0; i < e.n / 2; i++) {
		struct sock_filter swapped = e.out[i];

		e.out[i] = e.out[e.n - 1 - i];
		e.out[e.n - 1 - i] = swapped;
	}
	free(e.place);
	*ret = (struct s2s_filter){.insn = e.out, .n = e.n};
}

static bool
is_masked(const struct s2s_node *node)
{
	return node->field.mask != UINT32_MAX;
}

size_t
s2s_diagram_size(const struct s2s_diagram *d, uint32_t base, uint32_t root)
{
	struct emitter e = {.d = d, .base = base};
	size_t n = 0;

	if (root < base)
		return 0;
	find_entries(&e, root);
	for (uint32_t i = base; i <= root; i++) {
		const struct place *place = place_of(&e, i);

		if (place->reached && d->node[i].op)
			n += 1 + (place->first != AT_TEST) +
			     (place->first == AT_LOAD && is_masked(&d->node[i]));
	}
	free(e.place);
	return n;
}

/* The words are those of struct seccomp_data. */
unsigned
s2s_diagram_steps(const struct s2s_diagram *d, uint32_t root,
		  const uint32_t word[S2S_WORDS])
{
	const struct s2s_node *from = NULL, *node = &d->node[root];
	unsigned steps = 0;

	while (node->op) {
		enum entry entry = entry_of(from, node);

		steps += 1 + (entry != AT_TEST) + (entry == AT_LOAD && is_masked(node));
		from = node;
		node = &d->node[s2s_node_next(node, word)];
	}
	return steps + 1;
}
