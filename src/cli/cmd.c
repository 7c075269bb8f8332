/* SPDX-License-Identifier: MIT */
/* What several commands do. */
#include "base/sv.h"
#include "cli/cli.h"
#include "cli/output.h"

#include <string.h>
#include <unistd.h>

static enum s2s_tolerance
tolerance(const struct cli_options *options)
{
	if (options->lenient)
		return S2S_LENIENT;
	return options->all_errors ? S2S_ALL_ERRORS : S2S_FIRST_ERROR;
}

enum s2s_status
cli_count(const struct cli *cli, const char *option, const char *text, uint32_t *ret)
{
	uint64_t value;

	if (!text)
		return S2S_OK;
	if (!sv_to_u64(sv_from(text), &value) || value == 0 || value > UINT32_MAX) {
		s2s_log(&cli->log, S2S_LOG_ERROR, "--%s wants a number from 1 on",
			option);
		return S2S_USAGE;
	}
	*ret = (uint32_t)value;
	return S2S_OK;
}

static struct s2s_selection
selection(const struct cli_options *o)
{
	return (struct s2s_selection){
	    .pid = o->pid.v,
	    .thread = o->thread.v,
	    .comm = o->comm.v,
	    .exe = o->exe.v,
	    .children_of = o->children_of.v,
	    .from = o->from.v,
	    .until = o->until.v,
	    .split = o->split,
	};
}

enum s2s_status
cli_read(struct cli *cli, size_t first, struct s2s_trace_options *opts,
	 struct s2s_trace **ret)
{
	const struct cli_list *operands = &cli->options.operands;
	struct s2s_limits limits = {0};
	uint32_t jobs = 0, distinct = 0;

	TRY(cli_count(cli, "jobs", cli->options.jobs, &jobs));
	TRY(cli_count(cli, "max-distinct", cli->options.max_distinct, &distinct));
	limits.distinct = distinct;
	opts->jobs = jobs;
	opts->limits = &limits;
	opts->log = &cli->log;
	opts->tolerance = tolerance(&cli->options);
	opts->arch = cli->options.arch;
	opts->input = cli->options.input;
	opts->select = selection(&cli->options);
	opts->input_fd = cli_files_input;
	opts->input_self = &cli->files;
	opts->progress = cli_progress;
	opts->progress_self = &cli->progress;
	*ret = s2s_trace_new(opts);
	opts->limits = NULL; /* they were copied, and end here */
	if (!*ret)
		return S2S_USAGE;
	TRY(s2s_trace_add_files(*ret, operands->v + first, operands->n - first));
	return s2s_trace_end(*ret);
}

void
cli_trace_free(struct s2s_trace **trace)
{
	s2s_trace_free(*trace);
}

/* The number of the line in which two texts begin to differ. */
static size_t
first_difference(const struct s2s_bytes *a, const struct s2s_bytes *b)
{
	size_t line = 1;

	for (size_t i = 0; i < a->n && i < b->n && a->p[i] == b->p[i]; i++)
		line += a->p[i] == '\n';
	return line;
}

static enum s2s_status
compare(const char *path, const struct s2s_bytes *there, const struct s2s_bytes *wanted,
	const struct s2s_log *log)
{
	char what[80];

	if (there->n == wanted->n &&
	    (there->n == 0 || memcmp(there->p, wanted->p, there->n) == 0))
		return S2S_OK;
	snprintf(what, sizeof what, "not what would be written, from line %zu on",
		 first_difference(there, wanted));
	cli_say(log, path, what);
	return S2S_NO;
}

enum s2s_status
cli_check(const char *path, enum s2s_status status, bool missing,
	  const struct s2s_bytes *there, const struct s2s_bytes *wanted,
	  const struct s2s_log *log)
{
	if (missing) {
		cli_say(log, path, "would be written, and is not there");
		return S2S_NO;
	}
	if (status == S2S_LIMIT)
		return S2S_NO;
	TRY(status);
	return compare(path, there, wanted, log);
}

