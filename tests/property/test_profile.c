/* SPDX-License-Identifier: MIT */
/* A profile read back is the tree it was written from, whatever was in it. */
#include "format/format.h"
#include "pipe/trace.h"
#include "random_calls.h"
#include "unit.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const names[] = {
    "app.strace", "with blank", "a#b",      "back\\slash", "\\x41",
    "new\nline",  "a:7",        "\xff\x80", "-",           "tab\tand \x1b[2J",
};

static struct s2s_tree *
random_tree(uint64_t *seed, struct s2s_atoms *atoms)
{
	struct s2s_tree *tree = s2s_tree_new(atoms, &s2s_limits_default);
	struct random_calls calls;

	random_calls(seed, true, &calls);
	for (size_t i = 0; i < calls.n; i++) {
		struct s2s_call *call = &calls.call[i];
		s2s_atom atom = s2s_atom_intern(
		    atoms, sv_from(names[random_below(seed, S2S_ARRAY_SIZE(names))]));

		call->place.file = s2s_atom_text(atoms, atom).p;
		/* A profile has the mark behind an exec only, as binders do. */
		call->launcher &= strncmp(call->sc->name, "execve", 6) == 0;
		if (i && calls.run[i] != calls.run[i - 1])
			s2s_tree_end_run(tree);
		assert_int_equal(s2s_tree_add(tree, call), S2S_OK);
	}
	s2s_tree_end_run(tree);
	return tree;
}

static void
write_profile(struct s2s_tree *tree, struct s2s_out *out)
{
	struct s2s_format_input in = {tree, NULL, NULL};
	struct s2s_format_options opts = {0};

	s2s_out_memory(out);
	assert_int_equal(s2s_format_find(SV("profile"))->write(out, &in, &opts),
			 S2S_OK);
}

static struct s2s_trace *
read_profile(struct s2s_sv text)
{
	struct s2s_trace *trace = s2s_trace_new(NULL);
	int fd = memfd_create("profile", MFD_CLOEXEC);

	assert_int_equal(write(fd, text.p, text.n), text.n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	if (s2s_trace_add_fd(trace, fd, "profile") != S2S_OK ||
	    s2s_trace_end(trace) != S2S_OK)
		fail_msg("not read back:\n%.*s", (int)text.n, text.p);
	close(fd);
	return trace;
}

static void
assert_same_leaf(const struct s2s_leaf *a, const struct s2s_leaf *b)
{
	assert_ptr_equal(a->sc, b->sc);
	for (int i = 0; i < a->sc->nargs; i++)
		if (a->arg[i].state != b->arg[i].state ||
		    a->arg[i].value != b->arg[i].value)
			fail_msg("%s, argument %d (%s): %d 0x%llx became %d 0x%llx",
				 a->sc->name, i, a->kind[i]->name, a->arg[i].state,
				 (unsigned long long)a->arg[i].value, b->arg[i].state,
				 (unsigned long long)b->arg[i].value);
	assert_int_equal(a->launcher, b->launcher);
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->runs, b->runs);
	assert_string_equal(a->first.file, b->first.file);
	assert_int_equal(a->first.line, b->first.line);
}

static void
assert_same_tree(struct s2s_tree *a, struct s2s_tree *b)
{
	size_t na, nb;
	const struct s2s_leaf *x = s2s_tree_sorted(a, &na);
	const struct s2s_leaf *y = s2s_tree_sorted(b, &nb);

	assert_int_equal(na, nb);
	for (size_t i = 0; i < na; i++)
		assert_same_leaf(&x[i], &y[i]);
}

static void
test_round_trip(void **state)
{
	(void)state;
	for (uint64_t n = 0; n < 400; n++) {
		uint64_t seed = n;
		struct s2s_atoms atoms = {0};
		struct s2s_tree *tree = random_tree(&seed, &atoms);
		struct s2s_trace *trace;
		struct s2s_out first, second;

		write_profile(tree, &first);
		trace = read_profile(s2s_out_text(&first));
		assert_same_tree(tree, trace->tree);
		write_profile(trace->tree, &second);
		assert_true(sv_equal(s2s_out_text(&first), s2s_out_text(&second)));
		s2s_out_done(&first);
		s2s_out_done(&second);
		s2s_trace_free(trace);
		s2s_tree_free(tree);
		s2s_atoms_done(&atoms);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
