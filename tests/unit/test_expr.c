/* SPDX-License-Identifier: MIT */
#include "base/attr.h"
#include "bind/bind.h"
#include "bind/expr.h"
#include "unit.h"

#include <stdlib.h>

#define NEGATIVE(n) (UINT64_MAX - (n) + 1)

static const struct {
	const char *set, *text;
	uint64_t value;
} good[] = {
    /* numbers */
    {NULL, "0", 0},
    {NULL, "42", 42},
    {NULL, "-1", UINT64_MAX},
    {NULL, "- 1", UINT64_MAX},
    {NULL, "0x7ffd12345678", 0x7ffd12345678},
    {NULL, "0644", 0644},
    {NULL, "000", 0},
    {NULL, "18446744073709551615", UINT64_MAX},
    {NULL, "-9223372036854775808", UINT64_C(1) << 63},
    {NULL, "'T'", 'T'},
    /* comments: the number decides */
    {NULL, "0x8 /* O_??? */", 8},
    {NULL, "0x80000 /* O_RDONLY|O_CLOEXEC */", 0x80000},
    {NULL, "/* O_RDONLY */ 0x80000", 0x80000},
    {NULL, "-100 /* AT_FDCWD */</tmp/a b>", NEGATIVE(100)},
    {NULL, "0x7ffe6aa8d878 /* 36 vars */", 0x7ffe6aa8d878},
    {NULL, "16387 /* IOPRIO_PRIO_VALUE(0x2 /* IOPRIO_CLASS_BE */, 3) */", 16387},
    {NULL, "0 /* SIG_0 */", 0},
    {NULL, "1 /* 6673 in strace's PID NS */", 1},
    {NULL, "0x100 /* IPC_64 */|0x10 /* SETVAL */", 0x110},
    {NULL, "0x9c /* PER_??? */|UNAME26|0xf001ff00", 0xf003ff9c},
    /* decoration */
    {NULL, "3</etc/passwd>", 3},
    {NULL, "3</tmp/x>(deleted)", 3},
    {NULL, "0</dev/pts/0<char 136:0>>", 0},
    {NULL, "4<TCP:[127.0.0.1:1->127.0.0.1:2]>", 4},
    {NULL, "4</tmp/a>b>", 4},
    {NULL, "4</tmp/a<b>", 4},
    {NULL, "4</tmp/ /* |1>", 4},
    {NULL, "AT_FDCWD</tmp>", NEGATIVE(100)},
    {NULL, "1234<bash>", 1234},
    {NULL, "1234<ba\\x3esh> /* 5 in strace's PID NS */", 1234},
    /* symbols */
    {NULL, "NULL", 0},
    {NULL, "AT_FDCWD", NEGATIVE(100)},
    {"open_flags", "O_RDONLY", 0},
    {"open_flags", "O_RDONLY|O_CLOEXEC", 0x80000},
    {"open_flags", "O_RDONLY|O_CLOEXEC|0x8000000", 0x8080000},
    {"clone_flags", "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD", 0x1200011},
    {"clone_flags", "0x1200000 /* CLONE_X */|17 /* SIGCHLD */", 0x1200011},
    {"file_mode", "S_IFCHR|0666", 020666},
    {"file_mode", "020666 /* S_IFCHR|0666 */", 020666},
    {"signal", "SIGRT_3", 35},
    {"signal", "SIGRTMIN", 32},
    {NULL, "SIGRT_32", 64},
    {NULL, "SIG_65", 65},
    {NULL, "PR_SET_PTRACER_ANY", UINT64_MAX},
    {NULL, "KEY_SPEC_SESSION_KEYRING", NEGATIVE(3)},
    {"ipc_flags", "IPC_CREAT|0600", 01600},
    /* operators and their precedence */
    {NULL, "1|2<<4", 0x21},
    {NULL, "(1|2)<<4", 0x30},
    {NULL, "1+2*3", 7},
    {NULL, "1<<2+1", 8},
    {NULL, "0xff&0x0f|0x10", 0x1f},
    {NULL, "0x100>>4", 0x10},
    {NULL, "7-2-1", 4},
    {NULL, "~0x1", UINT64_MAX - 1},
    {NULL, "-~0", 1},
    {NULL, "!PR_TAGGED_ADDR_ENABLE", 0},
    {NULL, "1<<CAP_CHOWN", 1},
    {NULL, "1<<CAP_NET_ADMIN|1<<CAP_SYS_ADMIN", 0x201000},
    {NULL, "FUTEX_OP_SET<<28|0<<12|FUTEX_OP_CMP_GT<<24|0x1", 0x4000001},
    {NULL, "FUTEX_OP_XOR<<28|0x1<<12|FUTEX_OP_CMP_NE<<24|0x1", 0x41001001},
    {NULL, "0<<28 /* FUTEX_OP_??? */|0<<12|0xc<<24 /* FUTEX_OP_CMP_??? */|0x1",
     0xc000001},
    {NULL, "0x4 /* FUTEX_OP_XOR */<<28|0x1<<12|0x1 /* FUTEX_OP_CMP_NE */<<24|0x1",
     0x41001001},
    {"mmap_flags", "MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB|21<<MAP_HUGE_SHIFT",
     0x54040022},
    {NULL, "21<<MFD_HUGE_SHIFT", 0x54000000},
    {"swap_flags", "SWAP_FLAG_PREFER|1", 0x8001},
    /* macros */
    {NULL, "makedev(0x1, 0x3)", 0x103},
    {NULL, "makedev(1, 3)", 0x103},
    {NULL, "makedev(0xfff, 0xfffff)", 0xffffffff},
    {NULL, "makedev(0x456, 0x12378)", 0x12345678},
    {NULL, "_IOC(_IOC_READ, 0x54, 0x30, 0x4)", 0x80045430},
    {NULL, "_IOC(_IOC_READ|_IOC_WRITE, 0x4d, 0x1, 0x4)", 0xc0044d01},
    {NULL, "_IOC(_IOC_NONE, 0x56, 0x78, 0x1234)", 0x12345678},
    {NULL, "_IOC(0, 0x56, 0x78, 0)", 0x5678},
    {NULL, "_IO('T', 0x30)", 0x5430},
    {NULL, "_IOR(0x54, 0x30, 4)", 0x80045430},
    {NULL, "_IOW(0x54, 0x31, 4)", 0x40045431},
    {NULL, "_IOWR(0x54, 0x31, 4)", 0xc0045431},
    {NULL, "EVIOCGKEY(96)", 0x80604518},
    {NULL, "EVIOCGNAME(255)", 0x80ff4506},
    {NULL, "EVIOCGABS(ABS_Y)", 0x80184541},
    {NULL, "EVIOCGABS(0x3e /* ABS_??? */)", 0x8018457e},
    {NULL, "EVIOCSABS(ABS_X)", 0x401845c0},
    {NULL, "EVIOCGBIT(0, 8)", 0x80084520},
    {NULL, "EVIOCGBIT(EV_KEY, 96)", 0x80604521},
    {NULL, "HIDIOCGRAWNAME(256)", 0x81004804},
    {NULL, "HIDIOCSFEATURE(4)", 0xc0044806},
    {NULL, "JSIOCGNAME(128)", 0x80806a13},
    {NULL, "UI_GET_SYSNAME(16)", 0x8010552c},
    {NULL, "SPI_IOC_MESSAGE(32)", 0x40206b00},
    {NULL, "MIXER_READ(17)", 0x80044d11},
    {NULL, "MIXER_READ(1) or MEMGETINFO", 0x80204d01},
    {NULL, "MEMGETINFO or MIXER_READ(1)", 0x80204d01},
    {NULL, "BTRFS_IOC_CLONE or FICLONE", 0x40049409},
    {NULL, "NO_SUCH_IOCTL or FICLONE", 0x40049409},
    {NULL, "FICLONE or NO_SUCH_IOCTL", 0x40049409},
    {NULL, "QCMD(Q_GETQUOTA, USRQUOTA)", 0x80000700},
    {"quota_cmd", "Q_GETQUOTA|USRQUOTA", 0x80000700},
    {"quota_cmd", "0x123 /* Q_??? */|GRPQUOTA", 0x12301},
    {NULL, "QCMD(Q_XGETQUOTA, GRPQUOTA)", 0x580301},
    {NULL, "QCMD(0xffffff /* Q_??? */, 0x9c /* ???QUOTA */)", 0xffffff9c},
    {NULL, "htons(ETH_P_ALL)", 0x300},
    {NULL, "htons(0x3 /* ETH_P_ALL */)", 0x300},
    {"ioprio_class", "IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 4)", 0x4004},
    {NULL, "IOPRIO_PRIO_VALUE(0x7ffff /* IOPRIO_CLASS_??? */, 8092)", 0xffffff9c},
    {NULL, "MAKE_PROCESS_CPUCLOCK(12, CPUCLOCK_SCHED)", NEGATIVE(102)},
    {NULL, "MAKE_THREAD_CPUCLOCK(0, CPUCLOCK_PROF)", NEGATIVE(4)},
    {NULL, "MAKE_PROCESS_CPUCLOCK(12<a>, CPUCLOCK_SCHED)", NEGATIVE(102)},
    {NULL, "FD_TO_CLOCKID(3)", NEGATIVE(29)},
    {NULL, "8*RIP", 0x80},
    {NULL, "offsetof(struct user, u_debugreg)", 0x350},
    {NULL, "offsetof(struct user, i387)+76", 0x12c},
    {NULL, "8*SS+8", 168},
    /* what was there after the call */
    {NULL, "0x10 => 0x20", 0x10},
};

