/* SPDX-License-Identifier: MIT */
/* The oracle of the registers: makes calls with registers that it knows, under strace
   and under a filter that answers them all without their being made, and compares what
   was bound from strace's text with what the kernel was given. */
#include "base/attr.h"
#include "base/map.h"
#include "bind/bind.h"
#include "kernel/constants.h"
#include "log.h"
#include "unmade.h"
#include "vectors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 12, SHOWN = 40, SKIP = 77, PROVEN_MIN = 900, LOG_MAX = 1 << 30 };

/* ---- the traced process ---- */

/* Small numbers for strace to decode. */
static bool
map_memory(void)
{
	uint32_t *p =
	    mmap((void *)VECTORS_MEMORY, VECTORS_MEMORY_SIZE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if ((uintptr_t)p != VECTORS_MEMORY)
		return false;
	for (uint32_t i = 0; i < VECTORS_MEMORY_SIZE / sizeof *p; i++)
		p[i] = i % 5;
	return true;
}

static int
traced(const struct vectors *vectors, const char *result)
{
	long value = atol(result);

	if (!map_memory() ||
	    !(value > 0 ? unmade_answers(value) : unmade_calls((unsigned)-value)))
		return 1;
	for (size_t i = 0; i < vectors->n; i++) {
		const uint64_t *r = vectors->v[i].reg;

		syscall(vectors->v[i].sc->nr, r[0], r[1], r[2], r[3], r[4], r[5]);
	}
	unmade_exit();
	return 1;
}

/* ---- comparing ---- */

struct checker {
	const struct vectors *vectors;
	uint64_t first; /* line of the first vector; 0: not yet seen */
	size_t seen;    /* vectors */
	struct s2s_diag diag;
	struct s2s_bind_counts counts;
	uint64_t compared, wrong, ambiguous;
	uint64_t proven[512][S2S_ARGS_MAX]; /* by number and argument */
};

static bool
agrees(const struct s2s_arg *arg, const struct s2s_kind *kind, uint64_t reg)
{
	switch (arg->state) {
	case S2S_ARG_KNOWN:
		return arg->value == (reg & s2s_width_mask(kind->width));
	case S2S_ARG_ADDRESS:
		return reg != 0;
	case S2S_ARG_UNKNOWN:
		break;
	}
	return true;
}

static void
complain(struct checker *c, const struct s2s_event *ev, const struct s2s_call *call,
	 int i, uint64_t reg)
{
	if (c->wrong++ < SHOWN)
		printf("%s.%s (%s, %d bits): register %#llx, bound %d %#llx: %.*s\n",
		       call->sc->name, call->sc->arg[i].name, call->kind[i]->name,
		       call->kind[i]->width, (unsigned long long)reg,
		       call->arg[i].state, (unsigned long long)call->arg[i].value,
		       (int)ev->line.n, ev->line.p);
}

static void
compare(struct checker *c, const struct s2s_event *ev, const struct s2s_call *call,
	const struct vector *v)
{
	for (int i = 0; i < call->sc->nargs; i++) {
		uint64_t reg = v->reg[i];

		if (call->arg[i].state == S2S_ARG_UNKNOWN)
			continue;
		c->compared++;
		if (!agrees(&call->arg[i], call->kind[i], reg))
			complain(c, ev, call, i, reg);
		else if (reg)
			c->proven[call->sc->nr % 512][i]++;
	}
}

/* DRM_IOCTL_SYNCOBJ_WAIT has grown: its name alone does not tell its value. */
static bool
is_ambiguous(const struct s2s_event *ev)
{
	size_t n, same = 0;
	const struct s2s_constant *row =
	    s2s_constants(S2S_ARCH_X86_64, "ioctl_cmd", &n);

	for (size_t i = 0; i < n && ev->nargs > 1; i++)
		same += sv_equal(ev->args[1].text, sv_from(row[i].name));
	return same > 1;
}

static enum s2s_status
on_call(void *self, const struct s2s_event *ev)
{
	struct checker *c = self;
	const struct vector *v;
	struct s2s_call call;

	if (ev->kind != S2S_EVENT_CALL)
		return S2S_OK;
	if (!c->first) {
		if (sv_equal(ev->name, SV("seccomp")))
			c->first = ev->place.line + 1;
		return S2S_OK;
	}
	if (ev->place.line - c->first >= c->vectors->n)
		return S2S_OK;
	v = &c->vectors->v[ev->place.line - c->first];
	c->seen++;
	if (s2s_bind_call(ev, S2S_ARCH_X86_64, &c->diag, &c->counts, &call) != S2S_OK)
		return S2S_OK; /* said and counted */
	if (call.sc != v->sc) {
		printf("%s was made, %s bound: %.*s\n", v->sc->name, call.sc->name,
		       (int)ev->line.n, ev->line.p);
		c->wrong++;
		return S2S_NO;
	}
	c->ambiguous += is_ambiguous(ev);
	compare(c, ev, &call, v);
	return S2S_OK;
}

static enum s2s_status
on_end(void *self)
{
	(void)self;
	return S2S_OK;
}

static void
say(void *self, enum s2s_log_level level, const char *text)
{
	(void)self;
	(void)level;
	printf("%s\n", text);
}

static size_t
proven(const struct checker *c)
{
	size_t n = 0;

	for (size_t nr = 0; nr < S2S_ARRAY_SIZE(c->proven); nr++)
		for (int i = 0; i < S2S_ARGS_MAX; i++)
			n += c->proven[nr][i] > 0;
	return n;
}

/* Only that the text lacks a value is no fault. */
static bool
is_clean(const struct checker *c)
{
	return c->wrong == 0 && c->diag.errors == 0 && c->seen == c->vectors->n &&
	       c->counts.unknown_symbols == c->ambiguous &&
	       c->diag.seen[S2S_DIAG_EXPRESSION] == 0 &&
	       c->diag.seen[S2S_DIAG_TOO_MANY_ARGS] == 0 && proven(c) >= PROVEN_MIN;
}

static bool
check(const struct vectors *vectors, const char *log)
{
	struct s2s_log messages = {.level = S2S_LOG_WARNING, .fn = say};
	struct checker *c = calloc(1, sizeof *c);
	bool clean;

	c->vectors = vectors;
	c->diag = (struct s2s_diag){.log = &messages, .tolerance = S2S_LENIENT};
	clean = parse_log(log, &c->diag, (struct s2s_event_sink){on_call, on_end, c}) &&
		is_clean(c);
	printf("%s: %zu of %zu calls, %llu arguments compared, %llu wrong, %llu "
	       "unknown, %zu (call, argument) proven\n",
	       log, c->seen, vectors->n, (unsigned long long)c->compared,
	       (unsigned long long)c->wrong, (unsigned long long)c->counts.unknown_args,
	       proven(c));
	free(c);
	return clean;
}

/* ---- tracing ---- */

static const struct run {
	const char *name, *result;
	const char *options[8];
} runs[] = {
    {"abbrev", "-38", {"-n"}},
    {"abbrev-done", "0", {"-n", "-y"}},
    {"verbose", "-38", {"-X", "verbose"}},
    {"verbose-done", "0", {"-X", "verbose", "-yy"}},
    {"raw", "-38", {"-X", "raw"}},
    {"registers", "-38", {"-e", "raw=all"}},
    {"whole-some", "2", {"-v", "-s", "4096", "-yy"}},
    {"hex-done", "0", {"-xx", "-v", "-Y", "-i"}},
    {"short-some", "100", {"-s", "0", "-x", "-X", "verbose", "-v", "-r"}},
    {"unread-some", "1", {"-e", "verbose=none", "-y", "-T"}},
};

static bool
trace(const struct run *run, const char *self, const char *asked, const char *log)
{
	const char *argv[20] = {"strace", "-o", log};
	int n = 3, status;
	pid_t pid;

	for (int i = 0; run->options[i]; i++)
		argv[n++] = run->options[i];
	argv[n++] = "--";
	argv[n++] = self;
	argv[n++] = "--traced";
	argv[n++] = run->result;
	argv[n++] = asked;
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		dup2(null, STDERR_FILENO); /* what strace could not read */
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){LOG_MAX, LOG_MAX});
		execvp("strace", (char **)argv);
		_exit(SKIP);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The vectors of the run with that number. Unless ORACLE_ROUNDS asks for more, each
   run has its share of the edges. */
