/* SPDX-License-Identifier: MIT */
/* A profile's rules through libseccomp, as crun and runc do it. */
#include "format/oci_read.h"
#include "format/scmp.h"

#include "base/map.h"
#include "base/out.h"

#include <errno.h>
#include <stdlib.h>

static enum s2s_status
refuse(const struct s2s_oci_profile *profile, const struct s2s_log *log,
       const char *what, const char *detail)
{
	struct s2s_out out;

	s2s_out_memory(&out);
	s2s_out_escaped(&out, sv_from(profile->name));
	s2s_out_printf(&out, ": %s", what);
	if (detail) {
		s2s_out_str(&out, ": ");
		s2s_out_escaped(&out, sv_from(detail));
	}
	s2s_log(log, S2S_LOG_ERROR, "%.*s", (int)out.n, out.p);
	s2s_out_done(&out);
	return S2S_SYNTAX;
}

/* What libseccomp adds to socketcall or ipc as well. */
static bool
has_other_form(const struct s2s_oci_profile *profile, const char *name)
{
	const struct s2s_syscall *other;

	return s2s_oci_arches(profile) >> S2S_ARCH_I386 & 1 &&
	       s2s_syscall_through(S2S_ARCH_I386, sv_from(name), &other);
}

void
s2s_oci_find_unheard(struct s2s_oci_profile *profile)
{
	S2S_CLEANUP(s2s_atoms_done) struct s2s_atoms bare = {0};
	size_t n_bare;

	for (size_t i = 0; i < profile->n; i++) {
		struct s2s_oci_rule *rule = &profile->rule[i];

		rule->unheard = rule->action == profile->fallback;
		if (rule->unheard || rule->n || has_other_form(profile, rule->name))
			continue;
		n_bare = bare.n;
		s2s_atom_intern(&bare, sv_from(rule->name));
		rule->unheard = bare.n == n_bare;
	}
	n_bare = bare.n;
	for (size_t i = 0; i < profile->n; i++) {
		s2s_atom name;

		if (profile->rule[i].n == 0)
			continue;
		name = s2s_atom_intern(&bare, sv_from(profile->rule[i].name));
		profile->rule[i].unheard |= name && name < n_bare;
	}
}

static enum s2s_status
add_all(const struct s2s_oci_profile *profile, const struct s2s_log *log,
	scmp_filter_ctx ctx)
{
	/* An architecture of the other byte order cannot be in the same filter. */
	for (size_t i = 0; i < profile->n_arches; i++)
		if (seccomp_arch_exist(ctx, profile->arch[i].token) != 0)
			seccomp_arch_add(ctx, profile->arch[i].token);
	for (size_t i = 0; i < profile->n; i++) {
		const struct s2s_oci_rule *rule = &profile->rule[i];
		int nr = seccomp_syscall_resolve_name(rule->name), rc;

		if (nr == __NR_SCMP_ERROR || rule->action == profile->fallback)
			continue;
		rc = seccomp_rule_add_array(ctx, rule->action, nr, rule->n, rule->cmp);
		if (rc != 0 && rc != -EEXIST)
			return refuse(profile, log, "libseccomp refuses a rule",
				      rule->name);
	}
	return S2S_OK;
}

/* Each of them needs an instruction at least. */
static size_t
known_rules(const struct s2s_oci_profile *profile)
{
	size_t n = 0;

	for (size_t i = 0; i < profile->n; i++)
		n += profile->rule[i].action != profile->fallback &&
		     seccomp_syscall_resolve_name(profile->rule[i].name) !=
			 __NR_SCMP_ERROR;
	return n;
}

enum s2s_status
s2s_oci_compile(const struct s2s_oci_profile *profile, const struct s2s_log *log,
		struct s2s_filter *ret)
{
	scmp_filter_ctx ctx = NULL;
	const struct s2s_oci_rule *endless = s2s_oci_endless(profile);
	enum s2s_status status;
	uint32_t machine;
	int rc;

	*ret = (struct s2s_filter){0};
	if (known_rules(profile) > S2S_FILTER_MAX)
		return refuse(
		    profile, log,
		    "more rules than the kernel takes instructions of a filter", NULL);
	ctx = seccomp_init(profile->fallback);
	if (!ctx)
		return refuse(profile, log, "libseccomp refuses the default action",
			      NULL);
	machine = s2s_scmp_arch(s2s_oci_machine(profile));
	if (seccomp_arch_native() != machine) {
		seccomp_arch_add(ctx, machine);
		seccomp_arch_remove(ctx, seccomp_arch_native());
	}
	status = endless
		     ? refuse(profile, log,
			      "several arguments compared by other than EQ and "
			      "MASKED_EQ, in rules with which libseccomp does not end",
			      endless->name)
		     : add_all(profile, log, ctx);
	if (status == S2S_OK && (rc = s2s_scmp_take(ctx, ret)) != 0) {
		refuse(profile, log, "libseccomp makes no filter of it",
		       s2s_scmp_reason(rc));
		status = S2S_SYSTEM;
	}
	seccomp_release(ctx);
	return status;
}
