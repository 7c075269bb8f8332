/* SPDX-License-Identifier: MIT */
#include "base/out.h"
#include "filter/filter.h"
#include "filter/opcode.h"
#include "random_filter.h"
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define STMT(code, k)             \
	{                         \
		(code), 0, 0, (k) \
	}
#define JUMP(code, k, jt, jf)           \
	{                               \
		(code), (jt), (jf), (k) \
	}
#define LD(offset)         STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define RET(k)             STMT(BPF_RET | BPF_K, k)
#define RET_A              STMT(BPF_RET | BPF_A, 0)
#define ALU(op, k)         STMT(BPF_ALU | BPF_##op | BPF_K, k)
#define ALU_X(op)          STMT(BPF_ALU | BPF_##op | BPF_X, 0)
#define LDX(k)             STMT(BPF_LDX | BPF_IMM, k)
#define LDI(k)             STMT(BPF_LD | BPF_IMM, k)
#define JMP(op, k, jt, jf) JUMP(BPF_JMP | BPF_##op | BPF_K, k, jt, jf)
#define JMP_X(op, jt, jf)  JUMP(BPF_JMP | BPF_##op | BPF_X, 0, jt, jf)

static const struct seccomp_data data = {
    .nr = 257,
    .arch = AUDIT_ARCH_X86_64,
    .instruction_pointer = UINT64_C(0x1111111122222222),
    .args = {UINT64_C(0xaaaaaaaa00000007), 2, 3, 4, 5, UINT64_C(0xfedcba9876543210)},
};

enum { LONGEST = 8 };

/* Programs and what the kernel returns for the data above. */
static const struct {
	struct sock_filter insn[LONGEST];
	uint32_t verdict;
	unsigned steps;
} runs[] = {
    {{LD(0), RET_A}, 257, 2},
    {{LD(4), RET_A}, AUDIT_ARCH_X86_64, 2},
    {{LD(8), RET_A}, 0x22222222, 2},
    {{LD(12), RET_A}, 0x11111111, 2},
    {{LD(16), RET_A}, 7, 2},
    {{LD(20), RET_A}, 0xaaaaaaaa, 2},
    {{LD(60), RET_A}, 0xfedcba98, 2},
    {{RET_A}, 0, 1},
    {{STMT(BPF_LD | BPF_W | BPF_LEN, 9), RET_A}, 64, 2},
    {{STMT(BPF_LDX | BPF_W | BPF_LEN, 9), STMT(BPF_MISC | BPF_TXA, 0), RET_A}, 64, 3},
    {{LDI(5), STMT(BPF_MISC | BPF_TAX, 0), ALU_X(ADD), RET_A}, 10, 4},
    {{LDI(5), STMT(BPF_ST, 15), LDX(9), STMT(BPF_LDX | BPF_MEM, 15), ALU_X(MUL), RET_A},
     25,
     6},
    {{LDX(6), STMT(BPF_STX, 0), STMT(BPF_LD | BPF_MEM, 0), RET_A}, 6, 4},
    {{LDI(0xffffffff), ALU(ADD, 2), RET_A}, 1, 3},
    {{LDI(1), ALU(SUB, 2), RET_A}, 0xffffffff, 3},
    {{LDI(0x10001), ALU(MUL, 0x10001), RET_A}, 0x20001, 3},
    {{LDI(0xfffffffe), ALU(DIV, 2), RET_A}, 0x7fffffff, 3},
    {{LDI(12), ALU(AND, 10), RET_A}, 8, 3},
    {{LDI(12), ALU(OR, 3), RET_A}, 15, 3},
    {{LDI(12), ALU(XOR, 10), RET_A}, 6, 3},
    {{LDI(3), ALU(LSH, 31), RET_A}, 0x80000000, 3},
    {{LDI(0x80000000), ALU(RSH, 31), RET_A}, 1, 3},
    {{LDI(1), STMT(BPF_ALU | BPF_NEG, 0), RET_A}, 0xffffffff, 3},
    {{LDI(7), LDX(0), ALU_X(DIV), RET(SECCOMP_RET_ALLOW)}, 0, 3},
    {{LDI(1), LDX(33), ALU_X(LSH), RET_A}, 2, 4},
    {{LDI(4), LDX(33), ALU_X(RSH), RET_A}, 2, 4},
    {{STMT(BPF_JMP | BPF_JA, 1), RET(1), RET(2)}, 2, 2},
    {{LDI(5), JMP(JEQ, 5, 1, 0), RET(1), RET(2)}, 2, 3},
    {{LDI(5), JMP(JGT, 5, 1, 0), RET(1), RET(2)}, 1, 3},
    {{LDI(5), JMP(JGE, 5, 1, 0), RET(1), RET(2)}, 2, 3},
    {{LDI(5), JMP(JSET, 2, 1, 0), RET(1), RET(2)}, 1, 3},
    {{LDI(0x80000000), JMP(JGT, 1, 1, 0), RET(1), RET(2)}, 2, 3},
    {{LDI(5), LDX(4), JMP_X(JGT, 1, 0), RET(1), RET(2)}, 2, 4},
    {{LDI(5), LDX(5), JMP_X(JEQ, 1, 0), RET(1), RET(2)}, 2, 4},
    {{LDI(5), LDX(6), JMP_X(JGE, 1, 0), RET(1), RET(2)}, 1, 4},
    {{LDI(5), LDX(2), JMP_X(JSET, 1, 0), RET(1), RET(2)}, 1, 4},
};

