/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* The first thing in main: closes what we were started with beyond 0, 1 and 2, and
   opens what is missing of these, lest a socket get such a number and be taken for
   standard input or output. `name` is for messages. */
bool tidy_descriptors(const char *name);
