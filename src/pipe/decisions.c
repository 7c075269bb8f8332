/* SPDX-License-Identifier: MIT */
/* Each rule of a policy in the log, at level debug. */
#include "pipe/make.h"

#include <inttypes.h>

static void
put_origin(struct s2s_out *out, const struct s2s_policy_call *call,
	   const struct s2s_rule *rule)
{
	if (rule->first.file) {
		s2s_out_printf(out, "; seen %" PRIu64 " times, first ", rule->count);
		s2s_out_escaped(out, sv_from(rule->first.file));
		s2s_out_printf(out, ":%" PRIu64, rule->first.line);
	}
	switch (rule->why) {
	case S2S_WHY_SEEN:
		s2s_out_printf(out, "; level %s", call->level ? call->level : "none");
		return;
	case S2S_WHY_HARMLESS:
		s2s_out_str(out, "; harmless: ");
		break;
	case S2S_WHY_IMPLIED:
		s2s_out_str(out, "; implied: ");
		break;
	case S2S_WHY_ASKED:
		s2s_out_str(out, "; ");
		break;
	}
	s2s_out_str(out, rule->reason ? rule->reason : "asked for");
}

void
s2s_say_decisions(const struct s2s_policy *policy, const struct s2s_log *log)
{
	if (!log || log->level > S2S_LOG_DEBUG)
		return;
	for (size_t i = 0; i < policy->n; i++)
		for (size_t j = 0; j < policy->calls[i].n; j++) {
			const struct s2s_policy_call *call = &policy->calls[i];
			struct s2s_out out;

			s2s_out_memory(&out);
			s2s_out_printf(&out, "%s: ", call->sc->name);
			s2s_format_rule(&out, call->sc, &call->rules[j]);
			put_origin(&out, call, &call->rules[j]);
			s2s_log(log, S2S_LOG_DEBUG, "%.*s", (int)out.n, out.p);
			s2s_out_done(&out);
		}
}
