/* SPDX-License-Identifier: MIT */
/* A part of what was traced: some processes, some images, from a mark on. Stands around
   bind: from the events it learns who started whom, what a process became and where a
   mark was met; the calls that bind made of them it keeps by epoch until it is known
   whether an epoch belongs to the part (doc/selection.md). */
#pragma once

#include "base/diag.h"
#include "base/limits.h"
#include "base/map.h"
#include "bind/bind.h"
#include "parse/event.h"
#include "s2s.h"
#include "tree/tree.h"

struct s2s_select;

/* Whether anything is asked for at all. */
bool s2s_select_is_wanted(const struct s2s_selection *wanted);

/* NULL where an option cannot be understood; that is said. The calls of the part go to
   `next`, at the end of a run; `atoms` and `diag` outlive it. */
struct s2s_select *s2s_select_new(const struct s2s_selection *wanted,
				  const struct s2s_limits *limits,
				  struct s2s_atoms *atoms, struct s2s_diag *diag,
				  struct s2s_call_sink next);
/* Whether the run that begins is one file: then a process whose creator is not known
   when its lines are read can be told apart from one of which no creator will come. */
void s2s_select_begin(struct s2s_select *select, bool one_file);
void s2s_select_free(struct s2s_select *select);

/* Events in; they are handed on to `bind`, whose calls are to come back to the other
   sink before it returns. The end of a run goes through bind as well. */
struct s2s_event_sink s2s_select_events(struct s2s_select *select,
					struct s2s_event_sink bind);
struct s2s_call_sink s2s_select_calls(struct s2s_select *select);

/* Input is over. S2S_EMPTY where something that was asked for was not found, with a
   list of what there is. */
enum s2s_status s2s_select_end(struct s2s_select *select);

/* Where the trace is split: one part, all runs together. */
struct s2s_split_part {
	s2s_atom what;    /* image or name as the log has it; 0: not told */
	const char *name; /* for files; no other part has it, nor one like it in C */
	struct s2s_tree *calls;
	uint64_t made, processes;
	uint32_t number; /* as heirs have it */
};

/* Sorted by what they are; 0 where nothing is split. After s2s_select_end(). */
size_t s2s_select_parts(const struct s2s_select *select);
const struct s2s_split_part *s2s_select_part(const struct s2s_select *select, size_t i);

/* How an epoch left the part. */
enum s2s_leave {
	S2S_LEAVE_FORK,   /* a process that was started */
	S2S_LEAVE_THREAD, /* a thread that was started */
	S2S_LEAVE_EXEC,   /* what a process executed */
	S2S_LEAVE_NAME,   /* another name */
	S2S_LEAVE_UNTIL,  /* a mark */
	S2S_LEAVE_PART,   /* one of these, to another part */
};

/* Calls that do not belong to the part, of threads to which a filter that holds for the
   part is handed down: alike in how they left it, what they run and their name. */
struct s2s_heir {
	enum s2s_leave leave;
	uint32_t part; /* where the trace is split: whose filter is handed down */
	int64_t pid, creator; /* of the first; creator: what left, where that differs */
	s2s_atom exe, comm;
	struct s2s_place first; /* where it left */
	struct s2s_tree *calls;
};

const struct s2s_heir *s2s_select_heirs(const struct s2s_select *select, size_t *ret_n);
