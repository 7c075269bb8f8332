/* SPDX-License-Identifier: MIT */
#include "audit.h"

#include <linux/audit.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 60, ROOM = 9000 };

int
audit_open(void)
{
	struct sockaddr_nl address = {.nl_family = AF_NETLINK,
				      .nl_groups = 1U << (AUDIT_NLGRP_READLOG - 1)};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* audit(…): … pid=5 comm="a" exe="/a" sig=31 arch=c000003e syscall=41 … code=0x80000000
 */
static bool
is_about(const char *text, pid_t pid, char *ret_text, size_t size)
{
	char wanted[32];
	const char *sig = strstr(text, " sig="), *code = strstr(text, " code=");

	snprintf(wanted, sizeof wanted, " pid=%d ", (int)pid);
	if (!strstr(text, wanted) || !sig || !code)
		return false;
	snprintf(ret_text, size, "%.*s%.*s", (int)strcspn(sig + 1, " "), sig + 1,
		 (int)strcspn(code + 1, " ") + 1, code);
	return true;
}

bool
audit_find(int fd, pid_t pid, char *ret_text, size_t size)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	union {
		struct nlmsghdr head;
		char room[ROOM + 1];
	} record;

	while (poll(&ready, 1, PATIENCE_MS) > 0) {
		ssize_t n = recv(fd, record.room, ROOM, 0);

		if (n < (ssize_t)sizeof record.head)
			continue;
		record.room[n] = '\0';
		if (record.head.nlmsg_type == AUDIT_SECCOMP &&
		    is_about(record.room + sizeof record.head, pid, ret_text, size))
			return true;
	}
	return false;
}
