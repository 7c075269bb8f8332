/* SPDX-License-Identifier: MIT */
/* What is allowed, whatever the output: per system call a union of conjunctions of sets
   of argument values. Knows no output format and no level's reasons but as text. */
#pragma once

#include "base/arena.h"
#include "base/diag.h"
#include "kernel/syscalls.h"
#include "policy/set.h"

#include <stdbool.h>
#include <stdint.h>

enum s2s_action_kind {
	S2S_ACTION_ALLOW,
	S2S_ACTION_KILL_PROCESS,
	S2S_ACTION_KILL_THREAD,
	S2S_ACTION_TRAP,
	S2S_ACTION_ERRNO,
	S2S_ACTION_TRACE,
	S2S_ACTION_LOG,
	S2S_ACTION_NOTIFY,
};

struct s2s_action {
	enum s2s_action_kind kind;
	uint16_t data; /* errno or the tracer's message */
};

/* As a filter returns it (SECCOMP_RET_… | data). */
uint32_t s2s_action_ret(struct s2s_action action);
/* "kill-process", "errno=EPERM", … as the option takes it; false: no such action. */
bool s2s_action_parse(struct s2s_sv text, struct s2s_action *ret);

/* Why a rule is there. */
enum s2s_why {
	S2S_WHY_SEEN,     /* in the logs */
	S2S_WHY_HARMLESS, /* level robust: commands that give no power */
	S2S_WHY_IMPLIED,  /* no log shows it (fact 7) */
	S2S_WHY_ASKED,    /* --allow, --also */
};

/* One conjunction: allowed where every argument is in its set. */
struct s2s_rule {
	struct s2s_set arg[S2S_ARGS_MAX]; /* any beyond sc->nargs */
	enum s2s_why why;
	const char *reason;     /* from our tables; NULL: nothing to add */
	uint64_t count;         /* calls that led to it */
	uint32_t runs;          /* runs that made it */
	bool runs_at_least;     /* several leaves: `runs` is a lower bound */
	struct s2s_place first; /* file NULL: never seen */
};

struct s2s_policy_call {
	const struct s2s_syscall *sc;
	const char *level;      /* that made its rules, static; NULL: none did */
	struct s2s_rule *rules; /* not empty */
	size_t n, cap;
};

/* A call that is stopped otherwise than with `action` where no rule allows it. */
struct s2s_policy_answer {
	const struct s2s_syscall *sc;
	struct s2s_action action;
};

struct s2s_policy {
	struct s2s_arena arena;        /* owns all below */
	struct s2s_policy_call *calls; /* ascending by architecture, then number */
	size_t n, cap;
	uint32_t arches;          /* bit 1 << arch: allowed at all */
	struct s2s_action action; /* for what is not allowed, wrong architectures too */
	struct s2s_action unknown; /* for numbers in no table of ours */
	struct s2s_policy_answer *answers;
	size_t n_answers, cap_answers;
	/* What was decided on the way, for the top of every output; in order. */
	const char **notes;
	size_t n_notes, cap_notes;
};

struct s2s_policy *s2s_policy_new(void);
void s2s_policy_free(struct s2s_policy *policy);

/* The entry of a call, made if there is none. Valid until the next one is made. */
struct s2s_policy_call *s2s_policy_call(struct s2s_policy *policy,
					const struct s2s_syscall *sc);
const struct s2s_policy_call *s2s_policy_find(const struct s2s_policy *policy,
					      const struct s2s_syscall *sc);
const struct s2s_policy_call *s2s_policy_find_nr(const struct s2s_policy *policy,
						 enum s2s_arch arch, uint32_t nr);
void s2s_policy_remove(struct s2s_policy *policy, const struct s2s_syscall *sc);
/* In place of `action`; once for a call. */
void s2s_policy_add_answer(struct s2s_policy *policy, const struct s2s_syscall *sc,
			   struct s2s_action action);
/* How a known call is stopped that no rule allows. */
struct s2s_action s2s_policy_stops(const struct s2s_policy *policy,
				   const struct s2s_syscall *sc);
/* Copies the rule's sets into the policy's arena. */
void s2s_policy_add_rule(struct s2s_policy *policy, const struct s2s_syscall *sc,
			 const struct s2s_rule *rule);
/* A rule that allows the call whatever its arguments, in place of all it has; it takes
   over their counts and places. */
void s2s_policy_allow_all(struct s2s_policy *policy, const struct s2s_syscall *sc,
			  enum s2s_why why, const char *reason);
/* `rule` takes the place of `gone`: adds its counts and its first place. */
void s2s_rule_absorb(struct s2s_rule *rule, const struct s2s_rule *gone);
void s2s_policy_note(struct s2s_policy *policy, const char *fmt, ...) S2S_PRINTF(2, 3);

/* The verdict of the policy itself on six raw registers: the reference that filters
   are compared with. Wrong architecture and x32 numbers: action; number -1: allowed;
   numbers in no table: unknown. */
struct s2s_action s2s_policy_verdict(const struct s2s_policy *policy,
				     uint32_t audit_arch, uint32_t nr,
				     const uint64_t args[S2S_ARGS_MAX]);

/* Whether it allows the call whatever its arguments. */
bool s2s_rule_is_any(const struct s2s_rule *rule);
/* How many of its calls are allowed with certain arguments only. */
size_t s2s_policy_restricted(const struct s2s_policy *policy);
/* Whether a rule, or the union of rules, allows. */
bool s2s_rule_allows(const struct s2s_rule *rule, const uint64_t args[S2S_ARGS_MAX]);
/* Whether the call is allowed whatever values its unknown arguments and addresses have.
 */
struct s2s_call;
bool s2s_policy_allows_call(const struct s2s_policy *policy,
			    const struct s2s_call *call);

/* Whether all that a allows is allowed by b. Exact. */
bool s2s_policy_subset(const struct s2s_policy *a, const struct s2s_policy *b);
/* Adds all that b allows to a. */
void s2s_policy_union(struct s2s_policy *a, const struct s2s_policy *b);

/* Normal form: rules that lie within another are dropped, rules that differ in one
   argument and are there for the same reason become one where the sets' union says it
   exactly, sorted. Allows exactly what it allowed before; doing it twice changes
   nothing; keeps counts and places. */
void s2s_policy_normalize(struct s2s_policy *policy);
void s2s_policy_normalize_call(struct s2s_policy *policy, struct s2s_policy_call *call);

/* Calls (architecture, number, six registers) at and around every bound of every rule:
   below, at, above each end; upper halves clean, sign-extended and dirty; wrong
   architecture; x32; unknown and negative numbers. fn returns false to stop. */
struct s2s_point {
	uint32_t audit_arch;
	uint32_t nr;
	uint64_t args[S2S_ARGS_MAX];
};
typedef bool s2s_point_fn(void *self, const struct s2s_point *point);
void s2s_policy_points(const struct s2s_policy *policy, s2s_point_fn *fn, void *self);

/* The rule of the call's that misses it by the fewest arguments, and the first argument
   that fails; false where the policy has no rule for the call. */
bool s2s_policy_nearest(const struct s2s_policy *policy, const struct s2s_call *call,
			const struct s2s_rule **ret_rule, int *ret_arg);
