/* SPDX-License-Identifier: MIT */
/* Policies of the parts of a trace. */
#include "pipe/make.h"

#include <inttypes.h>

size_t
s2s_trace_parts(const struct s2s_trace *trace)
{
	return trace->select ? s2s_select_parts(trace->select) : 0;
}

void
s2s_trace_part(const struct s2s_trace *trace, size_t i, struct s2s_part *ret)
{
	const struct s2s_split_part *part = s2s_select_part(trace->select, i);

	*ret = (struct s2s_part){
	    .what = part->what ? s2s_atom_text(&trace->atoms, part->what).p : "",
	    .name = part->name,
	    .processes = part->processes,
	    .calls = part->made,
	    .distinct = s2s_tree_leaves(part->calls),
	};
}

/* install_policy_PART */
static void
put_function(struct s2s_out *out, const char *base, const char *part)
{
	s2s_out_str(out, base ? base : "install_policy");
	s2s_out_char(out, '_');
	for (; *part; part++)
		s2s_out_char(out, strchr(".-", *part) ? '_' : *part);
	s2s_out_char(out, '\0');
}

enum s2s_status
s2s_generate_part(struct s2s_trace *trace, size_t i,
		  const struct s2s_generate_options *opts, struct s2s_bytes *ret_policy)
{
	const char *name = opts->format ? opts->format : "c";
	const struct s2s_format *format = s2s_format_find(sv_from(name));
	struct s2s_generate_options of_part = *opts;
	struct s2s_tree *whole = trace->tree;
	enum s2s_status status;
	struct s2s_out function;

	s2s_out_memory(&function);
	trace->part = s2s_select_part(trace->select, i);
	trace->tree = trace->part->calls;
	put_function(&function, opts->function, trace->part->name);
	if (format && format->in_program)
		of_part.function = function.p;
	status = s2s_generate(trace, &of_part, ret_policy, NULL);
	trace->tree = whole;
	trace->part = NULL;
	s2s_out_done(&function);
	return status;
}

/* In how many parts each call is; a call counts once a part. */
static void
count_calls(const struct s2s_trace *trace, struct s2s_map *ret)
{
	for (size_t i = 0; i < s2s_trace_parts(trace); i++) {
		size_t n;
		const struct s2s_leaf *leaf =
		    s2s_tree_sorted(s2s_select_part(trace->select, i)->calls, &n);

		for (size_t k = 0; k < n; k++) {
			uint64_t key[3] = {(uintptr_t)leaf[k].sc};
			bool is_new;

			if (k == 0 || leaf[k].sc != leaf[k - 1].sc)
				++*s2s_map_put(ret, key, &is_new);
		}
	}
}

struct line {
	size_t names, own; /* system calls; of these, in no other part */
	struct s2s_out text;
};

static struct line
line_of(struct s2s_tree *calls, const struct s2s_map *parts_of)
{
	struct line line = {0};
	size_t n;
	const struct s2s_leaf *leaf = s2s_tree_sorted(calls, &n);

	s2s_out_memory(&line.text);
	for (size_t i = 0; i < n; i++) {
		uint64_t key[3] = {(uintptr_t)leaf[i].sc};

		if (i > 0 && leaf[i].sc == leaf[i - 1].sc)
			continue;
		line.names++;
		if (*s2s_map_get(parts_of, key) != 1)
			continue;
		s2s_out_str(&line.text, line.own++ ? " " : "");
		s2s_out_str(&line.text, leaf[i].sc->name);
	}
	if (line.own == 0)
		s2s_out_char(&line.text, '-');
	return line;
}

void
s2s_trace_table(const struct s2s_trace *trace, struct s2s_bytes *ret)
{
	struct s2s_map parts_of = {0};
	struct s2s_out out;

	s2s_out_memory(&out);
	count_calls(trace, &parts_of);
	s2s_out_str(&out,
		    "part                             processes      calls  distinct"
		    "  system calls  only here\n");
	for (size_t i = 0; i < s2s_trace_parts(trace); i++) {
		struct line line =
		    line_of(s2s_select_part(trace->select, i)->calls, &parts_of);
		struct s2s_part part;

		s2s_trace_part(trace, i, &part);
		s2s_out_printf(&out,
			       "%-32s %9" PRIu64 " %10" PRIu64 " %9zu  %12zu  %.*s\n",
			       part.name, part.processes, part.calls, part.distinct,
			       line.names, (int)line.text.n, line.text.p);
		s2s_out_done(&line.text);
	}
	s2s_map_done(&parts_of);
	s2s_bytes_take(ret, &out);
}
