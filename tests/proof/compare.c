/* SPDX-License-Identifier: MIT */
#include "compare.h"

#include "encode.h"
#include "format/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct comparison {
	const char *what;
	const struct s2s_filter *filters;
	size_t n;
	const struct s2s_policy *policy;
	bool say;
};

static void
print_call(struct s2s_out *out, const struct seccomp_data *data)
{
	struct s2s_arg arg[S2S_ARGS_MAX];
	const struct s2s_kind *kind[S2S_ARGS_MAX];
	const struct s2s_syscall *sc = NULL;
	bool known[S2S_ARGS_MAX];
	uint64_t value[S2S_ARGS_MAX];
	enum s2s_arch arch;

	if (s2s_arch_from_audit(data->arch, &arch))
		sc = s2s_syscall_by_nr(arch, (uint32_t)data->nr);
	for (int i = 0; i < S2S_ARGS_MAX; i++) {
		arg[i] = (struct s2s_arg){S2S_ARG_KNOWN, data->args[i]};
		value[i] = data->args[i];
		known[i] = true;
	}
	if (sc) {
		s2s_syscall_kinds(sc, known, value, kind);
		s2s_format_call(out, sc, arg, kind);
	} else {
		s2s_out_str(out, "a call without a name");
	}
	s2s_out_printf(out, " [number %u, architecture 0x%x, registers",
		       (uint32_t)data->nr, data->arch);
	for (int i = 0; i < S2S_ARGS_MAX; i++)
		s2s_out_printf(out, " 0x%llx", (unsigned long long)data->args[i]);
	s2s_out_str(out, "]");
}

/* What Z3 found is held against simulator and policy. */
static void
report(const struct comparison *c, const struct seccomp_data *data)
{
	uint64_t args[S2S_ARGS_MAX];
	uint32_t filter = SECCOMP_RET_ALLOW, policy;
	struct s2s_out out;

	memcpy(args, data->args, sizeof args);
	for (size_t i = 0; i < c->n; i++)
		filter = s2s_verdict_strictest(
		    filter,
		    s2s_filter_run(c->filters[i].insn, c->filters[i].n, data, NULL));
	policy = s2s_action_ret(
	    s2s_policy_verdict(c->policy, data->arch, (uint32_t)data->nr, args));
	s2s_out_memory(&out);
	s2s_out_printf(&out, "%s: ", c->what);
	print_call(&out, data);
	s2s_out_str(&out, ": the filter says ");
	s2s_verdict_print(&out, filter);
	s2s_out_str(&out, ", the policy ");
	s2s_verdict_print(&out, policy);
	if (c->say || filter == policy)
		printf("%.*s\n", (int)out.n, out.p);
	s2s_out_done(&out);
	if (filter == policy) {
		printf("Z3 sees a difference there, the simulator does not\n");
		exit(1);
	}
}

static struct seccomp_data
found(const struct encoder *e, Z3_solver solver)
{
	Z3_model model = Z3_solver_get_model(e->z3, solver);
	uint32_t words[S2S_WORDS];
	struct seccomp_data data;

	Z3_model_inc_ref(e->z3, model);
	for (int i = 0; i < S2S_WORDS; i++) {
		unsigned value = 0;
		Z3_ast term;

		if (!Z3_model_eval(e->z3, model, e->data[i], true, &term) ||
		    !Z3_get_numeral_uint(e->z3, term, &value))
			exit(1);
		words[i] = value;
	}
	Z3_model_dec_ref(e->z3, model);
	memcpy(&data, words, sizeof data);
	return data;
}

/* Whether `where` and a difference are possible together. */
static bool
ask(const struct comparison *c, const struct encoder *e, Z3_ast where, Z3_ast says)
{
	Z3_ast filter = encode_number(e, SECCOMP_RET_ALLOW);
	Z3_solver solver =
	    Z3_mk_solver_for_logic(e->z3, Z3_mk_string_symbol(e->z3, "QF_BV"));
	struct seccomp_data data;
	Z3_lbool answer;

	for (size_t i = 0; i < c->n; i++)
		filter = encode_strictest(e, filter, encode_filter(e, &c->filters[i]));
	Z3_solver_inc_ref(e->z3, solver);
	Z3_solver_assert(e->z3, solver, where);
	Z3_solver_assert(e->z3, solver,
			 Z3_mk_not(e->z3, Z3_mk_eq(e->z3, filter, says)));
	answer = Z3_solver_check(e->z3, solver);
	if (answer == Z3_L_UNDEF) {
		printf("%s: Z3 does not know: %s\n", c->what,
		       Z3_solver_get_reason_unknown(e->z3, solver));
		exit(1);
	}
	if (answer == Z3_L_TRUE) {
		data = found(e, solver);
		report(c, &data);
	}
	Z3_solver_dec_ref(e->z3, solver);
	return answer == Z3_L_TRUE;
}

/* What a call gets that no rule allows, read from the policy's own list. */
static struct s2s_action
stops(const struct s2s_policy *policy, const struct s2s_syscall *sc)
{
	for (size_t i = 0; i < policy->n_answers; i++)
		if (policy->answers[i].sc == sc)
			return policy->answers[i].action;
	return policy->action;
}

static bool
call_differs(const struct comparison *c, const struct s2s_policy_call *call)
{
	uint32_t arch = s2s_arch_audit(call->sc->arch);
	struct encoder e;
	Z3_ast says;
	bool ret;

	encoder_init(&e, &call->sc->nr, &arch);
	says = Z3_mk_ite(e.z3, encode_rules(&e, call),
			 encode_number(&e, SECCOMP_RET_ALLOW),
			 encode_number(&e, s2s_action_ret(stops(c->policy, call->sc))));
	ret = ask(c, &e, Z3_mk_true(e.z3), says);
	encoder_done(&e);
	return ret;
}

/* All numbers and architectures that the policy has no rule for. */
static bool
others_differ(const struct comparison *c)
{
	struct encoder e;
	bool ret;

	encoder_init(&e, NULL, NULL);
	ret = ask(c, &e, Z3_mk_not(e.z3, encode_is_called(&e, c->policy)),
		  encode_others(&e, c->policy));
	encoder_done(&e);
	return ret;
}

bool
z3_differ(const char *what, const struct s2s_filter *filters, size_t n,
	  const struct s2s_policy *policy, bool say)
{
	struct comparison c = {what, filters, n, policy, say};

	for (size_t i = 0; i < policy->n; i++)
		if (call_differs(&c, &policy->calls[i]))
			return true;
	return others_differ(&c);
}
