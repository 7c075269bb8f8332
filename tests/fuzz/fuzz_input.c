/* SPDX-License-Identifier: MIT */
/* Any bytes as an input of the kind INPUT, or as whatever they look like, all the way:
   what `parse` writes is JSON, a profile is read back as it is, what `generate` writes
   passes its own checks, in every format and at every level. */
#include "fuzz.h"

#include <json-c/json.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef INPUT
#define INPUT NULL
#endif
static const char *const input = INPUT;

static void
check_json(struct s2s_bytes text)
{
	const char *line = text.p;

	for (const char *end; (end = strchr(line, '\n')); line = end + 1) {
		struct json_tokener *tok = json_tokener_new();
		struct json_object *object;

		json_tokener_set_flags(tok, JSON_TOKENER_STRICT |
						JSON_TOKENER_VALIDATE_UTF8);
		object = json_tokener_parse_ex(tok, line, (int)(end - line));
		check(json_object_get_type(object) == json_type_object);
		check(json_tokener_get_parse_end(tok) == (size_t)(end - line));
		json_object_put(object);
		json_tokener_free(tok);
	}
	check(line == text.p + text.n);
}

static void
parse(const uint8_t *data, size_t size)
{
	struct s2s_trace_options opts = {
	    .tolerance = S2S_LENIENT,
	    .input = input,
	    .write_calls = true,
	    .calls_fd = memfd_create("calls", MFD_CLOEXEC),
	};
	struct s2s_trace *trace;
	struct s2s_bytes calls;

	check(opts.calls_fd >= 0);
	check(fuzz_trace(data, size, &opts, &trace) != S2S_IO);
	s2s_trace_free(trace);
	calls = fuzz_contents(opts.calls_fd);
	close(opts.calls_fd);
	check_json(calls);
	s2s_bytes_free(&calls);
}

/* Empty where the bytes are no input. */
static struct s2s_bytes
profile_of(const void *p, size_t n, const char *kind)
{
	struct s2s_trace_options read = {.tolerance = S2S_LENIENT, .input = kind};
	struct s2s_generate_options opts = {.format = "profile"};
	struct s2s_bytes profile = {0};
	struct s2s_trace *trace;

	if (fuzz_trace(p, n, &read, &trace) == S2S_OK)
		check(s2s_generate(trace, &opts, &profile, NULL) == S2S_OK);
	s2s_trace_free(trace);
	return profile;
}

static void
round_trip(const uint8_t *data, size_t size)
{
	struct s2s_bytes once = profile_of(data, size, input), twice = {0};

	if (once.n) {
		twice = profile_of(once.p, once.n, NULL);
		check(twice.n == once.n && memcmp(twice.p, once.p, once.n) == 0);
	}
	s2s_bytes_free(&once);
	s2s_bytes_free(&twice);
}

static size_t
choices(enum s2s_choice choice)
{
	size_t n = 0;

	while (s2s_choice_name(choice, n, NULL))
		n++;
	return n;
}

static const char *
choose(enum s2s_choice choice, uint32_t by)
{
	return s2s_choice_name(choice, by % choices(choice), NULL);
}

/* What a policy or a format cannot say is refused; a check that fails is a bug. */
static void
generate(const uint8_t *data, size_t size)
{
	uint32_t by = fuzz_hash(data, size) >> 3;
	struct s2s_trace_options read = {.tolerance = S2S_ALL_ERRORS, .input = input};
	struct s2s_generate_options opts = {
	    .format = choose(S2S_CHOICE_FORMATS, by),
	    .level = choose(S2S_CHOICE_LEVELS, by >> 8),
	    .installed_by = by >> 16 & 1 ? "launcher" : "program",
	    .fit = by >> 17 & 1,
	    .no_implied = by >> 18 & 1,
	    .optimize_for = by >> 19 & 1 ? "size" : "speed",
	};
	struct s2s_bytes policy = {0};
	struct s2s_trace *trace;
	enum s2s_status status;

	if (fuzz_trace(data, size, &read, &trace) == S2S_OK) {
		status = s2s_generate(trace, &opts, &policy, NULL);
		check(status != S2S_INTERNAL && status != S2S_IO);
		check((status == S2S_OK) == (policy.p != NULL));
	}
	s2s_bytes_free(&policy);
	s2s_trace_free(trace);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	parse(data, size);
	round_trip(data, size);
	if (!input || fuzz_hash(data, size) % 8 == 0) /* slow */
		generate(data, size);
	return 0;
}
