/* SPDX-License-Identifier: MIT */
#include "select/select.h"

#include "base/arena.h"
#include "select/fact.h"
#include "select/resolve.h"

#include <stdlib.h>

/* A distinct call of one epoch. */
struct row {
	uint32_t epoch, leaf;
	uint64_t count;
	struct s2s_place first;
};

/* For messages: what there was to choose from. */
struct seen {
	int64_t pid;
	s2s_atom exe, comm;
};

enum { SEEN_MAX = 1024, SHOW_MAX = 20 };

struct s2s_select {
	struct criteria wanted;
	struct s2s_atoms *atoms;
	struct s2s_diag *diag;
	struct s2s_limits limits;
	struct s2s_call_sink next;
	struct s2s_event_sink bind;
	struct s2s_tree *calls; /* of all epochs: what the leaves of rows are */
	struct epochs epochs;
	struct row *rows;
	size_t n_rows, cap_rows;
	struct s2s_map by_epoch; /* epoch, leaf -> row */
	uint32_t now;            /* epoch of the event that is being bound */
	uint32_t last_leaf;      /* that bind made of it, or NO_EPOCH */
	struct seen *seen;
	size_t n_seen, cap_seen;
	struct s2s_map by_seen;
	bool any;
};

bool
s2s_select_is_wanted(const struct s2s_selection *w)
{
	bool wanted = false;

#define X(type, member, option) wanted = wanted || (w->member && w->member[0]);
	SELECT_LISTS(X)
#undef X
	return wanted;
}

struct s2s_select *
s2s_select_new(const struct s2s_selection *wanted, const struct s2s_limits *limits,
	       struct s2s_atoms *atoms, struct s2s_diag *diag,
	       struct s2s_call_sink next)
{
	struct s2s_select *s = s2s_realloc(NULL, 1, sizeof *s);

	*s = (struct s2s_select){
	    .atoms = atoms,
	    .diag = diag,
	    .limits = *limits,
	    .next = next,
	    .epochs = {.max = limits->epochs},
	};
	s->calls = s2s_tree_new(atoms, limits);
	if (criteria_init(&s->wanted, wanted, atoms, diag->log))
		return s;
	s2s_select_free(s);
	return NULL;
}

void
s2s_select_free(struct s2s_select *s)
{
	if (!s)
		return;
	criteria_done(&s->wanted);
	s2s_tree_free(s->calls);
	epochs_done(&s->epochs);
	s2s_map_done(&s->by_epoch);
	s2s_map_done(&s->by_seen);
	free(s->rows);
	free(s->seen);
	free(s);
}

static enum s2s_status
too_much(struct s2s_select *s, const struct s2s_place *place)
{
	s2s_diag_report(s->diag, S2S_DIAG_LIMIT, *place, SV(""),
			"too many processes, or distinct calls of them, to tell a part "
			"from the rest");
	return S2S_LIMIT;
}

/* ---- events ---- */

static void
see_marks(struct s2s_select *s, uint32_t thread, const struct s2s_event *ev,
	  bool *ret_behind)
{
	const struct criteria *c = &s->wanted;
	uint8_t from = s->epochs.threads[thread].marks & MARK_FROM;
	uint8_t until = c->n_from == 0 || from ? MARK_UNTIL : MARK_UNTIL_IF_FROM;
	unsigned met;

	*ret_behind = false;
	if (c->n_until && marks_met(c->until, c->n_until, ev, s->atoms))
		epochs_mark(&s->epochs, thread, until, &ev->place);
	if (c->n_from == 0)
		return;
	met = marks_met(c->from, c->n_from, ev, s->atoms);
	if (met & MET_CALL)
		epochs_mark(&s->epochs, thread, MARK_FROM, &ev->place);
	else
		*ret_behind = met & MET_TEXT;
}

