/* SPDX-License-Identifier: MIT */
/* The instructions of classic BPF that the kernel takes for seccomp, as a table. */
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum s2s_operand {
	S2S_OPERAND_NONE,
	S2S_OPERAND_ANY,     /* k is a number */
	S2S_OPERAND_WORD,    /* k is an offset into struct seccomp_data */
	S2S_OPERAND_SLOT,    /* k is an index into the scratch memory */
	S2S_OPERAND_DIVISOR, /* k is not 0 */
	S2S_OPERAND_SHIFT,   /* k is below 32 */
	S2S_OPERAND_JUMP,    /* k is a distance */
	S2S_OPERAND_BRANCH,  /* jt and jf are distances, k is compared */
	S2S_OPERAND_BRANCH_X,
	S2S_OPERAND_RETURN, /* k is a verdict */
	S2S_OPERAND_RETURN_A,
};

struct s2s_opcode {
	const char *mnemonic;
	enum s2s_operand operand;
};

/* NULL where seccomp refuses the code. */
const struct s2s_opcode *s2s_opcode(uint16_t code);

/* A conditional jump's test. op: BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET */
static inline bool
s2s_opcode_compare(uint16_t op, uint32_t a, uint32_t b)
{
	switch (op) {
	case BPF_JEQ:
		return a == b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	default: /* BPF_JSET */
		return (a & b) != 0;
	}
}

/* An arithmetic instruction's result. op: BPF_ADD, …; nothing divides by 0 here. */
static inline uint32_t
s2s_opcode_calculate(uint16_t op, uint32_t a, uint32_t b)
{
	switch (op) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return a / b;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return a << (b & 31);
	case BPF_RSH:
		return a >> (b & 31);
	default: /* BPF_NEG */
		return -a;
	}
}

/* struct seccomp_data as the words a filter can load: little endian. */
enum {
	S2S_WORD_NR = 0,
	S2S_WORD_ARCH = 1,
	S2S_WORD_IP = 2,
	S2S_WORD_ARGS = 4, /* low and high word of each argument in turn */
	S2S_WORDS = sizeof(struct seccomp_data) / sizeof(uint32_t),
};
