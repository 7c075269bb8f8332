/* SPDX-License-Identifier: MIT */
/* A filter as a decision diagram. Forward: with which contents of its registers each
   instruction can be reached. Backward: what is returned from there. As jumps go
   forward only, each is one pass. */
#include "base/map.h"
#include "filter/prove.h"

#include <stdlib.h>
#include <string.h>

enum {
	REG_A = BPF_MEMWORDS,
	REG_X,
	REGS,
	STATES_MAX = 1 << 16,
	NOWHERE = 0, /* state 0 is none */
};
enum { KEY_BITS = 1, KEY_STATE };

struct regs {
	uint32_t
	    bits[REGS]; /* numbers of contents; 0 where nothing reads it any more */
};

struct state {
	struct regs regs;
	uint32_t next;          /* state of the same instruction */
	uint32_t test, yes, no; /* states behind it */
	uint32_t ends;          /* on yes: what is returned there; 0: goes on */
	uint32_t says;
};

struct walk {
	struct s2s_bdd *bdd;
	const struct s2s_filter *filter;
	const uint32_t *verdicts;
	size_t n_verdicts;
	struct s2s_map map;
	struct s2s_bits *bits;
	size_t n_bits, cap_bits;
	struct state *state;
	size_t n_states, cap_states;
	uint32_t *first; /* state of each instruction */
	uint32_t *live;  /* registers that are read from there on, one bit each */
};

static uint32_t
number_of(struct walk *w, const struct s2s_bits *bits)
{
	uint64_t key[3] = {s2s_hash(1, bits, sizeof *bits), 0, KEY_BITS};

	for (;; key[1]++) {
		bool is_new;
		uint32_t *at = s2s_map_put(&w->map, key, &is_new);

		if (!is_new && memcmp(&w->bits[*at], bits, sizeof *bits) != 0)
			continue;
		if (!is_new)
			return *at;
		*at = (uint32_t)w->n_bits;
		s2s_grow(w->bits, w->n_bits, w->cap_bits);
		w->bits[w->n_bits++] = *bits;
		return (uint32_t)w->n_bits - 1;
	}
}

static uint32_t
add_state(struct walk *w, size_t pc, const struct regs *regs)
{
	s2s_grow(w->state, w->n_states, w->cap_states);
	w->state[w->n_states] = (struct state){.regs = *regs, .next = w->first[pc]};
	w->first[pc] = (uint32_t)w->n_states;
	w->bdd->full |= w->n_states >= STATES_MAX;
	return (uint32_t)w->n_states++;
}

static uint32_t
state_of(struct walk *w, size_t pc, struct regs regs)
{
	uint64_t key[3] = {0, 0, KEY_STATE};

	for (int i = 0; i < REGS; i++)
		if (!(w->live[pc] >> i & 1))
			regs.bits[i] = 0;
	key[0] = s2s_hash(pc, &regs, sizeof regs);
	for (;; key[1]++) {
		uint64_t here[3] = {key[0], key[1] << 32 | pc, KEY_STATE};
		bool is_new;
		uint32_t *at = s2s_map_put(&w->map, here, &is_new);

		if (is_new)
			return *at = add_state(w, pc, &regs);
		if (memcmp(&w->state[*at].regs, &regs, sizeof regs) == 0)
			return *at;
	}
}

static uint32_t
reads(const struct sock_filter *in)
{
	uint32_t x = BPF_SRC(in->code) == BPF_X ? 1U << REG_X : 0;

	switch (BPF_CLASS(in->code)) {
	case BPF_LD:
	case BPF_LDX:
		return BPF_MODE(in->code) == BPF_MEM ? 1U << in->k : 0;
	case BPF_ST:
		return 1U << REG_A;
	case BPF_STX:
		return 1U << REG_X;
	case BPF_ALU:
		return 1U << REG_A | x;
	case BPF_JMP:
		return BPF_OP(in->code) == BPF_JA ? 0 : 1U << REG_A | x;
	case BPF_RET:
		return BPF_RVAL(in->code) == BPF_A ? 1U << REG_A : 0;
	default: /* BPF_MISC */
		return 1U << (BPF_MISCOP(in->code) == BPF_TAX ? REG_A : REG_X);
	}
}

