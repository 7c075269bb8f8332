/* SPDX-License-Identifier: MIT */
#include "encode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REG_A = BPF_MEMWORDS, REG_X, REGS };

static void
fail(Z3_context z3, Z3_error_code code)
{
	fprintf(stderr, "Z3: %s\n", Z3_get_error_msg(z3, code));
	exit(1);
}

Z3_ast
encode_number(const struct encoder *e, uint32_t value)
{
	return Z3_mk_unsigned_int64(e->z3, value, e->word);
}

void
encoder_init(struct encoder *e, const uint32_t *nr, const uint32_t *arch)
{
	Z3_config config = Z3_mk_config();

	e->z3 = Z3_mk_context(config);
	Z3_del_config(config);
	Z3_set_error_handler(e->z3, fail);
	e->word = Z3_mk_bv_sort(e->z3, 32);
	for (int i = 0; i < S2S_WORDS; i++)
		e->data[i] = Z3_mk_const(e->z3, Z3_mk_int_symbol(e->z3, i), e->word);
	if (nr)
		e->data[S2S_WORD_NR] = encode_number(e, *nr);
	if (arch)
		e->data[S2S_WORD_ARCH] = encode_number(e, *arch);
}

void
encoder_done(struct encoder *e)
{
	Z3_del_context(e->z3);
}

static Z3_ast
both(const struct encoder *e, Z3_ast a, Z3_ast b)
{
	return Z3_mk_and(e->z3, 2, (Z3_ast[]){a, b});
}

static Z3_ast
either(const struct encoder *e, Z3_ast a, Z3_ast b)
{
	return Z3_mk_or(e->z3, 2, (Z3_ast[]){a, b});
}

/* How an instruction is reached, and with what. `when` NULL: not at all. */
struct reached {
	Z3_ast when, reg[REGS];
};

struct walk {
	const struct encoder *e;
	struct reached *at;
	Z3_ast result;
};

/* One more way to get to an instruction. */
static void
go(struct walk *w, size_t pc, Z3_ast when, const Z3_ast reg[REGS])
{
	struct reached *at = &w->at[pc];
	const struct encoder *e = w->e;

	when = Z3_simplify(e->z3, when);
	if (Z3_get_bool_value(e->z3, when) == Z3_L_FALSE)
		return;
	if (!at->when) {
		at->when = when;
		memcpy(at->reg, reg, sizeof at->reg);
		return;
	}
	for (int i = 0; i < REGS; i++)
		if (at->reg[i] != reg[i])
			at->reg[i] = Z3_mk_ite(e->z3, when, reg[i], at->reg[i]);
	at->when = either(e, at->when, when);
}

static void
give(struct walk *w, Z3_ast when, Z3_ast verdict)
{
	w->result = Z3_mk_ite(w->e->z3, when, verdict, w->result);
}

static Z3_ast
test(const struct encoder *e, uint16_t op, Z3_ast a, Z3_ast b)
{
	switch (op) {
	case BPF_JEQ:
		return Z3_mk_eq(e->z3, a, b);
	case BPF_JGT:
		return Z3_mk_bvugt(e->z3, a, b);
	case BPF_JGE:
		return Z3_mk_bvuge(e->z3, a, b);
	default: /* BPF_JSET */
		return Z3_mk_not(e->z3, Z3_mk_eq(e->z3, Z3_mk_bvand(e->z3, a, b),
						 encode_number(e, 0)));
	}
}

static Z3_ast
calculate(const struct encoder *e, uint16_t op, Z3_ast a, Z3_ast b)
{
	Z3_ast by = Z3_mk_bvand(e->z3, b, encode_number(e, 31));

	switch (op) {
	case BPF_ADD:
		return Z3_mk_bvadd(e->z3, a, b);
	case BPF_SUB:
		return Z3_mk_bvsub(e->z3, a, b);
	case BPF_MUL:
		return Z3_mk_bvmul(e->z3, a, b);
	case BPF_DIV:
		return Z3_mk_bvudiv(e->z3, a, b);
	case BPF_AND:
		return Z3_mk_bvand(e->z3, a, b);
	case BPF_OR:
		return Z3_mk_bvor(e->z3, a, b);
	case BPF_XOR:
		return Z3_mk_bvxor(e->z3, a, b);
	case BPF_LSH:
		return Z3_mk_bvshl(e->z3, a, by);
	case BPF_RSH:
		return Z3_mk_bvlshr(e->z3, a, by);
	default: /* BPF_NEG */
		return Z3_mk_bvneg(e->z3, a);
	}
}

