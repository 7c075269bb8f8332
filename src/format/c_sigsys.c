/* SPDX-License-Identifier: MIT */
/* --sigsys-handler: the part of generated C that prints the call which the action trap
   stops. Knows nothing of how the filter is made or installed. */
#include "format/c_text.h"

#include <inttypes.h>
#include <stdio.h>

#include "sigsys.inc"

/* Whether some call of that number can end in the handler. */
static bool
can_trap(const struct s2s_policy *policy, const struct s2s_syscall *sc)
{
	const struct s2s_policy_call *call =
	    policy ? s2s_policy_find(policy, sc) : NULL;

	if (policy && policy->action.kind != S2S_ACTION_TRAP)
		return false;
	for (size_t i = 0; call && i < call->n; i++)
		if (s2s_rule_is_any(&call->rules[i]))
			return false;
	return true;
}

/* As many rows on a line as fit; the last one stands for calls without a name. */
static void
out_table(struct s2s_out *out, const struct s2s_policy *policy)
{
	size_t n, column = 8;
	const struct s2s_syscall *const *all = s2s_syscalls(S2S_ARCH_X86_64, &n);
	char row[80];

	s2s_out_char(out, '\t');
	for (size_t i = 0; i < n; i++) {
		int width;

		if (!can_trap(policy, all[i]))
			continue;
		width = snprintf(row, sizeof row, "{%" PRIu32 ", %u, \"%s\"},",
				 all[i]->nr, all[i]->nargs, all[i]->name);
		if (column > 8 && column + 1 + (size_t)width > S2S_C_WIDTH) {
			s2s_out_str(out, "\n\t");
			column = 8;
		}
		s2s_out_printf(out, "%s%s", column > 8 ? " " : "", row);
		column += (size_t)width + (column > 8);
	}
	s2s_out_printf(out, "%s{-1, %d, \"?\"},\n", column > 8 ? "\n\t" : "",
		       S2S_ARGS_MAX);
}

void
s2s_c_sigsys_headers(struct s2s_c_headers *headers)
{
	static const char *const names[] = {"signal.h",      "stddef.h",   "string.h",
					    "sys/syscall.h", "ucontext.h", "unistd.h"};

	for (size_t i = 0; i < S2S_ARRAY_SIZE(names); i++)
		s2s_c_header_add(headers, names[i]);
}

void
s2s_c_sigsys(struct s2s_out *out, const struct s2s_policy *policy)
{
	s2s_out_str(out, sigsys_constant);
	s2s_out_str(out, sigsys_table);
	out_table(out, policy);
	s2s_out_str(out, sigsys_handler);
}

void
s2s_c_sigsys_catch(struct s2s_out *out)
{
	s2s_out_str(out, sigsys_catch);
}

void
s2s_c_sigsys_release(struct s2s_out *out, bool several)
{
	s2s_out_str(out, several ? sigsys_release_several : sigsys_release_one);
}
