/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target without libFuzzer: on files, or on random texts made of pieces
   that logs are made of, the same ones each time. For the test suite, and for gcc. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 512 };

static const char *const pieces[] = {
    "O_RDONLY",
    "O_CLOEXEC",
    "|",
    "<<",
    "(",
    ")",
    "0x",
    "1",
    "7f00",
    "-",
    "~",
    "/*",
    "*/",
    " ",
    "<",
    ">",
    " or ",
    "FICLONE",
    "_IOC(",
    ", ",
    "makedev(",
    "NULL",
    "openat(",
    "fcntl(",
    "F_SETFL",
    "\"x\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "=",
    "=>",
    " = 3",
    ") = 0",
    "...",
    "AT_FDCWD",
    "-100",
    "ioctl(",
    "+",
    "*",
    "99999999999",
    "08",
    "offsetof(",
    "8*RIP",
    "SIGRT_3",
    "???",
    "'T'",
    "prctl(",
    "12 ",
    "[pid 12] ",
    "?",
    "SIGCHLD",
    "clone(",
    "flags=",
    "PR_SET_NAME",
    "futex(",
    "<unfinished ...>",
    "<... read resumed>",
    "+++ exited with 0 +++",
    "0700000",
    "18446744073709551615",
    "\n",
    "\t",
    "\"",
    "vars",
};

static uint64_t
draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static size_t
make_text(uint64_t *state, char *ret)
{
	size_t n = 0;

	for (uint64_t left = draw(state) % 16; left; left--) {
		const char *piece =
		    pieces[draw(state) % (sizeof pieces / sizeof *pieces)];
		size_t len = strlen(piece);

		if (n + len + 1 > TEXT_MAX)
			break;
		memcpy(ret + n, piece, len);
		n += len;
		if (draw(state) % 64 == 0)
			ret[n++] = (char)draw(state);
	}
	return n;
}

static void
run_file(const char *path)
{
	enum { FILE_MAX = 1 << 20 };
	FILE *f = fopen(path, "re");
	uint8_t *bytes = malloc(FILE_MAX);

	if (!f || !bytes) {
		perror(path);
		exit(1);
	}
	LLVMFuzzerTestOneInput(bytes, fread(bytes, 1, FILE_MAX, f));
	fclose(f);
	free(bytes);
}

int
main(int argc, char **argv)
{
	uint64_t state = 0x2545f4914f6cdd1d;

	for (int i = 1; i < argc; i++)
		run_file(argv[i]);
	for (int i = 0; argc == 1 && i < ROUNDS; i++) {
		char text[TEXT_MAX];
		size_t n = make_text(&state, text);
		uint8_t *exact = malloc(n + 1); /* so that a byte too far is seen */

		memcpy(exact, text, n);
		LLVMFuzzerTestOneInput(exact, n);
		free(exact);
	}
	return 0;
}
