/* SPDX-License-Identifier: MIT */
/* spo: the SeccompProfile resource of the Kubernetes Security Profiles Operator, whose
   nodes get it as the profile of a container. The same entries as oci; it has no error
   number of the default action, and its numbers are those of JSON schemas. */
#include "format/c_text.h"
#include "format/formats.h"
#include "format/names.h"
#include "format/oci.h"

#include <inttypes.h>

enum { WIDTH = 88 };

static void
out_name(void *self, const struct s2s_syscall *sc)
{
	s2s_names_add(self, sc->name);
}

/* Begins an entry; its names are added and ended by the caller. */
static struct s2s_names
begin_entry(struct s2s_out *out, struct s2s_action action)
{
	struct s2s_names names = {out, "        ", ", ", ",", WIDTH, 0};
	bool data;

	s2s_out_printf(out, "    - action: %s\n", s2s_oci_action(action, &data));
	if (data)
		s2s_out_printf(out, "      errnoRet: \"%u\"\n", action.data);
	s2s_out_str(out, "      names: [\n");
	return names;
}

static void
end_entry(struct s2s_names *names)
{
	s2s_names_end(names);
	s2s_out_str(names->out, "      ]\n");
}

struct writer {
	struct s2s_out *out;
	const struct s2s_oci *oci;
};

static void
out_answer(void *self, const struct s2s_syscall *sc)
{
	struct writer *w = self;
	struct s2s_action action;
	struct s2s_names names;

	s2s_oci_own_answer(w->oci, sc, &action);
	s2s_out_str(w->out, "    # stopped otherwise than others\n");
	names = begin_entry(w->out, action);
	s2s_names_add(&names, sc->name);
	end_entry(&names);
}

static void
out_lists(struct s2s_out *out, const struct s2s_oci *oci)
{
	const struct s2s_action allow = {S2S_ACTION_ALLOW, 0};
	struct writer w = {out, oci};
	struct s2s_names names;
	size_t bare = 0;

	if (oci->lists_forbidden) {
		s2s_out_str(out,
			    "    # what this policy forbids; other names are newer\n");
		names = begin_entry(out, oci->policy->action);
		s2s_oci_forbidden(oci, out_name, &names);
		end_entry(&names);
	}
	s2s_oci_answered(oci, out_answer, &w);
	for (size_t i = 0; i < oci->n; i++) {
		if (oci->entry[i].n)
			continue;
		if (bare++ == 0) {
			s2s_out_str(out, "    # whatever the arguments\n");
			names = begin_entry(out, allow);
		}
		s2s_names_add(&names, oci->entry[i].call->sc->name);
	}
	if (bare)
		end_entry(&names);
}

static void
out_cmp(struct s2s_out *out, const struct s2s_scmp_cmp *cmp)
{
	s2s_out_printf(out, "        - index: %u\n", cmp->arg);
	if (cmp->mask == UINT64_MAX)
		s2s_out_printf(out,
			       "          op: SCMP_CMP_EQ\n"
			       "          value: %" PRIu64 "\n",
			       cmp->value);
	else
		s2s_out_printf(out,
			       "          op: SCMP_CMP_MASKED_EQ\n"
			       "          value: %" PRIu64 "\n"
			       "          valueTwo: %" PRIu64 "\n",
			       cmp->mask, cmp->value);
}

static void
out_entry(struct s2s_out *out, const struct s2s_oci_entry *entry)
{
	const struct s2s_action allow = {S2S_ACTION_ALLOW, 0};
	S2S_CLEANUP(s2s_out_done) struct s2s_out text;
	struct s2s_names names;

	s2s_out_memory(&text);
	if (entry->first) {
		s2s_format_rule(&text, entry->call->sc, entry->rule);
		s2s_out_str(&text, "; ");
		s2s_c_provenance(&text, entry->call, entry->rule);
		s2s_c_wrap(out, "    # ", "    # ", s2s_out_text(&text), "");
	}
	names = begin_entry(out, allow);
	s2s_names_add(&names, entry->call->sc->name);
	end_entry(&names);
	s2s_out_str(out, "      args:\n");
	for (uint8_t i = 0; i < entry->n; i++)
		out_cmp(out, &entry->cmp[i]);
}

enum s2s_status
s2s_format_spo(struct s2s_out *out, const struct s2s_format_input *in,
	       const struct s2s_format_options *opts)
{
	static const struct s2s_oci_language language = {.signed_values = true};
	S2S_CLEANUP(s2s_oci_done) struct s2s_oci oci = {0};
	const char *name;
	bool data;

	TRY(s2s_oci_plan(in->policy, &language, opts, &oci));
	s2s_text_head(out, "# ", in->policy, &oci.loss, opts);
	s2s_out_printf(out,
		       "apiVersion: security-profiles-operator.x-k8s.io/v1beta1\n"
		       "kind: SeccompProfile\n"
		       "metadata:\n"
		       "  name: strace2seccomp\n"
		       "spec:\n"
		       "  defaultAction: %s\n"
		       "  architectures: [",
		       s2s_oci_action(oci.fallback, &data));
	for (size_t i = 0; (name = s2s_oci_arch(&oci, i)) != NULL; i++)
		s2s_out_printf(out, "%s%s", i ? ", " : "", name);
	s2s_out_str(out, "]\n  syscalls:\n");
	out_lists(out, &oci);
	for (size_t i = 0; i < oci.n; i++)
		if (oci.entry[i].n)
			out_entry(out, &oci.entry[i]);
	return out->status;
}
