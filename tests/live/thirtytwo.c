/* SPDX-License-Identifier: MIT */
/* A 32-bit program, which needs no 32-bit library: closes the descriptor 1000012 three
   times and ends. */
enum { EXIT = 1, CLOSE = 6, MARK = 1000012, TIMES = 3 };

static long
call(long nr, long arg)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(nr), "b"(arg) : "memory");
	return result;
}

void _start(void);
void
_start(void)
{
	for (int i = 0; i < TIMES; i++)
		call(CLOSE, MARK);
	for (;;)
		call(EXIT, 0);
}
