/* SPDX-License-Identifier: MIT */
/* Whether a line can speak for all lines of its canonical text: whether the parser read
   it the way canon.h did, and what canon.h leaves out was of no influence on the call.
   *ret_echo is not 0 where it speaks only for those that end as it does with "X) = X",
   where X has that length: the parser compares what a write did with what it was asked
   to do. */
#pragma once

#include "kernel/call.h"
#include "parse/parse.h"

bool s2s_witness(const struct s2s_event *ev, const struct s2s_call *call,
		 uint8_t *ret_echo);

/* How a line ends that begins a call. */
extern const struct s2s_sv s2s_skim_cut;
/* The same of the first half of a call; whether it may be one of a whole call, the
   joined call tells, which has to have a witness as well. */
bool s2s_witness_told(enum s2s_told told, struct s2s_sv text);
bool s2s_witness_begin(const struct s2s_line *line, const struct s2s_begin *begin);
