/* SPDX-License-Identifier: MIT */
#include "format/loss.h"

#include "format/c_text.h"
#include "s2s.h"

void
s2s_loss_init(struct s2s_loss *loss)
{
	*loss = (struct s2s_loss){0};
	s2s_out_memory(&loss->text);
	s2s_out_memory(&loss->remarks);
}

void
s2s_loss_done(struct s2s_loss *loss)
{
	s2s_out_done(&loss->text);
	s2s_out_done(&loss->remarks);
}

void
s2s_loss_add(struct s2s_loss *loss, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	s2s_out_vprintf(&loss->text, fmt, ap);
	va_end(ap);
	s2s_out_char(&loss->text, '\n');
}

void
s2s_loss_remark(struct s2s_loss *loss, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	s2s_out_vprintf(&loss->remarks, fmt, ap);
	va_end(ap);
	s2s_out_char(&loss->remarks, '\n');
}

void
s2s_loss_wider(struct s2s_loss *loss, const char *why)
{
	if (loss->wider)
		s2s_loss_add(loss, "%zu rule%s wider than the policy's: %s.",
			     loss->wider, loss->wider == 1 ? " is" : "s are", why);
}

bool
s2s_loss_next(struct s2s_sv *text, struct s2s_sv *ret)
{
	const char *end = text->n ? memchr(text->p, '\n', text->n) : NULL;

	if (!end)
		return false;
	*ret = (struct s2s_sv){text->p, (size_t)(end - text->p)};
	sv_skip(text, ret->n + 1);
	return true;
}

enum s2s_status
s2s_loss_end(const struct s2s_loss *loss, const struct s2s_format_options *opts)
{
	struct s2s_sv text = s2s_out_text(&loss->text), line;

	while (s2s_loss_next(&text, &line))
		s2s_log(opts->log, opts->exact ? S2S_LOG_ERROR : S2S_LOG_WARNING,
			"--format=%s: %.*s", opts->format, (int)line.n, line.p);
	if (!loss->text.n || !opts->exact)
		return S2S_OK;
	s2s_log(opts->log, S2S_LOG_ERROR, "--exact: --format=%s cannot say this %s",
		opts->format,
		loss->of_profile ? "profile as it is"
				 : "policy as it is; bpf, bpf-c and c can");
	return S2S_USAGE;
}

size_t
s2s_restricted_rules(const struct s2s_policy *policy)
{
	size_t n = 0;

	for (size_t i = 0; i < policy->n; i++)
		for (size_t k = 0; k < policy->calls[i].n; k++)
			n += !s2s_rule_is_any(&policy->calls[i].rules[k]);
	return n;
}

static void
out_lines(struct s2s_out *out, const char *prefix, struct s2s_sv text)
{
	struct s2s_sv line;

	while (s2s_loss_next(&text, &line))
		s2s_c_wrap(out, prefix, prefix, line, "");
}

void
s2s_text_head(struct s2s_out *out, const char *prefix, const struct s2s_policy *policy,
	      const struct s2s_loss *loss, const struct s2s_format_options *opts)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out text;

	s2s_out_memory(&text);
	s2s_out_printf(
	    &text,
	    "Made by strace2seccomp %s, --format=%s: make it anew rather than "
	    "edit it.",
	    s2s_version(), opts->format);
	s2s_c_wrap(out, prefix, prefix, s2s_out_text(&text), "");
	s2s_out_done(&text);
	s2s_out_memory(&text);
	s2s_c_summary(&text, policy);
	s2s_c_wrap(out, prefix, prefix, s2s_out_text(&text), "");
	out_lines(out, prefix, s2s_out_text(&loss->text));
	out_lines(out, prefix, s2s_out_text(&loss->remarks));
	for (size_t i = 0; i < policy->n_notes; i++)
		s2s_c_wrap(out, prefix, prefix, sv_from(policy->notes[i]), "");
}
