/* SPDX-License-Identifier: MIT */
#include "base/out.h"
#include "format/oci_read.h"
#include "unit.h"

#include <errno.h>

/* Of x86_64, whatever machine runs this. */
enum { NR_READ = 0, NR_WRITE = 1, NR_IOCTL = 16, NR_OPENAT = 257 };

#define ALL(more)   "{\"defaultAction\": \"SCMP_ACT_ERRNO\"" more "}"
#define RULES(more) ALL(", \"syscalls\": [" more "]")
#define IOCTL(args)                                                                 \
	RULES("{\"names\": [\"ioctl\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": " \
	      "[" args "]}")
#define ARG(i, v, two, op)                                           \
	"{\"index\": " #i ", \"value\": " #v ", \"valueTwo\": " #two \
	", \"op\": \"SCMP_CMP_" op "\"}"

/* What a profile answers to a call with these two first arguments. */
static const struct {
	const char *profile;
	uint32_t nr;
	uint64_t args[2];
	uint32_t verdict;
} verdicts[] = {
    {ALL(""), NR_READ, {0, 0}, SECCOMP_RET_ERRNO | EPERM},
    {ALL(", \"defaultErrnoRet\": 38"), NR_READ, {0, 0}, SECCOMP_RET_ERRNO | ENOSYS},
    {RULES("{\"name\": \"read\", \"names\": null, \"action\": \"SCMP_ACT_ALLOW\", "
	   "\"errnoRet\": null}"),
     NR_READ,
     {0, 0},
     SECCOMP_RET_ALLOW},
    {RULES("{\"names\": [], \"action\": \"SCMP_ACT_ALLOW\"}, {\"names\": "
	   "[\"\\u0072ead\"], \"action\": \"SCMP_ACT_ALLOW\"}"),
     NR_READ,
     {0, 0},
     SECCOMP_RET_ALLOW},
    {ALL(", \"syscalls\": null"), NR_READ, {0, 0}, SECCOMP_RET_ERRNO | EPERM},
    {"{\"defaultAction\": \"SCMP_ACT_KILL\"}",
     NR_READ,
     {0, 0},
     SECCOMP_RET_KILL_THREAD},
    {"{\"defaultAction\": \"SCMP_ACT_TRACE\", \"defaultErrnoRet\": 7}",
     NR_READ,
     {0, 0},
     SECCOMP_RET_TRACE | 7},
    {RULES("{\"names\": [\"read\", \"no_such_call\"], \"action\": \"SCMP_ACT_ALLOW\"}"),
     NR_READ,
     {0, 0},
     SECCOMP_RET_ALLOW},
    {RULES("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"}"),
     NR_WRITE,
     {0, 0},
     SECCOMP_RET_ERRNO | EPERM},
    {RULES("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 13}"),
     NR_READ,
     {0, 0},
     SECCOMP_RET_ERRNO | EACCES},
    {RULES("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\"}"), /* the default */
     NR_READ,
     {0, 0},
     SECCOMP_RET_ERRNO | EPERM},
    {IOCTL(ARG(1, 21505, 0, "EQ")), NR_IOCTL, {1, 21505}, SECCOMP_RET_ALLOW},
    {IOCTL(ARG(1, 21505, 0, "EQ")), NR_IOCTL, {1, 21506}, SECCOMP_RET_ERRNO | EPERM},
    {IOCTL(ARG(1, 4294967295, 21505, "MASKED_EQ")),
     NR_IOCTL,
     {1, UINT64_C(0xff00005401)},
     SECCOMP_RET_ALLOW},
    {IOCTL(ARG(1, 18446744073709551615, 0, "EQ")),
     NR_IOCTL,
     {1, UINT64_MAX},
     SECCOMP_RET_ALLOW},
    {IOCTL(ARG(1, 18446744073709551615, 0, "EQ")),
     NR_IOCTL,
     {1, INT64_MAX},
     SECCOMP_RET_ERRNO | EPERM},
    {IOCTL(ARG(1, 5, 0, "GT")), NR_IOCTL, {1, 5}, SECCOMP_RET_ERRNO | EPERM},
    {IOCTL(ARG(1, 5, 0, "GE")), NR_IOCTL, {1, 5}, SECCOMP_RET_ALLOW},
    {IOCTL(ARG(1, 5, 0, "LT")), NR_IOCTL, {1, 4}, SECCOMP_RET_ALLOW},
    {IOCTL(ARG(1, 5, 0, "LE")), NR_IOCTL, {1, 6}, SECCOMP_RET_ERRNO | EPERM},
    {IOCTL(ARG(1, 5, 0, "NE")), NR_IOCTL, {1, 6}, SECCOMP_RET_ALLOW},
    /* both must hold */
    {IOCTL(ARG(0, 1, 0, "EQ") ", " ARG(1, 5, 0, "EQ")),
     NR_IOCTL,
     {1, 6},
     SECCOMP_RET_ERRNO | EPERM},
    /* of one argument either suffices, as runtimes do it */
    {IOCTL(ARG(1, 5, 0, "EQ") ", " ARG(1, 6, 0, "EQ")),
     NR_IOCTL,
     {1, 6},
     SECCOMP_RET_ALLOW},
    {ALL(", \"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\"], "
	 "\"includes\": {}"),
     NR_READ,
     {0, 0},
     SECCOMP_RET_ERRNO | EPERM},
};

