/* SPDX-License-Identifier: MIT */
/* The skimmer against the plain parser, on every line of real logs: the line as it is,
   until it is answered, then changed at random in ways that its canonical text may not
   show. usage: property_skim LOG… */
#include "base/arena.h"
#include "base/out.h"
#include "skimmed.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 6, CHANGED = 24, WINDOW = 40, AS_IS = 3 };

static uint64_t
draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static struct s2s_sv
piece(uint64_t *state)
{
	static const char *const pieces[] = {
	    "0",        "7",    "12",  "0x0",   "0x7f1234567890",
	    "f",        "x",    "=",   "= ",    " ",
	    "  ",       "\"",   "\\",  "\\\"",  "(",
	    ")",        "<",    ">",   "->",    "</",
	    "</a>",     "/*",   "*/",  "{",     "}",
	    "[",        "]",    ",",   ", ",    "|",
	    "-",        ".",    "...", "NULL",  "'",
	    "\t",       "\xff", "a",   "<0.1>", "<unfinished ...>",
	    "O_RDONLY", "_",    "1.5", "12 ",
	};

	return sv_from(pieces[draw(state) % S2S_ARRAY_SIZE(pieces)]);
}

static bool
is_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == 'x';
}

/* A number replaced by another. */
static void
put_other_number(struct s2s_out *out, struct s2s_sv line, uint64_t *state)
{
	static const char *const numbers[] = {
	    "0",
	    "1",
	    "00",
	    "7",
	    "1234",
	    "0x0",
	    "0x7f9876543210",
	    "0x1",
	    "123456789",
	    "0x000000000001",
	    "0xfffffffffffffffff",
	    "0xffffffffffffffff",
	    "-1",
	    "3x",
	};
	size_t at = draw(state) % line.n, n = 0;

	while (at < line.n && (line.p[at] < '0' || line.p[at] > '9'))
		at++;
	while (at > 0 && is_digit(line.p[at - 1]))
		at--;
	while (at + n < line.n && is_digit(line.p[at + n]))
		n++;
	s2s_out_sv(out, (struct s2s_sv){line.p, at});
	s2s_out_str(out, numbers[draw(state) % S2S_ARRAY_SIZE(numbers)]);
	s2s_out_sv(out, (struct s2s_sv){line.p + at + n, line.n - at - n});
}

/* One to three places of the line replaced. */
static void
put_changed(struct s2s_out *out, struct s2s_sv line, uint64_t *state)
{
	size_t from = 0;

	for (uint64_t left = 1 + draw(state) % 3; left && from < line.n; left--) {
		size_t at = from + draw(state) % (line.n - from), n = draw(state) % 3;

		s2s_out_sv(out, (struct s2s_sv){line.p + from, at - from});
		s2s_out_sv(out, piece(state));
		from = at + n < line.n ? at + n : line.n;
	}
	s2s_out_sv(out, (struct s2s_sv){line.p + from, line.n - from});
}

static void
put_variant(struct s2s_out *out, struct s2s_sv line, uint64_t *state)
{
	if (!line.n)
		return;
	if (draw(state) % 2)
		put_changed(out, line, state);
	else
		put_other_number(out, line, state);
}

/* What stands before all lines of a window. */
static const char *
draw_prefix(uint64_t *state)
{
	static const char *const prefixes[] = {
	    "12 ",
	    "[pid    12] ",
	    "12<python3.11> ",
	    "12 12:34:56.123456 ",
	    "     0.000123 ",
	    "[00007f1234567890] ",
	    "12<a> 1669111111.12 [00007f1234567890] ",
	};
	uint64_t i = draw(state) % (2 * S2S_ARRAY_SIZE(prefixes));

	return i < S2S_ARRAY_SIZE(prefixes) ? prefixes[i] : "";
}

static void
put_line(struct s2s_out *out, const char *prefix, struct s2s_sv line, uint64_t *state)
{
	for (int i = 0; i < AS_IS + CHANGED + 1; i++) {
		s2s_out_str(out, prefix);
		if (i < AS_IS || i == AS_IS + CHANGED)
			s2s_out_sv(out, line);
		else
			put_variant(out, line, state);
		s2s_out_char(out, '\n');
	}
}

/* The call of a line, cut in two. */
struct cut {
	struct s2s_sv name, first, second;
};

/* Behind the comma of an argument, or anywhere. */
static bool
cut_call(struct s2s_sv line, uint64_t *state, struct cut *ret)
{
	const char *open = memchr(line.p, '(', line.n), *end = line.p + line.n, *name;
	size_t at;

	if (!open || open + 1 == end)
		return false;
	for (name = open; name > line.p && name[-1] != ' ';)
		name--;
	at = (size_t)(open + 1 - name) + draw(state) % (size_t)(end - open - 1);
	for (size_t i = at; draw(state) % 4 && i + 1 < (size_t)(end - name); i++)
		if (name[i - 1] == ' ' && name[i - 2] == ',') {
			at = i;
			break;
		}
	*ret = (struct cut){
	    {name, (size_t)(open - name)},
	    {name, at},
	    {name + at, (size_t)(end - name) - at},
	};
	return true;
}

