/* SPDX-License-Identifier: MIT */
/* --ask: each new call is put to the user. The command's standard streams are its own,
   so that the question goes to the terminal itself. */
#include "base/arena.h"
#include "cli/report.h"

#include <stdlib.h>
#include <string.h>

enum { ANSWER_MAX = 256 };

static const struct choice {
	char letter;
	bool kept; /* not asked again */
	enum s2s_answer answer;
} choices[] = {
    {'o', false, S2S_ANSWER_PASS},
    {'a', true, S2S_ANSWER_PASS},
    {'n', true, S2S_ANSWER_FAIL},
    {'k', true, S2S_ANSWER_KILL},
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

/* A terminal that is gone has nobody who would allow anything. */
static const struct choice *
read_choice(FILE *terminal)
{
	char line[ANSWER_MAX];

	for (;;) {
		fputs("once, always, never, kill? ", terminal);
		if (!fgets(line, sizeof line, terminal))
			return &choices[2];
		for (size_t i = 0; i < S2S_ARRAY_SIZE(choices); i++)
			if (line[0] == choices[i].letter)
				return &choices[i];
	}
}

/* The answers that were given for good, by the number of the leaf. */
static const struct choice **
kept(struct cli_report *report, uint32_t leaf)
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
cli_ask(struct cli_report *report, const struct s2s_call *call, uint32_t leaf,
	struct s2s_sv text)
{
	const struct choice **place = kept(report, leaf), *choice = *place;

	if (!choice) {
		fprintf(report->terminal, "%.*s    ", (int)text.n, text.p);
		choice = read_choice(report->terminal);
		if (choice->kept)
			*place = choice;
	}
	/* What is allowed for good is what a policy lacks. */
	if (choice->kept && choice->answer == S2S_ANSWER_PASS)
		s2s_tree_add(report->allowed, call);
	return choice->answer;
}
