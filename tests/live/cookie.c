/* SPDX-License-Identifier: MIT */
/* cookie PID: the number that lets the launcher's exec pass is nowhere in the memory
   and the registers of the command that came of it. Reads the filter from the kernel.
 */
#include <elf.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIPPED = 77, LOW = 6, HIGH = 8, PAGE = 4096 };

static struct sock_filter filter[BPF_MAXINSNS];

/* The number, or one of its halves, at any byte. */
static bool
holds(const unsigned char *p, size_t n, const uint32_t half[2])
{
	return memmem(p, n, &half[0], sizeof half[0]) ||
	       memmem(p, n, &half[1], sizeof half[1]);
}

static int
search_memory(pid_t pid, const uint32_t half[2], size_t *ret_pages)
{
	char path[64], line[512];
	static unsigned char page[PAGE];
	unsigned long from, to;
	int found = 0, mem;
	FILE *maps;

	snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	while (maps && fgets(line, sizeof line, maps))
		for (sscanf(line, "%lx-%lx", &from, &to); from < to; from += PAGE)
			if (pread(mem, page, PAGE, (off_t)from) == PAGE) {
				++*ret_pages;
				found |= holds(page, PAGE, half);
			}
	return found;
}

int
main(int argc, char **argv)
{
	pid_t pid = argc == 2 ? (pid_t)atoi(argv[1]) : 0;
	struct user_regs_struct regs;
	struct iovec room = {&regs, sizeof regs};
	uint32_t half[2];
	size_t pages = 0;
	int status;

	if (pid <= 0 || ptrace(PTRACE_SEIZE, pid, 0, 0) ||
	    ptrace(PTRACE_INTERRUPT, pid, 0, 0) || waitpid(pid, &status, __WALL) != pid)
		return SKIPPED;
	if (ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 0, filter) <= HIGH ||
	    ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &room))
		return SKIPPED;
	half[0] = filter[LOW].k;
	half[1] = filter[HIGH].k;
	if (!half[0] && !half[1])
		return 2;
	if (holds((const unsigned char *)&regs, sizeof regs, half) ||
	    search_memory(pid, half, &pages))
		return 1;
	printf("%zu pages\n", pages);
	return pages ? 0 : 2;
}
