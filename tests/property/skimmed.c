/* SPDX-License-Identifier: MIT */
#include "skimmed.h"

#include "pipe/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* What became of a log: all that was said, and the profile. */
struct outcome {
	struct s2s_out said;
	struct s2s_bytes profile;
	enum s2s_status read, ended;
	uint64_t skimmed;
};

static void
say(void *self, enum s2s_log_level level, const char *text)
{
	s2s_out_printf(self, "%d %s\n", level, text);
}

static void
read_log(int fd, bool skim, struct outcome *ret)
{
	struct s2s_log log = {S2S_LOG_INFO, say, &ret->said};
	struct s2s_trace_options options = {.log = &log, .tolerance = S2S_LENIENT};
	struct s2s_generate_options profile = {.format = "profile"};
	struct s2s_trace *trace = s2s_trace_new(&options);

	*ret = (struct outcome){.profile = {NULL, 0}};
	s2s_out_memory(&ret->said);
	if (!skim) {
		s2s_skim_free(trace->skim);
		trace->skim = NULL;
	}
	lseek(fd, 0, SEEK_SET);
	ret->read = s2s_trace_add_fd(trace, fd, "log");
	ret->ended = s2s_trace_end(trace);
	s2s_generate(trace, &profile, &ret->profile, NULL);
	if (skim)
		ret->skimmed = s2s_skim_lines(trace->skim);
	s2s_trace_free(trace);
}

static void
outcome_done(struct outcome *outcome)
{
	s2s_out_done(&outcome->said);
	s2s_bytes_free(&outcome->profile);
}

static bool
is_same(struct s2s_sv a, struct s2s_sv b, const char *what)
{
	if (sv_equal(a, b))
		return true;
	fprintf(stderr, "%s differ; plain:\n%.*s\nskimmed:\n%.*s\n", what, (int)a.n,
		a.p, (int)b.n, b.p);
	return false;
}

uint64_t
check_skimmed(const char *text, size_t n)
{
	int fd = memfd_create("log", MFD_CLOEXEC);
	struct outcome plain, skimmed;
	bool same;

	if (fd < 0 || write(fd, text, n) != (ssize_t)n) {
		perror("memfd");
		exit(1);
	}
	read_log(fd, false, &plain);
	read_log(fd, true, &skimmed);
	close(fd);
	same = plain.read == skimmed.read && plain.ended == skimmed.ended;
	same &=
	    is_same(s2s_out_text(&plain.said), s2s_out_text(&skimmed.said), "messages");
	same &=
	    is_same((struct s2s_sv){plain.profile.p, plain.profile.n},
		    (struct s2s_sv){skimmed.profile.p, skimmed.profile.n}, "profiles");
	outcome_done(&plain);
	outcome_done(&skimmed);
	if (!same) {
		fprintf(stderr, "the log:\n%.*s\n", (int)n, text);
		abort();
	}
	return skimmed.skimmed;
}
