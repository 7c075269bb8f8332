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
keep_common(int8_t *common, int8_t value)
{
	if (*common == UNREACHED)
		*common = value;
	else if (*common != value)
		*common = UNKNOWN;
}

static void
follow(struct s2s_reach *reach, struct walk *w, enum s2s_arch arch, size_t call)
{
	memset(w->at, UNREACHED, w->n);
	arrive(w, 0, UNKNOWN);
	for (size_t i = 0; i < w->n; i++) {
		if (w->at[i] == UNREACHED)
			continue;
		reach->bits[i * reach->words + call / 64] |= UINT64_C(1) << call % 64;
		keep_common(&reach->loaded[i], w->at[i]);
		keep_common(&reach->arch[i], (int8_t)arch);
		step(w, i);
	}
}

/* Numbers of no call: to the end of the table, skipped by a tracer, x32. */
static const uint32_t others[] = {S2S_X32_BIT - 1, UINT32_MAX, S2S_X32_BIT};

static void
take_calls(struct s2s_reach *reach, uint32_t arches)
{
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++) {
		size_t n, all;
		const struct s2s_syscall *const *calls =
		    s2s_syscalls((enum s2s_arch)arch, &n);

		if (!(arches >> arch & 1))
			continue;
		all = reach->n_calls + n;
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
		reach->calls = s2s_realloc(reach->calls, all, sizeof *reach->calls);
		/* NOLINTNEXTLINE(bugprone-sizeof-expression) */
		memcpy(reach->calls + reach->n_calls, calls, n * sizeof *calls);
		reach->n_calls = all;
	}
}

void
s2s_reach_init(struct s2s_reach *reach, uint32_t arches, const struct sock_filter *insn,
	       size_t n)
{
	struct walk w = {.insn = insn, .n = n};
	size_t call;

	*reach = (struct s2s_reach){.n = n};
	take_calls(reach, arches);
	call = reach->n_calls;
	reach->words =
	    (call + S2S_ARRAY_SIZE(others) * (size_t)S2S_ARCH_COUNT + 63) / 64;
	reach->bits = s2s_realloc(NULL, n * reach->words, sizeof *reach->bits);
	memset(reach->bits, 0, n * reach->words * sizeof *reach->bits);
	reach->loaded = s2s_realloc(NULL, n, 1);
	memset(reach->loaded, UNREACHED, n);
	reach->arch = s2s_realloc(NULL, n, 1);
	memset(reach->arch, UNREACHED, n);
	w.at = s2s_realloc(NULL, n, 1);
	for (size_t i = 0; i < reach->n_calls; i++) {
		w.nr = reach->calls[i]->nr;
		w.arch = s2s_arch_audit(reach->calls[i]->arch);
		follow(reach, &w, reach->calls[i]->arch, i);
	}
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
		for (size_t i = 0; i < S2S_ARRAY_SIZE(others); i++, call++) {
			w.nr = others[i];
			w.arch = s2s_arch_audit((enum s2s_arch)arch);
			if (arches >> arch & 1)
				follow(reach, &w, (enum s2s_arch)arch, call);
		}
	free(w.at);
}

void
s2s_reach_done(struct s2s_reach *reach)
{
	free((void *)reach->calls);
	free(reach->bits);
	free(reach->loaded);
	free(reach->arch);
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
