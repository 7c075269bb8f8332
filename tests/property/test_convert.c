/* SPDX-License-Identifier: MIT */
/* Profiles as they are met, and odd ones: the policy that is made of one gives what the
   filter gives that a runtime loads, on all architectures; written again it says the
   same. What a policy cannot say is told. */
#include "format/loss.h"
#include "format/names.h"
#include "format/oci_read.h"
#include "pipe/make.h"

#include "unit.h"

#include <inttypes.h>

#define ACT(name) "\"action\": \"SCMP_ACT_" name "\""
#define PROFILE(default, arches, rules)                                             \
	"{\"defaultAction\": \"SCMP_ACT_" default "\", \"architectures\": [" arches \
						  "], \"syscalls\": [" rules "]}"
#define X86_64             "\"SCMP_ARCH_X86_64\""
#define X86                "\"SCMP_ARCH_X86\""
#define X32                "\"SCMP_ARCH_X32\""
#define AARCH64            "\"SCMP_ARCH_AARCH64\""
#define ALLOW(names, more) "{\"names\": [" names "], " ACT("ALLOW") more "}"
#define ARGS(args)         ", \"args\": [" args "]"
#define CMP(i, op, v, two)                                           \
	"{\"index\": " #i ", \"value\": " #v ", \"valueTwo\": " #two \
	", \"op\": \"SCMP_CMP_" op "\"}"
#define ERRNO(names, args) \
	"{\"names\": [" names "], " ACT("ERRNO") ", \"errnoRet\": 13" ARGS(args) "}"
#define MANY                                                                         \
	"\"read\", \"write\", \"open\", \"close\", \"stat\", \"fstat\", \"lstat\", " \
	"\"poll\", \"lseek\", \"mmap\", \"mprotect\", \"munmap\", \"brk\", \"ioctl\""
#define PLAIN_WRITE ALLOW("\"write\"", "")
#define PLAIN       ALLOW("\"read\", \"write\", \"mmap2\", \"openat\", \"chown32\"", "")

