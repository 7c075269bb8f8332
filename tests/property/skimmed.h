/* SPDX-License-Identifier: MIT */
/* A log read with the skimmer in front of the parser, and without. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Reads it both ways: status, messages and the profile of the tree must be the same, or
   the process ends with a message. Returns how many lines the skimmer answered. */
uint64_t check_skimmed(const char *text, size_t n);
