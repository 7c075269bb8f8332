/* SPDX-License-Identifier: MIT */
/* What the kernel makes of the number that a filter returns. */
#include "filter/filter.h"

static int32_t
rank(uint32_t verdict)
{
	return (int32_t)(verdict & SECCOMP_RET_ACTION_FULL);
}

uint32_t
s2s_verdict_strictest(uint32_t a, uint32_t b)
{
	return rank(b) < rank(a) ? b : a;
}

bool
s2s_verdict_passes(uint32_t verdict)
{
	uint32_t action = verdict & SECCOMP_RET_ACTION_FULL;

	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

bool
s2s_verdict_open(uint32_t verdict)
{
	uint32_t action = verdict & SECCOMP_RET_ACTION_FULL;

	return action == SECCOMP_RET_TRACE || action == SECCOMP_RET_USER_NOTIF;
}
