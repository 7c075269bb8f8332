/* SPDX-License-Identifier: MIT */
/* s2s_convert(): a policy that somebody else wrote, in another format. */
#include "format/loss.h"
#include "format/oci_read.h"
#include "pipe/make.h"
#include "pipe/trace.h"

static enum s2s_status
unusable(const struct s2s_log *log, const char *name, const char *what)
{
	struct s2s_out out;

	s2s_out_memory(&out);
	s2s_out_escaped(&out, sv_from(name));
	s2s_log(log, S2S_LOG_ERROR, "%.*s: %s", (int)out.n, out.p, what);
	s2s_out_done(&out);
	return S2S_USAGE;
}

/* Options that say how a trace becomes a policy: there is none here. */
static enum s2s_status
check_options(const struct s2s_generate_options *o, const char *name,
	      const struct s2s_log *log)
{
	if (o->level || o->level_of || o->allow || o->deny || o->also || o->action ||
	    o->unknown || o->installed_by || o->no_implied || o->fit)
		return unusable(log, name,
				"a policy that is made already: only options about the "
				"output go with it");
	return S2S_OK;
}

enum s2s_status
s2s_oci_host(const struct s2s_host_options *opts, const struct s2s_log *log,
	     struct s2s_oci_host *ret)
{
	*ret = (struct s2s_oci_host){.caps = opts->caps};
	if (!s2s_arch_asked(opts->arch, log, &ret->machine))
		return S2S_USAGE;
	if (ret->machine == S2S_ARCH_I386)
		ret->machine = S2S_ARCH_X86_64;
	if (opts->runtime && !s2s_runtime_find(sv_from(opts->runtime), true)) {
		s2s_log(
		    log, S2S_LOG_ERROR,
		    "--runtime=%s: crun, runc or one of them with a version that we "
		    "know is wanted",
		    opts->runtime);
		return S2S_USAGE;
	}
	ret->runc = opts->runtime && sv_starts(sv_from(opts->runtime), SV("runc"));
	if (!opts->kernel || s2s_oci_kernel(sv_from(opts->kernel), &ret->kernel))
		return S2S_OK;
	s2s_log(log, S2S_LOG_ERROR, "--kernel=%s: a version is wanted, as 6.1",
		opts->kernel);
	return S2S_USAGE;
}

/* What a policy cannot say of the profile stands in the output's notes. */
static void
note_loss(struct s2s_policy *policy, const char *name, const struct s2s_loss *loss)
{
	const struct s2s_out *texts[] = {&loss->text, &loss->remarks};

	s2s_policy_note(policy, "Converted from %s.", name);
	for (int i = 0; i < 2; i++) {
		struct s2s_sv text = s2s_out_text(texts[i]), line;

		while (s2s_loss_next(&text, &line))
			s2s_policy_note(policy, "%.*s", (int)line.n, line.p);
	}
}

static void
forget_arch(struct s2s_policy *policy, enum s2s_arch arch)
{
	size_t kept = 0;

	while (policy->n > kept) {
		const struct s2s_syscall *sc = policy->calls[kept].sc;

		if (sc->arch == arch)
			s2s_policy_remove(policy, sc);
		else
			kept++;
	}
	kept = 0;
	for (size_t i = 0; i < policy->n_answers; i++)
		if (policy->answers[i].sc->arch != arch)
			policy->answers[kept++] = policy->answers[i];
	policy->n_answers = kept;
	policy->arches &= ~(1U << arch);
}

/* Of several architectures a format may serve the first only. */
static void
keep_one_arch(struct s2s_policy *policy, struct s2s_loss *loss)
{
	enum s2s_arch first = (enum s2s_arch)__builtin_ctz(policy->arches);

	for (int arch = (int)first + 1; arch < S2S_ARCH_COUNT; arch++) {
		if (!(policy->arches >> arch & 1))
			continue;
		forget_arch(policy, (enum s2s_arch)arch);
		s2s_loss_add(loss,
			     "The format serves %s alone, and the profile allows calls "
			     "of %s too, which are forbidden.",
			     s2s_arch_name(first), s2s_arch_name((enum s2s_arch)arch));
	}
}

static void
note_answers(struct s2s_policy *policy)
{
	for (size_t i = 0; i < policy->n_answers; i++) {
		struct s2s_out text;

		s2s_out_memory(&text);
		s2s_verdict_print(&text, s2s_action_ret(policy->answers[i].action));
		s2s_policy_note(policy, "%s is answered with %.*s.",
				policy->answers[i].sc->name, (int)text.n, text.p);
		s2s_out_done(&text);
	}
}

