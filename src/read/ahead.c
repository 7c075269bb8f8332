/* SPDX-License-Identifier: MIT */
/* A ring of blocks. A thread takes the next free one, reads into it while the others
   wait for their turn, and prepares it while they read. So does the caller's, where it
   would have to wait otherwise. */
#include "read/ahead.h"

#include "base/arena.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BLOCK = 128 * 1024,
	THREADS_MAX = 16,
	BLOCKS_MAX = 2 * THREADS_MAX + 2,
	LOOK_UP_MS = 1000 /* how long a thread may miss that all is to end */
};

enum state { FREE, TAKEN, READY };

struct slot {
	enum state state;
	struct read_block block;
	void *memory; /* what was prepared there before, for use again */
};

struct read_ahead {
	int fd, wake; /* an eventfd: readable where all is to end */
	bool may_block;
	struct s2s_line_sink sink;
	pthread_t threads[THREADS_MAX];
	unsigned nthreads;

	/* Of the thread that is reading: the beginning of a line. */
	char carry[BLOCK];
	size_t ncarry;

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t changed;
	struct slot slots[BLOCKS_MAX];
	unsigned nslots;
	uint64_t next_read, next_out;
	bool reading, over, stop;
};

static bool
is_stopped(struct read_ahead *a)
{
	bool stop;

	pthread_mutex_lock(&a->lock);
	stop = a->stop;
	pthread_mutex_unlock(&a->lock);
	return stop;
}

/* Waits until there is something to read; false: all is to end. */
static bool
wait_for_input(struct read_ahead *a)
{
	struct pollfd fds[] = {{.fd = a->fd, .events = POLLIN},
			       {.fd = a->wake, .events = POLLIN}};

	if (!a->may_block)
		return true;
	while (poll(fds, 2, LOOK_UP_MS) <= 0)
		if (is_stopped(a))
			return false;
	return !fds[1].revents;
}

