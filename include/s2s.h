/* SPDX-License-Identifier: MIT */
/* strace2seccomp as a library: learn a seccomp policy from logs, write it, prove it.

   Logs and profiles are read into a trace; a trace gives a policy in one of the
   formats, or is held against a filter that somebody else made:

	struct s2s_trace_options input = {.log = &log};
	struct s2s_generate_options output = {.format = "bpf"};
	const char *logs[] = {"app.strace"};
	struct s2s_trace *trace = s2s_trace_new(&input);
	struct s2s_bytes policy = {0};

	if (s2s_trace_add_files(trace, logs, 1) == S2S_OK &&
	    s2s_trace_end(trace) == S2S_OK &&
	    s2s_generate(trace, &output, &policy, NULL) == S2S_OK)
		fwrite(policy.p, 1, policy.n, stdout);
	s2s_bytes_free(&policy);
	s2s_trace_free(trace);

   There is no global state: a trace is used by one thread at a time, several traces by
   several threads. Nothing is printed; what is to be said goes to the log's callback
   before a function returns, so that a caller needs the status only. A member of an
   options struct that is zero means the default. When memory runs out, which is no
   result of a function, the process ends with status 4 and a line on standard error. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define S2S_PUBLIC __attribute__((visibility("default")))

/* id, exit status of the command, sentence */
#define S2S_STATUSES(X)                          \
	X(OK, 0, "success")                      \
	X(NO, 1, "the answer is no")             \
	X(USAGE, 2, "wrong usage")               \
	X(SYNTAX, 3, "malformed input")          \
	X(LIMIT, 3, "input exceeds a set limit") \
	X(EMPTY, 3, "no call was understood")    \
	X(IO, 4, "input or output error")        \
	X(SYSTEM, 4, "the system refused")       \
	X(INTERNAL, 4, "internal check failed")

enum s2s_status {
#define X(id, exit, text) S2S_##id,
	S2S_STATUSES(X)
#undef X
};

/* The sentence of a status. Static. */
S2S_PUBLIC const char *s2s_status_text(enum s2s_status status);

/* The exit status of a command that ends with it: 0 done, 1 the answer is no, 2 wrong
   usage, 3 malformed input, 4 the system refused. */
S2S_PUBLIC int s2s_status_exit(enum s2s_status status);

/* The version of the library, "0.1.0". Static. */
S2S_PUBLIC const char *s2s_version(void);

/* ---- messages ---- */

#define S2S_LEVELS_OF_LOG(X) \
	X(TRACE, "trace")    \
	X(DEBUG, "debug") X(INFO, "info") X(WARNING, "warning") X(ERROR, "error")

enum s2s_log_level {
#define X(id, text) S2S_LOG_##id,
	S2S_LEVELS_OF_LOG(X)
#undef X
};

/* `text` is one whole message, its level and place in front, without a newline at the
   end: "app.strace:3:7: error: malformed line". Some have several lines. Text that came
   from an input is escaped. Valid during the call only. */
typedef void s2s_log_fn(void *self, enum s2s_log_level level, const char *text);

struct s2s_log {
	enum s2s_log_level level; /* messages below are not even formatted */
	s2s_log_fn *fn;           /* NULL: silent */
	void *self;
};

/* ---- reading ---- */

/* What to do about imperfect input. */
enum s2s_tolerance {
	S2S_FIRST_ERROR, /* the first malformed line ends the run */
	S2S_ALL_ERRORS,  /* report every one, then fail */
	S2S_LENIENT,     /* skip, count, warn */
};

/* A log is hostile: what it may cost. Zero means the default. */
struct s2s_limits {
	size_t line;      /* bytes of one line; 16 MiB */
	unsigned nesting; /* brackets inside one argument; 256 */
	size_t distinct;  /* calls in the tree; 4 Mi */
	size_t pending;   /* unfinished calls that wait for their other half; 64 Ki */
	size_t epochs;    /* processes and what they became, in one run; 1 Mi */
	size_t pending_text; /* bytes that all of them hold; 64 MiB */
};

/* A part of a trace. Lists end with NULL; NULL and the empty list ask for nothing.
   Names of one list are alternatives, of several lists all must hold. A mark is "CALL"
   or "CALL(\"TEXT\")", see strace2seccomp(1). */
struct s2s_selection {
	const char *const *pid;         /* a process with all its threads */
	const char *const *thread;      /* one thread */
	const char *const *comm;        /* while it is called that */
	const char *const *exe;         /* while it runs that: path or base name */
	const char *const *children_of; /* what a process started, and so on */
	const char *const *from;        /* from this mark on */
	const char *const *until;       /* up to this mark */
	const char *split;              /* "exe", "comm": s2s_trace_parts() */
};

