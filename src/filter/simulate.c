/* SPDX-License-Identifier: MIT */
/* Runs a filter as the kernel does. The filter was validated. */
#include "filter/filter.h"
#include "filter/opcode.h"

#include <string.h>

struct machine {
	uint32_t word[S2S_WORDS];
	uint32_t a, x;
	uint32_t mem[BPF_MEMWORDS];
};

static void
load(struct machine *m, const struct sock_filter *in)
{
	uint32_t *to = BPF_CLASS(in->code) == BPF_LD ? &m->a : &m->x;

	switch (BPF_MODE(in->code)) {
	case BPF_ABS:
		*to = m->word[in->k / 4];
		break;
	case BPF_LEN:
		*to = sizeof(struct seccomp_data);
		break;
	case BPF_MEM:
		*to = m->mem[in->k];
		break;
	default: /* BPF_IMM */
		*to = in->k;
	}
}

/* How far to go on behind this instruction. */
static size_t
jump(const struct machine *m, const struct sock_filter *in)
{
	uint32_t b = BPF_SRC(in->code) == BPF_X ? m->x : in->k;

	if (BPF_OP(in->code) == BPF_JA)
		return in->k;
	return s2s_opcode_compare(BPF_OP(in->code), m->a, b) ? in->jt : in->jf;
}

uint32_t
s2s_filter_run(const struct sock_filter *insn, size_t n,
	       const struct seccomp_data *data, unsigned *ret_steps)
{
	struct machine m = {.a = 0};
	unsigned steps = 0, unused;
	size_t pc = 0;

	if (!ret_steps)
		ret_steps = &unused;
	memcpy(m.word, data, sizeof m.word);
	for (; pc < n; pc++) {
		const struct sock_filter *in = &insn[pc];
		uint32_t b = BPF_SRC(in->code) == BPF_X ? m.x : in->k;

		*ret_steps = ++steps;
		switch (BPF_CLASS(in->code)) {
		case BPF_LD:
		case BPF_LDX:
			load(&m, in);
			break;
		case BPF_ST:
			m.mem[in->k] = m.a;
			break;
		case BPF_STX:
			m.mem[in->k] = m.x;
			break;
		case BPF_ALU:
			/* A division by X == 0 ends the filter with 0, which is to kill
			   the thread. */
			if (BPF_OP(in->code) == BPF_DIV && b == 0)
				return SECCOMP_RET_KILL_THREAD;
			m.a = s2s_opcode_calculate(BPF_OP(in->code), m.a, b);
			break;
		case BPF_JMP:
			pc += jump(&m, in);
			break;
		case BPF_RET:
			return BPF_RVAL(in->code) == BPF_A ? m.a : in->k;
		default: /* BPF_MISC */
			if (BPF_MISCOP(in->code) == BPF_TAX)
				m.x = m.a;
			else
				m.a = m.x;
		}
	}
	return SECCOMP_RET_KILL_THREAD;
}
