/* SPDX-License-Identifier: MIT */
/* argp and getopt repeat an option that they do not know as it is. It may be the name
   of a file that somebody has put where a shell's pattern finds it, and is no more for
   a terminal than what stands in a log. */
#include "cli/arguments.h"

#include <stdbool.h>
#include <string.h>

void
cli_make_plain(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

/* The first option that an argument can mean, or the end of them. */
static const struct argp_option *
find(const struct argp_option *option, const char *argument)
{
	const char *name = argument + 2;
	size_t n = strcspn(name, "=");

	for (; option && (option->name || option->key || option->doc); option++)
		if (argument[1] == '-'
			? option->name && strncmp(option->name, name, n) == 0
			: option->key == argument[1])
			return option;
	return NULL;
}

static bool
takes_next(const struct argp_option *option, const char *argument)
{
	bool has_value =
	    argument[1] == '-' ? strchr(argument, '=') != NULL : argument[2] != '\0';

	return option->arg && !(option->flags & OPTION_ARG_OPTIONAL) && !has_value;
}

error_t
cli_arguments(const struct argp *argp, int argc, char **argv, unsigned flags,
	      void *input)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const struct argp_option *option;

		if (argv[i][0] != '-' || !argv[i][1])
			continue;
		option = find(argp->options, argv[i]);
		if (!option)
			cli_make_plain(argv[i]);
		else if (takes_next(option, argv[i]))
			i++;
	}
	return argp_parse(argp, argc, argv, flags, NULL, input);
}
