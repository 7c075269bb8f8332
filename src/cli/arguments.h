/* SPDX-License-Identifier: MIT */
#pragma once

#include <argp.h>

/* argp_parse(), of whose messages none holds what is not plain text. */
error_t cli_arguments(const struct argp *argp, int argc, char **argv, unsigned flags,
		      void *input);
/* A question mark for each byte that is none. */
void cli_make_plain(char *text);
