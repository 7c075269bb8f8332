/* SPDX-License-Identifier: MIT */
#include "record/watching.h"

#include "base/arena.h"
#include "base/attr.h"
#include "record/table.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "watch.lskel"

enum { DISTINCT = 65536 };

/* value and next_key are two names of one place. */
static int
ask_map(enum bpf_cmd what, int map, const void *key, void *ret)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof attr);
	attr.map_fd = (__u32)map;
	attr.key = (uintptr_t)key;
	attr.value = (uintptr_t)ret;
	return skel_sys_bpf(what, &attr, sizeof attr);
}

int
watcher_next_key(int map, const void *key, void *next)
{
	return ask_map(BPF_MAP_GET_NEXT_KEY, map, key, next);
}

int
watcher_look_up(int map, const void *key, void *value)
{
	return ask_map(BPF_MAP_LOOKUP_ELEM, map, key, value);
}

int
watcher_update(int map, const void *key, const void *value, bool is_new)
{
	return skel_map_update_elem(map, key, value, is_new ? BPF_NOEXIST : BPF_ANY);
}

/* Loads a program of the kind that is needed, which does nothing; returns errno. */
static int
try_program(void)
{
	static const struct bpf_insn insn[] = {
	    {.code = BPF_ALU64 | BPF_MOV | BPF_K},
	    {.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof attr);
	attr.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT;
	attr.insns = (uintptr_t)insn;
	attr.insn_cnt = S2S_ARRAY_SIZE(insn);
	attr.license = (uintptr_t) "";
	fd = skel_sys_bpf(BPF_PROG_LOAD, &attr, sizeof attr);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/* The number of the first namespace is part of the kernel's interface
   (PROC_PID_INIT_INO, linux/proc_ns.h). */
static bool
has_kernels_numbers(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) == 0 && st.st_ino == 0xeffffffc;
}

const char *
watcher_unfit(void)
{
	if (!has_kernels_numbers())
		return "it takes the first PID namespace: in a container, processes "
		       "have "
		       "other numbers than in the kernel";
	if (access("/sys/kernel/btf/vmlinux", R_OK) != 0)
		return "the kernel has no BTF (/sys/kernel/btf/vmlinux)";
	switch (try_program()) {
	case 0:
		return NULL;
	case EPERM:
	case EACCES:
		return "it takes CAP_BPF and CAP_PERFMON, which root has (outside of "
		       "containers)";
	}
	return "the kernel takes no eBPF programs";
}

static size_t
pid_max(void)
{
	size_t max = 0;
	FILE *f = fopen("/proc/sys/kernel/pid_max", "re");

	if (!f || fscanf(f, "%zu", &max) != 1)
		max = 1 << 22; /* what the kernel takes at most */
	if (f)
		fclose(f);
	return max;
}

static size_t
processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_CONF);

	return n > 0 ? (size_t)n : 1;
}

static void *
map_in(int fd, size_t n, size_t size)
{
	void *p = mmap(NULL, n * size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* All at once. */
static bool
fill_steps(int map, const struct record_table *table)
{
	struct record_step *at = s2s_realloc(NULL, table->n, sizeof *at);
	struct record_row *row = s2s_realloc(NULL, table->n, sizeof *row);
	union bpf_attr attr;
	int rc;

	for (size_t i = 0; i < table->n; i++) {
		at[i] = table->steps[i].at;
		row[i] = table->steps[i].row;
	}
	memset(&attr, 0, sizeof attr);
	attr.batch.map_fd = (__u32)map;
	attr.batch.keys = (uintptr_t)at;
	attr.batch.values = (uintptr_t)row;
	attr.batch.count = (__u32)table->n;
	rc = skel_sys_bpf(BPF_MAP_UPDATE_BATCH, &attr, sizeof attr);
	free(at);
	free(row);
	return rc == 0;
}

static bool
fill_table(struct watcher *w, const struct record_table *table)
{
	size_t n = RECORD_ARCHES * (size_t)RECORD_NUMBERS;
	struct record_row *rows = map_in(w->kernel->maps.rows.map_fd, n, sizeof *rows);

	if (!rows)
		return false;
	memcpy(rows, table->rows, n * sizeof *rows);
	munmap(rows, n * sizeof *rows);
	return fill_steps(w->kernel->maps.steps.map_fd, table);
}

static bool
map_news(struct watcher *w)
{
	int fd = w->kernel->maps.told.map_fd;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *told = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, (off_t)page);

	w->heard = map_in(fd, 1, page);
	w->told = told == MAP_FAILED ? NULL : told;
	return w->heard && w->told;
}

static void
unmap_news(struct watcher *w)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (w->heard)
		munmap(w->heard, page);
	if (w->told)
		munmap((void *)(uintptr_t)w->told, page);
}

