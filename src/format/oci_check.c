/* SPDX-License-Identifier: MIT */
/* What libseccomp makes of a profile, held against what its entries mean. */
#include "format/names.h"
#include "format/oci.h"

struct check {
	const struct s2s_oci *oci;
	struct s2s_runner runner;
	struct s2s_point at;
	bool differs;
};

/* What the profile means for a call, by the rules and not by libseccomp. */
static uint32_t
meant(const struct s2s_oci *oci, const struct s2s_point *point)
{
	struct s2s_action is =
	    s2s_policy_verdict(oci->said, point->audit_arch, point->nr, point->args);
	const struct s2s_syscall *sc;
	enum s2s_arch arch;

	if (!s2s_arch_from_audit(point->audit_arch, &arch) ||
	    !(oci->said->arches >> arch & 1) ||
	    (arch == S2S_ARCH_X86_64 && point->nr >= S2S_X32_BIT &&
	     point->nr != UINT32_MAX))
		return SECCOMP_RET_KILL_THREAD;
	sc = s2s_syscall_by_nr(arch, point->nr);
	if (!sc)
		return s2s_action_ret(oci->fallback);
	if (is.kind == S2S_ACTION_ALLOW && point->nr != UINT32_MAX)
		return SECCOMP_RET_ALLOW;
	if (s2s_oci_own_answer(oci, sc, &is))
		return s2s_action_ret(is);
	if (oci->lists_forbidden && s2s_by_name_forbids(oci->said, sc))
		return s2s_action_ret(oci->said->action);
	return s2s_action_ret(oci->fallback);
}

static bool
is_nameless(const struct s2s_point *point)
{
	enum s2s_arch arch;

	return point->nr < S2S_X32_BIT &&
	       s2s_arch_from_audit(point->audit_arch, &arch) &&
	       s2s_is_nameless(arch, point->nr);
}

/* Of other forms of calls libseccomp compares more than a rule can say. */
static bool
is_multiplexer(const struct s2s_point *point)
{
	const struct s2s_syscall *sc = NULL;
	enum s2s_arch arch;

	if (s2s_arch_from_audit(point->audit_arch, &arch))
		sc = s2s_syscall_by_nr(arch, point->nr);
	return sc &&
	       (strcmp(sc->name, "socketcall") == 0 || strcmp(sc->name, "ipc") == 0);
}

static bool
is_wrong(const struct check *c, const struct s2s_point *point, uint32_t does)
{
	uint32_t should = meant(c->oci, point);
	struct s2s_action policy = s2s_policy_verdict(c->oci->policy, point->audit_arch,
						      point->nr, point->args);

	return does != should &&
	       !(is_multiplexer(point) && should == SECCOMP_RET_ALLOW &&
		 policy.kind != S2S_ACTION_ALLOW);
}

static bool
check_point(void *self, const struct s2s_point *point)
{
	struct check *c = self;
	struct seccomp_data data = {.nr = (int)point->nr, .arch = point->audit_arch};

	if (is_nameless(point))
		return true; /* hangs on libseccomp's names */
	memcpy(data.args, point->args, sizeof data.args);
	c->differs = is_wrong(c, point, s2s_runner_run(&c->runner, &data));
	c->at = *point;
	return !c->differs;
}

enum s2s_status
s2s_oci_check(const struct s2s_oci *oci, const struct s2s_filter *filter,
	      const struct s2s_log *log)
{
	struct check c = {
	    .oci = oci,
	    .runner = {.insn = filter->insn, .n = filter->n},
	};

	s2s_policy_points(oci->said, check_point, &c);
	if (!c.differs)
		return S2S_OK;
	s2s_log(
	    log, S2S_LOG_ERROR,
	    "what libseccomp makes of the profile differs from it at call %u of "
	    "architecture 0x%08x (0x%llx, 0x%llx, 0x%llx), a bug in strace2seccomp; "
	    "nothing was written",
	    c.at.nr, c.at.audit_arch, (unsigned long long)c.at.args[0],
	    (unsigned long long)c.at.args[1], (unsigned long long)c.at.args[2]);
	return S2S_INTERNAL;
}
