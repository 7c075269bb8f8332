/* SPDX-License-Identifier: MIT */
/* System calls: names, numbers, and what each argument is. Look-ups over data/, made
   by data/gen.awk. Goes further than the installed headers and libseccomp. */
#pragma once

#include "base/sv.h"
#include "kernel/arch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { S2S_ARGS_MAX = 6 };

/* What an argument is for: it decides what a level does with it. */
enum s2s_role {
	S2S_ROLE_UNUSED,   /* the kernel does not look at it (for this command) */
	S2S_ROLE_ADDRESS,  /* user memory: only NULL can recur */
	S2S_ROLE_VARIANT,  /* process or thread id, …: the next run has another */
	S2S_ROLE_SELECTOR, /* chooses behaviour: command, family, flags, signal */
	S2S_ROLE_QUANTITY, /* measures: size, offset, count, time */
	S2S_ROLE_OBJECT,   /* names an object of this run: descriptor, user, key */
	S2S_ROLE_MODE,     /* file mode: type and set-id bits select, 0777 does not */
};

/* What strace's text of a kind tells, whatever the version (data/strace.tbl). */
enum s2s_printed {
	S2S_PRINTED_WHOLE, /* the value */
	S2S_PRINTED_GLUED, /* not where a number has many digits: it may be two */
	S2S_PRINTED_LOST,  /* not all of it */
	S2S_PRINTED_EMPTY, /* an empty list may be NULL */
	S2S_PRINTED_BARE,  /* what is there, where it is not NULL: 0 is no NULL */
};

/* A row of data/kinds.tbl. */
struct s2s_kind {
	const char *name;
	uint8_t width; /* bits of the register that the kernel reads: 16, 32, 64 */
	bool is_word;  /* all that programs of the architecture see of it: 32 or 64 */
	bool is_signed;
	bool is_flags; /* a word of flags, not one of a list of values */
	enum s2s_role role;
	enum s2s_printed printed;
	const char *set;   /* constants.h: its constants' set; NULL: none */
	uint64_t harmless; /* bits that level robust leaves free (data/harmless.tbl) */
};

struct s2s_arg_type {
	const char *name;
	const struct s2s_kind *kind;
};

/* One call of the kernel. Static data: compare by pointer. */
struct s2s_syscall {
	const char *name;
	uint32_t nr;
	enum s2s_arch arch;
	uint8_t nargs;
	struct s2s_arg_type arg[S2S_ARGS_MAX];
	const char *group; /* file, network, process, memory, … (data/signatures.tbl) */
};

/* NULL where the architecture has no such call. Finds aliases (data/aliases.tbl) too,
   and numbers that strace has no name for as it prints them: syscall_0x1c3. */
const struct s2s_syscall *s2s_syscall_by_name(enum s2s_arch arch, struct s2s_sv name);
const struct s2s_syscall *s2s_syscall_by_nr(enum s2s_arch arch, uint32_t nr);

/* All calls of an architecture in ascending order of number. */
const struct s2s_syscall *const *s2s_syscalls(enum s2s_arch arch, size_t *ret_n);

/* The index of the argument with that name, or -1. */
int s2s_syscall_arg(const struct s2s_syscall *sc, struct s2s_sv name);

/* What the arguments are for these values: where the kind of one depends on another
   (fcntl, ioctl, prctl, futex: data/variants.tbl). known[i] tells whether value[i]
   is; with an unknown selector the general kinds of the signature remain.
   ret[i] is never NULL for i < sc->nargs. */
void s2s_syscall_kinds(const struct s2s_syscall *sc, const bool known[S2S_ARGS_MAX],
		       const uint64_t value[S2S_ARGS_MAX],
		       const struct s2s_kind *ret[S2S_ARGS_MAX]);

/* Values of argument `arg` that level robust allows once the call was seen at all:
   commands that give no power (data/harmless.tbl). Ascending; NULL and 0: none. */