struct s2s_trace_options {
	const struct s2s_log *log;       /* borrowed as long as the trace lives */
	const struct s2s_limits *limits; /* copied */
	enum s2s_tolerance tolerance;
	const char *arch; /* of a log that does not say; NULL: x86_64 */
	/* What all inputs are: "strace", "summary", "audit", "profile"; NULL: each is
	   recognised by its content. */
	const char *input;
	/* Only these calls get into the trace: S2S_EMPTY from s2s_trace_end() where a
	   part of what is asked for is not there. Does not go with write_calls. */
	struct s2s_selection select;
	/* Every call as a JSON object on a line of its own is written to calls_fd. */
	bool write_calls;
	int calls_fd;           /* borrowed */
	const char *calls_name; /* what messages call it; NULL: "output" */
	unsigned jobs; /* threads; 0: as many as processors. The result is the same. */
	/* For who must open files before: a descriptor to read a path from, borrowed,
	   or -1 and errno. Asked for each when its turn comes, "-" and the profiles of
	   s2s_generate() included; NULL: the trace opens them itself. */
	int (*input_fd)(void *self, const char *path);
	void *input_self;
	/* Called now and then with the bytes read so far and, where known, all there
	   are (else 0). */
	void (*progress)(void *self, uint64_t done, uint64_t total);
	void *progress_self;
};

/* What was seen: the distinct calls of all inputs, counted. */
struct s2s_trace;

/* A new, empty trace; NULL where opts->arch is no architecture that we know,
   opts->input no kind of input, or a mark or number of opts->select is none (that is
   said). opts may be NULL. s2s_trace_free() ends its life. */
S2S_PUBLIC struct s2s_trace *s2s_trace_new(const struct s2s_trace_options *opts);
S2S_PUBLIC void s2s_trace_free(struct s2s_trace *trace);

/* Reads logs, summaries and profiles, each recognised by its content; "-" is standard
   input. A file is one run, but files whose names differ only in a number behind the
   last dot (strace -ff) are one run together. S2S_IO where a file cannot be read,
   S2S_SYNTAX where it is malformed (unless lenient or told to go on), S2S_LIMIT where
   it costs too much, S2S_EMPTY where a run holds no call (unless lenient). After a
   failure the trace is only to be freed. */
S2S_PUBLIC enum s2s_status s2s_trace_add_files(struct s2s_trace *trace,
					       const char *const *paths, size_t n);

/* The same for one run from an open descriptor, which stays open; `name` is what
   messages call it. */
S2S_PUBLIC enum s2s_status s2s_trace_add_fd(struct s2s_trace *trace, int fd,
					    const char *name);

/* Input is over: says at level info what became of every line. To be called once,
   before the trace is used. S2S_SYNTAX where malformed lines were passed over to report
   them all, S2S_EMPTY where there was no call at all, S2S_IO where calls_fd failed. */
S2S_PUBLIC enum s2s_status s2s_trace_end(struct s2s_trace *trace);

/* ---- results ---- */

struct s2s_bytes {
	char *p; /* heap, one NUL behind the end */
	size_t n;
};

/* Frees what a function of this library gave. */
S2S_PUBLIC void s2s_bytes_free(struct s2s_bytes *bytes);

/* Lists of strings end with NULL; NULL is the empty list. Strings are as the options of
   the command take them, see strace2seccomp(1). */
struct s2s_generate_options {
	const char *format;           /* NULL: c */
	const char *level;            /* NULL: robust */
	const char *const *level_of;  /* "CALL=LEVEL", "CALL.ARG=LEVEL" */
	const char *const *allow;     /* "CALL" */
	const char *const *deny;      /* "CALL" */
	const char *const *also;      /* names of profiles */
	const char *action, *unknown; /* NULL: kill-process, errno=ENOSYS */
	const char *installed_by;     /* NULL: as suits the format */
	const char *optimize_for;     /* size or speed; NULL: speed */
	bool fit;                     /* loosen what does not fit */
	bool no_verify;               /* leave out the replay of the trace */
	bool no_implied;              /* add nothing that was not seen */
	const char *function;         /* NULL: install_policy */
	const char *header;           /* name that C source includes; NULL: none */
	bool tsync;                   /* install on all threads */
	bool keep_privs;              /* do not set no_new_privs */
	bool sigsys_handler;          /* C prints what the action trap stops */
	bool exact;                   /* refuse a format that loosens the policy */
	bool groups;                  /* systemd's groups of calls */
	const char *runtime;          /* "crun", "runc": allow what it needs itself */
};

/* Whether the options can be used at all, before time is spent on reading: S2S_USAGE
   where they name something that is not there. */
S2S_PUBLIC enum s2s_status s2s_generate_check(const struct s2s_generate_options *opts,
					      const struct s2s_log *log);

