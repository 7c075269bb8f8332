/* SPDX-License-Identifier: MIT */
#include "record/fifo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void
record_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool
make_folder(struct record_fifo *fifo)
{
	const char *tmp = getenv("TMPDIR");
	int n = snprintf(fifo->folder, sizeof fifo->folder, "%s/strace2seccomp-XXXXXX",
			 tmp ? tmp : "/tmp");

	if (n < (int)sizeof fifo->folder && mkdtemp(fifo->folder))
		return true;
	if (n >= (int)sizeof fifo->folder)
		errno = ENAMETOOLONG;
	*fifo->folder = '\0';
	return false;
}

/* Neither end waits for the other. */
static bool
open_both(struct record_fifo *fifo)
{
	fifo->fd[0] = open(fifo->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	fifo->fd[1] = open(fifo->path, O_WRONLY | O_CLOEXEC);
	return fifo->fd[0] >= 0 && fifo->fd[1] >= 0 &&
	       fcntl(fifo->fd[0], F_SETFL, 0) == 0;
}

bool
record_fifo_make(struct record_fifo *fifo, const struct s2s_user *user)
{
	*fifo = (struct record_fifo){.fd = {-1, -1}};
	if (!make_folder(fifo))
		return false;
	snprintf(fifo->path, sizeof fifo->path, "%s/log", fifo->folder);
	if (mkfifo(fifo->path, 0600))
		return false;
	if (user && user->changes &&
	    (chown(fifo->path, user->uid, user->gid) ||
	     chown(fifo->folder, user->uid, user->gid)))
		return false;
	return open_both(fifo);
}

void
record_fifo_done(struct record_fifo *fifo)
{
	record_close(&fifo->fd[0]);
	record_close(&fifo->fd[1]);
	if (*fifo->path)
		unlink(fifo->path);
	if (*fifo->folder)
		rmdir(fifo->folder);
}
