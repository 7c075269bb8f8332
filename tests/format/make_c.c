/* SPDX-License-Identifier: MIT */
/* Writes generated C for policies of every kind into a directory, and beside each the
   programs that it must install, in their order: NAME.c, NAME.h, NAME.bpf, and the
   same of format bpf-c, NAME_b.c….
   usage: make_c DIRECTORY */
#include "format/format.h"
#include "format/scmp.h"
#include "kernel/constants.h"

#include "random_policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static void
say(void *self, enum s2s_log_level level, const char *text)
{
	(void)self;
	(void)level;
	fprintf(stderr, "%s\n", text);
}

static const struct s2s_log log_errors = {S2S_LOG_WARNING, say, NULL};

static struct s2s_policy *
policy_new(enum s2s_action_kind kind, uint16_t data)
{
	struct s2s_policy *policy = s2s_policy_new();

	policy->arches = 1U << S2S_ARCH_X86_64;
	policy->action = (struct s2s_action){kind, data};
	policy->unknown = (struct s2s_action){S2S_ACTION_ERRNO, EXDEV};
	return policy;
}

static const struct s2s_syscall *
call_of(const char *name)
{
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(name));

	if (!sc) {
		fprintf(stderr, "no call %s\n", name);
		exit(1);
	}
	return sc;
}

static void
allow(struct s2s_policy *policy, const char *const *names)
{
	for (; *names; names++)
		s2s_policy_allow_all(policy, call_of(*names), S2S_WHY_SEEN, NULL);
}

static struct s2s_rule
rule_any(void)
{
	struct s2s_rule rule = {.why = S2S_WHY_SEEN, .count = 3, .runs = 2};

	for (int a = 0; a < S2S_ARGS_MAX; a++)
		rule.arg[a] = s2s_set_any();
	rule.first = (struct s2s_place){"app.strace", 12, 1};
	return rule;
}

/* What a test needs to say how it went; no brk, no munmap, no close. */
static const char *const frame[] = {"write", "exit_group", "rt_sigreturn", NULL};

static struct s2s_policy *
make_action(enum s2s_action_kind kind, uint16_t data)
{
	struct s2s_policy *policy = policy_new(kind, data);

	allow(policy, frame);
	return policy;
}

static struct s2s_policy *
make_kill_process(void)
{
	return make_action(S2S_ACTION_KILL_PROCESS, 0);
}

static struct s2s_policy *
make_kill_thread(void)
{
	return make_action(S2S_ACTION_KILL_THREAD, 0);
}

static struct s2s_policy *
make_trap(void)
{
	return make_action(S2S_ACTION_TRAP, 0);
}

static struct s2s_policy *
make_errno(void)
{
	return make_action(S2S_ACTION_ERRNO, EPERM);
}

static struct s2s_policy *
make_odd_errno(void)
{
	return make_action(S2S_ACTION_ERRNO, 4094);
}

static struct s2s_policy *
make_trace(void)
{
	return make_action(S2S_ACTION_TRACE, 7);
}

static struct s2s_policy *
make_log(void)
{
	return make_action(S2S_ACTION_LOG, 0);
}

static struct s2s_policy *
make_notify(void)
{
	static const char *const more[] = {"ioctl", "clone",  "wait4",
					   "poll",  "getpid", NULL};
	struct s2s_policy *policy = make_action(S2S_ACTION_NOTIFY, 0);

	allow(policy, more);
	return policy;
}

static struct s2s_policy *
make_unknown_kill(void)
{
	struct s2s_policy *policy = make_errno();

	policy->unknown = (struct s2s_action){S2S_ACTION_KILL_PROCESS, 0};
	return policy;
}

/* Nothing but the frame's calls is allowed, so that other threads stop. */
static struct s2s_policy *
make_threads(void)
{
	static const char *const more[] = {"futex",  "exit",           "madvise",
					   "munmap", "rt_sigprocmask", NULL};
	struct s2s_policy *policy = make_errno();

	allow(policy, more);
	return policy;
}

/* Calls newer than the names that libseccomp has. */
static struct s2s_policy *
make_new_calls(void)
{
	static const char *const more[] = {"cachestat", "mseal", NULL};
	struct s2s_policy *policy = make_errno();

	allow(policy, more);
	return policy;
}

/* lseek(fd in {3, 5}, offset 10..20 or -3..-1, whence 0) and (7, 1000..2^32, 2);
   dup2(1..2, 100..200): ranges, 64 bits, keys. */
