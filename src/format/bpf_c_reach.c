/* SPDX-License-Identifier: MIT */
#include "format/bpf_c_reach.h"

#include "base/attr.h"
#include "filter/opcode.h"

#include <stdlib.h>
#include <string.h>

enum { UNREACHED = -2, UNKNOWN = -1 };

/* What is at hand where an instruction begins: a word of struct seccomp_data. */
struct walk {
	const struct sock_filter *insn;
	size_t n;
	uint32_t nr, arch;
	int8_t *at; /* the word, UNKNOWN or UNREACHED */
};

static void
arrive(struct walk *w, size_t to, int8_t word)
{
	if (to >= w->n)
		return;
	if (w->at[to] == UNREACHED)
		w->at[to] = word;
	else if (w->at[to] != word)
		w->at[to] = UNKNOWN;
}

static void
branch(struct walk *w, size_t i)
{
	const struct sock_filter *in = &w->insn[i];
	uint32_t a = w->at[i] == S2S_WORD_NR ? w->nr : w->arch;
	bool known = BPF_SRC(in->code) == BPF_K &&
		     (w->at[i] == S2S_WORD_NR || w->at[i] == S2S_WORD_ARCH);
	bool yes = known && s2s_opcode_compare(BPF_OP(in->code), a, in->k);

	if (!known || yes)
		arrive(w, i + 1 + in->jt, w->at[i]);
	if (!known || !yes)
		arrive(w, i + 1 + in->jf, w->at[i]);
}

static void
step(struct walk *w, size_t i)
{
	const struct sock_filter *in = &w->insn[i];
	int8_t word = w->at[i];

	if (BPF_CLASS(in->code) == BPF_RET)
		return;
	if (in->code == (BPF_JMP | BPF_JA)) {
		arrive(w, in->k < w->n ? i + 1 + in->k : w->n, word);
		return;
	}
	if (BPF_CLASS(in->code) == BPF_JMP) {
		branch(w, i);
		return;
	}
	if (in->code == (BPF_LD | BPF_W | BPF_ABS))
		word = in->k / 4 < S2S_WORDS ? (int8_t)(in->k / 4) : UNKNOWN;
	else if (BPF_CLASS(in->code) == BPF_LD || BPF_CLASS(in->code) == BPF_ALU ||
		 in->code == (BPF_MISC | BPF_TXA))
		word = UNKNOWN;
	arrive(w, i + 1, word);
}

static void
follow(struct s2s_reach *reach, struct walk *w, size_t call)
{
	memset(w->at, UNREACHED, w->n);
	arrive(w, 0, UNKNOWN);
	for (size_t i = 0; i < w->n; i++) {
		if (w->at[i] == UNREACHED)
			continue;
		reach->bits[i * reach->words + call / 64] |= UINT64_C(1) << call % 64;
		if (reach->loaded[i] == UNREACHED)
			reach->loaded[i] = w->at[i];
		else if (reach->loaded[i] != w->at[i])
			reach->loaded[i] = UNKNOWN;
		step(w, i);
	}
}

void
s2s_reach_init(struct s2s_reach *reach, enum s2s_arch arch,
	       const struct sock_filter *insn, size_t n)
{
	/* Numbers of no call: to the end of the table, skipped by a tracer, x32. */
	static const uint32_t others[] = {S2S_X32_BIT - 1, UINT32_MAX, S2S_X32_BIT};
	struct walk w = {.insn = insn, .n = n, .arch = s2s_arch_audit(arch)};

	*reach = (struct s2s_reach){.n = n};
	reach->calls = s2s_syscalls(arch, &reach->n_calls);
	reach->words = (reach->n_calls + S2S_ARRAY_SIZE(others) + 63) / 64;
	reach->bits = s2s_realloc(NULL, n * reach->words, sizeof *reach->bits);
	memset(reach->bits, 0, n * reach->words * sizeof *reach->bits);
	reach->loaded = s2s_realloc(NULL, n, 1);
	memset(reach->loaded, UNREACHED, n);
	w.at = s2s_realloc(NULL, n, 1);
	for (size_t i = 0; i < reach->n_calls; i++) {
		w.nr = reach->calls[i]->nr;
		follow(reach, &w, i);
	}
	for (size_t i = 0; i < S2S_ARRAY_SIZE(others); i++) {
		w.nr = others[i];
		follow(reach, &w, reach->n_calls + i);
	}
	free(w.at);
}

void
s2s_reach_done(struct s2s_reach *reach)
{
	free(reach->bits);
	free(reach->loaded);
	*reach = (struct s2s_reach){0};
}

size_t
s2s_reach_calls(const struct s2s_reach *reach, size_t at,
		const struct s2s_syscall **ret, size_t max)
{
	const uint64_t *bits = &reach->bits[at * reach->words];
	size_t n = 0;

	for (size_t i = 0; i < reach->n_calls; i++) {
		if (!(bits[i / 64] >> i % 64 & 1))
			continue;
		if (n < max)
			ret[n] = reach->calls[i];
		n++;
	}
	return n;
}

bool
s2s_reach_same(const struct s2s_reach *reach, size_t a, size_t b)
{
	return memcmp(&reach->bits[a * reach->words], &reach->bits[b * reach->words],
		      reach->words * sizeof *reach->bits) == 0;
}
