/* SPDX-License-Identifier: MIT */
/* Every number with symbols in a comment behind it in a log of strace -X verbose,
   outside structures and arrays: do the symbols have that number in one of the sets?
   usage: pairs ARCH SET… <LOG */
#include "base/map.h"
#include "bind/bind.h"
#include "kernel/constants.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { SHOWN = 100 };

struct pairs {
	enum s2s_arch arch;
	char **sets;
	int nsets;
	struct s2s_atoms seen;
	uint64_t pairs, refused, unknown, wrong;
};

static bool
is_digit(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == 'x' || c == '-';
}

enum verdict { UNKNOWN, WRONG, REFUSED, RIGHT };

/* strace prints 32 bits of what a register holds with its sign, or without. */
static bool
same(uint64_t a, uint64_t b)
{
	return a == b || (uint32_t)a == (uint32_t)b;
}

/* A name that has this value and, of another version of the kernel, others; a macro
   whose header means another size, where strace knew no other name. */
static bool
is_refused(const struct pairs *p, uint64_t number, struct s2s_sv name)
{
	if (sv_starts(name, SV("MIXER_WRITE(")) && sv_ends(name, SV(")")))
		return true;
	for (int i = 0; i < p->nsets; i++) {
		size_t n;
		const struct s2s_constant *row = s2s_constants(p->arch, p->sets[i], &n);

		for (; n; row++, n--)
			if (same(row->value, number) &&
			    sv_equal(sv_from(row->name), name))
				return true;
	}
	return false;
}

static enum verdict
judge(const struct pairs *p, uint64_t number, struct s2s_sv symbols)
{
	enum verdict verdict = UNKNOWN;

	for (int i = 0; i < p->nsets; i++) {
		uint64_t value;

		if (!s2s_bind_expr(p->arch, p->sets[i], symbols, &value))
			continue;
		if (same(value, number))
			return RIGHT;
		verdict = WRONG;
	}
	return verdict == UNKNOWN && is_refused(p, number, symbols) ? REFUSED : verdict;
}

/* Neither what strace does not know, nor "37 vars", "2 entries", "440 Hz" and "off" for
   a tone, "12 in strace's PID NS". */
static bool
is_symbolic(struct s2s_sv s)
{
	return !memchr(s.p, '?', s.n) && !sv_ends(s, SV(" vars")) &&
	       !sv_ends(s, SV(" entries")) && !sv_ends(s, SV(" PID NS")) &&
	       !sv_ends(s, SV(" Hz")) && !sv_equal(s, SV("off"));
}

static void
check(struct pairs *p, struct s2s_sv number, struct s2s_sv symbols, struct s2s_sv line)
{
	size_t n = p->seen.n;
	uint64_t value;
	enum verdict verdict;

	s2s_atom_intern(
	    &p->seen,
	    (struct s2s_sv){number.p, (size_t)(symbols.p + symbols.n - number.p)});
	if (p->seen.n == n || !is_symbolic(symbols) || !sv_to_u64(number, &value))
		return;
	p->pairs++;
	verdict = judge(p, value, symbols);
	p->refused += verdict == REFUSED;
	p->unknown += verdict == UNKNOWN;
	p->wrong += verdict == WRONG;
	if (verdict < REFUSED && p->unknown + p->wrong <= SHOWN)
		printf("%s: %.*s is not %.*s: %.*s\n",
		       verdict == WRONG ? "wrong" : "unknown", (int)symbols.n,
		       symbols.p, (int)number.n, number.p, (int)line.n, line.p);
}

/* The number in front of s[i], where the comment begins. */
static struct s2s_sv
number_before(const char *s, size_t i)
{
	size_t from = i;

	while (from && is_digit((unsigned char)s[from - 1]))
		from--;
	return (struct s2s_sv){s + from, i - from};
}

/* Where the comment that begins at line.p[i] ends; comments nest. */
static size_t
comment_end(struct s2s_sv line, size_t i)
{
	int depth = 0;

	for (; i + 1 < line.n; i++) {
		depth += memcmp(line.p + i, "/*", 2) == 0;
		if (memcmp(line.p + i, "*/", 2) == 0 && --depth == 0)
			return i;
	}
	return line.n;
}

static void
check_line(struct pairs *p, struct s2s_sv line)
{
	int depth = 0;

	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];
		size_t end;

		if (c == '"')
			for (i++; i < line.n && line.p[i] != '"'; i++)
				i += line.p[i] == '\\';
		depth += (c == '{' || c == '[') - (c == '}' || c == ']');
		if (depth || line.n - i < 4 || memcmp(line.p + i, " /* ", 4) != 0)
			continue;
		end = comment_end(line, i + 1);
		if (end == line.n)
			return;
		check(p, number_before(line.p, i),
		      (struct s2s_sv){line.p + i + 4, end - i - 5}, line);
		i = end;
	}
}

int
main(int argc, char **argv)
{
	struct pairs p = {.sets = argv + 2, .nsets = argc - 2};
	char *text = NULL;
	size_t cap = 0;
	ssize_t n;

	if (argc < 3 || !s2s_arch_find(sv_from(argv[1]), &p.arch))
		return 2;
	while ((n = getline(&text, &cap, stdin)) > 0)
		check_line(&p,
			   (struct s2s_sv){text, (size_t)n - (text[n - 1] == '\n')});
	printf("%" PRIu64 " different pairs, %" PRIu64
	       " refused for having several values, %" PRIu64 " unknown, %" PRIu64
	       " wrong\n",
	       p.pairs, p.refused, p.unknown, p.wrong);
	free(text);
	s2s_atoms_done(&p.seen);
	return p.pairs == 0 || p.unknown || p.wrong;
}
