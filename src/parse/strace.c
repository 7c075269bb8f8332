/* SPDX-License-Identifier: MIT */
/* A line of strace's output: the rules of doc/strace.peg by hand, a function a rule.
   Knows one line only; join.c puts halves together. */
#include "parse/scan.h"

#include "base/arena.h"
#include "parse/memo.h"

const char scan_expected_line[] = "a system call, a signal or an exit";

void
scan_init(struct scan *s, struct s2s_sv line, unsigned nesting,
	  struct s2s_arg_text *args)
{
	*s = (struct scan){
	    .begin = line.p,
	    .p = line.p,
	    .end = line.p + line.n,
	    .nesting = nesting,
	    .args = args,
	};
}

static bool
end_of_line(struct scan *s)
{
	const char *was = s->p;

	scan_blanks(s);
	if (s->p == s->end)
		return true;
	scan_fail(s, "the end of the line");
	return scan_back(s, was);
}

/* What stands before `mark` at the end of the line. */
static bool
up_to_mark(struct scan *s, struct s2s_sv mark, const char *expected,
	   struct s2s_sv *ret_text)
{
	struct s2s_sv line = {s->p, (size_t)(s->end - s->p)};

	while (line.n && scan_among(line.p[line.n - 1], SV(" \t\r")))
		line.n--;
	if (!sv_ends(line, mark)) {
		const char *was = s->p;

		s->p = line.p + line.n;
		scan_fail(s, expected);
		return scan_back(s, was);
	}
	*ret_text = (struct s2s_sv){line.p, line.n - mark.n};
	s->p = s->end;
	return true;
}

/* +++ superseded by execve in pid 1234 +++ */
static bool
exit_line(struct scan *s, struct strace_line *ret)
{
	struct s2s_sv text;
	struct scan inner = *s;

	if (!scan_text(s, SV("+++ ")) ||
	    !up_to_mark(s, SV(" +++"), "'+++' at the end of the line", &text) ||
	    !text.n)
		return false;
	ret->ev.kind = S2S_EVENT_EXIT;
	ret->ev.name = text;
	inner.p = text.p;
	inner.end = text.p + text.n;
	if (scan_text(&inner, SV("superseded by execve in pid ")))
		scan_number(&inner, &ret->superseded);
	return true;
}

/* --- SIGCHLD {si_signo=SIGCHLD, ...} --- */
static bool
signal_line(struct scan *s, struct strace_line *ret)
{
	struct s2s_sv text, name;

	if (!scan_text(s, SV("--- ")) ||
	    !up_to_mark(s, SV(" ---"), "'---' at the end of the line", &text))
		return false;
	sv_eat(&text, SV("stopped by "));
	name = (struct s2s_sv){text.p, 0};
	while (name.n < text.n &&
	       scan_among(text.p[name.n], SV("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+")))
		name.n++;
	if (!name.n || *name.p < 'A' || *name.p > 'Z')
		return false;
	ret->ev.kind = S2S_EVENT_SIGNAL;
	ret->ev.name = name;
	return true;
}

/* Of recvmmsg in a dump: = 2 buffers in vector 0 */
static bool
vector(struct scan *s)
{
	const char *was = s->p;

	if (scan_text(s, SV("= ")) && scan_run(s, SCAN_DIGIT) &&
	    scan_text(s, SV(" buffers in vector ")) && scan_run(s, SCAN_DIGIT))
		return true;
	return scan_back(s, was);
}

/* What script(1) writes around what it recorded. */
static bool
typescript(struct scan *s)
{
	return scan_text(s, SV("Script started on ")) ||
	       scan_text(s, SV("Script done on "));
}

/* What strace says of itself, frames of -k, dumps of -e read. */
static bool
note(struct scan *s, struct strace_line *ret)
{
	const char *was = s->p;
	bool found = scan_tracer(s) || vector(s) || typescript(s);

	if (!found && (scan_at(s, '|') || scan_at(s, '>') || scan_at(s, '*'))) {
		s->p++;
		found = scan_char(s, ' ');
	} else if (!found && scan_text(s, SV("[ Process PID="))) {
		found = scan_run(s, SCAN_DIGIT);
	} else if (!found && scan_text(s, SV("Process "))) {
		found = scan_run(s, SCAN_DIGIT) && scan_run(s, SCAN_BLANK);
	}
	if (!found)
		return scan_back(s, was);
	s->p = was;
	ret->ev.kind = S2S_EVENT_NOTE;
	ret->ev.name = (struct s2s_sv){was, (size_t)(s->end - was)};
	s->p = s->end;
	return true;
}

