/* SPDX-License-Identifier: MIT */
/* Between policy and instructions: a decision diagram over the 32-bit words of struct
   seccomp_data. Equal nodes are one node, so that what calls have in common is compiled
   once. Nodes are numbers; a node's children have smaller numbers than the node. */
#pragma once

#include "base/map.h"
#include "filter/filter.h"
#include "filter/known.h"
#include "filter/opcode.h"

/* All costs are whole numbers: filters are the same on every machine. */
enum { S2S_WEIGHT = 1000 };

struct s2s_node {
	struct s2s_field field;
	uint16_t op; /* BPF_JEQ, BPF_JGE, BPF_JGT, BPF_JSET; 0: a verdict, which is k */
	uint32_t k;
	uint32_t yes, no;
};

struct s2s_diagram {
	uint32_t price; /* what an instruction costs, in hundredths of a step of all
			   that is met */
	uint64_t mean_count; /* of a policy's rules; 0: nobody counted */
	struct s2s_node *node;
	size_t n, cap;
	struct s2s_map index;
	struct s2s_known_splits known;
};

uint32_t s2s_diagram_verdict(struct s2s_diagram *d, uint32_t verdict);
/* `yes` itself where both are the same. */
uint32_t s2s_diagram_test(struct s2s_diagram *d, struct s2s_field field, uint16_t op,
			  uint32_t k, uint32_t yes, uint32_t no);
/* The child where a test leads. */
uint32_t s2s_node_next(const struct s2s_node *node, const uint32_t word[S2S_WORDS]);
void s2s_diagram_done(struct s2s_diagram *d);

/* The node that tells segments apart. They are sorted and cover 0 to field.mask;
   neighbours with the same node are merged in place. */
uint32_t s2s_diagram_split(struct s2s_diagram *d, struct s2s_field field,
			   struct s2s_segment *segment, size_t n);

/* Instructions for all that is reached from root; jumps reach any distance. */
void s2s_diagram_emit(const struct s2s_diagram *d, uint32_t root,
		      struct s2s_filter *ret);

/* Instructions that the nodes from `base` on add, but for verdicts and long jumps. */
size_t s2s_diagram_size(const struct s2s_diagram *d, uint32_t base, uint32_t root);
/* Instructions that run for these words of struct seccomp_data. */
unsigned s2s_diagram_steps(const struct s2s_diagram *d, uint32_t root,
			   const uint32_t word[S2S_WORDS]);

/* A rule's count, cut where sums could overflow. */
uint64_t s2s_rule_count(const struct s2s_rule *rule);
/* How often a rule is met, S2S_WEIGHT on the mean: by the counts, else by how many
   values it has. */
uint64_t s2s_rule_weight(const struct s2s_diagram *d, const struct s2s_rule *rule);

/* The node that allows what the rules of a call allow, and else leads to `otherwise`.
 */
uint32_t s2s_diagram_rules(struct s2s_diagram *d, const struct s2s_policy_call *call,
			   uint32_t allow, uint32_t otherwise);
