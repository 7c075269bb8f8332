/* SPDX-License-Identifier: MIT */
#include "record/user.h"

#include "base/arena.h"
#include "base/attr.h"
#include "base/out.h"
#include "base/sv.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *
copy(const char *text)
{
	size_t n = strlen(text) + 1;

	return memcpy(s2s_realloc(NULL, n, 1), text, n);
}

static bool
take_entry(const struct passwd *entry, struct s2s_user *user)
{
	int n = 16, room;

	if (!entry)
		return false;
	user->uid = entry->pw_uid;
	user->gid = entry->pw_gid;
	user->name = copy(entry->pw_name);
	user->home = copy(entry->pw_dir);
	do {
		room = n;
		user->groups =
		    s2s_realloc(user->groups, (size_t)room, sizeof *user->groups);
	} while (getgrouplist(user->name, user->gid, user->groups, &n) < 0 && n > room);
	user->n_groups = (size_t)n;
	return true;
}

/* (uid_t)-1 stands for "as it is". */
static bool
eat_id(struct s2s_sv *in, uid_t *ret)
{
	size_t n = strspn(in->p, "0123456789");
	uint64_t value;

	if (!sv_to_u64((struct s2s_sv){in->p, n}, &value) || value >= UINT32_MAX)
		return false;
	*ret = (uid_t)value;
	sv_skip(in, n);
	return true;
}

/* NAME, UID, UID:GID */
static bool
find(const char *wanted, struct s2s_user *user)
{
	struct s2s_sv text = sv_from(wanted);
	uid_t uid;

	if (take_entry(getpwnam(wanted), user))
		return true;
	if (!eat_id(&text, &uid))
		return false;
	if (text.n == 0)
		return take_entry(getpwuid(uid), user);
	if (!sv_eat_char(&text, ':') || !eat_id(&text, &user->gid) || text.n)
		return false;
	user->uid = uid;
	return true;
}

static enum s2s_status
say_unknown(const struct s2s_log *log, const char *wanted)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out name;

	s2s_out_memory(&name);
	s2s_out_escaped(&name, sv_from(wanted));
	s2s_log(log, S2S_LOG_ERROR, "--user: there is no such user: %.*s", (int)name.n,
		name.p);
	return S2S_USAGE;
}

static bool
is_id(const char *text)
{
	struct s2s_sv in = sv_from(text ? text : "");
	uid_t id;

	return eat_id(&in, &id) && in.n == 0;
}

/* What sudo says of who called it, where its user has an entry or not. Where that is no
   user, nothing may run as root for it. */
static enum s2s_status
find_caller(struct s2s_user *user, bool *ret_found)
{
	const char *uid = getenv("SUDO_UID"), *gid = getenv("SUDO_GID");
	char both[64];

	*ret_found = false;
	if (geteuid() != 0 || (!uid && !gid))
		return S2S_OK;
	if (!is_id(uid) || !is_id(gid)) {
		s2s_log(user->log, S2S_LOG_ERROR,
			"SUDO_UID and SUDO_GID do not say who called sudo: --user=root "
			"keeps root");
		return S2S_SYSTEM;
	}
	snprintf(both, sizeof both, "%s:%s", uid, gid);
	*ret_found = find(uid, user) || find(both, user);
	return S2S_OK;
}

enum s2s_status
s2s_user_find(const char *wanted, const struct s2s_log *log, struct s2s_user *ret)
{
	struct s2s_user user = {.log = log};
	bool found;

	if (wanted)
		found = find(wanted, &user);
	else
		TRY(find_caller(&user, &found));
	*ret = user;
	if (!found)
		return wanted ? say_unknown(log, wanted) : S2S_OK;
	ret->changes = user.uid != geteuid() || wanted;
	if (!wanted && ret->changes)
		s2s_log(log, S2S_LOG_INFO,
			"the command runs as %s, who called sudo (see --user)",
			user.name ? user.name : getenv("SUDO_UID"));
	if (geteuid() == 0)
		return S2S_OK;
	ret->changes = false;
	if (user.uid == geteuid())
		return S2S_OK;
	s2s_log(log, S2S_LOG_ERROR, "--user: to become another takes root");
	return S2S_SYSTEM;
}

void
s2s_user_done(struct s2s_user *user)
{
	free(user->groups);
	free(user->name);
	free(user->home);
	*user = (struct s2s_user){0};
}

bool
s2s_user_become(void *self)
{
	const struct s2s_user *user = self;
	const gid_t *groups = user->groups ? user->groups : &user->gid;
	size_t n = user->groups ? user->n_groups : 1;

	if (!user->changes)
		return true;
	if (setgroups(n, groups) || setresgid(user->gid, user->gid, user->gid) ||
	    setresuid(user->uid, user->uid, user->uid)) {
		s2s_log(user->log, S2S_LOG_ERROR, "--user: %s", strerror(errno));
		return false;
	}
	if (user->name) {
		setenv("HOME", user->home, 1);
		setenv("USER", user->name, 1);
		setenv("LOGNAME", user->name, 1);
	}
	return true;
}
