/* SPDX-License-Identifier: MIT */
/* As whom a command runs that a privileged recorder starts. */
#pragma once

#include "base/log.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct s2s_user {
	bool changes; /* else nothing is done, and the rest not set */
	uid_t uid;
	gid_t gid;
	gid_t *groups; /* heap; NULL: none but gid */
	size_t n_groups;
	char *name, *home; /* heap; NULL: not known */
	const struct s2s_log *log;
};

/* The user of that name, or UID or UID:GID; NULL: who called sudo (SUDO_UID, SUDO_GID),
   where we are root, else ourselves. S2S_USAGE: there is no such user; S2S_SYSTEM: it
   takes root, or sudo does not say whole who called; that was said. */
enum s2s_status s2s_user_find(const char *wanted, const struct s2s_log *log,
			      struct s2s_user *ret);
void s2s_user_done(struct s2s_user *user);

/* For struct s2s_enforce: takes ids, groups and the environment's HOME, USER, LOGNAME.
   false: that failed, which was said. */
bool s2s_user_become(void *user);