static enum s2s_status
check_one(struct cli *cli, const char *path, const struct s2s_bytes *wanted)
{
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes there = {0};
	bool missing = false;
	enum s2s_status status =
	    cli_files_read(cli, path, wanted->n + CLI_FILE_MORE, &there, &missing);

	return cli_check(path, status, missing, &there, wanted, &cli->log);
}

static enum s2s_status
check(struct cli *cli, const struct s2s_bytes *policy, const struct s2s_bytes *header)
{
	const struct cli_options *o = &cli->options;
	enum s2s_status status = check_one(cli, o->output, policy);

	if (o->header && (status == S2S_OK || status == S2S_NO)) {
		enum s2s_status second = check_one(cli, o->header, header);

		if (second != S2S_OK)
			status = second;
	}
	return status;
}

/* Both files are complete before either gets its name. */
static enum s2s_status
write_both(struct cli *cli, const struct s2s_bytes *policy,
	   const struct s2s_bytes *header)
{
	struct cli_files *files = &cli->files;

	TRY(cli_output_write(&files->output, policy));
	if (cli->options.header) {
		TRY(cli_output_write(&files->header, header));
		TRY(cli_files_finish(cli, &files->header));
	}
	return cli_files_finish(cli, &files->output);
}

enum s2s_status
cli_check_reading(struct cli *cli)
{
	const struct cli_options *o = &cli->options;
	uint32_t ignored;

	if (o->lenient && o->all_errors)
		return cli_wrong(cli, "--lenient and --all-errors exclude each other");
	TRY(cli_count(cli, "jobs", o->jobs, &ignored));
	return cli_count(cli, "max-distinct", o->max_distinct, &ignored);
}

enum s2s_status
cli_check_writing(struct cli *cli, const struct s2s_generate_options *opts)
{
	const struct cli_options *o = &cli->options;
	const char *wrong = NULL;

	TRY(cli_check_reading(cli));
	if (o->split)
		return cli_split_check(cli, opts);
	if (o->check && !o->output)
		wrong = "--check compares with --output, which is missing";
	else if (o->output && o->header && strcmp(o->output, o->header) == 0)
		wrong = "--output and --header are the same file";
	else if (o->header && strcmp(o->header, "-") == 0)
		wrong = "--header wants a file";
	else if (!o->output &&
		 s2s_format_is_binary(opts->format ? opts->format : "c") &&
		 isatty(STDOUT_FILENO))
		wrong = "this format is not for a terminal: use --output";
	return wrong ? cli_wrong(cli, wrong) : s2s_generate_check(opts, &cli->log);
}

enum s2s_status
cli_write_policy(struct cli *cli, const struct s2s_bytes *policy,
		 const struct s2s_bytes *header)
{
	if (cli->options.check)
		return check(cli, policy, header);
	return write_both(cli, policy, header);
}

enum s2s_status
cli_generate(struct cli *cli, const struct s2s_generate_options *opts)
{
	S2S_CLEANUP(cli_trace_free) struct s2s_trace *trace = NULL;
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes policy = {0};
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes header = {0};
	struct s2s_trace_options reading = {0};

	if (cli->options.split)
		return cli_split(cli, opts);
	TRY(cli_read(cli, 0, &reading, &trace));
	TRY(s2s_generate(trace, opts, &policy, opts->header ? &header : NULL));
	return cli_write_policy(cli, &policy, &header);
}

enum s2s_status
cli_compile_profile(struct cli *cli, const char *name,
		    const struct s2s_generate_options *opts, struct s2s_bytes *bytes)
{
	S2S_CLEANUP(cli_trace_free) struct s2s_trace *trace = NULL;
	struct s2s_trace_options reading = {
	    .log = &cli->log,
	    .input_fd = cli_files_input,
	    .input_self = &cli->files,
	};

	TRY(cli_files_again(cli, name, bytes));
	trace = s2s_trace_new(&reading);
	TRY(s2s_trace_add_files(trace, &name, 1));
	TRY(s2s_trace_end(trace));
	s2s_bytes_free(bytes);
	return s2s_generate(trace, opts, bytes, NULL);
}
