/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/attr.h"
#include "base/out.h"
#include "bind/bind.h"
#include "parse/parse.h"
#include "unit.h"

#include <inttypes.h>

/* A line as strace prints it, and the call and registers that it stands for. */
static const struct {
	const char *line, *call;
} calls[] = {
    /* descriptors, paths, flags; what is left out is unknown */
    {"openat(AT_FDCWD, \"/etc/passwd\", O_RDONLY|O_CLOEXEC) = 3",
     "openat 0xffffff9c address 0x80000 unknown"},
    {"openat(-100 /* AT_FDCWD */</tmp>, \"a\", 0x80000 /* O_RDONLY|O_CLOEXEC */) = 3",
     "openat 0xffffff9c address 0x80000 unknown"},
    {"openat(-100, \"a\", 0x241, 0644) = 3", "openat 0xffffff9c address 0x241 0x1a4"},
    {"openat(0xffffff9c, 0x7ff9941870b1, 0x80000, 0) = 0x3",
     "openat 0xffffff9c address 0x80000 unknown"},
    {"openat(AT_FDCWD, \"a\", O_WRONLY|O_CREAT|O_EXCL|0x8000000, 0600) = 3",
     "openat 0xffffff9c address 0x80000c1 0x180"},
    {"read(3</etc/passwd>, \"root\"..., 4096) = 4096", "read 0x3 address 0x1000"},
    {"write(1<socket:[1]>, 0x7f1200001000, 18446744073709551615) = -1 EFAULT (Bad)",
     "write 0x1 address 0xffffffffffffffff"},
    {"close(-1) = -1 EBADF (Bad file descriptor)", "close 0xffffffff"},
    {"lseek(3, -10, SEEK_END) = 90", "lseek 0x3 0xfffffffffffffff6 0x2"},
    /* addresses: NULL is a value, the rest is not */
    {"brk(NULL) = 0x55aa8d32a000", "brk 0x0"},
    {"brk(0x55aa8d34b000) = 0x55aa8d34b000", "brk address"},
    {"munmap(0x7f5f63e99000, 208896) = 0", "munmap address 0x33000"},
    {"mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f",
     "mmap 0x0 0x2000 0x3 0x22 0xffffffff 0x0"},
    {"mmap(0, 0x2000, 0x3, 0x22, 0xffffffff, 0) = 0x7ff994154000",
     "mmap 0x0 0x2000 0x3 0x22 0xffffffff 0x0"},
    {"execve(\"/bin/ls\", [\"ls\"], 0x7ffe6aa8d878 /* 36 vars */) = 0",
     "execve address address address"},
    {"rt_sigprocmask(SIG_BLOCK, ~[RTMIN RT_1], [], 8) = 0",
     "rt_sigprocmask 0x0 address address 0x8"},
    {"rt_sigprocmask(SIG_SETMASK, [], NULL, 8) = 0",
     "rt_sigprocmask 0x2 address 0x0 0x8"},
    {"wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 12",
     "wait4 0xffffffff address 0x0 0x0"},
    /* names and strace's own order */
    {"clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, "
     "child_tidptr=0x7f3307847a10) = 8381",
     "clone 0x1200011 0x0 unknown address unknown"},
    {"clone(child_stack=0x7f, flags=CLONE_VM|CLONE_SETTLS|CLONE_PARENT_SETTID|SIGCHLD, "
     "parent_tid=[12], tls=0x7f00, child_tidptr=NULL) = 12",
     "clone 0x180111 address address unknown address"},
    {"preadv2(3, 0x7f00, 3, 4, RWF_NOWAIT) = 0",
     "preadv2 0x3 address 0x3 0x4 unknown 0x8"},
    /* kinds that hang on a selector */
    {"fcntl(3, F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)", "fcntl 0x3 0x3 unknown"},
    {"fcntl(3, F_SETFD, FD_CLOEXEC) = 0", "fcntl 0x3 0x2 0x1"},
    {"fcntl(3, F_SETFL, O_RDONLY|O_NONBLOCK) = 0", "fcntl 0x3 0x4 0x800"},
    {"fcntl(3, F_SETLK, {l_type=F_RDLCK, l_whence=SEEK_SET, l_start=0, l_len=0}) = 0",
     "fcntl 0x3 0x6 address"},
    {"prctl(PR_SET_NAME, \"worker\") = 0", "prctl 0xf address unknown unknown unknown"},
    {"prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_FOWNER, 0, 0) = 0",
     "prctl 0x2f 0x2 0x3 0x0 0x0"},
    {"futex(0x7f3307a1ea4c, FUTEX_WAKE_PRIVATE, 2147483647) = 0",
     "futex address 0x81 0x7fffffff unknown unknown unknown"},
    {"futex(0x7f00, FUTEX_WAKE_OP, 1, 1, 0x7f04, "
     "FUTEX_OP_SET<<28|0<<12|FUTEX_OP_CMP_GT<<24|0x1) = 0",
     "futex address 0x5 0x1 0x1 address 0x4000001"},
    {"ioctl(3, TCGETS, {c_iflag=ICRNL, ...}) = 0", "ioctl 0x3 0x5401 address"},
    {"ioctl(3, BTRFS_IOC_CLONE or FICLONE, 5) = 0", "ioctl 0x3 0x40049409 0x5"},
    {"umount(\"/x\", MNT_DETACH) = 0", "umount2 address 0x2"},
    {"ioctl(3, _IOC(_IOC_READ, 0x54, 0x30, 0x4), [5]) = 0",
     "ioctl 0x3 0x80045430 address"},
    {"ioctl(3, EVIOCGNAME(255), \"Power Button\") = 13",
     "ioctl 0x3 0x80ff4506 address"},
    {"socket(AF_PACKET, SOCK_RAW|SOCK_CLOEXEC, htons(ETH_P_ALL)) = 3",
     "socket 0x11 0x80003 0x300"},
    {"socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE) = 3",
     "socket 0x10 0x80003 0x0"},
    {"setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0",
     "setsockopt 0x3 0x1 0x2 address 0x4"},
    {"setsockopt(3, SOL_TCP, TCP_NODELAY, [1], 4) = 0",
     "setsockopt 0x3 0x6 0x1 address 0x4"},
    {"mknodat(AT_FDCWD, \"null\", S_IFCHR|0666, makedev(0x1, 0x3)) = 0",
     "mknodat 0xffffff9c address 0x21b6 0x103"},
    {"mknod(\"f\", S_IFREG|0644) = 0", "mknod address 0x81a4 unknown"},
    {"quotactl(QCMD(Q_GETQUOTA, USRQUOTA), \"/dev/sda1\", 0, 0x7ffc) = -1 ENODEV (N)",
     "quotactl 0x80000700 address 0x0 address"},
    {"ioprio_set(IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 4)) = 0",
     "ioprio_set 0x1 0x0 0x4004"},
    {"semctl(5, 0, SETVAL, 0x4d) = 0", "semctl 0x5 0x0 0x10 0x4d"},
    {"kill(12, SIGRT_3) = 0", "kill 0xc 0x23"},
    {"umask(0177) = 022", "umask 0x7f"},
    {"setresuid(-1, 0, -1) = 0", "setresuid 0xffffffff 0x0 0xffffffff"},
    {"statx(-100, \"a\", , 0x25e, 0x7f00) = 0",
     "statx 0xffffff9c address 0x0 0x25e address"},
    {"statx(-100, \"a\", |0x900, 0x25e, 0x7f00) = 0",
     "statx 0xffffff9c address 0x900 0x25e address"},
    /* whole registers: what the kernel does not read falls away */
    {"openat(0xffffffffffffff9c, 0x7f00, 0xdead00080040, 0xdeadbeef) = 3",
     "openat 0xffffff9c address 0x80040 0xbeef"},
    /* the log does not tell */
    {"read(3, ???, ...) = ?", "read 0x3 unknown unknown"},
    {"openat(AT_FDCWD, \"a\", O_RDONLY|O_NOSUCH) = 3",
     "openat 0xffffff9c address unknown unknown"},
    {"write(1, \"x\", 99999999999999999999) = 1", "write 0x1 address unknown"},
    /* the kernel reads 32 bits of it */
    {"close(4294967299) = 0", "close 0x3"},
    {"close(-4294967293) = 0", "close 0x3"},
    {"close(99999999999999999999) = 0", "close unknown"},
    {"socket(AF_INET, SOCK_STREAM, 244834610708486) = 3", "socket 0x2 0x1 0x6"},
    {"mmap(NULL, 4096, PROT_READ|0x7f0000000000, MAP_PRIVATE, 3, 0) = 0x7f",
     "mmap 0x0 0x1000 0x1 0x2 0x3 0x0"},
    {"clone(child_stack=NULL, flags=0x400000000 /* CLONE_??? */|SIGCHLD) = 5",
     "clone 0x11 0x0 unknown unknown unknown"},
    {"socket(AF_INET, {1}, IPPROTO_TCP) = 3", "socket 0x2 unknown 0x6"},
    /* strace makes some up */
    {"rt_sigreturn({mask=[]}) = 0", "rt_sigreturn"},
    {"restart_syscall(<... resuming interrupted read ...>) = 0", "restart_syscall"},
    {"exit_group(0) = ?", "exit_group 0x0"},
    /* calls that strace has no name for: all registers, used or not */
    {"syscall_0x1c4(0xffffff9c, 0x7f00, 0x1a4, 0x100, 0x5, 0x6) = 0",
     "fchmodat2 0xffffff9c address 0x1a4 0x100"},
    {"syscall_0x101(0xffffff9c, 0x7f00, 0x80000, 0x1a4, 0x5, 0x6) = 0",
     "openat 0xffffff9c address 0x80000 unknown"},
};

