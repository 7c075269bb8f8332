/* SPDX-License-Identifier: MIT */
#include "make.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__
/* %ebp is the sixth argument: not for an asm statement. */
long make_int80(const uint64_t eax_and_registers[1 + S2S_ARGS_MAX]);
__asm__(".pushsection .text\n"
	".type make_int80, @function\n"
	"make_int80:\n"
	"	push %rbx\n"
	"	push %rbp\n"
	"	mov (%rdi), %rax\n"
	"	mov 8(%rdi), %rbx\n"
	"	mov 16(%rdi), %rcx\n"
	"	mov 24(%rdi), %rdx\n"
	"	mov 32(%rdi), %rsi\n"
	"	mov 48(%rdi), %rbp\n"
	"	mov 40(%rdi), %rdi\n"
	"	int $0x80\n"
	"	pop %rbp\n"
	"	pop %rbx\n"
	"	ret\n"
	".size make_int80, .-make_int80\n"
	".popsection\n");
#else
static long
make_int80(const uint64_t eax_and_registers[1 + S2S_ARGS_MAX])
{
	(void)eax_and_registers;
	return -1;
}
#endif

/* A kernel without 32-bit calls kills who makes one. */
bool
make_works(enum s2s_arch arch)
{
	enum { GETPID = 20 };
	int status;
	pid_t pid;

	if (arch == S2S_ARCH_NATIVE)
		return true;
	if (arch != S2S_ARCH_I386)
		return false;
	pid = fork();
	if (pid == 0)
		_exit((int)make_int80((uint64_t[1 + S2S_ARGS_MAX]){GETPID}) !=
		      getpid());
	return waitpid(pid, &status, 0) == pid && status == 0;
}

long
make_call(enum s2s_arch arch, uint32_t nr, const uint64_t r[S2S_ARGS_MAX])
{
	long ret;

	if (arch == S2S_ARCH_I386)
		return (int32_t)make_int80(
		    (uint64_t[]){nr, r[0], r[1], r[2], r[3], r[4], r[5]});
	ret = syscall(nr, r[0], r[1], r[2], r[3], r[4], r[5]);
	return ret == -1 ? -errno : ret;
}

enum s2s_arch
make_arch(const char *name)
{
	enum s2s_arch arch = S2S_ARCH_NATIVE;

	if (name)
		s2s_arch_find(sv_from(name), &arch);
	return arch;
}
