/* SPDX-License-Identifier: MIT */
/* --split: a file for each part, and a table of them. What the parts are called stands
   in the logs. So who reads these opens no file for them: name and text of each go
   through a file in memory to who does the rest, and that looks at the names. */
#include "base/arena.h"
#include "base/out.h"
#include "cli/cli.h"
#include "cli/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PARTS_MAX = 64, NAME_MAX_LENGTH = 200 };

/* In front of each: a name, then a text. The last has no name: the table. */
struct head {
	uint64_t name, text; /* bytes */
};

struct file {
	char *path;
	struct s2s_sv policy;
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
		free(files->v[i].path);
	}
	free(files->v);
}

enum s2s_status
cli_split_folder(const struct cli *cli, const char *path)
{
	struct stat st;

	if (path[0] && path[strlen(path) - 1] == '/')
		return S2S_OK;
	errno = 0;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return S2S_OK;
	if (errno == 0 || errno == ENOENT || errno == ENOTDIR)
		return cli_wrong(cli,
				 "--split writes into a folder, and --output is none");
	cli_say_errno(&cli->log, path, errno);
	return S2S_IO;
}

enum s2s_status
cli_split_check(struct cli *cli, const struct s2s_generate_options *opts)
{
	const struct cli_options *o = &cli->options;

	if (o->output)
		TRY(cli_split_folder(cli, o->output));
	if (o->header)
		return cli_wrong(
		    cli, "--split writes no header: it does not go with --header");
	return s2s_generate_check(opts, &cli->log);
}

/* FOLDER/PART.EXTENSION */
char *
cli_part_path(const struct cli_options *o, struct s2s_sv part, const char *format)
{
	const char *folder = o->output ? o->output : ".";
	bool has_slash = folder[strlen(folder) - 1] == '/';
	struct s2s_out out;

	s2s_out_memory(&out);
	if (o->output)
		s2s_out_printf(&out, "%s%s", folder, has_slash ? "" : "/");
	s2s_out_sv(&out, part);
	s2s_out_printf(&out, ".%s", s2s_format_extension(format));
	s2s_out_char(&out, '\0');
	return out.p;
}

static void
put_part(struct s2s_out *out, const char *name, const struct s2s_bytes *text)
{
	struct head head = {strlen(name), text->n};

	s2s_out_bytes(out, &head, sizeof head);
	s2s_out_str(out, name);
	s2s_out_bytes(out, text->p, text->n);
}

static enum s2s_status
put_all(struct cli *cli, struct s2s_trace *trace,
	const struct s2s_generate_options *opts, struct s2s_out *out)
{
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes table = {0};

	for (size_t i = 0; i < s2s_trace_parts(trace); i++) {
		S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes policy = {0};
		struct s2s_part part;

		s2s_trace_part(trace, i, &part);
		s2s_log(&cli->log, S2S_LOG_INFO, "part %s", part.name);
		TRY(s2s_generate_part(trace, i, opts, &policy));
		put_part(out, part.name, &policy);
	}
	s2s_trace_table(trace, &table);
	put_part(out, "", &table);
	return s2s_out_end(out);
}

enum s2s_status
cli_split(struct cli *cli, const struct s2s_generate_options *opts)
{
	S2S_CLEANUP(cli_trace_free) struct s2s_trace *trace = NULL;
	S2S_CLEANUP(s2s_out_done) struct s2s_out out;
	struct s2s_trace_options reading = {0};
	enum s2s_status status;

	s2s_out_fd(&out, cli->files.parts);
	TRY(cli_read(cli, 0, &reading, &trace));
	status = put_all(cli, trace, opts, &out);
	if (out.status != S2S_OK)
		cli_say_errno(&cli->log, "--split", out.error);
	return status;
}

/* A name that cannot lead out of the folder, and that our temporary files do not have.
 */
static bool
is_name(struct s2s_sv name)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789_.-";

	if (name.n == 0 || name.n > NAME_MAX_LENGTH || name.p[0] == '.' ||
	    name.p[0] == '-')
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!memchr(letters, name.p[i], sizeof letters - 1))
			return false;
	return true;
}

static bool
take(struct s2s_sv *all, uint64_t n, struct s2s_sv *ret)
{
	if (n > all->n)
		return false;
	*ret = (struct s2s_sv){all->p, (size_t)n};
	sv_skip(all, (size_t)n);
	return true;
}

/* Trusts nothing of it. */
static bool
take_all(const struct cli_options *o, struct s2s_sv all, struct files *ret,
	 struct s2s_sv *ret_table)
{
	struct s2s_sv raw, name, text;
	struct head head;

	while (take(&all, sizeof head, &raw)) {
		memcpy(&head, raw.p, sizeof head);
		if (!take(&all, head.name, &name) || !take(&all, head.text, &text))
			return false;
		*ret_table = text;
		if (name.n == 0)
			return all.n == 0;
		if (ret->n == PARTS_MAX || !is_name(name))
			return false;
		ret->v[ret->n++] = (struct file){
		    .path = cli_part_path(o, name, o->format ? o->format : "c"),
		    .policy = text,
		    .output.fd = -1,
		};
	}
	return false;
}

/* All are complete before the first gets its name. */
static enum s2s_status
write_all(struct cli *cli, struct files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		struct file *file = &files->v[i];
		struct s2s_bytes policy = {(char *)(uintptr_t)file->policy.p,
					   file->policy.n};

		TRY(cli_output_open(&file->output, file->path, &cli->log));
		TRY(cli_output_write(&file->output, &policy));
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
		struct s2s_bytes wanted = {(char *)(uintptr_t)file->policy.p,
					   file->policy.n};
		S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes there = {0};
		bool missing = false;
		enum s2s_status one = cli_read_file(
		    file->path, wanted.n + CLI_FILE_MORE, &cli->log, &there, &missing);

		one = cli_check(file->path, one, missing, &there, &wanted, &cli->log);
		if (one != S2S_OK && one != S2S_NO)
			return one;
		if (one == S2S_NO)
			all = S2S_NO;
	}
	return all;
}

static enum s2s_status
write_table(struct cli *cli, struct s2s_sv table)
{
	S2S_CLEANUP(cli_output_done) struct cli_output output = {.fd = -1};
	struct s2s_bytes bytes = {(char *)(uintptr_t)table.p, table.n};

	TRY(cli_output_open(&output, NULL, &cli->log));
	TRY(cli_output_write(&output, &bytes));
	return cli_output_commit(&output);
}

enum s2s_status
cli_split_publish(struct cli *cli)
{
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes all = {0};
	S2S_CLEANUP(free_files) struct files files = {0};
	struct s2s_sv table;

	TRY(cli_files_parts(cli, &all));
	files.v = s2s_realloc(NULL, PARTS_MAX, sizeof *files.v);
	if (!take_all(&cli->options, (struct s2s_sv){all.p, all.n}, &files, &table)) {
		s2s_log(&cli->log, S2S_LOG_ERROR,
			"--split: what was made is malformed");
		return S2S_INTERNAL;
	}
	if (cli->options.check)
		return check_all(cli, &files);
	TRY(write_all(cli, &files));
	return write_table(cli, table);
}
