/* SPDX-License-Identifier: MIT */
#include "parse_text.h"
#include "unit.h"

static const struct {
	const char *log, *events;
} joined[] = {
    {"1 read(3,  <unfinished ...>\n"
     "2 close(4) = 0\n"
     "1 <... read resumed>\"ab\", 5) = 2\n",
     "call@2:3 pid 2 close(E 4) = 0\n"
     "call@1:3 pid 1 read(E 3; S \"ab\"; E 5) = 2 joined\n"
     "end\n"},
    /* strace 4 */
    {"[pid 1] wait4(-1,  <unfinished ...>\n"
     "[pid 2] +++ exited with 0 +++\n"
     "[pid 1] <... wait4 resumed> [{WIFEXITED(s)}], 0, NULL) = 2\n"
     "[pid 1] futex(0x1, FUTEX_WAIT, 2, NULL <unfinished ...>\n"
     "[pid 1] <... futex resumed> )      = 0\n",
     "exit@2:0 pid 2 exited with 0\n"
     "call@1:9 pid 1 wait4(E -1; A [{WIFEXITED(s)}]; E 0; E NULL) = 2 joined\n"
     "call@4:9 pid 1 futex(E 0x1; E FUTEX_WAIT; E 2; E NULL) = 0 joined\n"
     "end\n"},
    /* cut inside of a bracket, behind a value, without arguments */
    {"1 name_to_handle_at(3, \"x\", {handle_bytes=128 <unfinished ...>\n"
     "1 <... name_to_handle_at resumed> => 8, handle_type=1}, [28], 0) = 0\n"
     "1 clone3({flags=A}, <unfinished ...>\n"
     "1 <... clone3 resumed>88) = 2\n"
     "1 clone3({flags=A} <unfinished ...>\n"
     "1 <... clone3 resumed> => {tid=[2]}, 88) = 2\n"
     "1 vfork( <unfinished ...>\n"
     "1 <... vfork resumed>) = 2\n",
     "call@1:3 pid 1 name_to_handle_at(E 3; S \"x\"; T {handle_bytes=128 => 8, "
     "handle_type=1}; A [28]; E 0) = 0 joined\n"
     "call@3:3 pid 1 clone3(T {flags=A}; E 88) = 2 joined\n"
     "call@5:3 pid 1 clone3(T {flags=A} => {tid=[2]}; E 88) = 2 joined\n"
     "call@7:3 pid 1 vfork() = 2 joined\n"
     "end\n"},
    /* ended inside of the call */
    {"1 read(3,  <unfinished ...>\n"
     "1 <... read resumed> <unfinished ...>) = ?\n"
     "1 +++ killed by SIGKILL +++\n"
     "2 futex(0x1, FUTEX_WAIT <unfinished ...>\n"
     "2 +++ exited with 0 +++\n"
     "3 exit_group(0 <unfinished ...>\n"
     "3 <... exit_group resumed>) = ?\n"
     "4 exit_group(0 <unfinished ...>\n",
     "call@1:3 pid 1 read(E 3) = ? incomplete joined\n"
     "exit@3:0 pid 1 killed by SIGKILL\n"
     "call@4:3 pid 2 futex(E 0x1; E FUTEX_WAIT) incomplete\n"
     "exit@5:0 pid 2 exited with 0\n"
     "call@6:3 pid 3 exit_group(E 0) = ? joined\n"
     "call@8:3 pid 4 exit_group(E 0) incomplete\n"
     "end\n"},
    {"1 read(3,  <detached ...>\n"
     "1 ?\?\?\?( <unfinished ...>\n"
     "1 <... ?\?\?\? resumed>) = ? <unavailable>\n",
     "call@1:3 pid 1 read(E 3) incomplete\n"
     "call@2:3 pid 1 ?\?\?\?() = ? joined\n"
     "end\n"},
    /* without a process: a terminal, where only one is left */
    {"clone(A <unfinished ...>\n"
     "[pid 2] close(3) = 0\n"
     "[pid 1] <... clone resumed>) = 2\n"
     "[pid 1] wait4(-1,  <unfinished ...>\n"
     "[pid 2] +++ exited with 0 +++\n"
     "<... wait4 resumed>NULL, 0, NULL) = 2\n",
     "call@2:9 pid 2 close(E 3) = 0\n"
     "call@1:1 pid 1 clone(E A) = 2 joined\n"
     "exit@5:0 pid 2 exited with 0\n"
     "call@4:9 pid 1 wait4(E -1; E NULL; E 0; E NULL) = 2 joined\n"
     "end\n"},
    /* messages of strace inside of a line */
    {"vfork(strace: Process 2 attached\n"
     " <unfinished ...>\n"
     "[pid 2] close(3) = 0\n"
     "[pid 1] <... vfork resumed>) = 2\n"
     "clone(A, strace: Process 3 attached\n"
     "B)    = 3\n"
     "read(0, ^Cstrace: Process 1 detached\n"
     " <detached ...>\n",
     "call@3:9 pid 2 close(E 3) = 0\n"
     "call@1:1 pid 1 vfork() = 2 joined\n"
     "call@5:1 clone(E A; E B) = 3 joined\n"
     "call@7:1 read(E 0) incomplete\n"
     "end\n"},
    /* -z loses the name */
    {"7 read(3,  <unfinished ...>\n"
     "\"\", 4096)    = 0\n",
     "call@1:3 pid 7 read(E 3; S \"\"; E 4096) = 0 joined\n"
     "end\n"},
    /* another thread's execve */
    {"2 execve(\"a\", [\"a\"], NULL <unfinished ...>\n"
     "1 pause( <unfinished ...>\n"
     "1 +++ superseded by execve in pid 2 +++\n"
     "1 <... execve resumed>) = 0\n",
     "call@2:3 pid 1 pause() incomplete\n"
     "exit@3:0 pid 1 superseded by execve in pid 2\n"
     "call@1:3 pid 1 execve(S \"a\"; A [\"a\"]; E NULL) = 0 joined\n"
     "end\n"},
    /* the same with -ff: both files are logs of their own */
    {"execve(\"a\", [\"a\"], NULL <pid changed to 1 ...>\n",
     "call@1:1 execve(S \"a\"; A [\"a\"]; E NULL) incomplete\n"
     "end\n"},
    {"pause( <unfinished ...>\n"
     "+++ superseded by execve in pid 2 +++\n"
     "<... execve resumed>) = 0\n"
     "<... execve resumed>) = 0\n",
     "call@1:1 pause() incomplete\n"
     "exit@2:0 superseded by execve in pid 2\n"
     "! t:4:6: warning: resumed call without its beginning [resumed-alone]\n"
     "call@4:6 execve() = 0 incomplete\n"
     "end\n"},
    /* modes */
    {"1 read(3) = 0\n"
     "strace: [ Process PID=1 runs in 32 bit mode. ]\n"
     "1 read(3) = 0\n"
     "1 read(3,  <unfinished ...>\n"
     "1 <... read resumed>4) = 0\n"
     "strace: Process 2 attached\n"
     "2 read(3) = 0\n"
     "3 read(3) = 0\n"
     "[ Process PID=1 runs in 64 bit mode. ]\n"
     "1 read(3) = 0\n",
     "call@1:3 pid 1 read(E 3) = 0\n"
     "note@2:0 strace: [ Process PID=1 runs in 32 bit mode. ]\n"
     "call@3:3 pid 1 i386 read(E 3) = 0\n"
     "call@4:3 pid 1 i386 read(E 3; E 4) = 0 joined\n"
     "note@6:0 strace: Process 2 attached\n"
     "call@7:3 pid 2 i386 read(E 3) = 0\n"
     "call@8:3 pid 3 read(E 3) = 0\n"
     "note@9:0 [ Process PID=1 runs in 64 bit mode. ]\n"
     "call@10:3 pid 1 read(E 3) = 0\n"
     "end\n"},
    /* the number of -n is that of the beginning */
    {"1 [   0] read(3,  <unfinished ...>\n"
     "1 [   0] <... read resumed>4) = 0\n",
     "call@1:10 pid 1 nr 0 read(E 3; E 4) = 0 joined\n"
     "end\n"},

    /* warnings */
    {"1 read(3,  <unfinished ...>\n"
     "1 close(3) = 0\n"
     "1 write(1,  <unfinished ...>\n",
     "! t:1:3: warning: call never resumed, arguments unknown [unfinished-call]\n"
     "call@1:3 pid 1 read(E 3) incomplete\n"
     "call@2:3 pid 1 close(E 3) = 0\n"
     "! t:3:3: warning: call never resumed, arguments unknown [unfinished-call]\n"
     "call@3:3 pid 1 write(E 1) incomplete\n"
     "end\n"},
    {"1 <... read resumed>\"a\", 3) = -1 EINTR (x)\n",
     "! t:1:8: warning: resumed call without its beginning [resumed-alone]\n"
     "call@1:8 pid 1 read() = -1 EINTR incomplete\n"
     "end\n"},
    {"1 read(3,  <unfinished ...>\n"
     "1 <... write resumed>\"a\", 3) = 3\n",
     "! t:1:3: warning: call never resumed, arguments unknown [unfinished-call]\n"
     "call@1:3 pid 1 read(E 3) incomplete\n"
     "! t:2:8: warning: resumed call without its beginning [resumed-alone]\n"
     "call@2:8 pid 1 write() = 3 incomplete\n"
     "end\n"},

    /* errors */
    {"1 read(3,  <unfinished ...>\n"
     "1 <... read resumed>\"a\", 3] ) = 3\n"
     "1 close(3) = 0\n",
     "! t:2:27: error: expected ')' after the arguments [syntax]\n"
     "call@3:3 pid 1 close(E 3) = 0\n"
     "end\n"},
    {"1 read(3, {a= <unfinished ...>\n"
     "1 <... read resumed>, 3) = 3\n",
     "! t:2:24: error: expected '}' at the end of the structure [syntax]\n"
     "end\n"},
    {"close(3) = 0\n"
     "\"\", 4096)    = 0\n",
     "call@1:1 close(E 3) = 0\n"
     "! t:2:1: error: expected a system call, a signal or an exit [syntax]\n"
     "end\n"},
    {"close(3) = 0\nclose(3",
     "call@1:1 close(E 3) = 0\n"
     "! t:2:8: error: the input ends in the middle of a line [truncated]\n"
     "end\n"},
    {"close(3) = 0\nclose(3)=0",
     "call@1:1 close(E 3) = 0\ncall@2:1 close(E 3) = 0\nend\n"},
    {"\n \nclose(3) = 0\n\r\n", "call@3:1 close(E 3) = 0\nend\n"},
    {"\x7f"
     "ELF\x02\nclose(3) = 0\n",
     "! t:1: error: this is not text [binary]\nend\n"},
    {"[1073741824] read(3) = 0\n"
     "strace: [ Process PID=1 runs in x32 mode. ]\n"
     "read(3) = 0\n"
     "[18446744073709551615] syscall_0xffffffffffffffff() = -1\n",
     "! t:1:14: error: x32 calls are not supported [x32]\n"
     "! t:2: error: x32 calls are not supported [x32]\n"
     "! t:3:1: error: x32 calls are not supported [x32]\n"
     "! t:4:24: error: x32 calls are not supported [x32]\n"
     "end\n"},
};