static bool
load(struct watcher *w, size_t distinct, const struct record_asked *asked,
     const struct record_table *table)
{
	w->kernel = record_watch__open();
	if (!w->kernel)
		return false;
	w->kernel->rodata->asked = *asked;
	w->by_image = asked->by_image;
	w->n_slots = processors() * RECORD_SLOTS;
	w->n_threads = pid_max() / RECORD_CHUNK + 1;
	w->kernel->maps.slots.max_entries = (__u32)w->n_slots;
	w->kernel->maps.threads.max_entries = (__u32)w->n_threads;
	w->kernel->maps.calls.max_entries = (__u32)(distinct ? distinct : DISTINCT);
	w->kernel->maps.steps.max_entries = (__u32)table->n;
	if (record_watch__load(w->kernel) != 0)
		return false;
	w->news = &w->kernel->bss->news;
	w->images = w->kernel->maps.images.map_fd;
	w->marks = w->kernel->maps.marks.map_fd;
	w->adopted = w->kernel->maps.adopted.map_fd;
	w->slots = map_in(w->kernel->maps.slots.map_fd, w->n_slots, sizeof *w->slots);
	w->threads =
	    map_in(w->kernel->maps.threads.map_fd, w->n_threads, sizeof *w->threads);
	return w->slots && w->threads && map_news(w) && fill_table(w, table);
}

/* Those who follow before those who count. */
static bool
attach(struct watcher *w)
{
	return record_watch__gone__attach(w->kernel) >= 0 &&
	       record_watch__moved__attach(w->kernel) >= 0 &&
	       record_watch__exec__attach(w->kernel) >= 0 &&
	       record_watch__fork__attach(w->kernel) >= 0 &&
	       record_watch__enter__attach(w->kernel) >= 0;
}

struct watcher *
watcher_new(size_t distinct, const struct record_asked *asked,
	    const struct s2s_log *log)
{
	struct watcher *w = s2s_realloc(NULL, 1, sizeof *w);
	struct record_table table;
	bool loaded;

	*w = (struct watcher){.log = log};
	errno = 0;
	record_table_new(&table);
	loaded = load(w, distinct, asked, &table);
	record_table_free(&table);
	if (loaded && attach(w))
		return w;
	s2s_log(log, S2S_LOG_ERROR, "the kernel refuses the recorder: %s",
		strerror(errno));
	watcher_free(w);
	return NULL;
}

void
watcher_free(struct watcher *w)
{
	if (!w)
		return;
	if (w->slots)
		munmap(w->slots, w->n_slots * sizeof *w->slots);
	if (w->threads)
		munmap(w->threads, w->n_threads * sizeof *w->threads);
	unmap_news(w);
	if (w->kernel)
		record_watch__destroy(w->kernel);
	free(w);
}

/* By the clock of the program in the kernel. */
static uint64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void
watcher_see_rejected(struct watcher *w)
{
	if (w->kernel->links.leave_fd > 0)
		return;
	if (record_watch__leave__attach(w->kernel) < 0)
		s2s_log(w->log, S2S_LOG_WARNING,
			"calls that a filter rejects are not recorded: %s",
			strerror(errno));
	else
		w->news->sees_ends = now_ns();
}

uint64_t
watcher_unseen_ns(const struct watcher *w)
{
	const volatile struct record_news *news = w->news;
	uint64_t until = news->sees_ends ? news->sees_ends : now_ns();

	if (news->unseen <= 0 || !news->first_filter || until <= news->first_filter)
		return 0;
	return until - news->first_filter;
}

const volatile struct record_news *
watcher_look(struct watcher *w)
{
	struct record_news *news = w->news;

	if (news->filters && !atomic_exchange(&w->filter_seen, true))
		watcher_see_rejected(w);
	return news;
}

int
watcher_fd(const struct watcher *w)
{
	return w->kernel->maps.told.map_fd;
}

void
watcher_hear(struct watcher *w)
{
	*w->heard = *w->told;
}

static void
close_link(int *fd)
{
	skel_closenz(*fd);
	*fd = 0;
}

/* What runs at this moment on another processor has ended behind the barrier. */
void
watcher_stop(struct watcher *w)
{
	close_link(&w->kernel->links.enter_fd);
	close_link(&w->kernel->links.leave_fd);
	close_link(&w->kernel->links.fork_fd);
	close_link(&w->kernel->links.moved_fd);
	close_link(&w->kernel->links.exec_fd);
	close_link(&w->kernel->links.gone_fd);
	if (w->news->living > 0)
		syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

enum s2s_status
watcher_read(struct watcher *w,
	     enum s2s_status (*each)(void *self, const struct record_key *key,
				     uint64_t count),
	     void *self)
{
	int fd = w->kernel->maps.calls.map_fd;
	struct record_key key, next;
	uint64_t count;

	for (size_t i = 0; i < w->n_slots; i++)
		if (w->slots[i].count)
			TRY(each(self, &w->slots[i].key, w->slots[i].count));
	for (const void *at = NULL; watcher_next_key(fd, at, &next) == 0; at = &key) {
		key = next;
		if (watcher_look_up(fd, &key, &count) == 0)
			TRY(each(self, &key, count));
	}
	return S2S_OK;
}
