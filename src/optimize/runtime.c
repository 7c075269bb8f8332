/* SPDX-License-Identifier: MIT */
/* What the container runtime that loads a filter needs after that (data/runtimes.tbl).
   Said in the policy and in the log. */
#include "base/out.h"
#include "optimize/levels.h"

static const struct s2s_runtime runtimes[] = {
#include "runtimes.inc"
};

/* "crun", the newest that we know, or "crun-1.8.1". */
static bool
is_named(const struct s2s_runtime *runtime, struct s2s_sv name)
{
	if (!sv_eat(&name, sv_from(runtime->name)))
		return false;
	return name.n == 0 ||
	       (sv_eat_char(&name, '-') && sv_equal(name, sv_from(runtime->version)));
}

const struct s2s_runtime *
s2s_runtime_find(struct s2s_sv name, bool no_new_privs)
{
	const struct s2s_runtime *found = NULL;

	for (size_t i = 0; i < S2S_ARRAY_SIZE(runtimes); i++)
		if (runtimes[i].no_new_privs == no_new_privs &&
		    is_named(&runtimes[i], name))
			found = &runtimes[i];
	return found;
}

static bool
not_blank(unsigned char c)
{
	return c != ' ';
}

/* Lists the calls that are added, those that had rules of their own apart. */
static void
add_call(struct s2s_policy *policy, const struct s2s_syscall *sc,
	 struct s2s_out names[2])
{
	const struct s2s_policy_call *call = s2s_policy_find(policy, sc);
	struct s2s_out *list = &names[call != NULL];

	if (call && s2s_call_allows_all(call))
		return;
	s2s_out_printf(list, "%s%s", list->n ? ", " : "", sc->name);
	s2s_policy_allow_all(policy, sc, S2S_WHY_IMPLIED,
			     "the container's runtime needs it");
}

void
s2s_add_runtime(struct s2s_policy *policy, const struct s2s_runtime *runtime,
		const struct s2s_log *log)
{
	static const char *const how[] = {"", " whatever the arguments"};
	/* The runtime is a program of the machine: of x86_64, unless the policy is one
	   for aarch64 alone. */
	bool is_arm = policy->arches == 1U << S2S_ARCH_AARCH64;
	enum s2s_arch machine = is_arm ? S2S_ARCH_AARCH64 : S2S_ARCH_X86_64;
	struct s2s_sv calls = sv_from(runtime->calls);
	struct s2s_out names[2];

	s2s_out_memory(&names[0]);
	s2s_out_memory(&names[1]);
	while (calls.n) {
		const struct s2s_syscall *sc =
		    s2s_syscall_by_name(machine, sv_take(&calls, not_blank));

		sv_eat_char(&calls, ' ');
		if (sc)
			add_call(policy, sc, names);
	}
	for (int i = 0; i < 2; i++) {
		if (names[i].n) {
			s2s_policy_note(
			    policy,
			    "%.*s: allowed%s, since %s %s makes these calls "
			    "between loading the policy and exec (%s "
			    "noNewPrivileges).",
			    (int)names[i].n, names[i].p, how[i], runtime->name,
			    runtime->version,
			    runtime->no_new_privs ? "with" : "without");
			s2s_log(log, i ? S2S_LOG_WARNING : S2S_LOG_INFO,
				"--runtime: allowed%s: %.*s", how[i], (int)names[i].n,
				names[i].p);
		}
		s2s_out_done(&names[i]);
	}
}
