/* SPDX-License-Identifier: MIT */
/* Logs of another machine that nobody said is one: most calls have the same names. */
#include "bind/steps.h"

/* 0xffffe116f950: processes of x86_64 end at 47 bits, unless they ask for more, those
   of aarch64 at 48, and their stack is there. */
static bool
is_beyond(struct s2s_sv text)
{
	enum { DIGITS = 12 };
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;

	if (!sv_eat(&text, SV("0x")) || text.n < DIGITS || text.p[0] < '8')
		return false;
	while (n < text.n && memchr(digits, text.p[n], sizeof digits - 1))
		n++;
	return n == DIGITS;
}

void
s2s_bind_foreign(const struct s2s_event *ev, const struct s2s_call *call,
		 struct s2s_diag *diag)
{
	struct s2s_place place = ev->place;

	if (call->sc->arch != S2S_ARCH_X86_64 || ev->arch.n || ev->registers ||
	    ev->runs || diag->seen[S2S_DIAG_FOREIGN_ADDRESS])
		return;
	for (int i = 0; i < call->sc->nargs; i++) {
		const struct s2s_arg_text *text;

		if (call->arg[i].state != S2S_ARG_ADDRESS || !call->printed[i])
			continue;
		text = &ev->args[call->printed[i] - 1];
		if (text->kind != S2S_TEXT_EXPR || !is_beyond(text->text))
			continue;
		place.column = text->column;
		s2s_diag_report(diag, S2S_DIAG_FOREIGN_ADDRESS, place, ev->line, NULL);
		return;
	}
}