/* The row's instructions end with the first empty one behind a return. */
static size_t
length(const struct sock_filter *insn)
{
	size_t n = LONGEST;

	while (n > 1 && BPF_CLASS(insn[n - 1].code) != BPF_RET)
		n--;
	return n;
}

static void
test_run(void **state)
{
	size_t index;
	const char *why;

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(runs); i++) {
		size_t n = length(runs[i].insn);
		unsigned steps;
		uint32_t verdict = s2s_filter_run(runs[i].insn, n, &data, &steps);

		if (s2s_filter_validate(runs[i].insn, n, &index, &why))
			fail_msg("row %zu: %zu: %s", i, index, why);
		if (verdict != runs[i].verdict || steps != runs[i].steps)
			fail_msg("row %zu: %#x in %u steps", i, verdict, steps);
	}
}

static struct seccomp_data
random_data(struct rng *rng)
{
	struct seccomp_data d = {
	    .nr = (int)rng_below(rng, 2),
	    .arch = rng_below(rng, 4) ? AUDIT_ARCH_X86_64 : AUDIT_ARCH_I386,
	    .instruction_pointer = rng_next(rng),
	};

	for (int i = 0; i < S2S_ARGS_MAX; i++)
		d.args[i] = random_value(rng);
	return d;
}

/* Calls in turn that share number and architecture, and calls that do not. */
static void
test_runner(void **state)
{
	enum { FILTERS = 2000, CALLS = 40, LENGTH = 24 };
	struct rng rng = {.state = 7};

	(void)state;
	for (int i = 0; i < FILTERS; i++) {
		struct sock_filter insn[LENGTH];
		struct s2s_runner runner = {.insn = insn,
					    .n = 1 + rng_below(&rng, LENGTH)};

		random_filter(&rng, insn, runner.n, true);
		for (int k = 0; k < CALLS; k++) {
			struct seccomp_data d = random_data(&rng);

			assert_int_equal(s2s_runner_run(&runner, &d),
					 s2s_filter_run(insn, runner.n, &d, NULL));
		}
	}
}

/* What the kernel refuses, and where. */
static const struct {
	struct sock_filter insn[LONGEST];
	size_t n, index;
	const char *why;
} refused[] = {
    {{RET(0)}, 0, 0, "no instructions"},
    {{RET(0)}, 4097, 4096, "more than 4096"},
    {{LD(64), RET(0)}, 2, 0, "outside"},
    {{LD(2), RET(0)}, 2, 0, "unaligned"},
    {{STMT(BPF_LD | BPF_H | BPF_ABS, 0), RET(0)}, 2, 0, "not allow"},
    {{STMT(BPF_LD | BPF_W | BPF_IND, 0), RET(0)}, 2, 0, "not allow"},
    {{ALU(MOD, 3), RET(0)}, 2, 0, "not allow"},
    {{STMT(BPF_RET | BPF_X, 0)}, 1, 0, "not allow"},
    {{STMT(0xffff, 0), RET(0)}, 2, 0, "not allow"},
    {{ALU(DIV, 0), RET(0)}, 2, 0, "zero"},
    {{ALU(LSH, 32), RET(0)}, 2, 0, "shifts"},
    {{ALU(RSH, 32), RET(0)}, 2, 0, "shifts"},
    {{STMT(BPF_ST, 16), RET(0)}, 2, 0, "slot"},
    {{STMT(BPF_JMP | BPF_JA, 1), RET(0)}, 2, 0, "behind"},
    {{STMT(BPF_JMP | BPF_JA, 0xffffffff), RET(0)}, 2, 0, "behind"},
    {{JMP(JEQ, 0, 0, 1), RET(0)}, 2, 0, "behind"},
    {{JMP(JEQ, 0, 1, 0), RET(0)}, 2, 0, "behind"},
    {{RET(0), LDI(0)}, 2, 1, "does not return"},
    {{STMT(BPF_LD | BPF_MEM, 3), RET(0)}, 2, 0, "nothing was stored"},
    {{JMP(JEQ, 0, 0, 1), STMT(BPF_ST, 0), STMT(BPF_LDX | BPF_MEM, 0), RET(0)},
     4,
     2,
     "nothing was stored"},
};

