/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

static const struct s2s_generate_options opts = {.format = "profile"};

enum s2s_status
cmd_merge_check(struct cli *cli)
{
	return cli_check_writing(cli, &opts);
}

enum s2s_status
cmd_merge(struct cli *cli)
{
	return cli_generate(cli, &opts);
}
