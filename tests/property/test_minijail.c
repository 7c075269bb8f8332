/* SPDX-License-Identifier: MIT */
/* Policies for minijail0 as minijail0 reads them: its grammar (minijail0(5): names
   only, "1" alone, "return" alone or last, atoms of one operator), the room that it has
   for instructions and labels, and what passes. Nothing here is shared with the writer.
 */
#include "format/names.h"
#include "pipe/make.h"

#include "../format/random_policy.h"
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { CASES = 40, LINES = 600, KILLED = -1, PASSES = 0 };

struct line {
	uint32_t nr;
	const char *body;
};

struct file {
	struct line line[LINES];
	size_t n, instructions, labels;
	bool wider;
};

static bool
atom_holds(const char *atom, const uint64_t *args)
{
	char op[3], end;
	unsigned arg;
	uint64_t value;

	if (sscanf(atom, " arg%1u %2s 0x%" SCNx64 " %c", &arg, op, &value, &end) != 3 ||
	    arg > 5)
		fail_msg("not an atom: %s", atom);
	if (!strcmp(op, "=="))
		return args[arg] == value;
	if (!strcmp(op, "in"))
		return !(args[arg] & ~value);
	assert_string_equal(op, "&");
	return args[arg] & value;
}

/* Cuts *text behind `by`. */
static char *
cut(char **text, const char *by)
{
	char *from = *text, *at = from ? strstr(from, by) : NULL;

	if (at)
		*at = '\0';
	*text = at ? at + strlen(by) : NULL;
	return from;
}

/* What a line answers: PASSES, KILLED or an error number. Counts on the way. */
static int
answer(struct file *file, const char *body, const uint64_t *args)
{
	char *copy = strdup(body), *rest = copy, *condition, *group, *atom;
	int other = KILLED;
	bool any = false;

	condition = cut(&rest, ";");
	if (rest && sscanf(rest, " return %d", &other) != 1)
		fail_msg("not a line: %s", body);
	while ((group = cut(&condition, "||"))) {
		bool all = true;

		file->instructions += 2;
		file->labels++;
		while ((atom = cut(&group, "&&"))) {
			all &= atom_holds(atom, args);
			file->instructions += 8;
		}
		any |= all;
	}
	free(copy);
	return any ? PASSES : other;
}

static int
look_up(struct file *file, uint32_t nr, const uint64_t *args)
{
	int error;

	for (size_t i = 0; i < file->n; i++) {
		if (file->line[i].nr != nr)
			continue;
		if (!strcmp(file->line[i].body, "1"))
			return PASSES;
		if (sscanf(file->line[i].body, "return %d", &error) == 1)
			return error;
		return answer(file, file->line[i].body, args);
	}
	return KILLED;
}

static void
read_line(struct file *file, char *line)
{
	static const uint64_t none[S2S_ARGS_MAX];
	const struct s2s_syscall *sc;
	char *name = cut(&line, ": ");

	assert_non_null(line);
	sc = s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(name));
	assert_non_null(sc);
	assert_false(s2s_is_nameless(sc->arch, sc->nr));
	for (size_t i = 0; i < file->n; i++)
		assert_int_not_equal(file->line[i].nr, sc->nr);
	assert_true(file->n < LINES);
	file->line[file->n++] = (struct line){sc->nr, line};
	file->instructions += 2;
	if (!strcmp(line, "1"))
		return;
	if (!strncmp(line, "return ", 7)) {
		file->instructions += 2;
		file->labels++;
		return;
	}
	file->instructions += 4;
	file->labels += 2;
	(void)answer(file, line, none);
}

static void
read_file(struct file *file, char *text)
{
	char *line;

	*file = (struct file){.instructions = 5};
	while ((line = cut(&text, "\n"))) {
		file->wider |= strstr(line, "wider than the policy's") != NULL;
		if (*line && *line != '#')
			read_line(file, line);
	}
	if (file->instructions > 4096 || file->labels > 512)
		fail_msg("%zu instructions, %zu labels", file->instructions,
			 file->labels);
}

struct comparison {
	const struct s2s_policy *policy;
	struct file *file;
	uint64_t seed;
};

static bool
compare(void *self, const struct s2s_point *at)
{
	const struct comparison *c = self;
	struct s2s_action wanted =
	    s2s_policy_verdict(c->policy, at->audit_arch, at->nr, at->args);
	int got, other = wanted.kind == S2S_ACTION_ERRNO ? (int)wanted.data : KILLED;

	if (at->audit_arch != s2s_arch_audit(S2S_ARCH_X86_64) ||
	    !s2s_syscall_by_nr(S2S_ARCH_X86_64, at->nr) ||
	    s2s_is_nameless(S2S_ARCH_X86_64, at->nr))
		return true;
	got = look_up(c->file, at->nr, at->args);
	if (wanted.kind == S2S_ACTION_ALLOW ? got != PASSES
					    : got != other && !c->file->wider)
		fail_msg("seed %" PRIu64 ": call %u gets %d", c->seed, at->nr, got);
	return true;
}

/* Many calls more, each with many values, so that it does not fit as it is. */
static void
crowd(struct s2s_policy *policy, uint64_t seed)
{
	struct random r = {seed};

	for (uint32_t nr = 0; nr < 40; nr++)
		for (int k = 0; k < 8; k++) {
			struct s2s_rule rule = {0};

			for (int a = 0; a < S2S_ARGS_MAX; a++)
				rule.arg[a] = s2s_set_any();
			rule.arg[1] = s2s_set_value(&policy->arena, UINT32_MAX,
						    random_next(&r) & UINT32_MAX);
			s2s_policy_add_rule(
			    policy, s2s_syscall_by_nr(S2S_ARCH_X86_64, nr), &rule);
		}
	s2s_policy_normalize(policy);
}

/* Whether it could be written. */
static bool
check(struct s2s_policy *policy, uint64_t seed, size_t *wider)
{
	struct s2s_format_input in = {.policy = policy};
	struct s2s_format_options opts = {.format = "minijail"};
	struct file file;
	struct comparison c = {policy, &file, seed};
	struct s2s_out out;
	enum s2s_status status;

	s2s_out_memory(&out);
	status = s2s_format_find(SV("minijail"))->write(&out, &in, &opts);
	if (status == S2S_OK) {
		s2s_out_char(&out, '\0');
		read_file(&file, out.p);
		s2s_policy_points(policy, compare, &c);
		*wider += file.wider;
	} else {
		assert_int_equal(status, S2S_LIMIT);
	}
	s2s_out_done(&out);
	return status == S2S_OK;
}

static void
test_minijail(void **state)
{
	size_t written = 0, wider = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= CASES; seed++) {
		struct s2s_policy *policy = random_policy(seed, 1 + seed % 5);

		policy->action = (struct s2s_action){.kind = S2S_ACTION_KILL_PROCESS};
		if (seed % 2)
			policy->action =
			    (struct s2s_action){.kind = S2S_ACTION_ERRNO, .data = 13};
		if (seed % 5 == 0)
			crowd(policy, seed);
		if (seed % 3 == 0)
			add_answers(policy, seed);
		written += check(policy, seed, &wider);
		s2s_policy_free(policy);
	}
	print_message("%zu policies, %zu of them wider\n", written, wider);
	assert_true(written > CASES / 2);
	assert_true(wider > 4 && wider < written);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_minijail)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
