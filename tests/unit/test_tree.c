/* SPDX-License-Identifier: MIT */
#include "tree/tree.h"
#include "unit.h"

#include <stdio.h>

static const struct s2s_kind kind_fd = {
    .name = "fd", .width = 32, .is_signed = true, .role = S2S_ROLE_OBJECT};
static const struct s2s_kind kind_ptr = {
    .name = "ptr", .width = 64, .role = S2S_ROLE_ADDRESS};
static const struct s2s_kind kind_size = {
    .name = "size", .width = 64, .role = S2S_ROLE_QUANTITY};
static const struct s2s_kind kind_pid = {
    .name = "pid", .width = 32, .role = S2S_ROLE_VARIANT};
static const struct s2s_kind kind_unused = {
    .name = "unused", .width = 64, .role = S2S_ROLE_UNUSED};
static const struct s2s_syscall sc_read = {
    "read",
    0,
    S2S_ARCH_X86_64,
    3,
    {{"fd", &kind_fd}, {"buf", &kind_ptr}, {"count", &kind_size}},
    "file"};
static const struct s2s_syscall sc_kill = {
    "kill", 62, S2S_ARCH_X86_64, 2, {{"pid", &kind_pid}, {"sig", &kind_fd}}, "process"};
static const struct s2s_syscall sc_getpid = {"getpid", 39,    S2S_ARCH_X86_64,
					     0,        {{0}}, "process"};

struct fixture {
	struct s2s_atoms atoms;
	struct s2s_tree *tree;
};

static void
setup(struct fixture *f, size_t distinct)
{
	*f = (struct fixture){0};
	f->tree = s2s_tree_new(&f->atoms, &(struct s2s_limits){.distinct = distinct});
}

static void
teardown(struct fixture *f)
{
	s2s_tree_free(f->tree);
	s2s_atoms_done(&f->atoms);
}

static struct s2s_arg
known(uint64_t value)
{
	return (struct s2s_arg){S2S_ARG_KNOWN, value};
}

static const struct s2s_arg address = {S2S_ARG_ADDRESS, 0};
static const struct s2s_arg unknown = {S2S_ARG_UNKNOWN, 0};

static struct s2s_call
call_of(const struct s2s_syscall *sc, const char *file, uint64_t line)
{
	struct s2s_call call = {
	    .sc = sc, .pid = -1, .count = 1, .place = {file, line, 1}};

	for (int i = 0; i < sc->nargs; i++)
		call.kind[i] = sc->arg[i].kind;
	return call;
}

static struct s2s_call
read_of(struct s2s_arg fd, struct s2s_arg buf, struct s2s_arg count)
{
	struct s2s_call call = call_of(&sc_read, "a", 1);

	call.arg[0] = fd;
	call.arg[1] = buf;
	call.arg[2] = count;
	return call;
}

static void
add(struct fixture *f, struct s2s_call call)
{
	assert_int_equal(s2s_tree_add(f->tree, &call), S2S_OK);
}

static void
test_counts_and_runs(void **state)
{
	struct fixture f;
	const struct s2s_leaf *leaves;
	size_t n;

	(void)state;
	setup(&f, 0);
	add(&f, read_of(known(3), address, known(10)));
	add(&f, read_of(known(3), address, known(10)));
	s2s_tree_sink(f.tree).end(f.tree);
	add(&f, read_of(known(3), address, known(10)));
	add(&f, read_of(known(3), known(0), known(10)));
	s2s_tree_end_run(f.tree);
	leaves = s2s_tree_sorted(f.tree, &n);
	assert_int_equal(n, 2);
	assert_int_equal(s2s_tree_leaves(f.tree), 2);
	assert_int_equal(leaves[0].count, 1); /* NULL sorts before an address */
	assert_int_equal(leaves[0].runs, 1);
	assert_int_equal(leaves[1].count, 3);
	assert_int_equal(leaves[1].runs, 2);
	s2s_tree_end_run(f.tree); /* one without a call */
	assert_int_equal(s2s_tree_runs(f.tree), 2);
	assert_ptr_equal(leaves[1].sc, &sc_read);
	assert_ptr_equal(leaves[1].kind[2], &kind_size);
	teardown(&f);
}

/* Calls of a profile bring their own runs, which are not this run. */
static void
test_profile_adds_and_saturates(void **state)
{
	struct fixture f;
	struct s2s_call call = read_of(known(3), address, known(10));
	const struct s2s_leaf *leaves;
	size_t n;

	(void)state;
	setup(&f, 0);
	add(&f, call);
	call.count = 5;
	call.runs = 2;
	add(&f, call);
	add(&f, call);
	leaves = s2s_tree_sorted(f.tree, &n);
	assert_int_equal(leaves[0].count, 11);
	assert_int_equal(leaves[0].runs, 5);
	assert_int_equal(s2s_tree_runs(f.tree), 0);
	call.count = UINT64_MAX - 5;
	call.runs = UINT32_MAX;
	add(&f, call);
	leaves = s2s_tree_sorted(f.tree, &n);
	assert_true(leaves[0].count == UINT64_MAX);
	assert_true(leaves[0].runs == UINT32_MAX);
	teardown(&f);
}

