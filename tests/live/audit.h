/* SPDX-License-Identifier: MIT */
/* What the kernel writes to the audit log about a process. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A descriptor, or -1 where it is not permitted. */
int audit_open(void);
/* Waits a little for a record of a seccomp action; false: none came. ret_text gets its
   "sig=" and "code=", e.g. "sig=31 code=0x80000000". */
bool audit_find(int fd, pid_t pid, char *ret_text, size_t size);
