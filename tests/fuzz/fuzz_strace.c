/* SPDX-License-Identifier: MIT */
/* Any text as one line, and as a log. A refusal points into the line; what is accepted
   is cut into slices of the line, in order; what is handed on is counted. */
#include "base/arena.h"
#include "fuzz.h"
#include "parse/memo.h"
#include "parse/scan.h"

static bool
inside(struct s2s_sv part, struct s2s_sv whole)
{
	return part.n == 0 ||
	       (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

static void
check_args(const struct s2s_event *ev)
{
	const char *at = ev->line.p;

	for (size_t i = 0; i < ev->nargs; i++) {
		const struct s2s_arg_text *arg = &ev->args[i];

		check(inside(arg->text, ev->line));
		check(arg->text.n > 0 || arg->kind == S2S_TEXT_ELIDED ||
		      arg->kind == S2S_TEXT_EXPR); /* -X raw: no flags */
		check(inside(arg->name, ev->line));
		check(arg->name.n == 0 || arg->name.p >= at);
		check(arg->text.p >= at);
		check(arg->column == (size_t)(arg->text.p - ev->line.p) + 1);
		at = arg->text.p + arg->text.n;
	}
}

static void
check_event(const struct s2s_event *ev)
{
	check_args(ev);
	check(inside(ev->name, ev->line));
	check(inside(ev->error, ev->line));
	check(ev->has_result == (ev->result.n > 0));
	check(ev->pid >= -1 && ev->nr >= -1);
	check(ev->kind != S2S_EVENT_CALL || ev->name.n > 0);
}

static void
check_line(struct s2s_arena *arena, struct s2s_sv line)
{
	struct s2s_syntax_error error;
	struct s2s_event ev;

	if (s2s_strace_line(line, NULL, arena, &ev, &error) == S2S_OK) {
		check_event(&ev);
		return;
	}
	check(error.column >= 1 && error.column <= line.n + 1);
	check((error.id == S2S_DIAG_SYNTAX) == (error.expected != NULL));
}

static void
check_same(const struct s2s_event *a, const struct s2s_event *b)
{
	check(a->kind == b->kind && a->pid == b->pid && a->nr == b->nr);
	check(a->place.column == b->place.column && a->has_result == b->has_result);
	check(a->args_incomplete == b->args_incomplete && a->nargs == b->nargs);
	check(sv_equal(a->name, b->name) && sv_equal(a->result, b->result));
	check(sv_equal(a->error, b->error));
	for (size_t i = 0; i < a->nargs; i++) {
		check(sv_equal(a->args[i].name, b->args[i].name));
		check(a->args[i].text.p == b->args[i].text.p);
		check(a->args[i].text.n == b->args[i].text.n);
		check(a->args[i].kind == b->args[i].kind);
		check(a->args[i].column == b->args[i].column);
	}
}

/* The third time a line is remembered and not parsed. */
static void
check_memo(struct s2s_sv text)
{
	struct s2s_arg_text args[2][SCAN_ARGS_MAX];
	struct strace_line first, again;
	struct memo memo = {0};
	struct scan s;

	for (int i = 0; i < 4; i++) {
		bool ok;

		scan_init(&s, text, s2s_limits_default.nesting, args[i > 0]);
		ok = scan_line(&s, i ? &memo : NULL, i ? &again : &first);
		if (i == 0 && (!ok || first.ev.kind != S2S_EVENT_CALL))
			return;
		check(ok);
		(i ? &again : &first)->ev.args = s.args;
		(i ? &again : &first)->ev.nargs = s.nargs;
		if (i > 0)
			check_same(&first.ev, &again.ev);
	}
	memo_done(&memo);
}

struct tally {
	uint64_t kinds[S2S_EVENT_NOTE + 1], joined, ends;
};

static enum s2s_status
see_event(void *self, const struct s2s_event *ev)
{
	struct tally *tally = self;

	check(ev->kind != S2S_EVENT_UNFINISHED && ev->kind != S2S_EVENT_RESUMED);
	check(ev->place.line > 0);
	check_event(ev);
	tally->kinds[ev->kind]++;
	tally->joined += ev->joined;
	return S2S_OK;
}

static enum s2s_status
see_end(void *self)
{
	((struct tally *)self)->ends++;
	return S2S_OK;
}

static void
feed(struct s2s_line_sink sink, struct s2s_sv text)
{
	struct s2s_line line = {.file = "t"};

	while (text.n) {
		const char *newline = memchr(text.p, '\n', text.n);
		size_t n = newline ? (size_t)(newline - text.p) : text.n;

		line.text = (struct s2s_sv){text.p, n};
		line.number++;
		line.cut = !newline;
		check(sink.event(sink.self, &line) == S2S_OK);
		sv_skip(&text, n + !line.cut);
	}
	check(sink.end(sink.self) == S2S_OK);
}

static void
check_log(struct s2s_sv text)
{
	struct s2s_limits limits = {.nesting = 8, .pending = 3, .pending_text = 200};
	struct s2s_diag diag = {.tolerance = S2S_LENIENT};
	struct s2s_atoms atoms = {0};
	struct tally tally = {0};
	struct s2s_parser *parser =
	    s2s_parser_new(&diag, &limits, &atoms,
			   (struct s2s_event_sink){see_event, see_end, &tally});
	const struct s2s_parse_counts *counts = s2s_parser_counts(parser);

	feed(s2s_parser_sink(parser), text);
	check(tally.ends == 1);
	check(counts->calls == tally.kinds[S2S_EVENT_CALL]);
	check(counts->joined == tally.joined);
	check(counts->joined + counts->unfinished <= counts->calls);
	check(counts->signals == tally.kinds[S2S_EVENT_SIGNAL]);
	check(counts->exits == tally.kinds[S2S_EVENT_EXIT]);
	check(counts->blank + counts->skipped + tally.kinds[S2S_EVENT_SIGNAL] <=
	      counts->lines);
	s2s_parser_free(parser);
	s2s_atoms_done(&atoms);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct s2s_sv text = {(const char *)data, size};
	struct s2s_arena arena = {0};

	check_line(&arena, text);
	check_memo(text);
	check_log(text);
	s2s_arena_done(&arena);
	return 0;
}