static void
test_validate(void **state)
{
	struct sock_filter *padded = calloc(5000, sizeof *padded);

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(refused); i++) {
		size_t index = 99;
		const char *why = "accepted";
		enum s2s_status status;

		memcpy(padded, refused[i].insn, sizeof refused[i].insn);
		status = s2s_filter_validate(padded, refused[i].n, &index, &why);
		if (status != S2S_SYNTAX || index != refused[i].index ||
		    !strstr(why, refused[i].why))
			fail_msg("row %zu: %zu: %s", i, index, why);
	}
	free(padded);
}

static const struct {
	uint32_t a, b, strictest;
} orders[] = {
    {SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_PROCESS},
    {SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP, SECCOMP_RET_KILL_THREAD},
    {SECCOMP_RET_TRAP, SECCOMP_RET_ERRNO, SECCOMP_RET_TRAP},
    {SECCOMP_RET_ERRNO | 5, SECCOMP_RET_USER_NOTIF, SECCOMP_RET_ERRNO | 5},
    {SECCOMP_RET_USER_NOTIF, SECCOMP_RET_TRACE, SECCOMP_RET_USER_NOTIF},
    {SECCOMP_RET_TRACE | 9, SECCOMP_RET_LOG, SECCOMP_RET_TRACE | 9},
    {SECCOMP_RET_LOG, SECCOMP_RET_ALLOW, SECCOMP_RET_LOG},
};

static void
test_strictest(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(orders); i++) {
		uint32_t a = orders[i].a, b = orders[i].b;

		assert_int_equal(s2s_verdict_strictest(a, b), orders[i].strictest);
		assert_int_equal(s2s_verdict_strictest(b, a), orders[i].strictest);
	}
	/* Data does not count; of equal actions the first stands. */
	assert_int_equal(
	    s2s_verdict_strictest(SECCOMP_RET_ERRNO | 1, SECCOMP_RET_ERRNO | 2),
	    SECCOMP_RET_ERRNO | 1);
	assert_true(s2s_verdict_passes(SECCOMP_RET_LOG));
	assert_true(s2s_verdict_passes(SECCOMP_RET_ALLOW | 3));
	assert_false(s2s_verdict_passes(SECCOMP_RET_TRACE));
	assert_true(s2s_verdict_open(SECCOMP_RET_TRACE | 3));
	assert_true(s2s_verdict_open(SECCOMP_RET_USER_NOTIF));
	assert_false(s2s_verdict_open(SECCOMP_RET_ERRNO));
}

static const struct sock_filter shown[] = {
    LD(4),
    JMP(JEQ, AUDIT_ARCH_X86_64, 0, 14),
    LD(0),
    JMP(JEQ, 257, 1, 0),
    JMP(JGE, 2, 11, 9),
    LD(36),
    ALU(AND, 0xfff7ffff),
    JMP(JSET, 3, 9, 0),
    STMT(BPF_ST, 2),
    STMT(BPF_LDX | BPF_MEM, 2),
    LD(8),
    JMP_X(JGT, 5, 0),
    STMT(BPF_JMP | BPF_JA, 4),
    RET(SECCOMP_RET_ALLOW),
    RET(SECCOMP_RET_ERRNO | EPERM),
    RET(SECCOMP_RET_TRACE | 7),
    RET(SECCOMP_RET_KILL_PROCESS),
    RET_A,
    RET(0x12345678),
    STMT(0xff, 1),
};

static const char shown_as[] =
    "   0: ld [4]                                ; arch\n"
    "   1: jeq #AUDIT_ARCH_X86_64 jt 2 jf 16\n"
    "   2: ld [0]                                ; nr\n"
    "   3: jeq #257 jt 5 jf 4                    ; openat\n"
    "   4: jge #2 jt 16 jf 14                    ; from open\n"
    "   5: ld [36]                               ; args[2] high\n"
    "   6: and #0xfff7ffff\n"
    "   7: jset #0x3 jt 17 jf 8\n"
    "   8: st M[2]\n"
    "   9: ldx M[2]\n"
    "  10: ld [8]                                ; instruction_pointer low\n"
    "  11: jgt x jt 17 jf 12\n"
    "  12: ja 17\n"
    "  13: ret ALLOW                             ; never reached\n"
    "  14: ret ERRNO(EPERM)\n"
    "  15: ret TRACE(7)                          ; never reached\n"
    "  16: ret KILL_PROCESS\n"
    "  17: ret a\n"
    "  18: ret 0x12345678                        ; never reached\n"
    "  19: code 0xff jt 0 jf 0 k 0x1             ; seccomp refuses this\n";

static void
test_print(void **state)
{
	struct s2s_out out;

	(void)state;
	s2s_out_memory(&out);
	s2s_filter_print(&out, shown, S2S_ARRAY_SIZE(shown));
	s2s_out_char(&out, '\0');
	assert_string_equal(s2s_out_text(&out).p, shown_as);
	s2s_out_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_run),      cmocka_unit_test(test_runner),
	    cmocka_unit_test(test_validate), cmocka_unit_test(test_strictest),
	    cmocka_unit_test(test_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
