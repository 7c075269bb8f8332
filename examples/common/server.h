/* SPDX-License-Identifier: MIT */
/* A server on the loopback interface that forks a child for each connection. It never
   reads what a client sends. Children that it no longer wants it tells by closing the
   lifeline, a pipe that they watch: so it need not send signals, and they end with it
   even where it is killed. */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct server {
	const char *name; /* for messages */
	size_t max;       /* children at a time; who comes later waits in the backlog */
	/* In the child, with default signals. May not return. conn does not block; it
	   and lifeline are closed on exec, and neither is 0, 1 or 2. */
	void (*serve)(const struct server *s, int conn, int lifeline);
	const void *self;

	/* below: ours */
	int listener;
	int lifeline[2];
	pid_t *child; /* max */
	size_t children;
	int lacking; /* the error for which the last connection could not be served */
	bool broken; /* cannot go on */
	sigset_t outside; /* the signal mask with which we were started */
	sigset_t waiting; /* the same without the signals that we wait for */
};

/* Catches signals, binds 127.0.0.1:port (0: any that is free) and says on standard
   output which it is. false: a message was printed. */
bool server_init(struct server *s, unsigned port);

/* Until SIGTERM, SIGINT or SIGHUP. Returns the exit status. */
int server_run(struct server *s);
