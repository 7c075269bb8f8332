/* SPDX-License-Identifier: MIT */
#include "base/out.h"
#include "optimize/optimize.h"
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>

struct fixture {
	struct s2s_atoms atoms;
	struct s2s_tree *tree, *also;
	struct s2s_level_of level_of[2];
	const struct s2s_syscall *allow[1], *deny[1];
	struct s2s_optimize_options opts;
	struct s2s_policy *policy;
	struct s2s_log log;
	struct s2s_out logged;
};

static void
collect(void *self, enum s2s_log_level level, const char *text)
{
	s2s_out_printf(self, "%d %s\n", (int)level, text);
}

static void
setup(struct fixture *f, const char *level)
{
	*f = (struct fixture){0};
	f->tree = s2s_tree_new(&f->atoms, NULL);
	f->also = s2s_tree_new(&f->atoms, NULL);
	s2s_out_memory(&f->logged);
	f->log = (struct s2s_log){S2S_LOG_WARNING, collect, &f->logged};
	f->opts = (struct s2s_optimize_options){
	    .level = s2s_level_find(sv_from(level)),
	    .level_of = f->level_of,
	    .allow = f->allow,
	    .deny = f->deny,
	    .no_implied = true,
	    .log = &f->log,
	};
	assert_non_null(f->opts.level);
}

static void
teardown(struct fixture *f)
{
	s2s_policy_free(f->policy);
	s2s_tree_free(f->tree);
	s2s_tree_free(f->also);
	s2s_atoms_done(&f->atoms);
	s2s_out_done(&f->logged);
}

static const struct s2s_syscall *
named(const char *name)
{
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(name));

	if (!sc)
		fail_msg("%s", name);
	return sc;
}

static bool
is_word(unsigned char c)
{
	return c != ' ';
}

static struct s2s_arg
read_arg(struct s2s_sv word)
{
	struct s2s_arg arg = {S2S_ARG_KNOWN, 0};

	if (sv_equal(word, SV("?")))
		arg.state = S2S_ARG_UNKNOWN;
	else if (sv_equal(word, SV("&")))
		arg.state = S2S_ARG_ADDRESS;
	else
		assert_true(sv_to_u64(word, &arg.value));
	return arg;
}

/* "read 3 & 10": ? is unknown, & an address. */
static struct s2s_call
read_call(const char *text)
{
	struct s2s_sv in = sv_from(text), name = sv_take(&in, is_word);
	struct s2s_call call = {
	    .pid = -1, .count = 1, .place = {.file = "log", .line = 7}};
	bool known[S2S_ARGS_MAX] = {false};
	uint64_t value[S2S_ARGS_MAX] = {0};

	call.sc = s2s_syscall_by_name(S2S_ARCH_X86_64, name);
	if (!call.sc)
		fail_msg("%s", text);
	for (int i = 0; i < call.sc->nargs; i++) {
		sv_eat_char(&in, ' ');
		call.arg[i] = read_arg(sv_take(&in, is_word));
		known[i] = call.arg[i].state == S2S_ARG_KNOWN;
		value[i] =
		    call.arg[i].value & s2s_width_mask(call.sc->arg[i].kind->width);
	}
	s2s_syscall_kinds(call.sc, known, value, call.kind);
	return call;
}

static void
add(struct s2s_tree *tree, const char *text)
{
	struct s2s_call call = read_call(text);

	assert_int_equal(s2s_tree_add(tree, &call), S2S_OK);
}

static void
out_set(struct s2s_out *out, const struct s2s_set *set, uint64_t expected)
{
	if (s2s_set_is_any(set)) {
		s2s_out_str(out, "*");
		return;
	}
	if (set->mask != expected)
		s2s_out_printf(out, "&%" PRIx64 "=", set->mask);
	for (size_t i = 0; i < set->n; i++) {
		s2s_out_printf(out, "%s%" PRIx64, i ? "," : "", set->iv[i].lo);
		if (set->iv[i].lo != set->iv[i].hi)
			s2s_out_printf(out, "..%" PRIx64, set->iv[i].hi);
	}
}

/* "3 * a..b; 4 * c": hexadecimal, each rule, each argument. The mask is shown where it
   is not that of the signature's kind. */
static void
rules_text(const struct s2s_policy *policy, const struct s2s_syscall *sc,
	   struct s2s_out *out)
{
	const struct s2s_policy_call *call = s2s_policy_find(policy, sc);