static void
see_result(struct s2s_select *s, uint32_t thread, const struct s2s_event *ev)
{
	bool is_thread;
	int64_t child;
	s2s_atom name;

	if (fact_child(ev, &child, &is_thread))
		epochs_child(&s->epochs, thread, child, is_thread, &ev->place);
	else if (fact_exec(ev, s->atoms, &name))
		epochs_exec(&s->epochs, thread, name, fact_comm_of_exe(name, s->atoms),
			    s->last_leaf, &ev->place);
	else if (fact_comm(ev, s->atoms, &name) &&
		 name != s->epochs.threads[thread].comm) {
		epochs_begin(&s->epochs, thread, EPOCH_NAME, &ev->place)->comm = name;
		s->epochs.threads[thread].comm = name;
	}
}

static void
see_exit(struct s2s_select *s, const struct s2s_event *ev)
{
	uint32_t thread = epochs_thread(&s->epochs, ev->pid, &ev->place);
	struct s2s_sv text = ev->name;
	uint64_t by;

	if (!sv_eat(&text, SV("superseded by execve in pid ")))
		s->epochs.threads[thread].exited = true;
	else if (sv_to_u64(text, &by) && by <= INT32_MAX)
		epochs_superseded(&s->epochs, thread, (int64_t)by);
}

static enum s2s_status
select_call(struct s2s_select *s, const struct s2s_event *ev)
{
	uint32_t thread;
	bool behind;

	if (epochs_full(&s->epochs))
		return too_much(s, &ev->place);
	thread = epochs_thread(&s->epochs, ev->pid, &ev->place);
	see_marks(s, thread, ev, &behind);
	s->now = s->epochs.threads[thread].now;
	s->last_leaf = NO_EPOCH;
	TRY(s->bind.event(s->bind.self, ev));
	see_result(s, thread, ev);
	if (behind)
		epochs_mark(&s->epochs, thread, MARK_FROM, &ev->place);
	return S2S_OK;
}

static enum s2s_status
on_event(void *self, const struct s2s_event *ev)
{
	struct s2s_select *s = self;

	if (ev->kind == S2S_EVENT_EXIT)
		see_exit(s, ev);
	if (ev->kind != S2S_EVENT_CALL)
		return s->bind.event(s->bind.self, ev);
	if (ev->runs == 0)
		return select_call(s, ev);
	return s2s_diag_report(s->diag, S2S_DIAG_PROFILE, ev->place, ev->line,
			       "a profile does not tell processes apart, so no part of "
			       "it can be selected");
}

static enum s2s_status
on_end(void *self)
{
	struct s2s_select *s = self;

	return s->bind.end(s->bind.self);
}

struct s2s_event_sink
s2s_select_events(struct s2s_select *select, struct s2s_event_sink bind)
{
	select->bind = bind;
	return (struct s2s_event_sink){on_event, on_end, select};
}

/* ---- calls ---- */

static enum s2s_status
keep_call(void *self, const struct s2s_call *call)
{
	struct s2s_select *s = self;
	struct row *row;
	uint64_t key[3] = {s->now};
	bool is_new;
	uint32_t *i;

	if (s2s_tree_add_at(s->calls, call, &s->last_leaf) != S2S_OK)
		return too_much(s, &call->place);
	key[1] = s->last_leaf;
	i = s2s_map_put(&s->by_epoch, key, &is_new);
	if (is_new) {
		if (s->n_rows >= s->limits.distinct)
			return too_much(s, &call->place);
		*i = (uint32_t)s->n_rows;
		s2s_grow(s->rows, s->n_rows, s->cap_rows);
		s->rows[s->n_rows++] =
		    (struct row){s->now, s->last_leaf, 0, call->place};
	}
	row = &s->rows[*i];
	row->count += call->count;
	return S2S_OK;
}

