/* SPDX-License-Identifier: MIT */
#include "filter/bits.h"

enum { BITS = 32 };

struct s2s_bits
s2s_bits_number(uint32_t value)
{
	struct s2s_bits ret;

	for (int i = 0; i < BITS; i++)
		ret.bit[i] = value >> i & 1 ? S2S_BDD_TRUE : S2S_BDD_FALSE;
	return ret;
}

struct s2s_bits
s2s_bits_word(struct s2s_bdd *bdd, uint32_t word)
{
	struct s2s_bits ret;

	for (uint32_t i = 0; i < BITS; i++)
		ret.bit[i] = s2s_bdd_bit(bdd, word, i);
	return ret;
}

static uint32_t
equal(struct s2s_bdd *bdd, const struct s2s_bits *a, const struct s2s_bits *b)
{
	uint32_t ret = S2S_BDD_TRUE;

	for (int i = 0; i < BITS; i++)
		ret = s2s_bdd_and(
		    bdd, s2s_bdd_not(bdd, s2s_bdd_xor(bdd, a->bit[i], b->bit[i])), ret);
	return ret;
}

/* The highest bit that differs decides; where none does, `ret`. */
static uint32_t
above(struct s2s_bdd *bdd, const struct s2s_bits *a, const struct s2s_bits *b,
      uint32_t ret)
{
	for (int i = 0; i < BITS; i++)
		ret = s2s_bdd_choose(bdd, s2s_bdd_xor(bdd, a->bit[i], b->bit[i]),
				     a->bit[i], ret);
	return ret;
}

static uint32_t
meet(struct s2s_bdd *bdd, const struct s2s_bits *a, const struct s2s_bits *b)
{
	uint32_t ret = S2S_BDD_FALSE;

	for (int i = 0; i < BITS; i++)
		ret = s2s_bdd_or(bdd, s2s_bdd_and(bdd, a->bit[i], b->bit[i]), ret);
	return ret;
}

uint32_t
s2s_bits_test(struct s2s_bdd *bdd, uint16_t op, const struct s2s_bits *a,
	      const struct s2s_bits *b)
{
	switch (op) {
	case BPF_JEQ:
		return equal(bdd, a, b);
	case BPF_JGT:
		return above(bdd, a, b, S2S_BDD_FALSE);
	case BPF_JGE:
		return above(bdd, a, b, S2S_BDD_TRUE);
	default: /* BPF_JSET */
		return meet(bdd, a, b);
	}
}

static struct s2s_bits
add(struct s2s_bdd *bdd, const struct s2s_bits *a, const struct s2s_bits *b,
    uint32_t carry)
{
	struct s2s_bits ret;

	for (int i = 0; i < BITS; i++) {
		uint32_t one = s2s_bdd_xor(bdd, a->bit[i], b->bit[i]);

		ret.bit[i] = s2s_bdd_xor(bdd, one, carry);
		carry = s2s_bdd_choose(bdd, one, carry, a->bit[i]);
	}
	return ret;
}

static struct s2s_bits
subtract(struct s2s_bdd *bdd, const struct s2s_bits *a, const struct s2s_bits *b)
{
	struct s2s_bits minus;

	for (int i = 0; i < BITS; i++)
		minus.bit[i] = s2s_bdd_not(bdd, b->bit[i]);
	return add(bdd, a, &minus, S2S_BDD_TRUE);
}

static struct s2s_bits
choose(struct s2s_bdd *bdd, uint32_t test, const struct s2s_bits *yes,
       const struct s2s_bits *no)
{
	struct s2s_bits ret;

	for (int i = 0; i < BITS; i++)
		ret.bit[i] = s2s_bdd_choose(bdd, test, yes->bit[i], no->bit[i]);
	return ret;
}

/* Towards the higher bits, or with `by` below 0 towards the lower ones. */
static struct s2s_bits
moved(const struct s2s_bits *a, int by)
{
	struct s2s_bits ret = s2s_bits_number(0);

	for (int i = 0; i < BITS; i++)
		if (i - by >= 0 && i - by < BITS)
			ret.bit[i] = a->bit[i - by];
	return ret;
}

/* By b & 31, one bit of b after the other. */
static struct s2s_bits
shift(struct s2s_bdd *bdd, const struct s2s_bits *a, const struct s2s_bits *b, int way)
{
	struct s2s_bits ret = *a;

	for (int i = 0; i < 5; i++) {
		struct s2s_bits far = moved(&ret, way * (1 << i));

		ret = choose(bdd, b->bit[i], &far, &ret);
	}
	return ret;
}

static struct s2s_bits
multiply(struct s2s_bdd *bdd, const struct s2s_bits *a, const struct s2s_bits *b)
{
	struct s2s_bits ret = s2s_bits_number(0);

	for (int i = 0; i < BITS; i++) {
		struct s2s_bits term = moved(a, i);
		struct s2s_bits more = add(bdd, &ret, &term, S2S_BDD_FALSE);

		ret = choose(bdd, b->bit[i], &more, &ret);
	}
	return ret;
}

/* As on paper. `over` is what the rest loses at its upper end. */
static struct s2s_bits
divide(struct s2s_bdd *bdd, const struct s2s_bits *a, const struct s2s_bits *b)
{
	struct s2s_bits ret, rest = s2s_bits_number(0);

	for (int i = BITS - 1; i >= 0; i--) {
		uint32_t over = rest.bit[BITS - 1];
		struct s2s_bits less;

		rest = moved(&rest, 1);
		rest.bit[0] = a->bit[i];
		ret.bit[i] = s2s_bdd_or(bdd, over, above(bdd, &rest, b, S2S_BDD_TRUE));
		less = subtract(bdd, &rest, b);
		rest = choose(bdd, ret.bit[i], &less, &rest);
	}
	return ret;
}

static struct s2s_bits
combine(struct s2s_bdd *bdd, uint16_t op, const struct s2s_bits *a,
	const struct s2s_bits *b)
{
	struct s2s_bits ret;

	for (int i = 0; i < BITS; i++)
		ret.bit[i] = op == BPF_AND  ? s2s_bdd_and(bdd, a->bit[i], b->bit[i])
			     : op == BPF_OR ? s2s_bdd_or(bdd, a->bit[i], b->bit[i])
					    : s2s_bdd_xor(bdd, a->bit[i], b->bit[i]);
	return ret;
}

struct s2s_bits
s2s_bits_calculate(struct s2s_bdd *bdd, uint16_t op, const struct s2s_bits *a,
		   const struct s2s_bits *b)
{
	struct s2s_bits zero = s2s_bits_number(0);

	switch (op) {
	case BPF_ADD:
		return add(bdd, a, b, S2S_BDD_FALSE);
	case BPF_SUB:
		return subtract(bdd, a, b);
	case BPF_MUL:
		return multiply(bdd, a, b);
	case BPF_DIV:
		return divide(bdd, a, b);
	case BPF_LSH:
		return shift(bdd, a, b, 1);
	case BPF_RSH:
		return shift(bdd, a, b, -1);
	case BPF_NEG:
		return subtract(bdd, &zero, a);
	default: /* BPF_AND, BPF_OR, BPF_XOR */
		return combine(bdd, op, a, b);
	}
}
