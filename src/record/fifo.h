/* SPDX-License-Identifier: MIT */
/* A pipe with a name, in a folder of its own, for a log that another process writes. */
#pragma once

#include "record/user.h"

struct record_fifo {
	char folder[64], path[80];
	int fd[2]; /* to read from it; to keep it open; -1: not open */
};

/* For that user to write into, where it is not NULL and the command becomes it. False
   with errno; record_fifo_done() is to be called in any case. */
bool record_fifo_make(struct record_fifo *fifo, const struct s2s_user *user);
void record_fifo_done(struct record_fifo *fifo);

/* Closes it if it is open; then it is not. */
void record_close(int *fd);
