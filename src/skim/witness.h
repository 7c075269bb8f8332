/* SPDX-License-Identifier: MIT */
/* Whether a line can speak for all lines of its canonical text: whether the parser read
   it the way canon.h did, and what canon.h leaves out was of no influence on the call.
 */
#pragma once

#include "kernel/call.h"
#include "parse/event.h"

bool s2s_witness(const struct s2s_event *ev, const struct s2s_call *call);
