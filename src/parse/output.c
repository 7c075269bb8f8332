/* SPDX-License-Identifier: MIT */
/* Who is writing, and what goes on from line to line. */
#include "parse/spill.h"

#include "base/arena.h"

#include <stdlib.h>

void
output_clear(struct output *o)
{
	o->npending = o->nstub = 0;
	o->goes_on = o->own = o->seen = o->children = false;
}

void
output_done(struct output *o)
{
	free(o->buf);
	free(o->joined);
}

bool
output_keep_stub(struct output *o, struct s2s_sv text)
{
	if (sv_peek(text) != '[' || text.n > OUTPUT_STUB ||
	    (memchr(text.p, '(', text.n) && !sv_ends(text, SV("="))))
		return false;
	memcpy(o->stub, text.p, text.n);
	o->nstub = text.n;
	return true;
}

bool
output_join_stub(struct output *o, struct s2s_sv *text)
{
	size_t n = o->nstub;

	if (!n || text->n > OUTPUT_LINE)
		return false;
	o->joined = s2s_realloc(o->joined, n + text->n + 1, 1);
	memcpy(o->joined, o->stub, n);
	memcpy(o->joined + n, text->p, text->n);
	*text = (struct s2s_sv){o->joined, n + text->n};
	o->nstub = 0;
	return true;
}

void
output_keep_rest(struct output *o, const struct spill *spill, const struct taken *taken)
{
	struct spill rest = *spill;

	rest.n -= taken->known;
	rest.total = taken->left;
	memmove(rest.known, rest.known + taken->known, rest.n);
	o->rest = rest;
	o->goes_on = taken->left > 0;
}

bool
output_goes_on(struct output *o, struct s2s_sv *text)
{
	struct taken taken;
	bool all;

	if (!o->goes_on)
		return false;
	o->goes_on = false;
	if (!spill_take(&o->rest, *text, &taken))
		return false;
	all = taken.n == text->n;
	sv_skip(text, taken.n);
	output_keep_rest(o, &o->rest, &taken);
	return all;
}

/* write(1, "5", 15) = 1: what was asked for is neither what was done nor the length of
   the string. */
bool
output_suspects(const struct strace_line *line, const struct s2s_arg_text *args,
		size_t nargs)
{
	const struct s2s_event *ev = &line->ev;
	struct spill spill;
	uint64_t count;
	size_t behind;

	if (line->unclean || line->headless)
		return true;
	if ((ev->kind != S2S_EVENT_CALL && ev->kind != S2S_EVENT_UNFINISHED) ||
	    nargs < 3 || !sv_equal(ev->name, SV("write")) ||
	    args[1].kind != S2S_TEXT_STRING || args[2].kind == S2S_TEXT_ELIDED)
		return false;
	if (nargs == 3 && sv_equal(args[2].text, ev->result))
		return false;
	if (nargs > 3 || !sv_to_u64(args[2].text, &count))
		return true;
	return spill_of(
		   (struct s2s_sv){ev->name.p, (size_t)(args[2].text.p - ev->name.p)},
		   ev->pid, &spill, &behind) &&
	       !spill.wild && spill.total != UINT64_MAX && spill.total != count;
}

bool
output_blurs(const struct s2s_event *ev, const struct s2s_arg_text *args, size_t nargs)
{
	return ev->kind == S2S_EVENT_CALL && nargs == 3 &&
	       sv_equal(ev->name, SV("write")) && args[2].text.n > ev->result.n &&
	       sv_starts(args[2].text, ev->result);
}

static void
forget(struct output *o, int64_t pid)
{
	for (size_t i = 0; i < o->npending; i++)
		if (o->pending[i].pid == pid)
			o->pending[i--] = o->pending[--o->npending];
}

static void
remember(struct output *o, const struct strace_line *line,
	 const struct s2s_arg_text *args, size_t nargs)
{
	struct spill spill;
	size_t behind;

	if (o->own || line->gone ||
	    !spill_of(line->body, line->ev.pid, &spill, &behind))
		return;
	if (spill.total == UINT64_MAX && (!spill.wild || spill.hidden) &&
	    (nargs != 3 || !sv_to_u64(args[2].text, &spill.total))) {
		spill.wild = true;
		spill.hidden = false;
		spill.n = 0; /* how far it goes is not told: nothing is taken exactly */
	}
	if (o->npending == OUTPUT_PENDING)
		memmove(o->pending, o->pending + 1, --o->npending * sizeof *o->pending);
	o->pending[o->npending++] = spill;
}

void
output_passed(struct output *o, bool any_pid)
{
	o->own = false;
	if (any_pid)
		o->children = false;
}

void
output_see(struct output *o, const struct strace_line *line,
	   const struct s2s_arg_text *args, size_t nargs)
{
	switch (line->ev.kind) {
	case S2S_EVENT_CALL:
	case S2S_EVENT_EXIT:
		if (o->npending)
			forget(o, line->ev.pid);
		break;
	case S2S_EVENT_UNFINISHED:
		if (o->npending)
			forget(o, line->ev.pid);
		remember(o, line, args, nargs);
		break;
	case S2S_EVENT_RESUMED:
		if (o->npending && line->ends && !line->headless)
			forget(o, line->ev.pid);
		break;
	case S2S_EVENT_SIGNAL:
	case S2S_EVENT_NOTE:
		break;
	}
	o->own = false;
	if (line->ev.pid >= 0)
		o->children = false;
	else if (!o->children)
		o->children = s2s_event_makes_process(&line->ev);
}