static struct s2s_policy *
make_ranges(void)
{
	struct s2s_policy *policy = make_errno();
	struct s2s_arena *arena = &policy->arena;
	struct s2s_rule rule = rule_any();
	struct s2s_set three = s2s_set_value(arena, UINT32_MAX, 3);
	struct s2s_set five = s2s_set_value(arena, UINT32_MAX, 5);
	struct s2s_set up = s2s_set_range(arena, 64, true, 10, 20);
	struct s2s_set down =
	    s2s_set_range(arena, 64, true, (uint64_t)-3, (uint64_t)-1);

	s2s_set_union(arena, &three, &five, &rule.arg[0]);
	s2s_set_union(arena, &up, &down, &rule.arg[1]);
	rule.arg[2] = s2s_set_value(arena, UINT32_MAX, 0);
	s2s_policy_add_rule(policy, call_of("lseek"), &rule);
	rule.arg[0] = s2s_set_value(arena, UINT32_MAX, 7);
	rule.arg[1] = s2s_set_range(arena, 64, true, 1000, UINT64_C(1) << 32);
	rule.arg[2] = s2s_set_value(arena, UINT32_MAX, 2);
	s2s_policy_add_rule(policy, call_of("lseek"), &rule);
	rule = rule_any();
	rule.arg[0] = s2s_set_range(arena, 32, true, 1, 2);
	rule.arg[1] = s2s_set_range(arena, 32, true, 100, 200);
	s2s_policy_add_rule(policy, call_of("dup2"), &rule);
	return policy;
}

/* More than 4096 instructions in all: ranges in all arguments of many calls. */
static struct s2s_policy *
make_several(void)
{
	struct s2s_policy *policy = make_ranges();
	struct random r = {3};
	size_t n;
	const struct s2s_syscall *const *all = s2s_syscalls(S2S_ARCH_X86_64, &n);

	for (size_t i = 0; i < n && policy->n < 12; i++) {
		struct s2s_rule rule = rule_any();

		if (all[i]->nargs < 4 || s2s_policy_find(policy, all[i]))
			continue;
		for (int a = 0; a < all[i]->nargs; a++)
			rule.arg[a] = s2s_set_range(&policy->arena, 64, false, 3 + i,
						    random_next(&r) | 1 << 20);
		s2s_policy_add_rule(policy, all[i], &rule);
	}
	return policy;
}

/* For the handler of SIGSYS: in one program, in several, of unknown calls only. */
static struct s2s_policy *
make_several_trap(void)
{
	struct s2s_policy *policy = make_several();

	policy->action = (struct s2s_action){S2S_ACTION_TRAP, 0};
	return policy;
}

static struct s2s_policy *
make_unknown_trap(void)
{
	struct s2s_policy *policy = make_errno();

	policy->unknown = (struct s2s_action){S2S_ACTION_TRAP, 0};
	return policy;
}

static struct s2s_policy *
make_hostile(void)
{
	static const char *const names[] = {
	    "*/ int main; /*",
	    "a\n#error\n",
	    "?\?/\n?\?'",
	    "\\\n",
	    "//\\",
	    "\xe2\x80\xae\x1b[2J\xff",
	    "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k",
	    "/very/long/name/without/any/blank/very/long/name/without/any/blank/very",
	    "/*",
	    "*",
	    "/",
	    "",
	};
	struct s2s_policy *policy = make_errno();
	size_t n;
	const struct s2s_syscall *const *all = s2s_syscalls(S2S_ARCH_X86_64, &n);

	for (size_t i = 0; i < S2S_ARRAY_SIZE(names); i++) {
		struct s2s_rule rule = rule_any();

		rule.first = (struct s2s_place){names[i], UINT64_MAX, 1};
		rule.reason = names[i];
		rule.why = (enum s2s_why)(i % 4);
		if (i % 2)
			rule.arg[0] = s2s_set_value(&policy->arena, UINT32_MAX, i);
		s2s_policy_add_rule(policy, all[20 + i], &rule);
		s2s_policy_note(policy, "%s", names[i]);
	}
	return policy;
}

/* Some constant of every set in the place of every argument that has one: all headers
   together. */
static struct s2s_policy *
make_symbols(void)
{
	struct s2s_policy *policy = make_errno();
	size_t n, rows;
	const struct s2s_syscall *const *all = s2s_syscalls(S2S_ARCH_X86_64, &n);

	for (size_t i = 0; i < n; i++) {
		struct s2s_rule rule = rule_any();

		for (int a = 0; a < all[i]->nargs; a++) {
			const struct s2s_kind *kind = all[i]->arg[a].kind;
			const struct s2s_constant *row =
			    kind->set ? s2s_constants(S2S_ARCH_X86_64, kind->set, &rows)
				      : NULL;
			uint64_t mask = s2s_width_mask(kind->width);

			if (row)
				rule.arg[a] = s2s_set_value(&policy->arena, mask,
							    row[i % rows].value & mask);
		}
		if (!s2s_policy_find(policy, all[i]))
			s2s_policy_add_rule(policy, all[i], &rule);
	}
	return policy;
}

static struct s2s_policy *
make_nothing(void)
{
	return policy_new(S2S_ACTION_KILL_PROCESS, 0);
}

enum { TSYNC = 1, KEEP_PRIVS = 2, HEADER = 4, HANDLER = 8 };

