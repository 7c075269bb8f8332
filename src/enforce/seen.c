/* SPDX-License-Identifier: MIT */
/* Six registers as the call that the tree takes. */
#include "enforce/enforce.h"

bool
s2s_enforce_call(const struct seccomp_data *data, struct s2s_call *ret)
{
	static const bool all[S2S_ARGS_MAX] = {true, true, true, true, true, true};
	struct s2s_call call = {.pid = -1, .count = 1};
	uint64_t value[S2S_ARGS_MAX];
	enum s2s_arch arch;

	if (!s2s_arch_from_audit(data->arch, &arch))
		return false;
	call.sc = s2s_syscall_by_nr(arch, (uint32_t)data->nr);
	if (!call.sc)
		return false;
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		value[i] = data->args[i];
	for (int i = 0; i < call.sc->nargs; i++)
		value[i] &= s2s_width_mask(call.sc->arg[i].kind->width);
	s2s_syscall_kinds(call.sc, all, value, call.kind);
	for (int i = 0; i < call.sc->nargs; i++) {
		uint64_t seen = data->args[i] & s2s_width_mask(call.kind[i]->width);
		bool address = call.kind[i]->role == S2S_ROLE_ADDRESS && seen;

		call.arg[i].state = address ? S2S_ARG_ADDRESS : S2S_ARG_KNOWN;
		call.arg[i].value = address ? 0 : seen;
	}
	*ret = call;
	return true;
}
