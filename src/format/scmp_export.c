/* SPDX-License-Identifier: MIT */
/* Carries a plan out as the generated C does: libseccomp compiles each filter, the
   programs are joined, the test for unknown numbers goes in front. */
#include "format/scmp.h"

#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>

/* libseccomp asks the running kernel which actions it knows. What counts is the kernel
   that will run the policy; the level is libseccomp's for all actions. */
enum { API_LEVEL = 6 };

static void
release(scmp_filter_ctx *ctx)
{
	if (*ctx)
		seccomp_release(*ctx);
}

uint32_t
s2s_scmp_arch(enum s2s_arch arch)
{
	switch (arch) {
	case S2S_ARCH_X86_64:
		return SCMP_ARCH_X86_64;
	case S2S_ARCH_I386:
		return SCMP_ARCH_X86;
	case S2S_ARCH_AARCH64:
		return SCMP_ARCH_AARCH64;
	}
	return SCMP_ARCH_X86_64;
}

bool
s2s_scmp_arch_from(uint32_t token, enum s2s_arch *ret)
{
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
		if (s2s_scmp_arch((enum s2s_arch)arch) == token) {
			*ret = (enum s2s_arch)arch;
			return true;
		}
	return false;
}

/* The machine that will run the policy. */
static int
set_arch(scmp_filter_ctx ctx, enum s2s_arch arch)
{
	uint32_t native = seccomp_arch_native(), wanted = s2s_scmp_arch(arch);
	int rc = native == wanted ? 0 : seccomp_arch_add(ctx, wanted);

	return rc || native == wanted ? rc : seccomp_arch_remove(ctx, native);
}

struct adder {
	scmp_filter_ctx ctx;
	const struct s2s_syscall *sc;
};

/* Of another machine's calls libseccomp takes the names only, as numbers here. */
static int
number(const struct s2s_syscall *sc)
{
	return seccomp_arch_native() == s2s_scmp_arch(sc->arch)
		   ? (int)sc->nr
		   : seccomp_syscall_resolve_name(sc->name);
}

static int
add(void *self, const struct s2s_scmp_cmp *from, unsigned n)
{
	const struct adder *to = self;
	struct scmp_arg_cmp cmp[S2S_ARGS_MAX];

	for (unsigned i = 0; i < n; i++) {
		const struct s2s_scmp_cmp *c = &from[i];

		if (c->mask == UINT64_MAX)
			cmp[i] =
			    (struct scmp_arg_cmp){c->arg, SCMP_CMP_EQ, c->value, 0};
		else
			cmp[i] = (struct scmp_arg_cmp){c->arg, SCMP_CMP_MASKED_EQ,
						       c->mask, c->value};
	}
	return seccomp_rule_add_exact_array(to->ctx, SCMP_ACT_ALLOW, number(to->sc), n,
					    cmp);
}

static int
add_row(scmp_filter_ctx ctx, const struct s2s_syscall *sc,
	const struct s2s_scmp_row *row)
{
	struct adder adder = {ctx, sc};

	return s2s_scmp_each(row, add, &adder);
}

/* Calls whatever their arguments first, as the tables of the generated C are. */
static int
add_filter(scmp_filter_ctx ctx, const struct s2s_scmp_filter *filter)
{
	int rc = 0;

	for (int bare = 1; bare >= 0; bare--)
		for (size_t i = 0; i < filter->n && rc == 0; i++) {
			const struct s2s_scmp_call *call = &filter->calls[i];

			for (size_t k = 0; k < call->n && rc == 0; k++)
				if ((call->rows[k].n == 0) == bare)
					rc = add_row(ctx, call->call->sc,
						     &call->rows[k]);
		}
	return rc;
}

static void
append(struct s2s_filter *to, const struct sock_filter *insn, size_t n)
{
	if (n == 0)
		return;
	to->insn = s2s_realloc(to->insn, to->n + n, sizeof *insn);
	memcpy(to->insn + to->n, insn, n * sizeof *insn);
	to->n += n;
}

