/* SPDX-License-Identifier: MIT */
/* A line without the output that stands in it. */
#include "parse/spill.h"

#include "base/arena.h"

#include <stdlib.h>

enum { ENDS_MAX = 8, DEPTH_MAX = 4 };

const struct s2s_sv takeout_unfinished = {" <unfinished ...>", 17};

/* The call that a line begins with. */
struct head {
	bool found, writes;
	int64_t pid;
	size_t name_at, open; /* of its name, of its '(' */
	size_t behind;        /* where the text of its own output ends */
	struct spill own;
};

static struct head
head_of(struct s2s_sv text)
{
	struct head head = {.pid = -1};
	struct s2s_event ev = {.pid = -1};
	struct s2s_sv name;
	struct scan s;

	scan_init(&s, text, 0, NULL);
	scan_prefix(&s, &ev);
	head.name_at = (size_t)(s.p - s.begin);
	if (!scan_name(&s, &name) || !scan_at(&s, '('))
		return head;
	head.found = true;
	head.pid = ev.pid;
	head.open = (size_t)(s.p - s.begin);
	sv_skip(&text, head.name_at);
	head.writes = spill_of(text, ev.pid, &head.own, &head.behind);
	head.behind += head.name_at;
	return head;
}

static void
put(struct output *o, struct s2s_sv text)
{
	if (o->cap - o->n < text.n) {
		o->cap = (o->n + text.n) * 2;
		o->buf = s2s_realloc(o->buf, o->cap, 1);
	}
	if (text.n)
		memcpy(o->buf + o->n, text.p, text.n);
	o->n += text.n;
}

struct s2s_sv
takeout_put(struct output *o, struct s2s_sv a, struct s2s_sv b, struct s2s_sv c)
{
	o->n = 0;
	put(o, a);
	put(o, b);
	put(o, c);
	return (struct s2s_sv){o->buf, o->n};
}

bool
takeout_reads_well(struct s2s_sv text, unsigned nesting, bool may_be_rest)
{
	struct s2s_arg_text args[SCAN_ARGS_MAX];
	struct strace_line line;
	struct scan s;

	scan_init(&s, text, nesting, args);
	if (!scan_line(&s, NULL, &line) || line.ev.kind == S2S_EVENT_NOTE)
		return false;
	if (line.headless)
		return may_be_rest && !memmem(text.p, text.n, " resumed>", 9);
	return !output_suspects(&line, args, s.nargs);
}

/* Of -k:  > /usr/lib/libc.so.6(__write+0x4f) [0xf838f] */
static bool
is_frame(struct s2s_sv text, unsigned nesting)
{
	struct s2s_arg_text args[SCAN_ARGS_MAX];
	struct strace_line line;
	struct scan s;

	scan_init(&s, text, nesting, args);
	return sv_starts(text, SV(" > ")) && scan_line(&s, NULL, &line) &&
	       line.ev.kind == S2S_EVENT_NOTE;
}

/* The number that the text ends with, whether it was cut there or not yet:
   write(2, "abc"..., 250 */
static bool
number_at_end(struct s2s_sv text, uint64_t *ret)
{
	size_t from;

	if (sv_ends(text, takeout_unfinished))
		text.n -= takeout_unfinished.n;
	else if (sv_ends(text, SV(" ")))
		text.n--;
	from = text.n;

	while (from && scan_classes[(unsigned char)text.p[from - 1]] & SCAN_NAME)
		from--;
	sv_skip(&text, from);
	return sv_to_u64(text, ret);
}

/* Whether another call writes the same: nobody can tell whose came. */
static bool
has_twin(const struct output *o, const struct spill *spill)
{
	for (size_t i = 0; i < o->npending; i++)
		if (&o->pending[i] != spill && o->pending[i].n == spill->n &&
		    memcmp(o->pending[i].known, spill->known, spill->n) == 0)
			return true;
	return false;
}

/* A text, and what of it has been taken out already. */
struct attempt {
	struct s2s_sv text;
	unsigned nesting;
	int depth;
	bool to_end;   /* of the line */
	uint32_t used; /* a bit for each of what is pending */
	bool own;      /* what the line itself writes */
};

static enum output_verdict take_known(struct output *o, const struct attempt *a,
				      struct s2s_sv *ret);

/* The rest may hold the output of another thread. */
static enum output_verdict
take_more(struct output *o, const struct attempt *a, struct s2s_sv clean, bool to_end,
	  struct s2s_sv *ret)
{
	struct attempt inner = *a;
	enum output_verdict verdict;
	char *copy;

