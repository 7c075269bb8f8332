/* SPDX-License-Identifier: MIT */
#include "tidy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool
tidy_descriptors(const char *name)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= 2);
	if (fd > 2 && close_range(3, ~0U, 0) == 0)
		return true;
	fprintf(stderr, "%s: descriptors: %s\n", name, strerror(errno));
	return false;
}