static const struct {
	const char *profile;
	const char
	    *loss;  /* what is told; NULL: nothing, and all verdicts are the same */
	bool wider; /* as a profile it says more than the policy */
} profiles[] = {
    {PROFILE("ERRNO", X86_64, PLAIN), NULL, false},
    {PROFILE("ERRNO", X86_64 ", " X86, PLAIN), NULL, false},
    {PROFILE("ERRNO", X86, PLAIN), NULL, false},
    {PROFILE("ERRNO", AARCH64, PLAIN), NULL, false},
    {PROFILE("KILL", X86_64 ", " X86 ", " AARCH64, PLAIN), NULL, false},
    {PROFILE("ERRNO", X86_64 ", " X86 ", " X32, PLAIN), "SCMP_ARCH_X32", false},
    {PROFILE("ERRNO", X86_64 ", \"SCMP_ARCH_S390X\", \"SCMP_ARCH_ARM\"", PLAIN),
     "SCMP_ARCH_S390X, SCMP_ARCH_ARM", false},
    {PROFILE("ERRNO", X86_64 ", " X86,
	     ALLOW("\"ioctl\", \"socket\"", ARGS(CMP(1, "EQ", 4294967301, 0)))),
     NULL, false},
    {PROFILE("ERRNO", X86_64 ", " X86,
	     ALLOW("\"clone\"", ARGS(CMP(0, "MASKED_EQ", 2114060288, 0)))),
     NULL, false},
    {PROFILE("ERRNO", X86_64 ", " X86,
	     ALLOW("\"personality\"", ARGS(CMP(0, "NE", 40, 0)))),
     NULL, true},
    {PROFILE(
	 "ERRNO", X86_64,
	 ALLOW("\"personality\"", ARGS(CMP(0, "MASKED_EQ", 18446744073709551615, 7)))),
     NULL, false},
    /* own answers */
    {PROFILE("ERRNO", X86_64 ", " X86,
	     PLAIN ", {\"names\": [\"clone3\"], " ACT("ERRNO") ", \"errnoRet\": 38}"),
     NULL, false},
    {PROFILE("KILL_PROCESS", X86_64 ", " AARCH64,
	     PLAIN ", {\"names\": [\"clone3\", \"mount\"], " ACT(
		 "TRAP") "}, {\"names\": "
			 "[\"umount2\"], " ACT("KILL_THREAD") "}"),
     NULL, false},
    {PROFILE("ERRNO", X86_64,
	     PLAIN ", {\"names\": [\"mount\"], " ACT("TRACE") ", \"errnoRet\": 7}"),
     NULL, false},
    /* the default is what calls with other arguments get: most others are listed */
    {PROFILE("ERRNO", X86_64 ", " X86,
	     "{\"names\": [" MANY "], " ACT("KILL_PROCESS") "}, " ALLOW(
		 "\"openat\"", ARGS(CMP(2, "EQ", 0, 0)))),
     NULL, false},
    /* of two rules without arguments the first counts, unless it equals the default */
    {PROFILE("KILL", X86_64, "{\"names\": [\"read\"], " ACT("ERRNO") "}, " PLAIN), NULL,
     false},
    {PROFILE("KILL", X86_64, PLAIN ", {\"names\": [\"read\"], " ACT("ERRNO") "}"), NULL,
     false},
    {PROFILE("KILL", X86_64, "{\"names\": [\"read\"], " ACT("KILL") "}, " PLAIN), NULL,
     false},
    /* what lets pass by default */
    {PROFILE("ALLOW", X86_64 ", " AARCH64,
	     "{\"names\": [\"mount\"], " ACT("ERRNO") "}"),
     NULL, false},
    {"{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", NULL, false},
    {PROFILE("ALLOW", X86_64 ", " X86,
	     ERRNO("\"clone\"", CMP(0, "MASKED_EQ", 268435456, 268435456))),
     NULL, true},
    {PROFILE("ALLOW", X86_64 ", " X86,
	     ERRNO("\"personality\"", CMP(0, "MASKED_EQ", 2114060288, 0))),
     NULL, true},
    {PROFILE("ALLOW", X86_64 ", " AARCH64,
	     ERRNO("\"ioctl\"", CMP(1, "MASKED_EQ", 4294967295, 21522)) ", " ERRNO(
		 "\"ioctl\"", CMP(1, "MASKED_EQ", 4294967295, 21532))),
     NULL, false},
    {PROFILE("ALLOW", X86_64,
	     ERRNO("\"kill\", \"tgkill\"", CMP(0, "EQ", 5, 0) ", " CMP(1, "EQ", 9, 0))),
     NULL, false},
    {PROFILE("ALLOW", X86_64,
	     ERRNO("\"kill\"", CMP(0, "GT", 5, 0)) ", " ERRNO("\"kill\"",
							      CMP(0, "LE", 2, 0))),
     NULL, false},
    {PROFILE("ALLOW", X86_64, ERRNO("\"kill\"", CMP(0, "NE", 5, 0))), NULL, false},
    {PROFILE("ALLOW", X86_64,
	     ERRNO("\"kill\"", CMP(0, "EQ", 5, 0)) ", " ERRNO("\"kill\"",
							      CMP(1, "EQ", 5, 0))),
     NULL, true},
    {PROFILE("ALLOW", X86_64 ", " X86,
	     "{\"names\": [\"bind\", \"shmget\"], " ACT("ERRNO") "}"),
     NULL, false},
    {PROFILE("ALLOW", X86_64 ", " X86,
	     ERRNO("\"socket\"", CMP(0, "MASKED_EQ", 4294967295, 40))),
     NULL, true},
    {PROFILE("ERRNO", X86_64 ", " X86,
	     "{\"names\": [\"bind\"], " ACT("KILL_PROCESS") "}"),
     "1 rule answers certain arguments", false},
    {PROFILE("LOG", X86_64, PLAIN), "lets pass and logs", false},
    {PROFILE("ERRNO", X86_64, "{\"names\": [\"read\"], " ACT("LOG") "}"),
     "1 rule lets pass and log", false},
    /* what no policy says */
    {PROFILE("ERRNO", X86_64, PLAIN ", {\"names\": [\"mount\"], " ACT("NOTIFY") "}"),
     "mount (USER_NOTIF)", false},
    {PROFILE("ERRNO", X86_64,
	     "{\"names\": [\"mount\"], " ACT("KILL") ARGS(CMP(0, "EQ", 1, 0)) "}"),
     "1 rule answers certain arguments", false},
    {PROFILE("ERRNO", X86_64, ALLOW("\"getpid\"", ARGS(CMP(0, "EQ", 1, 0)))),
     "does not have an argument", false},
    {"{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"flags\": "
     "[\"SECCOMP_FILTER_FLAG_LOG\"], "
     "\"listenerPath\": \"/x\"}",
     "\"flags\" and \"listenerPath\"", false},
    /* names that say nothing: of nobody, of ours only */
    {PROFILE("ERRNO", X86_64, ALLOW("\"pread\", \"_exit\", \"no_such\"", "")), NULL,
     false},
};

struct comparison {
	const char *profile;
	uint32_t arches;
	const struct s2s_filter *a, *b;
	bool may_be_wider;
	bool known_only; /* what unknown numbers get is said otherwise, and that is told
			  */
};