/* Makes the policy of the trace and writes it in the format; checks the filter against
   the policy, and both against the trace. *ret_header (may be NULL) gets the C header.
   Nothing is returned unless all is well: S2S_USAGE as above; S2S_SYNTAX, S2S_IO… for a
   profile of `also`; S2S_SYSTEM where the policy does not fit into what the kernel
   takes or the format cannot say it; S2S_INTERNAL where a check failed, a bug in us. */
S2S_PUBLIC enum s2s_status s2s_generate(struct s2s_trace *trace,
					const struct s2s_generate_options *opts,
					struct s2s_bytes *ret_policy,
					struct s2s_bytes *ret_header);

/* ---- a trace that is split ---- */

struct s2s_part {
	const char *what; /* image or name as the log has it, any bytes; "": not told */
	const char *name; /* letters, digits, '_', '.', '-'; of no other part */
	uint64_t processes, calls;
	size_t distinct; /* calls */
};

/* How many parts select.split made of a trace that has ended, and the i-th of them,
   sorted by `what`. Its strings live as long as the trace. */
S2S_PUBLIC size_t s2s_trace_parts(const struct s2s_trace *trace);
S2S_PUBLIC void s2s_trace_part(const struct s2s_trace *trace, size_t i,
			       struct s2s_part *ret);

/* Like s2s_generate(), of a part. The C function's name has that of the part behind
   it. */
S2S_PUBLIC enum s2s_status s2s_generate_part(struct s2s_trace *trace, size_t i,
					     const struct s2s_generate_options *opts,
					     struct s2s_bytes *ret_policy);

/* A table for people: a line for each part, with what it needs that no other does. */
S2S_PUBLIC void s2s_trace_table(const struct s2s_trace *trace, struct s2s_bytes *ret);

/* What a container engine's template of a profile (Docker's default profile) asks of
   the container and its host. */
struct s2s_host_options {
	const char *const *caps; /* "CAP_KILL"; NULL: those that Docker gives */
	const char *kernel;      /* "6.1"; NULL: newer than any that is asked for */
	const char *arch;        /* "aarch64"; NULL: x86_64 */
	const char *runtime;     /* "runc": with what it adds to a filter itself */
};

/* A policy that is made already, in another format: an OCI seccomp profile or a
   template of one in any but `profile`, classic BPF in bpf-c and bpf-text. Of opts only
   what is about the output goes with it. What the formats cannot say, and where the
   filter that a runtime loads differs from what the profile says, is logged. S2S_USAGE
   where the policy cannot be said in the format; else as s2s_generate(). */
S2S_PUBLIC enum s2s_status s2s_convert(const char *name, const void *bytes, size_t n,
				       const struct s2s_host_options *host,
				       const struct s2s_generate_options *opts,
				       const struct s2s_log *log,
				       struct s2s_bytes *ret_policy,
				       struct s2s_bytes *ret_header);

struct s2s_judge_options {
	bool undetermined_allows; /* what the log does not tell is no reason for a no */
	const char *installed_by; /* NULL: launcher */
	struct s2s_host_options host; /* of an OCI profile */
};

struct s2s_judge_counts {
	uint64_t distinct, calls; /* judged */
	uint64_t passed, passed_calls;
	uint64_t stopped, stopped_calls;
	uint64_t undetermined, undetermined_calls;
};

/* Would this filter have let this trace run? The filter is classic BPF as the kernel
   takes it or an OCI seccomp profile, recognised by its content; `name` is what
   messages call it. *ret_report gets a paragraph for each distinct call that is stopped
   or undetermined and a line that sums up; *ret_counts (may be NULL) the numbers.
   S2S_OK: yes; S2S_NO: no, both are set; S2S_SYNTAX: this is no filter; S2S_USAGE:
   installed_by is wrong. */
S2S_PUBLIC enum s2s_status s2s_judge(struct s2s_trace *trace, const char *name,
				     const void *filter, size_t n,
				     const struct s2s_judge_options *opts,
				     struct s2s_bytes *ret_report,
				     struct s2s_judge_counts *ret_counts);

/* ---- what there is to choose from ---- */

enum s2s_choice {
	S2S_CHOICE_LEVELS,
	S2S_CHOICE_FORMATS,
	S2S_CHOICE_ACTIONS,
	S2S_CHOICE_ARCHES,
	S2S_CHOICE_INPUTS,
	S2S_CHOICE_DIAGNOSTICS,
};

/* The i-th name that there is, NULL behind the last; *ret_help (may be NULL) is a
   sentence about it or "". Static. */
S2S_PUBLIC const char *s2s_choice_name(enum s2s_choice choice, size_t i,
				       const char **ret_help);

/* What the names of files in a format end with, "c"; NULL where there is no such
   format. Static. */
S2S_PUBLIC const char *s2s_format_extension(const char *format);

/* Whether a format is not for a terminal; false where there is no such format. */
S2S_PUBLIC bool s2s_format_is_binary(const char *format);

#ifdef __cplusplus
}
#endif