static void
expect(const char *log, const char *events, const struct s2s_limits *limits)
{
	struct parse_text t;

	parse_text(&t, log, S2S_ALL_ERRORS, limits);
	if (strcmp(t.out.p, events) != 0)
		fail_msg("%s\n-- got\n%s-- not\n%s", log, t.out.p, events);
	assert_int_equal(t.status, S2S_OK);
	s2s_out_done(&t.out);
}

static void
test_joined(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(joined); i++)
		expect(joined[i].log, joined[i].events, NULL);
}

static void
test_limits(void **state)
{
	struct s2s_limits few = s2s_limits_default, small = s2s_limits_default;

	(void)state;
	few.pending = 1;
	small.pending_text = 20;
	expect("1 f(1,  <unfinished ...>\n"
	       "2 f(2,  <unfinished ...>\n"
	       "1 <... f resumed>3) = 0\n",
	       "! t:2:3: error: too many unfinished calls [limit]\n"
	       "call@2:3 pid 2 f(E 2) incomplete\n"
	       "call@1:3 pid 1 f(E 1; E 3) = 0 joined\n"
	       "end\n",
	       &few);
	expect("1 f(1,  <unfinished ...>\n"
	       "2 f(\"a long string\",  <unfinished ...>\n"
	       "1 <... f resumed>3) = 0\n",
	       "! t:2:3: error: too many unfinished calls [limit]\n"
	       "call@2:3 pid 2 f(S \"a long string\") incomplete\n"
	       "call@1:3 pid 1 f(E 1; E 3) = 0 joined\n"
	       "end\n",
	       &small);
}

