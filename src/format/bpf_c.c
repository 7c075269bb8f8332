/* SPDX-License-Identifier: MIT */
/* bpf-c: the compiled filter as C source, an array of constants and a function that
   installs it; no library. With a policy its rules stand before the instructions that
   check them, with a bare filter only what instructions and numbers tell. */
#include "filter/opcode.h"
#include "format/bpf_c_reach.h"
#include "format/c_text.h"
#include "format/formats.h"
#include "s2s.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "install.inc"

/* Instructions that more calls get to belong to none of them. */
enum { SHARED_MAX = 8 };

static const struct s2s_c_headers headers_of_code = {
    .name = {"errno.h", "linux/audit.h", "linux/filter.h", "linux/seccomp.h",
	     "stdint.h", "sys/prctl.h", "sys/syscall.h", "unistd.h"},
    .n = 8,
};

static const char *const taken[] = {"FLAGS", "load_program", "policy"};

struct writer {
	struct s2s_out *out;
	const struct s2s_filter *filter;
	const struct s2s_policy *policy; /* NULL: not at hand */
	struct s2s_reach reach;
	bool *told; /* of each call of the policy: its rules were written */
};

/* ---- instructions ---- */

/* "BPF_JMP | BPF_JEQ | BPF_K" */
static void
out_code(struct s2s_out *out, uint16_t code)
{
	static const char *const classes[] = {"LD",  "LDX", "ST",  "STX",
					      "ALU", "JMP", "RET", "MISC"};
	static const char *const modes[] = {"IMM", "ABS", "IND", "MEM", "LEN", "MSH"};
	static const char *const alu[] = {"ADD", "SUB", "MUL", "DIV", "OR", "AND",
					  "LSH", "RSH", "NEG", "MOD", "XOR"};
	static const char *const jmp[] = {"JA", "JEQ", "JGT", "JGE", "JSET"};
	unsigned class = BPF_CLASS(code), op = BPF_OP(code) >> 4;

	s2s_out_printf(out, "BPF_%s", classes[class]);
	if (class == BPF_LD || class == BPF_LDX)
		s2s_out_printf(out, " | BPF_W | BPF_%s", modes[BPF_MODE(code) >> 5]);
	else if (class == BPF_ALU)
		s2s_out_printf(out, " | BPF_%s", alu[op]);
	else if (class == BPF_JMP)
		s2s_out_printf(out, " | BPF_%s", jmp[op]);
	else if (class == BPF_RET)
		s2s_out_str(out, BPF_RVAL(code) == BPF_A ? " | BPF_A" : " | BPF_K");
	else if (class == BPF_MISC)
		s2s_out_str(out,
			    BPF_MISCOP(code) == BPF_TXA ? " | BPF_TXA" : " | BPF_TAX");
	if ((class == BPF_ALU && op != BPF_NEG >> 4) || (class == BPF_JMP && op != 0))
		s2s_out_str(out, BPF_SRC(code) == BPF_X ? " | BPF_X" : " | BPF_K");
}

static void
out_verdict(struct s2s_out *out, uint32_t verdict)
{
	struct s2s_action action = {S2S_ACTION_ALLOW,
				    (uint16_t)(verdict & SECCOMP_RET_DATA)};

	for (int kind = S2S_ACTION_ALLOW; kind <= S2S_ACTION_NOTIFY; kind++) {
		action.kind = (enum s2s_action_kind)kind;
		if (s2s_action_ret(action) == verdict) {
			s2s_c_action_ret(out, action);
			return;
		}
	}
	s2s_out_printf(out, "0x%08" PRIx32, verdict);
}

static void
out_operand(struct writer *w, size_t i)
{
	const struct sock_filter *in = &w->filter->insn[i];
	enum s2s_arch arch;

	if (in->code == (BPF_RET | BPF_K))
		out_verdict(w->out, in->k);
	else if (BPF_CLASS(in->code) == BPF_JMP &&
		 w->reach.loaded[i] == S2S_WORD_ARCH &&
		 s2s_arch_from_audit(in->k, &arch))
		s2s_out_str(w->out, s2s_arch_audit_name(arch));
	else if (in->code == (BPF_LD | BPF_W | BPF_ABS) ||
		 (w->reach.loaded[i] == S2S_WORD_NR && in->k < S2S_X32_BIT))
		s2s_out_printf(w->out, "%" PRIu32, in->k);
	else
		s2s_out_printf(w->out, "0x%" PRIx32, in->k);
}

static void
out_word(struct s2s_out *out, uint32_t k)
{
	static const char *const first[] = {"the number", "the architecture",
					    "the instruction pointer, low half",
					    "the instruction pointer, high half"};
	uint32_t word = k / 4;

	if (word < S2S_WORD_ARGS)
		s2s_out_str(out, first[word]);
	else
		s2s_out_printf(out, "argument %u%s", (word - S2S_WORD_ARGS) / 2 + 1,
			       word & 1 ? ", high half" : "");
}

