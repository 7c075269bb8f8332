/* SPDX-License-Identifier: MIT */
#include "parse/memo.h"

#include "base/arena.h"

#include <stdlib.h>

enum { SLOTS = 4096, TEXT_MIN = 16, TEXT_MAX = 232, ARGS_MAX = 8 };

/* Slices are offsets into the text. */
struct slice {
	uint8_t at, n;
};

struct memo_call {
	uint64_t id; /* 0: free */
	uint8_t n, nargs;
	bool incomplete;
	struct slice name, result, error;
	struct {
		struct slice name, text;
		uint8_t kind;
	} args[ARGS_MAX];
	char text[TEXT_MAX];
};

void
memo_done(struct memo *memo)
{
	free(memo->calls);
	free(memo->kept);
	free(memo->seen);
}

/* The call without the time that it took: <0.000012>, from -T. */
static struct s2s_sv
text_of(const char *from, const char *end)
{
	const char *p = end;

	if (end - from > 12 && end[-1] == '>') {
		p = end - 1;
		while (p > from && (p[-1] == '.' || (p[-1] >= '0' && p[-1] <= '9')))
			p--;
		if (p - from > 2 && p[-1] == '<' && p[-2] == ' ' && *p != '.' &&
		    end[-2] != '.' && memchr(p, '.', (size_t)(end - p)))
			p -= 2;
		else
			p = end;
	}
	return (struct s2s_sv){from, (size_t)(p - from)};
}

static uint64_t
mix(uint64_t h, const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof word);
	h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

/* Any function will do, since what is found is compared. Two lanes, for speed; the last
   step overlaps the one before. */
static uint32_t
hash(struct s2s_sv text)
{
	const char *p = text.p, *last = text.p + text.n - TEXT_MIN;
	uint64_t a = text.n, b = 0;

	for (; p < last; p += TEXT_MIN) {
		a = mix(a, p);
		b = mix(b, p + TEXT_MIN / 2);
	}
	a = mix(a, last);
	b = mix(b, last + TEXT_MIN / 2);
	return (uint32_t)((a ^ b << 1) >> 16);
}

static bool
fits(struct s2s_sv text)
{
	return text.n >= TEXT_MIN && text.n <= TEXT_MAX;
}

static struct s2s_sv
whole(struct slice slice, const char *text)
{
	return (struct s2s_sv){slice.n ? text + slice.at : NULL, slice.n};
}

static void
unpack(const struct memo_call *call, struct scan *s, struct strace_line *ret)
{
	const char *text = s->p;
	size_t column = (size_t)(text - s->begin) + 1;

	ret->ev.kind = S2S_EVENT_CALL;
	ret->ev.place.column = (uint32_t)column;
	ret->ev.name = whole(call->name, text);
	ret->ev.result = whole(call->result, text);
	ret->ev.error = whole(call->error, text);
	ret->ev.has_result = true;
	ret->ev.args_incomplete = call->incomplete;
	ret->ev.text_id = call->id;
	for (size_t i = 0; i < call->nargs; i++)
		s->args[i] = (struct s2s_arg_text){
		    .name = whole(call->args[i].name, text),
		    .text = {text + call->args[i].text.at, call->args[i].text.n},
		    .kind = call->args[i].kind,
		    .column = (uint32_t)(column + call->args[i].text.at),
		};
	s->nargs = call->nargs;
}

static void *
zeroed(size_t n, size_t size)
{
	return memset(s2s_realloc(NULL, n, size), 0, n * size);
}

static void
make_tables(struct memo *memo)
{
	memo->calls = zeroed(SLOTS, sizeof *memo->calls);
	memo->kept = zeroed(SLOTS, sizeof *memo->kept);
	memo->seen = zeroed(SLOTS, sizeof *memo->seen);
}

bool
memo_find(struct memo *memo, struct scan *s, struct strace_line *ret)
{
	struct s2s_sv text = text_of(s->p, s->end);
	const struct memo_call *call;

	if (!fits(text))
		return false;
	if (!memo->calls)
		make_tables(memo);
	memo->hash = hash(text);
	if (memo->kept[memo->hash % SLOTS] != memo->hash)
		return false;
	call = &memo->calls[memo->hash % SLOTS];
	if (call->n != text.n || memcmp(call->text, text.p, text.n) != 0)
		return false;
	unpack(call, s, ret);
	s->p = s->end;
	return true;
}

static struct slice
slice_of(struct s2s_sv part, const char *text)
{
	if (!part.n)
		return (struct slice){0};
	return (struct slice){(uint8_t)(part.p - text), (uint8_t)part.n};
}

static void
pack(struct memo_call *call, const struct scan *s, struct s2s_sv text,
     const struct s2s_event *ev)
{
	*call = (struct memo_call){
	    .n = (uint8_t)text.n,
	    .nargs = (uint8_t)s->nargs,
	    .incomplete = ev->args_incomplete,
	    .name = slice_of(ev->name, text.p),
	    .result = slice_of(ev->result, text.p),
	    .error = slice_of(ev->error, text.p),
	};
	memcpy(call->text, text.p, text.n);
	for (size_t i = 0; i < s->nargs; i++) {
		call->args[i].name = slice_of(s->args[i].name, text.p);
		/* An empty one (-X raw: no flags) has its place, too. */
		call->args[i].text = (struct slice){
		    (uint8_t)(s->args[i].text.p - text.p), (uint8_t)s->args[i].text.n};
		call->args[i].kind = (uint8_t)s->args[i].kind;
	}
}

/* A name of a file can end like a time. */
static bool
ends_right(const struct scan *s, struct s2s_sv text)
{
	const char *end = text.p + text.n;

	return end == s->end || end + 1 == s->spent;
}

static bool
inside(struct s2s_sv part, struct s2s_sv text)
{
	return part.n == 0 || (part.p >= text.p && part.p + part.n <= text.p + text.n);
}

void
memo_keep(struct memo *memo, const struct scan *s, const char *from,
	  struct strace_line *call)
{
	const struct s2s_event *ev = &call->ev;
	struct s2s_sv text = text_of(from, s->end);
	uint32_t slot = memo->hash % SLOTS;

	if (ev->kind != S2S_EVENT_CALL || !fits(text) || s->nargs > ARGS_MAX ||
	    !ends_right(s, text) || !inside(ev->result, text))
		return;
	if (memo->seen[slot] != memo->hash) {
		memo->seen[slot] = memo->hash;
		return;
	}
	memo->kept[slot] = memo->hash;
	pack(&memo->calls[slot], s, text, ev);
	call->ev.text_id = memo->calls[slot].id = ++memo->last_id;
}
