/* SPDX-License-Identifier: MIT */
/* Policy to classic BPF: compile, simulate, disassemble, check, and what a filter does
   with calls that are known in part. Reads any filter, whoever made it. */
#pragma once

#include "base/log.h"
#include "base/out.h"
#include "base/status.h"
#include "kernel/call.h"
#include "policy/policy.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>

enum { S2S_FILTER_MAX = 4096 }; /* BPF_MAXINSNS, include/uapi/linux/bpf_common.h */

struct s2s_filter {
	struct sock_filter *insn; /* heap */
	size_t n;                 /* may exceed S2S_FILTER_MAX: whoever loads it asks */
};
void s2s_filter_done(struct s2s_filter *filter);

/* What is worth more: that few instructions run, or that there are few. */
#define S2S_GOALS(X)      \
	X(SPEED, "speed") \
	X(SIZE, "size")

enum s2s_goal {
#define X(id, name) S2S_GOAL_##id,
	S2S_GOALS(X)
#undef X
};

/* Compiles; never fails. The result is exact. What is allowed whatever its arguments
   is reached by loads of number and architecture only (the kernel caches it). */
void s2s_filter_compile(const struct s2s_policy *policy, enum s2s_goal goal,
			struct s2s_filter *ret);

/* What kernel/seccomp.c's checker and bpf_check_classic() demand: S2S_SYNTAX and a
   static sentence with the instruction's index where the kernel would refuse it. */
enum s2s_status s2s_filter_validate(const struct sock_filter *insn, size_t n,
				    size_t *ret_index, const char **ret_why);

/* Runs a valid filter as the kernel does. *ret_steps (may be NULL): instructions. */
uint32_t s2s_filter_run(const struct sock_filter *insn, size_t n,
			const struct seccomp_data *data, unsigned *ret_steps);

/* A valid filter that many calls are run through: what number and architecture lead to
   is gone through once for those in turn that share them. */
struct s2s_machine {
	uint32_t word[sizeof(struct seccomp_data) / sizeof(uint32_t)];
	uint32_t a, x, mem[BPF_MEMWORDS];
	size_t pc;
	unsigned steps;
};
struct s2s_runner {
	const struct sock_filter *insn;
	size_t n;
	bool begun, ends; /* the runner's own, from here on */
	uint32_t verdict;
	struct s2s_machine head;
};
uint32_t s2s_runner_run(struct s2s_runner *runner, const struct seccomp_data *data);

/* The strictest of several verdicts, as the kernel orders them. */
uint32_t s2s_verdict_strictest(uint32_t a, uint32_t b);
bool s2s_verdict_passes(uint32_t verdict); /* ALLOW, LOG */
bool s2s_verdict_open(uint32_t verdict);   /* TRACE, NOTIFY: somebody else decides */

/* "KILL_PROCESS", "ERRNO(EPERM)", "TRACE(7)", …, a number where the kernel has no such
   verdict. */
void s2s_verdict_print(struct s2s_out *out, uint32_t verdict);

/* Compares a valid filter with the policy: on every boundary point of the policy, then
   for all calls there are. S2S_INTERNAL and a point that differs. Where the proof would
   take too long, the ends of what leads along each path of the filter are compared in
   its place. */
struct s2s_check {
	size_t points; /* that were compared */
	bool proven;
	struct s2s_point differs;
	uint32_t filter_says, policy_says;
};
enum s2s_status s2s_filter_check(const struct s2s_policy *policy,
				 const struct s2s_filter *filter,
				 struct s2s_check *ret);

/* One line an instruction: index, mnemonic, jump targets, with the names of calls,
   architectures and verdicts. */
void s2s_filter_print(struct s2s_out *out, const struct sock_filter *insn, size_t n);

/* The verdicts that are possible for a call known in part: unknown arguments are any
   value, addresses any but 0, upper halves of arguments narrower than 64 bits any. */
enum s2s_outcome { S2S_OUTCOME_PASSES, S2S_OUTCOME_STOPPED, S2S_OUTCOME_OPEN };
/* What an OPEN outcome hangs on. */
enum s2s_hangs_on {
	S2S_HANGS_ARG,      /* s2s_judged.arg */
	S2S_HANGS_POINTER,  /* the instruction pointer */
	S2S_HANGS_SEVERAL,  /* arithmetic with several arguments */
	S2S_HANGS_TOO_LONG, /* more paths than anybody would wait for */
};
struct s2s_judged {
	enum s2s_outcome
	    outcome;      /* OPEN: hangs on what is not known, or TRACE, NOTIFY */
	uint32_t verdict; /* one that is possible; of the stopping ones if any */
	int arg; /* OPEN or STOPPED: an argument that decided, -1: none (number, arch)
		  */
	bool
	    upper_half; /* OPEN: hangs on the unused upper half of that argument only */
	enum s2s_hangs_on hangs_on;
};
void s2s_filter_judge(const struct sock_filter *insn, size_t n,
		      const struct s2s_call *call, struct s2s_judged *ret);

/* What a filter lets pass of one system call, as at most max_rules rules in the arena,
   for messages that name what was near: what a set cannot say is any value there. */
void s2s_filter_lift(const struct sock_filter *insn, size_t n,
		     const struct s2s_syscall *sc, struct s2s_arena *arena,
		     size_t max_rules, struct s2s_rule **ret_rules,
		     size_t *ret_n_rules);