static void
test_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(verdicts); i++) {
		struct s2s_filter filter = {0};
		struct seccomp_data data = {
		    .nr = (int)verdicts[i].nr,
		    .arch = AUDIT_ARCH_X86_64,
		    .args = {verdicts[i].args[0], verdicts[i].args[1]},
		};
		uint32_t verdict;

		if (s2s_oci_read(sv_from(verdicts[i].profile), "p", NULL, NULL,
				 &filter))
			fail_msg("%s", verdicts[i].profile);
		verdict = s2s_filter_run(filter.insn, filter.n, &data, NULL);
		if (verdict != verdicts[i].verdict)
			fail_msg("%s: 0x%08x", verdicts[i].profile, verdict);
		s2s_filter_done(&filter);
	}
}

/* What is no profile, and what is said of it. */
static const struct {
	const char *profile, *says;
} refused[] = {
    {"", "malformed JSON"},
    {"{", "malformed JSON: cut off"},
    {"[]", "not a JSON object"},
    {"{} x", "malformed JSON"},
    {"{'defaultAction': 'SCMP_ACT_KILL'}", "malformed JSON"},
    {"[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", "malformed JSON"},
    {"{}", "missing: defaultAction"},
    {"{\"defaultAction\": 5}", "p:1:19: the name of an action is wanted"},
    {"{\"defaultAction\": null}", "p:1:1: a member of an OCI"},
    {"{\"defaultAction\": \"SCMP_ACT_KILL\",\n \"defaultAction\": \"SCMP_ACT_LOG\"}",
     "p:2:2: malformed JSON: a member that is there twice"},
    {RULES("{\"names\": [\"a\"],\n\"action\": \"SCMP_ACT_LOG\", \"names\": []}"),
     "p:2:27: malformed JSON: a member that is there twice"},
    {"{\"defaultAction\": \"SCMP_ACT_\\q\"}", "p:1:30: malformed JSON: no such escape"},
    {"{\"a\": 01}", "p:1:9: malformed JSON: no number"},
    {"{\"a\": tru}", "p:1:7: malformed JSON: a value"},
    {"{\"a\": \"\\ud800\"}", "half of a character"},
    {"{\"a\": \"\\u00g0\"}", "four hexadecimal digits"},
    {"{\"a\": \"\t\"}", "p:1:8: malformed JSON: a control character"},
    {"{\"a\": 1 \"b\": 2}", "p:1:9: malformed JSON: ',' or '}'"},
    {"{\"a\": 1}\n{", "p:2:1: malformed JSON: nothing more"},
    {"{\"a\": 18446744073709551616}", "p:1:7: malformed JSON: a number of more"},
    {"{\"a\": -9223372036854775809}", "p:1:7: malformed JSON: a number of more"},
    {"{\"defaultAction\": \"SCMP_ACT_FROB\"}", "no such action: SCMP_ACT_FROB"},
    {ALL(", \"defaultErrnoRet\": 65536"), "defaultErrnoRet"},
    {ALL(", \"defaultErrnoRet\": -1"), "defaultErrnoRet"},
    {ALL(", \"defaultErrnoRet\": \"EPERM\""), "defaultErrnoRet"},
    {ALL(", \"syscalls\": {}"), "syscalls"},
    {ALL(", \"architectures\": [\"SCMP_ARCH_FROB\"]"), "architecture: SCMP_ARCH_FROB"},
    {ALL(", \"architectures\": [null]"), "no such architecture: null"},
    {ALL(", \"archMap\": [1]"), "archMap"},
    {ALL(", \"architectures\": [\"SCMP_ARCH_X86\"], \"archMap\": [{\"architecture\": "
	 "\"SCMP_ARCH_X86_64\"}]"),
     "there are \"architectures\" too: archMap"},
    {RULES("5"), "syscalls"},
    {RULES("{\"names\": [\"read\"], \"name\": \"write\", \"action\": "
	   "\"SCMP_ACT_ALLOW\"}"),
     "one name beside an array"},
    {RULES("{\"action\": \"SCMP_ACT_ALLOW\"}"), "names"},
    {RULES("{\"action\": \"SCMP_ACT_ALLOW\", \"names\": [5]}"), "names"},
    {RULES("{\"names\": [\"read\"]}"), "action"},
    {RULES("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"excludes\": "
	   "{\"cap\": [\"CAP_BPF\"]}}"),
     "excludes"},
    {IOCTL("5"), "no comparison in the array: args"},
    {IOCTL(ARG(6, 5, 0, "EQ")), "index"},
    {IOCTL(ARG(1, 5, 0, "FROB")), "no such comparison: SCMP_CMP_FROB"},
    {IOCTL(ARG(1, -5, 0, "EQ")), "value"},
    {IOCTL(ARG(1, 5.0, 0, "EQ")), "value"},
    {IOCTL(ARG(1, "5", 0, "EQ")), "value"},
    {IOCTL(ARG(1, 5, 1e3, "EQ")), "valueTwo"},
};

