/* SPDX-License-Identifier: MIT */
/* The parts of --split. */
#pragma once

#include "base/map.h"
#include "select/select.h"

enum { PARTS_MAX = 64, NO_PART = PARTS_MAX };

struct split {
	enum { SPLIT_NONE, SPLIT_EXE, SPLIT_COMM } by;
	struct s2s_split_part parts[PARTS_MAX];
	uint32_t n;
	struct s2s_map by_what;
	struct s2s_map members; /* part, process: counted already, in this run */
	bool too_many;
	uint64_t left_out;         /* calls of those there is no part for */
	uint32_t order[PARTS_MAX]; /* sorted, those with calls only */
	size_t n_order;
	struct s2s_arena names;
};

/* The part of an image or name, made if there is none; NO_PART: too many. */
uint32_t split_part(struct split *split, s2s_atom what);

/* A distinct call of a part, made `call->count` times. */
enum s2s_status split_add(struct split *split, uint32_t part,
			  const struct s2s_call *call, struct s2s_atoms *atoms,
			  const struct s2s_limits *limits);
/* A process that made calls in it. */
void split_count(struct split *split, uint32_t part, uint32_t process);
void split_end_run(struct split *split);
/* Sorts and names the parts. */
void split_end(struct split *split, const struct s2s_atoms *atoms);
void split_done(struct split *split);
