/* SPDX-License-Identifier: MIT */
#include "parse/colour.h"

#include "base/arena.h"

#include <stdlib.h>

/* ESC [ digits and semicolons m */
static bool
eat_sequence(struct s2s_sv *in)
{
	struct s2s_sv s = *in;

	if (!sv_eat(&s, SV("\033[")))
		return false;
	while (s.n && ((*s.p >= '0' && *s.p <= '9') || *s.p == ';'))
		sv_skip(&s, 1);
	if (!sv_eat_char(&s, 'm'))
		return false;
	*in = s;
	return true;
}

static bool
is_name(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* A name between colours, and a bracket behind it. */
static bool
is_call(struct s2s_sv line)
{
	const char *escape = memchr(line.p, '\033', line.n);
	bool coloured = false;

	sv_skip(&line, (size_t)(escape - line.p));
	while (eat_sequence(&line))
		coloured = true;
	if (!coloured || !sv_take(&line, is_name).n || !eat_sequence(&line))
		return false;
	while (eat_sequence(&line))
		continue;
	return sv_peek(line) == '(';
}

bool
colours_take_out(struct colours *colours, struct s2s_sv line, struct s2s_sv *ret)
{
	size_t n = 0;

	if (!memchr(line.p, '\033', line.n))
		return false;
	colours->seen = colours->seen || is_call(line);
	if (!colours->seen)
		return false;
	if (colours->cap < line.n) {
		colours->buf = s2s_realloc(colours->buf, line.n, 1);
		colours->cap = line.n;
	}
	while (line.n) {
		if (eat_sequence(&line))
			continue;
		colours->buf[n++] = *line.p;
		sv_skip(&line, 1);
	}
	*ret = (struct s2s_sv){colours->buf, n};
	return true;
}

void
colours_done(struct colours *colours)
{
	free(colours->buf);
	*colours = (struct colours){0};
}
