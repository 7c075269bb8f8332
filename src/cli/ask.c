/* SPDX-License-Identifier: MIT */
/* --ask: each new call is put to the user. The command's standard streams are its own,
   so that the question goes to the terminal itself. */
#include "base/arena.h"
#include "cli/report.h"
#include "format/format.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

enum { ANSWER_MAX = 256 };

static const struct choice {
	const char *name;
	bool kept; /* not asked again */
	enum s2s_answer answer;
} choices[] = {
    {"once", false, S2S_ANSWER_PASS},
    {"always", true, S2S_ANSWER_PASS},
    {"never", true, S2S_ANSWER_FAIL},
    {"kill", true, S2S_ANSWER_KILL},
};

bool
cli_ask_open(struct cli_report *report)
{
	report->terminal = fopen("/dev/tty", "r+e");
	if (!report->terminal)
		return false;
	setvbuf(report->terminal, NULL, _IONBF, 0);
	return true;
}

/* As the question needs it, whatever the command has made of it. */
static bool
set_terminal(int fd, struct termios *ret_was)
{
	struct termios mode;

	if (tcgetattr(fd, ret_was))
		return false;
	mode = *ret_was;
	mode.c_iflag = (mode.c_iflag | ICRNL) & ~(tcflag_t)(IGNCR | INLCR);
	mode.c_oflag |= OPOST | ONLCR;
	mode.c_lflag |= ICANON | ECHO | ISIG;
	return tcsetattr(fd, TCSADRAIN, &mode) == 0;
}

static const struct choice nobody = {"", false, S2S_ANSWER_PASS};

/* False where nobody waits for an answer any more. */
static bool
is_answered(int terminal, int thread)
{
	struct pollfd fds[] = {{.fd = terminal, .events = POLLIN},
			       {.fd = thread, .events = POLLIN}};

	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		continue;
	return fds[0].revents || !fds[1].revents;
}

/* A terminal that is gone has nobody who would allow anything. */
static const struct choice *
read_choice(FILE *terminal, int thread)
{
	char line[ANSWER_MAX];

	for (;;) {
		fputs("once, always, never, kill? ", terminal);
		if (!is_answered(fileno(terminal), thread)) {
			fputs("(it is gone)\n", terminal);
			return &nobody;
		}
		if (!fgets(line, sizeof line, terminal))
			return &choices[2];
		for (size_t i = 0; i < S2S_ARRAY_SIZE(choices); i++)
			if (line[0] == choices[i].name[0])
				return &choices[i];
	}
}

/* Readable when the thread has ended; before Linux 6.9, when its process has. -1, which
   poll() ignores: it cannot be known. */
static int
open_thread(pid_t tid)
{
	int fd = (int)syscall(SYS_pidfd_open, tid, O_EXCL); /* PIDFD_THREAD */

	if (fd < 0)
		fd = (int)syscall(SYS_pidfd_open, s2s_process_of(tid), 0);
	return fd;
}

static const struct choice *
put_question(FILE *terminal, const struct s2s_stopped *stopped, struct s2s_sv text)
{
	int thread = open_thread(stopped->tid);
	const struct choice *choice;
	struct termios was;
	bool changed = set_terminal(fileno(terminal), &was);

	fprintf(terminal, "%.*s    ", (int)text.n, text.p);
	choice = read_choice(terminal, thread);
	if (changed)
		tcsetattr(fileno(terminal), TCSADRAIN, &was);
	if (thread >= 0)
		close(thread);
	return choice;
}

/* The last answers, by the number of the leaf. */
static const struct choice **
last_answer(struct cli_report *report, uint32_t leaf)
{
	size_t n = report->n_answers;

	if (leaf >= n) {
		report->n_answers = leaf + 64;
		report->answers = s2s_realloc(report->answers, report->n_answers,
					      sizeof *report->answers);
		for (; n < report->n_answers; n++)
			report->answers[n] = NULL;
	}
	return (const struct choice **)&report->answers[leaf];
}

enum s2s_answer
cli_ask(struct cli_report *report, const struct s2s_stopped *stopped,
	const struct s2s_call *call, uint32_t leaf, struct s2s_sv text)
{
	const struct choice **place = last_answer(report, leaf), *choice = *place;

	if (!choice || !choice->kept) {
		choice = put_question(report->terminal, stopped, text);
		if (choice != &nobody)
			*place = choice;
	}
	/* What is allowed for good is what a policy lacks. */
	if (choice->kept && choice->answer == S2S_ANSWER_PASS)
		s2s_tree_add(report->allowed, call);
	return choice->answer;
}

void
cli_ask_decided(const struct cli_report *report, struct s2s_out *out)
{
	for (uint32_t i = 0; i < report->n_answers; i++) {
		const struct choice *choice = report->answers[i];
		struct s2s_leaf leaf;

		if (!choice || (choice->kept && choice->answer == S2S_ANSWER_PASS))
			continue;
		leaf = s2s_tree_leaf(report->tree, i);
		s2s_out_printf(out, "# %s: %s ", choice->name,
			       s2s_arch_name(leaf.sc->arch));
		s2s_format_call(out, leaf.sc, leaf.arg, leaf.kind);
		s2s_out_char(out, '\n');
	}
}
