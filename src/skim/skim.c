/* SPDX-License-Identifier: MIT */
#include "skim/skim.h"

#include "base/arena.h"
#include "skim/hot.h"
#include "skim/prefix.h"

#include <stdlib.h>

enum {
	KEYS_TEXT_MAX = 4 << 20,
	BATCH = 16 * 1024, /* bytes made ready at once, so that caches hold them */
	TRIED = 8 * 1024, /* lines that went on: where not even half as many were … */
	FEW = 2,          /* … answered, */
	REST = 64 * 1024, /* so many go on without a look */
};

/* What there is of the line that goes on next. */
struct next_line {
	struct skim_key key; /* n 0: none */
	uint32_t prefix;     /* canonical bytes of the line before it */
	uint64_t begun;      /* the line in which the call began that it ends */
};

struct s2s_skim {
	struct s2s_skim_user user;
	struct s2s_line_sink next;
	size_t line_max;
	const struct skim_hot *hot;
	struct skim_keys keys;
	uint32_t input; /* its number */
	uint64_t answered;
	uint64_t answered_before;
	uint32_t went_on;   /* lines, since then */
	uint32_t rest;      /* lines that are not looked at */
	const char *expect; /* the line `at` of the batch; NULL: it is of nothing */
	size_t at;
	struct next_line on;
	struct skim_batch *batch; /* own, or a block that was prepared */
	struct skim_batch own;
};

struct s2s_skim *
s2s_skim_new(const struct s2s_limits *limits, const struct s2s_skim_user *user,
	     struct s2s_line_sink next)
{
	struct s2s_skim *skim = s2s_realloc(NULL, 1, sizeof *skim);

	skim->user = *user;
	skim->next = next;
	skim->line_max =
	    limits && limits->line ? limits->line : s2s_limits_default.line;
	skim->hot = skim_hot_best();
	skim->batch = &skim->own;
	skim_keys_init(&skim->keys, skim->hot->hash);
	skim->input = 1;
	skim->answered = skim->answered_before = 0;
	skim->went_on = skim->rest = 0;
	skim->expect = NULL;
	skim->on = (struct next_line){0};
	return skim;
}

void
s2s_skim_free(struct s2s_skim *skim)
{
	if (skim)
		skim_keys_done(&skim->keys);
	free(skim);
}

uint64_t
s2s_skim_lines(const struct s2s_skim *skim)
{
	return skim->answered;
}

static void
use(struct skim_batch *batch, struct s2s_skim *skim)
{
	skim->batch = batch;
	skim->expect = batch->begin;
	skim->at = 0;
}

/* Makes lines of the text ready; false where not even one fits. */
static bool
take_batch(struct s2s_skim *skim, struct s2s_sv text)
{
	size_t n = text.n < BATCH ? text.n : BATCH;
	const char *newline = memrchr(text.p, '\n', n);

	skim->expect = NULL;
	if (!newline)
		return false;
	text.n = (size_t)(newline - text.p) + 1;
	skim->hot->make(&skim->own, skim->keys.seed, skim->line_max, text);
	use(&skim->own, skim);
	return true;
}

static inline bool
echoes(struct s2s_sv line, const unsigned char *key, uint32_t n, uint8_t echo)
{
	static const unsigned char end[] = {')', ' ', '=', ' ', CANON_MARK};

	return n >= echo + sizeof end && line.n >= echo + 2U &&
	       memcmp(key + n - sizeof end, end, sizeof end) == 0 &&
	       memcmp(line.p + line.n - echo - 2, "= ", 2) == 0 &&
	       memcmp(line.p + line.n - echo, key + n - sizeof end - echo, echo) == 0;
}

/* "… = 0x55d6f0d7a660", longer than addresses of 32-bit processes. */
static bool
ends_in_long_address(struct s2s_sv line)
{
	static const char before[] = {' ', '=', ' ', '0', 'x'};
	enum { OF_32_BITS = 8 };
	const char *end = line.p + line.n, *p = end;

	while (p > line.p &&
	       ((p[-1] >= '0' && p[-1] <= '9') || (p[-1] >= 'a' && p[-1] <= 'f')))
		p--;
	return end - p > OF_32_BITS && p - line.p >= (ptrdiff_t)sizeof before &&
	       memcmp(p - sizeof before, before, sizeof before) == 0;
}

