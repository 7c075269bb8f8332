/* SPDX-License-Identifier: MIT */
/* What a policy leaves free, adds and warns of: harmless.tbl, implied.tbl, powers.tbl.
 */
#include "base/attr.h"
#include "kernel/constants.h"
#include "kernel/syscalls.h"
#include "unit.h"

#include <string.h>

static const struct s2s_syscall *
call(const char *name)
{
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(name));

	if (!sc)
		fail_msg("no call %s", name);
	return sc;
}

/* The bits that stay compared of those that are looked at. */
static const struct {
	const char *call, *arg;
	uint64_t free, compared;
} bits[] = {
    /* O_CLOEXEC, O_NOFOLLOW, O_DIRECTORY; access mode, O_CREAT … O_APPEND, O_TMPFILE */
    {"openat", "flags", 0x80000 | 0x20000 | 0x10000, 3 | 0x40 | 0x80 | 0x200 | 0x400},
    {"openat", "flags", 0x800, 0x400000 | 0x200000},
    {"openat", "mode", 0777, 07000},
    {"mkdir", "mode", 0700, 01000},
    {"umask", "mask", 07777, 0},
    {"openat", "mode", 0170777, 07000},
    {"fchmod", "mode", 0170777, 07000},
    {"mknod", "mode", 0777, 0170000},
    {"socket", "type", 0x80800, 0xf},
    {"socket", "domain", 0, UINT32_MAX},
    {"mmap", "prot", 0, UINT32_MAX},
    /* MAP_NORESERVE; MAP_SHARED, MAP_FIXED, MAP_ANONYMOUS */
    {"mmap", "flags", 0x4000, 1 | 2 | 0x10 | 0x20},
    {"mprotect", "prot", 0, UINT64_MAX},
    {"newfstatat", "flags", 0x100, 0},
    {"fchownat", "flags", 0x100, 0x1000},
    {"sendto", "flags", 0x4000 | 0x40, 0x20000000},
    {"futex", "futex_op", 0x180, 0x7f},
    {"access", "mode", UINT32_MAX, 0},
    {"lseek", "whence", UINT32_MAX, 0},
    {"rt_sigaction", "signum", UINT32_MAX, 0},
    {"kill", "sig", 0, UINT32_MAX},
    {"renameat2", "flags", 0, 1},
    {"memfd_create", "flags", 1 | 2, 8 | 0x10},
    {"unshare", "flags", 0, UINT64_MAX},
    /* CLONE_CHILD_SETTID; CLONE_VM, CLONE_NEWUSER and the signal */
    {"clone", "flags", 0x01000000, 0x100 | 0x10000000 | 0xff},
    {"pidfd_open", "flags", 0x800, UINT32_MAX & ~UINT64_C(0x800)},
};

static void
test_free_bits(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(bits); i++) {
		const struct s2s_syscall *sc = call(bits[i].call);
		int arg = s2s_syscall_arg(sc, sv_from(bits[i].arg));
		uint64_t free;

		assert_true(arg >= 0);
		free = s2s_syscall_free_bits(sc, arg, sc->arg[arg].kind);
		if ((free & bits[i].free) != bits[i].free || (free & bits[i].compared))
			fail_msg("%s.%s: 0x%lx", sc->name, bits[i].arg,
				 (unsigned long)free);
		assert_int_equal(free & ~s2s_width_mask(sc->arg[arg].kind->width), 0);
	}
}

/* The kind that a variant gives counts, not the general one. */
static void
test_free_bits_of_variant(void **state)
{
	const struct s2s_syscall *sc = call("fcntl");
	const struct s2s_kind *kind[S2S_ARGS_MAX];
	bool known[S2S_ARGS_MAX] = {false, true};

	(void)state;
	s2s_syscall_kinds(sc, known, (uint64_t[S2S_ARGS_MAX]){0, 4}, kind);
	assert_int_equal(s2s_syscall_free_bits(sc, 2, kind[2]) & 0xc00, 0x800);
	assert_int_equal(s2s_syscall_free_bits(sc, 2, sc->arg[2].kind), 0);
}

