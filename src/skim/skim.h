/* SPDX-License-Identifier: MIT */
/* In front of the parser: most lines of a log say what a line before said, as far as
   it matters, and are only counted. The parser and all behind it decide what that is: a
   line is answered here only if they handled one of the same canonical text (canon.h)
   in this input, said nothing of it, and what the canonical text leaves out cannot have
   mattered (witness.h). All else goes on, line by line. */
#pragma once

#include "parse/parse.h"
#include "skim/witness.h"

/* What one line was. */
struct s2s_skimmed {
	enum {
		S2S_SKIM_CALL,
		S2S_SKIM_BEGIN,
		S2S_SKIM_END,
		S2S_SKIM_TOLD,
	} kind;
	uint32_t name_n; /* of one that begins a call: bytes of the name */
	uint32_t leaf;   /* of other calls */
	enum s2s_told told;
	uint8_t echo;  /* not 0: it ends with "X) = X", and X has this length */
	bool executes; /* only if it returns 0, and the program behind it is native */
	uint8_t args, unknown_args, unknown_symbols, unknown_selectors;
};

/* What stands behind the skimmer. */
struct s2s_skim_user {
	/* A line is about to go on; it has gone on, and had this text behind what
	   stands before. True: it was one call or half of one, a signal, an end or
	   a frame, without a message, of which there is a witness: *ret says what. */
	void (*before)(void *self);
	bool (*after)(void *self, const struct s2s_line *line, struct s2s_sv text,
		      struct s2s_skimmed *ret);
	/* s2s_parser_waiting(): NULL: no line is to be answered just now. */
	const uint32_t *(*waiting)(void *self);
	/* So many lines were answered since the last line went on, any of them with a
	   process or none. */
	void (*passed)(void *self, uint64_t lines, bool any_pid);
	/* Of all that were answered since, the last had one or none. */
	void (*passed_last)(void *self, bool has_pid);
	/* As s2s_parser_begin() and its neighbours. */
	void (*tag)(void *self, uint32_t tag);
	bool (*begin)(void *self, const struct s2s_line *line,
		      const struct s2s_begin *begin);
	uint32_t (*waits)(void *self, int64_t pid, uint64_t *ret_line);
	void (*finish)(void *self, int64_t pid);
	void (*told)(void *self, enum s2s_told told, bool has_pid);
	/* The input is over, and so many lines of it were this. */
	void (*repeated)(void *self, const struct s2s_skimmed *what, uint64_t n);
	void *self;
};

struct s2s_skim;

struct s2s_skim *s2s_skim_new(const struct s2s_limits *limits,
			      const struct s2s_skim_user *user,
			      struct s2s_line_sink next);
struct s2s_line_sink s2s_skim_sink(struct s2s_skim *skim);
/* How many lines it answered. */
uint64_t s2s_skim_lines(const struct s2s_skim *skim);
void s2s_skim_free(struct s2s_skim *skim);
