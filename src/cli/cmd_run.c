/* SPDX-License-Identifier: MIT */
#include "cli/apart.h"
#include "cli/output.h"
#include "cli/report.h"

#include "base/arena.h"
#include "pipe/make.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { FILTER_MAX = 64 << 20 }; /* bytes; of JSON, since BPF is much shorter */

struct filters {
	struct s2s_filter *v;
	size_t n;
};

static void
filters_done(struct filters *filters)
{
	for (size_t i = 0; i < filters->n; i++)
		s2s_filter_done(&filters->v[i]);
	free(filters->v);
}

/* Of a profile of ours generate makes the policy that a program installs: the exec that
   starts the command is the launcher's. */
static enum s2s_status
read_filter(struct cli *cli, const char *name, struct s2s_filter *ret)
{
	static const struct s2s_generate_options opts = {.format = "bpf",
							 .installed_by = "program"};
	static const struct s2s_oci_host host = {.machine = S2S_ARCH_NATIVE};
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes bytes = {0};

	TRY(cli_files_read(cli, name, FILTER_MAX, &bytes, NULL));
	if (s2s_is_profile(bytes.p, bytes.n))
		TRY(cli_compile_profile(cli, name, &opts, &bytes));
	return s2s_read_filter((struct s2s_sv){bytes.p, bytes.n}, name, &host,
			       &cli->log, ret);
}

/* Apart, like all that reads inputs: instructions are what comes back. */
static enum s2s_status
read_filters(struct cli *cli)
{
	const struct cli_list *names = &cli->options.operands;
	S2S_CLEANUP(s2s_out_done) struct s2s_out out;
	enum s2s_status status;

	s2s_out_fd(&out, cli->files.parts);
	for (size_t i = 0; i < names->n; i++) {
		S2S_CLEANUP(s2s_filter_done) struct s2s_filter filter = {0};

		TRY(read_filter(cli, names->v[i], &filter));
		s2s_out_bytes(&out, &filter.n, sizeof filter.n);
		s2s_out_bytes(&out, filter.insn, filter.n * sizeof *filter.insn);
	}
	status = s2s_out_end(&out);
	if (status != S2S_OK)
		cli_say_errno(&cli->log, "memory", out.error);
	return status;
}

/* Trusts nothing of it. */
static bool
take_filter(struct s2s_sv *all, struct s2s_filter *ret)
{
	const char *why;
	size_t n, at;

	if (all->n < sizeof n)
		return false;
	memcpy(&n, all->p, sizeof n);
	sv_skip(all, sizeof n);
	if (n == 0 || n > S2S_FILTER_MAX || all->n / sizeof *ret->insn < n)
		return false;
	ret->insn = s2s_realloc(NULL, n, sizeof *ret->insn);
	ret->n = n;
	memcpy(ret->insn, all->p, n * sizeof *ret->insn);
	sv_skip(all, n * sizeof *ret->insn);
	return s2s_filter_validate(ret->insn, n, &at, &why) == S2S_OK;
}

static enum s2s_status
take_filters(struct cli *cli, struct filters *ret)
{
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes all = {0};
	size_t n = cli->options.operands.n;
	struct s2s_sv left;

	TRY(cli_files_parts(cli, &all));
	left = (struct s2s_sv){all.p, all.n};
	ret->v = s2s_realloc(NULL, n, sizeof *ret->v);
	memset(ret->v, 0, n * sizeof *ret->v);
	while (ret->n < n)
		if (!take_filter(&left, &ret->v[ret->n++])) {
			s2s_log(&cli->log, S2S_LOG_ERROR, "what was read is no filter");
			return S2S_INTERNAL;
		}
	return S2S_OK;
}

/* S2S_OK and cli->exit where who reads them has failed. */
static enum s2s_status
get_filters(struct cli *cli, struct filters *ret)
{
	enum s2s_status status = cli_files_open(cli, false);

	if (status == S2S_OK)
		status = cli_apart(cli, read_filters);
	if (status == S2S_OK && cli->exit == 0)
		status = take_filters(cli, ret);
	cli_files_done(&cli->files);
	return status;
}

static enum s2s_status
check_usage(const struct cli *cli)
{
	const struct cli_options *o = &cli->options;

	if (o->command.n == 0 && !o->dry_run)
		return cli_wrong(cli, "a command is wanted, behind --");
	if (o->complain + o->no_explain + o->ask > 1)
		return cli_wrong(cli, "--ask, --complain and --no-explain exclude each "
				      "other");
	if (o->no_explain && o->output)
		return cli_wrong(cli,
				 "--no-explain leaves nothing to write to --output");
	for (size_t i = 0; i < o->operands.n; i++)
		if (strcmp(o->operands.v[i], "-") == 0)
			return cli_wrong(cli, "standard input is the command's: name a "
					      "file");
	return S2S_OK;
}

