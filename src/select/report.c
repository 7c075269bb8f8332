/* SPDX-License-Identifier: MIT */
/* Was there what was asked for? */
#include "base/out.h"
#include "select/state.h"

enum { SHOW_MAX = 20 };

static void
put_seen(struct s2s_out *out, const struct s2s_select *s, const struct seen *seen)
{
	if (seen->pid >= 0)
		s2s_out_printf(out, "\n    process %lld: ", (long long)seen->pid);
	else
		s2s_out_str(out, "\n    a process without a number: ");
	if (seen->exe)
		s2s_out_escaped(out, s2s_atom_text(s->atoms, seen->exe));
	else
		s2s_out_str(out, "what it runs is not told");
	if (seen->comm) {
		s2s_out_str(out, ", called ");
		s2s_out_escaped(out, s2s_atom_text(s->atoms, seen->comm));
	}
}

static void
say_what_there_is(const struct s2s_select *s, struct s2s_out *out)
{
	s2s_out_str(out, "; there are:");
	for (size_t i = 0; i < s->n_seen && i < SHOW_MAX; i++)
		put_seen(out, s, &s->seen[i]);
	if (s->n_seen > SHOW_MAX)
		s2s_out_printf(out, "\n    and %s%zu more",
			       s->n_seen == SEEN_MAX ? "at least " : "",
			       s->n_seen - SHOW_MAX);
	s2s_log(s->diag->log, S2S_LOG_ERROR, "%.*s", (int)out->n, out->p);
}

/* --OPTION=VALUE: what was asked for, as it was given. */
static void
put_number(struct s2s_out *out, const struct s2s_select *s, const struct number *n)
{
	(void)s;
	s2s_out_printf(out, "%lld: no call of it in the log", (long long)n->value);
}

static void
put_name(struct s2s_out *out, const struct s2s_select *s, const struct name *name)
{
	s2s_out_escaped(out, s2s_atom_text(s->atoms, name->text));
	s2s_out_str(out, ": no call of it in the log");
}

static void
put_mark(struct s2s_out *out, const struct s2s_select *s, const struct mark *mark)
{
	s2s_out_sv(out, mark->call);
	if (mark->has_text) {
		s2s_out_str(out, "(\"");
		s2s_out_escaped(out, s2s_atom_text(s->atoms, mark->text));
		s2s_out_str(out, "\")");
	}
	s2s_out_str(out, mark->has_text && s->textless
			     ? ": an audit log tells no text of any call"
			     : ": no call of the log is this mark");
}

#define put_of(p)                            \
	_Generic((p), struct number *        \
		 : put_number, struct name * \
		 : put_name, struct mark *   \
		 : put_mark)

enum s2s_status
s2s_select_end(struct s2s_select *s)
{
	struct criteria *c = &s->wanted;
	struct s2s_out out;
	bool missing = false;

	s2s_out_memory(&out);
#define X(type, member, option)                                         \
	for (size_t i = 0; i < c->n_##member && !missing; i++)          \
		if (!c->member[i].found) {                              \
			s2s_out_str(&out, "--" option "=");             \
			put_of (&c->member[i])(&out, s, &c->member[i]); \
			missing = true;                                 \
		}
	SELECT_LISTS(X)
#undef X
	if (!missing && !s->any)
		s2s_out_str(&out, "no call belongs to the part that was asked for");
	missing = missing || !s->any;
	split_end(&s->split, s->atoms);
	if (missing)
		say_what_there_is(s, &out);
	s2s_out_done(&out);
	return missing ? S2S_EMPTY : S2S_OK;
}
