/* SPDX-License-Identifier: MIT */
/* Any bytes as classic BPF. What the kernel would take is read, printed and judged: the
   diagrams of the proof say for a call what the simulator says; a judgement of a call
   known in part holds for all values of what is not known. */
#include "../unit/random_policy.h"
#include "base/out.h"
#include "filter/prove.h"
#include "fuzz.h"

#include <string.h>

enum { CALLS = 4, VALUES = 6, NODES = 1 << 18, LONGEST = 64 };

static struct s2s_call
random_call(struct rng *rng)
{
	size_t n;
	const struct s2s_syscall *const *all = s2s_syscalls(S2S_ARCH_X86_64, &n);
	struct s2s_call call = {.sc = all[rng_below(rng, n)]};
	static const bool known[S2S_ARGS_MAX];
	static const uint64_t values[S2S_ARGS_MAX];

	s2s_syscall_kinds(call.sc, known, values, call.kind);
	for (int i = 0; i < call.sc->nargs; i++) {
		switch (rng_below(rng, 3)) {
		case 0:
			call.arg[i].state = S2S_ARG_UNKNOWN;
			break;
		case 1:
			call.arg[i].state = S2S_ARG_ADDRESS;
			break;
		default:
			call.arg[i].value =
			    random_value(rng) & s2s_width_mask(call.kind[i]->width);
			call.arg[i].state = S2S_ARG_KNOWN;
		}
	}
	return call;
}

/* One of those that the call may be. */
static struct seccomp_data
random_data(struct rng *rng, const struct s2s_call *call)
{
	struct seccomp_data data = {.nr = (int)call->sc->nr,
				    .arch = s2s_arch_audit(call->sc->arch),
				    .instruction_pointer = random_value(rng)};

	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		uint64_t value = random_value(rng), mask;

		if (i < call->sc->nargs && call->arg[i].state == S2S_ARG_ADDRESS)
			value |= 1;
		if (i < call->sc->nargs && call->arg[i].state == S2S_ARG_KNOWN) {
			mask = s2s_width_mask(call->kind[i]->width);
			value = (value & ~mask) | call->arg[i].value;
		}
		data.args[i] = value;
	}
	return data;
}

static void
check_judged(struct rng *rng, const struct sock_filter *insn, size_t n)
{
	struct s2s_call call = random_call(rng);
	struct s2s_runner runner = {.insn = insn, .n = n};
	struct s2s_judged judged;

	s2s_filter_judge(insn, n, &call, &judged);
	for (int i = 0; i < VALUES; i++) {
		struct seccomp_data data = random_data(rng, &call);
		uint32_t verdict = s2s_filter_run(insn, n, &data, NULL);

		check(s2s_runner_run(&runner, &data) == verdict);
		if (judged.outcome == S2S_OUTCOME_PASSES)
			check(s2s_verdict_passes(verdict));
		if (judged.outcome == S2S_OUTCOME_STOPPED)
			check(!s2s_verdict_passes(verdict) &&
			      !s2s_verdict_open(verdict));
	}
}

/* A computed verdict has a leaf of its own only where it is in the list. */
static void
check_diagram(struct rng *rng, const struct s2s_filter *filter)
{
	uint32_t words[VALUES][S2S_WORDS], verdicts[VALUES], of;
	struct s2s_bdd bdd;

	for (int i = 0; i < VALUES; i++) {
		struct s2s_call call = random_call(rng);
		struct seccomp_data data = random_data(rng, &call);

		memcpy(words[i], &data, sizeof data);
		verdicts[i] = s2s_filter_run(filter->insn, filter->n, &data, NULL);
	}
	s2s_bdd_init(&bdd, NODES);
	of = s2s_bdd_of_filter(&bdd, filter, verdicts, VALUES);
	for (int i = 0; i < VALUES && !bdd.full; i++)
		check(s2s_bdd_leaf(&bdd, of, words[i]) ==
		      s2s_bdd_verdict(&bdd, verdicts[i]));
	s2s_bdd_done(&bdd);
}

static void
check_text(const struct s2s_filter *filter)
{
	struct s2s_generate_options opts = {.format = "bpf-c"};
	struct s2s_bytes text = {0};
	struct s2s_out out;

	s2s_out_memory(&out);
	s2s_filter_print(&out, filter->insn, filter->n);
	check(s2s_out_end(&out) == S2S_OK && out.n > 0);
	s2s_out_done(&out);
	check(s2s_convert("filter", filter->insn, filter->n * sizeof *filter->insn,
			  &(struct s2s_host_options){0}, &opts, NULL, &text,
			  NULL) != S2S_INTERNAL);
	s2s_bytes_free(&text);
}

static void
check_lifted(struct rng *rng, const struct s2s_filter *filter)
{
	struct s2s_call call = random_call(rng);
	struct s2s_arena arena = {0};
	struct s2s_rule *rules;
	size_t n;

	s2s_filter_lift(filter->insn, filter->n, call.sc, &arena, 4, &rules, &n);
	check(n <= 4);
	s2s_arena_done(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rng rng = {fuzz_hash(data, size), NULL, 0};
	struct s2s_filter filter = {NULL, size / sizeof *filter.insn};
	size_t index = 0;
	const char *why = NULL;

	if (filter.n == 0 || filter.n > LONGEST)
		return -1;
	filter.insn = s2s_realloc(NULL, filter.n, sizeof *filter.insn);
	memcpy(filter.insn, data, filter.n * sizeof *filter.insn);
	if (s2s_filter_validate(filter.insn, filter.n, &index, &why) == S2S_OK) {
		for (int i = 0; i < CALLS; i++)
			check_judged(&rng, filter.insn, filter.n);
		check_diagram(&rng, &filter);
		check_lifted(&rng, &filter);
		check_text(&filter);
	} else {
		check(why && index <= filter.n);
	}
	s2s_filter_done(&filter);
	return 0;
}
