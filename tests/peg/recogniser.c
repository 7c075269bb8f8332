/* SPDX-License-Identifier: MIT */
/* The recogniser that leg made of doc/strace.peg, for one line. */
#include "base/sv.h"

#include <stdio.h>
#include <stdlib.h>

bool peg_accepts(struct s2s_sv line);

#define YY_CTX_LOCAL
#define YY_CTX_MEMBERS struct s2s_sv left;
#define YY_INPUT(yy, buf, result, max_size)                             \
	do {                                                            \
		size_t n_ = (yy)->left.n;                               \
                                                                        \
		n_ = n_ < (size_t)(max_size) ? n_ : (size_t)(max_size); \
		if (n_)                                                 \
			memcpy((buf), (yy)->left.p, n_);                \
		sv_skip(&(yy)->left, n_);                               \
		(result) = (int)n_;                                     \
	} while (0);

#include "strace.leg.c"

bool
peg_accepts(struct s2s_sv line)
{
	yycontext yy;
	bool accepted;

	memset(&yy, 0, sizeof yy);
	yy.left = line;
	accepted = yyparse(&yy);
	yyrelease(&yy);
	return accepted;
}
