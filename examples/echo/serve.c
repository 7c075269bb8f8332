/* SPDX-License-Identifier: MIT */
#include "serve.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/args.h"
#include "../common/peer.h"
#include "serve-policy.h"

static bool
complain(const char *what)
{
	fprintf(stderr, "echo-server: %s: %s\n", what, strerror(errno));
	return false;
}

/* Into the current folder, which is empty, and out of root's power: groups first, since
   only root may drop them, the user last. */
static bool
give_up_root(uid_t uid, gid_t gid)
{
	uid_t u[3];
	gid_t g[3];

	if (chroot(".") != 0 || chdir("/") != 0)
		return complain("chroot");
	if (setgroups(0, NULL) != 0 || setgid(gid) != 0 || setuid(uid) != 0)
		return complain("drop privileges");
	if (getresuid(&u[0], &u[1], &u[2]) != 0 ||
	    getresgid(&g[0], &g[1], &g[2]) != 0 || getgroups(0, NULL) != 0)
		return complain("look at privileges");
	for (size_t i = 0; i < 3; i++)
		if (u[i] != uid || g[i] != gid)
			return complain("privileges are still there");
	/* With SECBIT_NO_SETUID_FIXUP capabilities survive. */
	if (setuid(0) == 0)
		return complain("root can be had back");
	return true;
}

static void
echo(const struct peer *p)
{
	static char buf[16 * 1024];
	ssize_t n;

	while ((n = peer_read(p, buf, sizeof buf)) > 0)
		if (!peer_write(p, buf, (size_t)n))
			return;
}

int
serve(int n, char *const *arg)
{
	unsigned long idle, session, uid = 0, gid = 0;
	struct peer p = {.conn = SERVE_CONN, .lifeline = SERVE_LIFELINE};
	int rc;

	if ((n != 2 && n != 4) || !parse_number(arg[0], 1, 86400, &idle) ||
	    !parse_number(arg[1], 1, 86400, &session) ||
	    (n == 4 && (!parse_number(arg[2], 1, UINT32_MAX - 1, &uid) ||
			!parse_number(arg[3], 1, UINT32_MAX - 1, &gid))))
		return 2;
	/* An open folder would lead out of the new root. */
	if (close_range(2 + 1, ~0U, 0) != 0) {
		complain("close_range");
		return EXIT_FAILURE;
	}
	if (n == 4 && !give_up_root((uid_t)uid, (gid_t)gid))
		return EXIT_FAILURE;
	signal(SIGPIPE, SIG_IGN);
	rc = install_serve_policy();
	if (rc < 0) {
		errno = -rc;
		complain("install_serve_policy");
		return EXIT_FAILURE;
	}
	p.idle = (int64_t)idle * 1000;
	p.end = now_ms() + (int64_t)session * 1000;
	echo(&p);
	_exit(EXIT_SUCCESS);
}
