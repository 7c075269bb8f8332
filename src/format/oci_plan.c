/* SPDX-License-Identifier: MIT */
/* Which entries a profile needs. libseccomp compiles them in the runtime, so that only
   EQ and MASKED_EQ are used (scmp.h); a range is its aligned blocks, and where several
   arguments would multiply too many, the widest is loosened. */
#include "format/c_text.h"
#include "format/names.h"
#include "format/oci.h"
#include "format/oci_read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

const size_t s2s_oci_most[S2S_OCI_TRIES] = {256, 64, 16, 4, 1};
/* More of them hardly fit, and libseccomp's time grows with their square. */
enum { ENTRIES_MAX = 1000 };

static size_t
entries_of(const struct s2s_rule *rule, int *ret_widest)
{
	size_t n = 1, most = 0;

	for (int a = 0; a < S2S_ARGS_MAX; a++) {
		size_t blocks = s2s_scmp_set_blocks(&rule->arg[a]);

		if (blocks > most) {
			most = blocks;
			*ret_widest = a;
		}
		n = blocks && n > SIZE_MAX / blocks ? SIZE_MAX : n * blocks;
	}
	return n;
}

/* Each interval as the one block that holds it; where they are that already, any. */
static struct s2s_set
looser(struct s2s_arena *arena, const struct s2s_set *set)
{
	struct s2s_interval *iv = s2s_realloc(NULL, set->n, sizeof *iv);
	struct s2s_set ret;

	for (size_t i = 0; i < set->n; i++) {
		uint64_t lo = set->iv[i].lo, hi = set->iv[i].hi, within = 0;

		while ((lo & ~within) != (hi & ~within))
			within = within << 1 | 1;
		iv[i] = (struct s2s_interval){lo & ~within, (lo | within) & set->mask};
	}
	ret = s2s_set_make(arena, set->mask, iv, set->n);
	free(iv);
	return s2s_set_equal(&ret, set) ? s2s_set_any() : ret;
}

/* The names, with at most so many entries for each rule. */
static struct s2s_policy *
loosened(const struct s2s_policy *policy, size_t most, size_t *ret_wider)
{
	struct s2s_policy *named = s2s_by_name(policy);

	*ret_wider = 0;
	for (size_t i = 0; i < named->n; i++)
		for (size_t k = 0; k < named->calls[i].n; k++) {
			struct s2s_rule *rule = &named->calls[i].rules[k];
			bool wider = false;
			int widest = 0;

			while (entries_of(rule, &widest) > most) {
				rule->arg[widest] =
				    looser(&named->arena, &rule->arg[widest]);
				wider = true;
			}
			*ret_wider += wider;
		}
	s2s_policy_normalize(named);
	return named;
}

/* ---- entries ---- */

static bool
too_large(const struct s2s_scmp_cmp *cmp)
{
	return cmp->value > INT64_MAX ||
	       (cmp->mask > INT64_MAX && cmp->mask != UINT64_MAX);
}

static void
add_entry(struct s2s_oci *oci, const struct s2s_oci_language *language,
	  struct s2s_oci_entry entry)
{
	for (uint8_t i = 0; i < entry.n && language->signed_values; i++)
		if (too_large(&entry.cmp[i])) {
			entry.cmp[i].mask &= INT64_MAX;
			entry.cmp[i].value &= INT64_MAX;
			oci->loss.wider += oci->counted != entry.rule;
			oci->counted = entry.rule;
		}
	s2s_grow(oci->entry, oci->n, oci->cap);
	oci->entry[oci->n++] = entry;
}

/* Each combination of the blocks of the arguments from `arg` on. */
static void
add_blocks(struct s2s_oci *oci, const struct s2s_oci_language *language,
	   struct s2s_oci_entry *entry, uint8_t arg)
{
	const struct s2s_set *set = &entry->rule->arg[arg];
	struct s2s_scmp_cmp blocks[S2S_SCMP_BLOCKS];

	if (arg == S2S_ARGS_MAX) {
		add_entry(oci, language, *entry);
		entry->first = false;
		return;
	}
	if (s2s_set_is_any(set)) {
		add_blocks(oci, language, entry, arg + 1);
		return;
	}
	for (size_t i = 0; i < set->n; i++) {
		struct s2s_scmp_range range = {arg, set->mask, set->iv[i].lo,
					       set->iv[i].hi};
		size_t n = s2s_scmp_blocks(&range, blocks);

		for (size_t b = 0; b < n; b++) {
			entry->cmp[entry->n++] = blocks[b];
			add_blocks(oci, language, entry, arg + 1);
			entry->n--;
		}
	}
}

