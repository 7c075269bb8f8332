/* SPDX-License-Identifier: MIT */
/* A policy as a container runtime's profile says it. One plan, two writers: oci.c as
   JSON, spo.c as YAML. */
#pragma once

#include "format/by_name.h"
#include "format/loss.h"
#include "format/scmp.h"

/* What the reader of a profile can be told. */
struct s2s_oci_language {
	bool default_errno; /* the error of the default action; else it is EPERM */
	bool signed_values; /* no number above 2^63-1 */
};

/* One conjunction. */
struct s2s_oci_entry {
	const struct s2s_policy_call *call; /* of `listed` */
	const struct s2s_rule *rule;
	bool first; /* of the rule's entries */
	bool freed; /* looks at fewer bits than the rule */
	uint8_t n;
	struct s2s_scmp_cmp cmp[S2S_ARGS_MAX];
};

struct s2s_oci {
	const struct s2s_policy *policy;
	struct s2s_policy *listed;  /* each name once, whatever the architecture */
	struct s2s_policy *said;    /* what that says: not less than the policy */
	struct s2s_action fallback; /* the default action */
	struct s2s_oci_entry *entry;
	size_t n, cap;
	bool lists_forbidden; /* known calls that are not allowed get an entry */
	const struct s2s_rule *counted; /* as wider, last */
	struct s2s_loss loss;
};

/* S2S_LIMIT where it does not fit into a filter, S2S_USAGE where the format has no
   words for it; a message was logged. s2s_oci_done() in either case. */
enum s2s_status s2s_oci_plan(const struct s2s_policy *policy,
			     const struct s2s_oci_language *language,
			     const struct s2s_format_options *opts,
			     struct s2s_oci *ret);
void s2s_oci_done(struct s2s_oci *oci);

/* A language of its own, whose compiler shares nothing with libseccomp. */
struct s2s_entries_language {
	/* Instructions that its compiler makes at most; SIZE_MAX: it refuses. */
	size_t (*length)(const struct s2s_oci *plan);
	/* A bit that must be set is a comparison of its own. */
	bool bits_cost;
};

/* The same for such a language: said, entries, lists_forbidden and what is wider; the
   caller goes on with the loss. S2S_LIMIT, said, where nothing fits. */
enum s2s_status s2s_entries_plan(const struct s2s_policy *policy,
				 const struct s2s_format_options *opts,
				 const struct s2s_entries_language *language,
				 struct s2s_oci *ret);

/* Entries of one rule, tried one after the other until the filter fits; runc puts a few
   instructions of its own in front. */
enum { S2S_OCI_TRIES = 5, S2S_OCI_ROOM = S2S_FILTER_MAX - 64 };
extern const size_t s2s_oci_most[S2S_OCI_TRIES];

/* Makes `listed` and `said` of the policy, with at most so many entries for each rule;
   how many rules allow more for that. Then the entries. */
void s2s_oci_list(struct s2s_oci *oci, size_t most, size_t *ret_wider);
void s2s_oci_entries(struct s2s_oci *oci, const struct s2s_oci_language *language);

/* Whether the filter that a runtime would load says what the entries mean, on all
   points of what they say. S2S_INTERNAL, said, if not. */
enum s2s_status s2s_oci_check(const struct s2s_oci *oci,
			      const struct s2s_filter *filter,
			      const struct s2s_log *log);

/* The profile as JSON, without comments where `short_form`. */
void s2s_oci_write(struct s2s_out *out, const struct s2s_oci *oci, bool short_form);

/* "SCMP_ACT_KILL_PROCESS"; whether it takes errnoRet. */
const char *s2s_oci_action(struct s2s_action action, bool *ret_data);
/* Known calls that the profile forbids by name; fn for each. */
void s2s_oci_forbidden(const struct s2s_oci *oci, s2s_name_fn *fn, void *self);
/* Whether the call is stopped otherwise than others, and how; it is not among those. */
bool s2s_oci_own_answer(const struct s2s_oci *oci, const struct s2s_syscall *sc,
			struct s2s_action *ret);
/* Those that need an entry of their own for it; fn for each. */
void s2s_oci_answered(const struct s2s_oci *oci, s2s_name_fn *fn, void *self);
/* "SCMP_ARCH_X86_64", "SCMP_ARCH_X86": of those that it lists, in our order; NULL
   behind the last. */
const char *s2s_oci_arch(const struct s2s_oci *oci, size_t i);
