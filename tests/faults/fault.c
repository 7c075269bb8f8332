/* SPDX-License-Identifier: MIT */
/* To be preloaded: lets an allocation fail, or reads and writes be short. What to do
   stands in the environment:
     FAULT_ALLOC=N     the Nth allocation fails; N+ also all that follow
     FAULT_COUNT=FILE  the number of allocations goes there
     FAULT_SHORT=N     at most N bytes are read or written at once */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
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

/* Shared with the process that reads. */
static atomic_ulong *count;
static unsigned long fails, most;
static int all_after;

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
	count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

__attribute__((destructor)) static void
end(void)
{
	const char *path = getenv("FAULT_COUNT");
	FILE *file = path ? fopen(path, "we") : NULL;

	if (file) {
		fprintf(file, "%lu\n", (unsigned long)*count);
		fclose(file);
	}
}

static int
is_refused(void)
{
	unsigned long nth = count ? atomic_fetch_add(count, 1) + 1 : 0;

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