static void
put_call(struct s2s_out *out, const struct s2s_call *call)
{
	s2s_out_str(out, call->sc->name);
	for (int i = 0; i < call->sc->nargs; i++) {
		if (call->arg[i].state == S2S_ARG_KNOWN)
			s2s_out_printf(out, " 0x%" PRIx64, call->arg[i].value);
		else
			s2s_out_str(out, call->arg[i].state == S2S_ARG_ADDRESS
					     ? " address"
					     : " unknown");
	}
	s2s_out_char(out, '\0');
}

struct fixture {
	struct s2s_arena arena;
	struct s2s_diag diag;
	struct s2s_bind_counts counts;
};

static enum s2s_status
bind_line(struct fixture *f, const char *line, struct s2s_call *ret)
{
	struct s2s_syntax_error error;
	struct s2s_event ev;

	if (s2s_strace_line(sv_from(line), &s2s_limits_default, &f->arena, &ev, &error))
		fail_msg("%s:%u: expected %s", line, error.column, error.expected);
	return s2s_bind_call(&ev, S2S_ARCH_X86_64, &f->diag, &f->counts, ret);
}

static void
test_calls(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(calls); i++) {
		struct fixture f = {.diag = {.tolerance = S2S_LENIENT}};
		struct s2s_call call;
		struct s2s_out out;

		s2s_out_memory(&out);
		if (bind_line(&f, calls[i].line, &call) != S2S_OK)
			fail_msg("not bound: %s", calls[i].line);
		put_call(&out, &call);
		if (strcmp(s2s_out_text(&out).p, calls[i].call) != 0)
			fail_msg("%s\n%s", calls[i].line, s2s_out_text(&out).p);
		s2s_out_done(&out);
		s2s_arena_done(&f.arena);
	}
}

