/* SPDX-License-Identifier: MIT */
#include "select/resolve.h"

#include "select/fact.h"

#include <stdlib.h>

static bool
has_number(const struct number *list, size_t n, int64_t value)
{
	bool has = false;

	for (size_t i = 0; i < n; i++)
		has = has || list[i].value == value;
	return has;
}

bool
s2s_is_exe(struct s2s_sv wanted, struct s2s_sv exe)
{
	bool is_path = wanted.n && memchr(wanted.p, '/', wanted.n);

	return sv_equal(wanted, is_path ? exe : fact_basename(exe));
}

static bool
matches(const struct criteria *c, const struct epoch *epoch, const struct facts *f,
	const struct s2s_atoms *atoms)
{
	bool exe = c->n_exe == 0, comm = c->n_comm == 0;

	for (size_t i = 0; i < c->n_exe; i++)
		exe = exe || (f->exe && s2s_is_exe(s2s_atom_text(atoms, c->exe[i].text),
						   s2s_atom_text(atoms, f->exe)));
	for (size_t i = 0; i < c->n_comm; i++)
		comm = comm || f->comm == c->comm[i].text;
	return exe && comm && (c->n_pid == 0 || has_number(c->pid, c->n_pid, f->pid)) &&
	       (c->n_thread == 0 || has_number(c->thread, c->n_thread, epoch->tid)) &&
	       (c->n_children_of == 0 || f->child) && (c->n_from == 0 || f->from) &&
	       !f->until;
}

static struct facts
inherited(const struct epochs *e, uint32_t at, const struct facts *parent,
	  const struct criteria *c)
{
	const struct epoch *epoch = &e->epochs[at];
	struct facts f = *parent;

	if (epoch->start == EPOCH_FORK || epoch->start == EPOCH_FIRST) {
		f.child = f.child ||
			  has_number(c->children_of, c->n_children_of, parent->pid);
		f.pid = epoch->tid;
		f.process = at;
	}
	if (epoch->start == EPOCH_EXEC)
		f.exe = epoch->exe;
	if (epoch->comm || epoch->start == EPOCH_EXEC)
		f.comm = epoch->comm;
	if (epoch->marks & MARK_UNTIL ||
	    (epoch->marks & MARK_UNTIL_IF_FROM && parent->from))
		f.until = true;
	if (epoch->marks & MARK_FROM)
		f.from = true;
	return f;
}

/* In the part, or out of it but under its filter. */
static void
take_place(struct facts *f, const struct facts *parent, uint32_t at,
	   struct split *split)
{
	f->under = !f->selected && (parent->selected || parent->under);
	if (parent->selected) {
		f->left = at;
		f->creator = parent->pid;
	}
	f->part = NO_PART;
	if (parent->part != NO_PART)
		f->owners |= UINT64_C(1) << parent->part;
	if (split->by != SPLIT_NONE && f->selected)
		f->part = split_part(split, split->by == SPLIT_EXE ? f->exe : f->comm);
}

static const struct facts nobody = {.pid = -1, .part = NO_PART};

static struct facts
facts_of(const struct epochs *e, uint32_t at, const struct facts *parent,
	 const struct criteria *wanted, const struct s2s_atoms *atoms,
	 struct split *split)
{
	struct facts f = inherited(e, at, parent, wanted);

	f.selected = matches(wanted, &e->epochs[at], &f, atoms);
	take_place(&f, parent, at, split);
	f.resolved = true;
	return f;
}

bool
s2s_settle(const struct epochs *e, uint32_t at, const struct criteria *wanted,
	   const struct s2s_atoms *atoms, struct split *split, struct facts *facts)
{
	enum { STEPS = 8 }; /* of what has no calls; more are settled in the end */
	uint32_t path[STEPS];
	const struct facts *parent;
	size_t n = 0;

	for (; !facts[at].resolved && !e->epochs[at].is_root;
	     at = e->epochs[at].parent) {
		if (n == STEPS || e->epochs[at].parent == NO_EPOCH)
			return false;
		path[n++] = at;
	}
	if (!facts[at].resolved)
		facts[at] = facts_of(e, at, &nobody, wanted, atoms, split);
	parent = &facts[at];
	while (n-- > 0) {
		facts[path[n]] = facts_of(e, path[n], parent, wanted, atoms, split);
		parent = &facts[path[n]];
	}
	return true;
}

struct facts *
s2s_resolve(const struct epochs *e, const struct criteria *wanted,
	    const struct s2s_atoms *atoms, struct split *split)
{
	struct facts *facts = s2s_realloc(NULL, e->n, sizeof *facts);
	uint32_t *path = s2s_realloc(NULL, e->n, sizeof *path);
	bool *on_path = s2s_realloc(NULL, e->n, sizeof *on_path);

	memset(facts, 0, e->n * sizeof *facts);
	memset(on_path, 0, e->n * sizeof *on_path);
	for (uint32_t i = 0; i < e->n; i++) {
		const struct facts *parent = &nobody;
		size_t n = 0;
		uint32_t at = i;

		/* A log that lies can make a circle; it is cut where it closes. */
		for (; at != NO_EPOCH && !facts[at].resolved && !on_path[at];
		     at = e->epochs[at].parent) {
			on_path[at] = true;
			path[n++] = at;
		}
		if (at != NO_EPOCH && facts[at].resolved)
			parent = &facts[at];
		while (n-- > 0) {
			facts[path[n]] =
			    facts_of(e, path[n], parent, wanted, atoms, split);
			parent = &facts[path[n]];
		}
	}
	free(path);
	free(on_path);
	return facts;
}
