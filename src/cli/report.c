/* SPDX-License-Identifier: MIT */
#include "cli/report.h"

#include "base/arena.h"
#include "base/limits.h"
#include "cli/output.h"
#include "format/format.h"
#include "verify/verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NAMELESS_MAX = 256 };

/* "nginx[812]" or "nginx[812], thread 815" */
static void
put_process(struct s2s_out *out, const struct s2s_stopped *stopped)
{
	pid_t pid = s2s_process_of(stopped->tid);
	char path[64], name[64] = "?";
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/comm", (int)stopped->tid);
	f = fopen(path, "re");
	if (f && fgets(name, sizeof name, f))
		name[strcspn(name, "\n")] = '\0';
	if (f)
		fclose(f);
	s2s_out_escaped(out, sv_from(name));
	s2s_out_printf(out, "[%d]", (int)pid);
	if (pid != stopped->tid)
		s2s_out_printf(out, ", thread %d", (int)stopped->tid);
}

static void
put_stopped(struct s2s_out *out, const struct cli_report *report,
	    const struct s2s_stopped *stopped, const struct s2s_call *call)
{
	struct s2s_verify_input in = {.filters = report->filters, .n = report->n};

	put_process(out, stopped);
	s2s_out_printf(out, ": %s: ", report->verb);
	cli_put_call(out, call, stopped);
	s2s_out_char(out, '\n');
	s2s_verify_explain(&in, call, stopped->verdict, out);
}

/* A line of a log says nothing of the entry, and --allow is for those of the logs,
   which are of this machine's own. An exec that a log begins with is the launcher's. */
static void
put_advice(struct s2s_out *out, const struct s2s_syscall *sc)
{
	bool exec = sv_starts(sv_from(sc->name), SV("execve"));

	if (sc->arch == S2S_ARCH_NATIVE)
		s2s_out_printf(
		    out, "    to allow it: generate with --allow=%s, or with %s",
		    sc->name,
		    exec ? "what --output=FILE writes" : "a log that has this line");
	else
		s2s_out_printf(out,
			       "    to allow it, by the %s entry: generate with what "
			       "--output=FILE writes",
			       s2s_arch_name(sc->arch));
}

static void
say(const struct cli_report *report, const struct s2s_stopped *stopped,
    const struct s2s_call *call)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out out;

	s2s_out_memory(&out);
	put_stopped(&out, report, stopped, call);
	put_advice(&out, call->sc);
	s2s_log(&report->cli->log, S2S_LOG_WARNING, "%.*s", (int)out.n, out.p);
}

static enum s2s_answer
ask(struct cli_report *report, const struct s2s_stopped *stopped,
    const struct s2s_call *call, uint32_t leaf)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out out;

	s2s_out_memory(&out);
	put_stopped(&out, report, stopped, call);
	return cli_ask(report, stopped, call, leaf, s2s_out_text(&out));
}

/* A number that no table has. */
struct cli_nameless {
	int nr;
	uint32_t arch;
	uint64_t count;
};

static void
put_nameless(struct s2s_out *out, int nr, uint32_t arch)
{
	unsigned number = (unsigned)nr;
	enum s2s_arch known;

	if (!s2s_arch_from_audit(arch, &known))
		s2s_out_printf(out, "system call %d of architecture 0x%08x", nr, arch);
	else if (known == S2S_ARCH_X86_64 && nr > 0 && number & S2S_X32_BIT)
		s2s_out_printf(out, "system call %u of x32", number & ~S2S_X32_BIT);
	else
		s2s_out_printf(out, "system call %d of %s", nr, s2s_arch_name(known));
}

static void
say_nameless(const struct cli_report *report, const struct s2s_stopped *stopped)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out out;
	const struct seccomp_data *d = &stopped->data;

	s2s_out_memory(&out);
	put_process(&out, stopped);
	s2s_out_printf(&out, ": %s: ", report->verb);
	put_nameless(&out, d->nr, d->arch);
	s2s_out_printf(&out,
		       " (%#llx, %#llx, %#llx, %#llx, %#llx, %#llx), which has no name "
		       "here\n    verdict: ",
		       d->args[0], d->args[1], d->args[2], d->args[3], d->args[4],
		       d->args[5]);
	s2s_verify_put_verdict(&out, stopped->verdict);
	s2s_out_str(&out,
		    "\n    no rule lets a call without a name pass, and no option "
		    "of generate adds one");
	s2s_log(&report->cli->log, S2S_LOG_WARNING, "%.*s", (int)out.n, out.p);
}

/* Each number is told once, and counted. No log has a line for it. */
static void
add_nameless(struct cli_report *report, const struct s2s_stopped *stopped)
{
	const struct seccomp_data *d = &stopped->data;
	struct cli_nameless *v = report->nameless;
	size_t n = report->n_nameless;

	for (size_t i = 0; i < n; i++)
		if (v[i].nr == d->nr && v[i].arch == d->arch) {
			v[i].count++;
			return;
		}
	if (n == NAMELESS_MAX) {
		report->untold++;
		return;
	}
	report->nameless = s2s_realloc(v, n + 1, sizeof *v);
	report->nameless[report->n_nameless++] =
	    (struct cli_nameless){d->nr, d->arch, 1};
	say_nameless(report, stopped);
}

