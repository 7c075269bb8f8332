/* SPDX-License-Identifier: MIT */
/* Whom the program in the kernel watches, and which of their calls. */
#include "base/arena.h"
#include "enforce/enforce.h"
#include "record/watching.h"

#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { PASSES = 100 };

/* Returns whether it was not watched before. */
static bool
mark(struct watcher *w, pid_t tid, unsigned state)
{
	__u16 *word, old = RECORD_UNKNOWN;

	if ((size_t)tid / RECORD_CHUNK >= w->n_threads)
		return false;
	word = &w->threads[tid / RECORD_CHUNK].thread[tid % RECORD_CHUNK];
	if (!__atomic_compare_exchange_n(word, &old, (__u16)state, false,
					 __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return false;
	__atomic_fetch_add(&w->news->living, 1, __ATOMIC_SEQ_CST);
	return true;
}

static bool
is_confined(pid_t pid)
{
	return s2s_process_status(pid, "Seccomp", 0) != 0;
}

bool
watcher_add_launcher(struct watcher *w, pid_t tid)
{
	if (is_confined(tid))
		watcher_see_rejected(w);
	return mark(w, tid, RECORD_LAUNCHER);
}

/* The number of the program that runs in a process; 0: not known. */
static unsigned
group_of(struct watcher *w, pid_t pid)
{
	struct record_image image = {0};
	char path[64], full[RECORD_PATH];
	__u32 group;
	ssize_t n;

	snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
	n = w->by_image ? readlink(path, full, sizeof full - 1) : -1;
	if (n <= 0)
		return 0;
	full[n] = '\0';
	n = n < RECORD_IMAGE ? 0 : n + 1 - RECORD_IMAGE;
	snprintf(image.path, sizeof image.path, "%s", full + n);
	if (watcher_look_up(w->images, &image, &group) == 0)
		return group;
	group = __atomic_add_fetch(&w->news->images, 1, __ATOMIC_SEQ_CST);
	if (watcher_update(w->images, &image, &group, true))
		return 0;
	return group;
}

/* Whether any thread was new; -1: there is no such process. */
static int
mark_threads(struct watcher *w, pid_t pid)
{
	unsigned state = group_of(w, pid) * RECORD_GROUP | RECORD_OUTSIDE;
	const struct dirent *entry;
	int found = 0;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	dir = opendir(path);
	if (!dir)
		return -1;
	while ((entry = readdir(dir)))
		if (*entry->d_name != '.' && mark(w, (pid_t)atoi(entry->d_name), state))
			found = 1;
	closedir(dir);
	return found;
}

/* Threads that start meanwhile are either found, or their process is known to be
   watched when they start something. */
bool
watcher_add_process(struct watcher *w, pid_t pid)
{
	__u32 tgid = (__u32)pid, yes = 1;
	int found = 1;

	if (is_confined(pid))
		watcher_see_rejected(w);
	w->news->adopting = 1;
	if (watcher_update(w->adopted, &tgid, &yes, false))
		return false;
	for (int i = 0; i < PASSES && found > 0; i++)
		found = mark_threads(w, pid);
	return found >= 0;
}

void
watcher_add_threads(struct watcher *w)
{
	__u32 tgid, next;

	for (const void *at = NULL; watcher_next_key(w->adopted, at, &next) == 0;
	     at = &tgid) {
		tgid = next;
		for (int i = 0; i < PASSES && mark_threads(w, (pid_t)tgid) > 0; i++)
			continue;
	}
}

/* The processes of one cgroup. Returns whether any of their threads was new. */
static bool
mark_members(struct watcher *w, const char *folder)
{
	char path[PATH_MAX];
	bool found = false;
	int pid;
	FILE *f;

	snprintf(path, sizeof path, "%s/cgroup.procs", folder);
	f = fopen(path, "re");
	while (f && fscanf(f, "%d", &pid) == 1)
		found = (pid != getpid() && watcher_add_process(w, pid)) || found;
	if (f)
		fclose(f);
	return found;
}

/* Who comes from now on is seen by the kernel; who is there already is looked for
   behind that. */
bool
watcher_add_cgroup(struct watcher *w, const char *path)
{
	char *roots[] = {(char *)(uintptr_t)path, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	const FTSENT *entry;

	if (!walk)
		return false;
	while ((entry = fts_read(walk)))
		if (entry->fts_info == FTS_D)
			mark_members(w, entry->fts_path);
	fts_close(walk);
	return true;
}

bool
watcher_find_cgroup(const char *path, __u64 *ret)
{
	struct statfs fs;
	struct stat st;

	if (statfs(path, &fs) || stat(path, &st))
		return false;
	if (fs.f_type != CGROUP2_SUPER_MAGIC) {
		errno = ENOTSUP;
		return false;
	}
	*ret = st.st_ino;
	return true;
}

size_t
watcher_images(struct watcher *w)
{
	return w->news->images + 1;
}

char *
watcher_image(struct watcher *w, unsigned group)
{
	int fd = w->images;
	struct record_image image, next;
	unsigned number;

	for (const void *at = NULL; watcher_next_key(fd, at, &next) == 0; at = &image) {
		image = next;
		if (watcher_look_up(fd, &image, &number) == 0 && number == group)
			return strndup(image.path, sizeof image.path);
	}
	return NULL;
}

bool
watcher_mark(struct watcher *w, unsigned arch, uint32_t nr, uint32_t bits)
{
	int fd = w->marks;
	__u32 at = arch * RECORD_NUMBERS + nr, was = 0;

	if (nr >= RECORD_NUMBERS)
		return false;
	watcher_look_up(fd, &at, &was);
	bits |= was;
	return watcher_update(fd, &at, &bits, false) == 0;
}
