/* SPDX-License-Identifier: MIT */
/* Values, calls and rules as text; the table of formats. */
#include "bind/bind.h"
#include "format/format.h"
#include "kernel/constants.h"

#include "../format/random_policy.h"
#include "unit.h"

static const struct s2s_kind *
kind_of(const char *call, const char *arg)
{
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(call));

	int i = s2s_syscall_arg(sc, sv_from(arg));

	assert_true(i >= 0);
	return sc->arg[i].kind;
}

static const struct {
	const char *call, *arg;
	uint64_t value;
	const char *text;
} values[] = {
    {"openat", "dirfd", 0xffffff9c, "AT_FDCWD"},
    {"openat", "dirfd", 3, "3"},
    {"openat", "dirfd", 0xffffffff, "-1"},
    {"openat", "pathname", 0, "NULL"},
    {"openat", "flags", 0x80000, "O_RDONLY|O_CLOEXEC"},
    {"openat", "flags", 0, "O_RDONLY"},
    {"openat", "flags", 0x80241, "O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC"},
    {"openat", "flags", 0xf0000002, "O_RDWR|0xf0000000"},
    {"openat", "mode", 0644, "0644"},
    {"openat", "mode", 0, "0"},
    {"mknodat", "mode", 0020666, "S_IFCHR|0666"},
    {"mknodat", "mode", 0100000, "S_IFREG"},
    {"mmap", "prot", 3, "PROT_READ|PROT_WRITE"},
    {"mmap", "prot", 0, "PROT_NONE"},
    {"lseek", "offset", (uint64_t)-3, "-3"},
    {"lseek", "offset", 1 << 20, "1048576"},
    {"read", "count", UINT64_MAX, "18446744073709551615"},
    {"kill", "sig", 9, "SIGKILL"},
    {"ioctl", "op", 0x5401, "TCGETS"},
    {"ioctl", "op", 0xdeadbeef, "0xdeadbeef"},
    {"socket", "type", 0x80001, "SOCK_STREAM|SOCK_CLOEXEC"},
    /* Rows of the set that are wider than the argument are no names of its values. */
    {"clone", "flags", 0, "0"},
    {"clone", "flags", 0x11, "SIGCHLD"},
};

static void
test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(values); i++) {
		const struct s2s_kind *kind = kind_of(values[i].call, values[i].arg);
		struct s2s_out out;

		s2s_out_memory(&out);
		s2s_format_value(&out, S2S_ARCH_X86_64, kind, values[i].value);
		s2s_out_char(&out, '\0');
		assert_string_equal(out.p, values[i].text);
		s2s_out_done(&out);
	}
}

static void
assert_reads_back(const struct s2s_kind *kind, uint64_t value)
{
	struct s2s_out out;
	uint64_t back = 0, width = s2s_width_mask(kind->width);

	s2s_out_memory(&out);
	s2s_format_value(&out, S2S_ARCH_X86_64, kind, value);
	if (!s2s_bind_expr(S2S_ARCH_X86_64, kind->set, s2s_out_text(&out), &back) ||
	    ((back ^ value) & width) != 0)
		fail_msg("%s: 0x%llx is written as %.*s and read as 0x%llx", kind->name,
			 (unsigned long long)(value & width), (int)out.n, out.p,
			 (unsigned long long)back);
	s2s_out_done(&out);
}

static void
all_values_read_back(const struct s2s_kind *kind, struct random *r)
{
	size_t n = 0;
	const struct s2s_constant *row =
	    kind->set ? s2s_constants(S2S_ARCH_X86_64, kind->set, &n) : NULL;

	for (size_t i = 0; i < n; i++) {
		assert_reads_back(kind, row[i].value);
		assert_reads_back(kind, ~row[i].value);
		for (size_t k = 0; k < n && k < 40; k++)
			assert_reads_back(kind, row[i].value | row[k].value);
	}
	for (int i = 0; i < 200; i++)
		assert_reads_back(kind, random_value(r, UINT64_MAX));
}

static void
test_values_read_back(void **state)
{
	struct random r = {7};
	size_t n;
	const struct s2s_syscall *const *all = s2s_syscalls(S2S_ARCH_X86_64, &n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (int a = 0; a < all[i]->nargs; a++)
			if (all[i]->arg[a].kind->role != S2S_ROLE_ADDRESS)
				all_values_read_back(all[i]->arg[a].kind, &r);
}

static void
test_call(void **state)
{
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, SV("openat"));
	const struct s2s_arg arg[] = {{S2S_ARG_KNOWN, 0xffffff9c},
				      {S2S_ARG_ADDRESS, 0},
				      {S2S_ARG_KNOWN, 0x80000},
				      {S2S_ARG_UNKNOWN, 0}};
	struct s2s_out out;

	(void)state;
	s2s_out_memory(&out);
	s2s_format_call(&out, sc, arg, NULL);
	s2s_out_char(&out, '\0');
	assert_string_equal(out.p,
			    "openat(AT_FDCWD, address, O_RDONLY|O_CLOEXEC, unknown)");
	s2s_out_done(&out);
}

enum { ANY = 99 };

