/* SPDX-License-Identifier: MIT */
/* The tables of generated C: what the policy is, in the order in which libseccomp is
   told. */
#include "format/c_text.h"
#include "format/formats.h"

#include <inttypes.h>
#include <stdio.h>

/* Entries of a list, as many on a line as fit. */
struct list {
	struct s2s_out *out;
	size_t column;
};

static void
list_add(struct list *list, const char *entry)
{
	size_t n = strlen(entry);

	if (list->column && list->column + n + 2 > S2S_C_WIDTH) {
		s2s_out_char(list->out, '\n');
		list->column = 0;
	}
	s2s_out_printf(list->out, "%s%s,", list->column ? " " : "\t", entry);
	list->column += list->column ? n + 2 : 8 + n + 1;
}

static void
list_end(struct list *list)
{
	s2s_out_str(list->out, list->column ? "\n};\n\n" : "};\n\n");
}

void
s2s_c_numbers(struct s2s_out *out, const struct s2s_scmp *plan)
{
	struct list list = {.out = out};
	char entry[80];

	if (plan->policy->n == 0)
		return;
	s2s_out_str(out, "/* The calls' numbers; libseccomp may not know the name of "
			 "every one. */\nenum {\n");
	for (size_t i = 0; i < plan->policy->n; i++) {
		const struct s2s_syscall *sc = plan->policy->calls[i].sc;

		snprintf(entry, sizeof entry, "nr_%s = %" PRIu32, sc->name, sc->nr);
		list_add(&list, entry);
	}
	list_end(&list);
}

static void
out_load(struct s2s_out *out, const char *field)
{
	s2s_out_printf(out,
		       "\tBPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct "
		       "seccomp_data, %s)),\n",
		       field);
}

static void
out_jump(struct s2s_out *out, const char *how, const char *k,
	 const struct sock_filter *insn, const char *comment)
{
	s2s_out_printf(out, "\tBPF_JUMP(BPF_JMP | %s | BPF_K, %s, %u, %u), /* %s */\n",
		       how, k, insn->jt, insn->jf, comment);
}

/* The jumps of the front that know numbers only: two for each gap in the table but the
   last, from the highest numbers down. */
static void
out_gaps(struct s2s_out *out, const struct sock_filter *insn, size_t n)
{
	char k[16];

	for (size_t i = 0; i < n; i++) {
		snprintf(k, sizeof k, "%" PRIu32, insn[i].k);
		out_jump(out, "BPF_JGE", k, &insn[i], i % 2 ? "a call" : "unknown");
	}
}

void
s2s_c_front(struct s2s_out *out, const struct s2s_scmp *plan)
{
	enum { ARCH = 1, SKIPPED = 3, X32 = 4, BEHIND = 3 };
	const struct sock_filter *f = plan->front;
	size_t gaps = plan->arch == S2S_ARCH_X86_64 ? X32 + 1 : X32, answers = 0;
	const struct s2s_policy_answer *answer;

	s2s_c_comment(
	    out, "",
	    SV("Numbers that no call had when this was made, gaps between "
	       "calls included, get an answer of their own, so that a newer C "
	       "library falls back to what the policy knows. -1 is a call "
	       "that a tracer skipped. Everything else goes on to the "
	       "filters, which also stop other architectures and x32."));
	s2s_out_str(out, "static const struct sock_filter unknown_numbers[] = {\n");
	out_load(out, "arch");
	out_jump(out, "BPF_JEQ", s2s_arch_audit_name(plan->arch), &f[ARCH],
		 "else: go on");
	out_load(out, "nr");
	out_jump(out, "BPF_JEQ", "0xffffffff", &f[SKIPPED], "-1");
	if (plan->arch == S2S_ARCH_X86_64)
		out_jump(out, "BPF_JSET", "0x40000000", &f[X32], "x32");
	for (size_t at = 0; s2s_scmp_answers(plan, &at, &answer);)
		answers += 2;
	out_gaps(out, &f[gaps], plan->n_front - gaps - BEHIND - answers);
	s2s_out_str(out, "\tBPF_STMT(BPF_JMP | BPF_JA, 2),\n"
			 "\tBPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),\n"
			 "\tBPF_STMT(BPF_RET | BPF_K, ");
	s2s_c_action_ret(out, plan->policy->unknown);
	s2s_out_str(out, "),\n");
	for (size_t at = 0; s2s_scmp_answers(plan, &at, &answer);) {
		s2s_out_printf(out,
			       "\tBPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, %" PRIu32
			       ", 0, 1), /* %s */\n\tBPF_STMT(BPF_RET | BPF_K, ",
			       answer->sc->nr, answer->sc->name);
		s2s_c_action_ret(out, answer->action);
		s2s_out_str(out, "),\n");
	}
	s2s_out_str(out, "};\n\n");
}

