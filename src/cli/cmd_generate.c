/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <string.h>

struct s2s_generate_options
cli_generate_options(const struct cli_options *o)
{
	return (struct s2s_generate_options){
	    .format = o->format,
	    .level = o->level,
	    .level_of = o->level_of.v,
	    .allow = o->allow.v,
	    .deny = o->deny.v,
	    .also = o->also.v,
	    .action = o->action,
	    .unknown = o->unknown,
	    .installed_by = o->installed_by,
	    .optimize_for = o->optimize_for,
	    .fit = o->fit,
	    .no_verify = o->no_verify,
	    .no_implied = o->no_implied,
	    .function = o->function,
	    .header = o->header ? basename(o->header) : NULL,
	    .tsync = o->tsync,
	    .keep_privs = o->keep_privs,
	    .sigsys_handler = o->sigsys_handler,
	    .exact = o->exact,
	    .groups = o->groups,
	    .runtime = o->runtime,
	};
}

enum s2s_status
cmd_generate_check(struct cli *cli)
{
	struct s2s_generate_options opts = cli_generate_options(&cli->options);

	return cli_check_writing(cli, &opts);
}

enum s2s_status
cmd_generate(struct cli *cli)
{
	struct s2s_generate_options opts = cli_generate_options(&cli->options);

	return cli_generate(cli, &opts);
}
