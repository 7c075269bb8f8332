/* SPDX-License-Identifier: MIT */
/* The tables of system calls as the rest sees them. */
#include "base/attr.h"
#include "kernel/constants.h"
#include "kernel/syscalls.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

static const struct s2s_syscall *
call(const char *name)
{
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(name));

	if (!sc)
		fail_msg("no call %s", name);
	return sc;
}

static int
arg(const struct s2s_syscall *sc, const char *name)
{
	int i = s2s_syscall_arg(sc, sv_from(name));

	if (i < 0)
		fail_msg("%s has no argument %s", sc->name, name);
	return i;
}

static const struct {
	const char *name;
	uint32_t nr;
	int nargs;
} calls[] = {
    {"read", 0, 3},
    {"fstat", 5, 2},
    {"rt_sigreturn", 15, 0},
    {"sendfile", 40, 4},
    {"fork", 57, 0},
    {"uname", 63, 1},
    {"_sysctl", 156, 1},
    {"umount2", 166, 2},
    {"create_module", 174, 2},
    {"afs_syscall", 183, 5},
    {"epoll_ctl_old", 214, 4},
    {"vserver", 236, 5},
    {"newfstatat", 262, 4},
    {"preadv2", 327, 6},
    {"rseq", 334, 4},
    {"uretprobe", 335, 0},
    {"uprobe", 336, 0},
    {"pidfd_send_signal", 424, 4},
    {"set_mempolicy_home_node", 450, 4},
    {"cachestat", 451, 4},
    {"fchmodat2", 452, 4},
    {"map_shadow_stack", 453, 3},
    {"futex_wait", 455, 6},
    {"mseal", 462, 3},
    {"getxattrat", 464, 6},
    {"file_setattr", 469, 5},
    {"syscall_0x1c3", 451, 4},
    {"syscall_0x14f", 335, 0},
    {"syscall_451", 451, 4},
    {"SYS_451", 451, 4},
    {"pread", 17, 4},
    {"_exit", 60, 1},
    {"newfstat", 5, 2},
    {"umount", 166, 2}, /* its own on i386 */
    {"sendfile64", UINT32_MAX, 0},
    {"syscall_0", 0, 3},
    {"syscall_337", UINT32_MAX, 0},
    {"SYS_", UINT32_MAX, 0},
    {"syscall_0x151", UINT32_MAX, 0},
    {"syscall_0x1000000000", UINT32_MAX, 0},
    {"syscall_", UINT32_MAX, 0},
    {"", UINT32_MAX, 0},
    {"rea", UINT32_MAX, 0},
    {"readx", UINT32_MAX, 0},
    {"READ", UINT32_MAX, 0},
    {"socketcall", UINT32_MAX, 0},
};

static void
test_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(calls); i++) {
		struct s2s_sv name = sv_from(calls[i].name);
		const struct s2s_syscall *sc =
		    s2s_syscall_by_name(S2S_ARCH_X86_64, name);

		if (!sc != (calls[i].nr == UINT32_MAX))
			fail_msg("%s", calls[i].name);
		if (!sc)
			continue;
		assert_int_equal(sc->nr, calls[i].nr);
		assert_int_equal(sc->nargs, calls[i].nargs);
		assert_ptr_equal(s2s_syscall_by_nr(S2S_ARCH_X86_64, calls[i].nr), sc);
	}
}

static void
test_all(void **state)
{
	size_t n;
	const struct s2s_syscall *const *all = s2s_syscalls(S2S_ARCH_X86_64, &n);

	(void)state;
	assert_int_equal(n, 386);
	for (size_t i = 0; i < n; i++) {
		if (i)
			assert_true(all[i - 1]->nr < all[i]->nr);
		assert_int_equal(all[i]->arch, S2S_ARCH_X86_64);
		assert_true(all[i]->group && *all[i]->group);
		assert_ptr_equal(s2s_syscall_by_nr(S2S_ARCH_X86_64, all[i]->nr),
				 all[i]);
		assert_ptr_equal(call(all[i]->name), all[i]);
		for (int a = 0; a < all[i]->nargs; a++)
			assert_int_equal(arg(all[i], all[i]->arg[a].name), a);
		assert_int_equal(s2s_syscall_arg(all[i], SV("nonsense")), -1);
	}
}

