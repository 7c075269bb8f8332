/* SPDX-License-Identifier: MIT */
/* The options of all commands, one row each; argp does the rest. */
#include "base/arena.h"
#include "base/out.h"
#include "cli/arguments.h"
#include "cli/cli.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { SELECTING = CLI_GENERATE | CLI_VERIFY };
/* Commands that make a policy of a profile, and those that write one. */
enum {
	MAKING = CLI_GENERATE | CLI_VERIFY | CLI_CONVERT,
	WRITING = CLI_GENERATE | CLI_CONVERT,
};
enum kind { FLAG, TEXT, LIST };

static const char *const headings[] = {
    "The policy:",  "The output:",
    "The input:",   "A part of it, for logs of many processes:",
    "The command:", "Messages:",
};

static const struct row {
	const char *name;
	char letter;
	const char *arg;      /* NULL: none; "[FILE]" may be left out */
	const char *fallback; /* where it is left out */
	enum kind kind;
	size_t member;
	unsigned commands;
	int heading;
	const char *help;
} options[] = {
#define MEMBER(m) offsetof(struct cli_options, m)
    {"level", 'l', "LEVEL", NULL, TEXT, MEMBER(level), MAKING, 0,
     "what a call that was seen allows, see below (default: robust)"},
    {"level-of", 0, "CALL[.ARG]=LEVEL", NULL, LIST, MEMBER(level_of), MAKING, 0,
     "the level of one call or one of its arguments"},
    {"allow", 0, "CALL", NULL, LIST, MEMBER(allow), MAKING, 0,
     "allow a call whatever its arguments"},
    {"deny", 0, "CALL", NULL, LIST, MEMBER(deny), MAKING, 0,
     "do not allow a call, seen or not"},
    {"also", 0, "PROFILE", NULL, LIST, MEMBER(also), MAKING, 0,
     "allow what a profile holds as well"},
    {"action", 'a', "ACTION", NULL, TEXT, MEMBER(action), MAKING, 0,
     "for what is not allowed, see below (default: kill-process)"},
    {"unknown", 0, "ACTION", NULL, TEXT, MEMBER(unknown), MAKING, 0,
     "for calls newer than our tables (default: errno=ENOSYS)"},
    {"installed-by", 0, "WHO", NULL, TEXT, MEMBER(installed_by), MAKING, 0,
     "program: the first exec of a log was not its own and is left out (default for "
     "formats c and bpf-c); launcher: it is needed (default for all else)"},
    {"no-implied", 0, NULL, NULL, FLAG, MEMBER(no_implied), MAKING, 0,
     "add nothing that the log does not show"},
    {"fit", 0, NULL, NULL, FLAG, MEMBER(fit), WRITING, 0,
     "loosen the costliest calls until the kernel takes the filter"},
    {"no-verify", 0, NULL, NULL, FLAG, MEMBER(no_verify), WRITING, 0,
     "do not replay the input through the filter"},
    {"cap", 0, "CAPABILITY", NULL, LIST, MEMBER(cap), CLI_VERIFY | CLI_CONVERT, 0,
     "of the container, for the conditions of Docker's default profile (default: what "
     "Docker gives)"},
    {"kernel", 0, "VERSION", NULL, TEXT, MEMBER(kernel), CLI_VERIFY | CLI_CONVERT, 0,
     "of the host, for the same (default: newer than any that is asked for)"},
    {"undetermined", 0, "ANSWER", NULL, TEXT, MEMBER(undetermined), CLI_VERIFY, 0,
     "allow: what hangs on something that the log does not tell is no reason for a no "
     "(default: deny)"},

    {"format", 'f', "FORMAT", NULL, TEXT, MEMBER(format), WRITING, 1,
     "see below (default: c)"},
    {"output", 'o', "FILE", NULL, TEXT, MEMBER(output), CLI_READ, 1,
     "write there, whole or not at all (default: standard output)"},
    {"exact", 0, NULL, NULL, FLAG, MEMBER(exact), WRITING, 1,
     "refuse what a format can only say more loosely than the policy"},
    {"groups", 0, NULL, NULL, FLAG, MEMBER(groups), WRITING, 1,
     "systemd: groups of calls (@file-system...) where half of one is allowed; says "
     "what they allow beyond the policy"},
    {"runtime", 0, "NAME", NULL, TEXT, MEMBER(runtime), WRITING | CLI_VERIFY, 1,
     "crun, runc: allow what this container runtime itself calls under the policy, "
     "with noNewPrivileges unless --keep-privs is given; verify: runc puts a test of "
     "its "
     "own in front of a profile"},
    {"output", 'o', "FILE", NULL, TEXT, MEMBER(output), CLI_RUN, 1,
     "write there what was stopped, or would have been, as a log that generate reads"},
    {"check", 0, NULL, NULL, FLAG, MEMBER(check), WRITING | CLI_MERGE, 1,
     "write nothing; status 1 where --output (and --header) is not what would be "
     "written"},
    {"optimize-for", 0, "GOAL", NULL, TEXT, MEMBER(optimize_for), WRITING, 1,
     "size: as few instructions as can be; speed: few for what is met often (default)"},
    {"function", 0, "NAME", NULL, TEXT, MEMBER(function), WRITING, 1,
     "name of the C function (default: install_policy)"},
    {"header", 0, "FILE", NULL, TEXT, MEMBER(header), WRITING, 1,
     "write the header that declares the C function"},
    {"tsync", 0, NULL, NULL, FLAG, MEMBER(tsync), WRITING, 1,
     "the C function installs the policy on all threads"},
    {"keep-privs", 0, NULL, NULL, FLAG, MEMBER(keep_privs), WRITING, 1,
     "the policy does not set no_new_privs: a C function needs CAP_SYS_ADMIN then; "
     "with "
     "--runtime the container is without noNewPrivileges"},
    {"sigsys-handler", 0, NULL, NULL, FLAG, MEMBER(sigsys_handler), WRITING, 1,
     "the C function also installs a handler that prints the call that the action trap "
     "stops, and exits"},

    {"arch", 0, "ARCH", NULL, TEXT, MEMBER(arch), CLI_READ, 2,
     "of a log that does not say (default: x86_64)"},
    {"input", 0, "KIND", NULL, TEXT, MEMBER(input),
     CLI_READ & ~CLI_MERGE & ~CLI_CONVERT, 2,
     "what the inputs are: strace, summary, audit or profile (default: as each looks)"},
    {"all-errors", 0, NULL, NULL, FLAG, MEMBER(all_errors), CLI_READ, 2,
     "report every malformed line, not just the first; still fails"},
    {"lenient", 0, NULL, NULL, FLAG, MEMBER(lenient), CLI_READ, 2,
     "skip malformed lines, count them, warn; fails if nothing was understood"},
    {"jobs", 0, "N", NULL, TEXT, MEMBER(jobs), CLI_READ, 2,
     "threads; the result is the same (default: as many as processors)"},
    {"max-distinct", 0, "N", NULL, TEXT, MEMBER(max_distinct), CLI_READ | CLI_RUN, 2,
     "give up where there are more distinct calls (default: 4194304)"},

    {"no-sandbox", 0, NULL, NULL, FLAG, MEMBER(no_sandbox), CLI_READ | CLI_RUN, 2,
     "read in this process, with all its rights and no policy"},

    {"pid", 0, "PID", NULL, LIST, MEMBER(pid), SELECTING, 3,
     "a process with all its threads"},
    {"thread", 0, "TID", NULL, LIST, MEMBER(thread), SELECTING, 3, "one thread"},
    {"comm", 0, "NAME", NULL, LIST, MEMBER(comm), SELECTING, 3,
     "threads while they have this name"},
    {"exe", 0, "PATH", NULL, LIST, MEMBER(exe), SELECTING, 3,
     "processes while they run this program: a path or a base name"},
    {"children-of", 0, "PID", NULL, LIST, MEMBER(children_of), SELECTING, 3,
     "all that this process started, not itself"},
    {"from", 0, "MARK", NULL, LIST, MEMBER(from), SELECTING | CLI_RECORD, 3,
     "each process from this call on: CALL or CALL(\"TEXT\")"},
    {"until", 0, "MARK", NULL, LIST, MEMBER(until), SELECTING | CLI_RECORD, 3,
     "each process up to this call"},

    {"split", 0, "WHAT", NULL, TEXT, MEMBER(split), CLI_GENERATE, 3,
     "exe, comm: a policy for each program or name, in files of the folder --output, "
     "and a table of them"},

    {"split", 0, "exe", NULL, TEXT, MEMBER(split), CLI_RECORD, 3,
     "a profile for each program, in files of the folder --output"},

    {"output", 'o', "FILE", NULL, TEXT, MEMBER(output), CLI_RECORD, 1,
     "write the profile there, whole or not at all"},
    {"max-distinct", 0, "N", NULL, TEXT, MEMBER(max_distinct), CLI_RECORD, 1,
     "calls that there is room for, in the kernel (default: 65536)"},

    {"method", 0, "HOW", NULL, TEXT, MEMBER(method), CLI_RECORD, 4,
     "see below (default: auto, the first that works)"},
    {"pid", 'p', "PID", NULL, LIST, MEMBER(pid), CLI_RECORD, 4,
     "a process that runs already, and what it starts from now on"},
    {"cgroup", 0, "PATH", NULL, TEXT, MEMBER(cgroup), CLI_RECORD, 4,
     "all processes of a cgroup (version 2, a folder), now and later"},
    {"for", 0, "TIME", NULL, TEXT, MEMBER(duration), CLI_RECORD, 4,
     "without a command: end after that time: 30s, 10m, 2h"},

    {"user", 'u', "USER", NULL, TEXT, MEMBER(user), CLI_RECORD, 4,
     "as whom the command runs, a name, UID or UID:GID (default: who called sudo)"},

    {"complain", 0, NULL, NULL, FLAG, MEMBER(complain), CLI_RUN, 4,
     "stop nothing; say what would have been stopped"},
    {"ask", 0, NULL, NULL, FLAG, MEMBER(ask), CLI_RUN, 4,
     "ask at the terminal what is to become of a call: once, always, never, kill"},
    {"dry-run", 0, NULL, NULL, FLAG, MEMBER(dry_run), CLI_RUN, 4,
     "print what would be installed, and run nothing"},
    {"no-explain", 0, NULL, NULL, FLAG, MEMBER(no_explain), CLI_RUN, 4,
     "do not trace the command, so that it can trace others"},

    {"log-level", 0, "LEVEL", NULL, TEXT, MEMBER(log_level), CLI_ALL, 5,
     "trace, debug, info, warning (default) or error"},
    {"log-file", 0, "[FILE]", "strace2seccomp.log", TEXT, MEMBER(log_file), CLI_ALL, 5,
     "log there instead of standard error (default: strace2seccomp.log)"},
    {"log-stderr", 0, NULL, NULL, FLAG, MEMBER(log_stderr), CLI_ALL, 5,
     "log to standard error as well"},
#undef MEMBER
};

