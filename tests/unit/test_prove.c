/* SPDX-License-Identifier: MIT */
/* The proof that filter and policy agree: its diagrams against the simulator and the
   policy's own verdict, and filters that are wrong for a single call. */
#include "filter/prove.h"
#include "random_filter.h"
#include "unit.h"

#include <unistd.h>

#include <stdlib.h>

enum { NODES = 1 << 20 };

static uint32_t
run(const struct s2s_filter *filter, const uint32_t words[S2S_WORDS])
{
	struct seccomp_data data;

	memcpy(&data, words, sizeof data);
	return s2s_filter_run(filter->insn, filter->n, &data, NULL);
}

static void
random_words(struct rng *rng, uint32_t ret[S2S_WORDS])
{
	for (int i = 0; i < S2S_WORDS; i++)
		ret[i] = (uint32_t)random_value(rng);
}

/* Every instruction there is, with computed verdicts; only those of the list have
   leaves of their own. */
static void
test_filters(void **state)
{
	struct rng rng = {.state = 5};
	int hard = 0;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct sock_filter insn[24];
		struct s2s_filter filter = {insn, 1 + rng_below(&rng, 24)};
		uint32_t words[40][S2S_WORDS], says[40], of;
		struct s2s_bdd bdd;

		random_filter(&rng, insn, filter.n, true);
		for (int k = 0; k < 40; k++) {
			random_words(&rng, words[k]);
			says[k] = run(&filter, words[k]);
		}
		s2s_bdd_init(&bdd, NODES / 16);
		of = s2s_bdd_of_filter(&bdd, &filter, says, 20);
		hard += bdd.full;
		for (int k = 0; k < 20 && !bdd.full; k++)
			assert_int_equal(s2s_bdd_leaf(&bdd, of, words[k]),
					 s2s_bdd_verdict(&bdd, says[k]));
		for (int k = 20; k < 40 && !bdd.full; k++) {
			uint32_t leaf = s2s_bdd_leaf(&bdd, of, words[k]);

			if (leaf != S2S_BDD_FALSE)
				assert_int_equal(leaf, s2s_bdd_verdict(&bdd, says[k]));
		}
		s2s_bdd_done(&bdd);
	}
	print_message("%d of 3000 filters are too hard\n", hard);
	assert_true(hard < 300);
}

static void
test_policies(void **state)
{
	struct rng rng = {.state = 6};

	(void)state;
	for (int i = 0; i < 60; i++) {
		struct s2s_policy *policy = random_policy(&rng);
		struct s2s_bdd bdd;
		uint32_t of;

		s2s_bdd_init(&bdd, NODES);
		of = s2s_bdd_of_policy(&bdd, policy);
		assert_false(bdd.full);
		for (int k = 0; k < 3000; k++) {
			struct s2s_point at = random_point(&rng, policy);
			uint32_t words[S2S_WORDS] = {at.nr, at.audit_arch};
			uint32_t says = s2s_action_ret(
			    s2s_policy_verdict(policy, at.audit_arch, at.nr, at.args));

			memcpy(&words[S2S_WORD_ARGS], at.args, sizeof at.args);
			assert_int_equal(s2s_bdd_leaf(&bdd, of, words),
					 s2s_bdd_verdict(&bdd, says));
		}
		s2s_bdd_done(&bdd);
		s2s_policy_free(policy);
	}
}

static void
put_in_front(struct s2s_filter *filter, const struct sock_filter *insn, size_t n)
{
	filter->insn = s2s_realloc(filter->insn, filter->n + n, sizeof *filter->insn);
	memmove(filter->insn + n, filter->insn, filter->n * sizeof *filter->insn);
	memcpy(filter->insn, insn, n * sizeof *insn);
	filter->n += n;
}