static bool
event(struct scan *s, struct strace_line *ret)
{
	switch (s->p < s->end ? *s->p : '\0') {
	case '+':
		return exit_line(s, ret);
	case '-':
		return signal_line(s, ret);
	case '<':
		return scan_resumed(s, ret);
	case '[':
	case '|':
	case '>':
	case '*':
	case '=':
	case '/':
	case '.':
		return note(s, ret);
	case 's':
	case 'S':
	case 'P':
		return note(s, ret) || scan_call(s, ret);
	}
	return scan_call(s, ret);
}

static bool
figure(struct scan *s)
{
	const char *was = s->p;

	if (!scan_run(s, SCAN_DIGIT))
		return false;
	scan_fraction(s);
	return !scan_at(s, ':') || scan_back(s, was);
}

/* The table of -C. */
static bool
summary(struct scan *s, struct strace_line *ret)
{
	struct s2s_sv call;
	int figures = 0;

	ret->ev.kind = S2S_EVENT_NOTE;
	ret->ev.name = (struct s2s_sv){s->p, (size_t)(s->end - s->p)};
	if (scan_text(s, SV("% time")) ||
	    scan_text(s, SV("System call usage summary"))) {
		s->p = s->end;
		return true;
	}
	if (scan_text(s, SV("------"))) {
		while (scan_char(s, '-') || scan_char(s, ' '))
			continue;
		return true;
	}
	scan_blanks(s);
	while (figure(s)) {
		figures++;
		if (!scan_run(s, SCAN_BLANK))
			return false;
	}
	return figures > 1 && scan_name(s, &call);
}

static const struct strace_line no_line = {
    .ev = {.pid = -1, .nr = -1, .count = 1},
    .superseded = -1,
};

static bool
attempt(struct scan *s, struct strace_line *ret,
	bool (*rule)(struct scan *, struct strace_line *))
{
	s->p = s->begin;
	s->nargs = 0;
	*ret = no_line;
	return rule(s, ret) && end_of_line(s);
}

/* Rules that are tried where all else failed; their failures say nothing. */
static bool
leftover(struct scan *s, struct strace_line *ret)
{
	struct scan was = *s;
	bool found =
	    !s->too_deep && (attempt(s, ret, summary) || attempt(s, ret, scan_rest));

	if (!found)
		*s = was;
	s->far = was.far;
	s->expected = was.expected;
	return found;
}

bool
scan_line(struct scan *s, struct memo *memo, struct strace_line *ret)
{
	const char *from;

	*ret = no_line;
	scan_prefix(s, &ret->ev);
	from = s->p;
	if (memo && memo_find(memo, s, ret))
		return true;
	if (!event(s, ret) || !end_of_line(s))
		return leftover(s, ret);
	if (memo)
		memo_keep(memo, s, from, ret);
	return true;
}

struct s2s_syntax_error
scan_error(const struct scan *s)
{
	const char *at = s->far ? s->far : s->begin;

	return (struct s2s_syntax_error){
	    .column = (uint32_t)(at - s->begin + 1),
	    .expected = s->too_deep   ? NULL
			: s->expected ? s->expected
				      : scan_expected_line,
	    .id = s->too_deep ? S2S_DIAG_TOO_DEEP : S2S_DIAG_SYNTAX,
	};
}

enum s2s_status
s2s_strace_line(struct s2s_sv line, const struct s2s_limits *limits,
		struct s2s_arena *arena, struct s2s_event *ret,
		struct s2s_syntax_error *ret_error)
{
	unsigned nesting =
	    limits && limits->nesting ? limits->nesting : s2s_limits_default.nesting;
	struct strace_line found;
	struct scan s;

	scan_init(&s, line, nesting,
		  s2s_arena_alloc(arena, SCAN_ARGS_MAX * sizeof *s.args));
	if (scan_line(&s, NULL, &found)) {
		*ret = found.ev;
		ret->line = line;
		ret->args = s.args;
		ret->nargs = s.nargs;
		return S2S_OK;
	}
	*ret_error = scan_error(&s);
	return S2S_SYNTAX;
}
