/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target without libFuzzer, with the same arguments: where there is no
   clang, and for gcc. Every seed as it is, then seeds in pieces, with words of the
   dictionary in them, until the time is over; the same ones each time. */
#include "base/arena.h"
#include "fuzz.h"

#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_MAX = 4096 };

struct text {
	unsigned char *p;
	size_t n;
};

struct texts {
	struct text *text;
	size_t n;
};

static struct texts seeds, words;
static uint64_t state = 0x2545f4914f6cdd1d;

static void
add(struct texts *to, const void *p, size_t n)
{
	struct text text = {s2s_realloc(NULL, n + 1, 1), n};

	memcpy(text.p, p, n);
	to->text = s2s_realloc(to->text, to->n + 1, sizeof *to->text);
	to->text[to->n++] = text;
}

static uint64_t
draw(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

static _Noreturn void
fail(const char *path)
{
	perror(path);
	exit(1);
}

static void
read_file(const char *path)
{
	enum { FILE_MAX = 1 << 20 };
	FILE *f = fopen(path, "re");
	uint8_t *bytes = s2s_realloc(NULL, FILE_MAX, 1);

	if (!f)
		fail(path);
	add(&seeds, bytes, fread(bytes, 1, FILE_MAX, f));
	fclose(f);
	free(bytes);
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void
read_folder(const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, is_visible, alphasort);

	if (n < 0) {
		read_file(path);
		return;
	}
	for (int i = 0; i < n; i++) {
		char name[1000];

		snprintf(name, sizeof name, "%s/%s", path, names[i]->d_name);
		read_file(name);
		free(names[i]);
	}
	free(names);
}

/* "text" with \\, \" and \x41; '#' begins a comment */
static void
read_word(char *line)
{
	char *from = strchr(line, '"'), *end = strrchr(line, '"'), *to = line;

	if (*line == '#' || !from || from == end)
		return;
	for (from++; from < end; from++) {
		if (*from != '\\') {
			*to++ = *from;
		} else if (from[1] == 'x') {
			char digits[3] = {from[2], from[3], '\0'};

			*to++ = (char)strtoul(digits, NULL, 16);
			from += 3;
		} else {
			*to++ = *++from;
		}
	}
	add(&words, line, (size_t)(to - line));
}

static void
read_dictionary(const char *path)
{
	FILE *f = fopen(path, "re");
	char line[256];

	if (!f)
		fail(path);
	while (fgets(line, sizeof line, f))
		read_word(line);
	fclose(f);
}

/* In place of `gone` bytes at `at`. */
static void
splice(struct text *text, size_t at, size_t gone, const unsigned char *p, size_t n)
{
	if (text->n - gone + n > TEXT_MAX)
		return;
	memmove(text->p + at + n, text->p + at + gone, text->n - at - gone);
	memcpy(text->p + at, p, n);
	text->n += n - gone;
}

static void
mutate(struct text *text)
{
	size_t at = draw(text->n + 1), most = text->n - at;
	size_t some = most ? draw(most < 32 ? most + 1 : 32) : 0;
	const struct text *other = NULL;
	unsigned char byte;

	switch (draw(6)) {
	case 0:
		splice(text, at, some, NULL, 0);
		break;
	case 1:
		byte = (unsigned char)draw(256);
		splice(text, at, most > 0, &byte, 1);
		break;
	case 2: /* a piece of another, or of itself */
		if (!seeds.n)
			break;
		other = &seeds.text[draw(seeds.n)];
		at = draw(other->n + 1);
		some = draw(other->n - at + 1);
		splice(text, draw(text->n + 1), 0, other->p + at, some);
		break;
	default:
		if (words.n) {
			other = &words.text[draw(words.n)];
			splice(text, at, draw(2) ? 0 : some, other->p, other->n);
		} else {
			byte = (unsigned char)(1U << draw(8));
			splice(text, at, 0, &byte, 1);
		}
	}
}

static const struct text *running;

/* For printf '%b'. */
static void
show(int number)
{
	for (size_t i = 0; i < running->n; i++) {
		char byte[8];
		int n = snprintf(byte, sizeof byte, "\\x%02x", running->p[i]);

		if (write(STDERR_FILENO, byte, (size_t)n) != n)
			break;
	}
	signal(number, SIG_DFL);
	raise(number);
}

/* Of its own size, so that a byte too far is seen. */
static void
run(const struct text *text)
{
	uint8_t *exact = s2s_realloc(NULL, text->n + 1, 1);

	running = text;
	memcpy(exact, text->p, text->n);
	LLVMFuzzerTestOneInput(exact, text->n);
	free(exact);
}

static void
run_mutant(void)
{
	static unsigned char bytes[TEXT_MAX];
	struct text text = {bytes, 0};

	if (seeds.n) {
		const struct text *seed = &seeds.text[draw(seeds.n)];

		text.n = seed->n < TEXT_MAX ? seed->n : TEXT_MAX;
		memcpy(bytes, seed->p, text.n);
	}
	for (uint64_t n = 1 + draw(8); n > 0; n--)
		mutate(&text);
	run(&text);
}

int
main(int argc, char **argv)
{
	static const char time_is[] = "-max_total_time=", dict_is[] = "-dict=";
	time_t seconds = 0, begin;
	uint64_t runs = 0;

	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], time_is, strlen(time_is)) == 0)
			seconds = strtol(argv[i] + strlen(time_is), NULL, 10);
		else if (strncmp(argv[i], dict_is, strlen(dict_is)) == 0)
			read_dictionary(argv[i] + strlen(dict_is));
		else if (argv[i][0] != '-')
			read_folder(argv[i]);
	}
	signal(SIGILL, show);
	signal(SIGTRAP, show);
	signal(SIGABRT, show);
	signal(SIGSEGV, show);
	for (size_t i = 0; i < seeds.n; i++)
		run(&seeds.text[i]);
	for (begin = time(NULL); time(NULL) - begin < seconds; runs++)
		run_mutant();
	printf("%zu seeds, %" PRIu64 " mutants\n", seeds.n, runs);
	return 0;
}
