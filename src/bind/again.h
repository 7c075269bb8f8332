/* SPDX-License-Identifier: MIT */
/* Calls that come again: an event whose text_id was bound before needs no binding. */
#pragma once

#include "bind/bind.h"

struct s2s_again {
	struct s2s_again_slot *slots; /* the newest wins */
};

void s2s_bind_count(struct s2s_bind_counts *counts,
		    const struct s2s_bind_counts *added);

/* Fills call's sc, arg and kind, and counts as binding would have. */
bool s2s_again_find(const struct s2s_again *again, const struct s2s_event *ev,
		    struct s2s_bind_counts *counts, struct s2s_call *call);
/* `counts`: what binding added. Only for calls that were bound without a message. */
void s2s_again_keep(struct s2s_again *again, const struct s2s_event *ev,
		    const struct s2s_bind_counts *counts, const struct s2s_call *call);
void s2s_again_done(struct s2s_again *again);