/* The descriptor's buffer is the reporter's own; the command writes there, too. */
static void
flush(const struct cli_report *report)
{
	fflush(stderr);
	if (report->cli->log_file)
		fflush(report->cli->log_file);
}

static enum s2s_answer
stopped(void *self, const struct s2s_stopped *stopped)
{
	struct cli_report *report = self;
	enum s2s_answer answer = report->terminal ? S2S_ANSWER_FAIL : S2S_ANSWER_PASS;
	size_t before = s2s_tree_leaves(report->tree);
	struct s2s_call call;
	uint32_t leaf;

	if (!s2s_enforce_call(&stopped->data, &call)) {
		add_nameless(report, stopped);
	} else if (s2s_tree_add_at(report->tree, &call, &leaf) == S2S_OK) {
		if (report->terminal)
			answer = ask(report, stopped, &call, leaf);
		else if (leaf >= before)
			say(report, stopped, &call);
	} else if (report->untold++ == 0) {
		s2s_log(&report->cli->log, S2S_LOG_WARNING,
			"more distinct calls were stopped than --max-distinct: what "
			"is new is not told any more");
	}
	flush(report);
	return answer;
}

static void
say_count(const struct cli_report *report, const struct s2s_leaf *leaf)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out out;

	s2s_out_memory(&out);
	cli_put_entry(&out, leaf->sc->arch);
	s2s_format_call(&out, leaf->sc, leaf->arg, leaf->kind);
	s2s_log(&report->cli->log, S2S_LOG_WARNING, "%" PRIu64 " times: %.*s",
		leaf->count, (int)out.n, out.p);
}

static void
say_nameless_count(const struct cli_report *report, const struct cli_nameless *call)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out out;

	s2s_out_memory(&out);
	put_nameless(&out, call->nr, call->arch);
	s2s_log(&report->cli->log, S2S_LOG_WARNING, "%" PRIu64 " times: %.*s",
		call->count, (int)out.n, out.p);
}

/* How often, where that is more than what was said. */
static void
say_counts(const struct cli_report *report)
{
	size_t n;
	const struct s2s_leaf *leaf = s2s_tree_sorted(report->tree, &n);

	for (size_t i = 0; i < n; i++)
		if (leaf[i].count > 1)
			say_count(report, &leaf[i]);
	for (size_t i = 0; i < report->n_nameless; i++)
		if (report->nameless[i].count > 1)
			say_nameless_count(report, &report->nameless[i]);
	if (report->untold)
		s2s_log(&report->cli->log, S2S_LOG_WARNING,
			"%" PRIu64 " calls that were stopped are not told",
			report->untold);
}

static bool
write_log(const struct cli_report *report)
{
	const char *path = report->cli->options.output;
	S2S_CLEANUP(cli_output_done) struct cli_output file = {.fd = -1};
	S2S_CLEANUP(s2s_out_done) struct s2s_out out;
	struct s2s_format_input in = {.tree = report->terminal ? report->allowed
							       : report->tree};
	struct s2s_format_options opts = {.log = &report->cli->log};
	enum s2s_status status;

	s2s_out_memory(&out);
	status = s2s_format_find(SV("profile"))->write(&out, &in, &opts);
	cli_ask_decided(report, &out);
	return status == S2S_OK &&
	       cli_output_open(&file, path, &report->cli->log) == S2S_OK &&
	       cli_output_write(&file, &(struct s2s_bytes){out.p, out.n}) == S2S_OK &&
	       cli_output_commit(&file) == S2S_OK;
}

static bool
ended(void *self, bool last)
{
	struct cli_report *report = self;
	bool kept = true;

	if (last && !report->terminal)
		say_counts(report);
	if (report->cli->options.output)
		kept = write_log(report);
	flush(report);
	return kept;
}

/* One message is one write, since the command writes there, too. */
enum s2s_status
cli_report_init(struct cli_report *report, const struct cli *cli,
		const struct s2s_filter *filters, size_t n)
{
	struct s2s_limits limits = s2s_limits_default;
	uint32_t distinct = (uint32_t)limits.distinct;

	*report = (struct cli_report){.cli = cli, .filters = filters, .n = n};
	TRY(cli_count(cli, "max-distinct", cli->options.max_distinct, &distinct));
	limits.distinct = distinct;
	setvbuf(stderr, NULL, _IOFBF, BUFSIZ);
	report->verb = cli->options.complain ? "would be stopped" : "stopped";
	report->tree = s2s_tree_new(&report->atoms, &limits);
	report->allowed = s2s_tree_new(&report->atoms, &limits);
	if (!cli->options.ask || cli_ask_open(report))
		return S2S_OK;
	s2s_log(&cli->log, S2S_LOG_ERROR, "there is no terminal to --ask at");
	return S2S_SYSTEM;
}

void
cli_report_done(struct cli_report *report)
{
	if (!report->tree)
		return;
	if (report->terminal)
		fclose(report->terminal);
	s2s_tree_free(report->tree);
	s2s_tree_free(report->allowed);
	s2s_atoms_done(&report->atoms);
	free((void *)report->answers);
	free(report->nameless);
}

struct s2s_reporter
cli_reporter(struct cli_report *report)
{
	return (struct s2s_reporter){
	    .stopped = stopped, .ended = ended, .self = report};
}
