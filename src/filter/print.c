/* SPDX-License-Identifier: MIT */
/* A filter as text, one line an instruction. Takes any filter, malformed ones too. */
#include "filter/filter.h"
#include "filter/opcode.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMENT_COLUMN = 44, WORD_UNKNOWN = -1 };

/* What is known where an instruction begins, on whatever path it was reached. */
struct view {
	bool reached;
	int8_t word;   /* that the accumulator was loaded from */
	uint32_t arch; /* 0: unknown */
};

static void
join(struct view *view, size_t n, size_t at, struct view from)
{
	if (at >= n)
		return;
	if (!view[at].reached) {
		view[at] = from;
		return;
	}
	if (view[at].word != from.word)
		view[at].word = WORD_UNKNOWN;
	if (view[at].arch != from.arch)
		view[at].arch = 0;
}

static void
join_branches(const struct sock_filter *in, size_t i, struct view now,
	      struct view *view, size_t n)
{
	struct view equal = now;

	if (now.word == S2S_WORD_ARCH && in->code == (BPF_JMP | BPF_JEQ | BPF_K))
		equal.arch = in->k;
	join(view, n, i + 1 + in->jt, equal);
	join(view, n, i + 1 + in->jf, now);
}

/* All jumps lead forward: one pass sees every path to an instruction before it. */
static void
step(const struct sock_filter *in, size_t i, struct view *view, size_t n)
{
	struct view now = view[i];

	if (in->code == (BPF_LD | BPF_W | BPF_ABS))
		now.word = in->k / 4 < S2S_WORDS ? (int8_t)(in->k / 4) : WORD_UNKNOWN;
	else if (BPF_CLASS(in->code) == BPF_LD || in->code == (BPF_MISC | BPF_TXA) ||
		 (BPF_CLASS(in->code) == BPF_ALU && BPF_OP(in->code) != BPF_AND))
		now.word = WORD_UNKNOWN;
	if (BPF_CLASS(in->code) == BPF_RET)
		return;
	if (in->code == (BPF_JMP | BPF_JA))
		join(view, n, in->k < n ? i + 1 + in->k : n, now);
	else if (BPF_CLASS(in->code) == BPF_JMP)
		join_branches(in, i, now, view, n);
	else
		join(view, n, i + 1, now);
}

static struct view *
views(const struct sock_filter *insn, size_t n)
{
	struct view *view = s2s_realloc(NULL, n, sizeof *view);

	memset(view, 0, n * sizeof *view);
	if (n)
		view[0] = (struct view){.reached = true, .word = WORD_UNKNOWN};
	for (size_t i = 0; i < n; i++)
		if (view[i].reached)
			step(&insn[i], i, view, n);
	return view;
}

static const char *
action_name(uint32_t verdict)
{
	switch (verdict & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_KILL_PROCESS:
		return "KILL_PROCESS";
	case SECCOMP_RET_KILL_THREAD:
		return "KILL_THREAD";
	case SECCOMP_RET_TRAP:
		return "TRAP";
	case SECCOMP_RET_ERRNO:
		return "ERRNO";
	case SECCOMP_RET_USER_NOTIF:
		return "USER_NOTIF";
	case SECCOMP_RET_TRACE:
		return "TRACE";
	case SECCOMP_RET_LOG:
		return "LOG";
	case SECCOMP_RET_ALLOW:
		return "ALLOW";
	default:
		return NULL;
	}
}