static void
put_half(struct s2s_out *out, struct s2s_sv half, bool changed, uint64_t *state)
{
	if (changed)
		put_variant(out, half, state);
	else
		s2s_out_sv(out, half);
}

/* Of several processes, so that lines of one stand between the halves of the other. */
static void
put_halves(struct s2s_out *out, struct s2s_sv line, uint64_t *state)
{
	struct cut cut;
	uint64_t begun = 0;

	if (!cut_call(line, state, &cut))
		return;
	for (int i = 0; i < 4 * AS_IS + 2 * CHANGED; i++) {
		unsigned pid = (unsigned)(draw(state) % 3);
		bool changed = i > 4 * AS_IS, ends = begun >> pid & 1;

		s2s_out_printf(out, ends ? "%u <... " : "%u ", 7 + pid);
		if (ends) {
			s2s_out_sv(out, cut.name);
			s2s_out_str(out, " resumed>");
		}
		put_half(out, ends ? cut.second : cut.first, changed && draw(state) % 2,
			 state);
		s2s_out_str(out, ends ? "\n" : " <unfinished ...>\n");
		begun ^= 1U << pid;
	}
}

/* A few lines at a time, so that what differs is found. */
static uint64_t
check_window(struct s2s_sv *rest, uint64_t *state)
{
	const char *prefix = draw_prefix(state);
	struct s2s_out out;
	uint64_t skimmed;

	s2s_out_memory(&out);
	s2s_out_str(&out, prefix);
	s2s_out_str(&out,
		    "execve(\"/bin/x\", [\"x\"], 0x7ffc12345678 /* 9 vars */) = 0\n");
	for (int i = 0; i < WINDOW && rest->n; i++) {
		const char *newline = memchr(rest->p, '\n', rest->n);
		size_t n = newline ? (size_t)(newline - rest->p) : rest->n;

		put_line(&out, prefix, (struct s2s_sv){rest->p, n}, state);
		sv_skip(rest, newline ? n + 1 : n);
	}
	skimmed = check_skimmed(out.p, out.n);
	s2s_out_done(&out);
	return skimmed;
}

/* Another address, or another result, where there is one: the line means as much. */
static void
put_other_values(struct s2s_out *out, struct s2s_sv line, uint64_t *state)
{
	static const char *const addresses[] = {
	    "0x7f9876543210", "0x55d6f0d7a660", "0x123456789",
	    "0x812345678",    "0x812345678abc", "0xffffe116f950",
	};
	static const char *const results[] = {"0", "1", "5", "1234"};

	while (line.n) {
		bool is_result = sv_eat(&line, SV(" = "));
		size_t n = 0;

		if (is_result)
			s2s_out_str(out, " = ");
		while (n < line.n && is_digit(line.p[n]))
			n++;
		if (n && draw(state) % 2 && is_result) {
			s2s_out_str(out, results[draw(state) % 4]);
		} else if (n > 10 && draw(state) % 2 && line.p[1] == 'x') {
			s2s_out_str(out, addresses[draw(state) % 6]);
		} else {
			n += n < line.n;
			s2s_out_sv(out, (struct s2s_sv){line.p, n});
		}
		sv_skip(&line, n);
	}
	s2s_out_char(out, '\n');
}

/* What hangs on the line before, or on what a process was or is. */
static void
put_consequence(struct s2s_out *out, uint64_t *state)
{
	static const char *const all[] = {
	    "[ Process PID=13 runs in 64 bit mode. ]\n"
	    "[ Process PID=12 runs in 32 bit mode. ]\n"
	    "close(3) = 0\n",
	    "12 execve(\"/bin/y\", [\"y\"], 0x7ffc12345678 /* 9 vars */) = 0\n"
	    "12 set_thread_area({entry_number=-1}) = 0\n"
	    "12 close(4) = 0\n12 close(4) = 0\n12 close(4) = 0\n",
	    "12 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---\nclose(3) = 0\n",
	    "close(3) = 0\n12 close(3) = 0\n",
	};

	s2s_out_str(out, all[draw(state) % S2S_ARRAY_SIZE(all)]);
}

