/* SPDX-License-Identifier: MIT */
/* A profile on its way to a policy: what its rules name on each architecture.
   oci_policy.c has what passes, oci_answers.c what is stopped. */
#pragma once

#include "format/loss.h"
#include "format/oci_read.h"

struct s2s_oci_maker {
	const struct s2s_oci_profile *profile;
	const struct s2s_log *log;
	struct s2s_loss *loss;
	struct s2s_policy *policy;
	/* By architecture and rule, the call of that name; NULL: there is none. NULL
	   for an architecture that the policy is not about. */
	const struct s2s_syscall **named[S2S_ARCH_COUNT];
};

/* One more than the highest number of a call there: of a table by number. */
size_t s2s_oci_numbers(int arch);

/* Action and unknown of the policy, and the answers of single calls; what no policy can
   say of them goes into the loss. Its rules are made. */
void s2s_oci_stops(struct s2s_oci_maker *m);

/* Remarks on rules that would stop what the policy allows, and that nobody hears. */
void s2s_oci_say_unheard(const struct s2s_oci_maker *m);

/* What libseccomp compares: the bits of `word`, which the architecture has. The empty
   set where nothing matches. */
struct s2s_set s2s_oci_set(struct s2s_arena *arena, const struct scmp_arg_cmp *cmp,
			   uint64_t word);
/* Allows what the rules leave of a call. False where no policy says it. */
bool s2s_oci_leave(struct s2s_policy *policy, const struct s2s_syscall *sc,
		   const struct s2s_oci_rule *rule, size_t n);

/* Which architectures of the profile our tables do not have. */
void s2s_oci_say_arches(const struct s2s_oci_profile *profile, struct s2s_loss *loss);

/* A verdict of a profile as an action. */
struct s2s_action s2s_oci_verdict(uint32_t verdict);
