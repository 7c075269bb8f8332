/* SPDX-License-Identifier: MIT */
/* Filters and policies in the logic of bit vectors, for Z3. Reads nothing of
   src/filter/ but the opcodes: neither compiler, simulator nor checker has a part. */
#pragma once

#include "filter/filter.h"
#include "filter/opcode.h"

#include <z3.h>

struct encoder {
	Z3_context z3; /* keeps all terms until it is deleted */
	Z3_sort word;  /* of 32 bits */
	Z3_ast data[S2S_WORDS];
};

/* nr, arch: NULL where any. */
void encoder_init(struct encoder *e, const uint32_t *nr, const uint32_t *arch);
void encoder_done(struct encoder *e);
Z3_ast encode_number(const struct encoder *e, uint32_t value);
/* What a filter returns. */
Z3_ast encode_filter(const struct encoder *e, const struct s2s_filter *filter);
/* The strictest of two verdicts. */
Z3_ast encode_strictest(const struct encoder *e, Z3_ast a, Z3_ast b);
/* Whether some rule allows the call with its arguments. */
Z3_ast encode_rules(const struct encoder *e, const struct s2s_policy_call *call);
/* The verdict where the number is none that the policy has rules for. */
Z3_ast encode_others(const struct encoder *e, const struct s2s_policy *policy);
/* The number and architecture are those of some call of the policy. */
Z3_ast encode_is_called(const struct encoder *e, const struct s2s_policy *policy);
