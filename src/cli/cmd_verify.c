/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "cli/output.h"
#include "pipe/make.h"

#include <string.h>

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

enum s2s_status
cmd_verify_check(struct cli *cli)
{
	bool ignored;

	TRY(cli_check_reading(cli));
	return take_undetermined(cli, &ignored);
}

static enum s2s_status
compile_profile(struct cli *cli, const char *name, struct s2s_bytes *filter)
{
	struct s2s_generate_options opts = cli_generate_options(&cli->options);

	opts.format = "bpf";
	opts.runtime = NULL;
	return cli_compile_profile(cli, name, &opts, filter);
}

enum s2s_status
cmd_verify(struct cli *cli)
{
	S2S_CLEANUP(cli_trace_free) struct s2s_trace *trace = NULL;
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes filter = {0};
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes report = {0};
	const char *name = cli->options.operands.v[0];
	struct s2s_judge_options opts = {
	    .installed_by = cli->options.installed_by,
	    .host = {.caps = cli->options.cap.v,
		     .kernel = cli->options.kernel,
		     .arch = cli->options.arch,
		     .runtime = cli->options.runtime},
	};
	struct s2s_trace_options reading = {0};
	enum s2s_status status;

	TRY(take_undetermined(cli, &opts.undetermined_allows));
	TRY(cli_files_read(cli, name, CLI_POLICY_MAX, &filter, NULL));
	if (s2s_is_profile(filter.p, filter.n))
		TRY(compile_profile(cli, name, &filter));
	TRY(cli_read(cli, 1, &reading, &trace));
	status = s2s_judge(trace, name, filter.p, filter.n, &opts, &report, NULL);
	if (status != S2S_OK && status != S2S_NO)
		return status;
	TRY(cli_output_write(&cli->files.output, &report));
	TRY(cli_files_finish(cli, &cli->files.output));
	return status;
}
