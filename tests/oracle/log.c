/* SPDX-License-Identifier: MIT */
#include "log.h"

#include "base/map.h"

#include <stdio.h>
#include <stdlib.h>

bool
parse_log(const char *path, struct s2s_diag *diag, struct s2s_event_sink sink)
{
	struct s2s_atoms atoms = {0};
	struct s2s_parser *parser =
	    s2s_parser_new(diag, &s2s_limits_default, &atoms, sink);
	struct s2s_line_sink lines = s2s_parser_sink(parser);
	enum s2s_status status = S2S_OK;
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t cap = 0;
	ssize_t n;

	for (uint64_t i = 1; f && !status && (n = getline(&text, &cap, f)) > 0; i++)
		status = lines.event(
		    lines.self, &(struct s2s_line){
				    .text = {text, (size_t)n - (text[n - 1] == '\n')},
				    .file = path,
				    .number = i});
	if (f && !status)
		status = lines.end(lines.self);
	free(text);
	if (f)
		fclose(f);
	s2s_parser_free(parser);
	s2s_atoms_done(&atoms);
	return f && !status && diag->errors == 0;
}

/* ---- without numbers ---- */

struct text {
	char *p;
	size_t n;
};

static size_t
comment_length(const char *s, size_t n)
{
	unsigned open = 0;

	for (size_t i = 0; i + 1 < n; i++) {
		if (memcmp(s + i, "/*", 2) == 0)
			open++, i++;
		else if (memcmp(s + i, "*/", 2) == 0 && --open == 0)
			return i + 2;
	}
	return 0;
}

/* Not "36 vars", "0 entries", a date, O_???, "6673 in strace's PID NS". */
static bool
is_symbolic(const char *s, size_t n)
{
	static const char *const words[] = {"???", " vars", " entries", "'", ":"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (memmem(s, n, words[i], strlen(words[i])))
			return false;
	return n > 0;
}

static bool
is_number_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == 'x' || c == '-';
}

static size_t
string_length(const char *s, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (s[i] == '\\')
			i++;
		else if (s[i] == '"')
			return i + 1;
	}
	return n;
}

/* Paths come as <…> behind a number, a comment or a name. */
static size_t
path_length(const char *s, size_t n)
{
	const char *end = n > 1 && s[1] != '<' && s[1] != '.' && s[1] != ' '
			      ? memchr(s, '>', n)
			      : NULL;

	return end ? (size_t)(end - s) + 1 : 1;
}

static void
copy(struct text *out, const char *s, size_t n)
{
	memcpy(out->p + out->n, s, n);
	out->n += n;
}

static void
strip(const char *s, size_t n, struct text *out)
{
	for (size_t i = 0; i < n;) {
		size_t skip = 1;

		if (s[i] == '"')
			skip = string_length(s + i, n - i);
		else if (s[i] == '<')
			skip = path_length(s + i, n - i);
		else if (n - i > 7 && memcmp(s + i, " /* ", 4) == 0)
			skip = 1 + comment_length(s + i + 1, n - i - 1);
		if (skip > 7 && s[i] == ' ' && is_symbolic(s + i + 4, skip - 7) &&
		    out->n && is_number_char(out->p[out->n - 1])) {
			while (out->n && is_number_char(out->p[out->n - 1]))
				out->n--;
			strip(s + i + 4, skip - 7, out);
		} else {
			copy(out, s + i, skip);
		}
		i += skip;
	}
}

size_t
strip_line(const char *line, size_t n, char *ret)
{
	struct text out = {ret, 0};

	strip(line, n, &out);
	return out.n;
}
