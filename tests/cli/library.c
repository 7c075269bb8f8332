/* SPDX-License-Identifier: MIT */
/* The library as somebody else uses it: built against what is installed. */
#include <s2s.h>
#include <stdio.h>
#include <string.h>

static void
say(void *self, enum s2s_log_level level, const char *text)
{
	(void)self;
	(void)level;
	fprintf(stderr, "%s\n", text);
}

static int
judge(struct s2s_trace *trace, const struct s2s_bytes *filter)
{
	struct s2s_judge_options opts = {0};
	struct s2s_judge_counts counts = {0};
	struct s2s_bytes report = {0};
	enum s2s_status status =
	    s2s_judge(trace, "filter", filter->p, filter->n, &opts, &report, &counts);

	fwrite(report.p, 1, report.n, stdout);
	s2s_bytes_free(&report);
	return status == S2S_OK && counts.passed == counts.distinct ? 0 : 1;
}

static int
run(struct s2s_trace *trace, const char *path)
{
	struct s2s_generate_options opts = {.format = "bpf"};
	struct s2s_bytes filter = {0};
	int failed = 1;

	if (s2s_trace_add_files(trace, &path, 1) == S2S_OK &&
	    s2s_trace_end(trace) == S2S_OK &&
	    s2s_generate(trace, &opts, &filter, NULL) == S2S_OK)
		failed = judge(trace, &filter);
	s2s_bytes_free(&filter);
	return failed;
}

int
main(int argc, char **argv)
{
	struct s2s_log log = {S2S_LOG_WARNING, say, NULL};
	struct s2s_trace_options opts = {.log = &log};
	struct s2s_trace *trace = s2s_trace_new(&opts);
	int failed = argc < 2 || strcmp(s2s_version(), "") == 0;

	if (!failed)
		failed = run(trace, argv[1]);
	s2s_trace_free(trace);
	return failed;
}
