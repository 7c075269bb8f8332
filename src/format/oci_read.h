/* SPDX-License-Identifier: MIT */
/* An OCI seccomp profile or a container engine's template of one: its rules, the filter
   that a container runtime would load, and the policy that it says. */
#pragma once

#include "base/arena.h"
#include "base/log.h"
#include "base/status.h"
#include "base/sv.h"
#include "filter/filter.h"

#include <seccomp.h>

/* What the conditions of a template (includes, excludes) are about, and who reads a
   profile. */
struct s2s_oci_host {
	const char *const *caps; /* "CAP_KILL", NULL behind the last; NULL: Docker's
				    default */
	uint32_t kernel;         /* version << 16 | patch level; 0: newer than any */
	enum s2s_arch machine;   /* x86_64 or aarch64 */
	bool runc;               /* its test for unknown numbers is in front */
};
/* "6.1", "4.19.3"; false: no version of a kernel. */
bool s2s_oci_kernel(struct s2s_sv text, uint32_t *ret);

/* All comparisons must hold. */
struct s2s_oci_rule {
	const char *name; /* as the profile has it: any text */
	uint32_t action;  /* as libseccomp and the kernel write it */
	bool unheard;     /* runtimes or libseccomp leave it out */
	unsigned n;
	struct scmp_arg_cmp cmp[6];
};

struct s2s_oci_profile {
	const char *name; /* of the file; borrowed */
	struct s2s_arena arena;
	enum s2s_arch machine;     /* of who reads it */
	uint32_t fallback;         /* the default action */
	struct s2s_oci_rule *rule; /* in their order */
	size_t n, cap;
	struct s2s_oci_arch *arch; /* that it lists, each once */
	size_t n_arches, cap_arches;
	const char *for_loader; /* what it has beside rules; NULL: nothing */
};
struct s2s_oci_arch {
	uint32_t token;   /* libseccomp's */
	const char *name; /* "SCMP_ARCH_X32" */
};
void s2s_oci_profile_done(struct s2s_oci_profile *profile);
bool s2s_oci_lists(const struct s2s_oci_profile *profile, uint32_t token);
/* libseccomp begins with the machine's own architecture, listed or not. A profile that
   lists those of the other machine alone is read as there. */
enum s2s_arch s2s_oci_machine(const struct s2s_oci_profile *profile);
/* Bit 1 << arch: of what a runtime's filter is about, what our tables have. */
uint32_t s2s_oci_arches(const struct s2s_oci_profile *profile);

/* S2S_SYNTAX where the text is no such profile; that is said, with `name` in front. */
enum s2s_status s2s_oci_parse(struct s2s_sv text, const char *name,
			      const struct s2s_oci_host *host,
			      const struct s2s_log *log, struct s2s_oci_profile *ret);
/* Finds the rules that are unheard: those that equal the default, which runtimes leave
   out, and all beside the first of the others that holds whatever the arguments. Not
   the latter for what i386 has by way of socketcall or ipc, of which libseccomp 2.5.4
   keeps this or that. Part of s2s_oci_parse(). */
void s2s_oci_find_unheard(struct s2s_oci_profile *profile);
/* What crun and runc do: one libseccomp context, the rules in their order, names that
   libseccomp does not know left out, rules that equal the default left out. S2S_SYNTAX
   where libseccomp refuses it. */
enum s2s_status s2s_oci_compile(const struct s2s_oci_profile *profile,
				const struct s2s_log *log, struct s2s_filter *ret);
/* A rule of a call for which libseccomp would not end in a runtime's life: its paths
   multiply where several rules compare several arguments by other than EQ and
   MASKED_EQ. NULL: there is none. */
const struct s2s_oci_rule *s2s_oci_endless(const struct s2s_oci_profile *profile);
/* Puts in front what runc puts there: for each architecture that the profile lists,
   ENOSYS above the highest number that it names. */
void s2s_oci_add_runc(const struct s2s_oci_profile *profile, struct s2s_filter *filter);
/* Warns where that filter does otherwise than the rules say, with a call that shows it;
   of all architectures that our tables have. Returns whether it does. */
bool s2s_oci_compare(const struct s2s_oci_profile *profile,
		     const struct s2s_filter *filter, const struct s2s_log *log);
/* All three. */
enum s2s_status s2s_oci_read(struct s2s_sv text, const char *name,
			     const struct s2s_oci_host *host, const struct s2s_log *log,
			     struct s2s_filter *ret);

/* What the rules say, as a policy; `loss` gets what a policy cannot say. S2S_USAGE,
   said, where that is what is allowed. */
struct s2s_loss;
struct s2s_policy;
enum s2s_status s2s_oci_policy(const struct s2s_oci_profile *profile,
			       const struct s2s_log *log, struct s2s_loss *loss,
			       struct s2s_policy **ret);
/* For formats that cannot say the policy's own answers to some calls, or only to those
   that no rule allows: forgets them, and says so. */
void s2s_oci_drop_answers(struct s2s_policy *policy, bool keep_whole,
			  struct s2s_loss *loss);
