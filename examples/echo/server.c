/* SPDX-License-Identifier: MIT */
/* A server that sends back what it is sent. Each client gets a child: the server
   itself, executed again (serve.c), in an empty root folder, as a user without rights,
   under a policy of its own on top of the server's. */
#include "../common/server.h"

#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/args.h"
#include "../common/tidy.h"
#include "serve.h"
#include "server-policy.h"

static const char name[] = "echo-server";
static const char self_exe[] = "/proc/self/exe";

static const char help[] =
    "Usage: echo-server [OPTION...]\n"
    "Sends back what it is sent, on the loopback interface.\n\n"
    "  --port=N           listen there (default 0: any port, it is printed)\n"
    "  --children=N       serve so many clients at a time (default 64)\n"
    "  --idle=SECONDS     end with a client that does nothing for so long (default "
    "10)\n"
    "  --session=SECONDS  end with any client then (default 300)\n"
    "  --root=DIR         serve from this empty folder (default: one without a name)\n"
    "  --user=NAME        serve as this user (default nobody)\n"
    "  --unprivileged     for who is not root: keep folder and user as they are\n"
    "  --help\n";

struct options {
	unsigned long port, children, idle, session;
	const char *root, *user;
	bool unprivileged;
};

/* The command line of the serving child. */
struct child {
	char idle[24], session[24], uid[24], gid[24];
	char *argv[7];
};

static bool
complain(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", name, what, strerror(errno));
	return false;
}

static struct options
parse_options(int argc, char **argv)
{
	struct options o = {
	    .children = 64, .idle = 10, .session = 300, .user = "nobody"};
	const struct arg known[] = {
	    {"port", .number = &o.port, .hi = 65535},
	    {"children", .number = &o.children, .lo = 1, .hi = 4096},
	    {"idle", .number = &o.idle, .lo = 1, .hi = 86400},
	    {"session", .number = &o.session, .lo = 1, .hi = 86400},
	    {"root", .text = &o.root},
	    {"user", .text = &o.user},
	    {"unprivileged", .flag = &o.unprivileged},
	    {.name = NULL},
	};
	const int rest = parse_args(name, help, known, argc, argv);

	if (rest == argc)
		return o;
	fprintf(stderr, "%s: what is '%s'? Try '%s --help'.\n", name, argv[rest], name);
	exit(2);
}

/* The folder stays what it was checked to be: nobody but root can write there. */
static bool
enter_given(const char *path)
{
	struct stat st;
	DIR *dir;
	int n = 0;

	if (chdir(path) != 0 || stat(".", &st) != 0 || (dir = opendir(".")) == NULL)
		return complain(path);
	while (n < 3 && readdir(dir) != NULL) /* . and .. */
		n++;
	closedir(dir);
	if (n == 2 && st.st_uid == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return true;
	fprintf(stderr, "%s: %s must be empty, and writable for root only\n", name,
		path);
	return false;
}

/* A folder that is removed as soon as we are in: nothing can be put there any more, and
   nothing is left to be cleaned up. */
static bool
enter_nameless(void)
{
	char path[] = "/tmp/echo-server.XXXXXX";

	if (mkdtemp(path) == NULL || chdir(path) != 0 || rmdir(path) != 0)
		return complain(path);
	return true;
}

static bool
prepare_root(const struct options *o, struct child *c)
{
	const struct passwd *user;

	if (o->unprivileged && geteuid() != 0)
		return true;
	if (o->unprivileged || geteuid() != 0) {
		fputs(o->unprivileged
			  ? "echo-server: --unprivileged is not for root\n"
			  : "echo-server: only root can change root and user; "
			    "--unprivileged goes on without\n",
		      stderr);
		return false;
	}
	user = getpwnam(o->user);
	if (user == NULL || user->pw_uid == 0 || user->pw_gid == 0) {
		fprintf(stderr, "%s: --user=%s: %s\n", name, o->user,
			user ? "must not be root, nor in its group" : "no such user");
		return false;
	}
	snprintf(c->uid, sizeof c->uid, "%u", user->pw_uid);
	snprintf(c->gid, sizeof c->gid, "%u", user->pw_gid);
	c->argv[4] = c->uid;
	c->argv[5] = c->gid;
	return o->root ? enter_given(o->root) : enter_nameless();
}

static void
serve_by_exec(const struct server *s, int conn, int lifeline)
{
	const struct child *c = s->self;
	char *const no_environment[] = {NULL};

	if (dup2(conn, SERVE_CONN) < 0 || dup2(lifeline, SERVE_LIFELINE) < 0)
		complain("dup2");
	else if (execve(self_exe, c->argv, no_environment) != 0)
		complain(self_exe);
}

int
main(int argc, char **argv)
{
	struct child c = {
	    .argv = {(char[]){"echo-server"}, (char[]){"--serve"}, c.idle, c.session}};
	struct server s = {.name = name, .serve = serve_by_exec, .self = &c};
	struct options o;
	int rc;

	if (argc > 1 && strcmp(argv[1], "--serve") == 0)
		return serve(argc - 2, argv + 2);
	if (!tidy_descriptors(name))
		return EXIT_FAILURE;
	o = parse_options(argc, argv);
	snprintf(c.idle, sizeof c.idle, "%lu", o.idle);
	snprintf(c.session, sizeof c.session, "%lu", o.session);
	s.max = o.children;
	if (!prepare_root(&o, &c))
		return EXIT_FAILURE;
	if (access(self_exe, X_OK) != 0) {
		complain(self_exe);
		return EXIT_FAILURE;
	}
	if (!server_init(&s, (unsigned)o.port))
		return EXIT_FAILURE;
	rc = install_server_policy();
	if (rc < 0) {
		errno = -rc;
		complain("install_server_policy");
		return EXIT_FAILURE;
	}
	return server_run(&s);
}
