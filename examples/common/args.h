/* SPDX-License-Identifier: MIT */
/* The command lines of the examples. */
#pragma once

#include <stdbool.h>

/* An option: exactly one of the pointers says what it sets. */
struct arg {
	const char *name; /* NULL: the end of the list */
	unsigned long *number;
	unsigned long lo, hi; /* of the number */
	const char **text;
	bool *flag;
};

/* Decimal digits and nothing else, lo <= number <= hi. */
bool parse_number(const char *text, unsigned long lo, unsigned long hi,
		  unsigned long *ret);

/* Sets what the options say. Returns where in argv the rest begins. Prints help and
   ends at --help; ends with status 2 at what is not understood. */
int parse_args(const char *program, const char *help, const struct arg *known, int argc,
	       char **argv);
