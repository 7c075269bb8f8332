/* SPDX-License-Identifier: MIT */
/* Lines that read well and yet may have output in them. */
#include "parse/spill.h"

/* A write shows nothing of its text: so many bytes before the end of what strace wrote
   when the call began may be that, and what comes behind the argument they begin in. */
static bool
doubts_hidden(struct output *o, const struct strace_line *line, struct s2s_sv text,
	      size_t open, unsigned nesting, struct s2s_sv *ret)
{
	const char *cut =
	    memmem(text.p, text.n, takeout_unfinished.p, takeout_unfinished.n);
	struct s2s_sv before = text, rest = text;
	uint64_t most = 0;
	size_t end;

	for (size_t i = 0; i < o->npending; i++)
		if (o->pending[i].hidden && o->pending[i].pid != line->ev.pid &&
		    o->pending[i].total > most)
			most = o->pending[i].total;
	if (most == 0)
		return false;
	if (line->ev.kind == S2S_EVENT_UNFINISHED && cut)
		end = (size_t)(cut - text.p);
	else if (!takeout_outcome(text, open, &end))
		return false;
	if (end <= open + 1 || memchr("\"'}]", text.p[end - 1], 4))
		return false;
	sv_skip(&rest, end);
	before.n = most < end - open - 1 ? end - (size_t)most : open + 1;
	before.n = output_sure(before, open, nesting);
	*ret = takeout_put(o, before, SV("..."), rest);
	return takeout_reads_well(*ret, nesting, false);
}

bool
output_doubts(struct output *o, const struct strace_line *line, struct s2s_sv text,
	      unsigned nesting, struct s2s_sv *ret)
{
	size_t open = (size_t)(line->ev.name.p + line->ev.name.n - text.p), sure;

	if (!o->seen || o->npending == 0 || text.n > OUTPUT_LINE ||
	    (line->ev.kind != S2S_EVENT_CALL && line->ev.kind != S2S_EVENT_UNFINISHED))
		return false;
	o->tries = 0;
	if (doubts_hidden(o, line, text, open, nesting, ret))
		return true;
	for (size_t i = 0; i < o->npending; i++) {
		const struct spill *spill = &o->pending[i];
		struct s2s_sv known = {spill->known, spill->n}, before = text;
		struct s2s_sv rest = text;

		if (known.n == 0 || known.n != spill->total ||
		    memchr(known.p, '\n', known.n))
			continue;
		for (size_t p = text.n; p-- > open && o->tries < TAKEOUT_TRIES;) {
			rest = (struct s2s_sv){text.p + p, text.n - p};
			if (!sv_eat(&rest, known) || ++o->tries > TAKEOUT_TRIES)
				continue;
			before.n = p;
			*ret = takeout_put(o, before, rest, SV(""));
			if (!takeout_reads_well(*ret, nesting, false))
				continue;
			sure = output_sure(before, open, nesting);
			*ret = takeout_put(o, (struct s2s_sv){text.p, sure}, SV("..."),
					   rest);
			return takeout_reads_well(*ret, nesting, false);
		}
	}
	return false;
}