/* What a row compares; in filter 0 the whole rule and all that is known of it. */
static void
out_rule_comment(struct s2s_out *out, const struct s2s_scmp_call *call,
		 const struct s2s_scmp_row *row, bool first)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out text;
	struct s2s_rule rule = *row->rule;

	for (uint8_t a = 0; a < S2S_ARGS_MAX && !first; a++) {
		bool compared = false;

		for (uint8_t i = 0; i < row->n; i++)
			compared = compared || row->range[i].arg == a;
		if (!compared)
			rule.arg[a] = s2s_set_any();
	}
	s2s_out_memory(&text);
	s2s_out_printf(&text, "%s: ", call->call->sc->name);
	s2s_format_rule(&text, call->call->sc, &rule);
	if (first) {
		s2s_out_str(&text, "; ");
		s2s_c_provenance(&text, call->call, row->rule);
	}
	s2s_c_comment(out, "\t", s2s_out_text(&text));
}

/* A call with its comment behind it, or before it where that is long. */
static void
out_commented_call(struct s2s_out *out, const struct s2s_scmp_call *call)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out text, safe;
	const char *name = call->call->sc->name;

	s2s_out_memory(&text);
	s2s_out_memory(&safe);
	if (call->rules_in)
		s2s_out_printf(&text, "as rules_%u says", call->rules_in + 1U);
	else
		s2s_c_provenance(&text, call->call, call->rows[0].rule);
	s2s_out_c_comment(&safe, s2s_out_text(&text));
	if (8 + strlen("nr_, /*  */") + strlen(name) + safe.n <= S2S_C_WIDTH) {
		s2s_out_printf(out, "\tnr_%s, /* %.*s */\n", name, (int)safe.n, safe.p);
	} else {
		s2s_c_comment(out, "\t", s2s_out_text(&text));
		s2s_out_printf(out, "\tnr_%s,\n", name);
	}
}

static bool
is_bare(const struct s2s_scmp_call *call)
{
	return call->n == 1 && call->rows[0].n == 0;
}

static size_t
count_bare(const struct s2s_scmp_filter *filter)
{
	size_t n = 0;

	for (size_t i = 0; i < filter->n; i++)
		n += is_bare(&filter->calls[i]);
	return n;
}

/* Each with its comment. */
static void
out_first_calls(struct s2s_out *out, const struct s2s_scmp_filter *filter)
{
	s2s_out_str(out, "/* Allowed whatever their arguments. */\n"
			 "static const int calls_1[] = {\n");
	for (size_t i = 0; i < filter->n; i++)
		if (is_bare(&filter->calls[i]))
			out_commented_call(out, &filter->calls[i]);
	s2s_out_str(out, "};\n\n");
}

/* Where rows are written to, and what they need. */
struct row_writer {
	struct s2s_out *out;
	struct s2s_c_headers *headers;
	const struct s2s_kind *kind[S2S_ARGS_MAX]; /* of the rule at hand */
};

/* What a macro of install.c.in says for short. */
static void
out_range(struct s2s_out *out, struct row_writer *w, enum s2s_arch arch,
	  const struct s2s_scmp_range *r)
{
	bool is32 = r->mask == UINT32_MAX, is64 = r->mask == UINT64_MAX;

	s2s_out_str(out, r->lo == r->hi ? "IS" : "RANGE");
	s2s_out_str(out, is32 ? "32" : is64 ? "64" : "");
	s2s_out_printf(out, "(%u, ", r->arg);
	if (!is32 && !is64)
		s2s_out_printf(out, "0x%" PRIx64 ", ", r->mask);
	s2s_c_value(out, arch, w->kind[r->arg], r, r->lo, w->headers);
	if (r->lo != r->hi) {
		s2s_out_str(out, ", ");
		s2s_c_value(out, arch, w->kind[r->arg], r, r->hi, w->headers);
	}
	s2s_out_char(out, ')');
}