void
s2s_oci_entries(struct s2s_oci *oci, const struct s2s_oci_language *language)
{
	oci->n = 0;
	for (size_t i = 0; i < oci->listed->n; i++) {
		const struct s2s_policy_call *call = &oci->listed->calls[i];

		for (size_t k = 0; k < call->n; k++) {
			struct s2s_oci_entry entry = {
			    call, &call->rules[k], true, false, 0, {{0}}};

			add_blocks(oci, language, &entry, 0);
		}
	}
}

/* ---- what cannot be said ---- */

/* A call of i386 that the policy stops, and not its other form: a list cannot. */
static bool
stops_one_form(const struct s2s_policy *policy)
{
	size_t n;
	const struct s2s_syscall *const *sc = s2s_syscalls(S2S_ARCH_I386, &n), *other;

	for (size_t i = 0; i < n; i++)
		if (policy->arches >> S2S_ARCH_I386 & 1 &&
		    s2s_syscall_through(S2S_ARCH_I386, sv_from(sc[i]->name), &other) &&
		    !s2s_policy_find(policy, sc[i]) && s2s_policy_find(policy, other))
			return true;
	return false;
}

/* Whether the answer to unknown numbers as the default would let pass what the policy
   stops. */
static bool
lets_pass(const struct s2s_policy *policy)
{
	return s2s_verdict_passes(s2s_action_ret(policy->unknown)) &&
	       (s2s_restricted_rules(policy) > 0 || stops_one_form(policy));
}

/* A profile has one default. Numbers that no table knows can only get that, so it is
   what they are to get; known calls that are not allowed are then listed. */
static enum s2s_status
choose_default(struct s2s_oci *oci, const struct s2s_oci_language *language,
	       const struct s2s_format_options *opts)
{
	const struct s2s_policy *said = oci->policy;

	oci->fallback =
	    language->default_errno && !lets_pass(said) ? said->unknown : said->action;
	if (oci->fallback.kind == S2S_ACTION_ERRNO && !language->default_errno)
		oci->fallback.data = EPERM;
	oci->lists_forbidden = !s2s_same_action(oci->fallback, said->action);
	if (oci->fallback.kind != S2S_ACTION_NOTIFY)
		return S2S_OK;
	s2s_log(opts->log, S2S_LOG_ERROR,
		"--format=%s: container runtimes refuse notify as the default action; "
		"%s must be another",
		opts->format, language->default_errno ? "--unknown" : "--action");
	return S2S_USAGE;
}

static void
say_answers(struct s2s_oci *oci)
{
	struct s2s_out fallback;
	size_t n = 0;

	s2s_out_memory(&fallback);
	s2s_c_action_text(&fallback, oci->fallback);
	for (size_t i = 0; i < oci->listed->n; i++) {
		const struct s2s_policy_call *call = &oci->listed->calls[i];

		n += !s2s_rule_is_any(&call->rules[0]) &&
		     !s2s_same_action(s2s_policy_stops(oci->policy, call->sc),
				      oci->fallback);
	}
	if (n)
		s2s_loss_add(&oci->loss,
			     "%zu call%s with other arguments than the policy's get%s "
			     "the default answer, %.*s, since a profile cannot say "
			     "another beside that for unknown calls (--unknown).",
			     n, n == 1 ? "" : "s", n == 1 ? "s" : "", (int)fallback.n,
			     fallback.p);
	if (!s2s_same_action(oci->fallback, oci->policy->unknown))
		s2s_loss_add(&oci->loss,
			     "Calls newer than our tables get %.*s: the default answer "
			     "is the only one that a profile has for them.",
			     (int)fallback.n, fallback.p);
	s2s_out_done(&fallback);
}

static void
say_all(struct s2s_oci *oci, size_t rules, size_t most)
{
	char why[200];

	snprintf(why, sizeof why,
		 "what a profile compares are aligned blocks, and at most %zu for a "
		 "rule fit",
		 most);
	oci->loss.wider += rules;
	if (rules)
		s2s_loss_wider(&oci->loss, why);
	else
		s2s_loss_wider(&oci->loss, "numbers above 2^63-1 cannot be written");
	s2s_loss_arches(&oci->loss, oci->policy, false);
	say_answers(oci);
	s2s_loss_new_names(&oci->loss, oci->listed, "A runtime");
	s2s_loss_remark(&oci->loss,
			"Of other architectures and x32 a runtime kills the thread, "
			"whatever this profile says.");
	if (oci->said->action.kind == S2S_ACTION_NOTIFY)
		s2s_loss_remark(&oci->loss, "The action notify needs \"listenerPath\" "
					    "in the container's configuration.");
}

/* ---- whether it fits, and says what it should ---- */