/* What F_SETFL changes, and two numbers of one protocol. */
static void
test_free_bits_of_values(void **state)
{
	static const struct {
		const char *call;
		int arg;
		uint64_t value[3], compared, free;
	} rows[] = {
	    {"fcntl", 2, {0, 4, 0}, 02000 | 020000, 04003},
	    {"socket", 2, {2, 1, 0}, 0xfffffff9, 6},
	    {"socket", 2, {10, 02000001, 6}, 0xfffffff9, 6},
	    {"socket", 2, {2, 1, 262}, UINT32_MAX, 0},
	    {"socket", 2, {2, 2, 0}, UINT32_MAX, 0},
	    {"socket", 2, {1, 1, 0}, UINT32_MAX, 0},
	};

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(rows); i++) {
		const struct s2s_syscall *sc = call(rows[i].call);
		const struct s2s_kind *kind[S2S_ARGS_MAX];
		bool known[S2S_ARGS_MAX] = {true, true, true};
		uint64_t value[S2S_ARGS_MAX], is_free;

		memcpy(value, rows[i].value, sizeof rows[i].value);
		s2s_syscall_kinds(sc, known, value, kind);
		is_free = s2s_syscall_free_bits(sc, rows[i].arg, kind[rows[i].arg]);
		if ((is_free & rows[i].compared) || (rows[i].free & ~is_free))
			fail_msg("row %zu: %#lx", i, (unsigned long)is_free);
	}
}

static const struct {
	const char *call;
	int arg;
	uint64_t value;
	bool harmless;
} commands[] = {
    {"fcntl", 1, 3, true},
    {"fcntl", 1, 1030, true},
    {"fcntl", 1, 4, false},
    {"fcntl", 1, 8, false},
    {"ioctl", 1, 0x5401, true},
    {"ioctl", 1, 0x5413, true},
    {"ioctl", 1, 0x5412, false},
    {"ioctl", 1, 0x541c, false},
    {"ioctl", 1, 0x5402, false},
    {"futex", 1, 0, true},
    {"futex", 1, 1, true},
    {"futex", 1, 9, true},
    {"epoll_ctl", 1, 3, true},
    {"madvise", 2, 4, true},
    {"madvise", 2, 9, false},
    {"process_madvise", 3, 4, false},
    {"prctl", 0, 15, true},
    {"prctl", 0, 4, false},
    {"prctl", 0, 22, false},
    {"clock_gettime", 0, 7, true},
    {"clock_settime", 0, 0, false},
    {"kill", 1, 0, true},
    {"kill", 1, 9, false},
    {"pidfd_send_signal", 1, 0, false},
    {"mprotect", 2, 1, true},
    {"mprotect", 2, 3, false},
    {"personality", 0, UINT32_MAX, true},
    {"prlimit64", 2, 0, true},
    {"prlimit64", 2, 1, false},
    {"socket", 0, 1, false},
};

static void
test_harmless_commands(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(commands); i++) {
		const struct s2s_syscall *sc = call(commands[i].call);
		const struct s2s_harmless *h;
		bool found = false;
		size_t n;

		h = s2s_syscall_harmless(sc, commands[i].arg, &n);
		for (size_t k = 0; k < n; k++)
			found |= h[k].value == commands[i].value;
		if (found != commands[i].harmless)
			fail_msg("%s %#lx", sc->name, (unsigned long)commands[i].value);
	}
}

/* An option means nothing without its level. */
static void
test_harmless_pairs(void **state)
{
	const struct s2s_syscall *sc = call("setsockopt");
	size_t n, tcp_nodelay = 0;
	const struct s2s_harmless *h = s2s_syscall_harmless(sc, 2, &n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(h[i].with, 1);
		assert_false(h[i].value == 1 && h[i].with_value == 1); /* SO_DEBUG */
		tcp_nodelay += h[i].value == 1 && h[i].with_value == 6;
	}
	assert_int_equal(tcp_nodelay, 1);
}

