/* SPDX-License-Identifier: MIT */
/* Where messages go: standard error, a file, or both. */
#include "base/arena.h"
#include "base/out.h"
#include "cli/cli.h"

#include <errno.h>

/* Whatever slipped through: nothing that a terminal would obey. Written at once, since
   others may write there as well. */
static void
put_line(FILE *file, const char *text)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out line;
	size_t done = 0;

	s2s_out_memory(&line);
	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '\n' || (c >= ' ' && c < 0x7f))
			s2s_out_char(&line, (char)c);
		else
			s2s_out_printf(&line, "\\x%02x", c);
	}
	s2s_out_char(&line, '\n');
	while (done < line.n) {
		done += fwrite(line.p + done, 1, line.n - done, file);
		if (done < line.n && errno != EINTR)
			break;
		if (done < line.n)
			clearerr(file);
	}
}

static void
write_message(void *self, enum s2s_log_level level, const char *text)
{
	struct cli *cli = self;

	(void)level;
	if (cli->log_file)
		put_line(cli->log_file, text);
	if (!cli->log_file || cli->options.log_stderr) {
		cli_progress_clear(&cli->progress);
		put_line(stderr, text);
	}
}

static bool
find_level(const char *name, enum s2s_log_level *ret)
{
	static const char *const names[] = {
#define X(id, text) [S2S_LOG_##id] = (text),
	    S2S_LEVELS_OF_LOG(X)
#undef X
	};

	for (size_t i = 0; i < S2S_ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0) {
			*ret = (enum s2s_log_level)i;
			return true;
		}
	return false;
}

enum s2s_status
cli_log_open(struct cli *cli)
{
	const struct cli_options *o = &cli->options;

	cli->log = (struct s2s_log){S2S_LOG_WARNING, write_message, cli};
	if (o->log_level && !find_level(o->log_level, &cli->log.level)) {
		s2s_log(&cli->log, S2S_LOG_ERROR, "--log-level=%s: no such level",
			o->log_level);
		return S2S_USAGE;
	}
	if (!o->log_file)
		return S2S_OK;
	cli->log_file = fopen(o->log_file, "we");
	if (!cli->log_file) {
		cli_say_errno(&cli->log, o->log_file, errno);
		return S2S_IO;
	}
	setvbuf(cli->log_file, NULL, _IONBF, 0);
	return S2S_OK;
}

enum s2s_status
cli_log_close(struct cli *cli)
{
	FILE *file = cli->log_file;
	bool failed;

	cli->log_file = NULL;
	if (!file)
		return S2S_OK;
	failed = ferror(file);
	if (fclose(file) == 0 && !failed)
		return S2S_OK;
	cli_say(&cli->log, cli->options.log_file, "the log is not complete");
	return S2S_IO;
}

void
cli_say(const struct s2s_log *log, const char *name, const char *what)
{
	struct s2s_out out;

	s2s_out_memory(&out);
	s2s_out_escaped(&out, sv_from(name));
	s2s_log(log, S2S_LOG_ERROR, "%.*s: %s", (int)out.n, out.p, what);
	s2s_out_done(&out);
}

void
cli_say_errno(const struct s2s_log *log, const char *name, int error)
{
	const char *text = strerrordesc_np(error);

	cli_say(log, name, text ? text : "unknown error");
}

enum s2s_status
cli_wrong(const struct cli *cli, const char *why)
{
	s2s_log(&cli->log, S2S_LOG_ERROR, "%s", why);
	return S2S_USAGE;
}
