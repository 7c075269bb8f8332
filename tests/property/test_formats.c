/* SPDX-License-Identifier: MIT */
/* What a format says of a policy: read back where it can be, it gives the verdicts of
   the policy itself on its boundary values; where it says otherwise, never less is
   allowed, and never in silence. */
#include "format/loss.h"
#include "format/names.h"
#include "format/oci.h"
#include "format/oci_read.h"
#include "pipe/make.h"

#include "../format/random_policy.h"
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>

enum { CASES = 24 };

struct comparison {
	const struct s2s_policy *policy;
	const struct s2s_filter *filter;
	bool exact; /* the verdicts themselves, not only what passes */
	bool same;  /* what it does not allow is stopped */
	size_t points, wider;
	uint64_t seed;
};

/* Where libseccomp's own tests come first, whatever a profile says, and what it has no
   name for. */
static bool
is_libseccomps(const struct s2s_point *at)
{
	return at->audit_arch != s2s_arch_audit(S2S_ARCH_X86_64) ||
	       at->nr >= S2S_X32_BIT || s2s_is_nameless(S2S_ARCH_X86_64, at->nr);
}

static bool
compare_at(void *self, const struct s2s_point *at)
{
	struct comparison *c = self;
	struct seccomp_data data = {.nr = (int)at->nr, .arch = at->audit_arch};
	uint32_t wanted = s2s_action_ret(
	    s2s_policy_verdict(c->policy, at->audit_arch, at->nr, at->args));
	uint32_t got;

	memcpy(data.args, at->args, sizeof data.args);
	got = s2s_filter_run(c->filter->insn, c->filter->n, &data, NULL);
	c->points++;
	if (is_libseccomps(at)) {
		if (at->nr != UINT32_MAX && wanted != SECCOMP_RET_ALLOW &&
		    got == SECCOMP_RET_ALLOW)
			fail_msg("seed %" PRIu64 ": call %u passes", c->seed, at->nr);
		return true;
	}
	if (wanted == SECCOMP_RET_ALLOW && got != SECCOMP_RET_ALLOW)
		fail_msg("seed %" PRIu64 ": call %u is stopped", c->seed, at->nr);
	if (c->same && wanted != SECCOMP_RET_ALLOW && got == SECCOMP_RET_ALLOW)
		fail_msg("seed %" PRIu64 ": call %u passes", c->seed, at->nr);
	if (c->exact && wanted != got)
		fail_msg("seed %" PRIu64 ": call %u gets 0x%x", c->seed, at->nr, got);
	c->wider += wanted != got;
	return true;
}

static enum s2s_status
write_format(const char *name, const struct s2s_policy *policy, bool exact,
	     struct s2s_out *out)
{
	struct s2s_filter filter = {0};
	struct s2s_format_input in = {NULL, policy, &filter};
	struct s2s_format_options opts = {
	    .format = name,
	    .function = "f",
	    .exact = exact,
	    .no_new_privs = true,
	};
	enum s2s_status status;

	s2s_filter_compile(policy, S2S_GOAL_SIZE, &filter);
	s2s_out_memory(out);
	status = s2s_format_find(sv_from(name))->write(out, &in, &opts);
	s2s_filter_done(&filter);
	return status;
}

/* The policy of a profile gives what the runtime's filter gives. */
static void
check_same(const struct s2s_policy *back, const struct s2s_filter *loaded,
	   uint64_t seed)
{
	struct comparison c = {
	    .policy = back, .filter = loaded, .exact = true, .seed = seed};
	struct s2s_filter filter = {0};

	s2s_policy_points(back, compare_at, &c);
	s2s_filter_compile(back, S2S_GOAL_SPEED, &filter);
	c.filter = &filter;
	s2s_policy_points(back, compare_at, &c);
	s2s_filter_done(&filter);
}

/* Writes the profile, lets libseccomp make a filter of it, and a policy of its rules.
 */
static bool
check_oci(const struct s2s_policy *policy, bool exact, uint64_t seed)
{
	struct comparison c = {
	    .policy = policy, .exact = exact, .same = exact, .seed = seed};
	struct s2s_filter filter = {0};
	struct s2s_oci_profile profile;
	struct s2s_policy *back = NULL;
	struct s2s_loss loss;
	struct s2s_out out;
	enum s2s_status status = write_format("oci", policy, exact, &out);

	if (status == S2S_OK) {
		s2s_loss_init(&loss);
		assert_int_equal(
		    s2s_oci_read(s2s_out_text(&out), "p", NULL, NULL, &filter), S2S_OK);
		c.filter = &filter;
		s2s_policy_points(policy, compare_at, &c);
		assert_int_equal(
		    s2s_oci_parse(s2s_out_text(&out), "p", NULL, NULL, &profile),
		    S2S_OK);
		assert_false(s2s_oci_compare(&profile, &filter, NULL));
		assert_int_equal(s2s_oci_policy(&profile, NULL, &loss, &back), S2S_OK);
		assert_true(s2s_policy_subset(policy, back));
		check_same(back, &filter, seed);
		if (exact)
			assert_true(s2s_policy_subset(back, policy));
		s2s_policy_free(back);
		s2s_oci_profile_done(&profile);
		s2s_loss_done(&loss);
		s2s_filter_done(&filter);
	} else {
		assert_true(status == S2S_LIMIT || (exact && status == S2S_USAGE));
	}
	s2s_out_done(&out);
	return status == S2S_OK;
}