static void
test_counts(void **state)
{
	struct parse_text t;

	(void)state;
	parse_text(&t,
		   "\n"
		   "1 f(1,  <unfinished ...>\n"
		   "2 f(2,  <unfinished ...>\n"
		   "--- SIGINT {} ---\n"
		   "1 <... f resumed>3) = 0\n"
		   "bad\n"
		   "2 +++ exited with 0 +++\n"
		   "strace: hello\n"
		   "3 f() = 0\n",
		   S2S_LENIENT, NULL);
	assert_int_equal(t.counts.lines, 9);
	assert_int_equal(t.counts.blank, 1);
	assert_int_equal(t.counts.calls, 3);
	assert_int_equal(t.counts.joined, 1);
	assert_int_equal(t.counts.unfinished, 1);
	assert_int_equal(t.counts.signals, 1);
	assert_int_equal(t.counts.exits, 1);
	assert_int_equal(t.counts.notes, 1);
	assert_int_equal(t.counts.skipped, 1);
	assert_int_equal(t.kind, S2S_INPUT_STRACE);
	s2s_out_done(&t.out);
}

static void
test_first_error(void **state)
{
	struct parse_text t;

	(void)state;
	parse_text(&t, "close(3) = 0\nclose(3 = 0\nclose(4) = 0\n", S2S_FIRST_ERROR,
		   NULL);
	assert_string_equal(
	    t.out.p, "call@1:1 close(E 3) = 0\n"
		     "! t:2:9: error: expected ')' after the arguments [syntax]\n");
	assert_int_equal(t.status, S2S_SYNTAX);
	s2s_out_done(&t.out);
}

