/* SPDX-License-Identifier: MIT */
/* Who started whom, and what each process was when. An epoch is a stretch of the life
   of a thread in which nothing changes that a selection may ask for: it ends when the
   thread executes something, takes another name or meets a mark. Whose child a process
   is may be told after its lines, so an epoch knows only what began it and the epoch
   that it comes from; the rest is read off when the run is over. */
#pragma once

#include "base/diag.h"
#include "base/map.h"

static const uint32_t NO_EPOCH = UINT32_MAX;

enum epoch_start {
	EPOCH_FIRST,  /* who started the process is not told (yet) */
	EPOCH_FORK,   /* a new process; comes from the epoch that started it */
	EPOCH_THREAD, /* a new thread of the process */
	EPOCH_EXEC,
	EPOCH_NAME,
	EPOCH_MARK,
};

enum epoch_marks {
	MARK_FROM = 1,
	MARK_UNTIL = 2, /* behind a --from, where there is one */
	MARK_UNTIL_IF_FROM =
	    4, /* counts if the process came into being behind a --from */
};

struct epoch {
	enum epoch_start start;
	uint32_t parent;
	uint32_t entry;     /* leaf of the exec that began it */
	s2s_atom exe, comm; /* what the start changed them to; 0: see parent */
	uint32_t others; /* of a mark: threads of the process that were there before */
	uint8_t marks;   /* met when it began */
	bool is_root;    /* nothing that comes later can tell where it comes from */
	bool has_calls;  /* any */
	bool made_calls; /* other than the exec that strace made */
	uint32_t
	    alike; /* the first epoch that is like this one; NO_EPOCH: not told yet */
	int64_t tid;
	struct s2s_place begins; /* of its exec or mark */
};

struct thread {
	int64_t tid;
	uint32_t root, now; /* epochs */
	uint32_t next;      /* the next thread of the process, in a circle */
	s2s_atom comm;      /* 0: not known */
	uint8_t marks;      /* met by itself, as far as is known */
	bool linked;        /* its creator is known */
	bool exited;
	struct s2s_place first;
};

struct epochs {
	struct epoch *epochs;
	size_t n, cap;
	struct thread *threads;
	size_t n_threads, cap_threads;
	struct s2s_map by_tid;
	size_t max;            /* epochs */
	size_t live;           /* threads that have not exited */
	bool one_file;         /* that tells the order of all calls of the run */
	uint64_t numbered;     /* first line of a call with a number; 0: none yet */
	bool nameless_creates; /* a call without a number has started a thread */
};

void epochs_done(struct epochs *e);
void epochs_clear(struct epochs *e);
bool epochs_full(const struct epochs *e);

/* The thread of that number; after its exit it is another one. `creates`: the call
   started a thread. */
uint32_t epochs_thread(struct epochs *e, int64_t tid, const struct s2s_place *place,
		       bool creates);

/* A thread is no more. */
void epochs_end(struct epochs *e, uint32_t thread);

/* Begins a new epoch of a thread and gives it. */
struct epoch *epochs_begin(struct epochs *e, uint32_t thread, enum epoch_start start,
			   const struct s2s_place *place);

/* A thread started another one. */
void epochs_child(struct epochs *e, uint32_t creator, int64_t tid, bool is_thread,
		  const struct s2s_place *place);

/* A thread executed something: the other threads of its process are no more. */
void epochs_exec(struct epochs *e, uint32_t thread, s2s_atom exe, s2s_atom comm,
		 uint32_t entry, const struct s2s_place *place);

/* A thread met a mark, and with it the others of its process, as far as the same file
   has their calls. */
void epochs_mark(struct epochs *e, uint32_t thread, uint8_t mark,
		 const struct s2s_place *place);

/* "superseded by execve in pid `by`": the thread goes on as the other one was. */
void epochs_superseded(struct epochs *e, uint32_t thread, int64_t by);
