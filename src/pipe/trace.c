/* SPDX-License-Identifier: MIT */
/* Wires read -> parse -> bind -> tree, and counts what went through. */
#include "pipe/trace.h"

#include "base/arena.h"
#include "read/read.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct s2s_limits
limits_of(const struct s2s_limits *asked)
{
	struct s2s_limits limits = s2s_limits_default;

	if (!asked)
		return limits;
#define SET(member)        \
	if (asked->member) \
		limits.member = asked->member;
	SET(line)
	SET(nesting)
	SET(distinct)
	SET(pending)
	SET(epochs)
	SET(pending_text)
#undef SET
	return limits;
}

bool
s2s_arch_asked(const char *name, const struct s2s_log *log, enum s2s_arch *ret)
{
	static const char names[] =
#define X(id, name, audit, scmp, bits) " " #name
	    S2S_ARCHES(X);
#undef X

	*ret = S2S_ARCH_X86_64;
	if (!name || s2s_arch_find(sv_from(name), ret))
		return true;
	s2s_log(log, S2S_LOG_ERROR, "--arch=%s: there are only%s", name, names);
	return false;
}

/* Puts the selection around bind, if there is one. */
static bool
take_selection(struct s2s_trace *trace, const struct s2s_selection *wanted)
{
	if (!s2s_select_is_wanted(wanted) || trace->write_calls)
		return true;
	trace->select = s2s_select_new(wanted, &trace->limits, &trace->atoms,
				       &trace->diag, trace->grown);
	if (!trace->select)
		return false;
	trace->bound = s2s_select_events(trace->select, trace->bound);
	trace->grown = s2s_select_calls(trace->select);
	return true;
}

/* Whether lines may only be counted: nobody is to hear of each call. */
static bool
may_skim(const struct s2s_trace *trace)
{
	bool said = trace->log && trace->log->fn && trace->log->level <= S2S_LOG_TRACE;

	return !trace->write_calls && !trace->select && !said;
}

static void
skim(struct s2s_trace *trace)
{
	struct s2s_skim_user user = s2s_repeat_user(trace);

	trace->skim =
	    s2s_skim_new(&trace->limits, &user, s2s_parser_sink(trace->parser));
}

static bool
input_of(const char *name, const struct s2s_log *log, enum s2s_input_kind *ret)
{
	*ret = S2S_INPUT_UNKNOWN;
	if (!name)
		return true;
#define X(id, text, help)            \
	if (strcmp(name, text) == 0) \
		*ret = S2S_INPUT_##id;
	S2S_INPUT_KINDS(X)
#undef X
	if (*ret == S2S_INPUT_UNKNOWN)
		s2s_log(log, S2S_LOG_ERROR, "--input=%s: no such kind of input", name);
	return *ret != S2S_INPUT_UNKNOWN;
}

/* That this process may use. */
static unsigned
processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set)
							   : 1;
}

static bool
may_be(enum s2s_arch arch, struct s2s_sv name, int64_t nr)
{
	const struct s2s_syscall *sc = s2s_syscall_by_name(arch, name);

	if (!sc)
		s2s_syscall_through(arch, name, &sc);
	return sc && (nr < 0 || sc->nr == nr);
}

static enum s2s_telling
tell_mode(struct s2s_sv name, int64_t nr)
{
	bool is_64 = may_be(S2S_ARCH_X86_64, name, nr);
	bool is_32 = may_be(S2S_ARCH_I386, name, nr);

	if (is_64 == is_32)
		return S2S_TELLS_NOTHING;
	return is_32 ? S2S_TELLS_32 : S2S_TELLS_NATIVE;
}

struct s2s_trace *
s2s_trace_new(const struct s2s_trace_options *opts)
{
	static const struct s2s_trace_options defaults;
	struct s2s_trace *trace;
	enum s2s_input_kind input;
	enum s2s_arch arch;

	if (!opts)
		opts = &defaults;
	if (!s2s_arch_asked(opts->arch, opts->log, &arch) ||
	    !input_of(opts->input, opts->log, &input))
		return NULL;
	trace = s2s_realloc(NULL, 1, sizeof *trace);
	*trace = (struct s2s_trace){
	    .log = opts->log,
	    .limits = limits_of(opts->limits),
	    .diag = {.log = opts->log, .tolerance = opts->tolerance},
	    .write_calls = opts->write_calls,
	    .jobs = opts->jobs ? opts->jobs : processors(),
	    .calls_name = opts->calls_name ? opts->calls_name : "output",
	    .pid = -1,
	    .input_fd = opts->input_fd,
	    .input_self = opts->input_self,
	    .progress = opts->progress,
	    .progress_self = opts->progress_self,
	};
	s2s_out_fd(&trace->calls, opts->calls_fd);
	s2s_out_memory(&trace->exec);
	s2s_json_writer_init(&trace->json, &trace->calls);
	trace->tree = s2s_tree_new(&trace->atoms, &trace->limits);
	trace->grown = s2s_tree_sink(trace->tree);
	trace->binder = s2s_binder_new(&trace->diag, arch, s2s_keep_sink(trace));
	trace->bound = s2s_binder_sink(trace->binder);
	if (!take_selection(trace, &opts->select)) {
		s2s_trace_free(trace);
		return NULL;
	}
	trace->parser = s2s_parser_new(&trace->diag, &trace->limits, &trace->atoms,
				       s2s_run_sink(trace));
	if (may_skim(trace))
		skim(trace);
	s2s_parser_force(trace->parser, input);
	if (arch == S2S_ARCH_X86_64)
		s2s_parser_infer(trace->parser, tell_mode);
	return trace;
}