static void
make(struct vectors *vectors, size_t run)
{
	const char *asked = getenv("ORACLE_ROUNDS"), *seed = getenv("ORACLE_SEED");
	struct vectors_wish wish = {ROUNDS, S2S_ARRAY_SIZE(runs), (unsigned)run, 0};

	if (asked)
		wish = (struct vectors_wish){(unsigned)atoi(asked), 1, 0, run};
	if (seed)
		wish.seed += strtoull(seed, NULL, 0);
	vectors_make(vectors, &wish);
}

int
main(int argc, char **argv)
{
	bool clean = true;

	if (argc == 4 && strcmp(argv[1], "--traced") == 0) {
		struct vectors vectors = {0};

		make(&vectors, (size_t)atoi(argv[3]));
		return traced(&vectors, argv[2]);
	}
	for (size_t i = 0; i < S2S_ARRAY_SIZE(runs); i++) {
		struct vectors vectors = {0};
		char log[64], number[8];

		snprintf(log, sizeof log, "registers-%s.strace", runs[i].name);
		snprintf(number, sizeof number, "%zu", i);
		make(&vectors, i);
		if (!trace(&runs[i], argv[0], number, log)) {
			printf("strace or ptrace(2) is missing\n");
			return SKIP;
		}
		clean = check(&vectors, log) && clean;
		unlink(log);
		vectors_done(&vectors);
	}
	return !clean;
}
