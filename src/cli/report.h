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
	uint64_t nameless; /* calls whose number nobody knows */
};

void cli_report_init(struct cli_report *report, const struct cli *cli,
		     const struct s2s_filter *filters, size_t n);
void cli_report_done(struct cli_report *report);
struct s2s_reporter cli_reporter(struct cli_report *report);
