/* SPDX-License-Identifier: MIT */
/* The call: what the kernel saw. The noun that bind, recorders, tree and verify share;
   it knows nothing of text. */
#pragma once

#include "base/diag.h"
#include "kernel/syscalls.h"

#include <stdbool.h>
#include <stdint.h>

enum s2s_arg_state {
	S2S_ARG_UNKNOWN, /* the log does not tell: any value */
	S2S_ARG_KNOWN,   /* value holds it, truncated to the kind's width */
	S2S_ARG_ADDRESS, /* a pointer that is not NULL: any but 0 */
};

struct s2s_arg {
	enum s2s_arg_state state;
	uint64_t value; /* 0 unless known */
};

struct s2s_call {
	const struct s2s_syscall *sc;
	struct s2s_arg arg[S2S_ARGS_MAX];
	const struct s2s_kind
	    *kind[S2S_ARGS_MAX]; /* resolved for this call's selectors */
	/* which of the event's arguments each was bound from, from 1; 0: none */
	uint8_t printed[S2S_ARGS_MAX];
	struct s2s_place place; /* where the call begins */
	int64_t pid;            /* -1: the log does not tell */
	bool launcher;          /* the exec that started the program (fact 11) */
	bool also;              /* the other call that the one before may have been */
	uint64_t count;         /* 1 from a log; more from a profile */
	uint32_t runs;          /* 0 from a log: this run; else from a profile */
	struct s2s_sv result;   /* after "=", undecorated; empty: none */
	bool has_result;
};
