/* SPDX-License-Identifier: MIT */
/* What libseccomp is told: rules made of EQ and MASKED_EQ only, in a stack of filters.
   One plan, two executors: c.c writes it as C, scmp_export.c carries it out at once, so
   that sizes are known and the result is checked before anybody relies on it. */
#pragma once

#include "base/arena.h"
#include "base/log.h"
#include "filter/filter.h"
#include "policy/policy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* libseccomp's token for an architecture, and back; false where we have no tables. */
uint32_t s2s_scmp_arch(enum s2s_arch arch);
bool s2s_scmp_arch_from(uint32_t token, enum s2s_arch *ret);

/* lo <= (argument & mask) <= hi. Where the mask is not 2^k-1, lo and hi are the same.
 */
struct s2s_scmp_range {
	uint8_t arg;
	uint64_t mask, lo, hi;
};

/* (argument & mask) == value: what libseccomp takes. All ones: the whole register. */
struct s2s_scmp_cmp {
	uint8_t arg;
	uint64_t mask, value; /* value lies within mask */
};

/* The comparisons, one of which holds for exactly the values of the range: its aligned
   power-of-two blocks. Nothing is written where `to` is NULL. Returns how many. */
enum { S2S_SCMP_BLOCKS = 2 * 64 - 2 };
size_t s2s_scmp_blocks(const struct s2s_scmp_range *range, struct s2s_scmp_cmp *to);
/* How many all intervals of a set are; 1 for any value. */
size_t s2s_scmp_set_blocks(const struct s2s_set *set);
/* Whether no value is in both. */
bool s2s_scmp_disjoint(const struct s2s_set *a, const struct s2s_set *b);

enum {
	S2S_SCMP_STACK =
	    S2S_ARGS_MAX, /* filters at most: one for each range of a call */
	S2S_SCMP_FILTERS = S2S_SCMP_STACK + 16, /* and pieces of long ones */
	S2S_SCMP_PATH = 32768, /* instructions of all programs that the kernel takes */
};

/* A line of the table: all ranges must hold. Each combination of their blocks is one
   seccomp_rule_add(). */
struct s2s_scmp_row {
	const struct s2s_rule *rule; /* what it is made from */
	bool dropped;                /* while a plan is made: another says it */
	uint8_t n;                   /* 0: whatever the arguments */
	struct s2s_scmp_range range[S2S_ARGS_MAX];
};
/* Calls fn for each, the last range's blocks turning fastest, until it returns other
   than 0; returns what it returned last. */
typedef int s2s_scmp_fn(void *self, const struct s2s_scmp_cmp *cmp, unsigned n);
int s2s_scmp_each(const struct s2s_scmp_row *row, s2s_scmp_fn *fn, void *self);

/* The rows of one call in one filter. */
struct s2s_scmp_call {
	const struct s2s_policy_call *call;
	struct s2s_scmp_row *rows; /* in the plan's arena; those of a rule together */
	size_t n;
	uint8_t rules_in; /* of filter 0: where its rules are, if not here; else 0 */
};

/* One libseccomp context. Filter 0 has all calls of the policy; the others have those
   on which they have something to say, and let all else go on. */
struct s2s_scmp_filter {
	struct s2s_scmp_call *calls; /* in the policy's order */
	size_t n;
	bool whole_rules; /* filter 0 or a piece of it, not further ranges */
};

struct s2s_scmp {
	struct s2s_arena arena;
	const struct s2s_policy *policy;
	enum s2s_arch arch; /* the only one of the policy */
	struct s2s_scmp_filter filter[S2S_SCMP_FILTERS];
	size_t n;
	/* The test for numbers that are in no table of ours, in front of every program.
	 */
	struct sock_filter *front;
	size_t n_front;
};

/* S2S_LIMIT where no stack within the kernel's limits can say it, S2S_USAGE where
   libseccomp cannot; a message was logged. s2s_scmp_done() in either case. */
enum s2s_status s2s_scmp_plan(const struct s2s_policy *policy,
			      const struct s2s_log *log, struct s2s_scmp *ret);
void s2s_scmp_done(struct s2s_scmp *plan);
/* Cuts long filters in pieces. */
void s2s_scmp_divide(struct s2s_scmp *plan);
/* Gives the rules of a call filters of their own; false where they have them, or where
   there is no room for more. */
bool s2s_scmp_separate(struct s2s_scmp *plan, const struct s2s_syscall *sc);
/* The call that installs a filter is never spread nor cut off: filter 0 decides on it,
   and the others, which may be programs of their own, let it go on. */
bool s2s_scmp_installs(const struct s2s_syscall *sc);

/* Numbers that the kernel of our tables does not have, ascending; the last interval
   ends at UINT32_MAX. Bit 30 and -1 are not its business. */
struct s2s_scmp_gap {
	uint32_t lo, hi;
};
struct s2s_scmp_gap *s2s_scmp_gaps(struct s2s_arena *arena, enum s2s_arch arch,
				   size_t *ret_n);
void s2s_scmp_make_front(struct s2s_scmp *plan);
/* The next call that is stopped otherwise than others, whatever its arguments: two
   instructions at the end of the front. *at begins with 0; false behind the last. */
bool s2s_scmp_answers(const struct s2s_scmp *plan, size_t *at,
		      const struct s2s_policy_answer **ret);
/* What stands before what libseccomp makes of a filter other than filter 0: calls that
   it does not have go on. Heap array of n. */
struct sock_filter *s2s_scmp_others(const struct s2s_scmp_filter *filter,
				    size_t *ret_n);

/* What will be installed: the filters joined into as few programs as the kernel takes.
   filter_at[i]: which program filter i went to. Program 0 holds filter 0, which is all
   that the policy says but for ranges, and is installed last. */
struct s2s_scmp_programs {
	struct s2s_filter program[S2S_SCMP_FILTERS];
	size_t n;
	size_t filter_at[S2S_SCMP_FILTERS];
};
/* How many instructions a filter, and a call in it, has at least. */
size_t s2s_scmp_call_size(const struct s2s_scmp_call *call);
size_t s2s_scmp_size_at_least(const struct s2s_scmp_filter *filter);
/* Appends the program that libseccomp makes of its context. 0 or -errno. */
int s2s_scmp_take(void *ctx, struct s2s_filter *ret);
/* What such an error means. */
const char *s2s_scmp_reason(int rc);
/* S2S_LIMIT where a filter alone is too long for the kernel; a message was logged. */
enum s2s_status s2s_scmp_export(const struct s2s_scmp *plan, const struct s2s_log *log,
				struct s2s_scmp_programs *ret);
/* Whether the programs together say what the policy says, on every point of it and on
   points that mix rules. S2S_INTERNAL if not, and the first difference is logged or,
   where ret_wrong is given, the call that it is about returned. */
enum s2s_status s2s_scmp_check(const struct s2s_scmp_programs *programs,
			       const struct s2s_scmp *plan, const struct s2s_log *log,
			       const struct s2s_syscall **ret_wrong);
/* Export and check; calls that libseccomp gets wrong beside others are separated. */
enum s2s_status s2s_scmp_compile(struct s2s_scmp *plan, const struct s2s_log *log,
				 struct s2s_scmp_programs *ret);
void s2s_scmp_programs_done(struct s2s_scmp_programs *programs);