/* Many processes, each with a call that waits: slots are reused, nothing is lost. */
static void
test_many(void **state)
{
	struct parse_text t;
	struct s2s_out log;

	(void)state;
	s2s_out_memory(&log);
	for (int round = 0; round < 3; round++) {
		for (int pid = 1; pid <= 500; pid++)
			s2s_out_printf(&log, "%d f(%d,  <unfinished ...>\n", pid, pid);
		for (int pid = 500; pid >= 1; pid--)
			s2s_out_printf(&log, "%d <... f resumed>%d) = 0\n", pid, pid);
	}
	s2s_out_char(&log, '\0');
	parse_text(&t, log.p, S2S_ALL_ERRORS, NULL);
	assert_int_equal(t.counts.joined, 1500);
	assert_int_equal(t.counts.calls, 1500);
	assert_non_null(strstr(t.out.p, " pid 77 f(E 77; E 77) = 0 joined\n"));
	assert_null(strchr(t.out.p, '!'));
	s2s_out_done(&t.out);
	s2s_out_done(&log);
}

/* What is left over at the end of an input leaves nothing to the next. */
static void
test_inputs(void **state)
{
	static const char *const logs[] = {
	    "1 f(1,  <unfinished ...>\n"
	    "2 f(2,  <unfinished ...>\n"
	    "1 <... f resumed>1) = 0\n"
	    "1 f(3,  <unfinished ...>\n"
	    "2 <... f resumed>2) = 0\n",
	    "1 g(1,  <unfinished ...>\n"
	    "2 g(2,  <unfinished ...>\n"
	    "3 g(3,  <unfinished ...>\n"
	    "2 <... g resumed>2) = 0\n"
	    "1 <... g resumed>1) = 0\n"
	    "3 <... g resumed>3) = 0\n",
	};
	struct parse_text t;

	(void)state;
	parse_texts(&t, logs, S2S_ARRAY_SIZE(logs), S2S_ALL_ERRORS, NULL);
	assert_string_equal(t.out.p,
			    "call@1:3 pid 1 f(E 1; E 1) = 0 joined\n"
			    "call@2:3 pid 2 f(E 2; E 2) = 0 joined\n"
			    "! t:4:3: warning: call never resumed, arguments unknown "
			    "[unfinished-call]\n"
			    "call@4:3 pid 1 f(E 3) incomplete\n"
			    "end\n"
			    "call@2:3 pid 2 g(E 2; E 2) = 0 joined\n"
			    "call@1:3 pid 1 g(E 1; E 1) = 0 joined\n"
			    "call@3:3 pid 3 g(E 3; E 3) = 0 joined\n"
			    "end\n");
	s2s_out_done(&t.out);
}