/* Whether the next line, of the same process, tells that it is no 32-bit one, as the
   parser would see it (infer.c), and nothing else: brk(NULL) = 0x55d6f0d7a660 */
static bool
tells_native(const struct s2s_skim *skim, int32_t pid)
{
	const struct skim_batch *batch = skim->batch;
	const struct skim_line *line = &batch->lines[skim->at];
	const char *begin = batch->begin + line[-1].end + 1;
	const struct skim_entry *entry;
	const unsigned char *text;
	struct skim_key key;

	if (skim->at == batch->canon.nlines || line->pid != pid || line->n < 4)
		return false;
	text = batch->canon.text + line->text;
	if (memcmp(text, "brk(", 4) != 0)
		return false;
	key = skim_key_of(&skim->keys, text, line->n, line->hash, 0);
	entry = skim_keys_find(&skim->keys, &key);
	return entry && entry->simple_in == skim->input &&
	       ends_in_long_address(
		   (struct s2s_sv){begin, (size_t)(batch->begin + line->end - begin)});
}

/* Of a line that executes: that it did, and what. */
static bool
becomes_native(const struct s2s_skim *skim, struct s2s_sv line, int32_t pid)
{
	return sv_ends(line, SV(" = 0")) && tells_native(skim, pid);
}

/* The key of a line; n is 0 where it has none. */
static inline struct skim_key
key_of(struct s2s_skim *skim, const struct skim_line *line)
{
	static const struct skim_key none = {0};
	const unsigned char *text = skim->batch->canon.text + line->text;
	uint32_t first = 0;

	if (!line->n)
		return none;
	if (*text == '<') {
		first = skim->user.waits(skim->user.self, line->pid, &skim->on.begun);
		if (!first)
			return none;
	}
	return skim_key_of(&skim->keys, text, line->n, line->hash, first);
}

/* Whether what the entry says is so for this line. */
static inline bool
holds(const struct s2s_skim *skim, const struct skim_entry *entry, struct s2s_sv line,
      int32_t pid, const uint32_t *waiting)
{
	const struct skim_key *key = &skim->on.key;

	if (entry->input != skim->input)
		return false;
	if (key->first)
		return skim->on.begun > entry->line;
	return !waiting[(uint64_t)pid % S2S_WAITING] &&
	       (!entry->what.echo || echoes(line, key->p, key->n, entry->what.echo)) &&
	       (!entry->what.executes || becomes_native(skim, line, pid));
}

/* The entry that answers the line at p, or NULL; `found`: as one that ends no call. */
static inline struct skim_entry *
answer(struct s2s_skim *skim, const char *p, const struct skim_line *line,
       const uint32_t *waiting, struct skim_entry *found)
{
	struct s2s_sv text = {p, (size_t)(skim->batch->begin + line->end - p)};
	struct skim_entry *entry = found;

	skim->on.key = key_of(skim, line);
	if (!skim->on.key.n)
		return NULL;
	if (skim->on.key.first)
		entry = skim_keys_find(&skim->keys, &skim->on.key);
	return entry && holds(skim, entry, text, line->pid, waiting) ? entry : NULL;
}

static void *
prepare(void *self, struct s2s_sv text, void *old)
{
	const struct s2s_skim *skim = self;
	struct skim_batch *batch = old ? old : s2s_realloc(NULL, 1, sizeof *batch);

	skim->hot->make(batch, skim->keys.seed, skim->line_max, text);
	return batch;
}

/* A stretch of lines that are answered. */
struct stretch {
	const struct s2s_line *before; /* the line before it */
	uint64_t lines;
	uint64_t calls; /* the last of these: nobody was told of them yet */
	bool any_pid;   /* … any of which has one */
	bool last_pid;  /* the last line has one */
};

static void
tell(struct s2s_skim *skim, struct stretch *s)
{
	if (s->calls)
		skim->user.passed(skim->user.self, s->calls, s->any_pid);
	s->calls = 0;
	s->any_pid = false;
}

