/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "peer.h"

enum {
	REST_MS = 100,   /* where descriptors or processes have run out */
	GRACE_MS = 5000, /* for the children, in the end */
};

static volatile sig_atomic_t ending;

static void
on_end(int sig)
{
	(void)sig;
	ending = 1;
}

/* Only there to interrupt ppoll(). */
static void
on_child(int sig)
{
	(void)sig;
}

static const struct {
	int sig;
	void (*handler)(int);
} caught[] = {
    {SIGCHLD, on_child}, {SIGTERM, on_end}, {SIGINT, on_end}, {SIGHUP, on_end}};

enum { N_CAUGHT = sizeof caught / sizeof *caught };

static bool
complain(const struct server *s, const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", s->name, what, strerror(errno));
	return false;
}

/* The signals stay blocked but in ppoll(): none comes between a look and a wait. */
static bool
catch_signals(struct server *s)
{
	sigset_t ours;

	sigemptyset(&ours);
	for (size_t i = 0; i < N_CAUGHT; i++)
		sigaddset(&ours, caught[i].sig);
	if (sigprocmask(SIG_BLOCK, &ours, &s->outside) != 0)
		return complain(s, "sigprocmask");
	s->waiting = s->outside;
	for (size_t i = 0; i < N_CAUGHT; i++) {
		const struct sigaction act = {.sa_handler = caught[i].handler,
					      .sa_mask = ours};

		sigdelset(&s->waiting, caught[i].sig);
		if (sigaction(caught[i].sig, &act, NULL) != 0)
			return complain(s, "sigaction");
	}
	signal(SIGPIPE, SIG_IGN);
	return true;
}

static bool
listen_on(struct server *s, unsigned port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)port),
				 .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof at;
	const int on = 1;

	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->listener < 0)
		return complain(s, "socket");
	if (setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
		return complain(s, "setsockopt");
	if (bind(s->listener, (struct sockaddr *)&at, sizeof at) != 0)
		return complain(s, "bind");
	if (listen(s->listener, SOMAXCONN) != 0)
		return complain(s, "listen");
	if (getsockname(s->listener, (struct sockaddr *)&at, &size) != 0)
		return complain(s, "getsockname");
	printf("%s: listening on 127.0.0.1:%u\n", s->name, ntohs(at.sin_port));
	if (fflush(stdout) != 0)
		return complain(s, "standard output");
	return true;
}

bool
server_init(struct server *s, unsigned port)
{
	s->children = 0;
	s->lacking = 0;
	s->broken = false;
	s->child = calloc(s->max, sizeof *s->child);
	if (s->child == NULL)
		return complain(s, "children");
	if (pipe2(s->lifeline, O_CLOEXEC) != 0)
		return complain(s, "pipe");
	return catch_signals(s) && listen_on(s, port);
}

/* A child that we do not know was there before us, or was left to us as process 1. */
static void
forget(struct server *s, pid_t pid, int status)
{
	size_t i = 0;

	while (i < s->children && s->child[i] != pid)
		i++;
	if (i == s->children)
		return;
	s->child[i] = s->child[--s->children];
	if (WIFSIGNALED(status))
		fprintf(stderr, "%s: child %d ended by signal %d%s\n", s->name,
			(int)pid, WTERMSIG(status),
			WTERMSIG(status) == SIGSYS ? ", a forbidden call" : "");
}

/* Several ends can hide behind one SIGCHLD. */
static void
reap(struct server *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		forget(s, pid, status);
}

/* Back to the signals as they were, the handlers first: a SIGTERM that waits must end
   the child, not set a flag that nobody looks at. */
_Noreturn static void
child(const struct server *s, int conn)
{
	for (size_t i = 0; i < N_CAUGHT; i++)
		signal(caught[i].sig, SIG_DFL);
	sigprocmask(SIG_SETMASK, &s->outside, NULL);
	close(s->listener);
	close(s->lifeline[1]);
	s->serve(s, conn, s->lifeline[0]);
	_exit(EXIT_FAILURE);
}

/* Says so once, not ten times a second. */
static bool
lacking(struct server *s, const char *what)
{
	if (s->lacking != errno)
		complain(s, what);
	s->lacking = errno;
	return true;
}

/* Returns whether a rest is needed: the connection is still there, but not what it
   takes to serve it. */
static bool
accept_one(struct server *s)
{
	const int conn = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	pid_t pid;

	if (conn < 0) {
		if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED ||
		    errno == EPROTO)
			return false;
		return lacking(s, "accept");
	}
	pid = fork();
	if (pid == 0)
		child(s, conn);
	if (pid < 0)
		lacking(s, "fork");
	else {
		s->child[s->children++] = pid;
		s->lacking = 0;
	}
	close(conn);
	return pid < 0;
}

/* Waits for a connection, if one can be served, or a signal. */
static bool
wait_for(struct server *s, bool wanted, int64_t ms)
{
	const struct timespec t = {.tv_sec = ms / 1000,
				   .tv_nsec = (long)(ms % 1000) * 1000000};
	struct pollfd fd = {.fd = wanted ? s->listener : -1, .events = POLLIN};
	const int n = ppoll(&fd, 1, ms < 0 ? NULL : &t, &s->waiting);

	if (n < 0 && errno != EINTR) {
		complain(s, "ppoll");
		s->broken = true;
	}
	reap(s);
	return n > 0;
}

/* Tells the children that it is over, and waits for them. */
static int
end(struct server *s)
{
	const int64_t deadline = now_ms() + GRACE_MS;
	int64_t left;

	close(s->listener);
	close(s->lifeline[1]);
	reap(s);
	while (s->children > 0 && !s->broken && (left = deadline - now_ms()) > 0)
		wait_for(s, false, left);
	if (s->children > 0)
		fprintf(stderr, "%s: %zu children are still there\n", s->name,
			s->children);
	return s->children > 0 || s->broken ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
server_run(struct server *s)
{
	while (!ending && !s->broken)
		if (wait_for(s, s->children < s->max, -1) && accept_one(s))
			wait_for(s, false, REST_MS);
	return end(s);
}
