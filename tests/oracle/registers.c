/* SPDX-License-Identifier: MIT */
/* The oracle of the registers: makes calls with registers that it knows, under strace
   and under a filter that answers them all without their being made, and compares what
   was bound from strace's text with what the kernel was given.
   usage: registers [ARCH] */
#include "base/attr.h"
#include "bind/bind.h"
#include "log.h"
#include "make.h"
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

enum {
	ROUNDS = 12,
	SHOWN = 40,
	SKIP = 77,
	PROVEN_MIN = 900,
	LOG_MAX = 1 << 30,
	CALLS_MAX = 16
};

/* ---- the traced process ---- */

/* Small numbers for strace to decode. */
static bool
map_memory(enum s2s_arch arch)
{
	uintptr_t at = vectors_memory(arch);
	uint32_t *p = mmap((void *)at, VECTORS_MEMORY_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if ((uintptr_t)p != at)
		return false;
	for (uint32_t i = 0; i < VECTORS_MEMORY_SIZE / sizeof *p; i++)
		p[i] = i % 5;
	return true;
}

static int
traced(enum s2s_arch arch, const struct vectors *vectors, const char *result)
{
	long value = atol(result);

	if (!map_memory(arch) ||
	    !(value > 0 ? unmade_answers(value) : unmade_calls((unsigned)-value)))
		return 1;
	for (size_t i = 0; i < vectors->n; i++)
		make_call(arch, vectors->v[i].sc->nr, vectors->v[i].reg);
	unmade_exit();
	return 1;
}

/* ---- comparing ---- */

struct checker {
	enum s2s_arch arch;
	const struct vectors *vectors;
	uint64_t first; /* line of the first vector; 0: not yet seen */
	size_t seen;    /* vectors */
	struct s2s_diag diag;
	struct s2s_binder *binder;
	struct s2s_call call[CALLS_MAX]; /* that a line may tell of */
	int calls;
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

/* Names that stand for several values make several calls: one is the right one. */
static const struct s2s_call *
the_right_one(const struct checker *c, const struct vector *v)
{
	for (int n = 0; n < c->calls; n++) {
		const struct s2s_call *call = &c->call[n];
		int i = 0;

		while (i < call->sc->nargs &&
		       agrees(&call->arg[i], call->kind[i], v->reg[i]))
			i++;
		if (call->sc == v->sc && i == call->sc->nargs)
			return call;
	}
	return &c->call[0];
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

/* MIXER_WRITE(25) alone, of an strace that does not know what else has its number, is
   no command: see doc/binding.md. */
static bool
is_ambiguous(const struct s2s_event *ev)
{
	struct s2s_sv op = ev->nargs > 1 ? ev->args[1].text : SV("");

	return sv_equal(ev->name, SV("ioctl")) && sv_starts(op, SV("MIXER_WRITE(")) &&
	       sv_ends(op, SV(")"));
}

/* What socketcall and ipc are to do strace shows as a call of its own, with arguments
   from memory. */
static bool
is_through(const struct s2s_event *ev, const struct vector *v)
{
	const struct s2s_syscall *sc = NULL;
	const struct s2s_through *through =
	    s2s_syscall_through(v->sc->arch, ev->name, &sc);

	return through && sc == v->sc && through->value == v->reg[through->arg];
}

static enum s2s_status
on_call(void *self, const struct s2s_event *ev)
{
	struct checker *c = self;
	struct s2s_event_sink bind = s2s_binder_sink(c->binder);
	const struct s2s_call *call;
	const struct vector *v;

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
	c->calls = 0;
	TRY(bind.event(bind.self, ev));
	if (c->calls == 0 || is_through(ev, v))
		return S2S_OK; /* the former was said and counted */
	call = the_right_one(c, v);
	if (call->sc != v->sc) {
		printf("%s was made, %s bound: %.*s\n", v->sc->name, call->sc->name,
		       (int)ev->line.n, ev->line.p);
		c->wrong++;
		return S2S_NO;
	}
	c->ambiguous += is_ambiguous(ev);
	compare(c, ev, call, v);
	return S2S_OK;
}

static enum s2s_status
on_bound(void *self, const struct s2s_call *call)
{
	struct checker *c = self;

	if (c->calls < CALLS_MAX)
		c->call[c->calls++] = *call;
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
	       s2s_binder_counts(c->binder)->unknown_symbols == c->ambiguous &&
	       c->diag.seen[S2S_DIAG_EXPRESSION] == 0 &&
	       c->diag.seen[S2S_DIAG_TOO_MANY_ARGS] == 0 && proven(c) >= PROVEN_MIN;
}

static bool
check(enum s2s_arch arch, const struct vectors *vectors, const char *log)
{
	struct s2s_log messages = {.level = S2S_LOG_WARNING, .fn = say};
	struct checker *c = calloc(1, sizeof *c);
	bool clean;

	c->arch = arch;
	c->vectors = vectors;
	c->diag = (struct s2s_diag){.log = &messages, .tolerance = S2S_LENIENT};
	c->binder =
	    s2s_binder_new(&c->diag, arch, (struct s2s_call_sink){on_bound, on_end, c});
	clean = parse_log(log, &c->diag, (struct s2s_event_sink){on_call, on_end, c}) &&
		is_clean(c);
	printf("%s: %zu of %zu calls, %llu arguments compared, %llu wrong, %llu "
	       "unknown, %zu (call, argument) proven\n",
	       log, c->seen, vectors->n, (unsigned long long)c->compared,
	       (unsigned long long)c->wrong,
	       (unsigned long long)s2s_binder_counts(c->binder)->unknown_args,
	       proven(c));
	s2s_binder_free(c->binder);
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
    {"named", "-38", {"-N", "--color=always"}},
    {"named-raw-done", "0", {"-N", "-X", "raw", "-n"}},
};

/* strace with the options of a run, if any, and the command that follows. */
static bool
trace(const char *log, const struct run *run, const char *const *command)
{
	const char *argv[24] = {"strace", "-o", log};
	int n = 3, status;
	pid_t pid;

	for (int i = 0; run && run->options[i]; i++)
		argv[n++] = run->options[i];
	argv[n++] = "--";
	for (int i = 0; command[i]; i++)
		argv[n++] = command[i];
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
make(enum s2s_arch arch, size_t run, struct vectors *vectors)
{
	const char *asked = getenv("ORACLE_ROUNDS"), *seed = getenv("ORACLE_SEED");
	struct vectors_wish wish = {arch, ROUNDS, S2S_ARRAY_SIZE(runs), (unsigned)run,
				    0};

	if (asked)
		wish = (struct vectors_wish){arch, (unsigned)atoi(asked), 1, 0, run};
	if (seed)
		wish.seed += strtoull(seed, NULL, 0);
	vectors_make(vectors, &wish);
}

/* 0: the run is as it should be. An older strace may not take its options. */
static int
check_run(enum s2s_arch arch, size_t i, const char *self)
{
	struct vectors vectors = {0};
	char log[64], number[8];
	const char *const vain[] = {"true", NULL};
	const char *const traced[] = {self,           "--traced", s2s_arch_name(arch),
				      runs[i].result, number,     NULL};
	int status = SKIP;

	snprintf(log, sizeof log, "registers-%s-%s.strace", s2s_arch_name(arch),
		 runs[i].name);
	snprintf(number, sizeof number, "%zu", i);
	make(arch, i, &vectors);
	if (trace(log, &runs[i], traced))
		status = !check(arch, &vectors, log);
	else if (trace(log, NULL, vain) && !trace(log, &runs[i], vain))
		status = 0, printf("%s: this strace does not take its options\n", log);
	unlink(log);
	vectors_done(&vectors);
	return status;
}

int
main(int argc, char **argv)
{
	bool is_traced = argc == 5 && strcmp(argv[1], "--traced") == 0;
	enum s2s_arch arch = make_arch(argv[is_traced ? 2 : 1]);
	int failed = 0;

	if (is_traced) {
		struct vectors vectors = {0};

		make(arch, (size_t)atoi(argv[4]), &vectors);
		return traced(arch, &vectors, argv[3]);
	}
	if (!make_works(arch)) {
		printf("skipped: this kernel takes no calls of %s\n",
		       s2s_arch_name(arch));
		return SKIP;
	}
	for (size_t i = 0; i < S2S_ARRAY_SIZE(runs); i++) {
		int status = check_run(arch, i, argv[0]);

		if (status == SKIP) {
			printf("skipped: strace or ptrace(2) is missing\n");
			return SKIP;
		}
		failed |= status;
	}
	return failed;
}
