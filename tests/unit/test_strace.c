/* SPDX-License-Identifier: MIT */
#include "parse/parse.h"
#include "show_event.h"
#include "unit.h"

static const struct {
	const char *line, *event;
} accepted[] = {
    /* prefixes */
    {"close(3) = 0", "call close(E 3) = 0"},
    {"    close(3) = 0", "call close(E 3) = 0"},
    {"1234  close(3) = 0", "call pid 1234 close(E 3) = 0"},
    {"[pid  1234] close(3) = 0", "call pid 1234 close(E 3) = 0"},
    {"[pid 1234<a b>] close(3) = 0", "call pid 1234 close(E 3) = 0"},
    {"1234<a, b> close(3) = 0", "call pid 1234 close(E 3) = 0"},
    {"12:34:56 close(3) = 0", "call close(E 3) = 0"},
    {"1234  12:34:56.123456 close(3) = 0", "call pid 1234 close(E 3) = 0"},
    {"1669111111.123456 close(3) = 0", "call close(E 3) = 0"},
    {"1669111111 close(3) = 0", "call close(E 3) = 0"},
    {"7 1669111111 close(3) = 0", "call pid 7 close(E 3) = 0"},
    {"     0.000123 close(3) = 0", "call close(E 3) = 0"},
    {"     0 close(3) = 0", "call close(E 3) = 0"},
    {"  1234 close(3) = 0", "call close(E 3) = 0"},
    {"    1234 close(3) = 0", "call pid 1234 close(E 3) = 0"},
    {"1234       0 close(3) = 0", "call pid 1234 close(E 3) = 0"},
    {"12:34:56 (+     0.000076) close(3) = 0", "call close(E 3) = 0"},
    {"[   3] close(3) = 0", "call nr 3 close(E 3) = 0"},
    {"[ 257] [00007f7778c8386a] close(3) = 0", "call nr 257 close(E 3) = 0"},
    {"[08048420] close(3) = 0", "call close(E 3) = 0"},
    {"[551234567890] close(3) = 0", "call close(E 3) = 0"},
    {"[   3] [55d63bd5c1c4] close(3) = 0", "call nr 3 close(E 3) = 0"},
    {"[1073741827] close(3) = 0", "call nr 1073741827 close(E 3) = 0"},
    {"[ 231] [????????????????] +++ exited with 0 +++", "exit nr 231 exited with 0"},
    {"7<x> 12:34:56 (+     0.1) [   3] [00007f7778c8386a] [ctx_t] close(3) = 0 <0.1>",
     "call pid 7 nr 3 close(E 3) = 0"},
    {"[pid 99999999999999999999] close(3) = 0",
     "call pid 9223372036854775807 close(E 3) = 0"},

    /* other events */
    {"--- SIGCHLD {si_signo=SIGCHLD} ---", "signal SIGCHLD"},
    {"--- SIGCHLD (Child exited) @ 0 (0) ---", "signal SIGCHLD"},
    {"--- stopped by SIGSTOP ---", "signal SIGSTOP"},
    {"12 --- SIGRT_1 {} ---  ", "signal pid 12 SIGRT_1"},
    {"+++ killed by SIGSEGV (core dumped) +++", "exit killed by SIGSEGV (core dumped)"},
    {"strace: Process 12 attached", "note strace: Process 12 attached"},
    {"Process 12 attached", "note Process 12 attached"},
    {"strace: [ Process PID=1 runs in 32 bit mode. ]",
     "note strace: [ Process PID=1 runs in 32 bit mode. ]"},
    {"[ Process PID=1 runs in x32 mode. ]", "note [ Process PID=1 runs in x32 mode. ]"},
    {" > /lib/libc.so(f+0x1) [0x1]", "note > /lib/libc.so(f+0x1) [0x1]"},
    {" | 00000  78 0a  x. |", "note | 00000  78 0a  x. |"},
    {" 45.10    0.000952          14        64        11 newfstatat",
     "note  45.10    0.000952          14        64        11 newfstatat"},

    /* arguments */
    {"vfork() = 7", "call vfork() = 7"},
    {"f(1, -2, 0x3, 04, ~5) = 0", "call f(E 1; E -2; E 0x3; E 04; E ~5) = 0"},
    {"f( 1 ,2,  3 )=0", "call f(E 1; E 2; E 3) = 0"},
    {"f(A|B|0x8 /* X_??? */) = 0", "call f(E A|B|0x8 /* X_??? */) = 0"},
    {"f(A or B) = 0", "call f(E A or B) = 0"},
    {"f(makedev(0x1, 0x3), QCMD(A, B)) = 0",
     "call f(E makedev(0x1, 0x3); E QCMD(A, B)) = 0"},
    {"f(_IOC(_IOC_READ|_IOC_WRITE, 0x54, 0x30, 0x4)) = 0",
     "call f(E _IOC(_IOC_READ|_IOC_WRITE, 0x54, 0x30, 0x4)) = 0"},
    {"f(A<<28|0<<12|B<<24|0x1) = 0", "call f(E A<<28|0<<12|B<<24|0x1) = 0"},
    {"f(|0x900) = 0", "call f(E 0x900) = 0"},
    {"f(-100 /* AT_FDCWD */</a b>, 3</x>(deleted)) = 0",
     "call f(E -100 /* AT_FDCWD */</a b>; E 3</x>(deleted)) = 0"},
    {"f(3</a\\76b, ) = 3>) = 0", "call f(E 3</a\\76b, ) = 3>) = 0"},
    {"f(3</a>b>) = 0", "call f(E 3</a>b>) = 0"},
    {"f(3</dev/null<char 1:3>>) = 0", "call f(E 3</dev/null<char 1:3>>) = 0"},
    {"f(3<TCP:[1.2.3.4:5->6.7.8.9:10]>) = 0",
     "call f(E 3<TCP:[1.2.3.4:5->6.7.8.9:10]>) = 0"},
    {"f(3<UNIX-STREAM:[1->2, \"/x>, \"]>) = 0",
     "call f(E 3<UNIX-STREAM:[1->2, \"/x>, \"]>) = 0"},
    {"f(\"a, \\\") = 3\", \"b\"..., \"\"...) = 0",
     "call f(S \"a, \\\") = 3\"; S \"b\"...; S \"\"...) = 0"},
    {"f(@\"x\", 'S', '\\'') = 0", "call f(S @\"x\"; E 'S'; E '\\'') = 0"},
    {"f({a=1, b={c=[1, 2]}}, {...}) = 0", "call f(T {a=1, b={c=[1, 2]}}; T {...}) = 0"},
    {"f({a=1} => {b=2}, [28 => 16], [1->2]) = 0",
     "call f(T {a=1} => {b=2}; A [28 => 16]; A [1->2]) = 0"},
    {"f(~[RTMIN RT_1], ~[], []) = 0", "call f(A ~[RTMIN RT_1]; A ~[]; A []) = 0"},
    {"f([{WIFEXITED(s) && WEXITSTATUS(s) == 0}]) = 0",
     "call f(A [{WIFEXITED(s) && WEXITSTATUS(s) == 0}]) = 0"},
    {"f({B38400 opost -isig ...}) = 0", "call f(T {B38400 opost -isig ...}) = 0"},
    {"f({entry_number:-1 -> 6, limit:1}) = 0",
     "call f(T {entry_number:-1 -> 6, limit:1}) = 0"},
    {"f({st_atime=2017/01/02-03:04:05}) = 0",
     "call f(T {st_atime=2017/01/02-03:04:05}) = 0"},
    {"f({msg_name(12)={a=1}}) = 0", "call f(T {msg_name(12)={a=1}}) = 0"},
    {"f({inet_pton(AF_INET6, \"::1\", &sin6_addr)}) = 0",
     "call f(T {inet_pton(AF_INET6, \"::1\", &sin6_addr)}) = 0"},
    {"f({x=02:42:ac:11:00:02}) = 0", "call f(T {x=02:42:ac:11:00:02}) = 0"},
    {"clone(child_stack=NULL, flags=A|SIGCHLD, x=[7]) = 9",
     "call clone(E child_stack:NULL; E flags:A|SIGCHLD; A x:[7]) = 9"},
    {"f(NULL, ..., ?\?\?) = 0", "call f(E NULL; ? ...; ? ?\?\?) = 0"},
    {"f(3, /* 23 entries */, 32768) = 0",
     "call f(E 3; ? /* 23 entries */; E 32768) = 0"},
    {"f(0x7f /* 37 vars */, [/* 3 vars */]) = 0",
     "call f(E 0x7f /* 37 vars */; A [/* 3 vars */]) = 0"},
    {"f(/* x */ 5) = 0", "call f(E /* x */ 5) = 0"},
    {"f(\"x\" [user_t:s0!!root:s0-s1], 3) = 0",
     "call f(S \"x\" [user_t:s0!!root:s0-s1]; E 3) = 0"},
    {"restart_syscall(<... resuming interrupted read ...>) = 0",
     "call restart_syscall(? <... resuming interrupted read ...>) = 0"},
    {"f(1 /* 6673 in strace's PID NS */) = 0",
     "call f(E 1 /* 6673 in strace's PID NS */) = 0"},

    {"restart_syscall(<... resuming interrupted system call ...>) = 0",
     "call restart_syscall(? <... resuming interrupted system call ...>) = 0"},
    {"f({cmsg_type=, ...}, x=, 1) = 0", "call f(T {cmsg_type=, ...}; ? x:; E 1) = 0"},
    {"f({cmsg_type=SCM_CREDENTIALS{pid=0}}) = 0",
     "call f(T {cmsg_type=SCM_CREDENTIALS{pid=0}}) = 0"},
    {"f({ifc_len=2 * sizeof(struct ifreq)}, 8*RIP, offsetof(struct user, regs) + 48) = "
     "0",
     "call f(T {ifc_len=2 * sizeof(struct ifreq)}; E 8*RIP; E offsetof(struct user, "
     "regs) + 48) = 0"},

    /* results */
    {"sigreturn() (mask [CHLD RT_1]) = -1 EINTR (Interrupted system call)",
     "call sigreturn() = -1 EINTR"},
    {"sigreturn()           = ? (mask now [])", "call sigreturn() = ?"},
    {"f()                       = ?", "call f() = ?"},
    {"f() = -1 ENOENT (No such file or directory)", "call f() = -1 ENOENT"},
    {"f() = ? ERESTARTSYS (To be restarted if SA_RESTART is set)",
     "call f() = ? ERESTARTSYS"},
    {"f() = -1 (errno 530)", "call f() = -1"},
    {"f() = 0x8000 (flags O_RDONLY|O_LARGEFILE)", "call f() = 0x8000"},
    {"f() = 3</a b>(deleted) <0.000012>", "call f() = 3"},
    {"f() = 1 ([{fd=3</a)b>, revents=POLLIN}])", "call f() = 1"},
    {"f() = 1 (in [3], left {tv_sec=0, tv_usec=9})", "call f() = 1"},
    {"f() = -1 EPERM (Operation not permitted) (INJECTED) (DELAYED) <0.1>",
     "call f() = -1 EPERM"},
    {"f() = -1 ENOENT (Kein passendes Ger\xc3\xa4t)", "call f() = -1 ENOENT"},
    {"f() = ? <unavailable>", "call f() = ?"},
    {"f() = <unavailable>", "call f() = ?"},
    {"f() = 7 /* 9 in strace's PID NS */", "call f() = 7"},
    {"f() = 7<sh>\r", "call f() = 7"},
    {"f() = 3 [user_home_t]", "call f() = 3"},

    /* halves */
    {"read(3,  <unfinished ...>", "unfinished read(E 3) incomplete"},
    {"f(1, {a=[ <unfinished ...>", "unfinished f(E 1; T {a=[) incomplete"},
    {"f( <unfinished ...>", "unfinished f() incomplete"},
    {"exit_group(0) <unfinished ...>", "unfinished exit_group(E 0) incomplete"},
    {"?\?\?( <detached ...>", "unfinished ?\?\?() incomplete"},
    {"f(1 <pid changed to 12 ...>", "unfinished f(E 1) incomplete"},
    {"f(1 <ptrace(SYSCALL):No such process>", "unfinished f(E 1) incomplete"},
    {"f(1,  <unfinished ...>) = ?", "call f(E 1) = ? incomplete"},
    {"?\?\?\?( <unavailable>)= ? <unavailable>", "call ?\?\?\?() = ? incomplete"},
    {"vfork(strace: Process 12 attached", "unfinished vfork() incomplete"},
    {"f(1, Process 12 attached", "unfinished f() incomplete"},
    {"<... read resumed>\"abc\", 3) = 3", "resumed read() = 3 incomplete"},
    {"<... read resumed> )      = 3", "resumed read() = 3 incomplete"},
    {"<... f resumed>}], 0) = -1 EINTR (x)", "resumed f() = -1 EINTR incomplete"},
    {"<... f resumed> <unfinished ...>) = ?", "resumed f() = ? incomplete"},
    {"<... f resumed>", "resumed f() incomplete"},
    {" <unfinished ...>", "resumed () incomplete"},
    {"\"\", 4096) = 0", "resumed () = 0 incomplete"},
};

