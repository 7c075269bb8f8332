/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "cli/output.h"

enum s2s_status
cmd_parse(struct cli *cli)
{
	S2S_CLEANUP(cli_trace_free) struct s2s_trace *trace = NULL;
	S2S_CLEANUP(cli_output_done) struct cli_output output = {.fd = -1};
	struct s2s_trace_options reading = {.write_calls = true};

	TRY(cli_output_open(&output, cli->options.output, &cli->log));
	reading.calls_fd = output.fd;
	reading.calls_name = output.name;
	TRY(cli_read(cli, 0, &reading, &trace));
	return cli_output_commit(&output);
}