static void
test_gaps(void **state)
{
	static const uint32_t gaps[] = {337, 386, 423,        473,        512,
					547, 548, 0x40000000, UINT32_MAX, 1000};

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(gaps); i++)
		assert_null(s2s_syscall_by_nr(S2S_ARCH_X86_64, gaps[i]));
}

/* "call", up to two selectors, the argument asked for, its kind. */
static const struct {
	const char *call, *arg1;
	uint64_t value1;
	const char *arg2;
	uint64_t value2;
	const char *asked, *kind;
} kinds[] = {
    {"openat", NULL, 0, NULL, 0, "mode", "mode"},
    {"openat", "flags", 0x80000, NULL, 0, "mode", "unused"},
    {"openat", "flags", 0x80040, NULL, 0, "mode", "mode"},
    {"openat", "flags", 0x410000, NULL, 0, "mode", "mode"},
    {"openat", "flags", 0x10000, NULL, 0, "mode", "unused"}, /* O_DIRECTORY */
    {"open", "flags", 0, NULL, 0, "mode", "unused"},
    {"mq_open", "oflag", 0, NULL, 0, "attr", "unused"},
    {"mq_open", "oflag", 0x40, NULL, 0, "attr", "addr"},
    {"mknod", "mode", 0100644, NULL, 0, "dev", "unused32"},
    {"mknod", "mode", 020644, NULL, 0, "dev", "dev"},
    {"fcntl", NULL, 0, NULL, 0, "arg", "addr"},
    {"fcntl", "op", 0, NULL, 0, "arg", "fd"},
    {"fcntl", "op", 1030, NULL, 0, "arg", "fd"},
    {"fcntl", "op", 3, NULL, 0, "arg", "unused"},
    {"fcntl", "op", 4, NULL, 0, "arg", "setfl_flags"},
    {"fcntl", "op", 6, NULL, 0, "arg", "addr"},
    {"fcntl", "op", 8, NULL, 0, "arg", "pid"},
    {"fcntl", "op", 1024, NULL, 0, "arg", "file_lease"},
    {"ioctl", NULL, 0, NULL, 0, "argp", "addr"},
    {"ioctl", "op", 0x5401, NULL, 0, "argp", "addr"},
    {"ioctl", "op", 0x5451, NULL, 0, "argp", "unused"},
    {"ioctl", "op", 0xffffffff00005451, NULL, 0, "argp", "unused"},
    {"ioctl", "op", 0x540b, NULL, 0, "argp", "tcflsh"},
    {"ioctl", "op", 0x540e, NULL, 0, "argp", "number_s"},
    {"ioctl", "op", 0x40049409, NULL, 0, "argp", "fd"},
    {"prctl", NULL, 0, NULL, 0, "arg2", "addr"},
    {"prctl", "op", 1, NULL, 0, "arg2", "signal64"},
    {"prctl", "op", 15, NULL, 0, "arg2", "addr"},
    {"prctl", "op", 15, NULL, 0, "arg3", "unused"},
    {"prctl", "op", 38, NULL, 0, "arg2", "number64"},
    {"prctl", "op", 38, NULL, 0, "arg3", "addr"},
    {"prctl", "op", 22, "arg2", 2, "arg3", "addr"},
    {"prctl", "op", 22, "arg2", 1, "arg3", "unused"},
    {"prctl", "op", 47, "arg2", 2, "arg3", "cap"},
    {"prctl", "op", 47, "arg2", 4, "arg3", "addr"},
    {"prctl", "op", 62, NULL, 0, "arg3", "pid"},
    {"arch_prctl", "op", 0x1002, NULL, 0, "addr", "addr"},
    {"arch_prctl", "op", 0x1011, NULL, 0, "addr", "unused"},
    {"futex", NULL, 0, NULL, 0, "timeout", "addr"},
    {"futex", "futex_op", 128, NULL, 0, "timeout", "addr"},
    {"futex", "futex_op", 128, NULL, 0, "uaddr2", "unused"},
    {"futex", "futex_op", 129, NULL, 0, "timeout", "unused"},
    {"futex", "futex_op", 4, NULL, 0, "timeout", "uint"},
    {"futex", "futex_op", 0x189, NULL, 0, "val3", "futex_bitset"},
    {"futex", "futex_op", 7, NULL, 0, "val", "unused"},
    {"clone", "flags", 0x01200011, NULL, 0, "tls", "unused"},
    {"clone", "flags", 0x01200011, NULL, 0, "child_tid", "addr"},
    {"clone", "flags", 0x01200011, NULL, 0, "parent_tid", "unused"},
    {"mremap", "flags", 1, NULL, 0, "new_address", "unused"},
    {"mremap", "flags", 3, NULL, 0, "new_address", "addr"},
    {"mremap", "flags", 5, NULL, 0, "new_address", "addr"},
    {"ptrace", "op", 0, NULL, 0, "pid", "unused"},
    {"ptrace", "op", 7, NULL, 0, "data", "signal"},
    {"ptrace", "op", 0x4204, NULL, 0, "addr", "ptrace_regset"},
    {"ptrace", "op", 0x4206, NULL, 0, "data", "ptrace_options"},
    {"keyctl", "op", 2, NULL, 0, "arg2", "key"},
    {"keyctl", "op", 2, NULL, 0, "arg3", "addr"},
    {"keyctl", "op", 4, NULL, 0, "arg3", "uid"},
    {"semctl", "op", 16, NULL, 0, "arg", "int"},
    {"semctl", "op", 13, NULL, 0, "arg", "addr"},
    {"semctl", "op", 0, NULL, 0, "arg", "unused"},
    {"waitid", "idtype", 0, NULL, 0, "id", "unused32"},
    {"waitid", "idtype", 1, NULL, 0, "id", "pid"},
    {"waitid", "idtype", 3, NULL, 0, "id", "fd"},
    {"setpriority", "which", 0, NULL, 0, "who", "pid"},
    {"setpriority", "which", 2, NULL, 0, "who", "uid"},
    {"kcmp", "type", 0, NULL, 0, "idx1", "fd"},
    {"kcmp", "type", 7, NULL, 0, "idx2", "addr"},
    {"membarrier", "flags", 0, NULL, 0, "cpu_id", "unused32"},
    {"epoll_ctl", "op", 2, NULL, 0, "event", "unused"},
    {"quotactl", "op", 0x80000200, NULL, 0, "id", "quota_format"},
    {"quotactl", "op", 0x80000201, NULL, 0, "id", "quota_format"},
    {"quotactl", "op", 0x80000701, NULL, 0, "id", "uid"},
    {"clock_gettime", "clockid", 1, NULL, 0, "clockid", "clock_id"},
    {"clock_gettime", "clockid", 0xfffffffe, NULL, 0, "clockid", "cpu_clock"},
    {"socket", "domain", 2, NULL, 0, "protocol", "inet_protocol"},
    {"socket", "domain", 1, NULL, 0, "protocol", "socket_protocol"},
    {"setsockopt", "level", 6, NULL, 0, "optname", "sockopt_tcp"},
    {"getsockopt", "level", 1, NULL, 0, "optname", "getsockopt_socket"},
    {"getsockopt", NULL, 0, NULL, 0, "optname", "socket_option"},
};