	for (size_t i = 0; call && i < call->n; i++) {
		s2s_out_str(out, i ? "; " : "");
		for (int arg = 0; arg < sc->nargs; arg++) {
			unsigned width = sc->arg[arg].kind->width;

			s2s_out_str(out, arg ? " " : "");
			out_set(out, &call->rules[i].arg[arg], s2s_width_mask(width));
		}
	}
}

static void
check_rules(const struct fixture *f, const char *name, const char *expected)
{
	struct s2s_out out;

	s2s_out_memory(&out);
	rules_text(f->policy, named(name), &out);
	s2s_out_char(&out, '\0');
	assert_string_equal(s2s_out_text(&out).p, expected);
	s2s_out_done(&out);
}

static void
optimize(struct fixture *f)
{
	assert_int_equal(s2s_optimize(f->tree, &f->opts, &f->policy), S2S_OK);
}

/* "mmap.prot=strict", "fcntl=weak" */
static void
add_level_of(struct fixture *f, const char *text)
{
	struct s2s_sv in = sv_from(text), call = in, arg, level;
	struct s2s_level_of *of = &f->level_of[f->opts.n_level_of++];

	for (level = in; !sv_eat_char(&level, '='); sv_skip(&level, 1))
		;
	call.n = (size_t)(level.p - in.p - 1);
	for (arg = call; arg.n && !sv_eat_char(&arg, '.'); sv_skip(&arg, 1))
		;
	if (arg.n)
		call.n -= arg.n + 1;
	of->sc = s2s_syscall_by_name(S2S_ARCH_X86_64, call);
	of->arg = arg.n ? s2s_syscall_arg(of->sc, arg) : -1;
	of->level = s2s_level_find(level);
	assert_true(of->sc && of->level && (of->arg >= 0 || !arg.n));
}

static const struct level_row {
	const char *level, *level_of[2], *calls[5], *rules;
} level_rows[] = {
    /* Exactly what was seen, joined where that says the same. */
    {"strict", {0}, {"read 3 & 10", "read 4 & 12"}, "3 * a; 4 * c"},
    {"strict", {0}, {"read 3 & 10", "read 3 & 11", "read 3 & 13"}, "3 * a..b,d"},
    {"strict", {0}, {"kill 77 9", "kill 78 9"}, "* 9"},
    /* NULL is compared where all of the group are. */
    {"strict", {0}, {"read 3 0 0", "read 4 & 0"}, "3 0 0; 4 * 0"},
    {"strict", {0}, {"read 3 0 0", "read 3 & 0"}, "3 * 0"},
    {"strict", {0}, {"read 3 0 0", "read 3 ? 0"}, "3 * 0"},
    {"strict", {0}, {"read 3 0 0", "read 3 0x1000 0"}, "3 * 0"},
    {"strict", {0}, {"read ? & 1", "read 3 & 2"}, "* * 1; 3 * 2"},
    {"names", {0}, {"read 3 0 10"}, "* * *"},
    {"robust", {0}, {"read 3 0 10"}, "* * *"},
    /* Intervals in the argument's own order, within one selection. */
    {"advanced",
     {0},
     {"lseek 3 -5 0", "lseek 4 7 0", "lseek 9 -1 1"},
     "3..4 0..7,fffffffffffffffb..ffffffffffffffff 0; 9 ffffffffffffffff 1"},
    {"weak",
     {0},
     {"lseek 3 -5 0", "lseek 4 7 0", "lseek 9 -1 1"},
     "3..9 0..7,fffffffffffffffb..ffffffffffffffff 0..1"},
    {"robust", {0}, {"bpf 1 & 10", "bpf 5 & 20"}, "1,5 * *"},
    {"advanced", {0}, {"dup2 -1 3", "dup2 1 2"}, "0..1,ffffffff 2..3"},
    {"weak", {0}, {"read 3 0 5", "read 3 & 5"}, "3 * 5"},
    {"weak", {0}, {"read 3 0 5", "read 4 0 6"}, "3..4 0 5..6"},
    /* F_SETFL never lends its values to F_DUPFD. */
    {"advanced",
     {0},
     {"fcntl 3 4 0x800", "fcntl 3 0 10"},
     "3 0 &ffffffff=a; 3 4 &ffffffff=800"},
    /* At level weak the third argument is a descriptor, a word of flags, an address. */
    {"weak",
     {0},
     {"fcntl 3 4 0x800", "fcntl 3 0 10", "fcntl 3 0 -1"},
     "3 0..4 &ffffffff=0..a,800,ffffffff"},
    {"weak", {0}, {"fcntl 3 4 0x800", "fcntl 3 5 &"}, "3 4..5 *"},
    {"weak", {0}, {"fcntl 3 4 0x800", "fcntl 3 5 0"}, "3 4..5 &ffffffff=0,800"},
    /* Harmless bits are not looked at, permission bits neither. */
    {"robust", {0}, {"mknod & 0100644 0", "mknod & 010600 0"}, "* &fe00=1000,8000 *"},
    /* What the log does not tell is any value, and keeps to itself. */
    {"advanced", {0}, {"lseek 3 ? 0", "lseek 4 9 0"}, "3..4 * 0"},
    {"advanced", {0}, {"lseek 3 5 ?", "lseek 4 9 0"}, "3 5 *; 4 9 0"},
    /* One argument at another level. */
    {"weak",
     {"mprotect.prot=strict"},
     {"mprotect & 10 1", "mprotect & 90 5", "mprotect & 20 1"},
     "* a..14 1; * 5a 5"},
    {"strict", {"lseek=names"}, {"lseek 3 5 0"}, "* * *"},
    {"strict", {"lseek=names", "lseek.whence=strict"}, {"lseek 3 5 0"}, "* * 0"},
    {"strict", {"lseek.whence=strict", "lseek=names"}, {"lseek 3 5 0"}, "* * 0"},
    {"strict",
     {"lseek=names", "lseek=weak"},
     {"lseek 3 5 0", "lseek 4 6 0"},
     "3..4 5..6 0"},
    {"names", {"sendto.dest_addr=advanced"}, {"sendto 3 & 9 0 0 0"}, "* * * * 0 *"},
};

