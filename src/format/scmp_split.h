/* SPDX-License-Identifier: MIT */
/* Which arguments of a call's rules are compared in which filter of the stack.

   A filter that holds all arguments of a rule multiplies their blocks: ranges in three
   arguments are blocks times blocks times blocks. A stack adds them instead: filter j
   compares the j-th range only, and a call must pass all. What one filter lets pass for
   rule A and another for rule B would then be allowed, though neither rule does. So
   some arguments are the *key*, which is compared in every filter, and rules are spread
   over the stack only where their keys exclude each other: a call then matches the key
   of one of them at most, in every filter the same, and passes all filters just where
   it passes each of that rule's comparisons. Rules that their keys do not tell from
   each other stay whole in filter 0; the others let pass what has their key. */
#pragma once

#include "format/scmp.h"

struct s2s_scmp_split {
	const struct s2s_policy_call *call;
	uint32_t (*blocks)[S2S_ARGS_MAX]; /* of each rule's arguments */
	uint8_t *compared; /* arguments of each rule that are not "any" */
	uint8_t *apart;    /* n x n: in which arguments two rules exclude each other */
	uint32_t *leader;  /* the group of each rule under that key; its first rule */
	uint32_t *size;    /* of the group that a rule leads */
	uint8_t *key;      /* of each rule: bits 1 << argument, of those asked for */
	/* The cheapest way with exactly 1 … filters: its key and an estimate of the
	   instructions. */
	struct {
		uint8_t key;
		uint64_t cost;
	} best[S2S_SCMP_STACK + 1];
};

void s2s_scmp_split_init(struct s2s_scmp_split *split,
			 const struct s2s_policy_call *call, bool in_one);
void s2s_scmp_split_done(struct s2s_scmp_split *split);

/* To be called before s2s_scmp_split_args(): groups the rules by this key, and leaves
   each of them what it needs of it. */
void s2s_scmp_split_by(struct s2s_scmp_split *split, uint8_t key);
/* Which arguments of a rule each of n filters compares. */
void s2s_scmp_split_args(const struct s2s_scmp_split *split, size_t rule, size_t n,
			 uint8_t ret[S2S_SCMP_STACK]);
/* How many rows that makes in one filter; saturates. */
uint64_t s2s_scmp_split_rows(const struct s2s_scmp_split *split, size_t rule,
			     uint8_t args);
