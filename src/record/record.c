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
	return "this strace2seccomp was built without it (it takes x86_64 and "
	       "linux/bpf.h)";
}
#endif

struct method {
	const char *name;
	/* NULL where it can be tried here, else why not; static. */
	const char *(*unfit)(const struct s2s_record *record);
	enum s2s_status (*run)(const struct s2s_record *record, struct s2s_call_sink to,
			       struct s2s_recorded *ret);
};

/* The best first. */
static const struct method methods[] = {
#ifdef S2S_RECORD_BPF
    {"bpf", record_bpf_unfit, record_bpf},
#else
    {"bpf", record_bpf_missing, NULL},
#endif
    {"notify", record_notify_unfit, record_notify},
    {"strace", record_strace_unfit, record_strace},
};

static const struct method *
find(const char *name)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(methods); i++)
		if (strcmp(methods[i].name, name) == 0)
			return &methods[i];
	return NULL;
}

/* The first that works. What is not the best is said, and why it is not. */
static enum s2s_status
try_all(const struct s2s_record *record, struct s2s_call_sink to,
	struct s2s_recorded *ret)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(methods); i++) {
		const char *unfit = methods[i].unfit(record);
		enum s2s_status status;

		if (unfit) {
			s2s_log(record->log, S2S_LOG_WARNING, "not by --method=%s: %s",
				methods[i].name, unfit);
			continue;
		}
		s2s_log(record->log, i ? S2S_LOG_WARNING : S2S_LOG_INFO,
			"recording by --method=%s", methods[i].name);
		*ret = (struct s2s_recorded){0};
		status = methods[i].run(record, to, ret);
		if (!ret->refused)
			return status;
	}
	s2s_log(record->log, S2S_LOG_ERROR, "there is no method that works here");
	return S2S_SYSTEM;
}

enum s2s_status
s2s_record(const struct s2s_record *record, struct s2s_call_sink to,
	   struct s2s_recorded *ret)
{
	const struct method *method;
	const char *unfit;

	*ret = (struct s2s_recorded){0};
	if (!record->method || strcmp(record->method, "auto") == 0)
		return try_all(record, to, ret);
	method = find(record->method);
	if (!method) {
		s2s_log(record->log, S2S_LOG_ERROR, "--method: no such method: %s",
			record->method);
		return S2S_USAGE;
	}
	unfit = method->unfit(record);
	if (unfit) {
		s2s_log(record->log, S2S_LOG_ERROR, "--method=%s: %s", method->name,
			unfit);
		return S2S_SYSTEM;
	}
	return method->run(record, to, ret);
}
