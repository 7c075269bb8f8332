/* SPDX-License-Identifier: MIT */
/* The programs that are installed: the filters, with a test in front that lets the
   launcher's own exec pass, and with verdicts rewritten so that somebody is asked. */
#include "enforce/enforce.h"

#include "base/arena.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>

/* The launcher's number is in the sixth argument of calls that take fewer. What it
   calls is exec, and seccomp() to install what comes after the first program. */
enum { COOKIE_ARG = 5, COOKIE_LOW = 6, COOKIE_HIGH = 8 };

#define ARG_WORD(i, half) \
	((uint32_t)(offsetof(struct seccomp_data, args) + 8 * (i) + 4 * (half)))

static const struct sock_filter front[] = {
    {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, arch)},
    {BPF_JMP | BPF_JEQ | BPF_K, 0, 8, S2S_AUDIT_ARCH_NATIVE},
    {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
    {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, SYS_execve},
    {BPF_JMP | BPF_JEQ | BPF_K, 0, 5, SYS_seccomp},
    {BPF_LD | BPF_W | BPF_ABS, 0, 0, ARG_WORD(COOKIE_ARG, 0)},
    {BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0},
    {BPF_LD | BPF_W | BPF_ABS, 0, 0, ARG_WORD(COOKIE_ARG, 1)},
    {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0},
    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    /* A filter may rely on how the kernel begins; this way its cache follows, too. */
    {BPF_ALU | BPF_AND | BPF_K, 0, 0, 0},
};

/* Where a tracer is asked, it must be the reporter. A process that was cloned with
   CLONE_UNTRACED has none, so that another of the command's could take it, and let what
   the filters reject pass. Those that the reporter traces nobody can take anyway. */
enum { PTRACE_COMPAT = 26 /* of i386 and of ARM */, PTRACE_X32 = 521 };

static const struct sock_filter guard[] = {
    {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, arch)},
    {BPF_JMP | BPF_JEQ | BPF_K, 0, 3, S2S_AUDIT_ARCH_NATIVE},
    {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
    {BPF_JMP | BPF_JEQ | BPF_K, 5, 0, SYS_ptrace},
    {BPF_JMP | BPF_JEQ | BPF_K, 4, 3, S2S_X32_BIT | PTRACE_X32},
    {BPF_JMP | BPF_JEQ | BPF_K, 0, 2, S2S_AUDIT_ARCH_COMPAT},
    {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
    {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, PTRACE_COMPAT},
    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_TRACE},
};

bool
s2s_programs_guards(const struct seccomp_data *data)
{
	return s2s_filter_run(guard, S2S_ARRAY_SIZE(guard), data, NULL) ==
	       SECCOMP_RET_TRACE;
}

void
s2s_programs_done(struct s2s_programs *programs)
{
	for (size_t i = 0; i < programs->n; i++)
		s2s_filter_done(&programs->program[i]);
	free(programs->program);
	*programs = (struct s2s_programs){0};
}

uint32_t
s2s_enforce_verdict(const struct s2s_filter *filters, size_t n,
		    const struct seccomp_data *data)
{
	uint32_t verdict = SECCOMP_RET_ALLOW;

	for (size_t i = 0; i < n; i++)
		verdict = s2s_verdict_strictest(
		    verdict, s2s_filter_run(filters[i].insn, filters[i].n, data, NULL));
	return verdict;
}

bool
s2s_enforce_allows_exec(const struct s2s_filter *filters, size_t n)
{
	struct s2s_call call = {
	    .sc = s2s_syscall_by_name(S2S_ARCH_NATIVE, SV("execve")), .pid = -1};

	for (int i = 0; i < call.sc->nargs; i++) {
		call.arg[i].state = S2S_ARG_ADDRESS;
		call.kind[i] = call.sc->arg[i].kind;
	}
	for (size_t i = 0; i < n; i++) {
		struct s2s_judged judged;

		s2s_filter_judge(filters[i].insn, filters[i].n, &call, &judged);
		if (judged.outcome != S2S_OUTCOME_PASSES)
			return false;
	}
	return true;
}

static uint32_t
rewritten(uint32_t verdict, enum s2s_rewrite rewrite)
{
	switch (rewrite) {
	case S2S_REWRITE_NOTHING:
		return verdict;
	case S2S_REWRITE_TO_TRACE:
		switch (verdict & SECCOMP_RET_ACTION_FULL) {
		case SECCOMP_RET_ERRNO:
		case SECCOMP_RET_TRACE:
		case SECCOMP_RET_USER_NOTIF:
			return SECCOMP_RET_TRACE;
		}
		return verdict;
	case S2S_REWRITE_TO_NOTIFY:
		return s2s_verdict_passes(verdict) ? verdict : SECCOMP_RET_USER_NOTIF;
	}
	return verdict;
}

static void
append(struct s2s_filter *to, const struct sock_filter *insn, size_t n)
{
	to->insn = s2s_realloc(to->insn, to->n + n, sizeof *to->insn);
	memcpy(to->insn + to->n, insn, n * sizeof *insn);
	to->n += n;
}

