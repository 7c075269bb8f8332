/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CHUNK_MIN = 64 * 1024 };

struct s2s_arena_chunk {
	struct s2s_arena_chunk *next;
	size_t size, used;
	alignas(max_align_t) char data[];
};

void (*s2s_at_out_of_memory)(void);

void
s2s_out_of_memory(size_t size)
{
	static const char text[] = "strace2seccomp: error: out of memory\n";

	(void)size;
	if (write(STDERR_FILENO, text, sizeof text - 1) < 0) {
		/* nothing is left to say it with */
	}
	if (s2s_at_out_of_memory)
		s2s_at_out_of_memory();
	_exit(4);
}

void *
s2s_realloc(void *p, size_t n, size_t size)
{
	void *grown;

	if (size && n > SIZE_MAX / size)
		s2s_out_of_memory(SIZE_MAX);
	if (n * size == 0)
		n = size = 1;
	grown = realloc(p, n * size);
	if (!grown)
		s2s_out_of_memory(n * size);
	return grown;
}

static struct s2s_arena_chunk *
chunk_new(size_t size)
{
	struct s2s_arena_chunk *chunk;

	if (size < CHUNK_MIN)
		size = CHUNK_MIN;
	if (size > SIZE_MAX - sizeof *chunk)
		s2s_out_of_memory(size);
	chunk = s2s_realloc(NULL, 1, sizeof *chunk + size);
	*chunk = (struct s2s_arena_chunk){.size = size};
	return chunk;
}

void *
s2s_arena_alloc(struct s2s_arena *arena, size_t size)
{
	struct s2s_arena_chunk *chunk = arena->chunks;
	size_t align = alignof(max_align_t);
	void *p;

	if (size > SIZE_MAX / 2)
		s2s_out_of_memory(size);
	size = (size + align - 1) / align * align;
	if (!chunk || chunk->size - chunk->used < size) {
		chunk = chunk_new(size);
		chunk->next = arena->chunks;
		arena->chunks = chunk;
	}
	p = chunk->data + chunk->used;
	chunk->used += size;
	arena->used += size;
	return memset(p, 0, size);
}

char *
s2s_arena_strdup(struct s2s_arena *arena, struct s2s_sv s)
{
	char *copy = s2s_arena_alloc(arena, s.n + 1);

	if (s.n)
		memcpy(copy, s.p, s.n);
	return copy;
}

static void
free_chunks(struct s2s_arena_chunk *chunk)
{
	while (chunk) {
		struct s2s_arena_chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
}

void
s2s_arena_clear(struct s2s_arena *arena)
{
	struct s2s_arena_chunk *keep = arena->chunks;

	if (keep) {
		free_chunks(keep->next);
		keep->next = NULL;
		keep->used = 0;
	}
	arena->used = 0;
}

void
s2s_arena_done(struct s2s_arena *arena)
{
	free_chunks(arena->chunks);
	*arena = (struct s2s_arena){0};
}
