/* SPDX-License-Identifier: MIT */
/* Memory by lifetime: what an arena gave is freed with the arena, never one by one. */
#pragma once

#include "base/sv.h"

#include <stddef.h>

struct s2s_arena {
	struct s2s_arena_chunk *chunks; /* newest first */
	size_t used;                    /* bytes handed out, for limits and messages */
};

/* Zeroed memory, aligned for any type. Never NULL: out of memory ends the process with
   a message and exit status 4 (s2s_out_of_memory), since it is not a parse result. */
void *s2s_arena_alloc(struct s2s_arena *arena, size_t size);
#define s2s_arena_new(arena, type) ((type *)s2s_arena_alloc((arena), sizeof(type)))

/* A NUL-terminated copy. */
char *s2s_arena_strdup(struct s2s_arena *arena, struct s2s_sv s);

void s2s_arena_clear(struct s2s_arena *arena); /* ready for reuse, keeps one chunk */
void s2s_arena_done(struct s2s_arena *arena);

/* The heap for what grows: like reallocarray(), never NULL; free() ends its life. */
void *s2s_realloc(void *p, size_t n, size_t size);

/* Makes room for one more element behind *n in the array *p of capacity *cap. */
#define s2s_grow(p, n, cap)                                         \
	do {                                                        \
		if ((n) == (cap)) {                                 \
			(cap) = (cap) ? (cap)*2 : 8;                \
			(p) = s2s_realloc((p), (cap), sizeof *(p)); \
		}                                                   \
	} while (0)

/* Called instead of returning NULL: prints one line, lets the program tidy up (it may
   neither allocate nor return elsewhere, and any thread may be the caller), _exit(4).
 */
extern void (*s2s_at_out_of_memory)(void);
void s2s_out_of_memory(size_t size) __attribute__((noreturn));
