/* SPDX-License-Identifier: MIT */
/* --split: a file for each part, and a table of them. */
#include "base/arena.h"
#include "base/out.h"
#include "cli/cli.h"
#include "cli/output.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct file {
	char *path;
	struct s2s_bytes policy;
	struct cli_output output;
};

struct files {
	struct file *v;
	size_t n;
};

static void
free_files(struct files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		cli_output_done(&files->v[i].output);
		s2s_bytes_free(&files->v[i].policy);
		free(files->v[i].path);
	}
	free(files->v);
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return path[0] && (path[strlen(path) - 1] == '/' ||
			   (stat(path, &st) == 0 && S_ISDIR(st.st_mode)));
}

static enum s2s_status
check_usage(struct cli *cli)
{
	const struct cli_options *o = &cli->options;
	const char *wrong = NULL;

	if (o->output && !is_folder(o->output))
		wrong = "--split writes into a folder, and --output is none";
	else if (o->header)
		wrong = "--split writes no header: it does not go with --header";
	if (!wrong)
		return S2S_OK;
	s2s_log(&cli->log, S2S_LOG_ERROR, "%s", wrong);
	return S2S_USAGE;
}

/* FOLDER/PART.EXTENSION */
static char *
path_of(const struct cli_options *o, const char *part)
{
	const char *folder = o->output ? o->output : ".";
	bool has_slash = folder[strlen(folder) - 1] == '/';
	struct s2s_out out;

	s2s_out_memory(&out);
	if (o->output)
		s2s_out_printf(&out, "%s%s", folder, has_slash ? "" : "/");
	s2s_out_printf(&out, "%s.%s", part,
		       s2s_format_extension(o->format ? o->format : "c"));
	s2s_out_char(&out, '\0');
	return out.p;
}

static enum s2s_status
make_all(struct cli *cli, struct s2s_trace *trace,
	 const struct s2s_generate_options *opts, struct files *files)
{
	for (size_t i = 0; i < s2s_trace_parts(trace); i++) {
		struct file *file = &files->v[i];
		struct s2s_part part;

		s2s_trace_part(trace, i, &part);
		*file = (struct file){.path = path_of(&cli->options, part.name),
				      .output = {.fd = -1}};
		files->n++;
		s2s_log(&cli->log, S2S_LOG_INFO, "part %s", part.name);
		TRY(s2s_generate_part(trace, i, opts, &file->policy));
	}
	return S2S_OK;
}

/* All are complete before the first gets its name. */
static enum s2s_status
write_all(struct cli *cli, struct files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		struct file *file = &files->v[i];

		TRY(cli_output_open(&file->output, file->path, &cli->log));
		TRY(cli_output_write(&file->output, &file->policy));
	}
	for (size_t i = 0; i < files->n; i++)
		TRY(cli_output_commit(&files->v[i].output));
	return S2S_OK;
}

static enum s2s_status
check_all(struct cli *cli, const struct files *files)
{
	enum s2s_status all = S2S_OK;

	for (size_t i = 0; i < files->n; i++) {
		const struct file *file = &files->v[i];
		enum s2s_status one = cli_check(file->path, &file->policy, &cli->log);

		if (one != S2S_OK && one != S2S_NO)
			return one;
		if (one == S2S_NO)
			all = S2S_NO;
	}
	return all;
}

static enum s2s_status
write_table(struct cli *cli, const struct s2s_trace *trace)
{
	S2S_CLEANUP(cli_output_done) struct cli_output output = {.fd = -1};
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes table = {0};

	s2s_trace_table(trace, &table);
	TRY(cli_output_open(&output, NULL, &cli->log));
	TRY(cli_output_write(&output, &table));
	return cli_output_commit(&output);
}

enum s2s_status
cli_split(struct cli *cli, const struct s2s_generate_options *opts)
{
	S2S_CLEANUP(cli_trace_free) struct s2s_trace *trace = NULL;
	S2S_CLEANUP(free_files) struct files files = {0};
	struct s2s_trace_options reading = {0};

	TRY(check_usage(cli));
	TRY(s2s_generate_check(opts, &cli->log));
	TRY(cli_read(cli, 0, &reading, &trace));
	files.v = s2s_realloc(NULL, s2s_trace_parts(trace), sizeof *files.v);
	TRY(make_all(cli, trace, opts, &files));
	if (cli->options.check)
		return check_all(cli, &files);
	TRY(write_all(cli, &files));
	return write_table(cli, trace);
}