/* A call that comes again is remembered: nothing of the first may stay but its text. */
static void
test_again(void **state)
{
	static const struct {
		const char *line, *event;
	} again[] = {
	    {"1 openat(AT_FDCWD, \"a b\", flags=O_RDONLY) = -1 ENOENT (x)",
	     "pid 1 openat(E AT_FDCWD; S \"a b\"; E flags:O_RDONLY) = -1 ENOENT"},
	    {"22 openat(AT_FDCWD, \"a b\", flags=O_RDONLY) = -1 ENOENT (x)",
	     "pid 22 openat(E AT_FDCWD; S \"a b\"; E flags:O_RDONLY) = -1 ENOENT"},
	    {"1 [ 3] openat(AT_FDCWD, \"a b\", flags=O_RDONLY) = -1 ENOENT (x) "
	     "<0.000012>",
	     "pid 1 nr 3 openat(E AT_FDCWD; S \"a b\"; E flags:O_RDONLY) = -1 ENOENT"},
	    {"openat(AT_FDCWD, \"a b\", flags=O_RDONLY) = -1 ENOENT (x) <1.5>",
	     "openat(E AT_FDCWD; S \"a b\"; E flags:O_RDONLY) = -1 ENOENT"},
	    {"openat(AT_FDCWD, \"a b\", flags=O_RDONLY) = -1 ENOENT (x) <1.5", NULL},
	    {"openat(AT_FDCWD, \"a b\", flags=O_RDONLY) = -1 ENOENT (x) 1", NULL},
	    {"openat(AT_FDCWD, \"a\") = 3</a <1.5>", "openat(E AT_FDCWD; S \"a\") = 3"},
	    {"openat(AT_FDCWD, \"a\") = 3</a", NULL},
	};
	struct s2s_out log, events;
	struct parse_text t;

	(void)state;
	s2s_out_memory(&log);
	s2s_out_memory(&events);
	for (unsigned i = 0; i < 5 * S2S_ARRAY_SIZE(again); i++) {
		const char *line = again[i % S2S_ARRAY_SIZE(again)].line;
		const char *event = again[i % S2S_ARRAY_SIZE(again)].event;
		unsigned column = (unsigned)(strstr(line, "openat") - line) + 1;

		s2s_out_printf(&log, "%s\n", line);
		if (event)
			s2s_out_printf(&events, "call@%u:%u %s\n", i + 1, column,
				       event);
	}
	s2s_out_str(&events, "end\n");
	s2s_out_char(&log, '\0');
	s2s_out_char(&events, '\0');
	parse_text(&t, log.p, S2S_LENIENT, NULL);
	assert_int_equal(t.counts.skipped, 15);
	assert_int_equal(t.counts.calls, 25);
	for (const char *p = t.out.p; (p = strstr(p, "! "));) /* drop the messages */
		memmove((char *)p, strchr(p, '\n') + 1, strlen(strchr(p, '\n')));
	assert_string_equal(t.out.p, events.p);
	s2s_out_done(&t.out);
	s2s_out_done(&log);
	s2s_out_done(&events);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_joined), cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_counts), cmocka_unit_test(test_first_error),
	    cmocka_unit_test(test_many),   cmocka_unit_test(test_inputs),
	    cmocka_unit_test(test_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
