/* SPDX-License-Identifier: MIT */
/* Do the grammar and the parser accept the same lines? Feeds lines of the logs given,
   as they are and mutated, to the recogniser that leg made of doc/strace.peg and to
   s2s_strace_line(). usage: twin MUTATIONS LOG... */
#include "base/out.h"
#include "parse/parse.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE_MAX_BYTES = 4096, SHOW_MAX = 10 };

bool peg_accepts(struct s2s_sv line);

struct corpus {
	struct s2s_sv *line;
	size_t n, cap;
	struct s2s_arena arena;
};

static struct {
	uint64_t lines, accepted, different;
	struct s2s_arena arena;
} twin;

static bool
hand_accepts(struct s2s_sv line, struct s2s_syntax_error *error)
{
	struct s2s_event ev;

	s2s_arena_clear(&twin.arena);
	return s2s_strace_line(line, &s2s_limits_default, &twin.arena, &ev, error) ==
	       S2S_OK;
}

static void
show_difference(struct s2s_sv line, bool by_peg, const struct s2s_syntax_error *error)
{
	struct s2s_out out;

	if (++twin.different > SHOW_MAX)
		return;
	s2s_out_fd(&out, 1);
	if (by_peg)
		s2s_out_printf(
		    &out, "only the grammar accepts (%u: expected %s): ", error->column,
		    error->expected ? error->expected : "less depth");
	else
		s2s_out_str(&out, "only the parser accepts: ");
	s2s_out_escaped(&out, line);
	s2s_out_char(&out, '\n');
	s2s_out_end(&out);
	s2s_out_done(&out);
}

static void
compare(struct s2s_sv line)
{
	struct s2s_syntax_error error = {0};
	bool by_peg = peg_accepts(line), by_hand = hand_accepts(line, &error);

	twin.lines++;
	twin.accepted += by_hand;
	if (by_peg != by_hand)
		show_difference(line, by_peg, &error);
}

static void
load(struct corpus *corpus, const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t cap = 0;
	ssize_t n;

	if (!f) {
		perror(path);
		exit(1);
	}
	while ((n = getline(&text, &cap, f)) >= 0) {
		struct s2s_sv line = {text, (size_t)n};

		if (sv_ends(line, SV("\n")))
			line.n--;
		if (line.n > LINE_MAX_BYTES)
			continue;
		s2s_grow(corpus->line, corpus->n, corpus->cap);
		line.p = s2s_arena_strdup(&corpus->arena, line);
		corpus->line[corpus->n++] = line;
	}
	free(text);
	fclose(f);
}

/* xorshift64: the same numbers on every machine. */
static size_t
below(size_t n)
{
	static uint64_t x = 88172645463325252;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return n ? (size_t)(x % n) : 0;
}

static char
some_char(void)
{
	static const char telling[] = " ,()[]{}<>\"'\\=|/*-+~&.?:0179aXz_\t\r\x01\xff";

	return telling[below(sizeof telling - 1)];
}

static const char *const bits[] = {
    "<unfinished ...>",
    " resumed>",
    "<... read resumed>",
    "/* x */",
    " = 0",
    ") = ?",
    "=> ",
    " or ",
    "&& ",
    "<<",
    "->",
    "...",
    "\"",
    "{",
    "[",
    "(",
    "</a>",
    "<char 1:3>",
    "strace: Process 1 attached",
    " +++",
    " ---",
    "(deleted)",
    "[pid 1] ",
    "12:34:56 ",
};

static size_t
insert(char *line, size_t n, size_t at, const char *text, size_t len)
{
	memmove(line + at + len, line + at, n - at);
	memcpy(line + at, text, len);
	return n + len;
}

/* One change; line has room for what a change can add. */
static size_t
mutate(char *line, size_t n, const struct corpus *corpus)
{
	const char *bit = bits[below(sizeof bits / sizeof *bits)];
	struct s2s_sv other = corpus->line[below(corpus->n)];
	size_t at = below(n + 1), len;
	char c = some_char();

	switch (below(7)) {
	case 0: /* delete */
		len = below(4);
		if (len > n - at)
			len = n - at;
		memmove(line + at, line + at + len, n - at - len);
		return n - len;
	case 1:
		return insert(line, n, at, &c, 1);
	case 2:
		if (at < n)
			line[at] = c;
		return n;
	case 3: /* truncate */
		return at;
	case 4:
		return insert(line, n, at, bit, strlen(bit));
	case 5: /* the beginning of one, the end of another */
		len = below(other.n + 1);
		memcpy(line + at, other.p + other.n - len, len);
		return at + len;
	case 6: /* a piece of another */
		len = below(other.n < 20 ? other.n + 1 : 20);
		return insert(line, n, at, other.p + below(other.n - len + 1), len);
	}
	return n;
}

static void
compare_mutated(const struct corpus *corpus, unsigned long mutations)
{
	static char line[3 * LINE_MAX_BYTES];

	for (unsigned long i = 0; i < mutations; i++) {
		struct s2s_sv original = corpus->line[below(corpus->n)];
		size_t n = original.n;

		memcpy(line, original.p, n);
		for (size_t changes = 1 + below(3); changes > 0; changes--)
			if (n <= LINE_MAX_BYTES)
				n = mutate(line, n, corpus);
		compare((struct s2s_sv){line, n});
	}
}

int
main(int argc, char **argv)
{
	struct corpus corpus = {0};

	for (int i = 2; i < argc; i++)
		load(&corpus, argv[i]);
	if (corpus.n == 0)
		return 2;
	for (size_t i = 0; i < corpus.n; i++)
		compare(corpus.line[i]);
	compare_mutated(&corpus, strtoul(argv[1], NULL, 10));
	printf("%llu lines, %llu accepted by the parser, %llu judged differently\n",
	       (unsigned long long)twin.lines, (unsigned long long)twin.accepted,
	       (unsigned long long)twin.different);
	s2s_arena_done(&twin.arena);
	s2s_arena_done(&corpus.arena);
	free(corpus.line);
	return twin.different > 0;
}