/* What a comparison of the number asks for. */
static void
out_number(struct s2s_out *out, const struct sock_filter *in, int arch)
{
	const struct s2s_syscall *sc =
	    arch < 0 ? NULL : s2s_syscall_by_nr((enum s2s_arch)arch, in->k);

	if (BPF_OP(in->code) == BPF_JSET && in->k == S2S_X32_BIT)
		s2s_out_str(out, "x32");
	else if (BPF_OP(in->code) == BPF_JEQ && in->k == UINT32_MAX)
		s2s_out_str(out, "skipped by a tracer");
	else if (BPF_OP(in->code) == BPF_JSET || !sc)
		return;
	else
		s2s_out_printf(out, "%s%s",
			       BPF_OP(in->code) == BPF_JGE   ? "from "
			       : BPF_OP(in->code) == BPF_JGT ? "behind "
							     : "",
			       sc->name);
}

static void
out_remark(struct writer *w, struct s2s_out *out, size_t i)
{
	const struct sock_filter *in = &w->filter->insn[i];

	if (in->code == (BPF_LD | BPF_W | BPF_ABS))
		out_word(out, in->k);
	else if (BPF_CLASS(in->code) == BPF_JMP && BPF_SRC(in->code) == BPF_K &&
		 w->reach.loaded[i] == S2S_WORD_NR)
		out_number(out, in, w->reach.arch[i]);
}

static void
out_instruction(struct writer *w, size_t i)
{
	const struct sock_filter *in = &w->filter->insn[i];
	S2S_CLEANUP(s2s_out_done) struct s2s_out remark;

	s2s_out_printf(w->out, "\t/* %4zu */ BPF_%s(", i,
		       in->jt || in->jf ? "JUMP" : "STMT");
	out_code(w->out, in->code);
	s2s_out_str(w->out, ", ");
	out_operand(w, i);
	if (in->jt || in->jf)
		s2s_out_printf(w->out, ", %u, %u", in->jt, in->jf);
	s2s_out_str(w->out, "),");
	s2s_out_memory(&remark);
	out_remark(w, &remark, i);
	if (remark.n)
		s2s_out_printf(w->out, " /* %.*s */", (int)remark.n, remark.p);
	s2s_out_char(w->out, '\n');
}

/* ---- what blocks of instructions allow ---- */

static void
out_rules(struct writer *w, const struct s2s_policy_call *call)
{
	for (size_t i = 0; i < call->n; i++) {
		S2S_CLEANUP(s2s_out_done) struct s2s_out text;

		s2s_out_memory(&text);
		s2s_out_printf(&text, "%s: ", call->sc->name);
		s2s_format_rule(&text, call->sc, &call->rules[i]);
		s2s_out_str(&text, "; ");
		s2s_c_provenance(&text, call, &call->rules[i]);
		s2s_c_comment(w->out, "\t", s2s_out_text(&text));
	}
}

/* The rules of each call once, where its first instructions are. */
static void
out_calls(struct writer *w, const struct s2s_syscall *const *sc, size_t n)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out again;

	s2s_out_memory(&again);
	for (size_t i = 0; i < n; i++) {
		const struct s2s_policy_call *call =
		    w->policy ? s2s_policy_find(w->policy, sc[i]) : NULL;

		if (call && !w->told[call - w->policy->calls]) {
			w->told[call - w->policy->calls] = true;
			out_rules(w, call);
		} else {
			s2s_out_printf(&again, "%s%s", again.n ? ", " : "",
				       sc[i]->name);
		}
	}
	if (again.n && w->policy)
		s2s_out_str(&again, ", as above");
	if (again.n)
		s2s_c_comment(w->out, "\t", s2s_out_text(&again));
}

static bool
tests_number(const struct writer *w, size_t i)
{
	const struct sock_filter *in = &w->filter->insn[i];

	if (in->code == (BPF_LD | BPF_W | BPF_ABS))
		return in->k / 4 <= S2S_WORD_ARCH;
	return w->reach.loaded[i] == S2S_WORD_NR || w->reach.loaded[i] == S2S_WORD_ARCH;
}

static void
out_block_comment(struct writer *w, size_t i)
{
	const struct s2s_syscall *sc[SHARED_MAX];
	size_t n = s2s_reach_calls(&w->reach, i, sc, SHARED_MAX);

	if (i == 0)
		s2s_c_comment(w->out, "\t",
			      SV("Architecture and number. What is allowed whatever "
				 "its arguments is told by them alone."));
	else if (BPF_CLASS(w->filter->insn[i].code) == BPF_RET || tests_number(w, i))
		return;
	else if (n > 0 && n <= SHARED_MAX)
		out_calls(w, sc, n);
	else if (n > 0)
		s2s_c_comment(w->out, "\t", SV("Several calls."));
}

static bool
same_block(const struct writer *w, size_t a, size_t b)
{
	return tests_number(w, a) == tests_number(w, b) &&
	       (tests_number(w, a) || s2s_reach_same(&w->reach, a, b)) &&
	       BPF_CLASS(w->filter->insn[a].code) != BPF_RET;
}

