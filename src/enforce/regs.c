/* SPDX-License-Identifier: MIT */
#include "enforce/regs.h"

#include "kernel/arch.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

static bool
read_where(pid_t tid, struct seccomp_data *ret)
{
	struct __ptrace_syscall_info info = {0};

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info) <= 0)
		return false;
	*ret = (struct seccomp_data){.arch = info.arch,
				     .instruction_pointer = info.instruction_pointer};
	return true;
}

#if defined(__x86_64__)

bool
s2s_regs_call(pid_t tid, struct seccomp_data *ret)
{
	struct user_regs_struct r;

	if (!read_where(tid, ret) || ptrace(PTRACE_GETREGS, tid, 0, &r))
		return false;
	ret->nr = (int)r.orig_rax;
	if (ret->arch == AUDIT_ARCH_X86_64)
		memcpy(ret->args,
		       (const __u64[6]){r.rdi, r.rsi, r.rdx, r.r10, r.r8, r.r9},
		       sizeof ret->args);
	else
		memcpy(ret->args,
		       (const __u64[6]){(uint32_t)r.rbx, (uint32_t)r.rcx,
					(uint32_t)r.rdx, (uint32_t)r.rsi,
					(uint32_t)r.rdi, (uint32_t)r.rbp},
		       sizeof ret->args);
	return true;
}

/* In none reads as call -1. One that made call -1 has that, or ENOSYS, for its result.
 */
bool
s2s_regs_in_call(pid_t tid)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, tid, 0, &r))
		return false;
	return r.orig_rax != -1ULL || r.rax == -1ULL ||
	       r.rax == (unsigned long long)-ENOSYS;
}

bool
s2s_regs_skip(pid_t tid, long result)
{
	ptrace(PTRACE_POKEUSER, tid, offsetof(struct user_regs_struct, rax), result);
	return ptrace(PTRACE_POKEUSER, tid, offsetof(struct user_regs_struct, orig_rax),
		      -1L) == 0;
}

void
s2s_regs_pause(void)
{
	__builtin_ia32_pause();
}

#elif defined(__aarch64__)

enum {
	NUMBER = 8 /* x8 */,
	NUMBER_ARM = 7,
	NT_PRSTATUS = 1,
	NT_ARM_SYSTEM_CALL = 0x404
};

/* As a process of 32-bit ARM has them: r0 to r15, cpsr, r0 as it was. */
struct arm {
	uint32_t r[18];
};

union registers {
	struct user_regs_struct own;
	struct arm arm;
};

/* Of whom they are, their length says. */
static bool
read_registers(pid_t tid, union registers *ret, bool *ret_is_arm)
{
	struct iovec room = {ret, sizeof *ret};

	if (ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &room))
		return false;
	*ret_is_arm = room.iov_len == sizeof ret->arm;
	return true;
}

/* What the kernel itself keeps of the number it forgets where a signal ends the call.
 */
bool
s2s_regs_call(pid_t tid, struct seccomp_data *ret)
{
	union registers r;
	bool is_arm;

	if (!read_where(tid, ret) || !read_registers(tid, &r, &is_arm))
		return false;
	ret->nr = (int)(is_arm ? r.arm.r[NUMBER_ARM] : r.own.regs[NUMBER]);
	for (size_t i = 0; i < 6; i++)
		ret->args[i] = is_arm ? r.arm.r[i] : r.own.regs[i];
	return true;
}

/* Behind the instruction that makes a call. */
bool
s2s_regs_in_call(pid_t tid)
{
	enum { SVC_SIZE = 4, THUMB_SIZE = 2, THUMB = 0x20, CPSR = 16, PC = 15 };
	union registers r;
	bool is_arm, is_thumb;
	uint64_t pc;
	long word;

	if (!read_registers(tid, &r, &is_arm))
		return false;
	is_thumb = is_arm && r.arm.r[CPSR] & THUMB;
	pc = is_arm ? r.arm.r[PC] : r.own.pc;
	errno = 0;
	word = ptrace(PTRACE_PEEKTEXT, tid, pc - (is_thumb ? THUMB_SIZE : SVC_SIZE), 0);
	if (errno)
		return false;
	if (is_thumb)
		return (word & 0xff00) == 0xdf00;
	return is_arm ? (word & 0x0f000000) == 0x0f000000
		      : (word & 0xffe0001f) == 0xd4000001;
}

bool
s2s_regs_skip(pid_t tid, long result)
{
	union registers r;
	bool is_arm;
	int none = -1;

	if (read_registers(tid, &r, &is_arm)) {
		if (is_arm)
			r.arm.r[0] = (uint32_t)result;
		else
			r.own.regs[0] = (unsigned long long)result;
		ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS,
		       &(struct iovec){&r, is_arm ? sizeof r.arm : sizeof r.own});
	}
	return ptrace(PTRACE_SETREGSET, tid, NT_ARM_SYSTEM_CALL,
		      &(struct iovec){&none, sizeof none}) == 0;
}

void
s2s_regs_pause(void)
{
	__asm__ volatile("yield");
}

#else
#error "the registers of this machine are not known"
#endif
