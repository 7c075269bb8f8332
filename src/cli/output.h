/* SPDX-License-Identifier: MIT */
/* A file that is written whole or not at all: under another name in the same folder,
   synced, then renamed. What is no regular file (a pipe, /dev/null) is just written. */
#pragma once

#include "base/log.h"
#include "base/status.h"
#include "s2s.h"

#include <limits.h>

struct cli_output {
	const char *name; /* for messages */
	int fd;           /* -1: not open */
	bool direct;      /* nothing to rename */
	char temp[PATH_MAX], final[PATH_MAX];
	const struct s2s_log *log;
};

/* path NULL: standard output. */
enum s2s_status cli_output_open(struct cli_output *output, const char *path,
				const struct s2s_log *log);
enum s2s_status cli_output_write(struct cli_output *output,
				 const struct s2s_bytes *bytes);
/* All is written: synced and closed. */
enum s2s_status cli_output_finish(struct cli_output *output);
/* Gives the file that is finished its name; S2S_IO leaves what was there before. */
enum s2s_status cli_output_publish(struct cli_output *output);
/* Both. */
enum s2s_status cli_output_commit(struct cli_output *output);
/* Removes what has not got its name. To be called in any case. */
void cli_output_done(struct cli_output *output);
/* In a child: what is not published is the parent's to remove. */
void cli_output_leave(void);

/* The whole of a file. S2S_IO, said unless it is missing and ret_missing is not NULL;
   S2S_LIMIT above `max`. */
enum s2s_status cli_read_file(const char *path, size_t max, const struct s2s_log *log,
			      struct s2s_bytes *ret, bool *ret_missing);
enum s2s_status cli_read_opened(int fd, const char *name, size_t max,
				const struct s2s_log *log, struct s2s_bytes *ret);