static enum s2s_enforce_how
how(const struct cli_options *o)
{
	if (o->complain || o->ask)
		return S2S_ENFORCE_ASK;
	return o->no_explain ? S2S_ENFORCE_QUIETLY : S2S_ENFORCE_EXPLAIN;
}

/* What would be installed. The number in the test for the launcher's exec is 0 here. */
static enum s2s_status
dry_run(struct cli *cli, const struct filters *filters)
{
	enum s2s_rewrite rewrite = S2S_REWRITE_TO_TRACE;
	struct s2s_programs programs;
	enum s2s_status status;
	struct s2s_out out;

	if (cli->options.no_explain)
		rewrite = S2S_REWRITE_NOTHING;
	if (cli->options.complain || cli->options.ask)
		rewrite = S2S_REWRITE_TO_NOTIFY;
	s2s_out_fd(&out, STDOUT_FILENO);
	status = s2s_programs_make(filters->v, filters->n, rewrite, &programs);
	for (size_t i = 0; status == S2S_OK && i < programs.n; i++) {
		s2s_out_printf(&out, "# program %zu of %zu: %zu instructions\n", i + 1,
			       programs.n, programs.program[i].n);
		s2s_filter_print(&out, programs.program[i].insn, programs.program[i].n);
	}
	s2s_programs_done(&programs);
	if (status == S2S_LIMIT || status == S2S_USAGE)
		return cli_wrong(cli,
				 "these filters cannot be installed in this manner");
	status = s2s_out_end(&out);
	if (status != S2S_OK)
		cli_say_errno(&cli->log, "standard output", out.error);
	s2s_out_done(&out);
	return status;
}

/* The set-id bits and capabilities of a file mean nothing under no_new_privs. */
static void
warn_of_rights(const struct cli *cli, const char *command)
{
	char *path = s2s_find_command(command);
	struct stat st;

	if (path && stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & (S_ISUID | S_ISGID) ||
	     getxattr(path, "security.capability", NULL, 0) > 0)) {
		struct s2s_out name;

		s2s_out_memory(&name);
		s2s_out_escaped(&name, sv_from(path));
		s2s_log(&cli->log, S2S_LOG_WARNING,
			"%.*s has rights of its own (set-user-id, set-group-id or "
			"capabilities), which it does not get: filters need "
			"no_new_privs",
			(int)name.n, name.p);
		s2s_out_done(&name);
	}
	free(path);
}

/* Of the reporter, which opens it at the end: its descriptors are others by then, and a
   pipe that nobody reads any more would hold it up for ever. */
static bool
is_file_to_be(const char *path)
{
	struct stat st;

	return strncmp(path, "/proc/", 6) != 0 && strncmp(path, "/dev/fd/", 8) != 0 &&
	       strncmp(path, "/dev/std", 8) != 0 &&
	       (stat(path, &st) != 0 || S_ISREG(st.st_mode));
}

/* That it cannot be written is to be known before the command runs. */
static enum s2s_status
check_output(const struct cli *cli)
{
	S2S_CLEANUP(cli_output_done) struct cli_output output = {.fd = -1};

	if (!is_file_to_be(cli->options.output)) {
		s2s_log(&cli->log, S2S_LOG_ERROR,
			"%s: --output of run is a file, which is written when the "
			"command has ended",
			cli->options.output);
		return S2S_USAGE;
	}
	return cli_output_open(&output, cli->options.output, &cli->log);
}

enum s2s_status
cmd_run(struct cli *cli)
{
	const struct cli_options *o = &cli->options;
	S2S_CLEANUP(filters_done) struct filters filters = {0};
	S2S_CLEANUP(cli_report_done) struct cli_report report = {0};
	struct s2s_enforced ended;
	struct s2s_enforce enforce = {
	    .how = how(o),
	    .log = &cli->log,
	    .default_sigpipe = cli->default_sigpipe,
	    .default_sigxfsz = cli->default_sigxfsz,
	    .keep_fd = {cli->log_file ? fileno(cli->log_file) : -1,
			!cli->log_file || o->log_stderr ? STDERR_FILENO : -1},
	};

	TRY(check_usage(cli));
	TRY(get_filters(cli, &filters));
	if (cli->exit)
		return S2S_OK;
	if (o->dry_run)
		return dry_run(cli, &filters);
	warn_of_rights(cli, o->command.v[0]);
	if (o->output)
		TRY(check_output(cli));
	TRY(cli_report_init(&report, cli, filters.v, filters.n));
	enforce.keep_fd[2] = report.terminal ? fileno(report.terminal) : -1;
	enforce.filters = filters.v;
	enforce.n = filters.n;
	enforce.argv = (char *const *)(uintptr_t)o->command.v;
	enforce.reporter = cli_reporter(&report);
	TRY(s2s_enforce(&enforce, &ended));
	cli->exit = ended.exit;
	if (o->output && !ended.not_run && !ended.kept)
		cli->exit = s2s_status_exit(S2S_IO);
	return S2S_OK;
}