static bool
is_unknown(const struct s2s_point *at)
{
	enum s2s_arch arch;

	return s2s_arch_from_audit(at->audit_arch, &arch) &&
	       !s2s_syscall_by_nr(arch, at->nr);
}

/* Where libseccomp's own tests come first, and what it has no name for. */
static bool
is_libseccomps(uint32_t arches, const struct s2s_point *at)
{
	enum s2s_arch arch;

	return !s2s_arch_from_audit(at->audit_arch, &arch) || !(arches >> arch & 1) ||
	       at->nr >= S2S_X32_BIT || s2s_is_nameless(arch, at->nr);
}

static bool
compare_at(void *self, const struct s2s_point *at)
{
	const struct comparison *c = self;
	struct seccomp_data data = {.nr = (int)at->nr, .arch = at->audit_arch};
	uint32_t a, b;

	if (is_libseccomps(c->arches, at) || (c->known_only && is_unknown(at)))
		return true;
	memcpy(data.args, at->args, sizeof data.args);
	a = s2s_filter_run(c->a->insn, c->a->n, &data, NULL);
	b = s2s_filter_run(c->b->insn, c->b->n, &data, NULL);
	if (a != b && !(c->may_be_wider && b == SECCOMP_RET_ALLOW))
		fail_msg("%s: arch 0x%x, call %u (0x%" PRIx64 ", 0x%" PRIx64
			 "): 0x%x and 0x%x",
			 c->profile, at->audit_arch, at->nr, at->args[0], at->args[1],
			 a, b);
	return true;
}

/* What a runtime loads of it. */
static void
load(struct s2s_sv text, struct s2s_filter *ret)
{
	assert_int_equal(s2s_oci_read(text, "p", NULL, NULL, ret), S2S_OK);
}

static void
check_again(const char *profile, bool wider, const struct s2s_policy *policy,
	    const struct s2s_filter *ours)
{
	struct s2s_format_input in = {NULL, policy, ours};
	bool passes = s2s_verdict_passes(s2s_action_ret(policy->unknown));
	struct comparison c = {profile, policy->arches, ours, NULL, wider, passes};
	struct s2s_format_options opts = {.format = "oci", .exact = !wider && !passes};
	struct s2s_filter again = {0};
	struct s2s_out out;

	s2s_out_memory(&out);
	if (s2s_format_find(SV("oci"))->write(&out, &in, &opts) != S2S_OK)
		fail_msg("%s: cannot be written again", profile);
	load(s2s_out_text(&out), &again);
	c.b = &again;
	s2s_policy_points(policy, compare_at, &c);
	s2s_filter_done(&again);
	s2s_out_done(&out);
}

static void
check_profile(size_t i)
{
	const char *text = profiles[i].profile, *told = profiles[i].loss;
	struct s2s_oci_profile profile;
	struct s2s_filter loaded = {0}, ours = {0};
	struct s2s_policy *policy = NULL;
	struct s2s_loss loss;
	struct comparison c = {text, 0, &loaded, &ours, false, false};

	s2s_loss_init(&loss);
	assert_int_equal(s2s_oci_parse(sv_from(text), "p", NULL, NULL, &profile),
			 S2S_OK);
	if (s2s_oci_policy(&profile, NULL, &loss, &policy) != S2S_OK)
		fail_msg("%s: no policy", text);
	s2s_out_char(&loss.text, '\0');
	if (told ? !strstr(loss.text.p, told) : loss.text.n > 1)
		fail_msg("%s: it says: %s", text, loss.text.p);
	s2s_filter_compile(policy, S2S_GOAL_SPEED, &ours);
	load(sv_from(text), &loaded);
	c.arches = policy->arches;
	if (!told)
		s2s_policy_points(policy, compare_at, &c);
	check_again(text, profiles[i].wider, policy, &ours);
	s2s_policy_free(policy);
	s2s_filter_done(&loaded);
	s2s_filter_done(&ours);
	s2s_oci_profile_done(&profile);
	s2s_loss_done(&loss);
}

static void
test_profiles(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(profiles); i++)
		check_profile(i);
}

/* A rule that equals the default does not make a later one the same again, KILL (0)
 * neither. */
static void
test_default_first(void **state)
{
	static const char text[] =
	    PROFILE("KILL", X86_64, "{\"names\": [\"read\"], " ACT("KILL") "}, " PLAIN);
	struct s2s_oci_profile profile;

	(void)state;
	assert_int_equal(s2s_oci_parse(SV(text), "p", NULL, NULL, &profile), S2S_OK);
	assert_int_equal(profile.n, 6);
	assert_true(profile.rule[0].unheard);
	assert_string_equal(profile.rule[1].name, "read");
	assert_false(profile.rule[1].unheard);
	s2s_oci_profile_done(&profile);
}