	if (a->depth == DEPTH_MAX)
		return OUTPUT_NONE;
	copy = s2s_realloc(NULL, clean.n + 1, 1);
	memcpy(copy, clean.p, clean.n);
	inner.text = (struct s2s_sv){copy, clean.n};
	inner.depth++;
	inner.to_end = to_end;
	verdict = take_known(o, &inner, ret);
	free(copy);
	return verdict;
}

/* Whether the output can begin at the p-th byte; a newline is not in the text. */
static bool
may_begin(struct s2s_sv text, size_t p, const struct spill *spill)
{
	return spill->known[0] == (p < text.n ? text.p[p] : '\n');
}

/* Output behind a line that tells of no call, or of one whose name comes later. */
static enum output_verdict
take_end(struct output *o, const struct attempt *a, struct s2s_sv before,
	 struct s2s_sv *ret)
{
	if (takeout_reads_well(before, a->nesting, false)) {
		*ret = takeout_put(o, before, SV(""), SV(""));
		return OUTPUT_PART;
	}
	return output_keep_stub(o, before) ? OUTPUT_ALL : OUTPUT_NONE;
}

/* Takes the output of `spill` out of the text from its p-th byte on. */
static enum output_verdict
attempt(struct output *o, const struct attempt *a, const struct spill *spill, size_t p,
	struct s2s_sv *ret)
{
	struct s2s_sv before = {a->text.p, p}, rest = a->text;
	enum output_verdict verdict = OUTPUT_PART;
	struct taken taken;

	sv_skip(&rest, p);
	if (spill->total < spill->n || !spill_take(spill, rest, &taken) ||
	    ++o->tries > TAKEOUT_TRIES)
		return OUTPUT_NONE;
	sv_skip(&rest, taken.n);
	if (before.n + rest.n == 0 ||
	    (rest.n == 0 && sv_ends(before, SV("=")) && output_keep_stub(o, before))) {
		verdict = OUTPUT_ALL;
	} else {
		bool to_end = a->to_end || rest.n == 0;
		size_t n = before.n + rest.n;

		*ret =
		    takeout_put(o, before, rest, to_end ? takeout_unfinished : SV(""));
		verdict = takeout_reads_well(*ret, a->nesting, false) ? OUTPUT_PART
								      : OUTPUT_NONE;
		if (verdict == OUTPUT_NONE)
			verdict =
			    take_more(o, a, (struct s2s_sv){ret->p, n}, to_end, ret);
		if (verdict == OUTPUT_NONE && p == 0 && rest.n &&
		    (takeout_reads_well(rest, a->nesting, true) ||
		     is_frame(rest, a->nesting))) {
			*ret = takeout_put(o, rest, SV(""), SV(""));
			verdict = OUTPUT_PART;
		}
	}
	if (verdict == OUTPUT_NONE && rest.n == 0)
		verdict = take_end(o, a, before, ret);
	if (verdict == OUTPUT_NONE)
		return verdict;
	o->seen = true;
	if (taken.left)
		output_keep_rest(o, spill, &taken);
	if (a->own && !has_twin(o, spill))
		o->own = true;
	return verdict;
}

static enum output_verdict
take_pending(struct output *o, const struct attempt *a, size_t i, struct s2s_sv *ret)
{
	struct attempt with = *a;
	enum output_verdict verdict = OUTPUT_NONE;

	with.used |= UINT32_C(1) << i;
	for (size_t p = a->text.n + 1; p-- > 0 && verdict == OUTPUT_NONE;)
		if (may_begin(a->text, p, &o->pending[i]))
			verdict = attempt(o, &with, &o->pending[i], p, ret);
	if (verdict != OUTPUT_NONE && !has_twin(o, &o->pending[i]))
		o->pending[i].n = o->pending[i].total = 0; /* all of it came */
	return verdict;
}

/* Whether the text ends with the number of what the call writes, which may tell how
   much that is. */
static bool
counted(struct s2s_sv text, const struct spill *own, uint64_t *ret_total)
{
	uint64_t number;

	if (!number_at_end(text, &number))
		return false;
	if (own->buffers)
		return number == own->buffers;
	*ret_total = number;
	return own->total == UINT64_MAX || own->total == number;
}

/* What the line itself writes comes after the number of its bytes, or of its buffers.
 */
static enum output_verdict
take_own(struct output *o, const struct attempt *a, const struct head *head,
	 struct s2s_sv *ret)
{
	struct attempt with = *a;
	enum output_verdict verdict = OUTPUT_NONE;
	struct spill spill = head->own;

