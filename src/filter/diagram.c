/* SPDX-License-Identifier: MIT */
#include "filter/diagram.h"

#include <stdlib.h>

static uint32_t
intern(struct s2s_diagram *d, struct s2s_node node)
{
	uint64_t key[3] = {
	    (uint64_t)node.field.mask << 32 | (uint32_t)node.op << 8 | node.field.word,
	    node.k,
	    (uint64_t)node.yes << 32 | node.no,
	};
	bool is_new;
	uint32_t *number = s2s_map_put(&d->index, key, &is_new);

	if (is_new) {
		s2s_grow(d->node, d->n, d->cap);
		*number = (uint32_t)d->n;
		d->node[d->n++] = node;
	}
	return *number;
}

uint32_t
s2s_diagram_verdict(struct s2s_diagram *d, uint32_t verdict)
{
	return intern(d, (struct s2s_node){.k = verdict});
}

uint32_t
s2s_diagram_test(struct s2s_diagram *d, struct s2s_field field, uint16_t op, uint32_t k,
		 uint32_t yes, uint32_t no)
{
	if (yes == no)
		return yes;
	return intern(d, (struct s2s_node){
			     .field = field, .op = op, .k = k, .yes = yes, .no = no});
}

uint32_t
s2s_node_next(const struct s2s_node *node, const uint32_t word[S2S_WORDS])
{
	uint32_t value = word[node->field.word] & node->field.mask;

	return s2s_opcode_compare(node->op, value, node->k) ? node->yes : node->no;
}

void
s2s_diagram_done(struct s2s_diagram *d)
{
	free(d->node);
	s2s_map_done(&d->index);
	s2s_known_splits_done(&d->known);
	*d = (struct s2s_diagram){0};
}
