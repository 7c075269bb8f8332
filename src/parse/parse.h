/* SPDX-License-Identifier: MIT */
/* Lines to call text. strace.c is the grammar of doc/strace.peg by hand, one function a
   rule; join.c puts unfinished calls together; profile.c reads our own profiles. */
#pragma once

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "parse/event.h"
#include "read/read.h"

/* What an input turned out to be. */
#define S2S_INPUT_KINDS(X)                                            \
	X(STRACE, "strace", "what strace prints")                     \
	X(SUMMARY, "summary", "the table of strace -c")               \
	X(AUDIT, "audit", "an audit log, of auditd or of the kernel") \
	X(PROFILE, "profile", "our own profiles")

enum s2s_input_kind {
	S2S_INPUT_UNKNOWN,
#define X(id, name, help) S2S_INPUT_##id,
	S2S_INPUT_KINDS(X)
#undef X
};

/* Counts of one or many inputs: nothing is lost without being counted. */
struct s2s_parse_counts {
	uint64_t lines, blank;
	uint64_t calls;      /* complete ones, as handed on */
	uint64_t joined;     /* of these, put together from two lines */
	uint64_t unfinished; /* of these, never resumed */
	uint64_t signals, exits, notes;
	uint64_t output;  /* lines with the program's own output in them */
	uint64_t skipped; /* malformed, under S2S_LENIENT or S2S_ALL_ERRORS */
	uint64_t held;    /* handled later than they came (infer.h) */
};

/* Recognises the kind of the input by its first lines and parses it; hands complete
   calls, signals, exits and notes to `next`, joined. One parser serves many inputs, one
   after the other: end() of its sink closes an input and starts anew. */
struct s2s_parser;

struct s2s_parser *s2s_parser_new(struct s2s_diag *diag,
				  const struct s2s_limits *limits,
				  struct s2s_atoms *atoms, struct s2s_event_sink next);
/* What the inputs to come are, whatever they look like; unknown: they tell. */
void s2s_parser_force(struct s2s_parser *parser, enum s2s_input_kind kind);
/* What a call of that name and number (-1: not told) tells of the mode of its process.
   With it the parser finds processes in 32-bit mode where strace says nothing. */
enum s2s_telling { S2S_TELLS_NOTHING, S2S_TELLS_NATIVE, S2S_TELLS_32 };
typedef enum s2s_telling s2s_tell_fn(struct s2s_sv name, int64_t nr);
void s2s_parser_infer(struct s2s_parser *parser, s2s_tell_fn *tell);
/* The next input is of this process alone, by its name (strace -ff); -1: no such name.
 */
void s2s_parser_named(struct s2s_parser *parser, int64_t pid);
struct s2s_line_sink s2s_parser_sink(struct s2s_parser *parser);
const struct s2s_parse_counts *s2s_parser_counts(const struct s2s_parser *parser);
enum s2s_input_kind s2s_parser_kind(const struct s2s_parser *parser);
/* What the last input looked like, by its line *ret_line, where it was taken for
   something else by force; NULL: it was not. */
const char *s2s_parser_seems(const struct s2s_parser *parser, uint64_t *ret_line);
/* Not 0 at pid % S2S_WAITING where a call of that process may wait for its other half.
   NULL where not even calls of the same text mean the same: the input is no log, has
   processes in several modes, or may have output of the program in it. */
enum { S2S_WAITING = 1024 };
const uint32_t *s2s_parser_waiting(const struct s2s_parser *parser);
/* So many lines passed it by, any of them with a process or none, each a whole call of
   a process of which none waits. They make no process and execute nothing, and a write
   among them writes as much as it is asked to. */
void s2s_parser_passed(struct s2s_parser *parser, uint64_t lines, bool any_pid);
/* The last of all lines that passed, whatever it was, had a process or none. */
void s2s_parser_passed_last(struct s2s_parser *parser, bool has_pid);

/* A line that begins a call and is cut: all of it that matters. */
struct s2s_begin {
	int64_t pid;
	size_t name_at, name_n;
	size_t n;     /* its bytes up to the cut */
	uint32_t tag; /* whatever the caller knows it by; not 0 */
};
/* Whether the line of that number, which went on last, began a call that waits now, and
   nothing else: *ret without tag. */
bool s2s_parser_begun(const struct s2s_parser *parser, uint64_t line,
		      struct s2s_begin *ret);
/* What that one is known by. */
void s2s_parser_tag(struct s2s_parser *parser, uint32_t tag);
/* Such a line passes it by, of a process of which none waits. False: it cannot be, the
   line is to go on. */
bool s2s_parser_begin(struct s2s_parser *parser, const struct s2s_line *line,
		      const struct s2s_begin *begin);
/* The tag of the call that waits, or 0, and the line in which it began. */
uint32_t s2s_parser_waits(const struct s2s_parser *parser, int64_t pid,
			  uint64_t *ret_line);
/* A line passed by, with a process or without, that tells of a signal, of the end of a
   process of which no call waits, or is a note. */
enum s2s_told { S2S_TOLD_SIGNAL, S2S_TOLD_END, S2S_TOLD_NOTE };
void s2s_parser_told(struct s2s_parser *parser, enum s2s_told told, bool has_pid);
/* The line that ends it passed by. */
void s2s_parser_finish(struct s2s_parser *parser, int64_t pid);
void s2s_parser_free(struct s2s_parser *parser);

/* One line of strace's output, alone: S2S_OK and *ret, or S2S_SYNTAX with the column
   and what was expected there. For tests, fuzzers and the PEG's twin. Text in *ret is
   borrowed from line and arena. */
struct s2s_syntax_error {
	uint32_t column;      /* from 1 */
	const char *expected; /* static */
	enum s2s_diag_id id;
};
enum s2s_status s2s_strace_line(struct s2s_sv line, const struct s2s_limits *limits,
				struct s2s_arena *arena, struct s2s_event *ret,
				struct s2s_syntax_error *ret_error);
