/* SPDX-License-Identifier: MIT */
#include "filter/symbol.h"

#include <stdlib.h>

void
s2s_symbols_done(struct s2s_symbols *all)
{
	s2s_map_done(&all->map);
	free(all->operation);
}

static struct s2s_symbol
anything(uint16_t words)
{
	return (struct s2s_symbol){.kind = S2S_SYMBOL_ANYTHING, .words = words};
}

static struct s2s_symbol
derive(struct s2s_symbols *all, struct s2s_symbol from, uint16_t op, uint32_t k)
{
	uint64_t key[3] = {(uint64_t)from.value << 32 | k, op};
	bool is_new;
	uint32_t *known = s2s_map_put(&all->map, key, &is_new);

	if (is_new) {
		s2s_grow(all->operation, all->n, all->cap);
		all->operation[all->n++] = (struct s2s_operation){from.value, k, op};
		*known = (uint32_t)all->n;
	}
	from.value = *known;
	return from;
}

static struct s2s_symbol
negate(struct s2s_symbols *all, struct s2s_symbol a)
{
	return derive(all, derive(all, a, BPF_XOR, UINT32_MAX), BPF_ADD, 1);
}

/* a op k, with a derived from a word. */
static struct s2s_symbol
calculate_derived(struct s2s_symbols *all, struct s2s_symbol a, uint16_t op, uint32_t k)
{
	uint32_t power = (uint32_t)__builtin_ctz(k | 1U << 31);

	switch (op) {
	case BPF_ADD:
	case BPF_AND:
	case BPF_OR:
	case BPF_XOR:
		return derive(all, a, op, k);
	case BPF_LSH:
	case BPF_RSH:
		return derive(all, a, op, k & 31);
	case BPF_SUB:
		return derive(all, a, BPF_ADD, -k);
	case BPF_NEG:
		return negate(all, a);
	case BPF_MUL:
	case BPF_DIV:
		if (k != 1U << power)
			return anything(a.words);
		return derive(all, a, op == BPF_MUL ? BPF_LSH : BPF_RSH, power);
	default:
		return anything(a.words);
	}
}

static bool
is_commutative(uint16_t op)
{
	return op == BPF_ADD || op == BPF_AND || op == BPF_OR || op == BPF_XOR ||
	       op == BPF_MUL;
}

struct s2s_symbol
s2s_symbol_calculate(struct s2s_symbols *all, uint16_t op, struct s2s_symbol a,
		     struct s2s_symbol b)
{
	struct s2s_symbol result;

	if (op == BPF_NEG)
		b = s2s_symbol_number(0, 0);
	if (a.kind == S2S_SYMBOL_NUMBER && b.kind == S2S_SYMBOL_NUMBER)
		result =
		    s2s_symbol_number(s2s_opcode_calculate(op, a.value, b.value), 0);
	else if (a.kind == S2S_SYMBOL_DERIVED && b.kind == S2S_SYMBOL_NUMBER)
		result = calculate_derived(all, a, op, b.value);
	else if (a.kind == S2S_SYMBOL_NUMBER && b.kind == S2S_SYMBOL_DERIVED &&
		 is_commutative(op))
		result = calculate_derived(all, b, op, a.value);
	else if (a.kind == S2S_SYMBOL_NUMBER && b.kind == S2S_SYMBOL_DERIVED &&
		 op == BPF_SUB)
		result = derive(all, negate(all, b), BPF_ADD, a.value);
	else
		result = anything(0);
	result.words = a.words | b.words;
	return result;
}

uint32_t
s2s_symbol_before(const struct s2s_symbols *all, struct s2s_symbol derived,
		  struct s2s_wordsets *ws, uint32_t set)
{
	uint32_t operations = derived.value;

	while (operations) {
		struct s2s_operation last = all->operation[operations - 1];

		set = s2s_wordset_before(ws, set, last.op, last.k);
		operations = last.before;
	}
	return set;
}
