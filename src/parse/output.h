/* SPDX-License-Identifier: MIT */
/* The program's own output in a log that strace shares with it (strace -f … 2>log):
   what a line says without it. A log shows who writes what, so that most of it is known
   and can be taken out exactly; doc/lines.md tells the rules. Knows lines, not
   processes. */
#pragma once

#include "parse/scan.h"

enum {
	OUTPUT_KNOWN = 128,  /* bytes of what a call writes that are kept */
	OUTPUT_PENDING = 16, /* calls that may be writing at once; the oldest goes */
	OUTPUT_LINE = 128 * 1024, /* longer lines are not searched */
	OUTPUT_STUB = 256,
};

/* What a call that has not returned writes. */
struct spill {
	int64_t pid;
	uint64_t total; /* bytes; UINT64_MAX: not told */
	size_t n;       /* of these, known */
	bool wild;      /* anything may come: copied from a file, or of a child */
	bool hidden;    /* a write that shows nothing of what it writes (-s 0) */
	char known[OUTPUT_KNOWN];
	uint32_t buffers; /* of writev, whose number counts them; 0: it counts bytes */
};

struct output {
	struct spill pending[OUTPUT_PENDING];
	size_t npending;
	struct spill rest; /* of an output that goes on in the next line */
	bool goes_on;
	bool own;      /* what was taken out belongs to the line itself */
	bool seen;     /* the log is shared */
	bool children; /* there are processes that are not traced */
	size_t tries;
	char *buf; /* the line without it */
	size_t n, cap;
	char stub[OUTPUT_STUB]; /* the beginning of a line that goes on in the next */
	size_t nstub;
	char *joined; /* both */
};

/* The line goes on with what began in an earlier one: takes that off. True: nothing is
   left of it. */
bool output_goes_on(struct output *output, struct s2s_sv *text);

/* What a line begins with, before its call: the rest comes in the next one, since
   strace does not keep its lines together where it said something before it began (as
   with
   --seccomp-bpf). False: it is more than that. */
bool output_keep_stub(struct output *output, struct s2s_sv text);
/* Puts a line behind such a beginning; false: there is none. *text lives until the next
   one. */
bool output_join_stub(struct output *output, struct s2s_sv *text);

/* Whether a line that reads as strace's seems to have output in it. */
bool output_suspects(const struct strace_line *line, const struct s2s_arg_text *args,
		     size_t nargs);
/* In a log that is shared: write(2, ""..., 12) = 1 may be 1 and the output 2. */
bool output_blurs(const struct s2s_event *ev, const struct s2s_arg_text *args,
		  size_t nargs);

enum output_verdict {
	OUTPUT_NONE, /* the line shows no output that the log explains */
	OUTPUT_ALL,  /* nothing but output */
	OUTPUT_PART, /* *ret is the line without it */
	OUTPUT_CUT,  /* *ret is what is sure of a line with it */
};
/* Judges a line that does not read as strace's, or that output_suspects(): only the
   former may be `torn` by output that the log does not show. *ret lives until the next
   one. */
enum output_verdict output_take_out(struct output *output, struct s2s_sv text,
				    unsigned nesting, bool torn, struct s2s_sv *ret);

/* A line that reads well, but as well without what another thread may have written in
   the middle of it: fcntl(1, F_DUPFD, 102, 3). True: *ret is what is sure of it. */
bool output_doubts(struct output *output, const struct strace_line *line,
		   struct s2s_sv text, unsigned nesting, struct s2s_sv *ret);

/* Learns from a line who is writing. */
void output_see(struct output *output, const struct strace_line *line,
		const struct s2s_arg_text *args, size_t nargs);
/* Calls came that are of no interest here, none of which makes a process. */
void output_passed(struct output *output, bool any_pid);
void output_clear(struct output *output);
void output_done(struct output *output);

/* How much of a call's text, from the '(' at `at` on, are arguments that are surely
   whole: up to the beginning of the last one. */
size_t output_sure(struct s2s_sv text, size_t at, unsigned nesting);
