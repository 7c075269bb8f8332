/* SPDX-License-Identifier: MIT */
/* A profile's rules through libseccomp, as crun and runc do it, and what comes of it
   compared with what the rules say. */
#include "format/format.h"
#include "format/oci_read.h"
#include "format/scmp.h"

#include "base/out.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

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

static enum s2s_status
add_all(const struct s2s_oci_profile *profile, const struct s2s_log *log,
	scmp_filter_ctx ctx)
{
	/* An architecture of the other byte order cannot be in the same filter. */
	for (size_t i = 0; i < profile->n_arches; i++)
		if (seccomp_arch_exist(ctx, profile->arch[i]) != 0)
			seccomp_arch_add(ctx, profile->arch[i]);
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

/* 0 or -errno */
static int
export_filter(scmp_filter_ctx ctx, struct s2s_filter *ret)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	int rc;

	if (fd < 0)
		return -errno;
	rc = seccomp_export_bpf(ctx, fd);
	if (rc == 0)
		rc = s2s_scmp_read(fd, ret);
	close(fd);
	return rc;
}

static bool
lists(const struct s2s_oci_profile *profile, uint32_t arch)
{
	for (size_t i = 0; i < profile->n_arches; i++)
		if (profile->arch[i] == arch)
			return true;
	return false;
}

/* libseccomp begins with the machine's own architecture, listed or not. */
static uint32_t
machine_of(const struct s2s_oci_profile *profile)
{
	bool is_arm = lists(profile, SCMP_ARCH_AARCH64) &&
		      !lists(profile, SCMP_ARCH_X86_64) &&
		      !lists(profile, SCMP_ARCH_X86);

	return is_arm ? SCMP_ARCH_AARCH64 : SCMP_ARCH_X86_64;
}

enum s2s_status
s2s_oci_compile(const struct s2s_oci_profile *profile, const struct s2s_log *log,
		struct s2s_filter *ret)
{
	scmp_filter_ctx ctx = seccomp_init(profile->fallback);
	enum s2s_status status;
	uint32_t machine;
	int rc;

	*ret = (struct s2s_filter){0};
	if (!ctx)
		return refuse(profile, log, "libseccomp refuses the default action",
			      NULL);
	machine = machine_of(profile);
	if (seccomp_arch_native() != machine) {
		seccomp_arch_add(ctx, machine);
		seccomp_arch_remove(ctx, seccomp_arch_native());
	}
	status = add_all(profile, log, ctx);
	if (status == S2S_OK && (rc = export_filter(ctx, ret)) != 0) {
		refuse(profile, log, "libseccomp makes no filter of it", strerror(-rc));
		status = S2S_SYSTEM;
	}
	seccomp_release(ctx);
	return status;
}

/* Where the default lets pass or asks a tracer, runc adds nothing. */
static bool
has_runc_test(const struct s2s_oci_profile *profile)
{
	uint32_t action = profile->fallback & SECCOMP_RET_ACTION_FULL;

	return lists(profile, SCMP_ARCH_X86_64) && action != SECCOMP_RET_ALLOW &&
	       action != SECCOMP_RET_LOG && action != SECCOMP_RET_TRACE;
}

void
s2s_oci_add_runc(const struct s2s_oci_profile *profile, struct s2s_filter *filter)
{
	int last = 0;

	for (size_t i = 0; i < profile->n; i++) {
		int nr = seccomp_syscall_resolve_name(profile->rule[i].name);

		last = nr > last ? nr : last;
	}
	if (!has_runc_test(profile) || last == 0)
		return;

	const struct sock_filter test[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 4),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, S2S_X32_BIT, 2, 0),
	    BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)last, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	};
	size_t n = S2S_ARRAY_SIZE(test);

	filter->insn = s2s_realloc(filter->insn, filter->n + n, sizeof *filter->insn);
	memmove(filter->insn + n, filter->insn, filter->n * sizeof *filter->insn);
	memcpy(filter->insn, test, sizeof test);
	filter->n += n;
}

/* ---- does it do what the rules say? ---- */

enum { VALUES_MAX = 64, POINTS_MAX = 20000 };

static bool
holds(const struct scmp_arg_cmp *cmp, uint64_t x)
{
	switch (cmp->op) {
	case SCMP_CMP_NE:
		return x != cmp->datum_a;
	case SCMP_CMP_LT:
		return x < cmp->datum_a;
	case SCMP_CMP_LE:
		return x <= cmp->datum_a;
	case SCMP_CMP_EQ:
		return x == cmp->datum_a;
	case SCMP_CMP_GE:
		return x >= cmp->datum_a;
	case SCMP_CMP_GT:
		return x > cmp->datum_a;
	case SCMP_CMP_MASKED_EQ:
		return (x & cmp->datum_a) == cmp->datum_b;
	default:
		return false;
	}
}

static bool
matches(const struct s2s_oci_rule *rule, const uint64_t args[6])
{
	for (unsigned i = 0; i < rule->n; i++)
		if (!holds(&rule->cmp[i], args[rule->cmp[i].arg]))
			return false;
	return true;
}

/* False where rules with several actions match, or one that equals the default, which
   runtimes leave out: then the profile says nothing definite. */