enum { FIRST_KEY = 256, ROWS = S2S_ARRAY_SIZE(options) };
enum { HELP_COLUMN = 17, HELP_WIDTH = 78 };

struct parse {
	const struct cli_command *command;
	struct cli_options *options;
};

static void
append(struct cli_list *list, const char *text)
{
	list->v = s2s_realloc(list->v, list->n + 2, sizeof *list->v);
	list->v[list->n++] = text;
	list->v[list->n] = NULL;
}

static const struct row *
find(int key)
{
	for (size_t i = 0; i < ROWS; i++)
		if (key == options[i].letter || key == FIRST_KEY + (int)i)
			return &options[i];
	return NULL;
}

static void
set(const struct row *option, struct cli_options *into, const char *arg)
{
	char *member = (char *)into + option->member;

	switch (option->kind) {
	case FLAG:
		*(bool *)member = true;
		return;
	case TEXT:
		*(const char **)member = arg ? arg : option->fallback;
		return;
	case LIST:
		append((struct cli_list *)member, arg);
		return;
	}
}

static error_t
take(int key, char *arg, struct argp_state *state)
{
	struct parse *parse = state->input;
	const struct row *option;

	if (key == ARGP_KEY_ARG) {
		bool quoted = parse->command->bit & CLI_COMMAND && state->quoted &&
			      state->next > state->quoted;

		append(quoted ? &parse->options->command : &parse->options->operands,
		       arg);
		return 0;
	}
	if (key == ARGP_KEY_END) {
		if (parse->options->operands.n < parse->command->operands_min)
			argp_error(state, "%s is wanted", parse->command->operands);
		return 0;
	}
	option = key > 0 ? find(key) : NULL;
	if (!option)
		return ARGP_ERR_UNKNOWN;
	set(option, parse->options, arg);
	return 0;
}

