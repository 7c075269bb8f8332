/* SPDX-License-Identifier: MIT */
/* The allocator of the whole process, libraries included: glibc's, but a failure ends
   it. libseccomp 2.5.4 is why: where an allocation fails it crashes
   (seccomp_export_bpf) or goes on with a filter that lacks rules. */
#include "base/arena.h"

#include <stddef.h>

/* Exported by glibc for this; dlsym() would allocate. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);

__attribute__((visibility("default"))) void *malloc(size_t size);
__attribute__((visibility("default"))) void *calloc(size_t n, size_t size);
__attribute__((visibility("default"))) void *realloc(void *p, size_t size);

void *
malloc(size_t size)
{
	void *p = __libc_malloc(size);

	if (!p)
		s2s_out_of_memory(size);
	return p;
}

void *
calloc(size_t n, size_t size)
{
	void *p = __libc_calloc(n, size);

	if (!p)
		s2s_out_of_memory(size);
	return p;
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
