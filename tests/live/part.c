/* SPDX-License-Identifier: MIT */
/* To be preloaded into a program that one did not write: installs the policy of a part
   where that part begins, and can have a call made there that the part never made. A C
   library's function stands for the call that is the mark; PART says which one:
	setuid  as generate --from=setuid has it
	fork    in the child, as --children-of has it
	chroot  as generate --from=chroot has it
   PLANT=fork: a process that receives "GET /plant" makes one more;
   PLANT=socket: a child opens a socket as soon as it is filtered;
   PLANT=open: a process opens a file before it changes root. */
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int install_policy(void);

/* getenv() of a program that has cleared its environment says nothing. */
static char part[16], plant[16];

__attribute__((constructor)) static void
remember(void)
{
	const char *p = getenv("PART"), *q = getenv("PLANT");

	snprintf(part, sizeof part, "%s", p ? p : "");
	snprintf(plant, sizeof plant, "%s", q ? q : "");
}

static void
enter(const char *mark)
{
	if (strcmp(part, mark) == 0 && install_policy() != 0)
		_exit(125);
}

int
setuid(uid_t uid)
{
	int (*real)(uid_t) = (int (*)(uid_t))dlsym(RTLD_NEXT, "setuid");

	enter("setuid");
	return real(uid);
}

int
chroot(const char *path)
{
	int (*real)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "chroot");

	enter("chroot");
	if (strcmp(plant, "open") == 0)
		close(open("/", O_RDONLY | O_CLOEXEC));
	return real(path);
}

pid_t
fork(void)
{
	pid_t (*real)(void) = (pid_t(*)(void))dlsym(RTLD_NEXT, "fork");
	pid_t pid = real();

	if (pid == 0) {
		enter("fork");
		if (strcmp(plant, "socket") == 0)
			socket(AF_INET, SOCK_DGRAM, 0);
	}
	return pid;
}

ssize_t
recv(int fd, void *buf, size_t n, int flags)
{
	ssize_t (*real)(int, void *, size_t, int) =
	    (ssize_t(*)(int, void *, size_t, int))dlsym(RTLD_NEXT, "recv");
	ssize_t got = real(fd, buf, n, flags);

	if (strcmp(plant, "fork") == 0 && got >= 10 &&
	    memcmp(buf, "GET /plant", 10) == 0)
		fork();
	return got;
}