static struct argp_option
row_of(size_t i)
{
	const struct row *o = &options[i];
	struct argp_option row = {
	    .name = o->name,
	    .key = o->letter ? o->letter : FIRST_KEY + (int)i,
	    .arg = o->arg,
	    .doc = o->help,
	    .group = o->heading + 1,
	};

	if (o->fallback) {
		row.arg = "FILE";
		row.flags = OPTION_ARG_OPTIONAL;
	}
	return row;
}

/* The rows of one command, a heading before each group. */
static void
fill_rows(const struct cli_command *command,
	  struct argp_option rows[ROWS + S2S_ARRAY_SIZE(headings) + 1])
{
	int heading = -1;
	size_t n = 0;

	for (size_t i = 0; i < ROWS; i++) {
		if (!(options[i].commands & command->bit))
			continue;
		if (options[i].heading != heading) {
			heading = options[i].heading;
			rows[n++] = (struct argp_option){.doc = headings[heading],
							 .group = heading + 1};
		}
		rows[n++] = row_of(i);
	}
	rows[n] = (struct argp_option){0};
}

/* Words in a column of their own, beside the name that they explain. */
static void
put_beside(struct s2s_out *out, const char *text)
{
	size_t at = HELP_COLUMN;

	while (*text) {
		size_t n = strcspn(text, " ");

		if (at + n > HELP_WIDTH && at > HELP_COLUMN) {
			s2s_out_printf(out, "\n%*s", HELP_COLUMN, "");
			at = HELP_COLUMN;
		}
		s2s_out_printf(out, "%s%.*s", at > HELP_COLUMN ? " " : "", (int)n,
			       text);
		at += n + 1;
		text += n + strspn(text + n, " ");
	}
	s2s_out_char(out, '\n');
}

