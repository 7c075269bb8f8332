/* SPDX-License-Identifier: MIT */
/* Level strict: exactly the argument tuples that were seen. */
#include "optimize/levels.h"

struct s2s_treated
s2s_treat_strict(const struct s2s_syscall *sc, int arg, const struct s2s_kind *kind)
{
	(void)sc;
	(void)arg;
	switch (kind->role) {
	case S2S_ROLE_UNUSED:
	case S2S_ROLE_VARIANT:
		break;
	case S2S_ROLE_ADDRESS:
		return (struct s2s_treated){S2S_TREAT_NULL, 0};
	case S2S_ROLE_SELECTOR:
	case S2S_ROLE_QUANTITY:
	case S2S_ROLE_OBJECT:
	case S2S_ROLE_MODE:
		return (struct s2s_treated){S2S_TREAT_KEY, s2s_width_mask(kind->width)};
	}
	return (struct s2s_treated){S2S_TREAT_FREE, 0};
}
