/* SPDX-License-Identifier: MIT */
/* A log is hostile: what it may cost; the limits are in s2s.h. */
#pragma once

#include "s2s.h"

static const struct s2s_limits s2s_limits_default = {
    .line = 16U << 20,
    .nesting = 256,
    .distinct = 4U << 20,
    .pending = 1U << 16,
    .epochs = 1U << 20,
    .pending_text = 64U << 20,
};
