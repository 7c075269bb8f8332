/* SPDX-License-Identifier: MIT */
/* Which mode a process runs in where strace does not say (-o and -q keep its notes
   out of the log): lines are held back from an exec, or from where a process is met
   first, until a call tells that only one of the modes has. Few lines are, and they
   leave in their order. */
#pragma once

#include "parse/mode.h"
#include "parse/parse.h"

struct infer {
	s2s_tell_fn *tell; /* NULL: nothing is held back */
	bool begun;        /* this input has shown a call */
	bool holding;
	bool said, doubted; /* which mode was inferred; that none could be */
	bool leaving;       /* the line at hand has been held */
	int64_t pid;        /* while holding: whose mode is looked for */
	struct held {
		struct s2s_line line; /* its text is heap */
		/* Whose mode it may tell, once it was looked at: many processes
		   that begin together do not read it each. */
		enum { OF_ANY, OF_PID, OF_NONE } of;
		int64_t pid;
	} * held;
	size_t n, cap;
	size_t from;   /* held[from, n) have not left */
	size_t looked; /* held[from, looked) do not tell */
	size_t own;    /* of these, lines of the process */
	/* The first of these with an address as 32-bit processes have them (line 0:
	   none). */
	struct s2s_place low;
};

/* Whether lines are to be held from this one on: the input's first call, or, where a
   process was found to run in 32-bit mode, the first of another. */
bool infer_wants(const struct infer *infer, const struct modes *modes,
		 const struct s2s_event *ev);
void infer_see(struct infer *infer, const struct s2s_event *ev);
/* The same behind this line: an exec that worked. */
bool infer_after(const struct infer *infer, const struct modes *modes,
		 const struct s2s_event *ev);
/* From the line that leaves next on. */
void infer_begin(struct infer *infer, int64_t pid);

void infer_hold(struct infer *infer, const struct s2s_line *line);
/* The next line may leave: valid until the next call. */
bool infer_next(struct infer *infer, struct s2s_line *ret);

enum inferred { INFER_WAIT, INFER_NOTHING, INFER_NATIVE, INFER_32 };
/* What the lines tell. `over`: no more of them will come. *ret_line: the one that
   told. */
enum inferred infer_look(struct infer *infer, unsigned nesting, bool over,
			 const struct s2s_line **ret_line);
/* Where that was nothing: whether the addresses speak against 64 bits, in *ret. They
   prove nothing: a 64-bit program may map memory there. */
bool infer_doubts(const struct infer *infer, struct s2s_place *ret);
void infer_end(struct infer *infer); /* of an input */
void infer_done(struct infer *infer);
