/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "cli/output.h"
#include "pipe/make.h"

enum s2s_status
cmd_convert_check(struct cli *cli)
{
	struct s2s_generate_options opts = cli_generate_options(&cli->options);

	if (cli->options.operands.n > 1)
		return cli_wrong(cli, "one policy is wanted, not several");
	return cli_check_writing(cli, &opts);
}

/* A profile of ours is what generate reads; all else is a policy already. */
enum s2s_status
cmd_convert(struct cli *cli)
{
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes bytes = {0};
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes policy = {0};
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes header = {0};
	const struct cli_options *o = &cli->options;
	const char *name = o->operands.v[0];
	struct s2s_generate_options opts = cli_generate_options(o);
	struct s2s_host_options host = {
	    .caps = o->cap.v, .kernel = o->kernel, .arch = o->arch};

	TRY(cli_files_read(cli, name, CLI_POLICY_MAX, &bytes, NULL));
	if (s2s_is_profile(bytes.p, bytes.n)) {
		TRY(cli_files_again(cli, name, &bytes));
		return cli_generate(cli, &opts);
	}
	TRY(s2s_convert(name, bytes.p, bytes.n, &host, &opts, &cli->log, &policy,
			opts.header ? &header : NULL));
	return cli_write_policy(cli, &policy, &header);
}