static void
append_others(struct s2s_filter *to, const struct s2s_scmp_filter *filter)
{
	size_t n;
	struct sock_filter *insn = s2s_scmp_others(filter, &n);

	append(to, insn, n);
	free(insn);
}

static int
export_filter(const struct s2s_scmp *plan, size_t j, struct s2s_filter *ret)
{
	uint32_t action = s2s_action_ret(plan->policy->action);
	S2S_CLEANUP(release) scmp_filter_ctx ctx = seccomp_init(action);
	int rc;

	if (!ctx)
		return -ENOMEM;
	rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, action);
	if (rc == 0)
		rc = set_arch(ctx, plan->arch);
	if (rc == 0)
		rc = add_filter(ctx, &plan->filter[j]);
	if (j > 0)
		/* cppcheck-suppress arrayIndexOutOfBoundsCond ; j is below plan->n */
		append_others(ret, &plan->filter[j]);
	return rc ? rc : s2s_scmp_take(ctx, ret);
}

/* What allows so far now only leads to what follows. */
static void
allow_leads_on(struct s2s_filter *program, size_t from)
{
	for (size_t i = from; i < program->n; i++)
		if (program->insn[i].code == (BPF_RET | BPF_K) &&
		    program->insn[i].k == SECCOMP_RET_ALLOW)
			program->insn[i] = (struct sock_filter)BPF_STMT(
			    BPF_JMP | BPF_JA, (uint32_t)(program->n - i - 1));
}

/* Each filter in its order to the first program that has room: few, and filter 0 in
   program 0. */
static void
group(const struct s2s_scmp *plan, const struct s2s_filter *filter,
      struct s2s_scmp_programs *ret)
{
	size_t used[S2S_SCMP_FILTERS];

	ret->n = 0;
	for (size_t j = 0; j < plan->n; j++) {
		size_t to = 0;

		while (to < ret->n && used[to] + filter[j].n > S2S_FILTER_MAX)
			to++;
		if (to == ret->n)
			used[ret->n++] = plan->n_front;
		used[to] += filter[j].n;
		ret->filter_at[j] = to;
	}
}

static void
join(const struct s2s_scmp *plan, const struct s2s_filter *filter,
     struct s2s_scmp_programs *ret)
{
	for (size_t p = 0; p < ret->n; p++) {
		size_t last = SIZE_MAX;

		append(&ret->program[p], plan->front, plan->n_front);
		for (size_t j = 0; j < plan->n; j++) {
			if (ret->filter_at[j] != p)
				continue;
			if (last != SIZE_MAX)
				allow_leads_on(&ret->program[p], last);
			last = ret->program[p].n;
			append(&ret->program[p], filter[j].insn, filter[j].n);
		}
	}
}

static enum s2s_status
too_long(size_t n, const char *more, int limit, const struct s2s_log *log)
{
	s2s_log(log, S2S_LOG_ERROR,
		"libseccomp makes %s%zu instructions of this policy, the kernel takes "
		"%d: --fit or another --level loosens it, --format=bpf needs fewer",
		more, n, limit);
	return S2S_LIMIT;
}

static enum s2s_status
export_all(const struct s2s_scmp *plan, const struct s2s_log *log,
	   struct s2s_filter *filter)
{
	for (size_t j = 0; j < plan->n; j++) {
		int rc = export_filter(plan, j, &filter[j]);

		if (rc != 0) {
			s2s_log(log, S2S_LOG_ERROR,
				"libseccomp refuses the policy: %s%s",
				s2s_scmp_reason(rc),
				plan->arch == S2S_ARCH_X86_64
				    ? ""
				    : "; --format=bpf-c needs no libseccomp");
			return S2S_SYSTEM;
		}
		s2s_log(log, S2S_LOG_DEBUG,
			"libseccomp: filter %zu has %zu instructions", j + 1,
			filter[j].n);
		if (plan->n_front + filter[j].n > S2S_FILTER_MAX)
			return too_long(plan->n_front + filter[j].n, "", S2S_FILTER_MAX,
					log);
	}
	return S2S_OK;
}