static void
test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(kinds); i++) {
		const struct s2s_syscall *sc = call(kinds[i].call);
		const struct s2s_kind *ret[S2S_ARGS_MAX];
		bool known[S2S_ARGS_MAX] = {0};
		uint64_t value[S2S_ARGS_MAX] = {0};

		if (kinds[i].arg1) {
			known[arg(sc, kinds[i].arg1)] = true;
			value[arg(sc, kinds[i].arg1)] = kinds[i].value1;
		}
		if (kinds[i].arg2) {
			known[arg(sc, kinds[i].arg2)] = true;
			value[arg(sc, kinds[i].arg2)] = kinds[i].value2;
		}
		s2s_syscall_kinds(sc, known, value, ret);
		if (strcmp(ret[arg(sc, kinds[i].asked)]->name, kinds[i].kind))
			fail_msg("row %zu: %s.%s is %s, not %s", i, sc->name,
				 kinds[i].asked, ret[arg(sc, kinds[i].asked)]->name,
				 kinds[i].kind);
	}
}

static const struct {
	const char *call, *arg;
	unsigned width;
	bool is_signed, is_flags;
	enum s2s_role role;
	const char *set;
} args[] = {
    {"openat", "dirfd", 32, true, false, S2S_ROLE_OBJECT, "dirfd"},
    {"openat", "pathname", 64, false, false, S2S_ROLE_ADDRESS, NULL},
    {"openat", "flags", 32, false, true, S2S_ROLE_SELECTOR, "open_flags"},
    {"openat", "mode", 16, false, true, S2S_ROLE_MODE, "file_mode"},
    {"mmap", "addr", 64, false, false, S2S_ROLE_ADDRESS, NULL},
    {"mmap", "length", 64, false, false, S2S_ROLE_QUANTITY, NULL},
    {"mmap", "prot", 32, false, true, S2S_ROLE_SELECTOR, "mmap_prot"},
    {"mmap", "flags", 32, false, true, S2S_ROLE_SELECTOR, "mmap_flags"},
    {"mmap", "fd", 32, true, false, S2S_ROLE_OBJECT, NULL},
    {"mprotect", "prot", 64, false, true, S2S_ROLE_SELECTOR, "mmap_prot"},
    {"brk", "addr", 64, false, false, S2S_ROLE_ADDRESS, NULL},
    {"munmap", "addr", 64, false, false, S2S_ROLE_ADDRESS, NULL},
    {"kill", "pid", 32, true, false, S2S_ROLE_VARIANT, NULL},
    {"kill", "sig", 32, true, false, S2S_ROLE_SELECTOR, "signal"},
    {"ptrace", "pid", 32, true, false, S2S_ROLE_VARIANT, NULL},
    {"setuid", "uid", 32, false, false, S2S_ROLE_OBJECT, NULL},
    {"poll", "timeout", 32, true, false, S2S_ROLE_QUANTITY, NULL},
    {"lseek", "offset", 64, true, false, S2S_ROLE_QUANTITY, NULL},
    {"readv", "fd", 32, true, false, S2S_ROLE_OBJECT, NULL},
    {"preadv", "pos_h", 64, false, false, S2S_ROLE_UNUSED, NULL},
    {"umask", "mask", 16, false, true, S2S_ROLE_MODE, "file_mode"},
    {"io_submit", "ctx_id", 64, false, false, S2S_ROLE_VARIANT, NULL},
};

