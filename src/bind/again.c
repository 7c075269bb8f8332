/* SPDX-License-Identifier: MIT */
#include "bind/again.h"

#include "base/arena.h"

#include <stdlib.h>

enum { SLOTS = 1024 };

struct s2s_again_slot {
	uint64_t text_id; /* 0: free */
	int64_t nr;       /* as the log says it: a name can stand for two */
	struct s2s_bind_counts counts;
	const struct s2s_syscall *sc;
	struct s2s_arg arg[S2S_ARGS_MAX];
	uint8_t printed[S2S_ARGS_MAX];
	const struct s2s_kind *kind[S2S_ARGS_MAX];
};

void
s2s_bind_count(struct s2s_bind_counts *counts, const struct s2s_bind_counts *added)
{
	counts->calls += added->calls;
	counts->unknown_calls += added->unknown_calls;
	counts->args += added->args;
	counts->unknown_args += added->unknown_args;
	counts->unknown_symbols += added->unknown_symbols;
	counts->unknown_selectors += added->unknown_selectors;
}

bool
s2s_again_find(const struct s2s_again *again, const struct s2s_event *ev,
	       struct s2s_bind_counts *counts, struct s2s_call *call)
{
	const struct s2s_again_slot *slot;

	if (!ev->text_id || !again->slots || ev->arch.n)
		return false;
	slot = &again->slots[ev->text_id % SLOTS];
	if (slot->text_id != ev->text_id || slot->nr != ev->nr)
		return false;
	call->sc = slot->sc;
	memcpy(call->arg, slot->arg, sizeof call->arg);
	memcpy(call->kind, slot->kind, sizeof call->kind);
	memcpy(call->printed, slot->printed, sizeof call->printed);
	s2s_bind_count(counts, &slot->counts);
	return true;
}

void
s2s_again_keep(struct s2s_again *again, const struct s2s_event *ev,
	       const struct s2s_bind_counts *counts, const struct s2s_call *call)
{
	struct s2s_again_slot *slot;

	if (!ev->text_id || ev->arch.n)
		return;
	if (!again->slots) {
		again->slots = s2s_realloc(NULL, SLOTS, sizeof *again->slots);
		memset(again->slots, 0, SLOTS * sizeof *again->slots);
	}
	slot = &again->slots[ev->text_id % SLOTS];
	*slot = (struct s2s_again_slot){
	    .text_id = ev->text_id,
	    .nr = ev->nr,
	    .counts = *counts,
	    .sc = call->sc,
	};
	memcpy(slot->arg, call->arg, sizeof slot->arg);
	memcpy(slot->kind, call->kind, sizeof slot->kind);
	memcpy(slot->printed, call->printed, sizeof slot->printed);
}

void
s2s_again_done(struct s2s_again *again)
{
	free(again->slots);
}