static const struct policy_case {
	const char *name;
	struct s2s_policy *(*make)(void);
	int how;
} cases[] = {
    {"kill_process", make_kill_process, HEADER},
    {"kill_thread", make_kill_thread, 0},
    {"trap", make_trap, 0},
    {"handler", make_trap, HANDLER},
    {"handler_several", make_several_trap, HANDLER},
    {"handler_unknown", make_unknown_trap, HANDLER | TSYNC},
    {"errno", make_errno, 0},
    {"odd_errno", make_odd_errno, KEEP_PRIVS},
    {"trace", make_trace, 0},
    {"log", make_log, 0},
    {"notify", make_notify, 0},
    {"notify_threads", make_notify, TSYNC},
    {"unknown_kill", make_unknown_kill, 0},
    {"threads", make_threads, TSYNC | HEADER},
    {"new_calls", make_new_calls, 0},
    {"ranges", make_ranges, 0},
    {"several", make_several, 0},
    {"several_threads", make_several, TSYNC},
    {"symbols", make_symbols, 0},
    {"hostile", make_hostile, 0},
    {"nothing", make_nothing, 0},
};

static void
write_file(const char *dir, const char *name, const char *suffix, const void *p,
	   size_t n)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s%s", dir, name, suffix);
	f = fopen(path, "we");
	if (!f || fwrite(p, 1, n, f) != n || fclose(f) != 0) {
		perror(path);
		exit(1);
	}
}

/* The programs as the kernel is to get them: the first one last. */
static void
write_expected(const char *dir, const char *name, const struct s2s_policy *policy)
{
	struct s2s_scmp plan;
	struct s2s_scmp_programs programs;
	struct s2s_out out;

	s2s_out_memory(&out);
	if (s2s_scmp_plan(policy, &log_errors, &plan) != S2S_OK ||
	    s2s_scmp_compile(&plan, &log_errors, &programs) != S2S_OK)
		exit(1);
	for (size_t p = programs.n; p-- > 0;)
		s2s_out_bytes(&out, programs.program[p].insn,
			      programs.program[p].n * sizeof(struct sock_filter));
	write_file(dir, name, ".bpf", out.p, out.n);
	s2s_out_done(&out);
	s2s_scmp_programs_done(&programs);
	s2s_scmp_done(&plan);
}

/* One file of C, with its header. */
static enum s2s_status
write_source(const char *dir, const char *name, const struct s2s_format_input *in,
	     struct s2s_format_options opts)
{
	char function[80], header[80];
	struct s2s_out out;
	enum s2s_status status;

	snprintf(function, sizeof function, "install_%s", name);
	snprintf(header, sizeof header, "%s.h", name);
	opts.function = function;
	opts.header = opts.header ? header : NULL;
	s2s_out_memory(&out);
	status = s2s_format_find(sv_from(opts.format))->write(&out, in, &opts);
	if (status == S2S_OK)
		write_file(dir, name, ".c", out.p, out.n);
	s2s_out_done(&out);
	s2s_out_memory(&out);
	if (status == S2S_OK && s2s_format_c_header(&out, &opts) == S2S_OK)
		write_file(dir, name, ".h", out.p, out.n);
	s2s_out_done(&out);
	return status;
}

/* The same policy without a library: NAME_b. */
static enum s2s_status
write_bpf_c(const char *dir, const struct policy_case *c,
	    const struct s2s_policy *policy, struct s2s_format_options opts)
{
	struct s2s_filter filter;
	struct s2s_format_input in = {NULL, policy, &filter};
	enum s2s_status status;
	char name[80];

	opts.format = "bpf-c";
	snprintf(name, sizeof name, "%s_b", c->name);
	s2s_filter_compile(policy, S2S_GOAL_SPEED, &filter);
	status = write_source(dir, name, &in, opts);
	if (status == S2S_OK)
		write_file(dir, name, ".bpf", filter.insn,
			   filter.n * sizeof *filter.insn);
	s2s_filter_done(&filter);
	return status;
}

static enum s2s_status
write_case(const char *dir, const struct policy_case *c, struct s2s_policy *policy,
	   const struct s2s_log *log)
{
	struct s2s_format_options opts = {
	    .format = "c",
	    .tsync = c->how & TSYNC,
	    .no_new_privs = !(c->how & KEEP_PRIVS),
	    .header = c->how & HEADER ? "" : NULL,
	    .log = log,
	    .sigsys_handler = c->how & HANDLER,
	};
	struct s2s_format_input in = {NULL, policy, NULL};
	enum s2s_status status = write_source(dir, c->name, &in, opts);

	if (status == S2S_OK)
		write_expected(dir, c->name, policy);
	if (status == S2S_OK || status == S2S_LIMIT)
		status = write_bpf_c(dir, c, policy, opts);
	s2s_policy_free(policy);
	return status;
}

int
main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(cases); i++)
		if (write_case(argv[1], &cases[i], cases[i].make(), &log_errors) !=
		    S2S_OK) {
			fprintf(stderr, "%s: not written\n", cases[i].name);
			return 1;
		}
	for (uint64_t seed = 1; seed <= 12; seed++) {
		char name[32];
		struct policy_case c = {name, NULL, seed % 5 ? 0 : TSYNC};
		struct s2s_policy *policy = random_policy(seed, 1 + seed % 9);

		snprintf(name, sizeof name, "random_%d", (int)seed);
		if (seed % 3 == 0)
			add_whole_answers(policy, seed);
		if (write_case(argv[1], &c, policy, NULL) == S2S_INTERNAL)
			return 1;
	}
	return 0;
}