static void
test_args(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(args); i++) {
		const struct s2s_syscall *sc = call(args[i].call);
		const struct s2s_kind *kind = sc->arg[arg(sc, args[i].arg)].kind;
		const char *set = args[i].set;

		if (kind->width != args[i].width || kind->role != args[i].role ||
		    kind->is_signed != args[i].is_signed ||
		    kind->is_flags != args[i].is_flags || !kind->set != !set ||
		    (set && strcmp(kind->set, set)))
			fail_msg("%s.%s", sc->name, args[i].arg);
	}
}

/* Processes recur with other numbers: no argument that means one is compared. */
static void
test_pids_are_variant(void **state)
{
	size_t n;
	const struct s2s_syscall *const *all = s2s_syscalls(S2S_ARCH_X86_64, &n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (int a = 0; a < all[i]->nargs; a++) {
			const char *name = all[i]->arg[a].name;
			bool pid = !strcmp(name, "pid") || !strcmp(name, "tid") ||
				   !strcmp(name, "tgid") || !strcmp(name, "pgid");

			if (pid && all[i]->arg[a].kind->role != S2S_ROLE_VARIANT)
				fail_msg("%s.%s", all[i]->name, name);
		}
}

/* What strace 6.1 prints: how many arguments, and where each goes. */
static const struct {
	const char *call, *selector;
	uint64_t value;
	int printed;
	int at[8];
} orders[] = {
    {"read", NULL, 0, 3, {0, 1, 2, -1}},
    {"openat", "flags", 0, 3, {0, 1, 2, 3}},
    {"rt_sigreturn", NULL, 0, 1, {-1, -1}},
    {"restart_syscall", NULL, 0, 1, {-1}},
    {"preadv", NULL, 0, 4, {0, 1, 2, 3}},
    {"preadv2", NULL, 0, 5, {0, 1, 2, 3, 5}},
    {"pwritev2", NULL, 0, 5, {0, 1, 2, 3, 5}},
    {"pwritev2", NULL, 0, 6, {0, 1, 2, 3, 4, 5}},
    {"futex", "futex_op", 0x80, 4, {0, 1, 2, 3}},
    {"futex", "futex_op", 0x81, 3, {0, 1, 2}},
    {"futex", "futex_op", 0x86, 3, {0, 1, 3}},
    {"futex", "futex_op", 0x86, 6, {0, 1, 2, 3, 4, 5}},
    {"futex", "futex_op", 0x189, 5, {0, 1, 2, 3, 5}},
    {"futex", "futex_op", 0x8a, 4, {0, 1, 2, 5}},
    {"futex", "futex_op", 0x83, 5, {0, 1, 2, 3, 4}},
    {"ptrace", "op", 12, 3, {0, 1, 3}},
    {"ptrace", "op", 12, 4, {0, 1, 2, 3}},
    {"ptrace", "op", 16, 2, {0, 1}},
    {"quotactl", "op", 0x80000401, 3, {0, 1, 3}},
    {"quotactl", "op", 0x80000701, 4, {0, 1, 2, 3}},
    {"quotactl_fd", "op", 0x80000400, 3, {0, 1, 3}},
    {"clone", NULL, 0, 5, {0, 1, 2, 3, 4}},
};

static void
test_printed_at(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(orders); i++) {
		const struct s2s_syscall *sc = call(orders[i].call);
		bool known[S2S_ARGS_MAX] = {0};
		uint64_t value[S2S_ARGS_MAX] = {0};

		if (orders[i].selector) {
			known[arg(sc, orders[i].selector)] = true;
			value[arg(sc, orders[i].selector)] = orders[i].value;
		}
		for (int at = 0; at < orders[i].printed; at++) {
			int reg = s2s_syscall_printed_at(sc, at, orders[i].printed,
							 known, value)
				      .at;

			if ((reg < 0 ? -1 : reg) != orders[i].at[at])
				fail_msg("row %zu, %s: %d is printed at %d", i,
					 sc->name, reg, at);
			if (reg != at && reg >= 0)
				assert_true(s2s_syscall_is_reordered(sc));
		}
	}
	assert_false(s2s_syscall_is_reordered(call("read")));
}

static void
test_printed_name(void **state)
{
	const struct s2s_syscall *sc = call("clone");

	(void)state;
	assert_int_equal(s2s_syscall_printed_name(sc, SV("flags")), 0);
	assert_int_equal(s2s_syscall_printed_name(sc, SV("child_stack")), 1);
	assert_int_equal(s2s_syscall_printed_name(sc, SV("parent_tid")), 2);
	assert_int_equal(s2s_syscall_printed_name(sc, SV("child_tidptr")), 3);
	assert_int_equal(s2s_syscall_printed_name(sc, SV("tls")), 4);
	assert_int_equal(s2s_syscall_printed_name(sc, SV("stack_size")), -1);
	assert_int_equal(s2s_syscall_printed_name(sc, SV("")), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_by_name),    cmocka_unit_test(test_all),
	    cmocka_unit_test(test_gaps),       cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_args),       cmocka_unit_test(test_pids_are_variant),
	    cmocka_unit_test(test_printed_at), cmocka_unit_test(test_printed_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
