/* SPDX-License-Identifier: MIT */
/* Options as people write them to options as the stages take them. */
#include "pipe/plan.h"

#include "base/arena.h"

#include <errno.h>
#include <stdlib.h>

static enum s2s_status
unusable(const struct s2s_log *log, const char *option, const char *text,
	 const char *wanted)
{
	s2s_log(log, S2S_LOG_ERROR, "--%s=%s: %s", option, text, wanted);
	return S2S_USAGE;
}

/* Appends the call of that name on every architecture that has it. */
static bool
add_calls(struct s2s_sv name, const struct s2s_syscall ***list, size_t *n)
{
	static const enum s2s_arch arches[] = {
#define X(id, name, audit, scmp, bits) S2S_ARCH_##id,
	    S2S_ARCHES(X)
#undef X
	};
	bool found = false;

	for (size_t i = 0; i < S2S_ARRAY_SIZE(arches); i++) {
		const struct s2s_syscall *sc = s2s_syscall_by_name(arches[i], name);

		if (!sc)
			continue;
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
		*list = s2s_realloc(*list, *n + 1, sizeof **list);
		(*list)[(*n)++] = sc;
		found = true;
	}
	return found;
}

static enum s2s_status
take_calls(const char *option, const char *const *names, const struct s2s_log *log,
	   const struct s2s_syscall *const **ret, size_t *ret_n)
{
	const struct s2s_syscall **list = NULL;
	enum s2s_status status = S2S_OK;

	*ret_n = 0;
	for (; names && *names && status == S2S_OK; names++)
		if (!add_calls(sv_from(*names), &list, ret_n))
			status = unusable(log, option, *names, "no such system call");
	*ret = list;
	return status;
}

/* The part of *in before the last `c`, which is eaten with it. */
static bool
cut_at_last(struct s2s_sv *in, char c, struct s2s_sv *ret_before)
{
	for (size_t i = in->n; i > 0; i--) {
		if (in->p[i - 1] != c)
			continue;
		*ret_before = (struct s2s_sv){in->p, i - 1};
		sv_skip(in, i);
		return true;
	}
	return false;
}

/* openat=strict, mmap.prot=strict */
static enum s2s_status
take_level_of(const char *text, const struct s2s_log *log, struct s2s_plan *plan)
{
	struct s2s_sv level = sv_from(text), arg, call;
	struct s2s_level_of row = {.arg = -1}, *rows;
	const struct s2s_syscall **calls = NULL;
	enum s2s_status status = S2S_OK;
	size_t n = 0;
	bool has_arg, taken = false;

	if (!cut_at_last(&level, '=', &arg))
		return unusable(log, "level-of", text, "CALL[.ARG]=LEVEL is wanted");
	has_arg = cut_at_last(&arg, '.', &call);
	if (!has_arg)
		call = arg;
	row.level = s2s_level_find(level);
	if (!row.level)
		return unusable(log, "level-of", text, "no such level");
	if (!add_calls(call, &calls, &n))
		return unusable(log, "level-of", text, "no such system call");
	rows = s2s_realloc((void *)plan->optimize.level_of,
			   plan->optimize.n_level_of + n, sizeof *rows);
	plan->optimize.level_of = rows;
	for (size_t i = 0; i < n; i++) {
		row.sc = calls[i];
		row.arg = has_arg ? s2s_syscall_arg(calls[i], arg) : -1;
		if (has_arg && row.arg < 0)
			continue;
		rows[plan->optimize.n_level_of++] = row;
		taken = true;
	}
	if (!taken)
		status =
		    unusable(log, "level-of", text, "the call has no such argument");
	free(calls);
	return status;
}

static enum s2s_status
take_levels(const struct s2s_generate_options *opts, const struct s2s_log *log,
	    struct s2s_plan *plan)
{
	const char *level = opts->level ? opts->level : "robust";
	const char *const *of = opts->level_of;

	plan->optimize.level = s2s_level_find(sv_from(level));
	if (!plan->optimize.level)
		return unusable(log, "level", level, "no such level");
	for (; of && *of; of++)
		TRY(take_level_of(*of, log, plan));
	return S2S_OK;
}

static enum s2s_status
take_action(const char *option, const char *text, const struct s2s_log *log,
	    struct s2s_action *action)
{
	if (!text)
		return S2S_OK;
	if (!s2s_action_parse(sv_from(text), action))
		return unusable(log, option, text, "no such action");
	return S2S_OK;
}

static enum s2s_status
check_goes_with(const struct s2s_generate_options *opts, const struct s2s_log *log,
		const struct s2s_format *format)
{
	const struct {
		const char *name;
		bool given, possible;
	} rows[] = {
	    {"level", opts->level, !format->of_tree},
	    {"level-of", opts->level_of, !format->of_tree},
	    {"allow", opts->allow, !format->of_tree},
	    {"deny", opts->deny, !format->of_tree},
	    {"also", opts->also, !format->of_tree},
	    {"action", opts->action, !format->of_tree},
	    {"unknown", opts->unknown, !format->of_tree},
	    {"installed-by", opts->installed_by, !format->of_tree},
	    {"no-implied", opts->no_implied, !format->of_tree},
	    {"optimize-for", opts->optimize_for, !format->of_tree},
	    {"function", opts->function, format->in_program},
	    {"header", opts->header, format->in_program},
	    {"tsync", opts->tsync, format->in_program},
	    {"keep-privs", opts->keep_privs, format->privs || opts->runtime},
	    {"groups", opts->groups, format->groups},
	    {"exact", opts->exact, !format->of_tree},
	    {"runtime", opts->runtime, format->container},
	    {"sigsys-handler", opts->sigsys_handler, format->in_program},
	};

	for (size_t i = 0; i < S2S_ARRAY_SIZE(rows); i++)
		if (rows[i].given && !rows[i].possible) {
			s2s_log(log, S2S_LOG_ERROR,
				"--%s says nothing about --format=%s", rows[i].name,
				format->name);
			return S2S_USAGE;
		}
	return S2S_OK;
}

