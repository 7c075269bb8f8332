/* SPDX-License-Identifier: MIT */
/* The serving child. The server executes itself as it, so that each client meets a
   process with addresses of its own and nothing of the server in its memory. */
#pragma once

/* What the child finds where standard input and output are otherwise. */
enum { SERVE_CONN = 0, SERVE_LIFELINE = 1 };

/* arg: seconds that a client may idle, seconds for all of it; and where it is to change
   root into the current folder: the user and the group to become. Returns the exit
   status. */
int serve(int n, char *const *arg);
