/* SPDX-License-Identifier: MIT */
/* Call text: what a line of a log says, cut into pieces but not understood. Parsers of
   every kind of log make these, bind reads them. */
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "base/sv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The shape of one printed argument; what it means is bind's business. */
enum s2s_text_kind {
	S2S_TEXT_EXPR,    /* number, symbol, flags, macro call: O_RDONLY|O_CLOEXEC */
	S2S_TEXT_STRING,  /* "…"..., with all that may follow */
	S2S_TEXT_STRUCT,  /* {…} */
	S2S_TEXT_ARRAY,   /* […], ~[…] */
	S2S_TEXT_ELIDED,  /* ..., ???, or cut off: the log does not tell */
	S2S_TEXT_ADDRESS, /* from a profile: any pointer that is not NULL */
};

struct s2s_arg_text {
	struct s2s_sv name; /* "flags" of flags=…; empty: printed by position */
	struct s2s_sv text; /* the value, decoration (<path>, comments) included */
	enum s2s_text_kind kind;
	uint32_t column; /* of text, from 1 */
};

enum s2s_event_kind {
	S2S_EVENT_CALL,       /* complete, from one line or joined */
	S2S_EVENT_UNFINISHED, /* first half; leaves join as CALL */
	S2S_EVENT_RESUMED,    /* second half; never leaves join */
	S2S_EVENT_SIGNAL,     /* --- SIGCHLD {…} --- */
	S2S_EVENT_EXIT,       /* +++ exited with 0 +++, +++ killed by SIGSYS +++ */
	S2S_EVENT_NOTE,       /* a line that strace writes about itself */
};

struct s2s_event {
	enum s2s_event_kind kind;
	struct s2s_place place; /* where the call begins; column of its name */
	struct s2s_sv line;     /* the text of the line, for diagnostics */
	int64_t pid;            /* -1: the log does not tell */
	int64_t nr;             /* from -n; -1: not told */
	struct s2s_sv arch; /* from a profile or a line of the log; empty: not told */
	struct s2s_sv name; /* of the call or the signal */
	const struct s2s_arg_text *args;
	size_t nargs;
	bool args_incomplete; /* cut: what follows the last argument is unknown */
	bool broken; /* something else stood in its text: the count of args may be wrong
		      */
	bool joined; /* made of two lines */
	size_t seam; /* of joined: how much of `line` is the first half's */
	bool has_result; /* false: the call never returned */
	struct s2s_sv
	    result; /* the value after "=", undecorated: "3", "0x7f…", "-1", "?" */
	struct s2s_sv error; /* "ENOENT", or empty */
	bool launcher;       /* from a profile: marked so there */
	/* Nobody started the program to record it: its first exec is its own. */
	bool unstarted;
	bool registers; /* args are what the kernel got, in its order; more than it has,
			   maybe */
	struct s2s_sv comm, exe; /* from an audit log: who made the call */
	struct s2s_sv called;    /* from -Y: the same as comm, escaped as strace does */
	uint64_t count;          /* 1; from a profile, as it says */
	uint32_t runs;           /* 0; from a profile, as it says */
	struct s2s_place first;  /* from a profile: where it was first seen */
	/* Not 0: two events of one parser with the same have the same text from name to
	   result. So most events of a log can be understood by remembering. */
	uint64_t text_id;
};

/* Of a call, or of one half. */
static inline bool
s2s_event_is_call(const struct s2s_event *ev)
{
	return ev->kind <= S2S_EVENT_RESUMED;
}

static inline bool
s2s_event_is_exec(const struct s2s_event *ev)
{
	return sv_equal(ev->name, SV("execve")) || sv_equal(ev->name, SV("execveat"));
}

/* Whether the call makes a process, or a thread. */
static inline bool
s2s_event_makes_process(const struct s2s_event *ev)
{
	return sv_equal(ev->name, SV("clone")) || sv_equal(ev->name, SV("clone3")) ||
	       sv_equal(ev->name, SV("fork")) || sv_equal(ev->name, SV("vfork"));
}

/* All text is valid during the event only. */
struct s2s_event_sink {
	enum s2s_status (*event)(void *self, const struct s2s_event *ev);
	enum s2s_status (*end)(
	    void *self); /* this input is over: hand on what you hold */
	void *self;
};
