/* SPDX-License-Identifier: MIT */
/* oci: the "seccomp" object of a container's configuration, as Docker, Podman,
   containerd, CRI-O and Kubernetes take it too. "comment" is no member that they look
   at. */
#include "format/oci.h"
#include "format/c_text.h"
#include "format/formats.h"
#include "format/names.h"
#include "s2s.h"

#include <inttypes.h>

struct writer {
	struct s2s_out *out;
	const struct s2s_oci *oci;
	bool short_form;
	bool comma; /* before the next entry */
	size_t names, column;
};

const char *
s2s_oci_action(struct s2s_action action, bool *ret_data)
{
	static const char *const names[] = {
	    [S2S_ACTION_ALLOW] = "SCMP_ACT_ALLOW",
	    [S2S_ACTION_KILL_PROCESS] = "SCMP_ACT_KILL_PROCESS",
	    [S2S_ACTION_KILL_THREAD] = "SCMP_ACT_KILL_THREAD",
	    [S2S_ACTION_TRAP] = "SCMP_ACT_TRAP",
	    [S2S_ACTION_ERRNO] = "SCMP_ACT_ERRNO",
	    [S2S_ACTION_TRACE] = "SCMP_ACT_TRACE",
	    [S2S_ACTION_LOG] = "SCMP_ACT_LOG",
	    [S2S_ACTION_NOTIFY] = "SCMP_ACT_NOTIFY",
	};

	*ret_data = action.kind == S2S_ACTION_ERRNO || action.kind == S2S_ACTION_TRACE;
	return names[action.kind];
}

static void
out_action(struct s2s_out *out, const char *key, const char *errno_key,
	   struct s2s_action action)
{
	bool data;

	s2s_out_printf(out, "\"%s\": \"%s\"", key, s2s_oci_action(action, &data));
	if (data)
		s2s_out_printf(out, ", \"%s\": %u", errno_key, action.data);
}

/* ---- entries ---- */

static void
begin_entry(struct writer *w)
{
	s2s_out_str(w->out, w->comma ? ",\n\t\t{\"names\": [" : "\n\t\t{\"names\": [");
	w->comma = true;
	w->names = 0;
	w->column = 28;
}

static void
out_name(void *self, const struct s2s_syscall *sc)
{
	struct writer *w = self;
	size_t n = strlen(sc->name) + 4;

	if (w->names++)
		s2s_out_str(w->out, ",");
	if (w->column + n > S2S_C_WIDTH) {
		s2s_out_str(w->out, "\n\t\t\t");
		w->column = 24;
	} else if (w->names > 1) {
		s2s_out_char(w->out, ' ');
	}
	w->column += n;
	s2s_out_printf(w->out, "\"%s\"", sc->name);
}

static void
out_comment(struct writer *w, struct s2s_sv text)
{
	if (w->short_form || text.n == 0)
		return;
	s2s_out_str(w->out, ",\n\t\t \"comment\": ");
	s2s_out_json(w->out, text);
}

static bool
is_bare(const struct s2s_oci_entry *entry)
{
	return entry->n == 0;
}

static void
out_bare(struct writer *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->oci->n; i++)
		if (is_bare(&w->oci->entry[i])) {
			if (n++ == 0)
				begin_entry(w);
			out_name(w, w->oci->entry[i].call->sc);
		}
	if (n == 0)
		return;
	s2s_out_str(w->out, "],\n\t\t \"action\": \"SCMP_ACT_ALLOW\"");
	out_comment(w, SV("whatever the arguments"));
	s2s_out_char(w->out, '}');
}

static void
out_forbidden(struct writer *w)
{
	if (!w->oci->lists_forbidden)
		return;
	begin_entry(w);
	s2s_oci_forbidden(w->oci, out_name, w);
	s2s_out_str(w->out, "],\n\t\t ");
	out_action(w->out, "action", "errnoRet", w->oci->policy->action);
	out_comment(w, SV("what this policy forbids; other names are newer"));
	s2s_out_char(w->out, '}');
}

static void
out_answer(void *self, const struct s2s_syscall *sc)
{
	struct writer *w = self;
	struct s2s_action action;

	s2s_oci_own_answer(w->oci, sc, &action);
	begin_entry(w);
	out_name(w, sc);
	s2s_out_str(w->out, "],\n\t\t ");
	out_action(w->out, "action", "errnoRet", action);
	out_comment(w, SV("stopped otherwise than others"));
	s2s_out_char(w->out, '}');
}

