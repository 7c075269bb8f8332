/* SPDX-License-Identifier: MIT */
/* A policy as formats say it that name a call once for all architectures which they
   list (oci, spo, systemd): what one architecture allows, all allow. */
#pragma once

#include "policy/policy.h"

/* The architectures that such a list is about (bit 1 << arch): those of the policy, and
   x86_64 with i386, since the machine's own is always among them. */
uint32_t s2s_by_name_arches(const struct s2s_policy *policy);

/* Each name once, under the first of the architectures that has the call, with the
   rules of all of them. An argument that not all of them have is any. Owned by the
   caller. */
struct s2s_policy *s2s_by_name(const struct s2s_policy *policy);

/* What that says where libseccomp carries it out: each call on each of the
   architectures. On i386 what is said of a call of socketcall or ipc holds for its
   other form as well, and of an argument the low 32 bits are compared. Owned by the
   caller. */
struct s2s_policy *s2s_by_name_said(const struct s2s_policy *named, uint32_t arches);

/* The rule of the other form that a call of i386 has by way of socketcall or ipc; false
   where it has none. Arguments beyond the multiplexer's own are compared too, which no
   rule of a policy says. */
bool s2s_other_form(const struct s2s_syscall *sc, const struct s2s_rule *rule,
		    struct s2s_arena *arena, const struct s2s_syscall **ret_sc,
		    struct s2s_rule *ret);

/* How many calls are allowed more on an architecture than in the policy; of
   `names_only`, how many that are not allowed there at all. */
size_t s2s_by_name_wider(const struct s2s_policy *policy, bool names_only);

/* Whether a list may forbid the call by its name: none of its architectures allows it,
   nor what it is a form of on i386. */
bool s2s_by_name_forbids(const struct s2s_policy *said, const struct s2s_syscall *sc);

/* Each name that an architecture of the list has, once; fn for each. */
typedef void s2s_name_fn(void *self, const struct s2s_syscall *sc);
void s2s_by_name_each(uint32_t arches, s2s_name_fn *fn, void *self);
