/* SPDX-License-Identifier: MIT */
/* Whether a filter says for every call what the policy says, by making the same kind of
   decision diagram of both: no point is chosen, so none can be forgotten. */
#pragma once

#include "filter/bits.h"
#include "filter/filter.h"

enum s2s_proof {
	S2S_PROOF_SAME,
	S2S_PROOF_DIFFERENT,
	S2S_PROOF_TOO_HARD, /* a limit was hit: nothing is known */
};

/* DIFFERENT: *ret_point is a call for which they differ. */
enum s2s_proof s2s_filter_prove(const struct s2s_policy *policy,
				const struct s2s_filter *filter,
				struct seccomp_data *ret_point);

/* The two sides of it. Numbers that a filter computes (BPF_RET | BPF_A) are told apart
   only where they are among the `n` verdicts. */
uint32_t s2s_bdd_of_policy(struct s2s_bdd *bdd, const struct s2s_policy *policy);
uint32_t s2s_bdd_of_filter(struct s2s_bdd *bdd, const struct s2s_filter *filter,
			   const uint32_t *verdicts, size_t n);
