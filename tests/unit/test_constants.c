/* SPDX-License-Identifier: MIT */
#include "base/attr.h"
#include "kernel/constants.h"
#include "kernel/syscalls.h"
#include "unit.h"

#include <stdio.h>

static const struct {
	const char *set, *name;
	bool ok;
	uint64_t value;
} values[] = {
    {"open_flags", "O_RDONLY", true, 0},
    {"open_flags", "O_CLOEXEC", true, 0x80000},
    {"open_flags", "O_LARGEFILE", true, 0x8000},
    {"dirfd", "AT_FDCWD", true, (uint64_t)-100},
    {"rusage_who", "RUSAGE_CHILDREN", true, UINT64_MAX},
    {"key_spec", "KEY_SPEC_REQUESTOR_KEYRING", true, (uint64_t)-8},
    {"mmap_flags", "MAP_PRIVATE", true, 2},
    {"mmap_flags", "MAP_HUGE_SHIFT", true, 26},
    {"clone_flags", "CLONE_CLEAR_SIGHAND", true, UINT64_C(1) << 32},
    {"clone_flags", "CLONE_INTO_CGROUP", true, UINT64_C(1) << 33},
    {"signal", "SIGHUP", true, 1},
    {"signal", "SIGRTMIN", true, 32},
    {"signal", "SIGRT_1", true, 33},
    {"signal", "SIGRT_32", true, 64},
    {"file_mode", "S_IFREG", true, 0100000},
    {"prctl_option", "PR_SET_PTRACER", true, 0x59616d61},
    {"futex_op", "FUTEX_WAIT_BITSET_PRIVATE", true, 0x89},
    {"futex_op", "FUTEX_CLOCK_REALTIME", true, 0x100},
    {"ioctl_cmd", "TCGETS", true, 0x5401},
    {"ioctl_cmd", "FS_IOC_GETFLAGS", true, 0x80086601},
    {"socket_family", "AF_UNIX", true, 1},
    {"ethernet_protocol", "ETH_P_ALL", true, 3},
    {"reboot_magic1", "LINUX_REBOOT_MAGIC1", true, 0xfee1dead},
    {"lsm_attr", "LSM_ATTR_CURRENT", true, 100},
    {"fanotify_mask", "FAN_RENAME", true, 0x10000000},
    /* found though it is of another set, or no set is given or known */
    {"open_flags", "MAP_PRIVATE", true, 2},
    {"no_such_set", "SIGCHLD", true, 17},
    {NULL, "SIGCHLD", true, 17},
    /* the set decides where the name alone does not */
    {"itimer_which", "ITIMER_REAL", true, 0},
    {"mount_flags", "MS_SYNC", true, 4},
    {"signal", "SIG_0", true, 0},
    {"socket_family", "PF_INET", true, 2},
    /* kernels disagree: strace 6.1 and 7.2 print it for two numbers */
    {"ioctl_cmd", "DRM_IOCTL_SYNCOBJ_WAIT", false, 0},
    {NULL, "DRM_IOCTL_SYNCOBJ_WAIT", false, 0},
    /* what we do not know */
    {"open_flags", "O_NONSENSE", false, 0},
    {NULL, "O_RDONL", false, 0},
    {NULL, "O_RDONLYX", false, 0},
    {NULL, "", false, 0},
    {"signal", "sigchld", false, 0},
};

static void
test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(values); i++) {
		uint64_t value = 42;

		if (s2s_constant_value(S2S_ARCH_X86_64, values[i].set,
				       sv_from(values[i].name), &value) != values[i].ok)
			fail_msg("%s", values[i].name);
		if (value != (values[i].ok ? values[i].value : 42))
			fail_msg("%s is %#jx", values[i].name, (uintmax_t)value);
	}
}

