/* SPDX-License-Identifier: MIT */
/* Calls to be made for comparison: which registers hold what, from the tables, the same
   in every process that asks. */
#pragma once

#include "kernel/syscalls.h"

struct vector {
	const struct s2s_syscall *sc;
	uint64_t reg[S2S_ARGS_MAX];
};

/* Whoever makes the calls maps this much readable memory there. */
enum { VECTORS_MEMORY_SIZE = 1 << 16 };
uint64_t vectors_memory(enum s2s_arch arch);

struct vectors {
	struct vector *v;
	size_t n, cap;
};

/* `rounds` random calls of each system call, one for each constant of each kind, and
   every argument at its edges: of these each `share`th, from `first` on. */
struct vectors_wish {
	enum s2s_arch arch;
	unsigned rounds, share, first;
	uint64_t seed;
};
void vectors_make(struct vectors *vectors, const struct vectors_wish *wish);
void vectors_done(struct vectors *vectors);