struct s2s_harmless {
	uint64_t value;
	const char *name; /* its constant */
	const char *why;
	int with;            /* where this argument has that value only, -1: always */
	uint64_t with_value; /* (an option of a socket, with its level) */
};
const struct s2s_harmless *s2s_syscall_harmless(const struct s2s_syscall *sc, int arg,
						size_t *ret_n);

/* Bits of argument `arg` of this call that level robust leaves free, those of its
   kind included. */
uint64_t s2s_syscall_free_bits(const struct s2s_syscall *sc, int arg,
			       const struct s2s_kind *kind);

/* Whether the kind of any argument, or the order in which they are printed, hangs on
   the value of this one. */
bool s2s_syscall_decides(const struct s2s_syscall *sc, int arg);

/* A condition under which arguments of the call have other kinds than the signature's:
   (value of argument `arg` & mask) is one of values[]. */
struct s2s_condition {
	int arg;
	uint64_t mask;
	const uint64_t *values;
	size_t n;
};
/* The i-th, false behind the last. Some hold only together. */
bool s2s_syscall_condition(const struct s2s_syscall *sc, size_t i,
			   struct s2s_condition *ret);

/* Where strace goes by the name of an argument (`flags=…` in clone), the register it
   goes to; -1 where the name means none: with -N every argument has a name, which need
   not be the kernel's. data/strace.tbl */
int s2s_syscall_printed_name(const struct s2s_syscall *sc, struct s2s_sv name);
enum {
	S2S_PRINTED_NOWHERE = -1, /* strace's own: rt_sigreturn's mask */
	S2S_PRINTED_BEYOND = -2,  /* the call has no such argument */
};

/* Which register holds what strace prints. */
struct s2s_destination {
	int8_t at;     /* or S2S_PRINTED_… */
	int8_t high;   /* the register with bits 32 to 63 of the value; -1: none */
	uint8_t shift; /* the register holds the value without that many low bits */
};

/* Of what strace prints as argument `position` (0: the first printed). `printed` is how
   many arguments it printed in all. The order can hang on that and on selectors printed
   before (futex: known[] and value[] as for kinds). */
struct s2s_destination s2s_syscall_printed_at(const struct s2s_syscall *sc,
					      int position, int printed,
					      const bool known[S2S_ARGS_MAX],
					      const uint64_t value[S2S_ARGS_MAX]);
/* Whether that is ever another register than the position says. */
bool s2s_syscall_is_reordered(const struct s2s_syscall *sc);

/* A call that strace prints under a name of its own though the number is that of
   another call: socketcall's and ipc's on i386. NULL where the name is never printed
   so. */
struct s2s_through {
	const char *name;
	uint16_t row;
	int arg; /* of the call: what it is to do */
	uint64_t value;
};
const struct s2s_through *s2s_syscall_through(enum s2s_arch arch, struct s2s_sv name,
					      const struct s2s_syscall **ret_sc);

/* A row of data/implied.tbl: what must be allowed though no log shows it. `because`:
   the call that was seen, NULL where always; with a value of argument `arg` for which
   (value & mask) == want; arg -1: with any. */
struct s2s_implied {
	const char *call;
	const char *because;
	int arg;
	uint64_t mask, want;
	const char *why;
};
const struct s2s_implied *s2s_implied(enum s2s_arch arch, size_t *ret_n);

/* A row of data/powers.tbl: what a policy leaves to an attacker. Matches where the
   policy allows `call` with some value of argument `arg` for which
   (value & mask) == want; arg -1: any. */
struct s2s_power {
	const char *name; /* "exec", "mount", "socket AF_PACKET" … */
	const char *call;
	int arg;
	uint64_t mask, want;
	const char *text; /* one sentence: what it lets an attacker do */
};
const struct s2s_power *s2s_powers(enum s2s_arch arch, size_t *ret_n);

/* "" and all lower bits of a width in bits. */
static inline uint64_t
s2s_width_mask(unsigned width)
{
	return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}