/* Every call: ascending, within the width, named as the constant is, with a reason. */
static void
test_harmless_rows(void **state)
{
	size_t n, n_rows, seen = 0;
	const struct s2s_syscall *const *all = s2s_syscalls(S2S_ARCH_X86_64, &n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (int a = 0; a < all[i]->nargs; a++) {
			const struct s2s_kind *kind = all[i]->arg[a].kind;
			const struct s2s_harmless *h =
			    s2s_syscall_harmless(all[i], a, &n_rows);

			for (size_t k = 0; k < n_rows; k++, seen++) {
				uint64_t value, mask = s2s_width_mask(kind->width);

				assert_true(k == 0 || h[k - 1].value < h[k].value ||
					    (h[k - 1].value == h[k].value &&
					     h[k - 1].with_value != h[k].with_value));
				assert_true(h[k].with < all[i]->nargs &&
					    h[k].with != a);
				assert_int_equal(h[k].value & ~mask, 0);
				assert_true(*h[k].why);
				if (!sv_to_u64(sv_from(h[k].name), &value) &&
				    !s2s_constant_value(S2S_ARCH_X86_64, kind->set,
							sv_from(h[k].name), &value))
					fail_msg("%s", h[k].name);
				assert_int_equal(value & mask, h[k].value);
			}
		}
	assert_true(seen > 100);
}

/* An object and a quantity select nothing, an address only by being NULL. */
static void
test_harmless_selects(void **state)
{
	size_t n, rows;
	const struct s2s_syscall *const *all = s2s_syscalls(S2S_ARCH_X86_64, &n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (int a = 0; a < all[i]->nargs; a++) {
			const struct s2s_kind *kind = all[i]->arg[a].kind;
			bool selects = kind->role == S2S_ROLE_SELECTOR ||
				       kind->role == S2S_ROLE_MODE;

			const struct s2s_harmless *h =
			    s2s_syscall_harmless(all[i], a, &rows);

			if (kind->role == S2S_ROLE_ADDRESS && rows == 1 &&
			    h[0].value == 0)
				rows = 0;
			if (!selects &&
			    (rows || s2s_syscall_free_bits(all[i], a, kind)))
				fail_msg("%s.%s", all[i]->name, all[i]->arg[a].name);
		}
}

static bool
is_implied_on(enum s2s_arch arch, const char *name, const char *because)
{
	size_t n;
	const struct s2s_implied *implied = s2s_implied(arch, &n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(implied[i].call, name) == 0 &&
		    (because ? implied[i].because &&
				   strcmp(implied[i].because, because) == 0
			     : !implied[i].because))
			return true;
	return false;
}

static bool
is_implied(const char *name, const char *because)
{
	return is_implied_on(S2S_ARCH_X86_64, name, because);
}

static void
test_implied(void **state)
{
	static const char *const always[] = {
	    "exit",         "exit_group", "clock_gettime", "clock_getres",
	    "gettimeofday", "time",       "getcpu"};
	static const char *const restarted[] = {"nanosleep", "clock_nanosleep", "poll",
						"futex"};

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(always); i++)
		assert_true(is_implied(always[i], NULL));
	for (size_t i = 0; i < S2S_ARRAY_SIZE(restarted); i++)
		assert_true(is_implied("restart_syscall", restarted[i]));
	assert_true(is_implied("rt_sigreturn", "rt_sigaction"));
	assert_false(is_implied("rt_sigreturn", NULL));
	assert_false(is_implied("getrandom", NULL));
	assert_true(is_implied("getrandom", "getrandom"));
	assert_true(is_implied("getrandom", "mmap"));
	assert_false(is_implied("execve", NULL));
	/* The vDSO of aarch64 has none. */
	assert_true(is_implied_on(S2S_ARCH_I386, "getcpu", NULL));
	assert_true(is_implied_on(S2S_ARCH_AARCH64, "clock_getres", NULL));
	assert_false(is_implied_on(S2S_ARCH_AARCH64, "getcpu", NULL));
}

/* Whether a power by that call and with that name has the value. */
static bool
has_power(const char *name, const char *call_name, uint64_t value)
{
	size_t n;
	const struct s2s_power *powers = s2s_powers(S2S_ARCH_X86_64, &n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(powers[i].name, name) == 0 &&
		    strcmp(powers[i].call, call_name) == 0 &&
		    (powers[i].arg < 0 || (value & powers[i].mask) == powers[i].want))
			return true;
	return false;
}

static void
test_powers(void **state)
{
	size_t n;
	const struct s2s_power *powers = s2s_powers(S2S_ARCH_X86_64, &n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const struct s2s_syscall *sc = call(powers[i].call);

		assert_true(powers[i].arg < sc->nargs);
		assert_true(*powers[i].name && *powers[i].text);
		assert_int_equal(powers[i].want & ~powers[i].mask, 0);
	}
	assert_true(has_power("exec", "execve", 0));
	assert_true(has_power("socket AF_PACKET", "socket", 17));
	assert_false(has_power("socket AF_PACKET", "socket", 2));
	assert_true(has_power("memory W+X", "mmap", 7));
	assert_false(has_power("memory W+X", "mmap", 3));
	assert_false(has_power("memory W+X", "mprotect", 5));
	assert_true(has_power("memory made executable", "mprotect", 5));
	assert_true(has_power("ioctl TIOCSTI", "ioctl", 0x5412));
	assert_true(has_power("namespaces", "clone", 0x10000011));
	assert_false(has_power("namespaces", "clone", 0x01200011));
	assert_true(has_power("personality", "personality", 0x40000));
	assert_false(has_power("personality", "personality", UINT32_MAX));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_free_bits),
	    cmocka_unit_test(test_free_bits_of_variant),
	    cmocka_unit_test(test_free_bits_of_values),
	    cmocka_unit_test(test_harmless_commands),
	    cmocka_unit_test(test_harmless_pairs),
	    cmocka_unit_test(test_harmless_rows),
	    cmocka_unit_test(test_harmless_selects),
	    cmocka_unit_test(test_implied),
	    cmocka_unit_test(test_powers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
