/* SPDX-License-Identifier: MIT */
#include "pipe/make.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Paths as given; what comes back: paths in order, "|" between runs. */
static const struct {
	const char *given[6];
	const char *order;
} inputs[] = {
    {{"a", "b"}, "a | b"},
    {{"a", "a"}, "a | a"},
    {{"x.3", "x.20", "x.1"}, "x.1(1) x.3(3) x.20(20)"},
    {{"b", "x.2", "a", "x.1"}, "b | x.1(1) x.2(2) | a"},
    {{"x.2", "y.2", "x.1", "y.1"}, "x.1(1) x.2(2) | y.1(1) y.2(2)"},
    {{"-", "x.1"}, "- | x.1(1)"},
    {{"x.01", "x.02"}, "x.01 | x.02"},
    {{"x.", "x.1a", ".1", "d/.1", "1"}, "x. | x.1a | .1 | d/.1 | 1"},
    {{"x.12345678901"}, "x.12345678901"},
    {{"d.1/x", "d.2/x"}, "d.1/x | d.2/x"},
};

static void
test_inputs(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(inputs); i++) {
		size_t n = 0;
		struct s2s_input *in;
		struct s2s_out out;

		while (n < 6 && inputs[i].given[n])
			n++;
		in = s2s_inputs(inputs[i].given, n);
		s2s_out_memory(&out);
		for (size_t j = 0; j < n; j++) {
			if (j)
				s2s_out_str(&out,
					    in[j].run == in[j - 1].run ? " " : " | ");
			s2s_out_str(&out, in[j].path);
			if (in[j].pid >= 0)
				s2s_out_printf(&out, "(%d)", (int)in[j].pid);
		}
		s2s_out_char(&out, '\0');
		assert_string_equal(s2s_out_text(&out).p, inputs[i].order);
		s2s_out_done(&out);
		free(in);
	}
}

static const struct {
	const char *name;
	bool ok;
} functions[] = {
    {"install_policy", true},
    {"f", true},
    {"F_9", true},
    {"", false},
    {"9f", false},
    {"_f", false},
    {"a-b", false},
    {"a b", false},
    {"int", false},
    {"class", false},
    {"main", false},
    {"seccomp_init", false},
    {"SCMP_ACT_KILL", false},
    {"prctl", false},
    {"f\xc3\xa4", false},
    {"f\n", false},
};

static void
test_function_name(void **state)
{
	char name[80];

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(functions); i++)
		if (s2s_is_function_name(functions[i].name) != functions[i].ok)
			fail_msg("%s", functions[i].name);
	memset(name, 'a', sizeof name);
	name[63] = '\0';
	assert_true(s2s_is_function_name(name));
	name[63] = 'a';
	name[64] = '\0';
	assert_false(s2s_is_function_name(name));
}

static void
collect(void *self, enum s2s_log_level level, const char *text)
{
	s2s_out_printf(self, "%d %s\n", level, text);
}

/* Each is wrong in one option, and the message names it. */
static const struct {
	struct s2s_generate_options opts;
	const char *says;
} wrong[] = {
    {{.level = "frob"}, "--level=frob"},
    {{.format = "frob"}, "--format=frob"},
    {{.action = "frob"}, "--action=frob"},
    {{.action = "errno=0"}, "--action=errno=0"},
    {{.action = "allow"}, "--action=allow"},
    {{.unknown = "errno=EFROB"}, "--unknown=errno=EFROB"},
    {{.installed_by = "me"}, "--installed-by=me"},
    {{.function = "int"}, "--function=int"},
    {{.format = "profile", .level = "names"}, "--level says nothing"},
    {{.format = "bpf", .header = "p.h"}, "--header says nothing"},
    {{.format = "bpf-text", .tsync = true}, "--tsync says nothing"},
    {{.allow = (const char *const[]){"close", "frob", NULL}}, "--allow=frob"},
    {{.deny = (const char *const[]){"frob", NULL}}, "--deny=frob"},
    {{.level_of = (const char *const[]){"close", NULL}}, "--level-of=close"},
    {{.level_of = (const char *const[]){"frob=names", NULL}}, "--level-of=frob=names"},
    {{.level_of = (const char *const[]){"mmap.frob=names", NULL}},
     "--level-of=mmap.frob=names"},
    {{.level_of = (const char *const[]){"mmap.prot=frob", NULL}},
     "--level-of=mmap.prot=frob"},
};

static void
test_plan(void **state)
{
	struct s2s_generate_options right = {
	    .level_of = (const char *const[]){"mmap.prot=names", "close=strict", NULL},
	    .allow = (const char *const[]){"close", NULL},
	    .action = "errno=EACCES",
	};
	struct s2s_plan plan;

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(wrong); i++) {
		struct s2s_out out;
		struct s2s_log log = {S2S_LOG_TRACE, collect, &out};

		s2s_out_memory(&out);
		assert_int_equal(s2s_generate_check(&wrong[i].opts, &log), S2S_USAGE);
		s2s_out_char(&out, '\0');
		if (!strstr(s2s_out_text(&out).p, wrong[i].says))
			fail_msg("%s: %s", wrong[i].says, out.p);
		s2s_out_done(&out);
	}
	assert_int_equal(s2s_plan_init(&plan, &right, NULL), S2S_OK);
	/* mmap.prot: not on i386, where its arguments are in memory; close */
	assert_int_equal(plan.optimize.n_level_of, 2 + 3);
	assert_int_equal(plan.optimize.level_of[0].arg, 2);
	assert_int_equal(plan.optimize.level_of[2].arg, -1);
	assert_int_equal(plan.optimize.action.kind, S2S_ACTION_ERRNO);
	assert_false(plan.optimize.keep_launcher_exec);
	assert_true(plan.write.no_new_privs);
	s2s_plan_done(&plan);
}