static void
test_levels(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(level_rows); i++) {
		const struct level_row *row = &level_rows[i];
		struct s2s_call call = read_call(row->calls[0]);
		struct fixture f;

		setup(&f, row->level);
		for (size_t j = 0; j < 5 && row->calls[j]; j++)
			add(f.tree, row->calls[j]);
		for (size_t j = 0; j < 2 && row->level_of[j]; j++)
			add_level_of(&f, row->level_of[j]);
		optimize(&f);
		print_message("row %zu\n", i);
		check_rules(&f, call.sc->name, row->rules);
		teardown(&f);
	}
}

static bool
has_note(const struct fixture *f, const char *part)
{
	for (size_t i = 0; i < f->policy->n_notes; i++)
		if (strstr(f->policy->notes[i], part))
			return true;
	return false;
}

static bool
was_logged(struct fixture *f, const char *part)
{
	return memmem(f->logged.p, f->logged.n, part, strlen(part)) != NULL;
}

static const struct s2s_rule *
only_rule(const struct fixture *f, const char *name)
{
	const struct s2s_policy_call *call = s2s_policy_find(f->policy, named(name));

	assert_non_null(call);
	assert_int_equal(call->n, 1);
	return &call->rules[0];
}

static void
test_where_rules_come_from(void **state)
{
	struct s2s_call call = read_call("read 3 & 10");
	const struct s2s_rule *rule;
	struct fixture f;

	(void)state;
	setup(&f, "advanced");
	call.count = 5;
	call.runs = 2;
	assert_int_equal(s2s_tree_add(f.tree, &call), S2S_OK);
	optimize(&f);
	rule = only_rule(&f, "read");
	assert_int_equal(rule->why, S2S_WHY_SEEN);
	assert_null(rule->reason);
	assert_int_equal(rule->count, 5);
	assert_int_equal(rule->runs, 2);
	assert_false(rule->runs_at_least);
	s2s_policy_free(f.policy);
	add(f.tree, "read 4 & 20");
	optimize(&f);
	rule = only_rule(&f, "read");
	assert_int_equal(rule->count, 6);
	assert_int_equal(rule->runs, 2);
	assert_true(rule->runs_at_least);
	assert_string_equal(rule->first.file, "log");
	assert_int_equal(rule->first.line, 7);
	assert_string_equal(f.policy->calls[0].level, "advanced");
	teardown(&f);
	/* Of one run nothing is a lower bound. */
	setup(&f, "advanced");
	add(f.tree, "read 3 & 10");
	add(f.tree, "read 4 & 20");
	optimize(&f);
	assert_false(only_rule(&f, "read")->runs_at_least);
	teardown(&f);
}

