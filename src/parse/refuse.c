/* SPDX-License-Identifier: MIT */
#include "parse/refuse.h"

#include "parse/scan.h"

/* x and NUL in turn, a second letter at least: UTF-16 without a mark */
static bool
alternates(struct s2s_sv text, size_t first)
{
	return text.n >= 4 && !text.p[1 - first] && !text.p[3 - first] &&
	       text.p[first] > ' ' && text.p[first + 2] >= ' ';
}

/* By the magic numbers of what is to be unpacked or recoded first. */
const char *
refuse_unpacker(struct s2s_sv text)
{
	static const struct {
		struct s2s_sv magic;
		const char *unpacker;
	} kinds[] = {
	    {{"\x1f\x8b", 2}, "zcat"},
	    {{"\3757zXZ", 5}, "xzcat"},
	    {{"\x28\xb5\x2f\xfd", 4}, "zstdcat"},
	    {{"BZh", 3}, "bzcat"},
	    {{"\x04\x22\x4d\x18", 4}, "lz4cat"},
	    {{"\xff\xfe\0\0", 4}, "iconv -f UTF-32"},
	    {{"\xff\xfe", 2}, "iconv -f UTF-16"},
	    {{"\xfe\xff", 2}, "iconv -f UTF-16"},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (sv_starts(text, kinds[i].magic))
			return kinds[i].unpacker;
	if (alternates(text, 1))
		return "iconv -f UTF-16BE";
	return alternates(text, 0) ? "iconv -f UTF-16LE" : NULL;
}

/* What stands before the first bracket, without what strace has in <>. */
static struct s2s_sv
front_of(struct s2s_sv line)
{
	const char *end = memchr(line.p, '(', line.n);
	struct s2s_sv front = {line.p, end ? (size_t)(end - line.p) : line.n};

	return memchr(front.p, '<', front.n) ? SV("") : front;
}

/* Behind the last string. */
static struct s2s_sv
tail_of(struct s2s_sv line)
{
	const char *quote = memrchr(line.p, '"', line.n);

	if (quote)
		sv_skip(&line, (size_t)(quote + 1 - line.p));
	return line;
}

/* setlocale(LC_ALL, "")    = "en_US.UTF-8": no result of the kernel's is a string */
static bool
results_in_string(struct s2s_sv line)
{
	const char *equal = memmem(line.p, line.n, " = \"", 4);

	while (equal && equal > line.p && equal[-1] == ' ')
		equal--;
	return equal && equal > line.p && equal[-1] == ')' && sv_ends(line, SV("\""));
}

/* __libc_start_main(…   SYS_brk(0) = 0x55d0   libc.so.6->puts("x") = 2
   strrchr("ls", '/') = nil   free(0x55d0) = <void> */
static bool
is_ltrace(struct s2s_sv line)
{
	struct s2s_sv before = front_of(line), name = before;

	while (before.n &&
	       scan_classes[(unsigned char)before.p[before.n - 1]] & SCAN_NAME)
		before.n--;
	sv_skip(&name, before.n);
	return sv_starts(name, SV("__libc_start_main")) ||
	       (name.n && sv_ends(before, SV("->"))) ||
	       (sv_eat(&name, SV("SYS_")) && name.n && *name.p >= 'a') ||
	       sv_ends(tail_of(line), SV(" = nil")) ||
	       sv_ends(tail_of(line), SV(" = <void>")) || results_in_string(line);
}

static bool
is_of_time(unsigned char c)
{
	return scan_among((char)c, SV(" 0123456789.?ms"));
}

/*      0.023 ( 0.005 ms): ls/1234 openat(dfd: CWD, …   ? (         ): ls/1234 … */
static bool
is_perf_trace(struct s2s_sv line)
{
	return sv_take(&line, is_of_time).n > 0 && sv_eat(&line, SV("(")) &&
	       sv_take(&line, is_of_time).n > 0 && sv_eat(&line, SV("): "));
}

/* SYSCALL(args) = return   open("/dev/null\0", 0x2, 0x0)<TAB><TAB> = 3 0 */
static bool
is_dtruss(struct s2s_sv line)
{
	struct s2s_sv behind;

	return sv_ends(front_of(line), SV("SYSCALL")) ||
	       (sv_find(tail_of(line), SV(")\t"), &behind) &&
		sv_find(behind, SV("\t = "), &behind));
}

/* …) = 3 (0x3)   …) ERR#2 'No such file or directory'   …)  Err#2 ENOENT */
static bool
is_truss(struct s2s_sv line)
{
	struct s2s_sv tail = tail_of(line), behind;
	const char *equal;

	if (sv_find(tail, SV("ERR#"), &behind) || sv_find(tail, SV("Err#"), &behind))
		return true;
	equal = memrchr(tail.p, '=', tail.n);
	if (!equal)
		return false;
	sv_skip(&tail, (size_t)(equal + 1 - tail.p));
	tail = sv_trim(tail);
	sv_eat_char(&tail, '-');
	while (tail.n && scan_classes[(unsigned char)*tail.p] & SCAN_DIGIT)
		sv_skip(&tail, 1);
	return sv_starts(tail, SV(" (0x")) && sv_ends(tail, SV(")"));
}

const char *
refuse_recorder(struct s2s_sv line)
{
	while (line.n && scan_among(line.p[line.n - 1], SV(" \r")))
		line.n--;
	if (is_ltrace(line))
		return "ltrace";
	if (is_perf_trace(line))
		return "perf trace";
	if (is_dtruss(line))
		return "dtruss";
	return is_truss(line) ? "truss" : NULL;
}
