/* SPDX-License-Identifier: MIT */
/* The loops of hot.h, for whoever hashes and compares texts. */
#pragma once

#include "parse/parse.h"
#include "skim/hot.h"
#include "skim/prefix.h"

#define SKIM_INLINE static inline __attribute__((always_inline))

/* What stood before the call in the line before: lines of one process follow one
   another. */
struct skim_last {
	struct skim_prefix prefix;
	skim_piece text[2], mask[2]; /* canonical */
	bool known;
};

/* All bits of the first n bytes, 16 at most. */
static inline skim_piece
skim_first_bytes(uint32_t n)
{
	static const unsigned char bytes[32] = {255, 255, 255, 255, 255, 255, 255, 255,
						255, 255, 255, 255, 255, 255, 255, 255};

	return skim_piece_at(bytes + 16 - n);
}

static inline void
skim_keep_prefix(struct skim_last *last, const unsigned char *text)
{
	uint32_t n = last->prefix.out, first = n < 16 ? n : 16;

	/* Where there is nothing, what follows may be a prefix. */
	last->known = n > 0 && n <= 32;
	if (!last->known)
		return;
	last->mask[0] = skim_first_bytes(first);
	last->mask[1] = skim_first_bytes(n - first);
	last->text[0] = skim_piece_at(text) & last->mask[0];
	last->text[1] = skim_piece_at(text + 16) & last->mask[1];
}

SKIM_INLINE bool
skim_same_prefix(const struct skim_last *last, const unsigned char *text)
{
	skim_piece differing =
	    ((skim_piece_at(text) & last->mask[0]) ^ last->text[0]) |
	    ((skim_piece_at(text + 16) & last->mask[1]) ^ last->text[1]);

	return last->known && !(differing[0] | differing[1]);
}

/* False: the line has no key. */
SKIM_INLINE bool
skim_see_prefix(struct skim_last *last, const char *p, const char *end,
		const unsigned char *text)
{
	if (skim_same_prefix(last, text))
		return true;
	last->known = false;
	if (!s2s_skim_prefix(p, end, &last->prefix))
		return false;
	skim_keep_prefix(last, text);
	return true;
}

/* Of the line from p to end, of that canonical text. Of a frame of a stack its
   beginning tells all, of others what stands behind the prefix. */
SKIM_INLINE struct skim_line
skim_key_at(struct skim_last *last, const char *p, const char *end,
	    const unsigned char *text, uint32_t n)
{
	struct skim_line ret = {.pid = -1};

	if (__builtin_expect(*text == ' ' && s2s_skim_is_frame(p, end), 0)) {
		ret.n = n < SKIM_KEY_MIN ? 0 : SKIM_KEY_MIN;
	} else if (skim_see_prefix(last, p, end, text)) {
		ret.text = last->prefix.out;
		n -= ret.text;
		ret.n = n - SKIM_KEY_MIN <= SKIM_KEY_MAX - SKIM_KEY_MIN ? n : 0;
		ret.pid = (int32_t)last->prefix.pid;
	}
	return ret;
}

/* Of a batch that was canonized. */
SKIM_INLINE void
skim_make_keys(struct skim_batch *batch, struct skim_seed seed, size_t line_max,
	       struct s2s_sv text, skim_hash_fn *hash)
{
	const struct canon *canon = &batch->canon;
	struct skim_last last = {.known = false};
	const char *p = text.p;
	uint32_t from = 0;

	batch->begin = p;
	for (size_t i = 0; i < canon->nlines; i++) {
		const struct canon_line *line = &canon->lines[i];
		const char *end = text.p + line->in;
		struct skim_line key = {.n = 0};

		if (!(line->out & CANON_ODD) && (size_t)(end - p) <= line_max)
			key = skim_key_at(&last, p, end, canon->text + from,
					  line->out - from);
		key.end = line->in;
		key.text += from;
		if (key.n)
			key.hash = hash(seed, canon->text + key.text, key.n);
		batch->lines[i] = key;
		from = canon_end(line);
		p = end + 1;
	}
}

SKIM_INLINE size_t
skim_count_lines(const struct skim_keys *keys, const struct skim_batch *batch,
		 size_t from, struct skim_counting *counting, skim_equal_fn *equal)
{
	counting->found = NULL;
	for (; from < batch->canon.nlines; from++) {
		const struct skim_line *line = &batch->lines[from];
		struct skim_key key = {batch->canon.text + line->text, line->n, 0,
				       line->hash};
		struct skim_entry *entry =
		    line->n ? skim_keys_look(keys, &key, equal) : NULL;

		if (!entry || entry->simple_in != counting->input ||
		    counting->waiting[(uint64_t)line->pid % S2S_WAITING]) {
			counting->found = entry;
			break;
		}
		entry->hits++;
		counting->any_pid |= line->pid >= 0;
	}
	return from;
}
