/* SPDX-License-Identifier: MIT */
/* The value of one printed expression. Inside bind only; s2s_bind_expr() is its
   public face. */
#pragma once

#include "base/sv.h"
#include "kernel/arch.h"

enum s2s_expr_fault {
	S2S_EXPR_FINE,
	S2S_EXPR_SYNTAX, /* not an expression */
	S2S_EXPR_SYMBOL, /* a constant or macro that we do not know */
	S2S_EXPR_RANGE,  /* more than 64 bits, or more than the macro takes */
};

/* strace prints some macros for commands of any size. */
enum s2s_expr_loss {
	S2S_EXPR_EXACT,
	S2S_EXPR_LOSSY,   /* the header's size is meant where no other name tells */
	S2S_EXPR_PATTERN, /* the header's macro has another value */
};

enum { S2S_EXPR_DEPTH = 64, S2S_EXPR_MACRO_ARGS = 4 };

struct s2s_expr {
	struct s2s_sv in; /* what is left to read */
	enum s2s_arch arch;
	const char *set; /* looked into first; NULL: none */
	unsigned pick;   /* which of the values that names joined by "or" have */
	unsigned depth;
	enum s2s_expr_loss loss;
	enum s2s_expr_fault fault;
	struct s2s_sv where; /* what is at fault, part of the text */
	bool more;           /* there is a value behind the one that was picked */
};

/* Reads all of e->in. False: e->fault and e->where say why. */
bool s2s_expr_eval(struct s2s_expr *e, uint64_t *ret);

/* The value of a macro call whose arguments are known. */
enum s2s_expr_fault s2s_macro_value(struct s2s_expr *e, struct s2s_sv name,
				    const uint64_t *args, size_t nargs, uint64_t *ret);

/* Inside of it: blank and comments; one value, up to what is no operator; a fault, the
   first of which stays. */
void s2s_expr_skip_blank(struct s2s_expr *e);
bool s2s_expr_value(struct s2s_expr *e, uint64_t *ret);
bool s2s_expr_fail(struct s2s_expr *e, enum s2s_expr_fault fault, struct s2s_sv where);
