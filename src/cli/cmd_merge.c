/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

enum s2s_status
cmd_merge(struct cli *cli)
{
	return cli_generate(cli, &(struct s2s_generate_options){.format = "profile"});
}