static enum s2s_status
read_profile(struct s2s_sv bytes, const char *name, const struct s2s_host_options *on,
	     const struct s2s_format_options *write, struct s2s_made *made)
{
	S2S_CLEANUP(s2s_oci_profile_done) struct s2s_oci_profile profile = {0};
	S2S_CLEANUP(s2s_filter_done) struct s2s_filter loaded = {0};
	S2S_CLEANUP(s2s_loss_done) struct s2s_loss loss;
	const struct s2s_format *format = s2s_format_find(sv_from(write->format));
	struct s2s_oci_host host;

	s2s_loss_init(&loss);
	loss.of_profile = true;
	TRY(s2s_oci_host(on, write->log, &host));
	TRY(s2s_oci_parse(bytes, name, &host, write->log, &profile));
	TRY(s2s_oci_compile(&profile, write->log, &loaded));
	s2s_oci_compare(&profile, &loaded, write->log);
	TRY(s2s_oci_policy(&profile, write->log, &loss, &made->policy));
	if (!format->many_arches)
		keep_one_arch(made->policy, &loss);
	if (!format->answers)
		s2s_oci_drop_answers(made->policy, format->whole_answers, &loss);
	note_loss(made->policy, name, &loss);
	note_answers(made->policy);
	return s2s_loss_end(&loss, write);
}

static enum s2s_status
convert_profile(struct s2s_sv bytes, const char *name,
		const struct s2s_host_options *on, const struct s2s_plan *plan,
		struct s2s_out *out)
{
	S2S_CLEANUP(s2s_made_done) struct s2s_made made = {0};
	struct s2s_format_input in = {NULL, NULL, &made.filter};

	TRY(read_profile(bytes, name, on, &plan->write, &made));
	if (plan->optimize.runtime)
		s2s_add_runtime(made.policy, plan->optimize.runtime, plan->write.log);
	s2s_plan_compile(plan, made.policy, &made.filter);
	in.policy = made.policy;
	TRY(s2s_check_arches(plan, made.policy, plan->write.log));
	TRY(plan->format->write(out, &in, &plan->write));
	TRY(s2s_prove_filter(&made, plan->write.log));
	s2s_say_powers(made.policy, plan->write.log);
	return s2s_out_end(out);
}

/* A filter says less than a policy: only what writes filters can write it. */
static enum s2s_status
convert_filter(struct s2s_sv bytes, const char *name, const struct s2s_plan *plan,
	       struct s2s_out *out)
{
	S2S_CLEANUP(s2s_filter_done) struct s2s_filter filter = {0};
	struct s2s_format_input in = {NULL, NULL, &filter};

	TRY(s2s_read_filter(bytes, name, NULL, plan->write.log, &filter));
	if (!plan->format->of_filter)
		return unusable(
		    plan->write.log, name,
		    "a filter, which becomes bpf-c or bpf-text only: it says "
		    "less than a policy");
	TRY(plan->format->write(out, &in, &plan->write));
	return s2s_out_end(out);
}

static bool
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool
s2s_is_profile(const void *bytes, size_t n)
{
	return sv_starts((struct s2s_sv){bytes, n}, SV("# strace2seccomp profile "));
}

enum s2s_status
s2s_convert(const char *name, const void *bytes, size_t n,
	    const struct s2s_host_options *host,
	    const struct s2s_generate_options *opts, const struct s2s_log *log,
	    struct s2s_bytes *ret_policy, struct s2s_bytes *ret_header)
{
	S2S_CLEANUP(s2s_plan_done) struct s2s_plan plan;
	S2S_CLEANUP(s2s_out_done) struct s2s_out out;
	struct s2s_sv text = {bytes, n};
	enum s2s_status status;

	s2s_out_memory(&out);
	TRY(s2s_plan_init(&plan, opts, log));
	TRY(check_options(opts, name, log));
	if (plan.format->of_tree)
		return unusable(log, name,
				"only what was seen becomes this format: a policy does "
				"not tell");
	sv_take(&text, is_blank);
	if (sv_peek(text) == '{')
		status =
		    convert_profile((struct s2s_sv){bytes, n}, name, host, &plan, &out);
	else
		status = convert_filter((struct s2s_sv){bytes, n}, name, &plan, &out);
	if (status == S2S_LIMIT)
		status = S2S_SYSTEM;
	TRY(status);
	if (ret_header)
		TRY(s2s_write_header(&plan, ret_header));
	s2s_bytes_take(ret_policy, &out);
	return S2S_OK;
}