static const struct {
	const char *line;
	uint32_t column;
	const char *expected;
} refused[] = {
    {"openat(AT_FDCWD, \"x\", O_RDONLY = 3", 32, "')' after the arguments"},
    {"openat(AT_FDCWD, \"x\", O_RDONLY)", 32, "'=' and the result"},
    {"openat(AT_FDCWD, \"x, O_RDONLY", 30, "'\"' at the end of the string"},
    {"openat AT_FDCWD", 7, "'(' after the name"},
    {"read(3, ) = 4x y", 9, "a value"},
    {"read(3, {A|) = 4x y", 12, "a value"},
    {"read(3 /* /* x */, 4) = 0", 26, "'*/' at the end of the comment"},
    {"read(3 4) = x", 8, "')' after the arguments"},
    {"read(3, {a=1, b=2) = 0 (", 18, "'}' at the end of the structure"},
    {"read(3, [1, 2) = 0 (", 14, "']' at the end of the array"},
    {"read(3</a/b, 4) = 0", 20, "'>' at the end of the path"},
    {"read(3 /* x, 4) = 0", 20, "'*/' at the end of the comment"},
    {"read(A|, 4) = x", 8, "a value"},
    {"read(3) = ", 11, "a result after '='"},
    {"read(3) = 4 5", 13, "the end of the line"},
    {"read(3) = 4 (x", 15, "')' at the end of the remark"},
    {"--- SIGCHLD {}", 15, "'---' at the end of the line"},
    {"+++ exited with 0", 18, "'+++' at the end of the line"},
    {"<... resumed>", 13, "the name of a resumed call"},
    {"\x7f"
     "ELF",
     1, "a system call, a signal or an exit"},
    {"12:34:56 ", 10, "a system call, a signal or an exit"},
    {"", 1, "a system call, a signal or an exit"},
};