	with.own = true;
	for (size_t p = a->text.n + 1; p-- > head->behind && verdict == OUTPUT_NONE;) {
		if (!may_begin(a->text, p, &spill) ||
		    !counted((struct s2s_sv){a->text.p, p}, &head->own, &spill.total))
			continue;
		verdict = attempt(o, &with, &spill, p, ret);
	}
	return verdict;
}

/* What is known can be taken out exactly. */
static enum output_verdict
take_known(struct output *o, const struct attempt *a, struct s2s_sv *ret)
{
	struct head head = head_of(a->text);
	enum output_verdict verdict = OUTPUT_NONE;

	if (head.writes && head.own.n && !a->own)
		verdict = take_own(o, a, &head, ret);
	for (size_t i = 0; verdict == OUTPUT_NONE && i < o->npending; i++)
		if (o->pending[i].n && !(a->used >> i & 1))
			verdict = take_pending(o, a, i, ret);
	return verdict;
}

/* ---- output that is not known ---- */

size_t
output_sure(struct s2s_sv text, size_t at, unsigned nesting)
{
	struct s2s_arg_text args[SCAN_ARGS_MAX];
	struct scan s;
	const char *end;

	scan_init(&s, text, nesting, args);
	s.p += at + 1;
	if (!scan_arguments(&s))
		return at + 1;
	end = s.p;
	scan_blanks(&s);
	if (scan_char(&s, ',')) /* what follows is no argument at all */
		return (size_t)(end - s.begin) + (s.p < s.end ? 2 : 1);
	return s.nargs ? args[s.nargs - 1].column - 1 - args[s.nargs - 1].name.n -
			     (args[s.nargs - 1].name.n != 0)
		       : at + 1;
}

bool
takeout_outcome(struct s2s_sv text, size_t from, size_t *ret)
{
	struct s2s_event ev;
	struct scan s;
	int ends = 0;

	for (size_t p = text.n; p-- > from && ends < ENDS_MAX;) {
		if (text.p[p] != ')')
			continue;
		ends++;
		scan_init(&s, text, 1, NULL);
		s.p += p + 1;
		if (!scan_outcome(&s, &ev))
			continue;
		scan_blanks(&s);
		if (s.p == s.end) {
			*ret = p;
			return true;
		}
	}
	return false;
}

/* The call without what can be wrong. */
static enum output_verdict
cut_call(struct output *o, const struct head *head, const struct attempt *a,
	 struct s2s_sv *ret)
{
	struct s2s_sv sure = {a->text.p, output_sure(a->text, head->open, a->nesting)};
	struct s2s_sv rest = a->text;
	size_t end;

	if (takeout_outcome(a->text, sure.n, &end)) {
		sv_skip(&rest, end);
		*ret = takeout_put(o, sure, SV("..."), rest);
	} else {
		*ret = takeout_put(o, sure, takeout_unfinished, SV(""));
	}
	return takeout_reads_well(*ret, a->nesting, false) ? OUTPUT_CUT : OUTPUT_NONE;
}

static enum output_verdict
take_unknown(struct output *o, const struct attempt *a, struct s2s_sv *ret)
{
	struct head head = head_of(a->text);
	struct s2s_sv rest = a->text;
	const char *pid = memmem(rest.p, rest.n, "[pid ", 5);
	bool own = head.writes && head.own.wild, wild = own;

	if (o->children && o->seen && head.pid < 0)
		wild = own = true;
	for (size_t i = 0; i < o->npending && !wild; i++)
		wild = o->pending[i].wild;
	if (!wild)
		return OUTPUT_NONE;
	o->seen = true;
	if (head.found && (head.pid >= 0 || own))
		return cut_call(o, &head, a, ret);
	if (pid) {
		sv_skip(&rest, (size_t)(pid - rest.p));
		*ret = takeout_put(o, rest, SV(""), SV(""));
		if (takeout_reads_well(*ret, a->nesting, false))
			return OUTPUT_PART;
	}
	return OUTPUT_ALL;
}

enum output_verdict
output_take_out(struct output *o, struct s2s_sv text, unsigned nesting, bool torn,
		struct s2s_sv *ret)
{
	struct attempt a = {.text = text, .nesting = nesting};
	enum output_verdict verdict;

	o->tries = 0;
	o->own = false;
	if (text.n > OUTPUT_LINE)
		return OUTPUT_NONE;
	verdict = take_known(o, &a, ret);
	return verdict == OUTPUT_NONE && torn ? take_unknown(o, &a, ret) : verdict;
}
