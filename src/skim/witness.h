/* SPDX-License-Identifier: MIT */
/* Whether a line can speak for all lines of its canonical text: whether the parser read
   it the way canon.h did, and what canon.h leaves out was of no influence on the call.
   *ret_echo is not 0 where it speaks only for those that end as it does with "X) = X",
   where X has that length: the parser compares what a write did with what it was asked
   to do. */
#pragma once

#include "kernel/call.h"
#include "parse/event.h"

bool s2s_witness(const struct s2s_event *ev, const struct s2s_call *call,
		 uint8_t *ret_echo);
