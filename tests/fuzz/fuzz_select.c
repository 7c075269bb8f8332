/* SPDX-License-Identifier: MIT */
/* Any question in the first line, any log behind it. What is picked out of a log is in
   the whole, and its policy allows no more; the parts of a log that is split make up
   the whole. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { QUESTION = 200 };

static const char *const *
list_if(bool asked, const char *const *list)
{
	return asked ? list : NULL;
}

static struct s2s_bytes
profile_of(struct s2s_trace *trace)
{
	struct s2s_generate_options opts = {.format = "profile"};
	struct s2s_bytes ret = {0};

	check(s2s_generate(trace, &opts, &ret, NULL) == S2S_OK);
	return ret;
}

/* Each call of the part, but for its counts, is one of the whole. */
static void
check_within(struct s2s_bytes part, struct s2s_bytes whole)
{
	const char *line = part.p;

	for (const char *end; (end = strchr(line, '\n')); line = end + 1) {
		const char *call = line + strspn(line, " 0123456789");
		const char *to = memchr(call, ')', (size_t)(end - call));

		if (*line != '#' && to)
			check(memmem(whole.p, whole.n, call, (size_t)(to - call)));
	}
}

static void
choose(uint32_t by, struct s2s_trace_options *opts, const char *const *list)
{
	opts->select = (struct s2s_selection){
	    .pid = list_if(by % 8 == 0, list),
	    .thread = list_if(by % 8 == 1, list),
	    .comm = list_if(by % 8 == 2, list),
	    .exe = list_if(by % 8 == 3, list),
	    .children_of = list_if(by % 8 == 4, list),
	    .from = list_if(by % 8 == 5, list),
	    .until = list_if(by % 8 == 6, list),
	    .split = by % 8 != 7 ? NULL
		     : by & 8    ? "exe"
				 : "comm",
	};
}

static void
check_parts(struct s2s_trace *trace)
{
	for (size_t i = 0; i < s2s_trace_parts(trace); i++) {
		struct s2s_generate_options opts = {.format = "bpf"};
		struct s2s_bytes policy = {0};
		struct s2s_part part;

		s2s_trace_part(trace, i, &part);
		check(part.name[0] &&
		      part.name[strspn(part.name, "abcdefghijklmnopqrstuvwxyz"
						  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
						  "0123456789_.-")] == '\0');
		check(s2s_generate_part(trace, i, &opts, &policy) != S2S_INTERNAL);
		s2s_bytes_free(&policy);
	}
}

static void
select_part(const char *question, uint32_t by, const uint8_t *log, size_t n,
	    struct s2s_trace *whole)
{
	const char *const list[] = {question, NULL};
	struct s2s_trace_options opts = {.tolerance = S2S_LENIENT};
	struct s2s_trace *trace;

	choose(by, &opts, list);
	trace = s2s_trace_new(&opts); /* NULL: the question cannot be understood */
	s2s_trace_free(trace);
	if (!trace)
		return;
	if (fuzz_trace(log, n, &opts, &trace) == S2S_OK) {
		struct s2s_bytes all = profile_of(whole);

		if (opts.select.split) {
			check_parts(trace);
		} else {
			struct s2s_bytes part = profile_of(trace);

			check_within(part, all);
			s2s_bytes_free(&part);
		}
		s2s_bytes_free(&all);
	}
	s2s_trace_free(trace);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct s2s_trace_options opts = {.tolerance = S2S_LENIENT};
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	char question[QUESTION] = "";
	struct s2s_trace *whole;

	if (!end || end - data < 2 || end - data >= QUESTION)
		return -1;
	memcpy(question, data + 1, (size_t)(end - data) - 1);
	size -= (size_t)(end + 1 - data);
	if (fuzz_trace(end + 1, size, &opts, &whole) == S2S_OK)
		select_part(question, data[0], end + 1, size, whole);
	s2s_trace_free(whole);
	return 0;
}