static const struct rule_row {
	const char *call;
	int arg;
	uint64_t mask;
	struct s2s_interval iv[2];
	size_t n;
	const char *text;
} rules[] = {
    {"read", ANY, 0, {{0, 0}}, 0, "any arguments"},
    {"read", 0, UINT32_MAX, {{3, 5}}, 1, "fd 3..5"},
    {"read", 2, UINT64_MAX, {{0, 10}, {20, 20}}, 2, "count in {0..10, 20}"},
    {"fcntl", 1, UINT32_MAX, {{3, 4}}, 1, "op F_GETFL..F_SETFL"},
    {"fcntl", 1, UINT32_MAX, {{1, 1}, {4, 4}}, 2, "op in {F_GETFD, F_SETFL}"},
    {"openat",
     2,
     ~UINT64_C(0x80000) & UINT32_MAX,
     {{0, 0}},
     1,
     "flags O_RDONLY (O_CLOEXEC free)"},
    {"lseek", 1, UINT64_MAX, {{0, 5}, {(uint64_t)-5, UINT64_MAX}}, 2, "offset -5..5"},
    {"lseek",
     1,
     UINT64_MAX,
     {{2, 5}, {(uint64_t)-5, (uint64_t)-3}},
     2,
     "offset in {-5..-3, 2..5}"},
    {"lseek", 1, UINT64_MAX, {{(uint64_t)-5, UINT64_MAX}}, 1, "offset -5..-1"},
    {"munmap", 0, UINT64_MAX, {{0, 0}}, 1, "addr NULL"},
    {"openat", 0, UINT64_MAX, {{0xffffff9c, 0xffffff9c}}, 1, "dirfd 0xffffff9c"},
};

static void
test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(rules); i++) {
		const struct s2s_syscall *sc =
		    s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(rules[i].call));
		struct s2s_rule rule = {.why = S2S_WHY_SEEN};
		struct s2s_out out;

		for (int a = 0; a < S2S_ARGS_MAX; a++)
			rule.arg[a] = s2s_set_any();
		if (rules[i].arg != ANY)
			rule.arg[rules[i].arg] =
			    (struct s2s_set){rules[i].mask, rules[i].iv, rules[i].n};
		s2s_out_memory(&out);
		s2s_format_rule(&out, sc, &rule);
		s2s_out_char(&out, '\0');
		assert_string_equal(out.p, rules[i].text);
		s2s_out_done(&out);
	}
}

/* The kind of an argument follows the rule's own selectors. */
static void
test_rule_of_command(void **state)
{
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, SV("fcntl"));
	static const struct s2s_interval setfl = {4, 4}, nonblock = {0x800, 0x800};
	struct s2s_rule rule = {.why = S2S_WHY_SEEN};
	struct s2s_out out;

	(void)state;
	for (int a = 0; a < S2S_ARGS_MAX; a++)
		rule.arg[a] = s2s_set_any();
	rule.arg[1] = (struct s2s_set){UINT32_MAX, &setfl, 1};
	rule.arg[2] = (struct s2s_set){UINT32_MAX, &nonblock, 1};
	s2s_out_memory(&out);
	s2s_format_rule(&out, sc, &rule);
	s2s_out_char(&out, '\0');
	assert_string_equal(out.p, "op F_SETFL, arg O_RDONLY|O_NONBLOCK");
	s2s_out_done(&out);
}

static void
test_long_lists_are_counted(void **state)
{
	struct s2s_interval iv[20];
	struct s2s_rule rule = {.why = S2S_WHY_SEEN};
	struct s2s_out out;

	(void)state;
	for (uint64_t i = 0; i < S2S_ARRAY_SIZE(iv); i++)
		iv[i].lo = iv[i].hi = 10 * i;
	for (int a = 0; a < S2S_ARGS_MAX; a++)
		rule.arg[a] = s2s_set_any();
	rule.arg[0] = (struct s2s_set){UINT32_MAX, iv, S2S_ARRAY_SIZE(iv)};
	s2s_out_memory(&out);
	s2s_format_rule(&out, s2s_syscall_by_name(S2S_ARCH_X86_64, SV("read")), &rule);
	s2s_out_char(&out, '\0');
	assert_string_equal(
	    out.p,
	    "fd in {0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, and 8 more}");
	s2s_out_done(&out);
}

static void
test_table(void **state)
{
	size_t n;
	const struct s2s_format *formats = s2s_formats(&n);

	(void)state;
	assert_string_equal(formats[0].name, "c"); /* the default */
	for (size_t i = 0; i < n; i++)
		assert_ptr_equal(s2s_format_find(sv_from(formats[i].name)),
				 &formats[i]);
	assert_null(s2s_format_find(SV("bp")));
	assert_null(s2s_format_find(SV("")));
}

/* The same policy gives the same bytes; what is too long is refused. */
static void
test_bpf(void **state)
{
	static struct sock_filter insn[S2S_FILTER_MAX + 1];
	struct s2s_filter filter = {insn, S2S_FILTER_MAX};
	struct s2s_format_input in = {NULL, NULL, &filter};
	struct s2s_format_options opts = {0};
	struct s2s_out out;

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(insn); i++)
		insn[i] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, (uint32_t)i);
	s2s_out_memory(&out);
	assert_int_equal(s2s_format_find(SV("bpf"))->write(&out, &in, &opts), S2S_OK);
	assert_int_equal(out.n, sizeof insn - sizeof *insn);
	assert_memory_equal(out.p, insn, out.n);
	s2s_out_done(&out);
	filter.n++;
	s2s_out_memory(&out);
	assert_int_equal(s2s_format_find(SV("bpf"))->write(&out, &in, &opts),
			 S2S_LIMIT);
	assert_int_equal(s2s_format_find(SV("bpf-text"))->write(&out, &in, &opts),
			 S2S_LIMIT);
	assert_int_equal(out.n, 0);
	s2s_out_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_values_read_back),
	    cmocka_unit_test(test_call),
	    cmocka_unit_test(test_rules),
	    cmocka_unit_test(test_rule_of_command),
	    cmocka_unit_test(test_long_lists_are_counted),
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_bpf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