static void
test_accepted(void **state)
{
	struct s2s_arena arena = {0};
	struct s2s_syntax_error error;
	struct s2s_event ev;
	struct s2s_out out;

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(accepted); i++) {
		s2s_arena_clear(&arena);
		if (s2s_strace_line(sv_from(accepted[i].line), NULL, &arena, &ev,
				    &error) != S2S_OK)
			fail_msg("%s: refused at %u: expected %s", accepted[i].line,
				 error.column, error.expected);
		s2s_out_memory(&out);
		show_event(&out, &ev);
		s2s_out_char(&out, '\0');
		if (strcmp(out.p, accepted[i].event) != 0)
			fail_msg("%s:\n got %s\nnot %s", accepted[i].line, out.p,
				 accepted[i].event);
		s2s_out_done(&out);
	}
	s2s_arena_done(&arena);
}

static void
test_refused(void **state)
{
	struct s2s_arena arena = {0};
	struct s2s_syntax_error error;
	struct s2s_event ev;

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(refused); i++) {
		if (s2s_strace_line(sv_from(refused[i].line), NULL, &arena, &ev,
				    &error) == S2S_OK)
			fail_msg("accepted: %s", refused[i].line);
		if (error.column != refused[i].column ||
		    strcmp(error.expected, refused[i].expected) != 0)
			fail_msg("%s:\n got %u: %s\nnot %u: %s", refused[i].line,
				 error.column, error.expected, refused[i].column,
				 refused[i].expected);
		assert_int_equal(error.id, S2S_DIAG_SYNTAX);
	}
	s2s_arena_done(&arena);
}