static Z3_ast
loaded(const struct encoder *e, const struct sock_filter *in, const struct reached *at)
{
	switch (BPF_MODE(in->code)) {
	case BPF_ABS:
		return e->data[in->k / 4];
	case BPF_LEN:
		return encode_number(e, sizeof(struct seccomp_data));
	case BPF_MEM:
		return at->reg[in->k];
	default: /* BPF_IMM */
		return encode_number(e, in->k);
	}
}

/* A division by X == 0 kills the thread; the others go on. */
static void
compute(struct walk *w, const struct sock_filter *in, struct reached *at)
{
	const struct encoder *e = w->e;
	Z3_ast b =
	    BPF_SRC(in->code) == BPF_X ? at->reg[REG_X] : encode_number(e, in->k);

	if (BPF_OP(in->code) == BPF_DIV) {
		Z3_ast zero = Z3_mk_eq(e->z3, b, encode_number(e, 0));

		give(w, both(e, at->when, zero),
		     encode_number(e, SECCOMP_RET_KILL_THREAD));
		at->when = both(e, at->when, Z3_mk_not(e->z3, zero));
	}
	at->reg[REG_A] = calculate(e, BPF_OP(in->code), at->reg[REG_A], b);
}

static void
jump(struct walk *w, size_t pc, const struct sock_filter *in, const struct reached *at)
{
	const struct encoder *e = w->e;
	Z3_ast b, yes;

	if (BPF_OP(in->code) == BPF_JA) {
		go(w, pc + 1 + in->k, at->when, at->reg);
		return;
	}
	b = BPF_SRC(in->code) == BPF_X ? at->reg[REG_X] : encode_number(e, in->k);
	yes = test(e, BPF_OP(in->code), at->reg[REG_A], b);
	go(w, pc + 1 + in->jt, both(e, at->when, yes), at->reg);
	go(w, pc + 1 + in->jf, both(e, at->when, Z3_mk_not(e->z3, yes)), at->reg);
}

static void
step(struct walk *w, size_t pc, const struct sock_filter *in)
{
	struct reached at = w->at[pc];

	switch (BPF_CLASS(in->code)) {
	case BPF_JMP:
		jump(w, pc, in, &at);
		return;
	case BPF_RET:
		give(w, at.when,
		     BPF_RVAL(in->code) == BPF_A ? at.reg[REG_A]
						 : encode_number(w->e, in->k));
		return;
	case BPF_LD:
		at.reg[REG_A] = loaded(w->e, in, &at);
		break;
	case BPF_LDX:
		at.reg[REG_X] = loaded(w->e, in, &at);
		break;
	case BPF_ST:
		at.reg[in->k] = at.reg[REG_A];
		break;
	case BPF_STX:
		at.reg[in->k] = at.reg[REG_X];
		break;
	case BPF_ALU:
		compute(w, in, &at);
		break;
	default: /* BPF_MISC */
		if (BPF_MISCOP(in->code) == BPF_TAX)
			at.reg[REG_X] = at.reg[REG_A];
		else
			at.reg[REG_A] = at.reg[REG_X];
	}
	go(w, pc + 1, at.when, at.reg);
}

Z3_ast
encode_filter(const struct encoder *e, const struct s2s_filter *filter)
{
	struct walk w = {.e = e, .result = encode_number(e, 0)};
	Z3_ast start[REGS];

	w.at = s2s_realloc(NULL, filter->n, sizeof *w.at);
	memset(w.at, 0, filter->n * sizeof *w.at);
	for (int i = 0; i < REGS; i++)
		start[i] = encode_number(e, 0);
	go(&w, 0, Z3_mk_true(e->z3), start);
	for (size_t pc = 0; pc < filter->n; pc++)
		if (w.at[pc].when)
			step(&w, pc, &filter->insn[pc]);
	free(w.at);
	return w.result;
}

/* As the kernel orders them: the action's number as a signed one. */
Z3_ast
encode_strictest(const struct encoder *e, Z3_ast a, Z3_ast b)
{
	Z3_ast action = encode_number(e, SECCOMP_RET_ACTION_FULL);
	Z3_ast stricter = Z3_mk_bvslt(e->z3, Z3_mk_bvand(e->z3, b, action),
				      Z3_mk_bvand(e->z3, a, action));

	return Z3_mk_ite(e->z3, stricter, b, a);
}