static bool
said(const struct s2s_oci_profile *profile, const char *name, const uint64_t args[6],
     uint32_t *ret)
{
	bool any = false;

	*ret = profile->fallback;
	for (size_t i = 0; i < profile->n; i++) {
		const struct s2s_oci_rule *rule = &profile->rule[i];

		if (strcmp(rule->name, name) != 0 || !matches(rule, args))
			continue;
		if (rule->action == profile->fallback || (any && *ret != rule->action))
			return false;
		*ret = rule->action;
		any = true;
	}
	return true;
}

/* Values at and around what the call's rules compare an argument with. */
struct values {
	uint64_t v[VALUES_MAX];
	size_t n;
};

static void
add_value(struct values *values, uint64_t v)
{
	for (size_t i = 0; i < values->n; i++)
		if (values->v[i] == v)
			return;
	if (values->n < VALUES_MAX)
		values->v[values->n++] = v;
}

static void
collect(const struct s2s_oci_profile *profile, const char *name,
	struct values values[6])
{
	for (size_t i = 0; i < profile->n; i++) {
		const struct s2s_oci_rule *rule = &profile->rule[i];

		for (unsigned k = 0; strcmp(rule->name, name) == 0 && k < rule->n;
		     k++) {
			const struct scmp_arg_cmp *cmp = &rule->cmp[k];
			uint64_t at =
			    cmp->op == SCMP_CMP_MASKED_EQ ? cmp->datum_b : cmp->datum_a;

			add_value(&values[cmp->arg], at);
			add_value(&values[cmp->arg], at + 1);
			add_value(&values[cmp->arg], at - 1);
			if (cmp->op == SCMP_CMP_MASKED_EQ)
				add_value(&values[cmp->arg], at | ~cmp->datum_a);
		}
	}
	for (int a = 0; a < 6; a++)
		if (values[a].n == 0)
			add_value(&values[a], 0);
}

static void
say_difference(const struct s2s_oci_profile *profile, const char *name,
	       const uint64_t args[6], const uint32_t verdict[2],
	       const struct s2s_log *log)
{
	struct s2s_out out;

	s2s_out_memory(&out);
	s2s_out_escaped(&out, sv_from(profile->name));
	s2s_out_printf(&out,
		       ": the filter that a runtime loads differs from the profile: "
		       "%s(",
		       name);
	for (int i = 0; i < 6; i++)
		s2s_out_printf(&out, "%s0x%llx", i ? ", " : "",
			       (unsigned long long)args[i]);
	s2s_out_str(&out, ") gets ");
	s2s_verdict_print(&out, verdict[0]);
	s2s_out_str(&out, " from libseccomp, and ");
	s2s_verdict_print(&out, verdict[1]);
	s2s_out_str(&out, " is what the rules say; it compiles only EQ and MASKED_EQ "
			  "right where a call has several rules");
	s2s_log(log, S2S_LOG_WARNING, "%.*s", (int)out.n, out.p);
	s2s_out_done(&out);
}

/* All combinations of the values of one call; of too many, some from all over. */
static bool
compare_call(const struct s2s_oci_profile *profile, const struct s2s_filter *filter,
	     const struct s2s_syscall *sc, const char *name, const struct s2s_log *log)
{
	struct seccomp_data data = {.nr = (int)sc->nr,
				    .arch = s2s_arch_audit(sc->arch)};
	struct values values[6] = {0};
	uint64_t args[6];
	uint32_t verdict[2];
	size_t all = 1, step;

	collect(profile, name, values);
	for (int a = 0; a < 6; a++)
		all *= values[a].n;
	step = all > POINTS_MAX ? all / POINTS_MAX | 1 : 1;
	for (size_t point = 0; point < all; point += step) {
		size_t rest = point;

		for (int a = 0; a < 6; a++) {
			args[a] = values[a].v[rest % values[a].n];
			rest /= values[a].n;
		}
		memcpy(data.args, args, sizeof data.args);
		if (!said(profile, name, args, &verdict[1]))
			continue;
		verdict[0] = s2s_filter_run(filter->insn, filter->n, &data, NULL);
		if (verdict[0] == verdict[1])
			continue;
		say_difference(profile, sc->name, args, verdict, log);
		return true;
	}
	return false;
}

static bool
is_first(const struct s2s_oci_profile *profile, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(profile->rule[i].name, profile->rule[at].name) == 0)
			return false;
	return true;
}

bool
s2s_oci_compare(const struct s2s_oci_profile *profile, const struct s2s_filter *filter,
		const struct s2s_log *log)
{
	uint32_t machine = machine_of(profile);
	enum s2s_arch arch =
	    machine == SCMP_ARCH_AARCH64 ? S2S_ARCH_AARCH64 : S2S_ARCH_X86_64;
	bool differs = false;

	for (size_t i = 0; i < profile->n; i++) {
		const char *name = profile->rule[i].name;
		const struct s2s_syscall *sc = s2s_syscall_by_name(arch, sv_from(name));

		/* Names without a rule in the filter are another matter. */
		if (!sc ||
		    seccomp_syscall_resolve_name_arch(machine, name) != (int)sc->nr ||
		    !is_first(profile, i))
			continue;
		differs = compare_call(profile, filter, sc, name, log) || differs;
	}
	return differs;
}