static void
test_launcher(void **state)
{
	struct s2s_call call = read_call("execve & & &");
	struct fixture f;

	(void)state;
	setup(&f, "strict");
	call.launcher = true;
	assert_int_equal(s2s_tree_add(f.tree, &call), S2S_OK);
	add(f.tree, "read 3 & 10");
	optimize(&f);
	assert_null(s2s_policy_find(f.policy, named("execve")));
	assert_true(has_note(&f, "The execve that started the program is left out"));
	s2s_policy_free(f.policy);
	f.opts.keep_launcher_exec = true;
	optimize(&f);
	check_rules(&f, "execve", "* * *");
	assert_int_equal(f.policy->n_notes, 0);
	s2s_policy_free(f.policy);
	/* A later exec is a call like any other. */
	f.opts.keep_launcher_exec = false;
	add(f.tree, "execve & & 0");
	optimize(&f);
	check_rules(&f, "execve", "* * 0");
	teardown(&f);
}

static void
test_implied(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, "strict");
	f.opts.no_implied = false;
	add(f.tree, "clock_gettime 1 &");
	add(f.tree, "exit_group 0");
	add(f.tree, "nanosleep & 0");
	optimize(&f);
	check_rules(&f, "clock_gettime", "* *");
	assert_int_equal(only_rule(&f, "clock_gettime")->why, S2S_WHY_IMPLIED);
	assert_int_equal(only_rule(&f, "clock_gettime")->count, 1);
	assert_non_null(only_rule(&f, "exit")->reason);
	assert_true(has_note(&f, "clock_gettime is allowed whatever the arguments: "));
	assert_true(has_note(&f, "exit is allowed though no log shows it: "));
	assert_true(has_note(&f, "clock_getres, gettimeofday, time, getcpu are allowed "
				 "though no log shows them: "));
	assert_non_null(s2s_policy_find(f.policy, named("restart_syscall")));
	assert_null(s2s_policy_find(f.policy, named("rt_sigreturn")));
	s2s_policy_free(f.policy);
	/* What is allowed anyway needs no reason. */
	f.opts.level = s2s_level_find(SV("names"));
	optimize(&f);
	assert_int_equal(only_rule(&f, "exit_group")->why, S2S_WHY_SEEN);
	assert_false(has_note(&f, "exit_group"));
	s2s_policy_free(f.policy);
	f.opts.no_implied = true;
	optimize(&f);
	assert_int_equal(f.policy->n, 3);
	assert_int_equal(f.policy->n_notes, 0);
	teardown(&f);
}

/* The vDSO's getrandom keeps its state in memory that only it asks for. */
static void
test_implied_getrandom(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, "strict");
	f.opts.no_implied = false;
	add(f.tree, "mmap 0 4096 3 0x22 -1 0");
	optimize(&f);
	assert_null(s2s_policy_find(f.policy, named("getrandom")));
	s2s_policy_free(f.policy);
	add(f.tree, "mmap 0 4096 3 0x28 -1 0");
	optimize(&f);
	check_rules(&f, "getrandom", "* * *");
	teardown(&f);
}

static void
test_last_word(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, "strict");
	f.opts.no_implied = false;
	add(f.tree, "rt_sigaction 2 & 0 8");
	add(f.tree, "read 3 & 10");
	f.allow[f.opts.n_allow++] = named("read");
	f.deny[f.opts.n_deny++] = named("rt_sigaction");
	optimize(&f);
	check_rules(&f, "read", "* * *");
	assert_int_equal(only_rule(&f, "read")->why, S2S_WHY_ASKED);
	assert_int_equal(only_rule(&f, "read")->count, 1);
	assert_true(has_note(&f, "read is allowed whatever its arguments: asked for"));
	assert_null(s2s_policy_find(f.policy, named("rt_sigaction")));
	assert_null(s2s_policy_find(f.policy, named("rt_sigreturn")));
	assert_true(has_note(&f, "rt_sigaction is forbidden: asked for with --deny, "
				 "though the logs have 1 call"));
	s2s_policy_free(f.policy);
	/* Nothing brings back what is denied. */
	f.deny[0] = named("exit_group");
	f.allow[0] = named("exit_group");
	optimize(&f);
	assert_null(s2s_policy_find(f.policy, named("exit_group")));
	assert_true(has_note(&f, "exit_group is forbidden: asked for with --deny."));
	teardown(&f);
}