void
s2s_verdict_print(struct s2s_out *out, uint32_t verdict)
{
	const char *name = action_name(verdict), *error = NULL;
	uint32_t data = verdict & SECCOMP_RET_DATA;

	if ((verdict & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO && data)
		error = strerrorname_np((int)data);
	if (!name)
		s2s_out_printf(out, "0x%08x", verdict);
	else if (error)
		s2s_out_printf(out, "%s(%s)", name, error);
	else if (data)
		s2s_out_printf(out, "%s(%u)", name, data);
	else
		s2s_out_str(out, name);
}

static void
print_arch(struct s2s_out *out, uint32_t audit)
{
	switch (audit) {
#define NAME(arch)                                      \
	case AUDIT_ARCH_##arch:                         \
		s2s_out_str(out, "#AUDIT_ARCH_" #arch); \
		return
		NAME(X86_64);
		NAME(I386);
		NAME(AARCH64);
		NAME(ARM);
		NAME(RISCV64);
		NAME(S390X);
		NAME(PPC64LE);
		NAME(LOONGARCH64);
		NAME(MIPS64);
		NAME(MIPSEL64);
#undef NAME
	default:
		s2s_out_printf(out, "#0x%x", audit);
	}
}

static void
print_compared(struct s2s_out *out, const struct sock_filter *in, struct view view)
{
	if (BPF_SRC(in->code) == BPF_X)
		s2s_out_char(out, 'x');
	else if (view.word == S2S_WORD_ARCH)
		print_arch(out, in->k);
	else if (view.word == S2S_WORD_NR && BPF_OP(in->code) != BPF_JSET)
		s2s_out_printf(out, "#%d", (int)in->k);
	else
		s2s_out_printf(out, "#0x%x", in->k);
}

static void
print_operand(struct s2s_out *out, const struct s2s_opcode *op,
	      const struct sock_filter *in, size_t i, struct view view)
{
	switch (op->operand) {
	case S2S_OPERAND_NONE:
	case S2S_OPERAND_RETURN_A:
		break;
	case S2S_OPERAND_WORD:
		s2s_out_printf(out, " [%u]", in->k);
		break;
	case S2S_OPERAND_SLOT:
		s2s_out_printf(out, " M[%u]", in->k);
		break;
	case S2S_OPERAND_ANY:
	case S2S_OPERAND_DIVISOR:
	case S2S_OPERAND_SHIFT:
		s2s_out_printf(out, " #0x%x", in->k);
		break;
	case S2S_OPERAND_JUMP:
		s2s_out_printf(out, " %llu", i + 1ULL + in->k);
		break;
	case S2S_OPERAND_BRANCH:
	case S2S_OPERAND_BRANCH_X:
		s2s_out_char(out, ' ');
		print_compared(out, in, view);
		s2s_out_printf(out, " jt %zu jf %zu", i + 1 + in->jt, i + 1 + in->jf);
		break;
	case S2S_OPERAND_RETURN:
		s2s_out_char(out, ' ');
		s2s_verdict_print(out, in->k);
		break;
	}
}

static void
comment_word(struct s2s_out *out, uint32_t k)
{
	uint32_t word = k / 4, arg = (word - S2S_WORD_ARGS) / 2;

	if (word == S2S_WORD_NR)
		s2s_out_str(out, "nr");
	else if (word == S2S_WORD_ARCH)
		s2s_out_str(out, "arch");
	else if (word < S2S_WORD_ARGS)
		s2s_out_printf(out, "instruction_pointer %s",
			       word & 1 ? "high" : "low");
	else if (word < S2S_WORDS)
		s2s_out_printf(out, "args[%u] %s", arg, word & 1 ? "high" : "low");
}

/* Where the program never asked for the architecture, names are x86_64's. */
static void
comment_number(struct s2s_out *out, const struct sock_filter *in, struct view view)
{
	enum s2s_arch arch = S2S_ARCH_X86_64;
	const struct s2s_syscall *sc;

	if (view.arch && !s2s_arch_from_audit(view.arch, &arch))
		return;
	sc = s2s_syscall_by_nr(arch, in->k);
	if (!sc || BPF_OP(in->code) == BPF_JSET)
		return;
	if (BPF_OP(in->code) == BPF_JGE)
		s2s_out_str(out, "from ");
	if (BPF_OP(in->code) == BPF_JGT)
		s2s_out_str(out, "above ");
	s2s_out_str(out, sc->name);
}

static void
print_comment(struct s2s_out *out, const struct s2s_opcode *op,
	      const struct sock_filter *in, struct view view)
{
	if (!view.reached)
		s2s_out_str(out, "never reached");
	else if (op->operand == S2S_OPERAND_WORD)
		comment_word(out, in->k);
	else if (op->operand == S2S_OPERAND_BRANCH && view.word == S2S_WORD_NR)
		comment_number(out, in, view);
}

static void
print_line(struct s2s_out *out, const struct sock_filter *in, size_t i,
	   struct view view)
{
	const struct s2s_opcode *op = s2s_opcode(in->code);
	struct s2s_out text, comment;

	s2s_out_memory(&text);
	s2s_out_memory(&comment);
	s2s_out_printf(&text, "%4zu: ", i);
	if (op) {
		s2s_out_str(&text, op->mnemonic);
		print_operand(&text, op, in, i, view);
		print_comment(&comment, op, in, view);
	} else {
		s2s_out_printf(&text, "code 0x%x jt %u jf %u k 0x%x", in->code, in->jt,
			       in->jf, in->k);
		s2s_out_str(&comment, "seccomp refuses this");
	}
	s2s_out_sv(out, s2s_out_text(&text));
	if (comment.n) {
		s2s_out_printf(
		    out, "%*s; ",
		    text.n < COMMENT_COLUMN ? (int)(COMMENT_COLUMN - text.n) : 1, "");
		s2s_out_sv(out, s2s_out_text(&comment));
	}
	s2s_out_char(out, '\n');
	s2s_out_done(&text);
	s2s_out_done(&comment);
}

void
s2s_filter_print(struct s2s_out *out, const struct sock_filter *insn, size_t n)
{
	struct view *view = views(insn, n);

	for (size_t i = 0; i < n; i++)
		print_line(out, &insn[i], i, view[i]);
	free(view);
}