static void
test_oci(void **state)
{
	int written = 0, exact = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= CASES; seed++) {
		struct s2s_policy *policy = random_policy(seed, 1 + seed % 5);

		add_answers(policy, seed);
		written += check_oci(policy, false, seed);
		/* The one answer that a profile has for all that it does not name. */
		policy->unknown = policy->action;
		exact += check_oci(policy, true, seed);
		s2s_policy_free(policy);
	}
	print_message("%d profiles, %d of them exact\n", written, exact);
	assert_true(written > CASES * 3 / 4);
	assert_true(exact > CASES / 4);
}

static void
test_bpf(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= CASES; seed++) {
		struct s2s_policy *policy = random_policy(seed, 1 + seed % 5);
		struct s2s_filter filter = {0};
		struct s2s_check check;
		struct s2s_out out;

		add_answers(policy, seed);
		assert_int_equal(write_format("bpf", policy, true, &out), S2S_OK);
		assert_int_equal(
		    s2s_read_filter(s2s_out_text(&out), "f", NULL, NULL, &filter),
		    S2S_OK);
		assert_int_equal(s2s_filter_check(policy, &filter, &check), S2S_OK);
		s2s_filter_done(&filter);
		s2s_out_done(&out);
		s2s_policy_free(policy);
	}
}

/* Of two lengths: only the second has to loosen. */
static size_t
six_each(const struct s2s_oci *plan)
{
	return 6 * plan->n;
}

static size_t
many_each(const struct s2s_oci *plan)
{
	size_t n = plan->n;

	for (size_t i = 0; i < plan->n; i++)
		for (uint8_t k = 0; k < plan->entry[i].n; k++)
			n += 100 *
			     (size_t)__builtin_popcountll(plan->entry[i].cmp[k].value);
	return n;
}

/* The conjunctions that minijail and kafel write. */
static bool
entries_allow(const struct s2s_oci *plan, const struct s2s_point *at)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct s2s_oci_entry *entry = &plan->entry[i];
		bool all = entry->call->sc->nr == at->nr;

		for (uint8_t k = 0; k < entry->n; k++)
			all = all && (at->args[entry->cmp[k].arg] &
				      entry->cmp[k].mask) == entry->cmp[k].value;
		if (all)
			return true;
	}
	return false;
}

struct entries {
	const struct s2s_policy *policy;
	const struct s2s_oci *plan;
	uint64_t seed;
};

static bool
compare_entries(void *self, const struct s2s_point *at)
{
	const struct entries *e = self;
	bool wanted =
	    s2s_policy_verdict(e->policy, at->audit_arch, at->nr, at->args).kind ==
	    S2S_ACTION_ALLOW;

	if (is_libseccomps(at) && !s2s_is_nameless(S2S_ARCH_X86_64, at->nr))
		return true;
	if (at->nr >= S2S_X32_BIT || at->audit_arch != s2s_arch_audit(S2S_ARCH_X86_64))
		return true;
	if (wanted && !entries_allow(e->plan, at))
		fail_msg("seed %" PRIu64 ": call %u is stopped", e->seed, at->nr);
	if (!wanted && e->plan->loss.wider == 0 && entries_allow(e->plan, at))
		fail_msg("seed %" PRIu64 ": call %u passes", e->seed, at->nr);
	return true;
}

static void
test_entries(void **state)
{
	static const struct s2s_entries_language languages[] = {{six_each, false},
								{many_each, true}};
	const struct s2s_format_options opts = {.format = "kafel"};
	size_t wider[S2S_ARRAY_SIZE(languages)] = {0};

	(void)state;
	for (uint64_t seed = 1; seed <= 2 * CASES; seed++) {
		struct s2s_policy *policy = random_policy(seed, 1 + seed % 5);
		struct s2s_oci plan;
		struct entries e = {policy, &plan, seed};

		if (s2s_entries_plan(policy, &opts, &languages[seed % 2], &plan) ==
		    S2S_OK) {
			s2s_policy_points(policy, compare_entries, &e);
			wider[seed % 2] += plan.loss.wider;
		}
		s2s_oci_done(&plan);
		s2s_policy_free(policy);
	}
	print_message("%zu and %zu rules are wider\n", wider[0], wider[1]);
	assert_true(wider[1] > wider[0]);
}

/* Formats of names only: every call of the policy is named, with a warning where rules
   look at arguments. */
static void
test_names(void **state)
{
	static const char *const formats[] = {"systemd", "firejail"};

	(void)state;
	for (uint64_t seed = 1; seed <= CASES; seed++)
		for (size_t f = 0; f < S2S_ARRAY_SIZE(formats); f++) {
			struct s2s_policy *policy = random_policy(seed, 1 + seed % 5);
			struct s2s_out out;

			assert_int_equal(write_format(formats[f], policy, false, &out),
					 S2S_OK);
			s2s_out_char(&out, '\0');
			for (size_t i = 0; i < policy->n; i++) {
				const struct s2s_syscall *sc = policy->calls[i].sc;
				char number[16];

				snprintf(number, sizeof number, "$%" PRIu32, sc->nr);
				assert_true(strstr(out.p, sc->name) ||
					    strstr(out.p, number));
			}
			assert_true(!s2s_restricted_rules(policy) ==
				    !strstr(out.p, "wider than the policy's"));
			s2s_out_done(&out);
			s2s_policy_free(policy);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_oci),
	    cmocka_unit_test(test_bpf),
	    cmocka_unit_test(test_entries),
	    cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
