/* SPDX-License-Identifier: MIT */
#include "skim/hot_loops.h"

static void
make(struct skim_batch *batch, struct skim_seed seed, size_t line_max,
     struct s2s_sv text)
{
	canon_best()(&batch->canon, text.p, text.n);
	skim_make_keys(batch, seed, line_max, text, skim_hash);
}

static size_t
count(const struct skim_keys *keys, const struct skim_batch *batch, size_t from,
      struct skim_counting *counting)
{
	return skim_count_lines(keys, batch, from, counting, skim_equal);
}

static uint64_t
hash(struct skim_seed seed, const unsigned char *p, uint32_t n)
{
	return skim_hash(seed, p, n);
}

const struct skim_hot *
skim_hot_plain(void)
{
	static const struct skim_hot plain = {hash, make, count};

	return &plain;
}

const struct skim_hot *
skim_hot_best(void)
{
	const struct skim_hot *best = skim_hot_avx512();

	return best ? best : skim_hot_plain();
}