/* What is said of a policy with one rule: the call, its argument's set. */
static const struct {
	const char *call;
	int arg;
	uint64_t mask;
	struct s2s_interval iv;
	const char *says;
} powers[] = {
    {"execve", -1, 0, {0, 0}, "exec"},
    {"close", -1, 0, {0, 0}, NULL},
    {"mmap", 2, 0xffffffff, {3, 3}, NULL},
    {"mmap", 2, 0xffffffff, {7, 7}, "memory W+X"},
    {"mmap", 2, 0xffffffff, {0, 7}, "memory W+X"},
    {"mmap", 2, 0xffffffff, {0, 5}, NULL},
    {"mmap", 2, 0xffffffff, {8, 14}, "memory W+X"}, /* 14 is 8|4|2 */
    {"mmap", 2, 0xffffffff, {8, 13}, NULL},
    {"mmap", 2, 0x5, {5, 5}, "memory W+X"}, /* the bit for writing is free */
    {"mmap", -1, 0, {0, 0}, "memory W+X"},
    {"mknod", 1, 0xffff, {0x7000, 0xdfff}, NULL},
    {"mknod", 1, 0xffffffff, {0x7000, 0x11fff}, NULL}, /* 0x12000 is a device */
    {"mknod", 1, 0xffffffff, {0x7000, 0x12000}, "device nodes"},
    {"mprotect", 2, 0xffffffff, {4, 4}, "memory made executable"},
    {"mprotect", 2, 0xffffffff, {6, 6}, "memory W+X, memory made executable"},
};

static struct s2s_policy *
policy_of(size_t i)
{
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(powers[i].call));
	struct s2s_policy *policy = s2s_policy_new();
	struct s2s_rule rule = {.why = S2S_WHY_SEEN};

	for (int arg = 0; arg < S2S_ARGS_MAX; arg++)
		rule.arg[arg] = s2s_set_any();
	if (powers[i].arg >= 0)
		rule.arg[powers[i].arg] =
		    (struct s2s_set){powers[i].mask, &powers[i].iv, 1};
	s2s_policy_add_rule(policy, sc, &rule);
	return policy;
}

static void
test_powers(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(powers); i++) {
		struct s2s_policy *policy = policy_of(i);
		struct s2s_out out;
		struct s2s_log log = {S2S_LOG_WARNING, collect, &out};
		char wanted[160] = "";

		if (powers[i].says)
			snprintf(wanted, sizeof wanted,
				 "%d warning: powers that the policy leaves: %s "
				 "(explained with --log-level=info)\n",
				 S2S_LOG_WARNING, powers[i].says);
		s2s_out_memory(&out);
		s2s_say_powers(policy, &log);
		s2s_out_char(&out, '\0');
		assert_string_equal(s2s_out_text(&out).p, wanted);
		s2s_out_done(&out);
		s2s_policy_free(policy);
	}
}

/* Files that were opened before: the trace opens none, and asks for each in its turn.
 */
struct opened {
	struct s2s_out asked;
	int fd;
};

static int
give(void *self, const char *path)
{
	struct opened *opened = self;

	s2s_out_printf(&opened->asked, "%s ", path);
	if (strcmp(path, "missing") == 0) {
		errno = ENOENT;
		return -1;
	}
	lseek(opened->fd, 0, SEEK_SET);
	return opened->fd;
}

static void
test_opened(void **state)
{
	static const char text[] = "close(3) = 0\n";
	const char *paths[] = {"x.2", "-", "x.1"}, *also[] = {"also", NULL};
	const char *missing[] = {"missing"};
	struct opened opened = {.fd = memfd_create("log", MFD_CLOEXEC)};
	struct s2s_trace_options opts = {.input_fd = give, .input_self = &opened};
	struct s2s_generate_options make = {.format = "bpf", .also = also};
	S2S_CLEANUP(s2s_bytes_free) struct s2s_bytes filter = {0};
	struct s2s_trace *trace = s2s_trace_new(&opts);

	(void)state;
	s2s_out_memory(&opened.asked);
	assert_int_equal(write(opened.fd, text, sizeof text - 1), sizeof text - 1);
	assert_int_equal(s2s_trace_add_files(trace, paths, 3), S2S_OK);
	assert_int_equal(s2s_trace_end(trace), S2S_OK);
	assert_int_equal(s2s_generate(trace, &make, &filter, NULL), S2S_OK);
	s2s_trace_free(trace);
	trace = s2s_trace_new(&opts);
	assert_int_equal(s2s_trace_add_files(trace, missing, 1), S2S_IO);
	s2s_trace_free(trace);
	s2s_out_char(&opened.asked, '\0');
	assert_string_equal(s2s_out_text(&opened.asked).p, "x.1 x.2 - also missing ");
	s2s_out_done(&opened.asked);
	assert_int_equal(close(opened.fd), 0); /* it was borrowed */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_inputs), cmocka_unit_test(test_function_name),
	    cmocka_unit_test(test_plan),   cmocka_unit_test(test_powers),
	    cmocka_unit_test(test_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
