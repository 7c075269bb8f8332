/* SPDX-License-Identifier: MIT */
/* To be preloaded: lets an allocation fail, or reads and writes be short. What to do
   stands in the environment:
     FAULT_ALLOC=N     the Nth allocation fails; N+ also all that follow
     FAULT_COUNT=FILE  the number of allocations goes there, and which of them are the
		       first or the last from where they were asked for
     FAULT_SHORT=N     at most N bytes are read or written at once */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

/* What the command's malloc() stands on (src/cli/memory.c). */
static void *(*next_malloc)(size_t size);
static void *(*next_calloc)(size_t n, size_t size);
static void *(*next_realloc)(void *p, size_t size);

enum {
	DEPTH = 12,            /* so many callers tell allocations apart */
	COUNTED = 1024 * 1024, /* of them are looked at */
	PLACES = 64 * 1024,
};

/* Shared with the process that reads. */
static atomic_ulong *count;
static uint64_t *places; /* where each was asked for; with FAULT_COUNT only */
static unsigned long fails, most;
static int all_after;

static void *
share(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

__attribute__((constructor)) static void
begin(void)
{
	const char *alloc = getenv("FAULT_ALLOC"), *limit = getenv("FAULT_SHORT");
	char *end = NULL;

	if (alloc) {
		fails = strtoul(alloc, &end, 10);
		all_after = *end == '+';
	}
	if (limit)
		most = strtoul(limit, NULL, 10);
	if (getenv("FAULT_COUNT")) {
		void *callers[1];

		backtrace(callers, 1); /* loads what it needs */
		places = share(COUNTED * sizeof *places);
	}
	count = share(sizeof *count);
}

/* Where the allocation is asked for, as a number. */
static uint64_t
place(void)
{
	void *callers[DEPTH];
	int n = backtrace(callers, DEPTH);
	uint64_t hash = 14695981039346656037U;

	for (int i = 0; i < n; i++)
		hash = (hash ^ (uintptr_t)callers[i]) * 1099511628211U;
	return hash | 1;
}

/* Says at which of the n the place of another is seen for the first time: from the
   start, and from the end. */
static void
write_marked(FILE *file, unsigned long n)
{
	static uint64_t seen[PLACES];

	if (n > COUNTED)
		n = COUNTED;
	for (int backwards = 0; backwards < 2; backwards++) {
		memset(seen, 0, sizeof seen);
		for (unsigned long i = 0; i < n; i++) {
			unsigned long nth = backwards ? n - 1 - i : i;
			uint64_t *slot = &seen[places[nth] % PLACES];

			if (*slot != places[nth])
				fprintf(file, "%lu\n", nth + 1);
			*slot = places[nth];
		}
	}
}

__attribute__((destructor)) static void
end(void)
{
	const char *path = getenv("FAULT_COUNT");
	FILE *file = path ? fopen(path, "we") : NULL;

	if (file) {
		fprintf(file, "%lu\n", (unsigned long)*count);
		if (places)
			write_marked(file, *count);
		fclose(file);
	}
}

static int
is_refused(void)
{
	unsigned long nth = count ? atomic_fetch_add(count, 1) + 1 : 0;

	if (places && nth && nth <= COUNTED)
		places[nth - 1] = place();
	if (!fails || nth < fails || (nth > fails && !all_after))
		return 0;
	errno = ENOMEM;
	return 1;
}

EXPORT void *__libc_malloc(size_t size);
EXPORT void *__libc_calloc(size_t n, size_t size);
EXPORT void *__libc_realloc(void *p, size_t size);

/* Before the constructor ran. */
static void
find_next(void)
{
	if (next_realloc)
		return;
	*(void **)&next_malloc = dlsym(RTLD_NEXT, "__libc_malloc");
	*(void **)&next_calloc = dlsym(RTLD_NEXT, "__libc_calloc");
	*(void **)&next_realloc = dlsym(RTLD_NEXT, "__libc_realloc");
}

void *
__libc_malloc(size_t size)
{
	find_next();
	return is_refused() ? NULL : next_malloc(size);
}

void *
__libc_calloc(size_t n, size_t size)
{
	find_next();
	return is_refused() ? NULL : next_calloc(n, size);
}

void *
__libc_realloc(void *p, size_t size)
{
	find_next();
	return is_refused() ? NULL : next_realloc(p, size);
}

static size_t
shorten(size_t n)
{
	return most && n > most ? most : n;
}

EXPORT ssize_t
read(int fd, void *to, size_t n)
{
	return syscall(SYS_read, fd, to, shorten(n));
}

/* libseccomp writes into a memfd and takes what was written for all of it. */
EXPORT ssize_t
write(int fd, const void *from, size_t n)
{
	struct stat st; /* asked in a way that the sandbox permits */
	bool is_memfd = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 0;

	return syscall(SYS_write, fd, from, is_memfd ? n : shorten(n));
}

EXPORT ssize_t
pread(int fd, void *to, size_t n, off_t at)
{
	return syscall(SYS_pread64, fd, to, shorten(n), at);
}