/* What is not understood is said, once, at its place, and counted. */
static const struct {
	const char *line;
	bool bound;
	enum s2s_diag_id id;
	const char *message;
	uint64_t args, unknown, symbols, selectors;
} faults[] = {
    {"openat(AT_FDCWD, \"a\", O_RDONLY|O_NOSUCH) = 3", true, S2S_DIAG_UNKNOWN_CONSTANT,
     "log:7:32: warning: unknown constant 'O_NOSUCH': flags of openat is unknown "
     "[unknown-constant]",
     4, 2, 1, 1},
    {"close(99999999999999999999) = 0", true, S2S_DIAG_VALUE_RANGE,
     "log:7:7: warning: value does not fit: '99999999999999999999': fd of close is "
     "unknown "
     "[value-range]",
     1, 1, 0, 0},
    {"lseek(3, 10, 08) = 3", true, S2S_DIAG_EXPRESSION,
     "log:7:14: warning: not understood '08': whence of lseek is unknown [expression]",
     3, 1, 0, 1},
    {"lseek(3, 10) = 3", true, S2S_DIAG_UNKNOWN_SELECTOR,
     "log:7:1: warning: the log does not tell whence of lseek [unknown-selector]", 3, 1,
     0, 1},
    {"close(1, 2) = 3", true, S2S_DIAG_TOO_MANY_ARGS,
     "log:7:10: warning: more arguments than close has [too-many-arguments]", 1, 0, 0,
     0},
    {"opnat(AT_FDCWD, \"a\", O_RDONLY) = 3", false, S2S_DIAG_UNKNOWN_CALL,
     "log:7:1: warning: opnat: no such system call; the closest is openat "
     "[unknown-call]",
     0, 0, 0, 0},
    {"frobnicate(1) = 3", false, S2S_DIAG_UNKNOWN_CALL,
     "log:7:1: warning: frobnicate: no such system call on x86_64 [unknown-call]", 0, 0,
     0, 0},
    {"syscall_0xfff(1, 2, 3, 4, 5, 6) = 3", false, S2S_DIAG_UNKNOWN_CALL,
     "log:7:1: warning: syscall_0xfff: no such system call on x86_64 [unknown-call]", 0,
     0, 0, 0},
    {"syscall_0x40000001(1, 2, 3, 4, 5, 6) = 3", false, S2S_DIAG_X32,
     "log:7:1: warning: syscall_0x40000001: x32 calls are not supported [x32]", 0, 0, 0,
     0},
    {"[  7] open(\"a\", O_RDONLY) = 3", false, S2S_DIAG_ARCH,
     "log:7:7: warning: open: its number is not the one it has on x86_64 "
     "[unsupported-arch]",
     0, 0, 0, 0},
    {"[1073741825] write(1, \"a\", 1) = 3", false, S2S_DIAG_X32,
     "log:7:14: warning: write: x32 calls are not supported [x32]", 0, 0, 0, 0},
};

