/* SPDX-License-Identifier: MIT */
/* What a register of a filter holds while not all data are known: a number, what comes
   of one word of the data by a list of operations, or anything. */
#pragma once

#include "base/map.h"
#include "filter/opcode.h"
#include "filter/wordset.h"

struct s2s_symbol {
	enum {
		S2S_SYMBOL_NUMBER,
		S2S_SYMBOL_DERIVED,
		S2S_SYMBOL_ANYTHING,
	} kind : 8;
	uint8_t word;   /* DERIVED: from this word of the data … */
	uint16_t words; /* all words that had a part in it, one bit each */
	uint32_t value; /* … by this list of operations, 0: none; NUMBER: the number */
};

/* The last operation of a list, and the list before it. */
struct s2s_operation {
	uint32_t before; /* 0: the word itself */
	uint32_t k;
	uint16_t op;
};

/* All lists, each once. All zero: none. */
struct s2s_symbols {
	struct s2s_map map;
	struct s2s_operation *operation;
	size_t n, cap;
};
void s2s_symbols_done(struct s2s_symbols *all);

/* `words` had a part in it. */
static inline struct s2s_symbol
s2s_symbol_number(uint32_t value, uint16_t words)
{
	return (struct s2s_symbol){
	    .kind = S2S_SYMBOL_NUMBER, .value = value, .words = words};
}

/* a op b, as an instruction of arithmetic does it; b of BPF_NEG is not looked at. */
struct s2s_symbol s2s_symbol_calculate(struct s2s_symbols *all, uint16_t op,
				       struct s2s_symbol a, struct s2s_symbol b);
/* The values of its word for which what is derived from it is in the set. */
uint32_t s2s_symbol_before(const struct s2s_symbols *all, struct s2s_symbol derived,
			   struct s2s_wordsets *ws, uint32_t set);
