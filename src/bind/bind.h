/* SPDX-License-Identifier: MIT */
/* Call text to call: symbols to numbers, printed arguments to registers. Knows how
   strace writes values; knows no lines. */
#pragma once

#include "base/diag.h"
#include "kernel/call.h"
#include "parse/event.h"

struct s2s_call_sink {
	enum s2s_status (*event)(void *self, const struct s2s_call *call);
	enum s2s_status (*end)(void *self); /* this input (run) is over */
	void *self;
};

struct s2s_bind_counts {
	uint64_t calls;
	uint64_t unknown_calls; /* without a number, or with -1: left out */
	uint64_t args;
	uint64_t unknown_args;      /* in all */
	uint64_t unknown_symbols;   /* of these: a constant that we do not know */
	uint64_t unknown_selectors; /* of these: where the argument is a selector */
};

/* Binds each call of an input and hands it on; signals, exits and notes end here. The
   first call of an input, where it is an execve or execveat, is marked as launcher's.
   A call whose name has no number is an error; unless that ends the run, it is counted
   and left out. */
struct s2s_binder;

struct s2s_binder *s2s_binder_new(struct s2s_diag *diag, enum s2s_arch default_arch,
				  struct s2s_call_sink next);
struct s2s_event_sink s2s_binder_sink(struct s2s_binder *binder);
const struct s2s_bind_counts *s2s_binder_counts(const struct s2s_binder *binder);
/* A call that added this was bound n times again. */
void s2s_binder_repeat(struct s2s_binder *binder, const struct s2s_bind_counts *added,
		       uint64_t n);
void s2s_binder_free(struct s2s_binder *binder);

/* One call alone. S2S_SYNTAX where the name has no number. */
enum s2s_status s2s_bind_call(const struct s2s_event *ev, enum s2s_arch arch,
			      struct s2s_diag *diag, struct s2s_bind_counts *counts,
			      struct s2s_call *ret);

/* The value of one printed expression: number, symbol, flags joined by |, shifts,
   makedev(), _IOC(), QCMD(), comments and <paths> skipped, "A or B". `set` is looked
   into first (NULL: none). False where it has none that we know. */
bool s2s_bind_expr(enum s2s_arch arch, const char *set, struct s2s_sv text,
		   uint64_t *ret);
