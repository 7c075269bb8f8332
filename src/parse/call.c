/* SPDX-License-Identifier: MIT */
/* Calls and their halves. */
#include "parse/scan.h"

bool
scan_name(struct scan *s, struct s2s_sv *ret)
{
	const char *was = s->p;

	if (scan_at(s, '?') && scan_text(s, SV("???")))
		scan_char(s, '?');
	else if (scan_is(s, SCAN_DIGIT) || !scan_run(s, SCAN_NAME))
		return false;
	*ret = scan_since(s, was);
	return true;
}

/* A piece of text between two halves, whose brackets may be closed in the other one. */
static bool
piece(struct scan *s)
{
	const char *was = s->p;

	if (s->p == s->end)
		return false;
	switch (*s->p) {
	case '"':
		return scan_string(s);
	case '\'':
		return scan_quoted_char(s);
	case '<':
		return scan_text(s, SV("<<")) || scan_resuming(s) || scan_decoration(s);
	case '/':
		if (scan_sees(s, SV("/*")))
			return scan_comment(s);
		break;
	case ')':
		return false;
	case '(':
		if (!scan_enter(s))
			return false;
		s->p++;
		while (piece(s))
			continue;
		scan_leave(s);
		return scan_char(s, ')') || scan_back(s, was);
	}
	s->p++;
	return true;
}

static void
pieces(struct scan *s)
{
	while (piece(s))
		continue;
}

static struct s2s_sv
without_last_blank(struct s2s_sv text)
{
	if (text.n && text.p[text.n - 1] == ' ')
		text.n--;
	return text;
}

static bool
complete(struct scan *s, struct strace_line *ret)
{
	struct s2s_event *ev = &ret->ev;

	scan_blanks(s);
	if (scan_arguments(s)) {
		scan_blanks(s);
		if (scan_char(s, '}')) /* one too many: MEMGETREGIONINFO of 5.10 */
			scan_blanks(s);
	}
	if (!scan_char(s, ')'))
		return scan_fail(s, "')' after the arguments");
	if (!scan_outcome(s, ev))
		return false;
	ev->kind = S2S_EVENT_CALL;
	return true;
}

/* A cut, and whether it is one for good. */
static bool
cut(struct scan *s, struct strace_line *ret)
{
	bool gone = !scan_sees(s, SV("<unfinished ...>"));

	if (!scan_cut(s))
		return false;
	ret->gone = gone;
	return true;
}

/* read(3, <unfinished ...>
   read(3, <unfinished ...>) = ?
   exit_group(0) <unfinished ...> */
static bool
interrupted(struct scan *s, struct strace_line *ret)
{
	struct s2s_event *ev = &ret->ev;
	struct scan inside = *s;
	const char *end, *was = s->p;

	pieces(s);
	end = s->p;
	if (cut(s, ret)) {
		const char *after = s->p;

		ev->kind = S2S_EVENT_UNFINISHED;
		scan_blanks(s);
		if (scan_char(s, ')') && scan_outcome(s, ev))
			ev->kind = S2S_EVENT_CALL;
		else
			s->p = after;
	} else if (scan_char(s, ')')) {
		scan_blanks(s);
		end = s->p;
		ev->kind = S2S_EVENT_UNFINISHED;
		if (!cut(s, ret))
			return scan_back(s, was);
	} else {
		return scan_back(s, was);
	}
	ev->args_incomplete = true;
	ret->body =
	    without_last_blank((struct s2s_sv){ev->name.p, (size_t)(end - ev->name.p)});
	inside.nargs = 0;
	ret->unclean = !scan_cut_arguments(&inside, end);
	s->nargs = inside.nargs;
	return true;
}

/* strace: Process 1234 attached
   strace: umovestr: short read (6 < 4096) @0x7f6f9a7eeffa: Bad address
   of old versions Process 1234 attached, and with -k -b execve a frame:
    > /usr/lib/x86_64-linux-gnu/libc.so.6(execve+0x7) [0xd4ad7] */
