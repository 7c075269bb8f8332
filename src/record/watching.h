/* SPDX-License-Identifier: MIT */
/* What watcher.c and who.c share. */
#pragma once

#include "record/watcher.h"

#include <stdatomic.h>
#include <stdint.h>

struct record_watch;

struct watcher {
	const struct s2s_log *log;
	struct record_watch *kernel;
	struct record_news *news; /* in the kernel's memory, as these are: */
	struct record_chunk *threads;
	size_t n_threads;
	struct record_slot *slots;
	size_t n_slots;
	/* Of the ring of news, a page each: how far it is read, and written. */
	_Atomic unsigned long *heard;
	const _Atomic unsigned long *told;
	int images, marks, adopted; /* maps; they are the kernel's to close */
	bool by_image;
	atomic_bool filter_seen;
};

/* 0, or -1 with errno. */
int watcher_next_key(int map, const void *key, void *next);
int watcher_look_up(int map, const void *key, void *value);
int watcher_update(int map, const void *key, const void *value, bool is_new);
