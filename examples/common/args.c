/* SPDX-License-Identifier: MIT */
#include "args.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ARGS = 16, HELP = MAX_ARGS };

bool
parse_number(const char *text, unsigned long lo, unsigned long hi, unsigned long *ret)
{
	unsigned long n;

	/* strtoul() takes blanks and signs, too. */
	if (*text == '\0' || text[strspn(text, "0123456789")] != '\0')
		return false;
	errno = 0;
	n = strtoul(text, NULL, 10);
	if (errno != 0 || n < lo || n > hi)
		return false;
	*ret = n;
	return true;
}

_Noreturn static void
wrong_usage(const char *program)
{
	fprintf(stderr, "Try '%s --help'.\n", program);
	exit(2);
}

static void
take(const char *program, const struct arg *a, const char *text)
{
	if (a->flag) {
		*a->flag = true;
	} else if (a->text) {
		*a->text = text;
	} else if (!parse_number(text, a->lo, a->hi, a->number)) {
		fprintf(stderr, "%s: --%s takes a number from %lu to %lu\n", program,
			a->name, a->lo, a->hi);
		wrong_usage(program);
	}
}

int
parse_args(const char *program, const char *help, const struct arg *known, int argc,
	   char **argv)
{
	struct option option[MAX_ARGS + 2] = {{0}};
	int n = 0, which;

	for (; known[n].name; n++) {
		assert(n < MAX_ARGS);
		option[n].name = known[n].name;
		option[n].has_arg = known[n].flag ? no_argument : required_argument;
		option[n].val = n;
	}
	option[n].name = "help";
	option[n].val = HELP;
	while ((which = getopt_long(argc, argv, "+", option, NULL)) != -1) {
		if (which == HELP) {
			fputs(help, stdout);
			exit(fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
		}
		if (which < 0 || which >= n)
			wrong_usage(program); /* getopt has said why */
		take(program, &known[which], optarg);
	}
	return optind;
}