static void
put_choices(struct s2s_out *out, const char *heading, enum s2s_choice choice)
{
	const char *name, *help;

	s2s_out_printf(out, "%s\n", heading);
	for (size_t i = 0; (name = s2s_choice_name(choice, i, &help)); i++) {
		s2s_out_printf(out, "  %-*s", HELP_COLUMN - 2, name);
		put_beside(out, help);
	}
}

/* What there is to choose from stands behind the options. */
static char *
filter_help(int key, const char *text, void *input)
{
	const struct parse *parse = input;
	struct s2s_out out;

	if (key != ARGP_KEY_HELP_EXTRA || !parse || !(parse->command->bit & WRITING))
		return (char *)text;
	s2s_out_memory(&out);
	put_choices(&out, "Levels:", S2S_CHOICE_LEVELS);
	put_choices(&out, "\nFormats:", S2S_CHOICE_FORMATS);
	put_choices(&out, "\nActions:", S2S_CHOICE_ACTIONS);
	s2s_out_char(&out, '\0');
	return out.p;
}

void
cli_options_parse(const struct cli_command *command, int argc, char **argv,
		  struct cli_options *ret)
{
	struct argp_option rows[ROWS + S2S_ARRAY_SIZE(headings) + 1];
	struct parse parse = {command, ret};
	struct argp argp = {
	    .options = rows,
	    .parser = take,
	    .args_doc = command->operands,
	    .doc = command->help,
	    .help_filter = filter_help,
	};

	*ret = (struct cli_options){0};
	fill_rows(command, rows);
	/* Only in order is it seen which operands stand behind "--". */
	if (cli_arguments(&argp, argc, argv,
			  command->bit & CLI_COMMAND ? ARGP_IN_ORDER : 0, &parse) != 0)
		s2s_out_of_memory(0); /* all else ends the process */
	if (ret->output && strcmp(ret->output, "-") == 0)
		ret->output = NULL;
}

static void
free_list(struct cli_list *list)
{
	free(list->v);
	*list = (struct cli_list){0};
}

void
cli_options_done(struct cli_options *o)
{
	for (size_t i = 0; i < ROWS; i++)
		if (options[i].kind == LIST)
			free_list((struct cli_list *)((char *)o + options[i].member));
	free_list(&o->operands);
	free_list(&o->command);
	*o = (struct cli_options){0};
}