static uint32_t
writes(const struct sock_filter *in)
{
	switch (BPF_CLASS(in->code)) {
	case BPF_LD:
	case BPF_ALU:
		return 1U << REG_A;
	case BPF_LDX:
		return 1U << REG_X;
	case BPF_ST:
	case BPF_STX:
		return 1U << in->k;
	case BPF_JMP:
	case BPF_RET:
		return 0;
	default: /* BPF_MISC */
		return 1U << (BPF_MISCOP(in->code) == BPF_TAX ? REG_X : REG_A);
	}
}

static void
find_live(struct walk *w)
{
	for (size_t i = w->filter->n; i-- > 0;) {
		const struct sock_filter *in = &w->filter->insn[i];
		uint32_t behind = 0;

		if (BPF_CLASS(in->code) == BPF_JMP && BPF_OP(in->code) == BPF_JA)
			behind = w->live[i + 1 + in->k];
		else if (BPF_CLASS(in->code) == BPF_JMP)
			behind = w->live[i + 1 + in->jt] | w->live[i + 1 + in->jf];
		else if (BPF_CLASS(in->code) != BPF_RET)
			behind = w->live[i + 1];
		w->live[i] = (behind & ~writes(in)) | reads(in);
	}
}

static void
put(struct walk *w, struct regs *regs, int reg, struct s2s_bits bits)
{
	regs->bits[reg] = number_of(w, &bits);
}

static void
load(struct walk *w, const struct sock_filter *in, struct regs *regs)
{
	int to = BPF_CLASS(in->code) == BPF_LD ? REG_A : REG_X;

	switch (BPF_MODE(in->code)) {
	case BPF_ABS:
		put(w, regs, to, s2s_bits_word(w->bdd, in->k / 4));
		break;
	case BPF_LEN:
		put(w, regs, to, s2s_bits_number(sizeof(struct seccomp_data)));
		break;
	case BPF_MEM:
		regs->bits[to] = regs->bits[in->k];
		break;
	default: /* BPF_IMM */
		put(w, regs, to, s2s_bits_number(in->k));
	}
}

static struct s2s_bits
operand(const struct walk *w, const struct sock_filter *in, const struct regs *regs)
{
	return BPF_SRC(in->code) == BPF_X ? w->bits[regs->bits[REG_X]]
					  : s2s_bits_number(in->k);
}

static void
compute(struct walk *w, const struct sock_filter *in, struct regs *regs, uint32_t from)
{
	struct s2s_bits a = w->bits[regs->bits[REG_A]], b = operand(w, in, regs);
	struct s2s_bits zero = s2s_bits_number(0);

	if (BPF_OP(in->code) == BPF_DIV) {
		w->state[from].test = s2s_bits_test(w->bdd, BPF_JEQ, &b, &zero);
		w->state[from].ends = s2s_bdd_verdict(w->bdd, SECCOMP_RET_KILL_THREAD);
	}
	put(w, regs, REG_A, s2s_bits_calculate(w->bdd, BPF_OP(in->code), &a, &b));
}

/* What A holds, where it is a verdict that we look for; else one that nobody has. */
static uint32_t
computed_verdict(struct walk *w, const struct s2s_bits *a)
{
	uint32_t ret = S2S_BDD_FALSE;

	for (size_t i = 0; i < w->n_verdicts; i++) {
		struct s2s_bits k = s2s_bits_number(w->verdicts[i]);

		ret = s2s_bdd_choose(w->bdd, s2s_bits_test(w->bdd, BPF_JEQ, a, &k),
				     s2s_bdd_verdict(w->bdd, w->verdicts[i]), ret);
	}
	return ret;
}