static void
keep_message(void *self, enum s2s_log_level level, const char *text)
{
	struct s2s_out *out = self;

	(void)level;
	s2s_out_sv(out, (struct s2s_sv){text, strcspn(text, "\n")});
}

static void
check_fault(size_t i, const struct s2s_out *said)
{
	struct s2s_sv text = s2s_out_text(said);

	if (!sv_equal(text, sv_from(faults[i].message)))
		fail_msg("%s\n%.*s", faults[i].line, (int)text.n, text.p);
}

static void
test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(faults); i++) {
		struct s2s_out said;
		struct s2s_log log = {S2S_LOG_WARNING, keep_message, &said};
		struct fixture f = {.diag = {.log = &log, .tolerance = S2S_LENIENT}};
		struct s2s_syntax_error error;
		struct s2s_event ev;
		struct s2s_call call;
		enum s2s_status status;

		s2s_out_memory(&said);
		assert_int_equal(s2s_strace_line(sv_from(faults[i].line),
						 &s2s_limits_default, &f.arena, &ev,
						 &error),
				 S2S_OK);
		ev.place.file = "log";
		ev.place.line = 7;
		status = s2s_bind_call(&ev, S2S_ARCH_X86_64, &f.diag, &f.counts, &call);
		assert_int_equal(status, faults[i].bound ? S2S_OK : S2S_SYNTAX);
		check_fault(i, &said);
		assert_int_equal(f.diag.seen[faults[i].id], 1);
		assert_int_equal(f.counts.unknown_calls, !faults[i].bound);
		assert_int_equal(f.counts.args, faults[i].args);
		assert_int_equal(f.counts.unknown_args, faults[i].unknown);
		assert_int_equal(f.counts.unknown_symbols, faults[i].symbols);
		assert_int_equal(f.counts.unknown_selectors, faults[i].selectors);
		s2s_out_done(&said);
		s2s_arena_done(&f.arena);
	}
}

/* ---- the sink ---- */

struct seen {
	size_t calls, ends, launchers;
	struct s2s_call last;
};

static enum s2s_status
see_call(void *self, const struct s2s_call *call)
{
	struct seen *seen = self;

	seen->calls++;
	seen->launchers += call->launcher;
	seen->last = *call;
	return S2S_OK;
}

static enum s2s_status
see_end(void *self)
{
	((struct seen *)self)->ends++;
	return S2S_OK;
}

