/* SPDX-License-Identifier: MIT */
#include "random_calls.h"

#include "base/attr.h"
#include "kernel/constants.h"

uint64_t
random_next(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint64_t
random_below(uint64_t *seed, uint64_t n)
{
	return random_next(seed) % n;
}

/* Those whose arguments change their kind with a selector, and what most programs do.
 */
static const char *const favourites[] = {
    "fcntl", "ioctl", "futex",  "openat",       "mmap",   "prctl",      "clone",
    "mknod", "read",  "lseek",  "mprotect",     "socket", "sendto",     "setsockopt",
    "chmod", "kill",  "execve", "rt_sigaction", "ppoll",  "close_range"};

static const struct s2s_syscall *
random_syscall(uint64_t *seed, bool is_mixed)
{
	enum s2s_arch arch = S2S_ARCH_X86_64;
	size_t n, i = random_below(seed, S2S_ARRAY_SIZE(favourites));
	const struct s2s_syscall *const *all;
	const struct s2s_syscall *sc = NULL;

	if (is_mixed)
		arch = (enum s2s_arch)random_below(seed, S2S_ARCH_COUNT);
	all = s2s_syscalls(arch, &n);
	if (random_below(seed, 3))
		sc = s2s_syscall_by_name(arch, sv_from(favourites[i]));
	return sc ? sc : all[random_below(seed, n)]; /* mknod is not everywhere */
}

/* One of the argument's constants, or some of its flags. */
static uint64_t
random_constant(uint64_t *seed, enum s2s_arch arch, const struct s2s_kind *kind)
{
	size_t n;
	const struct s2s_constant *rows = s2s_constants(arch, kind->set, &n);
	uint64_t value = n ? rows[random_below(seed, n < 12 ? n : 12)].value : 0;

	if (kind->is_flags && n && random_below(seed, 2))
		value |= rows[random_below(seed, n)].value;
	return value;
}

static uint64_t
random_value(uint64_t *seed, enum s2s_arch arch, const struct s2s_kind *kind)
{
	static const uint64_t edges[] = {0,
					 1,
					 -1,
					 -100,
					 INT32_MAX,
					 UINT64_C(1) << 31,
					 UINT32_MAX,
					 UINT64_C(1) << 32,
					 UINT64_C(0x100000001),
					 INT64_MAX,
					 UINT64_C(1) << 63};

	if (kind->set && random_below(seed, 3))
		return random_constant(seed, arch, kind);
	switch (random_below(seed, 4)) {
	case 0:
		return edges[random_below(seed, S2S_ARRAY_SIZE(edges))];
	case 1:
		return random_next(seed) >> random_below(seed, 64);
	default:
		return random_below(seed, 6);
	}
}

/* What the log told of an argument, before it is clear of what kind it is: strace may
   print an address for whatever is as wide as one. */
static struct s2s_arg
random_arg(uint64_t *seed, enum s2s_arch arch, const struct s2s_kind *kind)
{
	uint64_t value = random_value(seed, arch, kind) & s2s_width_mask(kind->width);

	if (random_below(seed, 12) == 0)
		return (struct s2s_arg){S2S_ARG_UNKNOWN, 0};
	if (kind->is_word && random_below(seed, 12) == 0)
		return (struct s2s_arg){S2S_ARG_ADDRESS, 0};
	return (struct s2s_arg){S2S_ARG_KNOWN, value};
}

/* As the resolved kind has it: a pointer is NULL or not. */
static void
settle(struct s2s_arg *arg, const struct s2s_kind *kind)
{
	if (arg->state != S2S_ARG_KNOWN)
		return;
	if (kind->role == S2S_ROLE_ADDRESS && arg->value > 2)
		*arg = (struct s2s_arg){S2S_ARG_ADDRESS, 0};
	else if (kind->role == S2S_ROLE_ADDRESS)
		arg->value = 0;
	arg->value &= s2s_width_mask(kind->width);
}

static void
random_call(uint64_t *seed, const struct s2s_syscall *sc, struct s2s_call *ret)
{
	static const char *const files[] = {"a.log", "b.log", "c.log"};
	bool known[S2S_ARGS_MAX] = {false};
	uint64_t value[S2S_ARGS_MAX] = {0};

	*ret = (struct s2s_call){.sc = sc, .pid = -1, .count = 1};
	ret->place.file = files[random_below(seed, S2S_ARRAY_SIZE(files))];
	ret->place.line = 1 + random_below(seed, 1000);
	for (int i = 0; i < sc->nargs; i++) {
		ret->arg[i] = random_arg(seed, sc->arch, sc->arg[i].kind);
		known[i] = ret->arg[i].state == S2S_ARG_KNOWN;
		value[i] = ret->arg[i].value;
	}
	s2s_syscall_kinds(sc, known, value, ret->kind);
	for (int i = 0; i < sc->nargs; i++)
		settle(&ret->arg[i], ret->kind[i]);
}

void
random_calls(uint64_t *seed, bool is_mixed, struct random_calls *ret)
{
	const struct s2s_syscall *few[3];

	ret->n = 1 + random_below(seed, RANDOM_CALLS_MAX);
	for (size_t i = 0; i < S2S_ARRAY_SIZE(few); i++)
		few[i] = random_syscall(seed, is_mixed);
	for (size_t i = 0; i < ret->n; i++) {
		random_call(seed, few[random_below(seed, S2S_ARRAY_SIZE(few))],
			    &ret->call[i]);
		/* Some calls come again. */
		if (i && random_below(seed, 4) == 0)
			ret->call[i] = ret->call[random_below(seed, i)];
		ret->run[i] = i ? ret->run[i - 1] + !random_below(seed, 8) : 0;
	}
	if (random_below(seed, 2)) {
		random_call(seed, s2s_syscall_by_name(S2S_ARCH_X86_64, SV("execve")),
			    &ret->call[0]);
		ret->call[0].launcher = true;
	}
}