static void
collect(void *self, enum s2s_log_level level, const char *text)
{
	(void)level;
	s2s_out_printf(self, "%s\n", text);
}

static void
test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(refused); i++) {
		struct s2s_filter filter = {0};
		struct s2s_out out;
		struct s2s_log log = {S2S_LOG_ERROR, collect, &out};
		enum s2s_status status;

		s2s_out_memory(&out);
		status =
		    s2s_oci_read(sv_from(refused[i].profile), "p", NULL, &log, &filter);
		s2s_out_char(&out, '\0');
		if (status != S2S_SYNTAX || !strstr(out.p, refused[i].says))
			fail_msg("%s: %s", refused[i].profile, out.p);
		s2s_out_done(&out);
		s2s_filter_done(&filter);
	}
}

/* Conditions of templates, as Docker resolves them. */
#define WHEN(which, when)                                                        \
	RULES("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"" which \
	      "\": {" when "}}")

static const struct {
	const char *profile;
	const char *cap, *kernel;
	bool allowed;
} conditions[] = {
    {WHEN("includes", ""), NULL, NULL, true},
    {WHEN("includes", "\"caps\": [\"CAP_KILL\"]"), NULL, NULL, true},
    {WHEN("includes", "\"caps\": [\"CAP_BPF\"]"), NULL, NULL, false},
    {WHEN("includes", "\"caps\": [\"CAP_BPF\"]"), "CAP_BPF", NULL, true},
    {WHEN("includes", "\"caps\": [\"CAP_BPF\", \"CAP_KILL\"]"), "CAP_BPF", NULL, false},
    {WHEN("includes", "\"caps\": []"), NULL, NULL, true},
    {WHEN("excludes", "\"caps\": [\"CAP_BPF\", \"CAP_KILL\"]"), "CAP_BPF", NULL, false},
    {WHEN("excludes", "\"caps\": [\"CAP_BPF\"]"), NULL, NULL, true},
    {WHEN("includes", "\"arches\": [\"arm\", \"amd64\"]"), NULL, NULL, true},
    {WHEN("includes", "\"arches\": [\"arm\"]"), NULL, NULL, false},
    {WHEN("excludes", "\"arches\": [\"amd64\"]"), NULL, NULL, false},
    {WHEN("includes", "\"minKernel\": \"4.8\""), NULL, NULL, true},
    {WHEN("includes", "\"minKernel\": \"4.8\""), NULL, "4.7", false},
    {WHEN("includes", "\"minKernel\": \"4.8\""), NULL, "4.10", true},
    {WHEN("includes", "\"minKernel\": \"4.8\""), NULL, "4.8.1", true},
    {WHEN("excludes", "\"minKernel\": \"4.8\""), NULL, "4.8", false},
    {WHEN("excludes", "\"minKernel\": \"4.8\""), NULL, "3.19", true},
};

static uint32_t
verdict_of(const char *profile, const struct s2s_oci_host *host, int nr)
{
	struct seccomp_data data = {.nr = nr, .arch = AUDIT_ARCH_X86_64};
	struct s2s_filter filter = {0};
	uint32_t verdict;

	assert_int_equal(s2s_oci_read(sv_from(profile), "p", host, NULL, &filter),
			 S2S_OK);
	verdict = s2s_filter_run(filter.insn, filter.n, &data, NULL);
	s2s_filter_done(&filter);
	return verdict;
}

