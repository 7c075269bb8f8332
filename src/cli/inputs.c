/* SPDX-License-Identifier: MIT */
/* A slip of the hand, "-o app.strace" for "-f c app.strace", costs no log. */
#include "base/out.h"
#include "cli/cli.h"

#include <string.h>
#include <sys/stat.h>

static bool
is_same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) &&
	       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool
is_input(const struct cli_options *o, const char *path)
{
	for (size_t i = 0; path && i < o->operands.n; i++)
		if (strcmp(o->operands.v[i], "-") != 0 &&
		    is_same_file(path, o->operands.v[i]))
			return true;
	return false;
}

enum s2s_status
cli_spare_inputs(const struct cli_options *o, enum cli_commands command)
{
	/* merge -o all.profile all.profile new.profile is what a profile is for. */
	const char *output = o->check || command == CLI_MERGE ? NULL : o->output;
	const char *header = o->check ? NULL : o->header;
	const char *what = is_input(o, output)        ? "--output"
			   : is_input(o, header)      ? "--header"
			   : is_input(o, o->log_file) ? "--log-file"
						      : NULL;

	if (!what)
		return S2S_OK;
	fprintf(stderr, "error: %s is one of the inputs\n", what);
	return S2S_USAGE;
}