static Z3_ast
is_in_set(const struct encoder *e, int arg, const struct s2s_set *set)
{
	Z3_sort sort = Z3_mk_bv_sort(e->z3, 64);
	const Z3_ast *words = &e->data[S2S_WORD_ARGS + 2 * arg];
	Z3_ast value = Z3_mk_concat(e->z3, words[1], words[0]);
	Z3_ast ret = Z3_mk_false(e->z3);

	value = Z3_mk_bvand(e->z3, value, Z3_mk_unsigned_int64(e->z3, set->mask, sort));
	for (size_t i = 0; i < set->n; i++) {
		Z3_ast lo = Z3_mk_unsigned_int64(e->z3, set->iv[i].lo, sort);
		Z3_ast hi = Z3_mk_unsigned_int64(e->z3, set->iv[i].hi, sort);

		ret = either(e, ret,
			     both(e, Z3_mk_bvuge(e->z3, value, lo),
				  Z3_mk_bvule(e->z3, value, hi)));
	}
	return ret;
}

Z3_ast
encode_rules(const struct encoder *e, const struct s2s_policy_call *call)
{
	Z3_ast ret = Z3_mk_false(e->z3);

	for (size_t i = 0; i < call->n; i++) {
		Z3_ast all = Z3_mk_true(e->z3);

		for (int arg = 0; arg < S2S_ARGS_MAX; arg++)
			all = both(e, all, is_in_set(e, arg, &call->rules[i].arg[arg]));
		ret = either(e, ret, all);
	}
	return ret;
}

static Z3_ast
is_call(const struct encoder *e, enum s2s_arch arch, uint32_t nr)
{
	return both(e,
		    Z3_mk_eq(e->z3, e->data[S2S_WORD_ARCH],
			     encode_number(e, s2s_arch_audit(arch))),
		    Z3_mk_eq(e->z3, e->data[S2S_WORD_NR], encode_number(e, nr)));
}

Z3_ast
encode_is_called(const struct encoder *e, const struct s2s_policy *policy)
{
	Z3_ast ret = Z3_mk_false(e->z3);

	for (size_t i = 0; i < policy->n; i++)
		ret = either(
		    e, ret,
		    is_call(e, policy->calls[i].sc->arch, policy->calls[i].sc->nr));
	return ret;
}

/* Whether it is a number of the architecture's table. */
static Z3_ast
is_known(const struct encoder *e, enum s2s_arch arch)
{
	size_t n;
	const struct s2s_syscall *const *calls = s2s_syscalls(arch, &n);
	Z3_ast ret = Z3_mk_false(e->z3);

	for (size_t i = 0; i < n; i++)
		ret = either(e, ret, is_call(e, arch, calls[i]->nr));
	return ret;
}

/* What known calls get: some have an answer of their own. */
static Z3_ast
encode_stops(const struct encoder *e, const struct s2s_policy *policy, Z3_ast action)
{
	Z3_ast ret = action;

	for (size_t i = 0; i < policy->n_answers; i++) {
		const struct s2s_policy_answer *answer = &policy->answers[i];

		ret = Z3_mk_ite(e->z3, is_call(e, answer->sc->arch, answer->sc->nr),
				encode_number(e, s2s_action_ret(answer->action)), ret);
	}
	return ret;
}

Z3_ast
encode_others(const struct encoder *e, const struct s2s_policy *policy)
{
	Z3_ast action = encode_number(e, s2s_action_ret(policy->action));
	Z3_ast nr = e->data[S2S_WORD_NR], ret = action, x32, says;
	Z3_ast bit = encode_number(e, 1U << 30);

	x32 = Z3_mk_eq(e->z3, Z3_mk_bvand(e->z3, nr, bit), bit);
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++) {
		Z3_ast here =
		    Z3_mk_eq(e->z3, e->data[S2S_WORD_ARCH],
			     encode_number(e, s2s_arch_audit((enum s2s_arch)arch)));

		if (!(policy->arches >> arch & 1))
			continue;
		says = Z3_mk_ite(e->z3, is_known(e, (enum s2s_arch)arch),
				 encode_stops(e, policy, action),
				 encode_number(e, s2s_action_ret(policy->unknown)));
		if (arch == S2S_ARCH_X86_64)
			says = Z3_mk_ite(e->z3, x32, action, says);
		says =
		    Z3_mk_ite(e->z3, Z3_mk_eq(e->z3, nr, encode_number(e, UINT32_MAX)),
			      encode_number(e, SECCOMP_RET_ALLOW), says);
		ret = Z3_mk_ite(e->z3, here, says, ret);
	}
	return ret;
}
