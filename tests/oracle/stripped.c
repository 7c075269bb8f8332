/* SPDX-License-Identifier: MIT */
/* The oracle of the symbols: strace -X verbose prints each constant as number and as
   name. What is bound from such a log, and from its text without the numbers, must be
   the same.   usage: stripped LOG… */
#include "base/map.h"
#include "bind/bind.h"
#include "log.h"

#include <stdio.h>
#include <stdlib.h>

enum { SHOWN = 20 };

struct side {
	struct s2s_atoms atoms;
	struct s2s_diag diag;
	struct s2s_bind_counts counts;
	struct s2s_parser *parser;
	struct s2s_line_sink lines;
	struct s2s_call call; /* that the last line completed */
	bool has_call;
};

static enum s2s_status
on_event(void *self, const struct s2s_event *ev)
{
	struct side *side = self;

	side->has_call = ev->kind == S2S_EVENT_CALL &&
			 s2s_bind_call(ev, S2S_ARCH_X86_64, &side->diag, &side->counts,
				       &side->call) == S2S_OK;
	return S2S_OK;
}

static void
say(void *self, enum s2s_log_level level, const char *text)
{
	(void)level;
	printf("%s: %s\n", (const char *)self, text);
}

static void
side_init(struct side *side, struct s2s_log *log)
{
	*side = (struct side){.diag = {.log = log, .tolerance = S2S_LENIENT}};
	side->parser = s2s_parser_new(&side->diag, &s2s_limits_default, &side->atoms,
				      (struct s2s_event_sink){on_event, NULL, side});
	side->lines = s2s_parser_sink(side->parser);
}

static void
side_done(struct side *side)
{
	s2s_parser_free(side->parser);
	s2s_atoms_done(&side->atoms);
}

static bool
side_line(struct side *side, const char *path, uint64_t number, const char *p, size_t n)
{
	struct s2s_line line = {.text = {p, n}, .file = path, .number = number};

	side->has_call = false;
	return side->lines.event(side->lines.self, &line) == S2S_OK;
}

static bool
same(const struct side *a, const struct side *b)
{
	if (a->has_call != b->has_call)
		return false;
	for (int i = 0; a->has_call && i < S2S_ARGS_MAX; i++)
		if (a->call.arg[i].state != b->call.arg[i].state ||
		    a->call.arg[i].value != b->call.arg[i].value ||
		    a->call.kind[i] != b->call.kind[i])
			return false;
	return !a->has_call || a->call.sc == b->call.sc;
}

struct comparison {
	struct side full, bare;
	uint64_t lines, stripped, wrong;
};

static void
compare_line(struct comparison *c, const char *path, const char *p, size_t n, char *buf)
{
	size_t bare = strip_line(p, n, buf);
	bool fine = side_line(&c->full, path, ++c->lines, p, n);

	fine &= side_line(&c->bare, path, c->lines, buf, bare);
	c->stripped += bare != n;
	if (fine && same(&c->full, &c->bare))
		return;
	if (c->wrong++ < SHOWN)
		printf("%s:%llu: not the same:\n  %.*s\n  %.*s\n", path,
		       (unsigned long long)c->lines, (int)n, p, (int)bare, buf);
}

static bool
compare_file(struct comparison *c, const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = NULL, *buf = NULL;
	size_t cap = 0;
	ssize_t n;

	while (f && (n = getline(&text, &cap, f)) > 0) {
		buf = realloc(buf, cap);
		compare_line(c, path, text, (size_t)n - (text[n - 1] == '\n'), buf);
	}
	free(text);
	free(buf);
	if (f)
		fclose(f);
	return f && c->lines;
}

static bool
check(const char *path)
{
	char names[2][16] = {"with numbers", "without"};
	struct s2s_log full = {S2S_LOG_WARNING, say, names[0]};
	struct s2s_log bare = {S2S_LOG_WARNING, say, names[1]};
	struct comparison c = {0};
	bool fine;

	side_init(&c.full, &full);
	side_init(&c.bare, &bare);
	fine = compare_file(&c, path) && c.wrong == 0 && c.full.diag.errors == 0 &&
	       c.bare.counts.unknown_symbols == 0;
	printf(
	    "%s: %llu lines, %llu with symbols, %llu calls, %llu arguments, %llu not "
	    "the same\n",
	    path, (unsigned long long)c.lines, (unsigned long long)c.stripped,
	    (unsigned long long)c.full.counts.calls,
	    (unsigned long long)c.full.counts.args, (unsigned long long)c.wrong);
	side_done(&c.full);
	side_done(&c.bare);
	return fine;
}

int
main(int argc, char **argv)
{
	bool fine = argc > 1;

	for (int i = 1; i < argc; i++)
		fine = check(argv[i]) && fine;
	return !fine;
}