static void
append_rewritten(struct s2s_filter *to, const struct s2s_filter *filter,
		 enum s2s_rewrite rewrite)
{
	size_t at = to->n;

	append(to, filter->insn, filter->n);
	for (size_t i = at; i < to->n; i++)
		if (to->insn[i].code == (BPF_RET | BPF_K))
			to->insn[i].k = rewritten(to->insn[i].k, rewrite);
}

/* Where the piece that begins at `at` lets a call pass, what follows it goes on. */
static void
lead_on(struct s2s_filter *to, size_t at)
{
	static const struct sock_filter clean[] = {
	    {BPF_LD | BPF_W | BPF_IMM, 0, 0, 0},
	    {BPF_MISC | BPF_TAX, 0, 0, 0},
	};

	for (size_t i = at; i < to->n; i++)
		if (to->insn[i].code == (BPF_RET | BPF_K) &&
		    s2s_verdict_passes(to->insn[i].k))
			to->insn[i] = (struct sock_filter){BPF_JMP | BPF_JA, 0, 0,
							   (uint32_t)(to->n - i - 1)};
	append(to, clean, S2S_ARRAY_SIZE(clean));
}

/* Whether a verdict can be none that stands in an instruction: what was computed, and
   the 0 of a division by zero. */
static bool
has_other_verdicts(const struct s2s_filter *filter)
{
	for (size_t i = 0; i < filter->n; i++)
		switch (filter->insn[i].code) {
		case BPF_RET | BPF_A:
		case BPF_ALU | BPF_DIV | BPF_X:
		case BPF_ALU | BPF_MOD | BPF_X:
			return true;
		}
	return false;
}

/* All filters in one program. */
static enum s2s_status
chain(const struct s2s_filter *filters, size_t n, struct s2s_programs *ret)
{
	struct s2s_filter *program = &ret->program[0];

	ret->n = 1;
	if (ret->cookie)
		append(program, front, S2S_ARRAY_SIZE(front));
	for (size_t i = 0; i < n; i++) {
		size_t at = program->n;

		if (has_other_verdicts(&filters[i]))
			return S2S_USAGE;
		append_rewritten(program, &filters[i], S2S_REWRITE_TO_NOTIFY);
		if (i + 1 < n)
			lead_on(program, at);
	}
	return program->n <= S2S_FILTER_MAX ? S2S_OK : S2S_LIMIT;
}

static bool
asks_tracer(const struct s2s_filter *program)
{
	for (size_t i = 0; i < program->n; i++)
		if (program->insn[i].code == (BPF_RET | BPF_A) ||
		    (program->insn[i].code == (BPF_RET | BPF_K) &&
		     (program->insn[i].k & SECCOMP_RET_ACTION_FULL) ==
			 SECCOMP_RET_TRACE))
			return true;
	return false;
}

/* It is installed first: it lets the launcher install the others. */
static void
put_guard_first(struct s2s_programs *programs)
{
	memmove(&programs->program[1], &programs->program[0],
		programs->n++ * sizeof *programs->program);
	programs->program[0] = (struct s2s_filter){0};
	append(&programs->program[0], guard, S2S_ARRAY_SIZE(guard));
}

enum s2s_status
s2s_programs_make(const struct s2s_filter *filters, size_t n, enum s2s_rewrite rewrite,
		  struct s2s_programs *ret)
{
	*ret = (struct s2s_programs){
	    .program = s2s_realloc(NULL, n + 1, sizeof *ret->program)};
	memset(ret->program, 0, (n + 1) * sizeof *ret->program);
	ret->cookie = !s2s_enforce_allows_exec(filters, n) ||
		      (n > 1 && rewrite != S2S_REWRITE_TO_NOTIFY);
	if (rewrite == S2S_REWRITE_TO_NOTIFY)
		return chain(filters, n, ret);
	for (ret->n = 0; ret->n < n;) {
		struct s2s_filter *program = &ret->program[ret->n++];

		if (ret->cookie)
			append(program, front, S2S_ARRAY_SIZE(front));
		append_rewritten(program, &filters[ret->n - 1], rewrite);
		if (program->n > S2S_FILTER_MAX)
			return S2S_LIMIT;
		ret->asks_tracer = ret->asks_tracer || asks_tracer(program);
	}
	ret->asks_tracer = ret->asks_tracer && rewrite == S2S_REWRITE_TO_TRACE;
	if (ret->asks_tracer)
		put_guard_first(ret);
	return S2S_OK;
}

void
s2s_programs_set_cookie(struct s2s_programs *programs, uint64_t cookie)
{
	for (size_t i = programs->asks_tracer; programs->cookie && i < programs->n;
	     i++) {
		programs->program[i].insn[COOKIE_LOW].k = (uint32_t)cookie;
		programs->program[i].insn[COOKIE_HIGH].k = (uint32_t)(cookie >> 32);
	}
}
