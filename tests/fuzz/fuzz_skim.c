/* SPDX-License-Identifier: MIT */
/* Any log, read with the skimmer and without, is the same: as it is, until its lines
   are known, and with other numbers. property/test_skim.c has it for lines of real
   logs. */
#include "../property/skimmed.h"
#include "base/out.h"
#include "fuzz.h"

static void
put(struct s2s_out *out, struct s2s_sv text, unsigned add)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned digit = (unsigned)(unsigned char)text.p[i] - '0';

		s2s_out_char(out,
			     digit < 10 ? (char)('0' + (digit + add) % 10) : text.p[i]);
	}
	s2s_out_char(out, '\n');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct s2s_sv text = {(const char *)data, size};
	struct s2s_out out;

	s2s_out_memory(&out);
	s2s_out_str(&out, "getpid() = 1\n");
	for (unsigned i = 0; i < 6; i++)
		put(&out, text, i < 3 ? 0 : i);
	check_skimmed(out.p, out.n);
	s2s_out_done(&out);
	return 0;
}
