/* SPDX-License-Identifier: MIT */
/* profile: the tree as text, one distinct call a line. parse/profile.c reads it back.
   Columns are padded to fixed widths, so that no line hangs on another and a diff shows
   what changed and nothing else. */
#include "format/formats.h"

#include <inttypes.h>

static const char head[] =
    "# strace2seccomp profile 1\n"
    "# calls, runs, architecture, call, # where it was first seen\n";

/* A file name must neither end its line nor look like the beginning of another part. */
static void
out_file(struct s2s_out *out, struct s2s_sv file)
{
	for (size_t i = 0; i < file.n; i++) {
		char c = file.p[i];

		if (c == ' ' || c == '#')
			s2s_out_printf(out, "\\x%02x", (unsigned char)c);
		else
			s2s_out_escaped(out, (struct s2s_sv){&file.p[i], 1});
	}
}

static void
out_leaf(struct s2s_out *out, const struct s2s_leaf *leaf)
{
	s2s_out_printf(out, "%8" PRIu64 " %4" PRIu32 " %s ", leaf->count, leaf->runs,
		       s2s_arch_name(leaf->sc->arch));
	s2s_format_call(out, leaf->sc, leaf->arg, leaf->kind);
	if (leaf->launcher)
		s2s_out_str(out, " launcher");
	if (leaf->first.file) {
		s2s_out_str(out, " # ");
		out_file(out, sv_from(leaf->first.file));
		s2s_out_printf(out, ":%" PRIu64, leaf->first.line);
	}
	s2s_out_char(out, '\n');
}

enum s2s_status
s2s_format_profile(struct s2s_out *out, const struct s2s_format_input *in,
		   const struct s2s_format_options *opts)
{
	size_t n;
	const struct s2s_leaf *leaf = s2s_tree_sorted(in->tree, &n);

	(void)opts;
	s2s_out_str(out, head);
	for (size_t i = 0; i < n; i++)
		out_leaf(out, &leaf[i]);
	return out->status;
}
