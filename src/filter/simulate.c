/* SPDX-License-Identifier: MIT */
/* Runs a filter as the kernel does. The filter was validated. */
#include "filter/filter.h"
#include "filter/opcode.h"

#include <string.h>

static void
load(struct s2s_machine *m, const struct sock_filter *in)
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
jump(const struct s2s_machine *m, const struct sock_filter *in)
{
	uint32_t b = BPF_SRC(in->code) == BPF_X ? m->x : in->k;

	if (BPF_OP(in->code) == BPF_JA)
		return in->k;
	return s2s_opcode_compare(BPF_OP(in->code), m->a, b) ? in->jt : in->jf;
}

/* What a load needs that number and architecture do not tell. */
static bool
loads_more(const struct sock_filter *in)
{
	return BPF_CLASS(in->code) == BPF_LD && BPF_MODE(in->code) == BPF_ABS &&
	       in->k / 4 >= S2S_WORD_IP;
}

/* Goes on to a verdict; with `head` no further than number and architecture lead: false
   where that is to none, and *ret_verdict says nothing. */
static inline bool
go_on(struct s2s_machine *m, const struct sock_filter *insn, size_t n, bool head,
      uint32_t *ret_verdict)
{
	*ret_verdict = SECCOMP_RET_KILL_THREAD;
	for (; m->pc < n; m->pc++) {
		const struct sock_filter *in = &insn[m->pc];
		uint32_t b = BPF_SRC(in->code) == BPF_X ? m->x : in->k;

		if (head && loads_more(in))
			return false;
		m->steps++;
		switch (BPF_CLASS(in->code)) {
		case BPF_LD:
		case BPF_LDX:
			load(m, in);
			break;
		case BPF_ST:
			m->mem[in->k] = m->a;
			break;
		case BPF_STX:
			m->mem[in->k] = m->x;
			break;
		case BPF_ALU:
			/* A division by X == 0 ends the filter with 0, which is to kill
			   the thread. */
			if (BPF_OP(in->code) == BPF_DIV && b == 0)
				return true;
			m->a = s2s_opcode_calculate(BPF_OP(in->code), m->a, b);
			break;
		case BPF_JMP:
			m->pc += jump(m, in);
			break;
		case BPF_RET:
			*ret_verdict = BPF_RVAL(in->code) == BPF_A ? m->a : in->k;
			return true;
		default: /* BPF_MISC */
			if (BPF_MISCOP(in->code) == BPF_TAX)
				m->x = m->a;
			else
				m->a = m->x;
		}
	}
	return true;
}

uint32_t
s2s_filter_run(const struct sock_filter *insn, size_t n,
	       const struct seccomp_data *data, unsigned *ret_steps)
{
	struct s2s_machine m = {.pc = 0};
	uint32_t verdict;

	memcpy(m.word, data, sizeof m.word);
	go_on(&m, insn, n, false, &verdict);
	if (ret_steps)
		*ret_steps = m.steps;
	return verdict;
}

uint32_t
s2s_runner_run(struct s2s_runner *r, const struct seccomp_data *data)
{
	struct s2s_machine m;
	uint32_t verdict;

	if (!r->begun ||
	    memcmp(r->head.word, data, S2S_WORD_IP * sizeof *r->head.word)) {
		r->head = (struct s2s_machine){.pc = 0};
		memcpy(r->head.word, data, sizeof r->head.word);
		r->ends = go_on(&r->head, r->insn, r->n, true, &r->verdict);
		r->begun = true;
	}
	if (r->ends)
		return r->verdict;
	m = r->head;
	memcpy(m.word, data, sizeof m.word);
	go_on(&m, r->insn, r->n, false, &verdict);
	return verdict;
}
