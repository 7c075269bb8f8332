/* SPDX-License-Identifier: MIT */
/* Level robust: stops new behaviour, not a longer file. What selects is exact but for
   bits and commands that give no power (data/harmless.tbl, permission bits among them);
   what measures or names an object of this run is free.

   A pointer is free too, NULL or not: it names an object of this run. Whether a
   timeout, an old signal mask or a hint for mmap is given changes from run to run in
   innocent programs, and what a call can do hangs on its selectors. (The exception that
   is known, the destination of sendto, is one --level-of=sendto.dest_addr=advanced
   away.) */
#include "optimize/levels.h"

struct s2s_treated
s2s_treat_robust(const struct s2s_syscall *sc, int arg, const struct s2s_kind *kind)
{
	uint64_t mask =
	    s2s_width_mask(kind->width) & ~s2s_syscall_free_bits(sc, arg, kind);

	switch (kind->role) {
	case S2S_ROLE_UNUSED:
	case S2S_ROLE_VARIANT:
	case S2S_ROLE_ADDRESS:
	case S2S_ROLE_QUANTITY:
	case S2S_ROLE_OBJECT:
		break;
	case S2S_ROLE_SELECTOR:
	case S2S_ROLE_MODE:
		return (struct s2s_treated){S2S_TREAT_KEY, mask};
	}
	return (struct s2s_treated){S2S_TREAT_FREE, 0};
}