static void
out_cmp(struct s2s_out *out, const struct s2s_scmp_cmp *cmp)
{
	if (cmp->mask == UINT64_MAX)
		s2s_out_printf(out,
			       "{\"index\": %u, \"value\": %" PRIu64
			       ", \"op\": \"SCMP_CMP_EQ\"}",
			       cmp->arg, cmp->value);
	else
		s2s_out_printf(out,
			       "{\"index\": %u, \"value\": %" PRIu64
			       ", \"valueTwo\": %" PRIu64
			       ", \"op\": \"SCMP_CMP_MASKED_EQ\"}",
			       cmp->arg, cmp->mask, cmp->value);
}

static void
out_rule_comment(struct writer *w, const struct s2s_oci_entry *entry)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out text;

	s2s_out_memory(&text);
	s2s_format_rule(&text, entry->call->sc, entry->rule);
	s2s_out_str(&text, "; ");
	s2s_c_provenance(&text, entry->call, entry->rule);
	out_comment(w, s2s_out_text(&text));
}

static void
out_entry(struct writer *w, const struct s2s_oci_entry *entry)
{
	begin_entry(w);
	out_name(w, entry->call->sc);
	s2s_out_str(w->out, "],\n\t\t \"action\": \"SCMP_ACT_ALLOW\", \"args\": [");
	for (uint8_t i = 0; i < entry->n; i++) {
		s2s_out_str(w->out, i ? ",\n\t\t\t" : "\n\t\t\t");
		out_cmp(w->out, &entry->cmp[i]);
	}
	s2s_out_char(w->out, ']');
	if (entry->first)
		out_rule_comment(w, entry);
	s2s_out_char(w->out, '}');
}

/* ---- the profile ---- */

static void
out_line(struct s2s_out *out, struct s2s_sv line, bool *comma)
{
	s2s_out_str(out, *comma ? ",\n\t\t" : "\n\t\t");
	*comma = true;
	s2s_out_json(out, line);
}

static void
out_lines(struct s2s_out *out, const struct s2s_out *text, bool *comma)
{
	struct s2s_sv rest = s2s_out_text(text), line;

	while (s2s_loss_next(&rest, &line))
		out_line(out, line, comma);
}

static void
out_head(struct writer *w)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out text = {.fd = -1};
	bool comma = false;

	if (w->short_form)
		return;
	s2s_out_memory(&text);
	s2s_out_printf(&text,
		       "Made by strace2seccomp %s, --format=oci: make it anew rather "
		       "than edit it.\n",
		       s2s_version());
	s2s_c_summary(&text, w->oci->policy);
	s2s_out_char(&text, '\n');
	s2s_out_str(w->out, "\t\"comment\": [");
	out_lines(w->out, &text, &comma);
	out_lines(w->out, &w->oci->loss.text, &comma);
	out_lines(w->out, &w->oci->loss.remarks, &comma);
	for (size_t i = 0; i < w->oci->policy->n_notes; i++)
		out_line(w->out, sv_from(w->oci->policy->notes[i]), &comma);
	s2s_out_str(w->out, "\n\t],\n");
}

static void
out_arches(struct s2s_out *out, const struct s2s_oci *oci)
{
	const char *name;

	s2s_out_str(out, ",\n\t\"architectures\": [");
	for (size_t i = 0; (name = s2s_oci_arch(oci, i)) != NULL; i++)
		s2s_out_printf(out, "%s\"%s\"", i ? ", " : "", name);
	s2s_out_char(out, ']');
}

void
s2s_oci_write(struct s2s_out *out, const struct s2s_oci *oci, bool short_form)
{
	struct writer w = {.out = out, .oci = oci, .short_form = short_form};

	s2s_out_str(out, "{\n");
	out_head(&w);
	s2s_out_char(out, '\t');
	out_action(out, "defaultAction", "defaultErrnoRet", oci->fallback);
	out_arches(out, oci);
	s2s_out_str(out, ",\n\t\"syscalls\": [");
	out_forbidden(&w);
	s2s_oci_answered(oci, out_answer, &w);
	out_bare(&w);
	for (size_t i = 0; i < oci->n; i++)
		if (!is_bare(&oci->entry[i]))
			out_entry(&w, &oci->entry[i]);
	s2s_out_str(out, "\n\t]\n}\n");
}

enum s2s_status
s2s_format_oci(struct s2s_out *out, const struct s2s_format_input *in,
	       const struct s2s_format_options *opts)
{
	static const struct s2s_oci_language language = {.default_errno = true};
	S2S_CLEANUP(s2s_oci_done) struct s2s_oci oci = {0};

	TRY(s2s_oci_plan(in->policy, &language, opts, &oci));
	s2s_oci_write(out, &oci, false);
	return out->status;
}
