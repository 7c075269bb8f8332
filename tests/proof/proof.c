/* SPDX-License-Identifier: MIT */
/* Every policy of the logs, at every level: our filters and what libseccomp makes of
   the C that is generated say for all calls what the policy says.
   usage: proof LOG…                 each log or profile by itself; .json: a container's
	  proof --together LOG…      the policies of all of them at once */
#include "compare.h"
#include "format/loss.h"
#include "format/oci_read.h"
#include "format/scmp.h"
#include "optimize/optimize.h"
#include "pipe/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
read_text(const char *name, struct s2s_out *to)
{
	FILE *file = fopen(name, "re");
	int c;

	if (!file) {
		perror(name);
		exit(1);
	}
	while ((c = getc(file)) != EOF)
		s2s_out_char(to, (char)c);
	fclose(file);
}

static size_t proven, different, unsaid;

static void
judge(const char *log, const char *level, const char *by,
      const struct s2s_filter *filters, size_t n, const struct s2s_policy *policy)
{
	char what[512];
	size_t insns = 0;

	for (size_t i = 0; i < n; i++)
		insns += filters[i].n;
	snprintf(what, sizeof what, "%s, %s, %s (%zu instructions)", log, level, by,
		 insns);
	if (z3_differ(what, filters, n, policy, true))
		different++;
	else
		proven++;
}

static void
judge_ours(const char *log, const char *level, const struct s2s_policy *policy)
{
	static const char *const goals[] = {
#define X(id, name) name,
	    S2S_GOALS(X)
#undef X
	};

	for (size_t goal = 0; goal < S2S_ARRAY_SIZE(goals); goal++) {
		struct s2s_filter filter;

		s2s_filter_compile(policy, (enum s2s_goal)goal, &filter);
		judge(log, level, goals[goal], &filter, 1, policy);
		s2s_filter_done(&filter);
	}
}

/* What cannot be said with libseccomp is refused, and so nothing to prove. */
static void
judge_libseccomp(const char *log, const char *level, const struct s2s_policy *policy)
{
	struct s2s_scmp plan = {0};
	struct s2s_scmp_programs programs = {0};
	struct s2s_log silent = {0};

	if (s2s_scmp_plan(policy, &silent, &plan) == S2S_OK &&
	    s2s_scmp_compile(&plan, &silent, &programs) == S2S_OK)
		judge(log, level, "libseccomp", programs.program, programs.n, policy);
	else
		unsaid++;
	s2s_scmp_programs_done(&programs);
	s2s_scmp_done(&plan);
}

/* A profile that a container engine has: calls have answers of their own there. */
static void
judge_oci(const char *name)
{
	struct s2s_oci_profile profile;
	struct s2s_policy *policy;
	struct s2s_loss loss;
	struct s2s_out text;

	s2s_loss_init(&loss);
	s2s_out_memory(&text);
	read_text(name, &text);
	if (s2s_oci_parse(s2s_out_text(&text), name, NULL, NULL, &profile) != S2S_OK ||
	    s2s_oci_policy(&profile, NULL, &loss, &policy) != S2S_OK ||
	    policy->n_answers == 0) {
		fprintf(stderr, "%s: no profile with answers\n", name);
		exit(1);
	}
	judge_ours(name, "as it is", policy);
	for (size_t i = 0; i < policy->n; i++)
		if (!s2s_rule_is_any(&policy->calls[i].rules[0]))
			s2s_policy_add_answer(policy, policy->calls[i].sc,
					      (struct s2s_action){S2S_ACTION_TRAP, 0});
	judge_ours(name, "more answers", policy);
	s2s_policy_free(policy);
	s2s_oci_profile_done(&profile);
	s2s_loss_done(&loss);
	s2s_out_done(&text);
}

static bool
is_oci(const char *name)
{
	return sv_ends(sv_from(name), SV(".json"));
}

static void
judge_logs(const char *name, const char *const *logs, size_t n_logs)
{
	struct s2s_trace_options options = {.tolerance = S2S_LENIENT};
	struct s2s_trace *trace = s2s_trace_new(&options);
	size_t n;
	const struct s2s_level *levels = s2s_levels(&n);

	if (s2s_trace_add_files(trace, logs, n_logs) != S2S_OK ||
	    s2s_trace_end(trace) != S2S_OK) {
		fprintf(stderr, "%s: cannot be read\n", name);
		exit(1);
	}
	for (size_t i = 0; i < n; i++) {
		struct s2s_optimize_options opts = {.level = &levels[i]};
		struct s2s_policy *policy;

		if (s2s_optimize(trace->tree, &opts, &policy) != S2S_OK)
			exit(1);
		judge_ours(name, levels[i].name, policy);
		judge_libseccomp(name, levels[i].name, policy);
		s2s_policy_free(policy);
	}
	s2s_trace_free(trace);
}

int
main(int argc, char **argv)
{
	const char *const *logs = (const char *const *)argv;
	size_t n = (size_t)argc;

	if (n > 2 && strcmp(logs[1], "--together") == 0)
		judge_logs(logs[2], logs + 2, n - 2);
	else
		for (size_t i = 1; i < n; i++)
			if (is_oci(logs[i]))
				judge_oci(logs[i]);
			else
				judge_logs(logs[i], &logs[i], 1);
	printf("%zu filters proven, %zu differ, %zu policies that libseccomp cannot "
	       "say\n",
	       proven, different, unsaid);
	return different || proven == 0;
}
