/* SPDX-License-Identifier: MIT */
/* The first halves of calls that have begun and not returned yet, by process. Knows no
   grammar. */
#pragma once

#include "base/map.h"
#include "parse/parse.h"

enum { NO_SLOT = -1 };

/* The first half of a call: the line up to where it was cut. */
struct half {
	bool used;
	int64_t next_free; /* slot, where this one is free */
	char *text;
	size_t n, cap;
	size_t name_at, name_n, called_at;
	uint32_t tag;        /* s2s_parser_tag(), 0: none, or more was added */
	struct s2s_event ev; /* without text, but for how much of it is `called` */
};

struct halves {
	struct half *all; /* a slot is reused after its call was put together */
	size_t n, cap;
	size_t waiting; /* slots in use */
	size_t text;    /* bytes they hold */
	struct s2s_map by_pid;
	uint32_t
	    waiting_pids[S2S_WAITING]; /* how many of these, by pid % S2S_WAITING */
	int64_t free;                  /* a slot, or NO_SLOT */
	int64_t last; /* slot that the line before opened, or NO_SLOT */
};

void halves_init(struct halves *halves);
void halves_done(struct halves *halves);
/* The slot of the call that the process has not finished, or NO_SLOT. */
int64_t halves_find(const struct halves *halves, int64_t pid);
/* A slot for a call of that process that begins with this text of a line; its event and
   where its name stands are to be set. It is the last. */
int64_t halves_open(struct halves *halves, int64_t pid, struct s2s_sv text);
void halves_append(struct halves *halves, int64_t slot, struct s2s_sv text);
/* Under another number; what waits there already is not found any more. */
void halves_move(struct halves *halves, int64_t slot, int64_t pid);
void halves_close(struct halves *halves, int64_t slot);
/* By the lines in which they began. Slots change their numbers: they are to be closed
   then, one after the other, before anything else. */
void halves_sort(struct halves *halves);
