/* SPDX-License-Identifier: MIT */
/* The two halves of binding a call: its name, its arguments. Inside bind only. */
#pragma once

#include "bind/bind.h"
#include "bind/cache.h"

/* What the name of an event stands for, one of them or both: a call, and a call that is
   made through another. */
struct s2s_found {
	const struct s2s_syscall *sc, *through_sc;
	const struct s2s_through *through;
};

/* The kernel's call of an event. False: there is none, and that was reported. Here and
   below cache may be NULL. */
bool s2s_bind_name(const struct s2s_event *ev, enum s2s_arch arch,
		   struct s2s_diag *diag, struct s2s_cache *cache,
		   struct s2s_found *ret);

/* Fills the arguments of a call that was made through call->sc (socketcall), of which
   the log tells only what it was to do. */
void s2s_bind_through(const struct s2s_through *through, struct s2s_bind_counts *counts,
		      struct s2s_call *call);

/* Whether strace had no name for the call: syscall_0x1c9. All six registers follow. */
bool s2s_bind_is_numbered(struct s2s_sv name);

/* The call that straces before 4.11 meant by that name, or NULL. */
const struct s2s_syscall *s2s_bind_older(const struct s2s_event *ev,
					 enum s2s_arch arch);

/* Whether no kernel has a call of that number: it is negative, or the kernel of the log
   said so of one that we do not know either. */
bool s2s_bind_is_nowhere(const struct s2s_event *ev, enum s2s_arch arch);

/* Fills call->arg and call->kind of call->sc. Of text that may have several values
   ("SNDCTL_TMR_TIMEBASE or TCGETS") it takes the pick-th; whether there are more. */
bool s2s_bind_args(const struct s2s_event *ev, unsigned pick, struct s2s_diag *diag,
		   struct s2s_bind_counts *counts, struct s2s_cache *cache,
		   struct s2s_call *call);

/* Warns, once, where an address is none of x86_64. */
void s2s_bind_foreign(const struct s2s_event *ev, const struct s2s_call *call,
		      struct s2s_diag *diag);