static enum s2s_status
take_format(const struct s2s_generate_options *opts, const struct s2s_log *log,
	    struct s2s_plan *plan)
{
	const char *name = opts->format ? opts->format : "c";

	plan->format = s2s_format_find(sv_from(name));
	if (!plan->format)
		return unusable(log, "format", name, "no such format");
	plan->write.format = plan->format->name;
	return check_goes_with(opts, log, plan->format);
}

enum s2s_status
s2s_installed_by(const char *who, const struct s2s_log *log, bool *ret_launcher)
{
	if (!who)
		return S2S_OK;
	*ret_launcher = strcmp(who, "launcher") == 0;
	if (!*ret_launcher && strcmp(who, "program") != 0)
		return unusable(log, "installed-by", who,
				"program or launcher is wanted");
	return S2S_OK;
}

/* The handler must be reached, and able to speak. */
static enum s2s_status
check_handler(const struct s2s_generate_options *opts, const struct s2s_log *log,
	      const struct s2s_plan *plan)
{
	const struct s2s_optimize_options *o = &plan->optimize;
	const char *name;

	if (!opts->sigsys_handler)
		return S2S_OK;
	if (o->action.kind != S2S_ACTION_TRAP && o->unknown.kind != S2S_ACTION_TRAP) {
		s2s_log(log, S2S_LOG_ERROR,
			"--sigsys-handler would never run: only the action trap sends "
			"SIGSYS to a handler");
		return S2S_USAGE;
	}
	for (size_t i = 0; i < o->n_deny; i++) {
		name = o->deny[i]->name;
		if (strcmp(name, "write") != 0 && strcmp(name, "exit_group") != 0)
			continue;
		return unusable(log, "deny", name, "--sigsys-handler needs it");
	}
	return S2S_OK;
}

static enum s2s_status
take_goal(const char *name, const struct s2s_log *log, struct s2s_plan *plan)
{
	static const char *const names[] = {
#define X(id, name) [S2S_GOAL_##id] = name,
	    S2S_GOALS(X)
#undef X
	};

	if (!name)
		return S2S_OK;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(names); i++)
		if (strcmp(name, names[i]) == 0) {
			plan->goal = (enum s2s_goal)i;
			return S2S_OK;
		}
	return unusable(log, "optimize-for", name, "size or speed is wanted");
}

static enum s2s_status
take_function(const char *name, const struct s2s_log *log, struct s2s_plan *plan)
{
	plan->write.function = name ? name : "install_policy";
	if (!s2s_is_function_name(plan->write.function))
		return unusable(log, "function", name,
				"no name for a function in C and C++");
	return S2S_OK;
}

static enum s2s_status
take_runtime(const struct s2s_generate_options *opts, const struct s2s_log *log,
	     struct s2s_plan *plan)
{
	if (!opts->runtime)
		return S2S_OK;
	plan->optimize.runtime =
	    s2s_runtime_find(sv_from(opts->runtime), !opts->keep_privs);
	if (!plan->optimize.runtime)
		return unusable(log, "runtime", opts->runtime,
				"crun, runc or one of them with a version that we know "
				"is wanted");
	return S2S_OK;
}

static enum s2s_status
fill(struct s2s_plan *plan, const struct s2s_generate_options *opts,
     const struct s2s_log *log)
{
	struct s2s_optimize_options *o = &plan->optimize;

	TRY(take_format(opts, log, plan));
	TRY(take_levels(opts, log, plan));
	TRY(take_calls("allow", opts->allow, log, &o->allow, &o->n_allow));
	TRY(take_calls("deny", opts->deny, log, &o->deny, &o->n_deny));
	TRY(take_action("action", opts->action, log, &o->action));
	TRY(take_action("unknown", opts->unknown, log, &o->unknown));
	o->keep_launcher_exec = !plan->format->in_program;
	TRY(s2s_installed_by(opts->installed_by, log, &o->keep_launcher_exec));
	TRY(take_goal(opts->optimize_for, log, plan));
	TRY(check_handler(opts, log, plan));
	TRY(take_runtime(opts, log, plan));
	return take_function(opts->function, log, plan);
}

enum s2s_status
s2s_plan_init(struct s2s_plan *plan, const struct s2s_generate_options *opts,
	      const struct s2s_log *log)
{
	*plan = (struct s2s_plan){
	    .optimize = {.action = {S2S_ACTION_KILL_PROCESS, 0},
			 .unknown = {S2S_ACTION_ERRNO, ENOSYS},
			 .no_implied = opts->no_implied,
			 .sigsys_handler = opts->sigsys_handler,
			 .log = log},
	    .write = {.tsync = opts->tsync,
		      .no_new_privs = !opts->keep_privs,
		      .sigsys_handler = opts->sigsys_handler,
		      .exact = opts->exact,
		      .groups = opts->groups,
		      .header = opts->header,
		      .log = log},
	    .also = opts->also,
	    .fit = opts->fit,
	    .verify = !opts->no_verify,
	};
	return fill(plan, opts, log);
}

void
s2s_plan_done(struct s2s_plan *plan)
{
	free((void *)plan->optimize.level_of);
	free((void *)plan->optimize.allow);
	free((void *)plan->optimize.deny);
	*plan = (struct s2s_plan){0};
}

enum s2s_status
s2s_generate_check(const struct s2s_generate_options *opts, const struct s2s_log *log)
{
	S2S_CLEANUP(s2s_plan_done) struct s2s_plan plan;

	return s2s_plan_init(&plan, opts, log);
}
