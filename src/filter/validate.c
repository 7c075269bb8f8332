/* SPDX-License-Identifier: MIT */
/* What the kernel demands of a filter before it takes it: seccomp_check_filter() of
   kernel/seccomp.c and bpf_check_classic() of net/core/filter.c. */
#include "filter/filter.h"
#include "filter/opcode.h"

#include <stdlib.h>

/* NULL where the instruction is well formed by itself. */
static const char *
why_refused(const struct sock_filter *insn, size_t rest)
{
	const struct s2s_opcode *op = s2s_opcode(insn->code);

	if (!op)
		return "seccomp does not allow this instruction";
	switch (op->operand) {
	case S2S_OPERAND_WORD:
		return insn->k >= sizeof(struct seccomp_data) || insn->k & 3
			   ? "loads from outside of struct seccomp_data, or unaligned"
			   : NULL;
	case S2S_OPERAND_SLOT:
		return insn->k >= BPF_MEMWORDS ? "no such slot of scratch memory"
					       : NULL;
	case S2S_OPERAND_DIVISOR:
		return insn->k == 0 ? "divides by zero" : NULL;
	case S2S_OPERAND_SHIFT:
		return insn->k >= 32 ? "shifts by more than 31 bits" : NULL;
	case S2S_OPERAND_JUMP:
		return insn->k >= rest ? "jumps behind the end" : NULL;
	case S2S_OPERAND_BRANCH:
	case S2S_OPERAND_BRANCH_X:
		return insn->jt >= rest || insn->jf >= rest ? "jumps behind the end"
							    : NULL;
	case S2S_OPERAND_NONE:
	case S2S_OPERAND_ANY:
	case S2S_OPERAND_RETURN:
	case S2S_OPERAND_RETURN_A:
		return NULL;
	}
	return NULL;
}

/* Slots stored to on every path to here. As the kernel does it, a return does not end
   a path: what follows it counts as reached with the same slots. */
static size_t
first_empty_slot(const struct sock_filter *insn, size_t n, uint16_t *stored)
{
	uint16_t now = 0;

	for (size_t i = 0; i < n; i++)
		stored[i] = UINT16_MAX;
	for (size_t i = 0; i < n; i++) {
		const struct sock_filter *in = &insn[i];
		uint16_t code = in->code;

		now &= stored[i];
		if (code == BPF_ST || code == BPF_STX) {
			now |= (uint16_t)(1U << in->k);
		} else if (code == (BPF_LD | BPF_MEM) || code == (BPF_LDX | BPF_MEM)) {
			if (!(now >> in->k & 1))
				return i;
		} else if (code == (BPF_JMP | BPF_JA)) {
			stored[i + 1 + in->k] &= now;
			now = UINT16_MAX;
		} else if (BPF_CLASS(code) == BPF_JMP) {
			stored[i + 1 + in->jt] &= now;
			stored[i + 1 + in->jf] &= now;
			now = UINT16_MAX;
		}
	}
	return n;
}

static enum s2s_status
refuse(size_t index, const char *why, size_t *ret_index, const char **ret_why)
{
	*ret_index = index;
	*ret_why = why;
	return S2S_SYNTAX;
}

enum s2s_status
s2s_filter_validate(const struct sock_filter *insn, size_t n, size_t *ret_index,
		    const char **ret_why)
{
	const struct s2s_opcode *last;
	uint16_t stored[S2S_FILTER_MAX];
	size_t bad;

	if (n == 0)
		return refuse(0, "no instructions", ret_index, ret_why);
	if (n > S2S_FILTER_MAX)
		return refuse(S2S_FILTER_MAX, "more than 4096 instructions", ret_index,
			      ret_why);
	for (size_t i = 0; i < n; i++) {
		const char *why = why_refused(&insn[i], n - i - 1);

		if (why)
			return refuse(i, why, ret_index, ret_why);
	}
	last = s2s_opcode(insn[n - 1].code);
	if (last->operand != S2S_OPERAND_RETURN &&
	    last->operand != S2S_OPERAND_RETURN_A)
		return refuse(n - 1, "the last instruction does not return", ret_index,
			      ret_why);
	bad = first_empty_slot(insn, n, stored);
	if (bad < n)
		return refuse(bad, "loads from a slot that nothing was stored to",
			      ret_index, ret_why);
	return S2S_OK;
}
