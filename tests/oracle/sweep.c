/* SPDX-License-Identifier: MIT */
/* Calls with every small number and every bit in every argument, none of them made:
   under strace -X verbose this shows each constant that strace knows, whether our
   tables have it or not.   usage: strace -X verbose -o LOG sweep quick|full ARCH */
#include "base/attr.h"
#include "kernel/constants.h"
#include "kernel/syscalls.h"
#include "make.h"
#include "unmade.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { SMALL = 300, SMALL_QUICK = 32, BITS = 64, NEGATIVE = 120, SKIP = 77 };

static bool quick;
static enum s2s_arch arch;

/* Small numbers, single bits, two neighbouring bits, small negative numbers. */
static unsigned
count_values(void)
{
	return quick ? SMALL_QUICK + BITS : SMALL + 2 * BITS + NEGATIVE;
}

static uint64_t
value(unsigned i)
{
	unsigned small = quick ? SMALL_QUICK : SMALL;

	if (i < small)
		return i;
	if ((i -= small) < BITS)
		return UINT64_C(1) << i;
	if ((i -= BITS) < BITS)
		return UINT64_C(3) << i;
	return -(uint64_t)(i - BITS + 1);
}

static void
sweep_arg(const struct s2s_syscall *sc, uint64_t r[S2S_ARGS_MAX], int arg, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		r[arg] = value(i);
		make_call(arch, sc->nr, r);
	}
}

static void
sweep_call(const struct s2s_syscall *sc)
{
	for (int arg = 0; arg < sc->nargs; arg++) {
		uint64_t zeros[S2S_ARGS_MAX] = {0};
		uint64_t ones[S2S_ARGS_MAX] = {-1, -1, -1, -1, -1, -1};

		sweep_arg(sc, zeros, arg, count_values());
		sweep_arg(sc, ones, arg, count_values());
	}
}

/* Where one argument tells what another means: each value of both. */
static const struct pair {
	const char *call;
	int selector, arg;
	uint64_t from, to; /* the selector */
} pairs[] = {
    {"setsockopt", 1, 2, 0, 299},
    {"getsockopt", 1, 2, 0, 299},
    {"fcntl", 1, 2, 0, 17},
    {"fcntl", 1, 2, 1024, 1044},
    {"prctl", 0, 1, 0, 90},
    {"prctl", 0, 2, 0, 90},
    {"keyctl", 0, 1, 0, 33},
    {"keyctl", 0, 2, 0, 33},
    {"keyctl", 0, 3, 0, 33},
    {"keyctl", 0, 4, 0, 33},
    {"socket", 0, 2, 0, 47},
    {"socketpair", 0, 2, 0, 47},
    {"ptrace", 0, 2, 0, 40},
    {"ptrace", 0, 2, 0x4200, 0x4215},
    {"ptrace", 0, 3, 0, 40},
    {"ptrace", 0, 3, 0x4200, 0x4215},
    {"futex", 1, 5, 0, 16},
    {"futex", 1, 5, 128, 144},
    {"seccomp", 0, 1, 0, 4},
    {"arch_prctl", 0, 1, 0x1000, 0x1030},
    {"mknod", 1, 2, S_IFCHR, S_IFCHR},
    {"arch_prctl", 0, 1, 0x5001, 0x5005},
    {"fsconfig", 1, 4, 0, 16},
    {"ioprio_set", 0, 2, 0, 4},
    {"io_uring_register", 1, 3, 0, 40},
};

static void
sweep_pair(const struct pair *pair)
{
	const struct s2s_syscall *sc = s2s_syscall_by_name(arch, sv_from(pair->call));

	for (uint64_t s = pair->from; sc && s <= pair->to; s++) {
		uint64_t r[S2S_ARGS_MAX] = {0};

		r[pair->selector] = s;
		sweep_arg(sc, r, pair->arg, count_values());
	}
}

/* A command of ioctl: number 8 bits, type 8, size 14, direction 2. What strace does not
   print of some, all users of the command have alike. */
static uint64_t
ioctl_command(unsigned direction, unsigned size, unsigned type, unsigned number)
{
	if (type == 'E' && size) /* EVIOCSABS */
		size = 24;
	if (type == 'M' && direction == 2) /* MIXER_READ */
		size = 4;
	if (type == 'M' && direction == 1) /* MIXER_WRITE */
		size = direction = 0;
	if (type == 'H' && direction == 2 && number == 6) /* HIDIOCSFEATURE */
		direction = 3;
	return (uint64_t)direction << 30 | size << 16 | type << 8 | number;
}

static void
sweep_ioctl(uint32_t nr)
{
	static const struct {
		unsigned direction, size;
	} forms[] = {{0, 0}, {1, 5}, {2, 5}, {3, 5}, {1, 32}};

	for (size_t i = 0; i < S2S_ARRAY_SIZE(forms); i++)
		for (unsigned code = 0; code < 0x10000; code++)
			make_call(arch, nr,
				  (uint64_t[]){-1,
					       ioctl_command(forms[i].direction,
							     forms[i].size, code >> 8,
							     code & 0xff),
					       0, 0, 0, 0});
}

static void
sweep_ioctl_arguments(const struct s2s_syscall *sc, unsigned values)
{
	size_t n;
	const struct s2s_constant *row = s2s_constants(arch, "ioctl_cmd", &n);

	for (size_t i = 0; i < n; i++)
		sweep_arg(sc, (uint64_t[]){-1, row[i].value, 0, 0, 0, 0}, 2, values);
}

/* Commands and types of quotactl are two parts of one argument. */
static void
sweep_quota(uint32_t nr)
{
	static const uint64_t commands[] = {0x100, 0x300, 0x580000, 0x80000000};

	for (size_t i = 0; i < S2S_ARRAY_SIZE(commands); i++)
		for (uint64_t k = 0; k < 0x2000; k++)
			make_call(arch, nr,
				  (uint64_t[]){commands[i] + k, 0, 0, 0, 0, 0});
}

int
main(int argc, char **argv)
{
	const struct s2s_syscall *const *all, *ioctl_;
	size_t n;

	if (argc != 3)
		return 2;
	quick = strcmp(argv[1], "quick") == 0;
	arch = make_arch(argv[2]);
	if (!make_works(arch))
		return SKIP;
	all = s2s_syscalls(arch, &n);
	ioctl_ = s2s_syscall_by_name(arch, SV("ioctl"));
	if (!unmade_calls(EPERM))
		return 1;
	for (size_t i = 0; i < n; i++)
		if (!unmade_kills(all[i]))
			sweep_call(all[i]);
	for (size_t i = 0; i < S2S_ARRAY_SIZE(pairs) && !quick; i++)
		sweep_pair(&pairs[i]);
	if (!quick)
		sweep_ioctl(ioctl_->nr);
	sweep_ioctl_arguments(ioctl_, quick ? 1 : 70);
	sweep_quota(s2s_syscall_by_name(arch, SV("quotactl"))->nr);
	unmade_exit();
	return 1;
}
