/* SPDX-License-Identifier: MIT */
#include "cli/apart.h"
#include "cli/arguments.h"
#include "cli/cli.h"

#include "base/arena.h"
#include "base/out.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct cli_command commands[] = {
    {"generate", "TRACE...",
     "Learn a seccomp policy from logs of strace.\vA TRACE is a log of strace or a "
     "profile; - is standard input.",
     CLI_GENERATE, 1, cmd_generate_check, cmd_generate},
    {"parse", "TRACE...", "Print every call that is understood as a line of JSON.",
     CLI_PARSE, 1, cli_check_reading, cmd_parse},
    {"verify", "FILTER TRACE...",
     "Would this filter have let this log run?\vA FILTER is classic BPF as the kernel "
     "takes it, an OCI seccomp profile or a template of one (Docker's default "
     "profile), "
     "or a profile of strace2seccomp.",
     CLI_VERIFY, 2, cmd_verify_check, cmd_verify},
    {"convert", "POLICY",
     "Write a policy in another format.\vA POLICY is an OCI seccomp profile or a "
     "template "
     "of one (Docker's default profile), a profile of strace2seccomp, or classic BPF, "
     "which becomes bpf-c and bpf-text only.",
     CLI_CONVERT, 1, cmd_convert_check, cmd_convert},
    {"merge", "PROFILE...", "Put profiles together.", CLI_MERGE, 1, cmd_merge_check,
     cmd_merge},
    {"run", "FILTER... -- COMMAND [ARG...]",
     "Run a command under filters and say what they stop.\vA FILTER is classic BPF as "
     "the kernel takes it, an OCI seccomp profile, or a profile of strace2seccomp. The "
     "exit status is the command's, 128 + signal, or 126 or 127 where it cannot be "
     "executed.",
     CLI_RUN, 1, NULL, cmd_run},
    {"record", "-- COMMAND [ARG...]",
     "Watch a command, or processes that run, and write a profile.\vWith --pid there "
     "is "
     "no command. The exit status is the command's, 128 + signal, or 126 or 127 where "
     "it "
     "cannot be executed; 4 where not all calls could be recorded.",
     CLI_RECORD, 0, NULL, cmd_record},
};

static error_t
take(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_ARG:
		cli_make_plain(arg);
		argp_error(state, "no such command: %s", arg);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "a command is wanted");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static char *
list_commands(int key, const char *text, void *input)
{
	struct s2s_out out;

	(void)input;
	if (key != ARGP_KEY_HELP_EXTRA)
		return (char *)text;
	s2s_out_memory(&out);
	s2s_out_str(&out, "Commands:\n");
	for (size_t i = 0; i < S2S_ARRAY_SIZE(commands); i++) {
		const char *help = commands[i].help;

		s2s_out_printf(&out, "  %-10s %.*s\n", commands[i].name,
			       (int)strcspn(help, "\v"), help);
	}
	s2s_out_str(&out, "\nEach has its own --help.");
	s2s_out_char(&out, '\0');
	return out.p;
}

static void
print_version(FILE *stream, struct argp_state *state)
{
	(void)state;
	fprintf(stream, "strace2seccomp %s\n", s2s_version());
}

static const struct cli_command *
find_command(int argc, char **argv)
{
	static const struct argp argp = {
	    .parser = take,
	    .args_doc = "COMMAND [OPTION...] FILE...",
	    .doc = "Learn a seccomp policy from what a program was seen to do.",
	    .help_filter = list_commands,
	};

	for (size_t i = 0; argc > 1 && i < S2S_ARRAY_SIZE(commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return &commands[i];
	cli_arguments(&argp, argc, argv, ARGP_IN_ORDER, NULL);
	return NULL;
}

/* A closed standard stream would let a file that we open take its place. What is put
   there instead fails, so that nothing is lost in silence; a command that we run finds
   the stream closed. */
static void
hold_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null",
			     (fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
}

/* What argp wrote, --help and --version, is an output like any other. */
static void
flush_output(void)
{
	if (fflush(stdout) != 0) {
		fprintf(stderr, "error: standard output: %s\n", strerrordesc_np(errno));
		_exit(s2s_status_exit(S2S_IO));
	}
}

/* Opens, then reads apart, then publishes. */
static enum s2s_status
run_reader(const struct cli_command *command, struct cli *cli)
{
	enum s2s_status status = command->check(cli);

	if (status != S2S_OK)
		return status;
	status = cli_files_open(cli, true);
	if (status == S2S_OK)
		status = cli_apart(cli, command->run);
	if (status == S2S_OK && cli->exit <= s2s_status_exit(S2S_NO))
		status = cli_files_publish(cli);
	cli_files_done(&cli->files);
	return status;
}

static enum s2s_status
run(const struct cli_command *command, struct cli *cli)
{
	enum s2s_status status, logged;

	cli_progress_init(&cli->progress);
	status = cli_spare_inputs(&cli->options, command->bit);
	if (status != S2S_OK)
		return status;
	status = cli_log_open(cli);
	if (status == S2S_OK)
		status = command->check ? run_reader(command, cli) : command->run(cli);
	cli_progress_clear(&cli->progress);
	logged = cli_log_close(cli);
	return status == S2S_OK ? logged : status;
}

int
main(int argc, char **argv)
{
	struct cli cli = {0};
	const struct cli_command *command;
	enum s2s_status status;
	char name[64];

	hold_standard_streams();
	/* A failing write says so. */
	cli.default_sigpipe = signal(SIGPIPE, SIG_IGN) == SIG_DFL;
	cli.default_sigxfsz = signal(SIGXFSZ, SIG_IGN) == SIG_DFL;
	argp_err_exit_status = s2s_status_exit(S2S_USAGE);
	argp_program_version_hook = print_version;
	atexit(flush_output);
	command = find_command(argc, argv);
	if (!command)
		return s2s_status_exit(S2S_USAGE);
	snprintf(name, sizeof name, "strace2seccomp %s", command->name);
	argv[1] = name;
	cli_options_parse(command, argc - 1, argv + 1, &cli.options);
	status = run(command, &cli);
	cli_options_done(&cli.options);
	return status == S2S_OK ? cli.exit : s2s_status_exit(status);
}
