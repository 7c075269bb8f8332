/* SPDX-License-Identifier: MIT */
/* What a filter does with a call of which only part is known. */
#include "filter/explore.h"

enum { STEPS_MAX = 100000 };

struct jury {
	bool passes, stops, open;
	struct s2s_path_end stopping, other; /* the first ends of the kinds */
};

static bool
hear(void *self, struct s2s_wordsets *ws, const struct s2s_path_end *end)
{
	struct jury *jury = self;
	bool open = end->any_verdict || s2s_verdict_open(end->verdict);
	bool passes = !open && s2s_verdict_passes(end->verdict);

	(void)ws;
	if (!open && !passes && !jury->stops)
		jury->stopping = *end;
	if ((open || passes) && !jury->passes && !jury->open)
		jury->other = *end;
	jury->passes |= passes;
	jury->open |= open;
	jury->stops |= !open && !passes;
	return !jury->stops || !(jury->passes || jury->open);
}

static int
argument_of(int word)
{
	return word < 0 ? -1 : (word - S2S_WORD_ARGS) / 2;
}

static enum s2s_hangs_on
hangs_on(const struct s2s_path_end *end, bool complete)
{
	const uint32_t pointer = 3U << S2S_WORD_IP;
	uint32_t args = end->forked_words >> S2S_WORD_ARGS;

	if (!complete)
		return S2S_HANGS_TOO_LONG;
	if (end->forked_words & pointer)
		return S2S_HANGS_POINTER;
	/* Both words of one argument are one. */
	args = (args | args >> 1) & 0x555;
	return args & (args - 1) ? S2S_HANGS_SEVERAL : S2S_HANGS_ARG;
}

static struct s2s_judged
try(const struct sock_filter *insn, size_t n, const struct s2s_given *given)
{
	struct jury jury = {0};
	struct s2s_explorer explorer = {
	    .insn = insn,
	    .n = n,
	    .given = given,
	    .limit = STEPS_MAX,
	    .end = hear,
	    .self = &jury,
	};
	bool complete = s2s_explore(&explorer);
	const struct s2s_path_end *end = jury.stops ? &jury.stopping : &jury.other;
	struct s2s_judged judged = {.verdict = end->verdict,
				    .arg = argument_of(end->decided_by)};

	if (!jury.passes && !jury.stops && !jury.open)
		return (struct s2s_judged){S2S_OUTCOME_OPEN, SECCOMP_RET_KILL_PROCESS,
					   -1, false, S2S_HANGS_TOO_LONG};
	if (complete && !jury.open && jury.passes != jury.stops) {
		judged.outcome = jury.passes ? S2S_OUTCOME_PASSES : S2S_OUTCOME_STOPPED;
		return judged;
	}
	judged.outcome = S2S_OUTCOME_OPEN;
	/* Either kind of end is enough to stop at: then nothing was too long. */
	judged.hangs_on =
	    hangs_on(end, complete || (jury.stops && (jury.passes || jury.open)));
	if (end->forked_by >= 0)
		judged.arg = argument_of(end->forked_by);
	return judged;
}

static unsigned
width_of(const struct s2s_call *call, int i)
{
	if (i >= call->sc->nargs)
		return 64;
	return call->kind[i] ? call->kind[i]->width : call->sc->arg[i].kind->width;
}

static bool
is_narrow(const struct s2s_call *call, int i)
{
	return call->arg[i].state == S2S_ARG_KNOWN && width_of(call, i) < 64;
}

static void
give_argument(struct s2s_given *given, int i, uint64_t mask, uint64_t value)
{
	int word = S2S_WORD_ARGS + 2 * i;

	given->mask[word] = (uint32_t)mask;
	given->mask[word + 1] = (uint32_t)(mask >> 32);
	given->value[word] = (uint32_t)value;
	given->value[word + 1] = (uint32_t)(value >> 32);
}

static struct s2s_given
given_by(const struct s2s_call *call)
{
	struct s2s_given given = {
	    .mask = {[S2S_WORD_NR] = UINT32_MAX, [S2S_WORD_ARCH] = UINT32_MAX},
	    .value = {[S2S_WORD_NR] = call->sc->nr,
		      [S2S_WORD_ARCH] = s2s_arch_audit(call->sc->arch)},
	};

	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		uint64_t mask = s2s_width_mask(width_of(call, i));

		if (call->arg[i].state == S2S_ARG_KNOWN)
			give_argument(&given, i, mask, call->arg[i].value & mask);
		given.not_null[i] = call->arg[i].state == S2S_ARG_ADDRESS;
	}
	return given;
}

/* With the unused upper halves as C libraries leave them: zero or sign-extended. */
static struct s2s_given
with_upper_halves(const struct s2s_call *call, bool sign_extended)
{
	struct s2s_given given = given_by(call);

	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		uint64_t mask = s2s_width_mask(width_of(call, i));
		uint64_t value = call->arg[i].value & mask;

		if (!is_narrow(call, i))
			continue;
		if (sign_extended && value > mask / 2)
			value |= ~mask;
		give_argument(&given, i, UINT64_MAX, value);
	}
	return given;
}

void
s2s_filter_judge(const struct sock_filter *insn, size_t n, const struct s2s_call *call,
		 struct s2s_judged *ret)
{
	struct s2s_given given = given_by(call), clean, extended;

	*ret = try(insn, n, &given);
	if (ret->outcome != S2S_OUTCOME_OPEN || ret->arg < 0 ||
	    !is_narrow(call, ret->arg))
		return;
	clean = with_upper_halves(call, false);
	extended = with_upper_halves(call, true);
	ret->upper_half = try(insn, n, &clean).outcome != S2S_OUTCOME_OPEN &&
			  try(insn, n, &extended).outcome != S2S_OUTCOME_OPEN;
}
