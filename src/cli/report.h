/* SPDX-License-Identifier: MIT */
/* What run says about calls that filters do not let pass, each distinct one once, and
   the log of them that generate reads. */
#pragma once

#include "base/map.h"
#include "cli/cli.h"
#include "enforce/enforce.h"
#include "tree/tree.h"

struct cli_report {
	const struct cli *cli;
	const struct s2s_filter *filters;
	size_t n;
	const char *verb; /* "stopped" */
	struct s2s_atoms atoms;
	struct s2s_tree *tree;
	struct cli_nameless *nameless; /* calls whose number nobody knows */
	size_t n_nameless;
	uint64_t untold; /* calls for which there was no room any more */
	/* --ask */
	FILE *terminal;
	struct s2s_tree *allowed; /* always */
	const void **answers;     /* of ask.c, by the number of the leaf in tree */
	size_t n_answers;
};

/* S2S_SYSTEM: there is no terminal to ask; said. */
enum s2s_status cli_report_init(struct cli_report *report, const struct cli *cli,
				const struct s2s_filter *filters, size_t n);
void cli_report_done(struct cli_report *report);
struct s2s_reporter cli_reporter(struct cli_report *report);

/* The call in the notation of a log, with what its addresses point to. */
void cli_put_call(struct s2s_out *out, const struct s2s_call *call,
		  const struct s2s_stopped *stopped);
/* Which entry to the kernel it took, where that is not the one of the machine. */
void cli_put_entry(struct s2s_out *out, enum s2s_arch arch);

/* False where there is no terminal. */
bool cli_ask_open(struct cli_report *report);
/* Shows the text and reads what is to become of the call; remembers what is for good.
 */
enum s2s_answer cli_ask(struct cli_report *report, const struct s2s_stopped *stopped,
			const struct s2s_call *call, uint32_t leaf, struct s2s_sv text);
/* What was decided, but for what is always allowed: comments of a profile. */
void cli_ask_decided(const struct cli_report *report, struct s2s_out *out);
