/* SPDX-License-Identifier: MIT */
/* The allocator of the whole process, libraries included: glibc's, but a failure ends
   it. libseccomp 2.5.4 is why: where an allocation fails it crashes
   (seccomp_export_bpf) or goes on with a filter that lacks rules. All of the family is
   here: what one allocator gave and another, preloaded, is asked to free is a crash. */
#include "base/arena.h"

#include <errno.h>
#include <stddef.h>

/* Exported by glibc for this; dlsym() would allocate. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *p);

__attribute__((visibility("default"))) void *malloc(size_t size);
__attribute__((visibility("default"))) void *calloc(size_t n, size_t size);
__attribute__((visibility("default"))) void *realloc(void *p, size_t size);
__attribute__((visibility("default"))) void *memalign(size_t alignment, size_t size);
__attribute__((visibility("default"))) void *aligned_alloc(size_t alignment,
							   size_t size);
__attribute__((visibility("default"))) int posix_memalign(void **ret, size_t alignment,
							  size_t size);
__attribute__((visibility("default"))) void free(void *p);

static void *
gotten(void *p, size_t size)
{
	if (!p)
		s2s_out_of_memory(size);
	return p;
}

void *
malloc(size_t size)
{
	return gotten(__libc_malloc(size), size);
}

void *
calloc(size_t n, size_t size)
{
	return gotten(__libc_calloc(n, size), size);
}

/* Of size 0 it frees, and NULL is the answer. */
void *
realloc(void *p, size_t size)
{
	void *grown = __libc_realloc(p, size);

	if (!grown && size)
		s2s_out_of_memory(size);
	return grown;
}

void *
memalign(size_t alignment, size_t size)
{
	return gotten(__libc_memalign(alignment, size), size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int
posix_memalign(void **ret, size_t alignment, size_t size)
{
	if (alignment < sizeof(void *) || (alignment & (alignment - 1)))
		return EINVAL;
	*ret = memalign(alignment, size);
	return 0;
}

void
free(void *p)
{
	__libc_free(p);
}