/* One call of all there are, with all 512 bits asked: no points would find it. */
static void
test_needle(void **state)
{
	struct rng rng = {.state = 7};

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct s2s_policy *policy = random_policy(&rng);
		struct sock_filter insn[2 * S2S_WORDS + 1];
		struct seccomp_data found;
		uint32_t words[S2S_WORDS];
		struct s2s_filter filter;
		size_t n = 0;

		s2s_filter_compile(policy, S2S_GOAL_SIZE, &filter);
		assert_int_equal(s2s_filter_prove(policy, &filter, &found),
				 S2S_PROOF_SAME);
		random_words(&rng, words);
		for (uint32_t w = 0; w < S2S_WORDS; w++) {
			uint8_t out = (uint8_t)(2 * (S2S_WORDS - 1 - w) + 1);

			insn[n++] = (struct sock_filter)BPF_STMT(
			    BPF_LD | BPF_W | BPF_ABS, 4 * w);
			insn[n++] = (struct sock_filter)BPF_JUMP(
			    BPF_JMP | BPF_JEQ | BPF_K, words[w], 0, out);
		}
		insn[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
							 SECCOMP_RET_ERRNO | 4000);
		put_in_front(&filter, insn, n);
		assert_int_equal(s2s_filter_prove(policy, &filter, &found),
				 S2S_PROOF_DIFFERENT);
		assert_memory_equal(&found, words, sizeof found);
		s2s_filter_done(&filter);
		s2s_policy_free(policy);
	}
}

/* Masks that overlap in every way. */
static struct s2s_policy *
hard_policy(void)
{
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, SV("futex"));
	struct s2s_policy *policy = s2s_policy_new();
	struct rng rng = {.state = 3};

	for (int i = 0; i < 250; i++) {
		struct s2s_rule rule = {0};
		int first = (int)rng_below(&rng, 6);

		for (int a = 0; a < S2S_ARGS_MAX; a++)
			rule.arg[a] = s2s_set_any();
		for (int k = 0; k < 2; k++) {
			uint64_t mask = rng_next(&rng) & UINT32_MAX;

			rule.arg[(first + k) % 6] =
			    s2s_set_value(&policy->arena, mask, rng_next(&rng) & mask);
		}
		s2s_policy_add_rule(policy, sc, &rule);
	}
	s2s_policy_normalize(policy);
	return policy;
}

/* The proof is given up before it takes long. */
static void
test_too_hard(void **state)
{
	struct s2s_policy *policy = hard_policy();
	struct seccomp_data found;
	struct s2s_filter filter;

	(void)state;
	s2s_filter_compile(policy, S2S_GOAL_SIZE, &filter);
	alarm(60);
	assert_int_equal(s2s_filter_prove(policy, &filter, &found), S2S_PROOF_TOO_HARD);
	alarm(0);
	s2s_filter_done(&filter);
	s2s_policy_free(policy);
}

/* Then the filter's own paths are walked: they lead to a hole that no rule knows of. */
static void
test_too_hard_is_still_checked(void **state)
{
	static const struct sock_filter hole[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[3])),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xc0ffee, 0, 3),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[5])),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xdecaf, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct s2s_policy *policy = hard_policy();
	struct s2s_filter filter, holed;
	struct s2s_check check;

	(void)state;
	s2s_filter_compile(policy, S2S_GOAL_SIZE, &filter);
	assert_int_equal(s2s_filter_check(policy, &filter, &check), S2S_OK);
	assert_false(check.proven);
	holed.n = S2S_ARRAY_SIZE(hole) + filter.n;
	holed.insn = malloc(holed.n * sizeof *holed.insn);
	assert_non_null(holed.insn);
	memcpy(holed.insn, hole, sizeof hole);
	memcpy(holed.insn + S2S_ARRAY_SIZE(hole), filter.insn,
	       filter.n * sizeof *filter.insn);
	assert_int_equal(s2s_filter_check(policy, &holed, &check), S2S_INTERNAL);
	assert_int_equal((uint32_t)check.differs.args[3], 0xc0ffee);
	assert_int_equal((uint32_t)check.differs.args[5], 0xdecaf);
	assert_int_equal(check.filter_says, SECCOMP_RET_ALLOW);
	free(holed.insn);
	s2s_filter_done(&filter);
	s2s_policy_free(policy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_filters),
	    cmocka_unit_test(test_policies),
	    cmocka_unit_test(test_needle),
	    cmocka_unit_test(test_too_hard),
	    cmocka_unit_test(test_too_hard_is_still_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