/* What a process becomes, as the call behind tells, or one further on. */
static void
put_execs(struct s2s_out *out, uint64_t *state)
{
	enum { TIMES = 24, NATIVE = 4 };
	static const char *const behind[] = {
	    "12 brk(NULL) = 0x55d6f0d7a660\n",
	    "12 brk(NULL)           = 0x55d6f0d7a660\n",
	    "12 brk(NULL) = 0x812345678\n12 close(3) = 0\n",
	    "12 brk(NULL) = 0x55d6f0d7a660\n13 close(3) = 0\n",
	    "12 access(\"/etc/a\", R_OK) = 0\n12 brk(NULL) = 0x55d6f0d7a660\n",
	    "12 brk(NULL) = 0x56d6f000\n12 close(3) = 0\n",
	    "13 brk(NULL) = 0x55d6f0d7a660\n12 set_thread_area({}) = 0\n",
	    "12 brk(NULL) = 0x804b000\n12 set_thread_area({}) = 0\n",
	    "12 brk(NULL) = 0x55d6f0d7a660 <0.1>\n12 set_thread_area({}) = 0\n",
	    "12 brk(0x55d6f0d7a660) = 0\n12 set_thread_area({}) = 0\n",
	    "12 execve(\"/bin/y\", [\"y\"], NULL) = 0\n",
	    "13 close(3) = 0\n",
	};
	static const char *const results[] = {"0", "0", "0", "0", "5", "0x0", "00"};

	for (int i = 0; i < TIMES; i++) {
		/* first those after which there is nothing to doubt */
		uint64_t kinds = i < TIMES / 2 ? NATIVE : S2S_ARRAY_SIZE(behind);

		s2s_out_printf(out, "12 execve(\"/bin/%c\", [\"x\"], NULL) = %s\n",
			       (char)('x' + draw(state) % 2),
			       i < TIMES / 2
				   ? "0"
				   : results[draw(state) % S2S_ARRAY_SIZE(results)]);
		s2s_out_str(out, behind[draw(state) % kinds]);
	}
}

/* A log without a fault, of which much is answered: what differs then is no message. */
static uint64_t
check_values(struct s2s_sv *rest, uint64_t *state)
{
	enum { LINES = 6, TIMES = 12 };
	struct s2s_out out;
	uint64_t skimmed;

	s2s_out_memory(&out);
	/* the second call tells that the process is a native one */
	s2s_out_str(&out, "12 execve(\"/bin/x\", [\"x\"], NULL) = 0\n"
			  "12 arch_prctl(ARCH_SET_FS, 0x7f1234567890) = 0\n");
	for (int i = 0; i < LINES && rest->n; i++) {
		const char *newline = memchr(rest->p, '\n', rest->n);
		size_t n = newline ? (size_t)(newline - rest->p) : rest->n;

		for (int k = 0; k < TIMES; k++) {
			struct s2s_sv line = {rest->p, n};

			if (n && *rest->p >= 'a' && draw(state) % 8)
				s2s_out_str(&out, "12 ");
			put_other_values(&out, line, state);
		}
		sv_skip(rest, newline ? n + 1 : n);
	}
	if (draw(state) % 2)
		put_execs(&out, state);
	put_consequence(&out, state);
	skimmed = check_skimmed(out.p, out.n);
	s2s_out_done(&out);
	return skimmed;
}

/* A line in halves. */
static uint64_t
check_halves(struct s2s_sv *rest, uint64_t *state)
{
	const char *newline = memchr(rest->p, '\n', rest->n);
	size_t n = newline ? (size_t)(newline - rest->p) : rest->n;
	struct s2s_out out;
	uint64_t skimmed;

	s2s_out_memory(&out);
	s2s_out_str(&out, "7 execve(\"/bin/x\", [\"x\"], NULL) = 0\n");
	put_halves(&out, (struct s2s_sv){rest->p, n}, state);
	skimmed = check_skimmed(out.p, out.n);
	s2s_out_done(&out);
	sv_skip(rest, newline ? n + 1 : n);
	return skimmed;
}

static struct s2s_sv
read_file(const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t cap = 0;
	ssize_t n = f ? getdelim(&text, &cap, '\0', f) : -1;

	if (f)
		fclose(f);
	if (n < 0) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	return (struct s2s_sv){text, (size_t)n};
}

int
main(int argc, char **argv)
{
	uint64_t state = 0x2545f4914f6cdd1d, skimmed = 0, halves = 0, values = 0;

	for (int i = 1; i < argc; i++) {
		struct s2s_sv text = read_file(argv[i]);

		skimmed += check_skimmed(text.p, text.n);
		for (int round = 0; round < ROUNDS; round++)
			for (struct s2s_sv rest = text; rest.n;)
				skimmed += check_window(&rest, &state);
		for (int round = 0; round < ROUNDS; round++)
			for (struct s2s_sv rest = text; rest.n;)
				halves += check_halves(&rest, &state);
		for (int round = 0; round < 4 * ROUNDS; round++)
			for (struct s2s_sv rest = text; rest.n;)
				values += check_values(&rest, &state);
		free((char *)text.p);
	}
	printf("%llu lines were only counted, %llu of logs in halves, %llu of logs "
	       "without "
	       "a fault\n",
	       (unsigned long long)skimmed, (unsigned long long)halves,
	       (unsigned long long)values);
	return skimmed == 0 || halves == 0 || values == 0;
}