static void
test_first_place_is_the_smallest(void **state)
{
	static const struct {
		const char *file;
		uint64_t line;
	} seen[] = {{"b.log", 1}, {"a.log", 7}, {NULL, 0},
		    {"a.log", 3}, {"a.log", 5}, {"a.logx", 1}};
	struct fixture f;
	const struct s2s_leaf *leaves;
	size_t n;

	(void)state;
	setup(&f, 0);
	for (size_t i = 0; i < S2S_ARRAY_SIZE(seen); i++) {
		char file[16] = "";
		struct s2s_call call =
		    call_of(&sc_getpid, seen[i].file ? file : NULL, seen[i].line);

		if (seen[i].file)
			snprintf(file, sizeof file, "%s", seen[i].file);
		add(&f, call);
	}
	leaves = s2s_tree_sorted(f.tree, &n);
	assert_int_equal(n, 1);
	assert_string_equal(leaves[0].first.file, "a.log");
	assert_int_equal(leaves[0].first.line, 3);
	teardown(&f);
}

static void
test_variant_and_width(void **state)
{
	struct fixture f;
	struct s2s_call call = call_of(&sc_kill, "a", 1);
	const struct s2s_leaf *leaves;
	size_t n;

	(void)state;
	setup(&f, 0);
	call.arg[0] = known(1234);
	call.arg[1] = known(9);
	add(&f, call);
	call.arg[0] = known(1235);
	call.arg[1] = known(UINT64_C(0xdead00000009));
	add(&f, call);
	call.arg[0] = address;
	add(&f, call);
	leaves = s2s_tree_sorted(f.tree, &n);
	assert_int_equal(n, 1);
	assert_int_equal(leaves[0].arg[0].state, S2S_ARG_UNKNOWN);
	assert_int_equal(leaves[0].arg[0].value, 0);
	assert_int_equal(leaves[0].arg[1].value, 9);
	/* The same call with another kind: what is unused has no value. */
	call.kind[1] = &kind_unused;
	add(&f, call);
	leaves = s2s_tree_sorted(f.tree, &n);
	assert_int_equal(n, 2);
	assert_int_equal(leaves[1].arg[1].state, S2S_ARG_UNKNOWN);
	assert_ptr_equal(leaves[1].kind[1], &kind_unused);
	teardown(&f);
}

static void
test_pointer(void **state)
{
	struct fixture f;
	const struct s2s_leaf *leaves;
	size_t n;

	(void)state;
	setup(&f, 0);
	add(&f, read_of(known(3), known(0x1000), known(1)));
	add(&f, read_of(known(3), address, known(1)));
	add(&f, read_of(known(3), known(0), known(1)));
	leaves = s2s_tree_sorted(f.tree, &n);
	assert_int_equal(n, 2);
	assert_int_equal(leaves[0].arg[1].state, S2S_ARG_KNOWN);
	assert_int_equal(leaves[1].arg[1].state, S2S_ARG_ADDRESS);
	assert_int_equal(leaves[1].arg[1].value, 0);
	teardown(&f);
}

static void
test_order(void **state)
{
	struct fixture f;
	struct s2s_call launched = read_of(known(1), address, known(1));
	const struct s2s_leaf *leaves;
	size_t n;

	(void)state;
	setup(&f, 0);
	launched.launcher = true;
	add(&f, call_of(&sc_getpid, "a", 1));
	add(&f, launched);
	add(&f, read_of(unknown, address, known(1)));
	add(&f, read_of(address, address, known(1)));
	add(&f, read_of(known(2), address, known(1)));
	add(&f, read_of(known(1), address, known(1)));
	add(&f, read_of(known(1), known(0), known(7)));
	leaves = s2s_tree_sorted(f.tree, &n);
	assert_int_equal(n, 7);
	assert_int_equal(leaves[0].arg[1].state, S2S_ARG_KNOWN);
	assert_false(leaves[1].launcher);
	assert_true(leaves[2].launcher);
	assert_int_equal(leaves[2].arg[0].value, 1);
	assert_int_equal(leaves[3].arg[0].value, 2);
	assert_int_equal(leaves[4].arg[0].state, S2S_ARG_ADDRESS);
	assert_int_equal(leaves[5].arg[0].state, S2S_ARG_UNKNOWN);
	assert_ptr_equal(leaves[6].sc, &sc_getpid);
	teardown(&f);
}

/* At the limit what is known still counts, what is new is refused. */
static void
test_limit(void **state)
{
	struct fixture f;
	struct s2s_call call;

	(void)state;
	setup(&f, 3000);
	for (uint64_t i = 0; i < 3000; i++)
		add(&f, read_of(known(i), address, known(1)));
	for (uint64_t i = 0; i < 3000; i++)
		add(&f, read_of(known(i), address, known(1)));
	call = read_of(known(3000), address, known(1));
	assert_int_equal(s2s_tree_add(f.tree, &call), S2S_LIMIT);
	assert_int_equal(s2s_tree_add(f.tree, &call), S2S_LIMIT);
	assert_int_equal(s2s_tree_leaves(f.tree), 3000);
	teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_counts_and_runs),
	    cmocka_unit_test(test_profile_adds_and_saturates),
	    cmocka_unit_test(test_first_place_is_the_smallest),
	    cmocka_unit_test(test_variant_and_width),
	    cmocka_unit_test(test_pointer),
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
