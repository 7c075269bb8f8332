/* SPDX-License-Identifier: MIT */
/* launch COMMAND ARG…: installs the policy it is linked with, then becomes COMMAND.
   Between the two it makes no call, so the policy needs to allow the exec only. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int install_policy(void);

int
main(int argc, char **argv)
{
	int rc;

	if (argc < 2)
		return 2;
	rc = install_policy();
	if (rc < 0) {
		fprintf(stderr, "launch: install_policy: %s\n", strerror(-rc));
		return 125;
	}
	execv(argv[1], argv + 1);
	_exit(126);
}
