/* SPDX-License-Identifier: MIT */
/* The reading half of the pipe: files to tree. */
#pragma once

#include "base/diag.h"
#include "base/limits.h"
#include "base/map.h"
#include "bind/bind.h"
#include "format/json.h"
#include "parse/parse.h"
#include "s2s.h"
#include "select/select.h"
#include "skim/skim.h"
#include "tree/tree.h"

/* A line that goes on from the skimmer: what it changed. */
struct s2s_repeat {
	bool armed;
	const struct s2s_event *ev; /* while it is handed on */
	bool witness;
	uint8_t echo;
	struct s2s_parse_counts parsed; /* before it */
	struct s2s_bind_counts bound;
	uint64_t messages;
};

struct s2s_trace {
	const struct s2s_log *log;
	struct s2s_limits limits;
	struct s2s_diag diag;
	struct s2s_atoms atoms;
	struct s2s_parser *parser;
	struct s2s_binder *binder;
	struct s2s_tree *tree;
	struct s2s_select *select;         /* NULL: everything is wanted */
	const struct s2s_split_part *part; /* whose policy is made; NULL: the whole's */
	struct s2s_event_sink bound;       /* the binder's, behind the run's */
	struct s2s_call_sink grown;        /* the tree's */
	struct s2s_out calls; /* write_calls: where to, instead of the tree */
	struct s2s_json_writer json;
	struct s2s_skim *skim; /* NULL: every line is to be seen */
	struct s2s_repeat repeat;
	unsigned jobs;
	bool write_calls;
	const char *calls_name;
	int64_t pid;         /* told by the name of the file that is read; -1: not */
	bool run_open;       /* more files of this run follow */
	bool first_file;     /* of this run */
	bool at_start;       /* no call of the file was seen yet */
	struct s2s_out exec; /* what the first file of the run began with */
	int (*input_fd)(void *self, const char *path); /* NULL: open() */
	void *input_self;
	uint64_t done, total, file_total; /* bytes, of files */
	void (*progress)(void *self, uint64_t done, uint64_t total);
	void *progress_self;
};

/* What an option asks for; NULL: x86_64. False, said: there is no such one. */
bool s2s_arch_asked(const char *name, const struct s2s_log *log, enum s2s_arch *ret);
struct s2s_event_sink s2s_run_sink(struct s2s_trace *trace);
struct s2s_call_sink s2s_keep_sink(struct s2s_trace *trace);
/* What the skimmer has to know of the rest of the pipe. */
struct s2s_skim_user s2s_repeat_user(struct s2s_trace *trace);

/* "error: NAME: what errno says" */
void s2s_say_errno(const struct s2s_log *log, const char *name, int error);

/* The files in the order in which they are read. */
struct s2s_input {
	const char *path;
	int64_t pid; /* of "NAME.PID"; -1: another name */
	size_t run;  /* files of equal number are one run and stand together */
};

/* Heap array of n. */
struct s2s_input *s2s_inputs(const char *const *paths, size_t n);
