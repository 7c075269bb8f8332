/* SPDX-License-Identifier: MIT */
/* All paths of a filter that some call can take of which only part is known. May follow
   a path that no call takes (where arithmetic is beyond it), never misses one. */
#pragma once

#include "filter/filter.h"
#include "filter/opcode.h"
#include "filter/wordset.h"

/* What is known of the words of struct seccomp_data beforehand. */
struct s2s_given {
	uint32_t mask[S2S_WORDS]; /* bits that are known */
	uint32_t value[S2S_WORDS];
	bool not_null[S2S_ARGS_MAX]; /* the 64 bits together are not 0 */
};

struct s2s_path_end {
	uint32_t verdict;      /* where not any_verdict */
	bool any_verdict;      /* the filter computes it from what is not known */
	int decided_by;        /* word of the last argument that was asked; -1: none */
	int forked_by;         /* the same, where both answers are possible */
	uint32_t forked_words; /* all words that were asked there, one bit each */
	const uint32_t *set;   /* of each word, what leads here (wordset.h) */
};

struct s2s_explorer {
	const struct sock_filter *insn;
	size_t n;
	const struct s2s_given *given;
	size_t limit;  /* of instructions, over all paths */
	bool keep_all; /* sets of all words at the end, at the price of more paths */
	/* Returns false to stop. */
	bool (*end)(void *self, struct s2s_wordsets *ws,
		    const struct s2s_path_end *end);
	void *self;
};

/* False where a limit was hit: there may be other ends. */
bool s2s_explore(const struct s2s_explorer *explorer);
