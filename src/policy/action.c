/* SPDX-License-Identifier: MIT */
/* Actions as an option names them and as a filter returns them. */
#include "policy/policy.h"

#include <errno.h>
#include <linux/seccomp.h>

enum { ERRNO_MAX = 4095 /* MAX_ERRNO of the kernel: it cuts off what is larger */ };

static const struct action_row {
	const char *name;
	enum s2s_action_kind kind;
	uint32_t ret;
} actions[] = {
    {"kill-process", S2S_ACTION_KILL_PROCESS, SECCOMP_RET_KILL_PROCESS},
    {"kill-thread", S2S_ACTION_KILL_THREAD, SECCOMP_RET_KILL_THREAD},
    {"trap", S2S_ACTION_TRAP, SECCOMP_RET_TRAP},
    {"errno", S2S_ACTION_ERRNO, SECCOMP_RET_ERRNO},
    {"trace", S2S_ACTION_TRACE, SECCOMP_RET_TRACE},
    {"log", S2S_ACTION_LOG, SECCOMP_RET_LOG},
    {"notify", S2S_ACTION_NOTIFY, SECCOMP_RET_USER_NOTIF},
};

/* Names that share a number with another, which strerrorname_np() does not give. */
static const struct {
	const char *name;
	uint16_t value;
} aliases[] = {
    {"EWOULDBLOCK", EWOULDBLOCK},
    {"EDEADLOCK", EDEADLOCK},
    {"ENOTSUP", ENOTSUP},
};

uint32_t
s2s_action_ret(struct s2s_action action)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(actions); i++)
		if (actions[i].kind == action.kind)
			return actions[i].ret | action.data;
	return SECCOMP_RET_ALLOW;
}

static bool
errno_by_name(struct s2s_sv name, uint16_t *ret)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(aliases); i++)
		if (sv_equal(name, sv_from(aliases[i].name))) {
			*ret = aliases[i].value;
			return true;
		}
	for (int i = 1; i <= ERRNO_MAX; i++) {
		const char *known = strerrorname_np(i);

		if (known && sv_equal(name, sv_from(known))) {
			*ret = (uint16_t)i;
			return true;
		}
	}
	return false;
}

static bool
number_upto(struct s2s_sv text, uint64_t min, uint64_t max, uint16_t *ret)
{
	uint64_t value;

	if (!sv_to_u64(text, &value) || value < min || value > max)
		return false;
	*ret = (uint16_t)value;
	return true;
}

static bool
parse_data(enum s2s_action_kind kind, struct s2s_sv text, uint16_t *ret)
{
	if (kind == S2S_ACTION_ERRNO)
		return errno_by_name(text, ret) || number_upto(text, 1, ERRNO_MAX, ret);
	return kind == S2S_ACTION_TRACE && number_upto(text, 0, UINT16_MAX, ret);
}

bool
s2s_action_parse(struct s2s_sv text, struct s2s_action *ret)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(actions); i++) {
		struct s2s_action action = {.kind = actions[i].kind};
		struct s2s_sv s = text;

		if (!sv_eat(&s, sv_from(actions[i].name)))
			continue;
		if (action.kind == S2S_ACTION_ERRNO)
			action.data = EPERM;
		if (s.n && (!sv_eat_char(&s, '=') ||
			    !parse_data(action.kind, s, &action.data)))
			continue;
		*ret = action;
		return true;
	}
	return false;
}
