/* SPDX-License-Identifier: MIT */
/* What --pid, --from and their like ask for. */
#pragma once

#include "base/log.h"
#include "base/map.h"
#include "parse/event.h"
#include "s2s.h"

/* CALL or CALL("TEXT") */
struct mark {
	struct s2s_sv call;
	s2s_atom text;
	bool has_text;
	bool found;
};

struct number {
	int64_t value;
	bool found;
};

struct name {
	s2s_atom text;
	bool found;
};

#define SELECT_LISTS(X)                              \
	X(struct number, pid, "pid")                 \
	X(struct number, thread, "thread")           \
	X(struct number, children_of, "children-of") \
	X(struct name, comm, "comm")                 \
	X(struct name, exe, "exe")                   \
	X(struct mark, from, "from")                 \
	X(struct mark, until, "until")

/* Arrays on the heap. An empty one asks for nothing. */
struct criteria {
#define X(type, member, option) \
	type *member;           \
	size_t n_##member;
	SELECT_LISTS(X)
#undef X
};

/* False where something cannot be understood; that is said. To be done in any case. */
bool criteria_init(struct criteria *c, const struct s2s_selection *wanted,
		   struct s2s_atoms *atoms, const struct s2s_log *log);
void criteria_done(struct criteria *c);

enum mark_met {
	MET_CALL = 1, /* the call itself belongs to what follows */
	MET_TEXT = 2, /* a marker: it does not */
};

/* Which marks a call meets. */
unsigned marks_met(struct mark *marks, size_t n, const struct s2s_event *ev,
		   const struct s2s_atoms *atoms);