static struct s2s_call
call_of(const struct s2s_select *s, uint32_t at, uint64_t count,
	const struct s2s_place *first)
{
	struct s2s_leaf leaf = s2s_tree_leaf(s->calls, at);
	struct s2s_call call = {
	    .sc = leaf.sc,
	    .place = *first,
	    .pid = -1,
	    .launcher = leaf.launcher,
	    .count = count,
	};

	memcpy(call.arg, leaf.arg, sizeof call.arg);
	memcpy(call.kind, leaf.kind, sizeof call.kind);
	return call;
}

/* An exec by which a process comes into the part is made by who puts it under a filter,
   as strace makes that of the whole (DESIGN fact 11). */
static enum s2s_status
hand_on_entries(struct s2s_select *s, const struct facts *facts)
{
	for (size_t i = 0; i < s->epochs.n; i++) {
		const struct epoch *epoch = &s->epochs.epochs[i];
		struct s2s_call call;

		if (epoch->entry == NO_EPOCH || !facts[i].selected ||
		    facts[epoch->parent].selected)
			continue;
		call = call_of(s, epoch->entry, 1, &epoch->begins);
		call.launcher = true;
		TRY(s->next.event(s->next.self, &call));
	}
	return S2S_OK;
}

static void
find_number(struct number *list, size_t n, int64_t value)
{
	for (size_t i = 0; i < n; i++)
		list[i].found = list[i].found || list[i].value == value;
}

/* Which of the names and numbers that were asked for there are. */
static void
see_epoch(struct s2s_select *s, const struct epoch *epoch, const struct facts *f)
{
	struct criteria *c = &s->wanted;
	uint64_t key[3] = {(uint64_t)f->pid, f->exe, f->comm};
	bool is_new = false;

	find_number(c->pid, c->n_pid, f->pid);
	find_number(c->thread, c->n_thread, epoch->tid);
	find_number(c->children_of, c->n_children_of, f->pid);
	for (size_t i = 0; i < c->n_comm; i++)
		if (c->comm[i].text == f->comm)
			c->comm[i].found = true;
	for (size_t i = 0; i < c->n_exe; i++)
		if (f->exe && s2s_is_exe(s2s_atom_text(s->atoms, c->exe[i].text),
					 s2s_atom_text(s->atoms, f->exe)))
			c->exe[i].found = true;
	if (s->n_seen >= SEEN_MAX)
		return;
	s2s_map_put(&s->by_seen, key, &is_new);
	if (!is_new)
		return;
	s2s_grow(s->seen, s->n_seen, s->cap_seen);
	s->seen[s->n_seen++] = (struct seen){f->pid, f->exe, f->comm};
}

static enum s2s_status
decide(struct s2s_select *s)
{
	struct facts *facts = s2s_resolve(&s->epochs, &s->wanted, s->atoms);
	enum s2s_status status = hand_on_entries(s, facts);

	for (size_t i = 0; i < s->n_rows && status == S2S_OK; i++) {
		const struct row *row = &s->rows[i];
		struct s2s_call call;

		see_epoch(s, &s->epochs.epochs[row->epoch], &facts[row->epoch]);
		if (!facts[row->epoch].selected)
			continue;
		s->any = true;
		call = call_of(s, row->leaf, row->count, &row->first);
		status = s->next.event(s->next.self, &call);
	}
	free(facts);
	return status;
}

static enum s2s_status
calls_end(void *self)
{
	struct s2s_select *s = self;

	TRY(decide(s));
	epochs_clear(&s->epochs);
	s->n_rows = 0;
	s2s_map_done(&s->by_epoch);
	s->by_epoch = (struct s2s_map){0};
	return s->next.end(s->next.self);
}

struct s2s_call_sink
s2s_select_calls(struct s2s_select *select)
{
	return (struct s2s_call_sink){keep_call, calls_end, select};
}

/* ---- the end ---- */

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
	s2s_out_str(out, ": no call of the log is this mark");
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
	if (missing)
		say_what_there_is(s, &out);
	s2s_out_done(&out);
	return missing ? S2S_EMPTY : S2S_OK;
}
