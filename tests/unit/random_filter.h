/* SPDX-License-Identifier: MIT */
/* Filters from a fixed seed that use every instruction the kernel takes. */
#pragma once

#include "filter/filter.h"
#include "filter/opcode.h"
#include "random_policy.h"

static inline uint16_t
random_code(struct rng *rng)
{
	uint16_t code;

	/* A third of them what real filters are made of, a third arithmetic. */
	static const uint16_t usual[] = {
	    BPF_LD | BPF_W | BPF_ABS,  BPF_LD | BPF_W | BPF_ABS,
	    BPF_JMP | BPF_JEQ | BPF_K, BPF_JMP | BPF_JGE | BPF_K,
	    BPF_JMP | BPF_JGT | BPF_K, BPF_JMP | BPF_JSET | BPF_K,
	    BPF_ALU | BPF_AND | BPF_K, BPF_RET | BPF_K,
	};

	uint64_t kind = rng_below(rng, 3);

	if (kind == 0)
		return usual[rng_below(rng, S2S_ARRAY_SIZE(usual))];
	do {
		code = (uint16_t)rng_below(rng, 0x100);
	} while (!s2s_opcode(code) || (kind == 1 && BPF_CLASS(code) != BPF_ALU));
	return code;
}

static inline uint32_t
random_verdict(struct rng *rng)
{
	return rng_below(rng, 2)
		   ? SECCOMP_RET_ALLOW
		   : SECCOMP_RET_ERRNO | (uint32_t)(1 + rng_below(rng, 4000));
}

/* k, jt and jf that suit the instruction; `rest` follow it. */
static inline struct sock_filter
random_instruction(struct rng *rng, size_t rest, bool computed_verdicts)
{
	struct sock_filter in = {.code = random_code(rng),
				 .k = (uint32_t)random_value(rng)};

	switch (s2s_opcode(in.code)->operand) {
	case S2S_OPERAND_WORD:
		in.k = (uint32_t)rng_below(rng, S2S_WORDS) * 4;
		if (in.k == 8 || in.k == 12) /* where the call comes from */
			in.k = 16;
		break;
	case S2S_OPERAND_SLOT:
		in.k = (uint32_t)rng_below(rng, 3);
		break;
	case S2S_OPERAND_DIVISOR:
		in.k |= 1;
		break;
	case S2S_OPERAND_SHIFT:
		in.k &= 31;
		break;
	case S2S_OPERAND_JUMP:
		in.k = rest ? (uint32_t)rng_below(rng, rest < 4 ? rest : 4) : 0;
		break;
	case S2S_OPERAND_BRANCH:
	case S2S_OPERAND_BRANCH_X:
		rest = rest < 6 ? rest : 6;
		in.jt = rest ? (uint8_t)rng_below(rng, rest) : 0;
		in.jf = rest ? (uint8_t)rng_below(rng, rest) : 0;
		break;
	case S2S_OPERAND_RETURN:
		in.k = random_verdict(rng);
		break;
	case S2S_OPERAND_RETURN_A:
		if (!computed_verdicts)
			in = (struct sock_filter){BPF_RET | BPF_K, 0, 0,
						  random_verdict(rng)};
		break;
	case S2S_OPERAND_NONE:
	case S2S_OPERAND_ANY:
		break;
	}
	return in;
}

/* n instructions that the kernel takes. */
static inline void
random_filter(struct rng *rng, struct sock_filter *insn, size_t n,
	      bool computed_verdicts)
{
	size_t index;
	const char *why;

	do {
		for (size_t i = 0; i < n; i++)
			insn[i] = random_instruction(rng, n - i - 1, computed_verdicts);
		if (n > 1 && rng_below(rng, 2))
			insn[0] = (struct sock_filter){BPF_LDX | BPF_IMM, 0, 0,
						       (uint32_t)rng_below(rng, 64)};
		insn[n - 1] =
		    (struct sock_filter){BPF_RET | BPF_K, 0, 0, random_verdict(rng)};
	} while (s2s_filter_validate(insn, n, &index, &why));
}