static void
test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(good); i++) {
		uint64_t value = 0xdead;

		if (!s2s_bind_expr(S2S_ARCH_X86_64, good[i].set, sv_from(good[i].text),
				   &value))
			fail_msg("no value: %s", good[i].text);
		if (value != good[i].value)
			fail_msg("%s: %#llx", good[i].text, (unsigned long long)value);
	}
}

static const struct {
	const char *text;
	enum s2s_expr_fault fault;
	size_t at; /* where it is */
} bad[] = {
    {"", S2S_EXPR_SYNTAX, 0},
    {"/* only this */", S2S_EXPR_SYNTAX, 15},
    {"???", S2S_EXPR_SYNTAX, 0},
    {"...", S2S_EXPR_SYNTAX, 0},
    {"1 2", S2S_EXPR_SYNTAX, 2},
    {"08", S2S_EXPR_SYNTAX, 0},
    {"12ab", S2S_EXPR_SYNTAX, 0},
    {"0x", S2S_EXPR_SYNTAX, 0},
    {"O_RDONLY|", S2S_EXPR_SYNTAX, 9},
    {"|O_RDONLY", S2S_EXPR_SYNTAX, 0},
    {"(1", S2S_EXPR_SYNTAX, 2},
    {"1)", S2S_EXPR_SYNTAX, 1},
    {"1 /* cut", S2S_EXPR_SYNTAX, 2},
    {"3</cut", S2S_EXPR_SYNTAX, 1},
    {"makedev(1, 3", S2S_EXPR_SYNTAX, 12},
    {"O_RDONLY or ", S2S_EXPR_SYNTAX, 12},
    {"O_NOSUCHFLAG", S2S_EXPR_SYMBOL, 0},
    {"O_RDONLY|O_NOSUCHFLAG|O_CLOEXEC", S2S_EXPR_SYMBOL, 9},
    {"O_RDONLY|nosuch(1)", S2S_EXPR_SYMBOL, 9},
    {"nosuch(1, 2, 3, 4, 5)", S2S_EXPR_SYMBOL, 0},
    {"makedev(1, 2, 3)", S2S_EXPR_SYMBOL, 0},
    {"_IOR(0x54, 0x30, int)", S2S_EXPR_SYMBOL, 17},
    {"offsetof(struct user, nosuch)", S2S_EXPR_SYMBOL, 22},
    {"FICLONE or TCGETS", S2S_EXPR_SYMBOL, 11},
    {"MIXER_READ(2) or MEMGETINFO", S2S_EXPR_SYMBOL, 17},
    {"MIXER_WRITE(1)", S2S_EXPR_SYMBOL, 0},
    {"NO_SUCH or NO_SUCH_EITHER", S2S_EXPR_SYMBOL, 0},
    {"SIGRT_999", S2S_EXPR_SYMBOL, 0},
    {"SIGRT_33", S2S_EXPR_SYMBOL, 0},
    {"18446744073709551616", S2S_EXPR_RANGE, 0},
    {"0x1ffffffffffffffff", S2S_EXPR_RANGE, 0},
    {"-9223372036854775809", S2S_EXPR_RANGE, 0},
    {"1<<64", S2S_EXPR_RANGE, 1},
    {"0x10<<60", S2S_EXPR_RANGE, 4},
    {"0xffffffffffffffff*2", S2S_EXPR_RANGE, 18},
    {"makedev(0x1000, 0)", S2S_EXPR_RANGE, 0},
    {"_IOC(4, 0, 0, 0)", S2S_EXPR_RANGE, 0},
    {"htons(0x10000)", S2S_EXPR_RANGE, 0},
};

