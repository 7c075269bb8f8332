/* SPDX-License-Identifier: MIT */
/* How a function says that the world failed it; the list itself is in s2s.h. */
#pragma once

#include "s2s.h"

/* Hands a failing status to the caller; nothing else hides control flow. */
#define TRY(expr)                                     \
	do {                                          \
		enum s2s_status try_status_ = (expr); \
		if (try_status_ != S2S_OK)            \
			return try_status_;           \
	} while (0)