/* Of a line that has one. */
static struct skim_prefix
prefix_of(struct s2s_sv line)
{
	struct skim_prefix prefix = {.pid = -1};

	s2s_skim_prefix(line.p, line.p + line.n, &prefix);
	return prefix;
}

static bool
begin_call(struct s2s_skim *skim, const struct skim_entry *entry, struct s2s_sv text,
	   struct stretch *s)
{
	struct skim_prefix prefix = prefix_of(text);
	struct s2s_line line = {text, s->before->file, s->before->number + s->lines + 1,
				false, false};
	struct s2s_begin begin = {
	    .pid = prefix.pid,
	    .name_at = prefix.in,
	    .name_n = entry->what.name_n,
	    .n = text.n - s2s_skim_cut.n,
	    .tag = entry->tag,
	};

	tell(skim, s);
	return skim->user.begin(skim->user.self, &line, &begin);
}

/* False: the line is to go on. */
static inline bool
pass(struct s2s_skim *skim, struct skim_entry *entry, struct s2s_sv line, int32_t pid,
     struct stretch *s)
{
	switch (entry->what.kind) {
	case S2S_SKIM_CALL:
		s->calls++;
		s->any_pid |= pid >= 0;
		break;
	case S2S_SKIM_BEGIN:
		if (!begin_call(skim, entry, line, s))
			return false;
		break;
	case S2S_SKIM_END:
		skim->user.finish(skim->user.self, pid);
		break;
	case S2S_SKIM_TOLD:
		skim->user.told(skim->user.self, entry->what.told, pid >= 0);
		break;
	}
	entry->hits++;
	s->lines++;
	s->last_pid = pid >= 0;
	return true;
}

/* Most lines of a log are calls that are counted and no more. Returns the line behind
   them, and its entry as in skim_counting. */
static const char *
count_calls(struct s2s_skim *skim, const char *p, const uint32_t *waiting,
	    struct stretch *s, struct skim_entry **ret_found)
{
	struct skim_counting counting = {waiting, skim->input, s->any_pid, NULL};
	size_t was = skim->at;

	skim->at = skim->hot->count(&skim->keys, skim->batch, was, &counting);
	*ret_found = counting.found;
	if (skim->at == was)
		return p;
	s->any_pid = counting.any_pid;
	s->last_pid = skim->batch->lines[skim->at - 1].pid >= 0;
	s->calls += skim->at - was;
	s->lines += skim->at - was;
	skim->expect = skim->batch->begin + skim->batch->lines[skim->at - 1].end + 1;
	return skim->expect;
}

/* The line that is to go on now: what its canonical text has before the key. */
static void
see_next(struct s2s_skim *skim)
{
	const struct skim_batch *batch = skim->batch;
	size_t i = skim->at - 1;

	skim->on.prefix =
	    batch->lines[i].text - (i ? canon_end(&batch->canon.lines[i - 1]) : 0);
}

/* The line goes on without a look; what was made ready behind it stays so. */
static void
pass_over(struct s2s_skim *skim, const char *p)
{
	bool ready = skim->expect == p && skim->at < skim->batch->canon.nlines;

	skim->expect =
	    ready ? skim->batch->begin + skim->batch->lines[skim->at++].end + 1 : NULL;
}

static size_t
take(void *self, struct s2s_sv text, const struct s2s_line *before, void *prepared,
     uint64_t *ret_lines)
{
	struct s2s_skim *skim = self;
	const uint32_t *waiting =
	    skim->rest ? NULL : skim->user.waiting(skim->user.self);
	const char *p = text.p, *end = text.p + text.n;
	struct stretch stretch = {.before = before};

	skim->on.key.n = 0;
	*ret_lines = 0;
	if (prepared)
		use(prepared, skim);
	if (!waiting) {
		pass_over(skim, p);
		return 0;
	}
	while (p < end) {
		struct skim_entry *entry, *found;
		const struct skim_line *line;
		bool ready = skim->expect == p && skim->at < skim->batch->canon.nlines;
		const char *next;

		if (!ready && !take_batch(skim, (struct s2s_sv){p, (size_t)(end - p)}))
			break;
		p = count_calls(skim, p, waiting, &stretch, &found);
		if (skim->at == skim->batch->canon.nlines)
			continue;
		line = &skim->batch->lines[skim->at++];
		entry = answer(skim, p, line, waiting, found);
		next = skim->batch->begin + line->end + 1;
		skim->expect = next;
		if (!entry) {
			see_next(skim);
			break;
		}
		if (!pass(skim, entry, (struct s2s_sv){p, (size_t)(next - p) - 1},
			  line->pid, &stretch))
			break;
		p = next;
	}
	tell(skim, &stretch);
	if (stretch.lines)
		skim->user.passed_last(skim->user.self, stretch.last_pid);
	skim->answered += stretch.lines;
	*ret_lines = stretch.lines;
	return (size_t)(p - text.p);
}

