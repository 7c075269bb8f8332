/* SPDX-License-Identifier: MIT */
/* What kernel/seccomp.c's seccomp_check_filter() lets through. */
#include "filter/opcode.h"

#include "base/attr.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "the words of struct seccomp_data are taken as little endian");

#define ALU(op, name, kind)                                        \
	[BPF_ALU | BPF_##op | BPF_K] = {name, S2S_OPERAND_##kind}, \
			      [BPF_ALU | BPF_##op |                \
				  BPF_X] = {name " x", S2S_OPERAND_NONE}
#define BRANCH(op, name)                                           \
	[BPF_JMP | BPF_##op | BPF_K] = {name, S2S_OPERAND_BRANCH}, \
			      [BPF_JMP | BPF_##op |                \
				  BPF_X] = {name, S2S_OPERAND_BRANCH_X}

static const struct s2s_opcode opcodes[] = {
    [BPF_LD | BPF_W | BPF_ABS] = {"ld", S2S_OPERAND_WORD},
    [BPF_LD | BPF_W | BPF_LEN] = {"ld len", S2S_OPERAND_NONE},
    [BPF_LDX | BPF_W | BPF_LEN] = {"ldx len", S2S_OPERAND_NONE},
    [BPF_LD | BPF_IMM] = {"ld", S2S_OPERAND_ANY},
    [BPF_LDX | BPF_IMM] = {"ldx", S2S_OPERAND_ANY},
    [BPF_LD | BPF_MEM] = {"ld", S2S_OPERAND_SLOT},
    [BPF_LDX | BPF_MEM] = {"ldx", S2S_OPERAND_SLOT},
    [BPF_ST] = {"st", S2S_OPERAND_SLOT},
    [BPF_STX] = {"stx", S2S_OPERAND_SLOT},
    [BPF_MISC | BPF_TAX] = {"tax", S2S_OPERAND_NONE},
    [BPF_MISC | BPF_TXA] = {"txa", S2S_OPERAND_NONE},
    [BPF_ALU | BPF_NEG] = {"neg", S2S_OPERAND_NONE},
    ALU(ADD, "add", ANY),
    ALU(SUB, "sub", ANY),
    ALU(MUL, "mul", ANY),
    ALU(DIV, "div", DIVISOR),
    ALU(AND, "and", ANY),
    ALU(OR, "or", ANY),
    ALU(XOR, "xor", ANY),
    ALU(LSH, "lsh", SHIFT),
    ALU(RSH, "rsh", SHIFT),
    [BPF_JMP | BPF_JA] = {"ja", S2S_OPERAND_JUMP},
    BRANCH(JEQ, "jeq"),
    BRANCH(JGT, "jgt"),
    BRANCH(JGE, "jge"),
    BRANCH(JSET, "jset"),
    [BPF_RET | BPF_K] = {"ret", S2S_OPERAND_RETURN},
    [BPF_RET | BPF_A] = {"ret a", S2S_OPERAND_RETURN_A},
};

const struct s2s_opcode *
s2s_opcode(uint16_t code)
{
	if (code >= S2S_ARRAY_SIZE(opcodes) || !opcodes[code].mnemonic)
		return NULL;
	return &opcodes[code];
}
