/* SPDX-License-Identifier: MIT */
/* What the program in the kernel and its loader share. */
#pragma once

#include <linux/types.h>

enum {
	RECORD_ARCHES = 2, /* 0: the kernel's own, 1: its compatible 32-bit one */
	RECORD_NUMBERS = 512,
	RECORD_ARGS = 6,
	RECORD_STEPS = 3,    /* rows that hang on one another, at most */
	RECORD_SLOTS = 256,  /* of one processor; a power of two */
	RECORD_CHUNK = 4096, /* threads; a power of two */
	RECORD_IMAGE = 128,  /* bytes of a path that are kept, its last ones */
	RECORD_PATH = 4096,  /* bytes of a path, at most; a power of two */
	RECORD_DEPTH = 16,   /* cgroups that lie in one another, at most */
	RECORD_STATE = 7,    /* bits of record_state in a thread's word; above: group */
	RECORD_GROUP = 1 << 3,
	RECORD_ANY = 65536 / RECORD_GROUP - 1, /* of groups none, of calls any */
};

/* A distinct call. An argument is 0 where it may be anything, 1 where it is an address
   and not NULL, else its value in the bits that the kernel reads. Words: compared and
   hashed as such. */
struct record_key {
	__u32 nr;
	__u8 arch;
	__u8 launcher;
	__u16 group;
	__u64 arg[RECORD_ARGS];
};

/* What to keep of a call's registers. */
struct record_row {
	__u64 mask[RECORD_ARGS];
	__u64 step_mask; /* of argument step_arg: its bits choose the row to take */
	__u32 step;      /* with this number; 0: this row is it */
	__u8 step_arg;
	__u8 addresses; /* bit i: argument i is one */
	__u16 unused;
};

/* Where a row hangs on the value of an argument. */
struct record_step {
	__u32 step;
	__u32 unused;
	__u64 value;
};

/* A call that one processor counts by itself, until another wants the slot. */
struct record_slot {
	struct record_key key;
	__u64 count;
};

enum record_state {
	RECORD_UNKNOWN,  /* not watched */
	RECORD_OUTSIDE,  /* not in a call */
	RECORD_INSIDE,   /* the call that it is in is counted */
	RECORD_LAUNCHER, /* not yet the command: its exec is all that counts */
};

/* Of RECORD_CHUNK threads that follow in number: state and group. */
struct record_chunk {
	__u16 thread[RECORD_CHUNK];
};

/* What the kernel tells beside the calls. */
struct record_news {
	__u64 lost;       /* calls that found no room */
	__u64 distinct;   /* that found room, those that only a slot has left out */
	__s64 living;     /* threads that are watched */
	__u64 unfollowed; /* threads with too high a number */
	__u32 filters;    /* who wants to install one has been seen */
	__u32 adopting;   /* some processes are watched with all their threads */
	__u32 images;     /* groups by now, counted from 1 */
	__u32 unused;
	__u64 first_filter; /* when one began to be installed, in ns; 0: none was */
	__u64 sees_ends;    /* since when ends of calls are seen; 0: they are not */
	__s64 unseen;       /* filters of whose first moment nothing was seen */
};

/* What is asked for. */
struct record_asked {
	__u64 cgroup;      /* its number: whom to watch; 0: none */
	__u32 by_image;    /* groups are programs */
	__u32 from, until; /* there are such marks */
	__u32 unused;
};

/* The path of a program as exec was told, or the end of it, and a 0. */
struct record_image {
	char path[RECORD_IMAGE];
};

/* Bits of a mark, and of a process that has met it. */
enum { RECORD_FROM = 1, RECORD_UNTIL = 2 };