/* Each argument is a slice of the line, in order, at its column. */
static void
test_columns(void **state)
{
	static const char line[] = "1234  f(1, flags=A|B, {x}, \"s\"...) = 0";
	struct s2s_arena arena = {0};
	struct s2s_syntax_error error;
	struct s2s_event ev;

	(void)state;
	assert_int_equal(s2s_strace_line(SV(line), NULL, &arena, &ev, &error), S2S_OK);
	assert_int_equal(ev.place.column, 7);
	assert_int_equal(ev.nargs, 4);
	for (size_t i = 0; i < ev.nargs; i++)
		assert_ptr_equal(ev.args[i].text.p, line + ev.args[i].column - 1);
	assert_int_equal(ev.args[1].column, 18);
	s2s_arena_done(&arena);
}

static const struct {
	const char *opening;
	unsigned n;
	enum s2s_diag_id id;
} deep[] = {
    {"[", 256, S2S_DIAG_SYNTAX},          {"[", 257, S2S_DIAG_TOO_DEEP},
    {"[", 10000, S2S_DIAG_TOO_DEEP},      {"{a=", 10000, S2S_DIAG_TOO_DEEP},
    {"x(", 10000, S2S_DIAG_TOO_DEEP},     {"a [", 10000, S2S_DIAG_TOO_DEEP},
    {"{/**/ ", 10000, S2S_DIAG_TOO_DEEP}, {"[a -", 5000000, S2S_DIAG_TOO_DEEP},
    {"{a or (", 100, S2S_DIAG_SYNTAX},    {"[a &&(", 100, S2S_DIAG_SYNTAX},
    {"{a - (", 100, S2S_DIAG_SYNTAX},     {"[a or b ", 200, S2S_DIAG_SYNTAX},
};

