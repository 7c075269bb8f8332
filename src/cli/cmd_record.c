/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "format/format.h"
#include "pipe/make.h"
#include "record/record.h"
#include "select/split.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { DISTINCT = 65536, DISTINCT_MAX = 1 << 24 };

/* What a recording grows into. */
struct growing {
	struct s2s_atoms atoms;
	struct s2s_tree *tree;
	struct split split; /* --split */
};

static void
growing_done(struct growing *g)
{
	s2s_tree_free(g->tree);
	split_done(&g->split);
	s2s_atoms_done(&g->atoms);
}

/* 30, 30s, 10m, 2h */
static bool
seconds_of(const char *text, unsigned *ret)
{
	static const struct {
		const char *name;
		unsigned seconds;
	} units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}};
	size_t n = strspn(text, "0123456789");
	uint64_t value;

	if (!sv_to_u64((struct s2s_sv){text, n}, &value) || value == 0)
		return false;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(units); i++)
		if (strcmp(text + n, units[i].name) == 0 &&
		    value <= INT32_MAX / units[i].seconds) {
			*ret = (unsigned)value * units[i].seconds;
			return true;
		}
	return false;
}

static enum s2s_status
numbers(const struct cli *cli, struct s2s_record *record, pid_t *pid)
{
	const struct cli_options *o = &cli->options;
	uint64_t value = DISTINCT;

	if (o->max_distinct && (!sv_to_u64(sv_from(o->max_distinct), &value) ||
				value == 0 || value > DISTINCT_MAX))
		return cli_wrong(cli,
				 "--max-distinct wants a number from 1 to 16777216");
	record->distinct = (size_t)value;
	for (size_t i = 0; i < o->pid.n; i++) {
		if (!sv_to_u64(sv_from(o->pid.v[i]), &value) || value == 0 ||
		    value > INT32_MAX)
			return cli_wrong(cli, "--pid wants the number of a process");
		pid[i] = (pid_t)value;
	}
	record->pid = pid;
	record->n_pid = o->pid.n;
	if (o->duration && !seconds_of(o->duration, &record->for_seconds))
		return cli_wrong(cli, "--for wants a time: 30s, 10m, 2h");
	return S2S_OK;
}

static enum s2s_status
check_usage(const struct cli *cli)
{
	const struct cli_options *o = &cli->options;

	if (o->operands.n)
		return cli_wrong(cli, "the command stands behind --");
	if ((o->command.n > 0) + (o->pid.n > 0) + (o->cgroup != NULL) > 1)
		return cli_wrong(cli,
				 "a command, --pid and --cgroup exclude each other");
	if (o->command.n == 0 && o->pid.n == 0 && !o->cgroup)
		return cli_wrong(cli, "a command is wanted, behind --, or --pid or "
				      "--cgroup");
	if (o->command.n && !o->output)
		return cli_wrong(cli, "--output is wanted: standard output is the "
				      "command's");
	if (o->duration && o->command.n)
		return cli_wrong(cli,
				 "--for goes with --pid and --cgroup; timeout(1) ends "
				 "a command");
	if (o->split && strcmp(o->split, "exe") != 0)
		return cli_wrong(cli,
				 "--split: only exe is told apart while recording");
	if (o->split)
		TRY(cli_split_folder(cli, o->output ? o->output : ""));
	if (o->user && !o->command.n)
		return cli_wrong(cli, "--user is a command's");
	return S2S_OK;
}

static enum s2s_status
write_profile(struct s2s_tree *tree, struct cli_output *output)
{
	const struct s2s_format *format = s2s_format_find(SV("profile"));
	struct s2s_format_input in = {.tree = tree};
	struct s2s_format_options opts = {.format = format->name};
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes bytes = {0};
	S2S_CLEANUP(s2s_out_done) struct s2s_out out;

	s2s_out_memory(&out);
	TRY(format->write(&out, &in, &opts));
	s2s_bytes_take(&bytes, &out);
	TRY(cli_output_write(output, &bytes));
	return cli_output_commit(output);
}

/* FOLDER/PROGRAM.profile */
static enum s2s_status
write_part(struct cli *cli, const struct s2s_split_part *part)
{
	S2S_CLEANUP(cli_output_done) struct cli_output output = {.fd = -1};
	char *path = cli_part_path(&cli->options, sv_from(part->name), "profile");
	enum s2s_status status = cli_output_open(&output, path, &cli->log);

	if (status == S2S_OK)
		status = write_profile(part->calls, &output);
	if (status == S2S_OK)
		s2s_log(&cli->log, S2S_LOG_INFO, "part %s: %s, %zu distinct calls",
			part->name, path, s2s_tree_leaves(part->calls));
	free(path);
	return status;
}