static void
test_conditions(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(conditions); i++) {
		const char *caps[] = {conditions[i].cap, NULL};
		struct s2s_oci_host host = {.caps = conditions[i].cap ? caps : NULL};

		if (conditions[i].kernel)
			assert_true(s2s_oci_kernel(sv_from(conditions[i].kernel),
						   &host.kernel));
		if ((verdict_of(conditions[i].profile, &host, NR_READ) ==
		     SECCOMP_RET_ALLOW) != conditions[i].allowed)
			fail_msg("%zu: %s", i, conditions[i].profile);
	}
}

/* As strace shows the filters that runc 1.1.5 loads. */
static void
test_runc(void **state)
{
	static const struct s2s_oci_host runc = {.runc = true};
	const char *profile = ALL(", \"architectures\": [\"SCMP_ARCH_X86_64\"], "
				  "\"syscalls\": [{\"names\": [\"write\", \"openat\"], "
				  "\"action\": \"SCMP_ACT_ALLOW\"}]");

	(void)state;
	assert_int_equal(verdict_of(profile, &runc, NR_OPENAT), SECCOMP_RET_ALLOW);
	assert_int_equal(verdict_of(profile, &runc, NR_READ),
			 SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(verdict_of(profile, &runc, NR_OPENAT + 1),
			 SECCOMP_RET_ERRNO | ENOSYS);
	assert_int_equal(verdict_of(profile, NULL, NR_OPENAT + 1),
			 SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(verdict_of(profile, &runc, -1), SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(
	    verdict_of("{\"defaultAction\": \"SCMP_ACT_LOG\"}", &runc, 900),
	    SECCOMP_RET_LOG);
}

/* For each architecture that is listed a test of its own, on x32 too. */
static void
test_runc_arches(void **state)
{
	static const struct s2s_oci_host runc = {.runc = true};
	static const struct {
		uint32_t arch, nr, verdict;
	} calls[] = {
	    {AUDIT_ARCH_X86_64, 257, SECCOMP_RET_ALLOW}, /* openat */
	    {AUDIT_ARCH_X86_64, 256, SECCOMP_RET_ERRNO | EPERM},
	    {AUDIT_ARCH_X86_64, 258, SECCOMP_RET_ERRNO | ENOSYS},
	    {AUDIT_ARCH_I386, 295, SECCOMP_RET_ALLOW},
	    {AUDIT_ARCH_I386, 294, SECCOMP_RET_ERRNO | EPERM},
	    {AUDIT_ARCH_I386, 296, SECCOMP_RET_ERRNO | ENOSYS},
	    {AUDIT_ARCH_I386, UINT32_MAX, SECCOMP_RET_ERRNO | ENOSYS},
	    {AUDIT_ARCH_X86_64, S2S_X32_BIT | 257, SECCOMP_RET_ALLOW},
	    {AUDIT_ARCH_X86_64, S2S_X32_BIT | 256, SECCOMP_RET_ERRNO | EPERM},
	    {AUDIT_ARCH_X86_64, S2S_X32_BIT | 258, SECCOMP_RET_ERRNO | ENOSYS},
	    {AUDIT_ARCH_X86_64, UINT32_MAX, SECCOMP_RET_ERRNO | ENOSYS},
	    {AUDIT_ARCH_AARCH64, 56, SECCOMP_RET_KILL_THREAD},
	};
	const char *profile = ALL(
	    ", \"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\", "
	    "\"SCMP_ARCH_X32\"], \"syscalls\": [{\"names\": [\"write\", \"openat\"], "
	    "\"action\": \"SCMP_ACT_ALLOW\"}]");
	struct s2s_filter filter = {0};

	(void)state;
	assert_int_equal(s2s_oci_read(sv_from(profile), "p", &runc, NULL, &filter),
			 S2S_OK);
	for (size_t i = 0; i < S2S_ARRAY_SIZE(calls); i++) {
		struct seccomp_data data = {.nr = (int)calls[i].nr,
					    .arch = calls[i].arch};
		uint32_t verdict = s2s_filter_run(filter.insn, filter.n, &data, NULL);

		if (verdict != calls[i].verdict)
			fail_msg("0x%x, %u: 0x%x", calls[i].arch, calls[i].nr, verdict);
	}
	s2s_filter_done(&filter);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_verdicts),    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_conditions),  cmocka_unit_test(test_runc),
	    cmocka_unit_test(test_runc_arches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