static void
test_deep(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(deep); i++) {
		struct s2s_arena arena = {0};
		struct s2s_syntax_error error;
		struct s2s_event ev;
		struct s2s_out out;

		s2s_out_memory(&out);
		s2s_out_str(&out, "f(");
		for (unsigned n = 0; n < deep[i].n; n++)
			s2s_out_str(&out, deep[i].opening);
		assert_int_equal(
		    s2s_strace_line(s2s_out_text(&out), NULL, &arena, &ev, &error),
		    S2S_SYNTAX);
		if (error.id != deep[i].id)
			fail_msg("%s x %u", deep[i].opening, deep[i].n);
		s2s_out_done(&out);
		s2s_arena_done(&arena);
	}
}

/* What could make a parser that goes back scan the same text again and again. */
static const char *const repeated[] = {
    "[",
    "{a -",
    "{a - ",
    "f(1, ",
    "\"",
    "'",
    "<",
    "<<",
    "<\"",
    "/*",
    "/* ",
    "(\"",
    "a<b ",
    "a|",
    ") = 1 (\"",
    "\\\"",
    " ",
    "a or ",
    "=",
    "<... f resumed>",
    "<unfinished ...>",
    "strace: Process 1 attached",
    "-",
    "{/**/",
    "<ptrace(",
    "1 ",
    "1.1 ",
    "[1] ",
    "<a",
    ">>",
    "a b ",
    "--- A",
    " ---",
    " +++ ",
};

static void
test_linear(void **state)
{
	static const char *const heads[] = {"", "f(", "<... f resumed>", "f() = 1 "};
	struct s2s_arena arena = {0};
	struct s2s_syntax_error error;
	struct s2s_event ev;

	(void)state;
	for (size_t h = 0; h < S2S_ARRAY_SIZE(heads); h++)
		for (size_t i = 0; i < S2S_ARRAY_SIZE(repeated); i++) {
			struct s2s_out out;

			s2s_out_memory(&out);
			s2s_out_str(&out, heads[h]);
			while (out.n < 1 << 19)
				s2s_out_str(&out, repeated[i]);
			s2s_arena_clear(&arena);
			s2s_strace_line(s2s_out_text(&out), NULL, &arena, &ev, &error);
			s2s_out_done(&out);
		}
	s2s_arena_done(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_accepted), cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_columns),  cmocka_unit_test(test_deep),
	    cmocka_unit_test(test_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