/* Whether there is room for a part. */
static enum s2s_status
try_folder(struct cli *cli)
{
	S2S_CLEANUP(cli_output_done) struct cli_output output = {.fd = -1};
	char *path = cli_part_path(&cli->options, SV("*"), "profile");
	enum s2s_status status = cli_output_open(&output, path, &cli->log);

	free(path);
	return status;
}

/* One that cannot be written takes no other with it. */
static enum s2s_status
write_parts(struct cli *cli, struct growing *g)
{
	enum s2s_status all = S2S_OK;

	split_end_run(&g->split);
	split_end(&g->split, &g->atoms);
	for (size_t i = 0; i < g->split.n_order; i++) {
		enum s2s_status one =
		    write_part(cli, &g->split.parts[g->split.order[i]]);

		if (one != S2S_OK)
			all = one;
	}
	TRY(all);
	if (g->split.too_many)
		s2s_log(&cli->log, S2S_LOG_ERROR,
			"--split: there are more than %d programs: %" PRIu64
			" calls of the others are not written",
			PARTS_MAX, g->split.left_out);
	return g->split.too_many ? S2S_SYSTEM : S2S_OK;
}

static enum s2s_status
add_to_part(void *self, const char *image, const struct s2s_call *call)
{
	struct growing *g = self;
	s2s_atom what = *image ? s2s_atom_intern(&g->atoms, sv_from(image)) : 0;

	return split_add(&g->split, split_part(&g->split, what), call, &g->atoms, NULL);
}

static enum s2s_status
record_into(struct cli *cli, const struct s2s_record *wanted)
{
	S2S_CLEANUP(cli_output_done) struct cli_output output = {.fd = -1};
	S2S_CLEANUP(growing_done) struct growing g = {0};
	struct s2s_record record = *wanted;
	struct s2s_recorded recorded;
	bool split = cli->options.split;

	g.tree = s2s_tree_new(&g.atoms, NULL);
	if (split) {
		record.add_to = add_to_part;
		record.add_self = &g;
	}
	/* That it cannot be written is to be known before the command runs. */
	TRY(split ? try_folder(cli)
		  : cli_output_open(&output, cli->options.output, &cli->log));
	TRY(s2s_record(&record, s2s_tree_sink(g.tree), &recorded));
	cli->exit = recorded.exit;
	if (recorded.not_run)
		return S2S_OK;
	if (s2s_tree_leaves(g.tree) + g.split.n == 0) {
		s2s_log(&cli->log, S2S_LOG_ERROR, "no system call was recorded");
		return S2S_EMPTY;
	}
	TRY(split ? write_parts(cli, &g) : write_profile(g.tree, &output));
	return recorded.incomplete ? S2S_SYSTEM : S2S_OK;
}

static void
show_progress(void *self, const struct s2s_recording *now)
{
	struct cli_progress *progress = self;

	fprintf(stderr,
		"\r%u s, %" PRIu64 " calls, %" PRIu64 " distinct, %" PRIu64
		" of them new in the last ten seconds\033[K",
		now->seconds, now->calls, now->distinct, now->recent);
	progress->shown = true;
}

enum s2s_status
cmd_record(struct cli *cli)
{
	const struct cli_options *o = &cli->options;
	struct s2s_record record = {
	    .method = o->method,
	    .cgroup = o->cgroup,
	    .from = o->from.v,
	    .until = o->until.v,
	    .log = &cli->log,
	    .default_sigpipe = cli->default_sigpipe,
	    .default_sigxfsz = cli->default_sigxfsz,
	};
	S2S_CLEANUP(s2s_user_done) struct s2s_user user = {0};
	pid_t *pid = s2s_realloc(NULL, o->pid.n + 1, sizeof *pid);
	enum s2s_status status = check_usage(cli);

	if (cli->progress.wanted) {
		record.progress = show_progress;
		record.progress_self = &cli->progress;
	}
	if (o->command.n)
		record.argv = (char *const *)(uintptr_t)o->command.v;
	record.user = &user;
	if (status == S2S_OK)
		status = s2s_user_find(o->user, &cli->log, &user);
	if (status == S2S_OK)
		status = numbers(cli, &record, pid);
	if (status == S2S_OK)
		status = record_into(cli, &record);
	free(pid);
	return status;
}
