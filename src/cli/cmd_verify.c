/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "cli/output.h"

#include <string.h>

enum { FILTER_MAX = 64 << 20 }; /* bytes; of JSON, since BPF is much shorter */

static enum s2s_status
take_undetermined(const struct cli *cli, bool *ret_allow)
{
	const char *answer = cli->options.undetermined;

	*ret_allow = answer && strcmp(answer, "allow") == 0;
	if (!answer || *ret_allow || strcmp(answer, "deny") == 0)
		return S2S_OK;
	s2s_log(&cli->log, S2S_LOG_ERROR, "--undetermined=%s: allow or deny is wanted",
		answer);
	return S2S_USAGE;
}

static enum s2s_status
write_report(struct cli *cli, const struct s2s_bytes *report)
{
	S2S_CLEANUP(cli_output_done) struct cli_output output = {.fd = -1};

	TRY(cli_output_open(&output, cli->options.output, &cli->log));
	TRY(cli_output_write(&output, report));
	return cli_output_commit(&output);
}

enum s2s_status
cmd_verify(struct cli *cli)
{
	S2S_CLEANUP(cli_trace_free) struct s2s_trace *trace = NULL;
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes filter = {0};
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes report = {0};
	const char *name = cli->options.operands.v[0];
	struct s2s_judge_options opts = {.installed_by = cli->options.installed_by};
	struct s2s_trace_options reading = {0};
	enum s2s_status status;

	TRY(take_undetermined(cli, &opts.undetermined_allows));
	TRY(cli_read_file(name, FILTER_MAX, &cli->log, &filter, NULL));
	TRY(cli_read(cli, 1, &reading, &trace));
	status = s2s_judge(trace, name, filter.p, filter.n, &opts, &report, NULL);
	if (status != S2S_OK && status != S2S_NO)
		return status;
	TRY(write_report(cli, &report));
	return status;
}