static const struct {
	const char *set;
	uint64_t value;
	const char *name;
} names[] = {
    {"open_flags", 0x80000, "O_CLOEXEC"},
    {"dirfd", (uint64_t)-100, "AT_FDCWD"},
    {"dirfd", 0xffffff9c, NULL},
    {"signal", 6, "SIGABRT"},
    {"signal", 29, "SIGIO"},
    {"ioctl_cmd", 0x5401, "TCGETS"},
    {"ioctl_cmd", 0x40049409, "FICLONE"},
    {"socket_family", 1, "AF_UNIX"},
    {"ioctl_cmd", 0xc02064c3, "DRM_IOCTL_SYNCOBJ_WAIT"},
    {"ioctl_cmd", 0xc02864c3, "DRM_IOCTL_SYNCOBJ_WAIT"},
    {"signal", 0, NULL},
    {"socket_family", 12345, NULL},
    {"no_such_set", 1, NULL},
    {NULL, 1, NULL},
};

static void
test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(names); i++) {
		const char *name =
		    s2s_constant_name(S2S_ARCH_X86_64, names[i].set, names[i].value);

		if (!name != !names[i].name || (name && strcmp(name, names[i].name)))
			fail_msg("%s %#jx: %s", names[i].set, (uintmax_t)names[i].value,
				 name ? name : "none");
	}
}

static void
test_set(void **state)
{
	size_t n;
	const struct s2s_constant *row =
	    s2s_constants(S2S_ARCH_X86_64, "sigmask_how", &n);

	(void)state;
	assert_int_equal(n, 3);
	assert_string_equal(row[0].name, "SIG_BLOCK");
	assert_int_equal(row[2].value, 2);
	assert_null(s2s_constants(S2S_ARCH_X86_64, "sigmask", &n));
	assert_int_equal(n, 0);
	assert_null(s2s_constants(S2S_ARCH_X86_64, NULL, &n));
	assert_int_equal(n, 0);
}

static size_t rows, refused;

/* Each name gives its number or none, each number a name of the same number. */
static void
check_set(const char *set)
{
	size_t n;
	const struct s2s_constant *row = s2s_constants(S2S_ARCH_X86_64, set, &n);

	for (size_t i = 0; i < n; i++) {
		const char *name =
		    s2s_constant_name(S2S_ARCH_X86_64, set, row[i].value);
		uint64_t value;

		if (!name)
			fail_msg("%s %s: no name for its value", set, row[i].name);
		if (s2s_constant_value(S2S_ARCH_X86_64, set, sv_from(name), &value))
			assert_int_equal(value, row[i].value);
		if (s2s_constant_value(S2S_ARCH_X86_64, set, sv_from(row[i].name),
				       &value))
			assert_int_equal(value, row[i].value);
		else
			refused++;
	}
	rows += n;
}

static void
test_sets_of_calls(void **state)
{
	size_t n;
	const struct s2s_syscall *const *all = s2s_syscalls(S2S_ARCH_X86_64, &n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < all[i]->nargs; k++)
			if (all[i]->arg[k].kind->set)
				check_set(all[i]->arg[k].kind->set);
	assert_true(rows > 5000);
	assert_true(refused > 0 && refused < 60);
}

/* A name may be anything that a log holds. */
static void
test_hostile_names(void **state)
{
	static char text[1 << 20];
	uint64_t value = 42;

	(void)state;
	memset(text, 'A', sizeof text);
	for (size_t n = 0; n < sizeof text; n = n * 2 + 1)
		assert_false(s2s_constant_value(S2S_ARCH_X86_64, "open_flags",
						(struct s2s_sv){text, n}, &value));
	assert_false(
	    s2s_constant_value(S2S_ARCH_X86_64, NULL, SV("O_RDONLY\0"), &value));
	assert_false(
	    s2s_constant_value(S2S_ARCH_X86_64, NULL, SV("\xff\xfe\x80"), &value));
	assert_int_equal(value, 42);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),        cmocka_unit_test(test_names),
	    cmocka_unit_test(test_set),           cmocka_unit_test(test_sets_of_calls),
	    cmocka_unit_test(test_hostile_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
