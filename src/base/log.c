/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include "base/out.h"

const char *
s2s_status_text(enum s2s_status status)
{
	static const char *const texts[] = {
#define X(id, exit, text) [S2S_##id] = (text),
	    S2S_STATUSES(X)
#undef X
	};

	return texts[status];
}

int
s2s_status_exit(enum s2s_status status)
{
	static const int exits[] = {
#define X(id, exit, text) [S2S_##id] = (exit),
	    S2S_STATUSES(X)
#undef X
	};

	return exits[status];
}

void
s2s_log_write(const struct s2s_log *log, enum s2s_log_level level, const char *fmt, ...)
{
	static const char *const words[] = {
#define X(id, text) [S2S_LOG_##id] = (text ": "),
	    S2S_LEVELS_OF_LOG(X)
#undef X
	};
	struct s2s_out out;
	va_list ap;

	if (!log->fn)
		return;
	s2s_out_memory(&out);
	s2s_out_str(&out, words[level]);
	va_start(ap, fmt);
	s2s_out_vprintf(&out, fmt, ap);
	va_end(ap);
	s2s_out_char(&out, '\0');
	log->fn(log->self, level, s2s_out_text(&out).p);
	s2s_out_done(&out);
}