static void
test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(bad); i++) {
		struct s2s_expr e = {.in = sv_from(bad[i].text),
				     .arch = S2S_ARCH_X86_64};
		uint64_t value = 0xdead;

		if (s2s_expr_eval(&e, &value))
			fail_msg("%s has a value", bad[i].text);
		assert_int_equal(value, 0xdead);
		if (e.fault != bad[i].fault ||
		    e.where.p - bad[i].text != (ptrdiff_t)bad[i].at)
			fail_msg("%s: fault %d at %td", bad[i].text, e.fault,
				 e.where.p - bad[i].text);
	}
}

/* Several values are none, and nothing is written. */
static void
test_several(void **state)
{
	uint64_t value = 0xdead;

	(void)state;
	assert_false(s2s_bind_expr(S2S_ARCH_X86_64, "open_flags",
				   SV("1>>6 or O_CLOEXEC"), &value));
	assert_int_equal(value, 0xdead);
}

/* Nothing that nests may eat the stack. */
static void
test_deep(void **state)
{
	enum { DEEP = 100000 };
	static const char pieces[] = "(-~!";
	char *text = malloc(DEEP);
	uint64_t value;

	(void)state;
	for (size_t i = 0; pieces[i]; i++) {
		memset(text, pieces[i], DEEP);
		assert_false(s2s_bind_expr(S2S_ARCH_X86_64, NULL,
					   (struct s2s_sv){text, DEEP}, &value));
	}
	for (size_t i = 0; i < DEEP; i++)
		text[i] = "f("[i % 2];
	assert_false(
	    s2s_bind_expr(S2S_ARCH_X86_64, NULL, (struct s2s_sv){text, DEEP}, &value));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_several),
	    cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
