/* SPDX-License-Identifier: MIT */
/* Stands for the kernel: linked with -Wl,--wrap=syscall,--wrap=prctl it writes what a
   generated function would install to standard output.
   cc -DFUNCTION=install_x capture.c x.c -Wl,--wrap=syscall,--wrap=prctl -lseccomp */
#include <linux/filter.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>

long __real_syscall(long nr, ...);
long __wrap_syscall(long nr, ...);
int __wrap_prctl(int option, ...);
int FUNCTION(void);

static int prctls;

int
__wrap_prctl(int option, ...)
{
	(void)option;
	prctls++;
	return 0;
}

long
__wrap_syscall(long nr, ...)
{
	const struct sock_fprog *program;
	va_list ap;

	va_start(ap, nr);
	(void)va_arg(ap, int);
	(void)va_arg(ap, unsigned long);
	program = va_arg(ap, const struct sock_fprog *);
	va_end(ap);
	if (nr != __NR_seccomp || prctls > 1)
		return -1;
	fwrite(program->filter, sizeof *program->filter, program->len, stdout);
	return 0;
}

int
main(void)
{
	int rc = FUNCTION();

	if (rc != 0)
		fprintf(stderr, "it returned %d\n", rc);
	return rc != 0 || fflush(stdout) != 0;
}