static void
out_row(struct row_writer *w, const struct s2s_syscall *sc,
	const struct s2s_scmp_row *row)
{
	size_t column = 8 + strlen(sc->name) + strlen("{nr_, 0, {");

	s2s_out_printf(w->out, "\t{nr_%s, %u, {", sc->name, row->n);
	for (unsigned i = 0; i < row->n; i++) {
		struct s2s_out range;

		s2s_out_memory(&range);
		out_range(&range, w, sc->arch, &row->range[i]);
		if (i && column + range.n + strlen(", }},") > S2S_C_WIDTH) {
			s2s_out_str(w->out, ",\n\t    ");
			column = 12;
		} else if (i) {
			s2s_out_str(w->out, ", ");
		}
		s2s_out_sv(w->out, s2s_out_text(&range));
		column += range.n + 2;
		s2s_out_done(&range);
	}
	s2s_out_str(w->out, "}},\n");
}

static void
out_call_rows(struct row_writer *w, const struct s2s_scmp_call *call, bool first)
{
	const struct s2s_rule *last = NULL;

	for (size_t k = 0; k < call->n; k++) {
		const struct s2s_scmp_row *row = &call->rows[k];

		if (row->rule != last) {
			out_rule_comment(w->out, call, row, first);
			s2s_format_rule_kinds(call->call->sc, row->rule, w->kind);
		}
		last = row->rule;
		out_row(w, call->call->sc, row);
	}
}

static void
out_rules(struct s2s_out *out, const struct s2s_scmp_filter *filter, size_t j,
	  struct s2s_c_headers *headers)
{
	struct row_writer w = {.out = out, .headers = headers};

	s2s_out_printf(out, "static const struct rule rules_%zu[] = {\n", j + 1);
	for (size_t i = 0; i < filter->n; i++)
		if (!is_bare(&filter->calls[i]))
			out_call_rows(&w, &filter->calls[i], filter->whole_rules);
	s2s_out_str(out, "};\n\n");
}

static size_t
count_rows(const struct s2s_scmp_filter *filter)
{
	size_t n = 0;

	for (size_t i = 0; i < filter->n; i++)
		n += is_bare(&filter->calls[i]) ? 0 : filter->calls[i].n;
	return n;
}

static void
out_filter_entry(struct s2s_out *out, const struct s2s_scmp *plan, size_t j)
{
	if (j == 0 && count_bare(&plan->filter[j]))
		s2s_out_str(out, "\t{calls_1, sizeof calls_1 / sizeof *calls_1, ");
	else
		s2s_out_str(out, "\t{NULL, 0, ");
	if (count_rows(&plan->filter[j]))
		s2s_out_printf(out, "rules_%zu, sizeof rules_%zu / sizeof *rules_%zu",
			       j + 1, j + 1, j + 1);
	else
		s2s_out_str(out, "NULL, 0");
	if (plan->n > 1)
		s2s_out_printf(out, ", %d", j > 0);
	s2s_out_str(out, "},\n");
}

static void
out_tables(struct s2s_out *out, const struct s2s_scmp *plan, size_t j,
	   struct s2s_c_headers *headers)
{
	if (j > 0)
		/* cppcheck-suppress arrayIndexOutOfBoundsCond ; j is below plan->n */
		s2s_out_str(out, plan->filter[j].whole_rules
				     ? "/* More rules: libseccomp is slow with many at "
				       "once. */\n"
				     : "/* More ranges of the same calls. */\n");
	else if (count_bare(&plan->filter[0]))
		out_first_calls(out, &plan->filter[0]);
	if (count_rows(&plan->filter[j]))
		out_rules(out, &plan->filter[j], j, headers);
}

static void
out_stack(struct s2s_out *out, const struct s2s_scmp *plan)
{
	if (plan->n > 1)
		s2s_c_comment(
		    out, "",
		    SV("A call must pass every filter. libseccomp takes one comparison "
		       "of an argument in a rule, so that a range is several rules, "
		       "and ranges of several arguments would multiply: each has a "
		       "filter of its own instead, with what they depend on "
		       "repeated."));
	s2s_out_str(out, "static const struct filter filters[] = {\n");
}

void
s2s_c_filters(struct s2s_out *out, const struct s2s_scmp *plan,
	      const struct s2s_scmp_programs *programs, struct s2s_c_headers *headers)
{
	for (size_t j = 0; j < plan->n; j++)
		out_tables(out, plan, j, headers);
	if (programs->n == 1) {
		out_stack(out, plan);
		for (size_t j = 0; j < plan->n; j++)
			out_filter_entry(out, plan, j);
		s2s_out_str(out, "};\n\n");
		return;
	}
	for (size_t p = 0; p < programs->n; p++) {
		s2s_out_printf(out, "static const struct filter filters_%zu[] = {\n",
			       p + 1);
		for (size_t j = 0; j < plan->n; j++)
			if (programs->filter_at[j] == p)
				out_filter_entry(out, plan, j);
		s2s_out_str(out, "};\n");
	}
}
