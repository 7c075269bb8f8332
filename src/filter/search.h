/* SPDX-License-Identifier: MIT */
/* The cheapest tests that tell few segments apart. */
#pragma once

#include "filter/diagram.h"

enum { S2S_SEARCH_MAX = 128 }; /* segments */

uint32_t s2s_diagram_search(struct s2s_diagram *d, struct s2s_field field,
			    const struct s2s_segment *segment, size_t n);
