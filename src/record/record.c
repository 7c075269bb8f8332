/* SPDX-License-Identifier: MIT */
#include "record/record.h"

#include "base/attr.h"
#include "record/methods.h"

#include <string.h>

#ifndef S2S_RECORD_BPF
static const char *
record_bpf_missing(const struct s2s_record *record)
{
	(void)record;
	return "this strace2seccomp was built without it (libbpf-dev was not there)";
}
#endif

/* The best first. */
static const struct s2s_method methods[] = {
#ifdef S2S_RECORD_BPF
    {"bpf", "in the kernel, at almost no cost; needs root", record_bpf_unfit,
     record_bpf},
#else
    {"bpf", "in the kernel, at almost no cost; needs root", record_bpf_missing, NULL},
#endif
};

const struct s2s_method *
s2s_methods(size_t *ret_n)
{
	*ret_n = S2S_ARRAY_SIZE(methods);
	return methods;
}

/* The first that can be tried, and why not a better one. */
static const struct s2s_method *
choose(const struct s2s_record *record)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(methods); i++) {
		const char *unfit = methods[i].unfit(record);

		if (!unfit) {
			s2s_log(record->log, S2S_LOG_INFO, "method: %s",
				methods[i].name);
			return &methods[i];
		}
		s2s_log(record->log, S2S_LOG_WARNING, "not by --method=%s: %s",
			methods[i].name, unfit);
	}
	s2s_log(record->log, S2S_LOG_ERROR, "there is no method that works here");
	return NULL;
}

static const struct s2s_method *
find(const char *name)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(methods); i++)
		if (strcmp(methods[i].name, name) == 0)
			return &methods[i];
	return NULL;
}

enum s2s_status
s2s_record(const struct s2s_record *record, struct s2s_call_sink to,
	   struct s2s_recorded *ret)
{
	bool any = !record->method || strcmp(record->method, "auto") == 0;
	const struct s2s_method *method = any ? NULL : find(record->method);
	const char *unfit;

	*ret = (struct s2s_recorded){0};
	if (!any && !method) {
		s2s_log(record->log, S2S_LOG_ERROR, "--method: no such method: %s",
			record->method);
		return S2S_USAGE;
	}
	if (any)
		method = choose(record);
	if (!method)
		return S2S_SYSTEM;
	unfit = any ? NULL : method->unfit(record);
	if (unfit) {
		s2s_log(record->log, S2S_LOG_ERROR, "--method=%s: %s", method->name,
			unfit);
		return S2S_SYSTEM;
	}
	return method->run(record, to, ret);
}