void
s2s_trace_free(struct s2s_trace *trace)
{
	if (!trace)
		return;
	s2s_skim_free(trace->skim);
	s2s_parser_free(trace->parser);
	s2s_binder_free(trace->binder);
	s2s_select_free(trace->select);
	s2s_tree_free(trace->tree);
	s2s_json_writer_done(&trace->json);
	s2s_out_done(&trace->calls);
	s2s_out_done(&trace->exec);
	s2s_atoms_done(&trace->atoms);
	free(trace);
}

void
s2s_say_errno(const struct s2s_log *log, const char *name, int error)
{
	const char *text = strerrordesc_np(error);
	struct s2s_out out;

	s2s_out_memory(&out);
	s2s_out_escaped(&out, sv_from(name));
	s2s_log(log, S2S_LOG_ERROR, "%.*s: %s", (int)out.n, out.p,
		text ? text : "unknown error");
	s2s_out_done(&out);
}

static void
report_progress(void *self, uint64_t done, uint64_t total)
{
	struct s2s_trace *trace = self;

	(void)total;
	if (trace->progress)
		trace->progress(trace->progress_self, trace->done + done, trace->total);
}

static void
say_limit(const struct s2s_trace *trace, const char *name)
{
	struct s2s_out out;

	s2s_out_memory(&out);
	s2s_out_escaped(&out, sv_from(name));
	s2s_log(
	    trace->log, S2S_LOG_ERROR,
	    "%.*s: more than %zu distinct calls, the limit that --max-distinct sets",
	    (int)out.n, out.p, trace->limits.distinct);
	s2s_out_done(&out);
}

static enum s2s_status
read_one(struct s2s_trace *trace, int fd, const char *name)
{
	struct s2s_read_options opts = {
	    .limits = &trace->limits,
	    .progress = report_progress,
	    .progress_self = trace,
	    .jobs = trace->jobs,
	};
	s2s_atom atom = s2s_atom_intern(&trace->atoms, sv_from(name));
	const char *kept = s2s_atom_text(&trace->atoms, atom).p;
	enum s2s_status status;
	struct stat st;

	errno = 0;
	status = s2s_read_fd(fd, kept, &opts,
			     trace->skim ? s2s_skim_sink(trace->skim)
					 : s2s_parser_sink(trace->parser));
	if (status == S2S_IO && trace->calls.status == S2S_OK)
		s2s_say_errno(trace->log, name, errno);
	if (status == S2S_LIMIT &&
	    s2s_tree_leaves(trace->tree) >= trace->limits.distinct)
		say_limit(trace, name);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		trace->done += (uint64_t)st.st_size;
	return status;
}

static uint64_t
calls_so_far(const struct s2s_trace *trace)
{
	return s2s_binder_counts(trace->binder)->calls;
}

/* A run without a call is an input of another kind, or a recording that failed; where
   its lines were malformed, that has been said. A profile may say that there was none
   (`run` writes it where nothing was stopped). */
static enum s2s_status
check_not_empty(struct s2s_trace *trace, const char *name, uint64_t calls,
		uint64_t errors)
{
	s2s_atom atom = s2s_atom_intern(&trace->atoms, sv_from(name));
	struct s2s_place place = {.file = s2s_atom_text(&trace->atoms, atom).p};
	const char *seems;
	enum s2s_status status;

	if (calls_so_far(trace) > calls || trace->diag.errors > errors ||
	    s2s_parser_kind(trace->parser) == S2S_INPUT_PROFILE)
		return S2S_OK;
	seems = s2s_parser_seems(trace->parser, &place.line);
	if (!seems)
		place.line = 0;
	status = s2s_diag_report(&trace->diag, S2S_DIAG_NO_CALLS, place, SV(""),
				 seems ? "no system call was understood; without "
					 "--input this is read as %s"
				       : NULL,
				 seems);
	return status == S2S_OK ? S2S_OK : S2S_EMPTY;
}