static void
hand_on_counts(struct s2s_skim *skim)
{
	for (size_t i = 0; i < skim->keys.n; i++) {
		struct skim_entry *entry = &skim->keys.entries[i];

		if (entry->hits && (entry->what.kind == S2S_SKIM_CALL ||
				    entry->what.kind == S2S_SKIM_END))
			skim->user.repeated(skim->user.self, &entry->what, entry->hits);
		entry->hits = 0;
	}
}

static void
learn(struct s2s_skim *skim, const struct next_line *on, struct s2s_skimmed what)
{
	struct skim_entry *entry;

	if (skim->keys.n == SKIM_KEYS_MAX || skim->keys.text_n > KEYS_TEXT_MAX) {
		hand_on_counts(skim);
		skim_keys_clear(&skim->keys);
	}
	entry = skim_keys_put(&skim->keys, &on->key, skim->input, what);
	entry->line = on->begun;
	entry->simple_in = what.kind == S2S_SKIM_CALL && !what.echo && !what.executes
			       ? skim->input
			       : 0;
	if (what.kind == S2S_SKIM_BEGIN)
		skim->user.tag(skim->user.self, entry->tag);
}

static bool
is_worth_it(struct s2s_skim *skim, const struct next_line *on, struct s2s_sv line,
	    struct skim_prefix *ret)
{
	return on->key.n && skim_keys_try(&skim->keys, on->key.hash) &&
	       s2s_skim_prefix(line.p, line.p + line.n, ret) && ret->out == on->prefix;
}

/* A log of which few lines come again is read faster without a look at them. */
static void
see_worth(struct s2s_skim *skim)
{
	if (skim->rest) {
		skim->rest--;
		return;
	}
	if (++skim->went_on < TRIED)
		return;
	if ((skim->answered - skim->answered_before) * FEW < TRIED)
		skim->rest = REST;
	skim->answered_before = skim->answered;
	skim->went_on = 0;
}

static enum s2s_status
on_line(void *self, const struct s2s_line *line)
{
	struct s2s_skim *skim = self;
	struct next_line on = skim->on;
	struct skim_prefix prefix;
	struct s2s_skimmed what;
	struct s2s_sv text;

	skim->on.key.n = 0;
	see_worth(skim);
	if (!is_worth_it(skim, &on, line->text, &prefix))
		return skim->next.event(skim->next.self, line);
	skim->user.before(skim->user.self);
	TRY(skim->next.event(skim->next.self, line));
	text = line->text;
	sv_skip(&text, prefix.in);
	/* Behind a number only whole calls are known. */
	if (skim->user.after(skim->user.self, line, text, &what) &&
	    (what.kind == S2S_SKIM_END) == (on.key.first != 0) &&
	    (what.kind == S2S_SKIM_CALL || text.p[0] != '['))
		learn(skim, &on, what);
	return S2S_OK;
}

static enum s2s_status
on_end(void *self)
{
	struct s2s_skim *skim = self;

	hand_on_counts(skim);
	skim->input++;
	skim->expect = NULL;
	return skim->next.end(skim->next.self);
}

struct s2s_line_sink
s2s_skim_sink(struct s2s_skim *skim)
{
	static const struct s2s_bulk bulk = {take, prepare};

	return (struct s2s_line_sink){on_line, on_end, skim, &bulk};
}
