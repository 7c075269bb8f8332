/* SPDX-License-Identifier: MIT */
#include "parse_text.h"
#include "unit.h"

static const struct {
	const char *profile, *events;
} profiles[] = {
    {"# strace2seccomp profile 1\n"
     "# a comment\n"
     "\n"
     "       3    2 x86_64 openat(AT_FDCWD, address, O_RDONLY|O_CLOEXEC, unknown) # "
     "app.strace:12\n"
     "1 1 x86_64 execve(address, address, address) launcher # a:1\n"
     "1 1 x86_64 vfork()\n",
     "call@4:22 x86_64 openat(E AT_FDCWD; @ address; E O_RDONLY|O_CLOEXEC; ? unknown) "
     "count 3 runs 2 first app.strace:12\n"
     "call@5:12 x86_64 execve(@ address; @ address; @ address) launcher runs 1 first "
     "a:1\n"
     "call@6:12 x86_64 vfork() runs 1\n"
     "end\n"},
    /* two, one behind the other */
    {"# strace2seccomp profile 1\n1 1 i386 f(NULL)\n"
     "# strace2seccomp profile 1\r\n1 1 i386 f(0x1)\r\n",
     "call@2:10 i386 f(E NULL) runs 1\ncall@4:10 i386 f(E 0x1) runs 1\nend\n"},
    {"# strace2seccomp profile 1\n"
     "1 1 x f() # a\\x20b\\x23\\\\\\xff:c:007\n"
     "1 1 x execve()launcher#a:0\n",
     "call@2:7 x f() runs 1 first a b#\\\xff:c:7\n"
     "call@3:7 x execve() launcher runs 1 first a:0\n"
     "end\n"},
    {"# strace2seccomp profile 1\n"
     "18446744073709551615 4294967295 x f()\n"
     "18446744073709551616 1 x f()\n"
     "1 4294967296 x f()\n"
     "0 1 x f()\n"
     "1 0 x f()\n"
     "-1 1 x f()\n"
     "1 2 x f()\n"
     "1 1 x f() launcher\n",
     "call@2:35 x f() count 18446744073709551615 runs 4294967295\n"
     "! t:3:1: error: expected a number [profile]\n"
     "! t:4:3: error: expected a number [profile]\n"
     "! t:5:1: error: expected a number [profile]\n"
     "! t:6:3: error: expected a number [profile]\n"
     "! t:7:1: error: expected a number [profile]\n"
     "! t:8:5: error: expected no more runs than calls [profile]\n"
     "! t:9:19: error: expected 'launcher' behind execve or execveat only [profile]\n"
     "end\n"},
    {"# strace2seccomp profile 1\n"
     "1 1 ! f()\n"
     "1 1 x f\n"
     "1 1 x f(\n"
     "1 1 x f(1 2)\n"
     "1 1 x f() = 0\n"
     "1 1 x f() # \n"
     "1 1 x f() # a:b\n"
     "1 1 x f() # a:1 b\n"
     "1 1 x f([[])\n"
     "1 1 x f() # \\x00b:1\n",
     "! t:2:5: error: expected the name of an architecture [profile]\n"
     "! t:3:8: error: expected '(' after the name [profile]\n"
     "! t:4:9: error: expected a value [profile]\n"
     "! t:5:11: error: expected ')' after the arguments [profile]\n"
     "! t:6:11: error: expected the end of the line [profile]\n"
     "! t:7:13: error: expected FILE:LINE after '#' [profile]\n"
     "! t:8:15: error: expected the number of a line [profile]\n"
     "! t:9:17: error: expected the end of the line [profile]\n"
     "! t:10:12: error: expected ']' at the end of the array [profile]\n"
     "! t:11:13: error: expected the name of a file, which no NUL begins [profile]\n"
     "end\n"},
    {"# strace2seccomp profile 2\n1 1 x f()\n",
     "! t:1:26: error: expected version 1 [profile]\n"
     "call@2:7 x f() runs 1\nend\n"},
    {"# strace2seccomp profile 1\n1 1 x86_64 f(1",
     "! t:2:15: error: the input ends in the middle of a line [truncated]\nend\n"},
};

static void
test_profiles(void **state)
{
	struct parse_text t;

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(profiles); i++) {
		parse_text(&t, profiles[i].profile, S2S_ALL_ERRORS, NULL);
		if (strcmp(t.out.p, profiles[i].events) != 0)
			fail_msg("%s\n-- got\n%s-- not\n%s", profiles[i].profile,
				 t.out.p, profiles[i].events);
		assert_int_equal(t.kind, S2S_INPUT_PROFILE);
		s2s_out_done(&t.out);
	}
}

static void
test_deep(void **state)
{
	struct parse_text t;
	struct s2s_out profile;

	(void)state;
	s2s_out_memory(&profile);
	s2s_out_str(&profile, "# strace2seccomp profile 1\n1 1 x f(");
	for (int i = 0; i < 10000; i++)
		s2s_out_char(&profile, '[');
	s2s_out_bytes(&profile, "\n", 2);
	parse_text(&t, profile.p, S2S_ALL_ERRORS, NULL);
	assert_string_equal(t.out.p,
			    "! t:2:265: error: brackets nest too deeply [too-deep]\n"
			    "end\n");
	s2s_out_done(&t.out);
	s2s_out_done(&profile);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_profiles),
	    cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
