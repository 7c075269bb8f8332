/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "cli/output.h"

enum s2s_status
cmd_parse(struct cli *cli)
{
	S2S_CLEANUP(cli_trace_free) struct s2s_trace *trace = NULL;
	struct cli_output *output = &cli->files.output;
	struct s2s_trace_options reading = {
	    .write_calls = true,
	    .calls_fd = output->fd,
	    .calls_name = output->name,
	};

	TRY(cli_read(cli, 0, &reading, &trace));
	return cli_files_finish(cli, output);
}
