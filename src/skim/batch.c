/* SPDX-License-Identifier: MIT */
#include "skim/batch.h"

#include "skim/prefix.h"

/* What stood before the call in the line before: lines of one process follow one
   another. */
struct last {
	struct skim_prefix prefix;
	skim_piece text[2], mask[2]; /* canonical */
	bool known;
};

static void
keep(struct last *last, const unsigned char *text)
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

static inline bool
is_same(const struct last *last, const unsigned char *text)
{
	skim_piece differing =
	    ((skim_piece_at(text) & last->mask[0]) ^ last->text[0]) |
	    ((skim_piece_at(text + 16) & last->mask[1]) ^ last->text[1]);

	return last->known && !(differing[0] | differing[1]);
}

/* False: the line has no key. */
static inline bool
see_prefix(struct last *last, const char *p, const char *end, const unsigned char *text)
{
	if (is_same(last, text))
		return true;
	last->known = false;
	if (!s2s_skim_prefix(p, end, &last->prefix))
		return false;
	keep(last, text);
	return true;
}

void
skim_batch_make(struct skim_batch *batch, canon_fn *canonize, struct skim_seed seed,
		size_t line_max, struct s2s_sv text)
{
	const struct canon *canon = &batch->canon;
	struct last last = {.known = false};
	const char *p = text.p;
	uint32_t from = 0;

	batch->begin = p;
	canonize(&batch->canon, p, text.n);
	for (size_t i = 0; i < canon->nlines; i++) {
		const struct canon_line *line = &canon->lines[i];
		struct skim_line *ret = &batch->lines[i];
		const char *end = text.p + line->in;

		ret->end = line->in;
		ret->n = 0;
		if (!line->odd && (size_t)(end - p) <= line_max &&
		    see_prefix(&last, p, end, canon->text + from)) {
			uint32_t at = from + last.prefix.out, n = line->out - at;

			if (n - SKIM_KEY_MIN <= SKIM_KEY_MAX - SKIM_KEY_MIN) {
				ret->text = at;
				ret->n = n;
				ret->pid = (int32_t)last.prefix.pid;
				ret->hash = skim_hash(seed, canon->text + at, n);
			}
		}
		from = line->out;
		p = end + 1;
	}
}
