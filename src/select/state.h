/* SPDX-License-Identifier: MIT */
/* What the files of select share. */
#pragma once

#include "select/criteria.h"
#include "select/epoch.h"
#include "select/resolve.h"
#include "select/select.h"
#include "select/split.h"

/* A distinct call of one epoch, or of all that are alike. */
struct row {
	uint32_t epoch, leaf;
	uint64_t count;
	struct s2s_place first;
};

/* For messages: what there was to choose from. */
struct seen {
	int64_t pid;
	s2s_atom exe, comm;
};

enum { SEEN_MAX = 1024, HEIRS_MAX = 256 };

struct s2s_select {
	struct criteria wanted;
	struct s2s_atoms *atoms;
	struct s2s_diag *diag;
	struct s2s_limits limits;
	struct s2s_call_sink next;
	struct s2s_event_sink bind;
	struct s2s_tree *calls; /* of all epochs: what the leaves of rows are */
	struct epochs epochs;
	struct row *rows;
	size_t n_rows, cap_rows;
	struct s2s_map by_epoch; /* epoch, leaf -> row */
	uint32_t now;            /* epoch of the event that is being bound */
	uint32_t last_leaf;      /* that bind made of it, or NO_EPOCH */
	struct seen *seen;
	size_t n_seen, cap_seen;
	struct s2s_map by_seen;
	struct s2s_heir *heirs;
	size_t n_heirs, cap_heirs;
	struct s2s_map by_heir;
	struct facts *facts; /* of epochs that are settled before the run is over */
	size_t n_facts;
	struct s2s_map by_facts; /* -> the first epoch that is alike */
	struct split split;
	bool entered; /* the exec that strace made has led into a part */
	bool any;
	bool textless; /* some of it is an audit log */
};

/* The run is over: hands on the calls of the part. decide.c */
enum s2s_status select_decide(struct s2s_select *s);

/* A distinct call of all epochs as it was seen `count` times. */
struct s2s_call select_call_of(const struct s2s_select *s, uint32_t leaf,
			       uint64_t count, const struct s2s_place *first);
