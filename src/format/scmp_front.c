/* SPDX-License-Identifier: MIT */
/* The test in front: numbers that our tables do not know get their own answer, so that
   a newer C library falls back to an older call. libseccomp cannot say that: its
   default would answer known calls with wrong arguments too. */
#include "format/scmp.h"

#include <assert.h>
#include <linux/audit.h>

struct s2s_scmp_gap *
s2s_scmp_gaps(struct s2s_arena *arena, enum s2s_arch arch, size_t *ret_n)
{
	size_t n;
	const struct s2s_syscall *const *sc = s2s_syscalls(arch, &n);
	struct s2s_scmp_gap *gap = s2s_arena_alloc(arena, (n + 1) * sizeof *gap);
	uint32_t next = 0;

	*ret_n = 0;
	for (size_t i = 0; i < n; i++) {
		if (sc[i]->nr > next)
			gap[(*ret_n)++] = (struct s2s_scmp_gap){next, sc[i]->nr - 1};
		next = sc[i]->nr + 1;
	}
	gap[(*ret_n)++] = (struct s2s_scmp_gap){next, UINT32_MAX};
	return gap;
}

/* Jumps name their target in the program; `end` is what follows the front. */
static struct sock_filter
jump(uint16_t how, uint32_t k, size_t at, size_t yes, size_t no)
{
	return (struct sock_filter)BPF_JUMP(
	    BPF_JMP | how | BPF_K, k, (uint8_t)(yes - at - 1), (uint8_t)(no - at - 1));
}

bool
s2s_scmp_answers(const struct s2s_scmp *plan, size_t *at,
		 const struct s2s_policy_answer **ret)
{
	const struct s2s_policy *policy = plan->policy;

	while (*at < policy->n_answers) {
		*ret = &policy->answers[(*at)++];
		if ((*ret)->sc->arch == plan->arch &&
		    !s2s_policy_find(policy, (*ret)->sc))
			return true;
	}
	return false;
}

/* Behind the rest of the front, where a known number goes on; what other architectures
   and x32 bring along is no such number. */
static size_t
put_answers(const struct s2s_scmp *plan, struct sock_filter *f)
{
	const struct s2s_policy_answer *answer;
	size_t n = 0;

	for (size_t at = 0; s2s_scmp_answers(plan, &at, &answer); n += 2) {
		f[n] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
						    answer->sc->nr, 0, 1);
		f[n + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
							s2s_action_ret(answer->action));
	}
	return n;
}

void
s2s_scmp_make_front(struct s2s_scmp *plan)
{
	size_t gaps, at = 0;
	const struct s2s_scmp_gap *gap = s2s_scmp_gaps(&plan->arena, plan->arch, &gaps);
	bool has_x32 = plan->arch == S2S_ARCH_X86_64;
	size_t end = 4 + has_x32 + (2 * gaps - 1) + 3, allow = end - 2,
	       unknown = end - 1;
	struct sock_filter *f = s2s_arena_alloc(
	    &plan->arena, (end + 2 * plan->policy->n_answers) * sizeof *f);

	assert(end < UINT8_MAX);
	f[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					       offsetof(struct seccomp_data, arch));
	f[at] = jump(BPF_JEQ, s2s_arch_audit(plan->arch), at, at + 1, end), at++;
	f[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					       offsetof(struct seccomp_data, nr));
	f[at] = jump(BPF_JEQ, UINT32_MAX, at, allow, at + 1), at++;
	if (has_x32)
		f[at] = jump(BPF_JSET, S2S_X32_BIT, at, end, at + 1), at++;
	for (size_t i = gaps; i-- > 0;) {
		if (gap[i].hi != UINT32_MAX)
			f[at] = jump(BPF_JGE, gap[i].hi + 1, at, end, at + 1), at++;
		f[at] = jump(BPF_JGE, gap[i].lo, at, unknown, at + 1), at++;
	}
	f[at++] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 2);
	f[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	f[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
					       s2s_action_ret(plan->policy->unknown));
	assert(at == end);
	plan->front = f;
	plan->n_front = end + put_answers(plan, f + end);
}

static struct sock_filter *
put(struct sock_filter *to, uint16_t code, uint8_t no, uint32_t k)
{
	*to = (struct sock_filter)BPF_JUMP(code, k, 0, no);
	return to + 1;
}

struct sock_filter *
s2s_scmp_others(const struct s2s_scmp_filter *filter, size_t *ret_n)
{
	size_t n = 2 + 2 * filter->n;
	struct sock_filter *insn = s2s_realloc(NULL, n, sizeof *insn), *to = insn;

	to = put(to, BPF_LD | BPF_W | BPF_ABS, 0, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < filter->n; i++) {
		to = put(to, BPF_JMP | BPF_JEQ | BPF_K, 1,
			 filter->calls[i].call->sc->nr);
		to = put(to, BPF_JMP | BPF_JA, 0, (uint32_t)(insn + n - to - 1));
	}
	put(to, BPF_RET | BPF_K, 0, SECCOMP_RET_ALLOW);
	*ret_n = n;
	return insn;
}