enum s2s_status
s2s_trace_add_fd(struct s2s_trace *trace, int fd, const char *name)
{
	uint64_t calls = calls_so_far(trace), errors = trace->diag.errors;

	if (trace->select)
		s2s_select_begin(trace->select, true);
	TRY(read_one(trace, fd, name));
	return check_not_empty(trace, name, calls, errors);
}

static enum s2s_status
read_path(struct s2s_trace *trace, const char *path)
{
	bool borrowed = trace->input_fd || strcmp(path, "-") == 0;
	enum s2s_status status;
	int fd;

	if (trace->input_fd)
		fd = trace->input_fd(trace->input_self, path);
	else if (borrowed)
		fd = STDIN_FILENO;
	else
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		s2s_say_errno(trace->log, path, errno);
		return S2S_IO;
	}
	status = read_one(trace, fd, path);
	if (!borrowed)
		close(fd);
	return status;
}

static enum s2s_status
read_run(struct s2s_trace *trace, const struct s2s_input *inputs, size_t n)
{
	uint64_t calls = calls_so_far(trace), errors = trace->diag.errors;

	s2s_out_done(&trace->exec);
	s2s_out_memory(&trace->exec);
	if (trace->select)
		s2s_select_begin(trace->select, n == 1);
	for (size_t i = 0; i < n; i++) {
		trace->at_start = true;
		trace->first_file = i == 0;
		trace->pid = inputs[i].pid;
		s2s_parser_named(trace->parser, trace->pid);
		trace->run_open = i + 1 < n;
		TRY(read_path(trace, inputs[i].path));
	}
	trace->pid = -1;
	return check_not_empty(trace, inputs[0].path, calls, errors);
}

static void
add_up(struct s2s_trace *trace, const char *const *paths, size_t n)
{
	struct stat st;

	for (size_t i = 0; i < n; i++)
		if (stat(paths[i], &st) == 0 && S_ISREG(st.st_mode))
			trace->total += (uint64_t)st.st_size;
}

static void
free_inputs(struct s2s_input **inputs)
{
	free(*inputs);
}

enum s2s_status
s2s_trace_add_files(struct s2s_trace *trace, const char *const *paths, size_t n)
{
	S2S_CLEANUP(free_inputs) struct s2s_input *inputs = s2s_inputs(paths, n);

	if (!trace->input_fd)
		add_up(trace, paths, n);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && inputs[end].run == inputs[i].run;)
			end++;
		TRY(read_run(trace, inputs + i, end - i));
	}
	return S2S_OK;
}

static void
account(const struct s2s_trace *trace)
{
	const struct s2s_parse_counts *p = s2s_parser_counts(trace->parser);
	const struct s2s_bind_counts *b = s2s_binder_counts(trace->binder);

	s2s_log(trace->log, S2S_LOG_INFO,
		"%" PRIu64 " lines: %" PRIu64 " calls (%" PRIu64 " joined, %" PRIu64
		" never resumed), %" PRIu64 " signals, %" PRIu64 " exits, %" PRIu64
		" notes, %" PRIu64 " blank, %" PRIu64 " with output, %" PRIu64
		" skipped; %" PRIu64 " calls without a number skipped; %" PRIu64
		" arguments, %" PRIu64 " unknown (%" PRIu64
		" of an unknown constant, %" PRIu64 " of a selector)",
		p->lines, p->calls, p->joined, p->unfinished, p->signals, p->exits,
		p->notes, p->blank, p->output, p->skipped, b->unknown_calls, b->args,
		b->unknown_args, b->unknown_symbols, b->unknown_selectors);
}

enum s2s_status
s2s_trace_end(struct s2s_trace *trace)
{
	enum s2s_status status = s2s_diag_end(&trace->diag);

	account(trace);
	if (trace->diag.tolerance == S2S_LENIENT && trace->diag.errors)
		s2s_log(trace->log, S2S_LOG_WARNING,
			"%" PRIu64 " malformed places were skipped",
			trace->diag.errors);
	if (trace->write_calls && s2s_out_end(&trace->calls) != S2S_OK) {
		s2s_say_errno(trace->log, trace->calls_name, trace->calls.error);
		return S2S_IO;
	}
	if (status == S2S_OK && calls_so_far(trace) == 0) {
		s2s_log(trace->log, S2S_LOG_ERROR, "no system call was understood");
		return S2S_EMPTY;
	}
	if (status == S2S_OK && trace->select)
		status = s2s_select_end(trace->select);
	return status;
}