static bool
banner(struct scan *s)
{
	const char *was = s->p;

	if (s->p == s->end || !scan_among(*s->p, SV("sP^/. ")))
		return false;
	scan_text(s, SV("^C"));
	if (scan_tracer(s) || scan_text(s, SV(" > ")) ||
	    (scan_text(s, SV("Process ")) && scan_run(s, SCAN_DIGIT) &&
	     (scan_text(s, SV(" attached")) || scan_text(s, SV(" detached")) ||
	      scan_text(s, SV(" suspended"))))) {
		s->p = s->end;
		return true;
	}
	return scan_back(s, was);
}

/* Without -o strace's own messages get into the line: vfork(strace: Process 12 attached
   and the line after it goes on. */
static bool
broken(struct scan *s, struct strace_line *ret)
{
	const char *was = s->p, *end;

	do
		end = s->p;
	while (!banner(s) && piece(s));
	if (s->p == end || s->p < s->end)
		return scan_back(s, was);
	ret->ev.kind = S2S_EVENT_UNFINISHED;
	ret->ev.args_incomplete = true;
	ret->body = (struct s2s_sv){ret->ev.name.p, (size_t)(end - ret->ev.name.p)};
	s->nargs = 0;
	return true;
}

bool
scan_call(struct scan *s, struct strace_line *ret)
{
	const char *was = s->p, *after, *far, *expected;

	if (!scan_name(s, &ret->ev.name))
		return scan_fail(s, scan_expected_line);
	if (!scan_char(s, '(')) {
		scan_fail(s, "'(' after the name");
		return scan_back(s, was);
	}
	ret->ev.place.column = (uint32_t)(was - s->begin + 1);
	after = s->p;
	if (complete(s, ret))
		return true;
	s->p = after;
	far = s->far;
	expected = s->expected;
	if (!s->too_deep && (interrupted(s, ret) || broken(s, ret)))
		return true;
	s->far = s->too_deep ? s->far : far;
	s->expected = expected;
	return scan_back(s, was);
}

/* What follows "resumed>": the rest of the arguments and the result, or another cut. */
static void
second_half(struct scan *s, struct strace_line *ret)
{
	const char *from = s->p, *end, *after = from;

	for (;;) {
		pieces(s);
		end = s->p;
		if (!cut(s, ret))
			break;
		after = s->p;
		ret->body =
		    without_last_blank((struct s2s_sv){from, (size_t)(end - from)});
	}
	if (scan_char(s, ')') && scan_outcome(s, &ret->ev)) {
		ret->ends = true;
		ret->body = scan_since(s, from);
	} else {
		s->p = after;
	}
	ret->ev.kind = S2S_EVENT_RESUMED;
	ret->ev.args_incomplete = true;
	ret->body_at = (size_t)(from - s->begin);
}

bool
scan_resumed(struct scan *s, struct strace_line *ret)
{
	const char *was = s->p, *from;

	if (!scan_text(s, SV("<... ")))
		return false;
	from = s->p;
	if (!scan_name(s, &ret->ev.name) || !scan_text(s, SV(" resumed>"))) {
		scan_fail(s, "the name of a resumed call");
		return scan_back(s, was);
	}
	ret->ev.place.column = (uint32_t)(from - s->begin + 1);
	second_half(s, ret);
	return true;
}

bool
scan_rest(struct scan *s, struct strace_line *ret)
{
	const char *was = s->p, *end;

	ret->headless = true;
	ret->ev.kind = S2S_EVENT_RESUMED;
	ret->ev.args_incomplete = true;
	ret->body_at = 0;
	pieces(s);
	end = s->p;
	if (scan_char(s, ')') && scan_outcome(s, &ret->ev)) {
		ret->ends = true;
		ret->body = scan_since(s, was);
		return true;
	}
	s->p = end;
	ret->body = without_last_blank((struct s2s_sv){was, (size_t)(end - was)});
	return cut(s, ret) || scan_back(s, was);
}