static void
test_also(void **state)
{
	struct fixture f;
	const struct s2s_policy_call *call;

	(void)state;
	setup(&f, "advanced");
	f.opts.also = f.also;
	add(f.tree, "read 3 & 10");
	add(f.also, "read 9 & 10");
	add(f.also, "write 1 & 1");
	optimize(&f);
	check_rules(&f, "read", "3 * a; 9 * a");
	call = s2s_policy_find(f.policy, named("read"));
	assert_int_equal(call->rules[0].why, S2S_WHY_SEEN);
	assert_int_equal(call->rules[1].why, S2S_WHY_ASKED);
	check_rules(&f, "write", "1 * 1");
	assert_true(has_note(&f, "--also"));
	teardown(&f);
}

static void
test_unknown_selector(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, "robust");
	add(f.tree, "socket 2 ? 0");
	add(f.tree, "socket 1 ? 0");
	add(f.tree, "read ? & 3");
	optimize(&f);
	assert_true(was_logged(&f, "socket: "));
	assert_true(was_logged(&f, "type"));
	assert_true(was_logged(&f, "[unknown-selector]"));
	assert_false(was_logged(&f, "read"));
	assert_true(has_note(&f, "socket: any value of type is allowed"));
	s2s_policy_free(f.policy);
	s2s_out_done(&f.logged);
	s2s_out_memory(&f.logged);
	f.opts.level = s2s_level_find(SV("names"));
	optimize(&f);
	assert_int_equal(f.logged.n, 0);
	teardown(&f);
}

static bool
allows(const struct fixture *f, const char *text)
{
	struct s2s_call call = read_call(text);

	return s2s_policy_allows_call(f->policy, &call);
}

/* O_CLOEXEC is a bit, F_GETFL a command that gives no power; a call that was never seen
   has neither, and --level-of looks closer. */
static void
test_harmless(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, "robust");
	add(f.tree, "fcntl 3 4 0x800");
	add(f.tree, "openat -100 & 0x80000 ?");
	optimize(&f);
	assert_true(allows(&f, "fcntl 77 3 5"));
	assert_false(allows(&f, "fcntl 77 8 5"));
	assert_true(allows(&f, "openat 5 & 0 ?"));
	assert_false(allows(&f, "openat 5 & 1 ?"));
	assert_false(allows(&f, "ioctl 0 0x5401 &"));
	s2s_policy_free(f.policy);
	add_level_of(&f, "fcntl.fd=strict");
	add_level_of(&f, "openat=advanced");
	optimize(&f);
	assert_false(allows(&f, "fcntl 77 3 5"));
	assert_false(allows(&f, "fcntl 3 3 5"));
	assert_false(allows(&f, "openat -100 & 0 ?"));
	teardown(&f);
}

static void
test_options(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, "robust");
	add(f.tree, "read 3 & 10");
	f.level_of[0] = (struct s2s_level_of){named("read"), 3, f.opts.level};
	f.opts.n_level_of = 1;
	assert_int_equal(s2s_optimize(f.tree, &f.opts, &f.policy), S2S_USAGE);
	assert_null(f.policy);
	f.opts.n_level_of = 0;
	f.opts.level = NULL;
	optimize(&f);
	assert_string_equal(f.policy->calls[0].level, "robust");
	assert_int_equal(f.policy->action.kind, S2S_ACTION_KILL_PROCESS);
	assert_int_equal(f.policy->unknown.kind, S2S_ACTION_ERRNO);
	s2s_policy_free(f.policy);
	f.opts.action.kind = S2S_ACTION_TRAP;
	f.opts.unknown.kind = S2S_ACTION_LOG;
	optimize(&f);
	assert_int_equal(f.policy->action.kind, S2S_ACTION_TRAP);
	assert_int_equal(f.policy->unknown.kind, S2S_ACTION_LOG);
	teardown(&f);
}

struct budget {
	size_t max, asked;
};

static size_t
count_rules(void *self, const struct s2s_policy *policy)
{
	size_t n = 0;

	(void)self;
	for (size_t i = 0; i < policy->n; i++)
		n += policy->calls[i].n;
	return n;
}