/* What the runtime will load. */
static enum s2s_status
compile(const struct s2s_oci *oci, const struct s2s_log *log, struct s2s_filter *ret)
{
	S2S_CLEANUP(s2s_oci_profile_done) struct s2s_oci_profile profile = {0};
	struct s2s_out text;
	enum s2s_status status;

	s2s_out_memory(&text);
	s2s_oci_write(&text, oci, true);
	status = s2s_oci_parse(s2s_out_text(&text), "the profile", NULL, log, &profile);
	if (status == S2S_OK)
		status = s2s_oci_compile(&profile, log, ret);
	s2s_out_done(&text);
	return status == S2S_OK ? S2S_OK : S2S_INTERNAL;
}

void
s2s_oci_list(struct s2s_oci *oci, size_t most, size_t *ret_wider)
{
	s2s_policy_free(oci->listed);
	s2s_policy_free(oci->said);
	oci->listed = loosened(oci->policy, most, ret_wider);
	oci->said = s2s_by_name_said(oci->listed, oci->listed->arches);
}

static enum s2s_status
try_most(struct s2s_oci *oci, size_t most, const struct s2s_format_options *opts,
	 size_t *ret_wider)
{
	static const struct s2s_oci_language all = {true, false};
	struct s2s_filter filter = {0};
	enum s2s_status status;

	s2s_oci_list(oci, most, ret_wider);
	s2s_oci_entries(oci, &all);
	if (oci->n > ENTRIES_MAX)
		return S2S_LIMIT;
	status = compile(oci, opts->log, &filter);
	if (status == S2S_OK && filter.n > S2S_OCI_ROOM)
		status = S2S_LIMIT;
	if (status == S2S_OK)
		status = s2s_oci_check(oci, &filter, opts->log);
	s2s_filter_done(&filter);
	return status;
}

enum s2s_status
s2s_oci_plan(const struct s2s_policy *policy, const struct s2s_oci_language *language,
	     const struct s2s_format_options *opts, struct s2s_oci *ret)
{
	enum s2s_status status = S2S_LIMIT;
	size_t wider = 0, most = 0;

	*ret = (struct s2s_oci){.policy = policy};
	s2s_loss_init(&ret->loss);
	TRY(choose_default(ret, language, opts));
	for (size_t i = 0; i < S2S_OCI_TRIES && status == S2S_LIMIT; i++) {
		most = s2s_oci_most[i];
		status = try_most(ret, most, opts, &wider);
	}
	if (status == S2S_LIMIT)
		s2s_log(
		    opts->log, S2S_LOG_ERROR,
		    "no profile of this policy makes a filter that the kernel takes "
		    "(4096 instructions); --fit loosens what costs most, "
		    "--level=LEVEL all");
	TRY(status);
	s2s_oci_entries(ret, language);
	say_all(ret, wider, most);
	return s2s_loss_end(&ret->loss, opts);
}

void
s2s_oci_done(struct s2s_oci *oci)
{
	s2s_policy_free(oci->listed);
	s2s_policy_free(oci->said);
	free(oci->entry);
	s2s_loss_done(&oci->loss);
	*oci = (struct s2s_oci){0};
}

struct forbidden {
	const struct s2s_oci *oci;
	s2s_name_fn *fn;
	void *self;
};

static void
if_forbidden(void *self, const struct s2s_syscall *sc)
{
	const struct forbidden *f = self;

	if (s2s_by_name_forbids(f->oci->said, sc) &&
	    !s2s_oci_own_answer(f->oci, sc, &(struct s2s_action){0}))
		f->fn(f->self, sc);
}

bool
s2s_oci_own_answer(const struct s2s_oci *oci, const struct s2s_syscall *sc,
		   struct s2s_action *ret)
{
	*ret = s2s_policy_stops(oci->said, sc);
	return !s2s_same_action(*ret, oci->said->action) &&
	       s2s_by_name_forbids(oci->said, sc);
}

static void
if_answered(void *self, const struct s2s_syscall *sc)
{
	const struct forbidden *f = self;
	struct s2s_action action;

	if (s2s_oci_own_answer(f->oci, sc, &action) &&
	    !s2s_same_action(action, f->oci->fallback))
		f->fn(f->self, sc);
}

void
s2s_oci_answered(const struct s2s_oci *oci, s2s_name_fn *fn, void *self)
{
	struct forbidden f = {oci, fn, self};

	if (oci->said->n_answers)
		s2s_by_name_each(oci->said->arches, if_answered, &f);
}

void
s2s_oci_forbidden(const struct s2s_oci *oci, s2s_name_fn *fn, void *self)
{
	struct forbidden f = {oci, fn, self};

	if (oci->lists_forbidden)
		s2s_by_name_each(oci->said->arches, if_forbidden, &f);
}

const char *
s2s_oci_arch(const struct s2s_oci *oci, size_t i)
{
	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
		if (oci->said->arches >> arch & 1 && i-- == 0)
			return s2s_arch_scmp((enum s2s_arch)arch);
	return NULL;
}
