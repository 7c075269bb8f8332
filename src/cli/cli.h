/* SPDX-License-Identifier: MIT */
/* The command line: the only place that knows every stage. */
#pragma once

#include "base/attr.h"
#include "base/log.h"
#include "base/status.h"
#include "base/sv.h"
#include "cli/files.h"

#include <stdbool.h>
#include <stdio.h>

/* Strings in the order in which they were given, NULL behind them. */
struct cli_list {
	const char **v;
	size_t n;
};

/* As given: NULL and false where an option was not. */
struct cli_options {
	const char *level, *format, *action, *unknown, *installed_by, *function;
	const char *runtime, *optimize_for, *input;
	const char *output, *header, *arch, *jobs, *max_distinct, *undetermined,
	    *log_level, *log_file;
	struct cli_list level_of, allow, deny, also;
	struct cli_list pid, thread, comm, exe, children_of, from, until;
	const char *split;
	bool fit, check, no_verify, no_implied, tsync, keep_privs, sigsys_handler;
	bool exact, groups;
	struct cli_list cap;
	const char *kernel;
	bool all_errors, lenient, log_stderr, no_sandbox;
	bool complain, ask, dry_run, no_explain;
	const char *method, *duration, *user, *cgroup;
	struct cli_list operands;
	struct cli_list command; /* what stands behind -- */
};

enum cli_commands {
	CLI_GENERATE = 1 << 0,
	CLI_PARSE = 1 << 1,
	CLI_VERIFY = 1 << 2,
	CLI_MERGE = 1 << 3,
	CLI_CONVERT = 1 << 5,
	CLI_READ = CLI_GENERATE | CLI_PARSE | CLI_VERIFY | CLI_MERGE |
		   CLI_CONVERT, /* traces */
	CLI_RUN = 1 << 4,
	CLI_RECORD = 1 << 6,
	CLI_COMMAND = CLI_RUN | CLI_RECORD, /* what stands behind -- is run */
	CLI_ALL = CLI_READ | CLI_COMMAND,
};

/* Bytes read, shown on a terminal once the work takes longer than a second. */
struct cli_progress {
	bool wanted, shown;
	int64_t start_ms, last_ms;
	uint64_t total; /* bytes of all inputs that are files */
};

/* One run of the command. */
struct cli {
	struct cli_options options;
	struct s2s_log log;
	FILE *log_file;
	struct cli_progress progress;
	struct cli_files files;
	bool default_sigpipe, default_sigxfsz; /* as they came; we ignore them */
	int exit; /* of the command that was run, where the status is S2S_OK */
};

struct cli_command {
	const char *name, *operands, *help;
	enum cli_commands bit;
	size_t operands_min;
	/* Of CLI_READ: whether the options go together, before anything is opened. */
	enum s2s_status (*check)(struct cli *cli);
	enum s2s_status (*run)(struct cli *cli);
};

enum s2s_status cmd_generate_check(struct cli *cli);
enum s2s_status cmd_generate(struct cli *cli);
enum s2s_status cmd_convert_check(struct cli *cli);
enum s2s_status cmd_convert(struct cli *cli);
enum s2s_status cmd_parse(struct cli *cli);
enum s2s_status cmd_verify_check(struct cli *cli);
enum s2s_status cmd_verify(struct cli *cli);
enum s2s_status cmd_merge_check(struct cli *cli);
enum s2s_status cmd_merge(struct cli *cli);
enum s2s_status cmd_run(struct cli *cli);
enum s2s_status cmd_record(struct cli *cli);

/* Fills *ret from argv, whose first string is the command's whole name. Wrong usage
   ends the process with status 2, --help and --version with 0. */
void cli_options_parse(const struct cli_command *command, int argc, char **argv,
		       struct cli_options *ret);
void cli_options_done(struct cli_options *options);

/* S2S_USAGE, and said, where a file to be written is one of those to be read. */
enum s2s_status cli_spare_inputs(const struct cli_options *options,
				 enum cli_commands command);

/* Opens where messages go. S2S_USAGE: no such level; S2S_IO: the file. */
enum s2s_status cli_log_open(struct cli *cli);
/* S2S_IO where not all could be logged. */
enum s2s_status cli_log_close(struct cli *cli);
void cli_say_errno(const struct s2s_log *log, const char *name, int error);
void cli_say(const struct s2s_log *log, const char *name, const char *what);
/* Why the options are wrong; S2S_USAGE. */
enum s2s_status cli_wrong(const struct cli *cli, const char *why);

void cli_progress_init(struct cli_progress *progress);
void cli_progress(void *self, uint64_t done, uint64_t total); /* self: the progress */
void cli_progress_clear(struct cli_progress *progress);

/* A count from 1 on; NULL leaves *ret as it is. */
enum s2s_status cli_count(const struct cli *cli, const char *option, const char *text,
			  uint32_t *ret);

/* Reads all operands from the first-th on. *ret is to be freed in any case. */
struct s2s_trace;
struct s2s_trace_options;
enum s2s_status cli_read(struct cli *cli, size_t first, struct s2s_trace_options *opts,
			 struct s2s_trace **ret);
void cli_trace_free(struct s2s_trace **trace);

/* Makes what generate and merge write, and writes it or compares it with what is there.
 */
struct s2s_bytes;
struct s2s_generate_options;
/* Whether --split can write there: S2S_USAGE, and said, where it is no folder, S2S_IO
   where it cannot be looked at. */
enum s2s_status cli_split_folder(const struct cli *cli, const char *path);
/* The file of a part in --output; heap. */
char *cli_part_path(const struct cli_options *o, struct s2s_sv part,
		    const char *format);
/* --split, and what is done when nothing is read any more. */
enum s2s_status cli_split_check(struct cli *cli,
				const struct s2s_generate_options *opts);
enum s2s_status cli_split(struct cli *cli, const struct s2s_generate_options *opts);
enum s2s_status cli_split_publish(struct cli *cli);
/* S2S_NO where a file is not what is wanted; that is said. `status`: of reading it. */
enum s2s_status cli_check(const char *path, enum s2s_status status, bool missing,
			  const struct s2s_bytes *there, const struct s2s_bytes *wanted,
			  const struct s2s_log *log);
enum s2s_status cli_generate(struct cli *cli, const struct s2s_generate_options *opts);
/* A profile of ours that was read from that input becomes the filter that generate
   makes of it. */
enum s2s_status cli_compile_profile(struct cli *cli, const char *name,
				    const struct s2s_generate_options *opts,
				    struct s2s_bytes *bytes);
struct s2s_generate_options cli_generate_options(const struct cli_options *options);
/* Whether the options about the input, or about the output as well, go together. */
enum s2s_status cli_check_reading(struct cli *cli);
enum s2s_status cli_check_writing(struct cli *cli,
				  const struct s2s_generate_options *opts);
/* Writes both, or compares them with what is there. */
enum s2s_status cli_write_policy(struct cli *cli, const struct s2s_bytes *policy,
				 const struct s2s_bytes *header);
enum { CLI_FILE_MORE = 1 << 20 };   /* bytes that a file may be longer than wanted */
enum { CLI_POLICY_MAX = 64 << 20 }; /* bytes; of JSON, since BPF is much shorter */