static void
out_program(struct writer *w)
{
	s2s_out_str(w->out, "static const struct sock_filter policy[] = {\n");
	for (size_t i = 0; i < w->filter->n; i++) {
		if (i == 0 || !same_block(w, i - 1, i))
			out_block_comment(w, i);
		out_instruction(w, i);
	}
	s2s_out_str(w->out, "};\n\n");
}

/* ---- the file ---- */

static bool
is_bare(const struct s2s_policy_call *call)
{
	return call->n == 1 && s2s_rule_is_any(&call->rules[0]);
}

static void
out_bare_call(struct writer *w, const struct s2s_policy_call *call)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out text;

	s2s_out_memory(&text);
	s2s_out_printf(&text, "%s: ", call->sc->name);
	s2s_c_provenance(&text, call, &call->rules[0]);
	s2s_c_wrap(w->out, " * ", " *   ", s2s_out_text(&text), "");
}

static void
out_bare(struct writer *w)
{
	bool any = false;

	for (size_t i = 0; i < w->policy->n; i++) {
		if (!is_bare(&w->policy->calls[i]))
			continue;
		if (!any)
			s2s_out_str(w->out, "/* Allowed whatever their arguments:\n");
		any = true;
		w->told[i] = true;
		out_bare_call(w, &w->policy->calls[i]);
	}
	s2s_out_str(w->out, any ? " */\n" : "");
}

static bool
verdict_notifies(const struct s2s_filter *filter)
{
	for (size_t i = 0; i < filter->n; i++)
		if (filter->insn[i].code == (BPF_RET | BPF_K) &&
		    (filter->insn[i].k & SECCOMP_RET_ACTION_FULL) ==
			SECCOMP_RET_USER_NOTIF)
			return true;
	return false;
}

static void
out_code_and_function(struct s2s_out *out, const struct s2s_format_options *opts,
		      bool listener)
{
	s2s_out_str(out, install_load);
	if (listener)
		s2s_out_str(out, install_result_listener);
	else
		s2s_out_str(out, opts->tsync ? install_result_tsync : install_result);
	s2s_out_printf(out, "\nint\n%s(void)\n", opts->function);
	s2s_out_str(out, install_bpf_head);
	if (opts->no_new_privs)
		s2s_out_str(out, install_no_new_privs);
	if (opts->sigsys_handler)
		s2s_c_sigsys_catch(out);
	s2s_out_str(out, install_bpf_load);
	if (opts->sigsys_handler)
		s2s_c_sigsys_release(out, false);
	s2s_out_str(out, install_bpf_tail);
}

/* Those that the filter lets any call of. */
static uint32_t
arches_of(const struct s2s_format_input *in)
{
	uint32_t arches = in->policy ? in->policy->arches : 0;
	enum s2s_arch arch;

	for (size_t i = 0; i < in->filter->n && !in->policy; i++)
		if (in->filter->insn[i].code == (BPF_JMP | BPF_JEQ | BPF_K) &&
		    s2s_arch_from_audit(in->filter->insn[i].k, &arch))
			arches |= 1U << arch;
	return arches ? arches : 1U << S2S_ARCH_X86_64;
}

enum s2s_status
s2s_format_bpf_c(struct s2s_out *out, const struct s2s_format_input *in,
		 const struct s2s_format_options *opts)
{
	struct writer w = {.out = out, .filter = in->filter, .policy = in->policy};
	size_t calls = in->policy ? in->policy->n : 0;
	bool listener = verdict_notifies(in->filter);
	struct s2s_c_headers headers = headers_of_code;
	struct s2s_c_file file = {
	    .format = "bpf-c",
	    .policy = in->policy,
	    .result = listener ? S2S_C_LISTENER : S2S_C_ZERO,
	    .insns = in->filter->n,
	    .programs = 1,
	    .build = "Compile it as C or C++; it needs no library.",
	};

	TRY(s2s_format_fits(in->filter, opts->log));
	TRY(s2s_c_check_names(opts, taken, S2S_ARRAY_SIZE(taken)));
	w.told = s2s_realloc(NULL, calls + 1, sizeof *w.told);
	memset(w.told, 0, (calls + 1) * sizeof *w.told);
	s2s_reach_init(&w.reach, arches_of(in), in->filter->insn, in->filter->n);
	s2s_c_head(out, &file, opts);
	if (opts->sigsys_handler)
		s2s_c_sigsys_headers(&headers);
	s2s_c_includes(out, arches_of(in), &headers);
	s2s_c_declaration(out, opts);
	s2s_c_flags(out, opts, listener);
	if (in->policy)
		out_bare(&w);
	out_program(&w);
	if (opts->sigsys_handler)
		s2s_c_sigsys(out, in->policy);
	out_code_and_function(out, opts, listener);
	s2s_reach_done(&w.reach);
	free(w.told);
	return out->status;
}