/* ---- random ones: rules of one call with several actions, and with the default's ----
 */

enum { RANDOM_PROFILES = 90 };

static unsigned
test_random(void)
{
	static uint32_t seed = 1;

	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed >> 8;
}

/* Rules with arguments and different actions are refused where they meet: here all of
   them say the same. */
static void
random_rules(struct s2s_out *out, unsigned name)
{
	static const char *const names[] = {"kill", "setns", "read"};
	static const char *const actions[] = {"ALLOW\"", "ALLOW\"",
					      "ERRNO\", \"errnoRet\": 38",
					      "ERRNO\", \"errnoRet\": 13", "KILL\""};
	static const char *const some[] = {"ALLOW\"", "ERRNO\", \"errnoRet\": 38"};
	unsigned of_some = test_random() % 2;

	for (unsigned n = 2 + test_random() % 3, i = 0; i < n; i++) {
		bool bare = test_random() % 2;

		s2s_out_printf(out, ", {\"names\": [\"%s\"], \"action\": \"SCMP_ACT_%s",
			       names[name],
			       bare ? actions[test_random() % S2S_ARRAY_SIZE(actions)]
				    : some[test_random() % 4 ? of_some : !of_some]);
		if (!bare)
			s2s_out_printf(out,
				       ", \"args\": [{\"index\": %u, \"value\": %u, "
				       "\"op\": \"SCMP_CMP_EQ\"}]",
				       test_random() % 2, test_random() % 3);
		s2s_out_char(out, '}');
	}
}

static void
compare_random(const char *text, const struct s2s_oci_profile *profile,
	       const struct s2s_policy *policy)
{
	struct s2s_filter loaded = {0}, ours = {0};
	struct comparison c = {text, policy->arches, &loaded, &ours, false, false};

	s2s_filter_compile(policy, S2S_GOAL_SPEED, &ours);
	assert_int_equal(s2s_oci_compile(profile, NULL, &loaded), S2S_OK);
	assert_false(s2s_oci_compare(profile, &loaded, NULL));
	for (size_t i = 0; i < profile->n; i++)
		for (unsigned at = 0; at < 32; at++) {
			enum s2s_arch arch = at & 1 ? S2S_ARCH_I386 : S2S_ARCH_X86_64;
			struct s2s_point point = {
			    .audit_arch = s2s_arch_audit(arch),
			    .nr = s2s_syscall_by_name(arch,
						      sv_from(profile->rule[i].name))
				      ->nr,
			    .args = {at >> 1 & 3, at >> 3 & 3}};

			compare_at(&c, &point);
		}
	s2s_filter_done(&loaded);
	s2s_filter_done(&ours);
}

/* Whether it became a policy. */
static bool
check_random(const char *text)
{
	struct s2s_oci_profile profile;
	struct s2s_policy *policy = NULL;
	struct s2s_loss loss;
	bool made, told;

	s2s_loss_init(&loss);
	assert_int_equal(s2s_oci_parse(sv_from(text), "p", NULL, NULL, &profile),
			 S2S_OK);
	made = s2s_oci_policy(&profile, NULL, &loss, &policy) == S2S_OK;
	told = loss.text.n > 0;
	if (made && !told)
		compare_random(text, &profile, policy);
	if (made)
		s2s_policy_free(policy);
	s2s_oci_profile_done(&profile);
	s2s_loss_done(&loss);
	return made && !told;
}

static void
test_random_profiles(void **state)
{
	static const char *const defaults[] = {"ERRNO\", \"defaultErrnoRet\": 38",
					       "KILL\"", "ALLOW\""};
	size_t made = 0;

	(void)state;
	for (size_t i = 0; i < RANDOM_PROFILES; i++) {
		struct s2s_out out;

		s2s_out_memory(&out);
		s2s_out_printf(
		    &out,
		    "{\"defaultAction\": \"SCMP_ACT_%s, \"architectures\": [" X86_64
		    ", " X86 "], \"syscalls\": [" PLAIN_WRITE,
		    defaults[i % S2S_ARRAY_SIZE(defaults)]);
		for (unsigned name = 0; name < 3; name++)
			random_rules(&out, name);
		s2s_out_str(&out, "]}");
		s2s_out_char(&out, '\0');
		made += check_random(out.p);
		s2s_out_done(&out);
	}
	assert_true(made > RANDOM_PROFILES / 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_profiles),
					   cmocka_unit_test(test_default_first),
					   cmocka_unit_test(test_random_profiles)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