static enum s2s_status
within_budget(void *self, const struct s2s_policy *policy)
{
	struct budget *budget = self;

	budget->asked++;
	return count_rules(self, policy) > budget->max ? S2S_LIMIT : S2S_OK;
}

static void
add_for_fit(struct fixture *f)
{
	char text[64];

	for (int i = 0; i < 20; i++) {
		snprintf(text, sizeof text, "lseek %d %d 0", i, i * i);
		add(f->tree, text);
	}
	add(f->tree, "read 3 & 10");
	add(f->tree, "read 4 & 20");
}

static const struct fit_row {
	size_t max, steps;
	enum s2s_status status;
	const char *lseek, *read, *say;
} fit_rows[] = {
    {30, 0, S2S_OK, NULL, "3 * a; 4 * 14", NULL},
    {21, 1, S2S_OK, "0..13 0..169 0", "3 * a; 4 * 14", "lseek is loosened from strict"},
    {2, 2, S2S_OK, "0..13 0..169 0", "3..4 * a..14",
     "read is loosened from strict to "},
    {1, 6, S2S_LIMIT, NULL, NULL, "read is loosened from advanced to robust"},
};

static void
test_fit(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(fit_rows); i++) {
		const struct fit_row *row = &fit_rows[i];
		struct budget budget = {.max = row->max};
		struct fixture f;

		setup(&f, "strict");
		add_for_fit(&f);
		print_message("row %zu\n", i);
		assert_int_equal(s2s_fit(f.tree, &f.opts, within_budget, count_rules,
					 &budget, &f.policy),
				 row->status);
		if (row->status == S2S_OK) {
			assert_int_equal(f.policy->n_notes, row->steps);
			if (row->lseek)
				check_rules(&f, "lseek", row->lseek);
			check_rules(&f, "read", row->read);
		} else {
			assert_null(f.policy);
		}
		assert_true(!row->say || was_logged(&f, row->say));
		teardown(&f);
	}
}

/* What was asked for one argument is loosened with its call, at last to nothing. */
static void
test_fit_loosens_arguments(void **state)
{
	struct budget budget = {.max = 2};
	struct fixture f;

	(void)state;
	setup(&f, "names");
	add_for_fit(&f);
	add_level_of(&f, "lseek.offset=strict");
	assert_int_equal(
	    s2s_fit(f.tree, &f.opts, within_budget, count_rules, &budget, &f.policy),
	    S2S_OK);
	check_rules(&f, "lseek",
		    "* 0..1,4,9,10,19,24,31,40,51,64,79,90,a9,c4,e1,100,"
		    "121,144,169 *");
	s2s_policy_free(f.policy);
	f.policy = NULL;
	add_level_of(&f, "lseek.fd=strict");
	assert_int_equal(
	    s2s_fit(f.tree, &f.opts, within_budget, count_rules, &budget, &f.policy),
	    S2S_OK);
	check_rules(&f, "lseek", "0..13 0..169 *");
	assert_true(has_note(&f, "single arguments of lseek are loosened"));
	teardown(&f);
}

static const struct {
	const char *from, *to;
} looser[] = {{"strict", "advanced"},
	      {"advanced", "robust"},
	      {"robust", "names"},
	      {"weak", "names"},
	      {"names", NULL}};

static void
test_looser(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(looser); i++) {
		const struct s2s_level *from = s2s_level_find(sv_from(looser[i].from));
		const struct s2s_level *to = s2s_level_looser(from);

		assert_true(looser[i].to ? to && strcmp(to->name, looser[i].to) == 0
					 : !to);
	}
	assert_null(s2s_level_find(SV("stric")));
	assert_null(s2s_level_find(SV("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_levels),
	    cmocka_unit_test(test_where_rules_come_from),
	    cmocka_unit_test(test_launcher),
	    cmocka_unit_test(test_implied),
	    cmocka_unit_test(test_implied_getrandom),
	    cmocka_unit_test(test_last_word),
	    cmocka_unit_test(test_also),
	    cmocka_unit_test(test_unknown_selector),
	    cmocka_unit_test(test_harmless),
	    cmocka_unit_test(test_options),
	    cmocka_unit_test(test_fit),
	    cmocka_unit_test(test_fit_loosens_arguments),
	    cmocka_unit_test(test_looser),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
