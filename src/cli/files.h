/* SPDX-License-Identifier: MIT */
/* All that a command reads and writes, opened before it reads a byte of it: what
   follows opens nothing. Then what must happen when it is over: files get their names.
 */
#pragma once

#include "cli/confine.h"
#include "cli/output.h"

struct cli;

struct cli_input {
	const char *path;
	size_t place; /* in the order in which they were given */
	int fd;       /* -1: is not there, which --check may find */
	bool taken, is_fifo;
};

/* What who reads the inputs tells who does the rest. Nothing that the latter would have
   to trust. */
struct cli_told {
	bool output, header; /* are complete */
	struct cli_forbidden forbidden;
};

struct cli_files {
	struct cli_input *in; /* by path */
	size_t n;
	struct cli_output output, header;
	int parts; /* a file in memory, see cli_files_open(); -1: none */
	struct cli_told *told;
};

/* Inputs, and the outputs unless these are made later of what is read; then, as with
   --split, what is read comes through a file in memory. S2S_IO, and said, for the first
   that cannot be opened; cli_files_done() is to be called in any case. */
enum s2s_status cli_files_open(struct cli *cli, bool outputs);
void cli_files_done(struct cli_files *files);

/* Closes what others left open when they started us, or puts nothing in its place. */
void cli_files_only(const struct cli *cli);

/* The next input of that path, borrowed; -1 and errno where there is none (any more).
   As input_fd of struct s2s_trace_options; self is the struct cli_files. */
int cli_files_input(void *self, const char *path);
/* Its whole content. S2S_LIMIT above `max`; *ret_missing (may be NULL): is not there.
 */
enum s2s_status cli_files_read(struct cli *cli, const char *path, size_t max,
			       struct s2s_bytes *ret, bool *ret_missing);
/* What was read of that path is to be read again. */
enum s2s_status cli_files_again(struct cli *cli, const char *path,
				const struct s2s_bytes *bytes);

/* All is written to `output` or `header`: to be published when the command is over. */
enum s2s_status cli_files_finish(struct cli *cli, struct cli_output *output);

/* What was written into the file in memory. */
enum s2s_status cli_files_parts(struct cli *cli, struct s2s_bytes *ret);

/* The command is over and was no failure: what is complete gets its name. */
enum s2s_status cli_files_publish(struct cli *cli);