static ssize_t
read_some(struct read_ahead *a, char *to, size_t max)
{
	ssize_t n;

	if (!wait_for_input(a))
		return 0;
	do
		n = read(a->fd, to, max);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Whole lines as far as they are at hand; where not even one fits, its beginning. */
static void
read_block(struct read_ahead *a, struct read_block *block)
{
	const char *newline = NULL;
	size_t n = a->ncarry;
	ssize_t got = 1;

	memcpy(block->buf, a->carry, n);
	while (!newline && n < BLOCK && got > 0) {
		got = read_some(a, block->buf + n, BLOCK - n);
		if (got < 0)
			block->error = errno;
		if (got <= 0)
			break;
		newline = memrchr(block->buf + n, '\n', (size_t)got);
		n += (size_t)got;
	}
	a->ncarry = newline ? n - (size_t)(newline + 1 - block->buf) : 0;
	if (newline)
		memcpy(a->carry, newline + 1, a->ncarry);
	block->n = got < 0 ? -1 : (ssize_t)(n - a->ncarry);
}

static bool
is_whole(const struct read_block *block)
{
	return block->n > 0 && block->buf[block->n - 1] == '\n';
}

/* The next slot to read into, or NULL where there is none just now. */
static struct slot *
take_slot(struct read_ahead *a)
{
	struct slot *slot = &a->slots[a->next_read % a->nslots];

	if (a->over || a->reading || slot->state != FREE)
		return NULL;
	slot->state = TAKEN;
	a->next_read++;
	a->reading = true;
	return slot;
}

/* Reads a slot and prepares it; meanwhile the lock is not held. */
static void
fill_slot(struct read_ahead *a, struct slot *slot)
{
	pthread_mutex_unlock(&a->lock);
	read_block(a, &slot->block);
	pthread_mutex_lock(&a->lock);
	a->reading = false;
	a->over = slot->block.n <= 0;
	pthread_cond_broadcast(&a->changed);
	pthread_mutex_unlock(&a->lock);
	if (is_whole(&slot->block))
		slot->block.prepared = slot->memory = a->sink.bulk->prepare(
		    a->sink.self,
		    (struct s2s_sv){slot->block.buf, (size_t)slot->block.n},
		    slot->memory);
	pthread_mutex_lock(&a->lock);
	slot->state = READY;
	pthread_cond_broadcast(&a->changed);
}

static void *
work(void *self)
{
	struct read_ahead *a = self;

	pthread_mutex_lock(&a->lock);
	while (!a->stop && !a->over) {
		struct slot *slot = take_slot(a);

		if (slot)
			fill_slot(a, slot);
		else
			pthread_cond_wait(&a->changed, &a->lock);
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

/* Signals are for the threads of the caller; but blocked, that a filter stops a call of
   this thread would be told nobody. */
static void
start(struct read_ahead *a, unsigned threads)
{
	sigset_t all, was;

	sigfillset(&all);
	sigdelset(&all, SIGSYS);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	while (a->nthreads < threads && a->nthreads < THREADS_MAX &&
	       pthread_create(&a->threads[a->nthreads], NULL, work, a) == 0)
		a->nthreads++;
	pthread_sigmask(SIG_SETMASK, &was, NULL);
}

struct read_ahead *
read_ahead_new(int fd, unsigned threads, struct s2s_line_sink sink)
{
	struct read_ahead *a = s2s_realloc(NULL, 1, sizeof *a);
	struct stat st;

	*a = (struct read_ahead){.fd = fd, .sink = sink};
	a->may_block = fstat(fd, &st) != 0 || !S_ISREG(st.st_mode);
	a->wake = eventfd(0, EFD_CLOEXEC);
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	a->nslots = threads < THREADS_MAX ? 2 * threads + 2 : BLOCKS_MAX;
	for (unsigned i = 0; i < a->nslots; i++) {
		struct read_block *block = &a->slots[i].block;

		block->cap = BLOCK;
		block->buf = s2s_realloc(NULL, BLOCK + S2S_READ_AHEAD, 1);
		memset(block->buf, 0, BLOCK + S2S_READ_AHEAD);
	}
	if (a->wake >= 0)
		start(a, threads);
	if (a->nthreads)
		return a;
	read_ahead_free(a);
	return NULL;
}

/* The slot handed out last is free again. A buffer that the caller gave for its own may
   be too small. */
static void
give_back(struct read_ahead *a)
{
	struct slot *slot = &a->slots[(a->next_out - 1) % a->nslots];

	if (a->next_out == 0)
		return;
	if (slot->block.cap < BLOCK) {
		slot->block.cap = BLOCK;
		slot->block.buf =
		    s2s_realloc(slot->block.buf, BLOCK + S2S_READ_AHEAD, 1);
		memset(slot->block.buf, 0, BLOCK + S2S_READ_AHEAD);
	}
	slot->block.prepared = NULL;
	slot->state = FREE;
	pthread_cond_broadcast(&a->changed);
}

struct read_block *
read_ahead_next(struct read_ahead *a)
{
	struct slot *slot;

	pthread_mutex_lock(&a->lock);
	give_back(a);
	slot = &a->slots[a->next_out++ % a->nslots];
	while (slot->state != READY) {
		/* the reader of a pipe may have to wait longer than for that slot */
		struct slot *other = a->may_block ? NULL : take_slot(a);

		if (other)
			fill_slot(a, other);
		else
			pthread_cond_wait(&a->changed, &a->lock);
	}
	pthread_mutex_unlock(&a->lock);
	return &slot->block;
}

void
read_ahead_free(struct read_ahead *a)
{
	static const uint64_t one = 1;

	if (!a)
		return;
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	pthread_cond_broadcast(&a->changed);
	pthread_mutex_unlock(&a->lock);
	if (a->wake >= 0 && write(a->wake, &one, sizeof one) != sizeof one) {
		/* then they look up by themselves */
	}
	for (unsigned i = 0; i < a->nthreads; i++)
		pthread_join(a->threads[i], NULL);
	if (a->wake >= 0)
		close(a->wake);
	for (unsigned i = 0; i < a->nslots; i++) {
		free(a->slots[i].block.buf);
		free(a->slots[i].memory);
	}
	pthread_cond_destroy(&a->changed);
	pthread_mutex_destroy(&a->lock);
	free(a);
}