static enum s2s_status
feed(struct s2s_event_sink sink, struct s2s_event ev)
{
	return sink.event(sink.self, &ev);
}

#define EXECVE                                                                     \
	(struct s2s_event)                                                         \
	{                                                                          \
		.kind = S2S_EVENT_CALL, .nr = -1, .pid = -1, .name = SV("execve"), \
		.count = 1                                                         \
	}

/* strace's own execve is the first call of an input, whatever was printed before. */
static void
test_launcher(void **state)
{
	struct seen seen = {0};
	struct s2s_diag diag = {.tolerance = S2S_LENIENT};
	struct s2s_binder *b = s2s_binder_new(
	    &diag, S2S_ARCH_X86_64, (struct s2s_call_sink){see_call, see_end, &seen});
	struct s2s_event_sink sink = s2s_binder_sink(b);
	struct s2s_event getpid = EXECVE, signal = EXECVE, nothing = EXECVE;

	(void)state;
	getpid.name = SV("getpid");
	nothing.name = SV("syscall_0xffffffffffffffff");
	signal.kind = S2S_EVENT_SIGNAL;
	feed(sink, signal);
	feed(sink, EXECVE);
	assert_true(seen.last.launcher);
	feed(sink, EXECVE);
	assert_false(seen.last.launcher);
	sink.end(sink.self);
	feed(sink, getpid);
	feed(sink, EXECVE);
	assert_int_equal(feed(sink, nothing), S2S_OK);
	sink.end(sink.self);
	feed(sink, EXECVE);
	assert_int_equal(seen.launchers, 2);
	assert_int_equal(seen.calls, 5);
	assert_int_equal(seen.ends, 2);
	assert_int_equal(s2s_binder_counts(b)->calls, 5);
	assert_int_equal(s2s_binder_counts(b)->unknown_calls, 1);
	assert_int_equal(diag.errors, 0);
	s2s_binder_free(b);
}

/* A profile marks it itself, and counts. */
static void
test_profile_event(void **state)
{
	struct seen seen = {0};
	struct s2s_diag diag = {.tolerance = S2S_LENIENT};
	struct s2s_binder *b = s2s_binder_new(
	    &diag, S2S_ARCH_X86_64, (struct s2s_call_sink){see_call, see_end, &seen});
	struct s2s_event_sink sink = s2s_binder_sink(b);
	const struct s2s_arg_text args[] = {
	    {.text = SV("CLONE_VM|CLONE_SETTLS|CLONE_PARENT_SETTID"),
	     .kind = S2S_TEXT_EXPR},
	    {.text = SV("address"), .kind = S2S_TEXT_ADDRESS},
	    {.text = SV("NULL"), .kind = S2S_TEXT_EXPR},
	    {.text = SV("unknown"), .kind = S2S_TEXT_ELIDED},
	    {.text = SV("NULL"), .kind = S2S_TEXT_EXPR},
	};
	struct s2s_event ev = EXECVE;
	struct s2s_out out;

	(void)state;
	ev.runs = 3;
	ev.count = 12;
	feed(sink, ev);
	assert_false(seen.last.launcher);
	ev.launcher = true;
	feed(sink, ev);
	assert_true(seen.last.launcher);
	ev.name = SV("clone");
	ev.arch = SV("x86_64");
	ev.args = args;
	ev.nargs = S2S_ARRAY_SIZE(args);
	ev.first = (struct s2s_place){.file = "old.strace", .line = 8};
	feed(sink, ev);
	s2s_out_memory(&out);
	put_call(&out, &seen.last);
	assert_string_equal(s2s_out_text(&out).p,
			    "clone 0x180100 address 0x0 unknown 0x0");
	s2s_out_done(&out);
	assert_int_equal(seen.last.count, 12);
	assert_int_equal(seen.last.runs, 3);
	assert_string_equal(seen.last.place.file, "old.strace");
	ev.arch = SV("vax");
	assert_int_equal(feed(sink, ev), S2S_OK);
	assert_int_equal(diag.seen[S2S_DIAG_ARCH], 1);
	diag.tolerance = S2S_FIRST_ERROR;
	assert_int_equal(feed(sink, ev), S2S_SYNTAX);
	s2s_binder_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_calls),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_launcher),
	    cmocka_unit_test(test_profile_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
