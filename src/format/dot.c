/* SPDX-License-Identifier: MIT */
/* dot: the tree as a drawing, for Graphviz. Each path from the root to a leaf is one
   distinct call; a node says how often its calls were made. */
#include "format/formats.h"

#include <inttypes.h>

enum { LEVELS = S2S_ARGS_MAX + 2 }; /* call, arguments, whether strace made it */

static const char head[] =
    "digraph calls {\n"
    "\trankdir=LR;\n"
    "\tranksep=0.4;\n"
    "\tnodesep=0.08;\n"
    "\tnode [shape=box, style=rounded, fontname=\"monospace\", fontsize=10,\n"
    "\t\theight=0.25, margin=\"0.08,0.03\"];\n"
    "\tedge [arrowsize=0.5];\n";

struct drawing {
	struct s2s_out *out;
	const struct s2s_leaf *leaf;
	size_t n;
	uint64_t nodes;
	uint64_t path[LEVELS + 1]; /* nodes from the root to the last leaf */
};

/* The call, its arguments, and one more for the exec that strace made. */
static int
depth_of(const struct s2s_leaf *leaf)
{
	return 1 + leaf->sc->nargs + leaf->launcher;
}

/* Whether two leaves have the node at this depth, and all above it, in common. */
static bool
same_path(const struct s2s_leaf *a, const struct s2s_leaf *b, int depth)
{
	if (a->sc != b->sc || depth_of(a) <= depth || depth_of(b) <= depth)
		return false;
	for (int i = 0; i < depth && i < a->sc->nargs; i++)
		if (a->arg[i].state != b->arg[i].state ||
		    a->arg[i].value != b->arg[i].value)
			return false;
	return depth <= a->sc->nargs || a->launcher == b->launcher;
}

static uint64_t
add(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

/* How often the calls below a node were made. */
static uint64_t
count_below(const struct drawing *d, size_t i, int depth)
{
	uint64_t count = 0;

	for (size_t j = i; j < d->n && same_path(&d->leaf[i], &d->leaf[j], depth); j++)
		count = add(count, d->leaf[j].count);
	return count;
}

/* Inside of double quotes. */
static void
out_quoted(struct s2s_out *out, struct s2s_sv text)
{
	struct s2s_out harmless;

	s2s_out_memory(&harmless);
	s2s_out_escaped(&harmless, text);
	text = s2s_out_text(&harmless);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			s2s_out_char(out, '\\');
		s2s_out_char(out, text.p[i]);
	}
	s2s_out_done(&harmless);
}

static void
out_arg(struct s2s_out *out, const struct s2s_leaf *leaf, int i)
{
	struct s2s_out text;

	s2s_out_memory(&text);
	s2s_out_printf(&text, "%s ", leaf->sc->arg[i].name);
	switch (leaf->arg[i].state) {
	case S2S_ARG_UNKNOWN:
		s2s_out_str(&text, "unknown");
		break;
	case S2S_ARG_ADDRESS:
		s2s_out_str(&text, "address");
		break;
	case S2S_ARG_KNOWN:
		s2s_format_value(&text, leaf->sc->arch, leaf->kind[i],
				 leaf->arg[i].value);
		break;
	}
	out_quoted(out, s2s_out_text(&text));
	s2s_out_done(&text);
}

static void
out_label(struct s2s_out *out, const struct s2s_leaf *leaf, int depth)
{
	if (depth == 0)
		s2s_out_str(out, leaf->sc->name);
	else if (depth <= leaf->sc->nargs)
		out_arg(out, leaf, depth - 1);
	else
		s2s_out_str(out, "launcher");
}

static void
out_node(struct drawing *d, size_t i, int depth)
{
	const struct s2s_leaf *leaf = &d->leaf[i];
	bool last = depth + 1 == depth_of(leaf);
	uint64_t node = ++d->nodes;

	d->path[depth + 1] = node;
	s2s_out_printf(d->out, "\tn%" PRIu64 " [label=\"", node);
	out_label(d->out, leaf, depth);
	s2s_out_printf(d->out, "\\n%" PRIu64 "\"", count_below(d, i, depth));
	if (last && leaf->first.file) {
		s2s_out_str(d->out, ", tooltip=\"");
		out_quoted(d->out, sv_from(leaf->first.file));
		s2s_out_printf(d->out, ":%" PRIu64 "\"", leaf->first.line);
	}
	s2s_out_printf(d->out, "%s];\n\tn%" PRIu64 " -> n%" PRIu64 ";\n",
		       last ? ", style=\"rounded,bold\"" : "", d->path[depth], node);
}

enum s2s_status
s2s_format_dot(struct s2s_out *out, const struct s2s_format_input *in,
	       const struct s2s_format_options *opts)
{
	struct drawing d = {.out = out};
	uint64_t count = 0;

	(void)opts;
	d.leaf = s2s_tree_sorted(in->tree, &d.n);
	for (size_t i = 0; i < d.n; i++)
		count = add(count, d.leaf[i].count);
	s2s_out_str(out, head);
	s2s_out_printf(out, "\tn0 [label=\"calls\\n%" PRIu64 "\"];\n", count);
	for (size_t i = 0; i < d.n; i++) {
		int depth = 0;

		while (i > 0 && same_path(&d.leaf[i - 1], &d.leaf[i], depth))
			depth++;
		for (; depth < depth_of(&d.leaf[i]); depth++)
			out_node(&d, i, depth);
	}
	s2s_out_str(out, "}\n");
	return out->status;
}