/* What to loosen, where one call makes most of it. */
static void
name_largest(const struct s2s_scmp_filter *filter, size_t all,
	     const struct s2s_log *log)
{
	const char *name = "";
	size_t most = 0;

	for (size_t i = 0; i < filter->n; i++) {
		size_t n = s2s_scmp_call_size(&filter->calls[i]);

		if (n > most) {
			most = n;
			name = filter->calls[i].call->sc->name;
		}
	}
	if (most > all / 4)
		s2s_log(log, S2S_LOG_ERROR,
			"%s takes at least %zu instructions: --level-of=%s=LEVEL "
			"loosens it",
			name, most, name);
}

/* Before libseccomp spends its time. */
static enum s2s_status
foresee(const struct s2s_scmp *plan, const struct s2s_log *log)
{
	for (size_t j = 0; j < plan->n; j++) {
		size_t n = plan->n_front + s2s_scmp_size_at_least(&plan->filter[j]);

		if (n > S2S_FILTER_MAX) {
			name_largest(&plan->filter[j], n, log);
			return too_long(n, "at least ", S2S_FILTER_MAX, log);
		}
	}
	return S2S_OK;
}

static void
filters_done(struct s2s_filter *filter)
{
	for (size_t j = 0; j < S2S_SCMP_FILTERS; j++)
		s2s_filter_done(&filter[j]);
}

/* As the kernel counts: each program costs four more. */
static size_t
path_length(const struct s2s_scmp *plan, const struct s2s_filter *filter,
	    const struct s2s_scmp_programs *programs)
{
	size_t n = programs->n * (plan->n_front + 4);

	for (size_t j = 0; j < plan->n; j++)
		n += filter[j].n;
	return n;
}

static bool
notifies(const struct s2s_policy *policy)
{
	return policy->action.kind == S2S_ACTION_NOTIFY ||
	       policy->unknown.kind == S2S_ACTION_NOTIFY;
}

/* Whether the kernel takes all programs together. */
static enum s2s_status
fits_together(const struct s2s_scmp *plan, const struct s2s_filter *filter,
	      const struct s2s_scmp_programs *programs, const struct s2s_log *log)
{
	size_t n = path_length(plan, filter, programs);

	/* A thread can have one listener: what is stopped by another program of a
	   stack would not be reported to it. */
	if (programs->n > 1 && notifies(plan->policy))
		return too_long(n, "", S2S_FILTER_MAX, log);
	if (n > S2S_SCMP_PATH)
		return too_long(n, "", S2S_SCMP_PATH, log);
	return S2S_OK;
}

enum s2s_status
s2s_scmp_export(const struct s2s_scmp *plan, const struct s2s_log *log,
		struct s2s_scmp_programs *ret)
{
	struct s2s_filter filter[S2S_SCMP_FILTERS] = {{0}};
	enum s2s_status status;
	unsigned level;

	*ret = (struct s2s_scmp_programs){0};
	TRY(foresee(plan, log));
	level = seccomp_api_get();
	if (level < API_LEVEL)
		seccomp_api_set(API_LEVEL);
	status = export_all(plan, log, filter);
	if (level < API_LEVEL)
		seccomp_api_set(level);
	if (status == S2S_OK) {
		group(plan, filter, ret);
		status = fits_together(plan, filter, ret, log);
	}
	if (status == S2S_OK)
		join(plan, filter, ret);
	filters_done(filter);
	return status;
}

void
s2s_scmp_programs_done(struct s2s_scmp_programs *programs)
{
	for (size_t i = 0; i < S2S_SCMP_FILTERS; i++)
		s2s_filter_done(&programs->program[i]);
	programs->n = 0;
}
