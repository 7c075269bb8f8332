/* SPDX-License-Identifier: MIT */
/* The program in the kernel: loaded, told whom to watch, read. */
#pragma once

#include "base/log.h"
#include "base/status.h"
#include "kernel/call.h"
#include "record/shared.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct watcher;

/* Why it cannot be used here; NULL: nothing is known that stands against it. */
const char *watcher_unfit(void);

/* What is asked for has to be known before it is loaded. It is loaded and attached
   then; NULL where that is refused, which was said. */
struct watcher *watcher_new(size_t distinct, const struct record_asked *asked,
			    const struct s2s_log *log);
void watcher_free(struct watcher *watcher);

/* Watches a thread from its exec on. */
bool watcher_add_launcher(struct watcher *watcher, pid_t tid);
/* Watches a process and what it starts. */
bool watcher_add_process(struct watcher *watcher, pid_t pid);
/* The number to ask for; false with errno. */
bool watcher_find_cgroup(const char *path, __u64 *ret);
/* Watches who is in it already; false with errno. */
bool watcher_add_cgroup(struct watcher *watcher, const char *path);
/* Watches all threads of those processes that are watched as a whole. */
void watcher_add_threads(struct watcher *watcher);

/* Where groups are programs: the path of one; heap; NULL: not known. */
char *watcher_image(struct watcher *watcher, unsigned group);
size_t watcher_images(struct watcher *watcher); /* groups, and 0 for none */

/* Before anybody is watched, where such are asked for: RECORD_FROM, RECORD_UNTIL. */
bool watcher_mark(struct watcher *watcher, unsigned arch, uint32_t nr, uint32_t bits);

/* Sees to it that calls that a filter rejects are counted, too. */
void watcher_see_rejected(struct watcher *watcher);

/* What happened meanwhile; does what has to be done about it. */
const volatile struct record_news *watcher_look(struct watcher *watcher);
/* Can be read from where something has to be done, by watcher_hear(). */
int watcher_fd(const struct watcher *watcher);
void watcher_hear(struct watcher *watcher);
/* How long a filter was there before calls that it rejects were seen, in ns; 0: none
   was. */
uint64_t watcher_unseen_ns(const struct watcher *watcher);

/* Watches no longer. */
void watcher_stop(struct watcher *watcher);

/* All distinct calls, behind watcher_stop(). */
enum s2s_status watcher_read(struct watcher *watcher,
			     enum s2s_status (*each)(void *self,
						     const struct record_key *key,
						     uint64_t count),
			     void *self);
