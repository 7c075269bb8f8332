/* SPDX-License-Identifier: MIT */
/* Sends its arguments or standard input to a server on the loopback interface, says
   that this is all, and prints what comes back. Sends and receives at the same time:
   the server sends back while it is still being sent to. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/args.h"
#include "../common/tidy.h"
#include "client-policy.h"

static const char name[] = "echo-client";

static const char help[] =
    "Usage: echo-client [--timeout=SECONDS] PORT [TEXT...]\n"
    "Sends TEXT as a line, or standard input, to 127.0.0.1:PORT and prints the "
    "answer.\n\n"
    "  --timeout=SECONDS  give up when nothing moves for so long (default 30)\n"
    "  --help\n";

/* Between standard input, or the text, and the connection. */
struct session {
	int conn;
	int timeout;      /* ms */
	bool more;        /* standard input has not ended */
	bool sending;     /* the server was not yet told that this is all */
	const char *next; /* to be sent */
	size_t left;
	char buf[16 * 1024];
};

static bool
complain(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", name, what, strerror(errno));
	return false;
}

static int
connect_to(unsigned port)
{
	const struct sockaddr_in at = {.sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr = {htonl(INADDR_LOOPBACK)}};
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&at, sizeof at) != 0) {
		complain("connect");
		exit(EXIT_FAILURE);
	}
	return fd;
}

static bool
print(const char *s, size_t n)
{
	while (n > 0) {
		const ssize_t done = write(STDOUT_FILENO, s, n);

		if (done < 0 && errno != EINTR)
			return complain("standard output");
		if (done > 0) {
			s += done;
			n -= (size_t)done;
		}
	}
	return true;
}

static bool
again(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* Sets *over when the server has nothing more to say. */
static bool
receive(struct session *s, bool *over)
{
	char buf[16 * 1024];
	const ssize_t n = recv(s->conn, buf, sizeof buf, MSG_DONTWAIT);

	if (n < 0)
		return again() || complain("receive");
	*over = n == 0;
	return print(buf, (size_t)n);
}

static bool
take_input(struct session *s)
{
	const ssize_t n = read(STDIN_FILENO, s->buf, sizeof s->buf);

	if (n < 0)
		return again() || complain("standard input");
	s->more = n > 0;
	s->next = s->buf;
	s->left = (size_t)n;
	return true;
}

static bool
transmit(struct session *s)
{
	const ssize_t n = send(s->conn, s->next, s->left, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return again() || complain("send");
	s->next += n;
	s->left -= (size_t)n;
	return true;
}

static bool
exchange(struct session *s)
{
	enum { CONN, INPUT };
	bool over = false;

	while (!over) {
		struct pollfd fds[] = {
		    [CONN] = {.fd = s->conn, .events = POLLIN},
		    [INPUT] = {.fd = -1, .events = POLLIN},
		};
		int n;

		if (s->left > 0)
			fds[CONN].events |= POLLOUT;
		else if (s->more)
			fds[INPUT].fd = STDIN_FILENO;
		else if (s->sending) {
			if (shutdown(s->conn, SHUT_WR) != 0)
				return complain("shutdown");
			s->sending = false;
		}
		/* Who types may take his time. */
		n = poll(fds, 2, fds[INPUT].fd < 0 ? s->timeout : -1);
		if (n == 0)
			errno = ETIMEDOUT;
		if (n == 0 || (n < 0 && errno != EINTR))
			return complain("wait");
		if (n < 0)
			continue;
		if (fds[CONN].revents & ~POLLOUT && !receive(s, &over))
			return false;
		if (fds[CONN].revents & POLLOUT && !over && !transmit(s))
			return false;
		if (fds[INPUT].revents != 0 && !take_input(s))
			return false;
	}
	if (s->sending)
		fprintf(stderr, "%s: the server ended before everything was sent\n",
			name);
	return !s->sending;
}

/* The arguments as a line. */
static void
take_arguments(struct session *s, char **arg)
{
	size_t n = 0;

	for (; *arg; arg++) {
		const int len = snprintf(s->buf + n, sizeof s->buf - n, "%s%c", *arg,
					 arg[1] ? ' ' : '\n');

		n += (size_t)len;
		if (n >= sizeof s->buf) {
			fprintf(stderr, "%s: too much text\n", name);
			exit(2);
		}
	}
	s->next = s->buf;
	s->left = n;
}

int
main(int argc, char **argv)
{
	static struct session s = {.sending = true};
	unsigned long port, timeout = 30;
	const struct arg known[] = {
	    {"timeout", .number = &timeout, .lo = 1, .hi = 86400}, {.name = NULL}};
	int rest, rc;

	if (!tidy_descriptors(name))
		return EXIT_FAILURE;
	rest = parse_args(name, help, known, argc, argv);
	if (rest == argc || !parse_number(argv[rest], 1, 65535, &port)) {
		fprintf(stderr, "%s: which port? Try '%s --help'.\n", name, name);
		return 2;
	}
	s.timeout = (int)timeout * 1000;
	s.more = rest + 1 == argc;
	take_arguments(&s, argv + rest + 1);
	signal(SIGPIPE, SIG_IGN);
	s.conn = connect_to((unsigned)port);
	rc = install_client_policy();
	if (rc < 0) {
		errno = -rc;
		complain("install_client_policy");
		return EXIT_FAILURE;
	}
	return exchange(&s) ? EXIT_SUCCESS : EXIT_FAILURE;
}
