/* SPDX-License-Identifier: MIT */
/* The program in the kernel: loaded, told whom to watch, read. */
#pragma once

#include "base/log.h"
#include "base/status.h"
#include "kernel/call.h"
#include "record/shared.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct watcher;

/* Why it cannot be used here; NULL: nothing is known that stands against it. */
const char *watcher_unfit(void);

/* Loads and attaches it; NULL where that is refused, which was said. */
struct watcher *watcher_new(size_t distinct, const struct s2s_log *log);
void watcher_free(struct watcher *watcher);

/* Watches a thread from its exec on. */
bool watcher_add_launcher(struct watcher *watcher, pid_t tid);
/* Watches a process and what it starts. */
bool watcher_add_process(struct watcher *watcher, pid_t pid);
/* Sees to it that calls that a filter rejects are counted, too. */
void watcher_see_rejected(struct watcher *watcher);

/* What happened meanwhile; does what has to be done about it. */
const volatile struct record_news *watcher_look(struct watcher *watcher);

/* Watches no longer. */
void watcher_stop(struct watcher *watcher);

/* All distinct calls, behind watcher_stop(). */
enum s2s_status watcher_read(struct watcher *watcher,
			     enum s2s_status (*each)(void *self,
						     const struct record_key *key,
						     uint64_t count),
			     void *self);