static void
end(struct walk *w, const struct sock_filter *in, const struct regs *regs,
    struct state *ret)
{
	ret->test = S2S_BDD_TRUE;
	ret->ends = BPF_RVAL(in->code) == BPF_A
			? computed_verdict(w, &w->bits[regs->bits[REG_A]])
			: s2s_bdd_verdict(w->bdd, in->k);
}

static void
branch(struct walk *w, size_t pc, const struct regs *regs, uint32_t from)
{
	const struct sock_filter *in = &w->filter->insn[pc];
	uint32_t yes = NOWHERE, no = NOWHERE, test = S2S_BDD_TRUE;
	size_t to = pc + 1 + in->jt;

	if (BPF_OP(in->code) == BPF_JA) {
		to = pc + 1 + in->k;
	} else {
		struct s2s_bits b = operand(w, in, regs);

		test = s2s_bits_test(w->bdd, BPF_OP(in->code),
				     &w->bits[regs->bits[REG_A]], &b);
	}
	if (test != S2S_BDD_FALSE)
		yes = state_of(w, to, *regs);
	if (test != S2S_BDD_TRUE)
		no = state_of(w, pc + 1 + in->jf, *regs);
	w->state[from].test = test;
	w->state[from].yes = yes;
	w->state[from].no = no;
}

static void
step(struct walk *w, size_t pc, uint32_t from)
{
	const struct sock_filter *in = &w->filter->insn[pc];
	struct regs regs = w->state[from].regs;
	uint32_t behind;

	switch (BPF_CLASS(in->code)) {
	case BPF_RET:
		end(w, in, &regs, &w->state[from]);
		return;
	case BPF_JMP:
		branch(w, pc, &regs, from);
		return;
	case BPF_LD:
	case BPF_LDX:
		load(w, in, &regs);
		break;
	case BPF_ST:
		regs.bits[in->k] = regs.bits[REG_A];
		break;
	case BPF_STX:
		regs.bits[in->k] = regs.bits[REG_X];
		break;
	case BPF_ALU:
		compute(w, in, &regs, from);
		break;
	default: /* BPF_MISC */
		if (BPF_MISCOP(in->code) == BPF_TAX)
			regs.bits[REG_X] = regs.bits[REG_A];
		else
			regs.bits[REG_A] = regs.bits[REG_X];
	}
	behind = state_of(w, pc + 1, regs); /* the array may move */
	w->state[from].no = behind;
}

static void
say(struct walk *w, struct state *at)
{
	uint32_t yes = at->ends ? at->ends : w->state[at->yes].says;

	at->says = s2s_bdd_choose(w->bdd, at->test, yes, w->state[at->no].says);
}

static uint32_t
walk(struct walk *w)
{
	struct s2s_bits zero = s2s_bits_number(0);
	struct regs start = {{0}};

	number_of(w, &zero);
	add_state(w, 0, &start); /* NOWHERE */
	w->first[0] = NOWHERE;
	state_of(w, 0, start);
	for (size_t pc = 0; pc < w->filter->n; pc++)
		for (uint32_t i = w->first[pc]; i && !w->bdd->full;
		     i = w->state[i].next)
			step(w, pc, i);
	for (size_t pc = w->filter->n; pc-- > 0;)
		for (uint32_t i = w->first[pc]; i && !w->bdd->full;
		     i = w->state[i].next)
			say(w, &w->state[i]);
	return w->state[w->first[0]].says;
}

uint32_t
s2s_bdd_of_filter(struct s2s_bdd *bdd, const struct s2s_filter *filter,
		  const uint32_t *verdicts, size_t n)
{
	struct walk w = {
	    .bdd = bdd, .filter = filter, .verdicts = verdicts, .n_verdicts = n};
	uint32_t ret;

	w.first = s2s_realloc(NULL, filter->n, sizeof *w.first);
	w.live = s2s_realloc(NULL, filter->n, sizeof *w.live);
	memset(w.first, 0, filter->n * sizeof *w.first);
	find_live(&w);
	ret = walk(&w);
	s2s_map_done(&w.map);
	free(w.bits);
	free(w.state);
	free(w.first);
	free(w.live);
	return ret;
}
