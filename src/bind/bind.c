/* SPDX-License-Identifier: MIT */
/* The filter between parsers and tree: each call of an input bound and handed on. */
#include "bind/bind.h"

#include "base/arena.h"
#include "bind/again.h"
#include "bind/steps.h"

#include <stdlib.h>

struct s2s_binder {
	struct s2s_diag *diag;
	enum s2s_arch arch; /* of events that do not say */
	struct s2s_call_sink next;
	struct s2s_bind_counts counts;
	bool begun; /* this input had a call */
	struct s2s_cache cache;
	struct s2s_again again;
};

/* strace made the first execve of a log, not the program (DESIGN fact 11). */
static struct s2s_place
place_of(const struct s2s_event *ev)
{
	return ev->first.file ? ev->first : ev->place;
}

static struct s2s_call
call_of(const struct s2s_event *ev, const struct s2s_syscall *sc)
{
	return (struct s2s_call){
	    .sc = sc,
	    .place = place_of(ev),
	    .pid = ev->pid,
	    .launcher = ev->launcher,
	    .count = ev->count ? ev->count : 1,
	    .runs = ev->runs,
	    .result = ev->result,
	    .has_result = ev->has_result,
	};
}

static void
bind_through(const struct s2s_event *ev, const struct s2s_found *found,
	     struct s2s_bind_counts *counts, struct s2s_call *ret)
{
	*ret = call_of(ev, found->through_sc);
	s2s_bind_through(found->through, counts, ret);
}

static enum s2s_status
bind_call(const struct s2s_event *ev, enum s2s_arch arch, struct s2s_diag *diag,
	  struct s2s_bind_counts *counts, struct s2s_cache *cache, struct s2s_call *ret,
	  bool *ret_more)
{
	struct s2s_found found;

	*ret_more = false;

	if (!s2s_bind_name(ev, arch, diag, cache, &found)) {
		counts->unknown_calls++;
		return S2S_SYNTAX;
	}
	counts->calls++;
	if (!found.sc) {
		bind_through(ev, &found, counts, ret);
		return S2S_OK;
	}
	*ret = call_of(ev, found.sc);
	*ret_more = s2s_bind_args(ev, 0, diag, counts, cache, ret);
	s2s_bind_foreign(ev, ret, diag);
	return S2S_OK;
}

enum s2s_status
s2s_bind_call(const struct s2s_event *ev, enum s2s_arch arch, struct s2s_diag *diag,
	      struct s2s_bind_counts *counts, struct s2s_call *ret)
{
	bool more;

	return bind_call(ev, arch, diag, counts, NULL, ret, &more);
}

/* Without its number, a name of i386 may stand for a second call. */
static bool
may_also_be(const struct s2s_event *ev, const struct s2s_call *call,
	    struct s2s_bind_counts *counts, struct s2s_call *ret)
{
	struct s2s_found found;

	if (ev->nr >= 0 || ev->runs || ev->registers)
		return false;
	found.through =
	    s2s_syscall_through(call->sc->arch, ev->name, &found.through_sc);
	if (!found.through || found.through_sc == call->sc)
		return false;
	bind_through(ev, &found, counts, ret);
	ret->also = true;
	return true;
}

/* What an old strace meant. What there is to say of the arguments was said. */
static bool
may_be_older(struct s2s_binder *b, const struct s2s_event *ev,
	     const struct s2s_call *call, struct s2s_call *ret)
{
	struct s2s_diag quiet = {.tolerance = S2S_LENIENT};
	const struct s2s_syscall *older = s2s_bind_older(ev, call->sc->arch);

	if (!older || older == call->sc || ev->nargs < older->nargs)
		return false;
	*ret = call_of(ev, older);
	s2s_bind_args(ev, 0, &quiet, &b->counts, &b->cache, ret);
	ret->also = true;
	return true;
}

/* The other calls that the text may tell of; what there is to say was said. */
static enum s2s_status
hand_on_others(struct s2s_binder *b, const struct s2s_event *ev,
	       const struct s2s_call *call)
{
	struct s2s_diag quiet = {.tolerance = S2S_LENIENT};
	struct s2s_bind_counts counts = {0};
	bool more = true;

	for (unsigned pick = 1; more; pick++) {
		struct s2s_call other = call_of(ev, call->sc);

		more = s2s_bind_args(ev, pick, &quiet, &counts, &b->cache, &other);
		other.also = true;
		TRY(b->next.event(b->next.self, &other));
	}
	return S2S_OK;
}

/* What was said of a call is said again, so only what needed no message is kept. */
static enum s2s_status
bind_or_remember(struct s2s_binder *b, const struct s2s_event *ev, struct s2s_call *ret,
		 bool *ret_more)
{
	uint64_t messages = b->diag->errors + b->diag->warnings;
	struct s2s_bind_counts added = {0};
	enum s2s_status status;

	*ret = call_of(ev, NULL);
	*ret_more = false;
	if (s2s_again_find(&b->again, ev, &b->counts, ret))
		return S2S_OK;
	status = bind_call(ev, b->arch, b->diag, &added, &b->cache, ret, ret_more);
	if (status == S2S_OK && !*ret_more &&
	    b->diag->errors + b->diag->warnings == messages)
		s2s_again_keep(&b->again, ev, &added, ret);
	s2s_bind_count(&b->counts, &added);
	return status;
}

/* Number -1: a tracer had the call skipped, or asked for nothing. The kernel does
   nothing, and every filter lets it. */
static bool
is_skipped(struct s2s_sv name)
{
	return sv_equal(name, SV("syscall_0xffffffffffffffff")) ||
	       sv_equal(name, SV("syscall_0xffffffff"));
}

/* strace's words where the process died before its registers could be read. */
static bool
is_nameless(struct s2s_sv name)
{
	return sv_equal(name, SV("????")) || sv_equal(name, SV("???"));
}

/* Whether nothing is to be bound: the kernel has no such call, or the log does not
   say which it is. */
static bool
is_no_call(struct s2s_binder *b, const struct s2s_event *ev, enum s2s_status *ret)
{
	*ret = S2S_OK;
	if (s2s_bind_is_numbered(ev->name) && is_skipped(ev->name))
		;
	else if (is_nameless(ev->name))
		*ret = s2s_diag_report(b->diag, S2S_DIAG_NAMELESS_CALL, ev->place,
				       ev->line, NULL);
	else if (s2s_bind_is_nowhere(ev, b->arch))
		*ret = s2s_diag_report(b->diag, S2S_DIAG_NO_NUMBER, ev->place, ev->line,
				       NULL);
	else
		return false;
	b->counts.unknown_calls++;
	return true;
}

/* A 32-bit program may be started by a 64-bit one, as strace is on most machines. */
static bool
may_be_native(const struct s2s_event *ev, const struct s2s_call *call,
	      struct s2s_call *ret)
{
	if (!call->launcher || call->sc->arch != S2S_ARCH_I386 || ev->nr >= 0 ||
	    ev->runs || ev->arch.n)
		return false;
	*ret = *call;
	ret->sc = s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(call->sc->name));
	for (int i = 0; i < ret->sc->nargs; i++)
		ret->kind[i] = ret->sc->arg[i].kind;
	ret->also = true;
	return true;
}

static enum s2s_status
on_event(void *self, const struct s2s_event *ev)
{
	struct s2s_binder *b = self;
	struct s2s_call call, other;
	bool first = !b->begun, more;
	enum s2s_status status;

	if (ev->kind != S2S_EVENT_CALL)
		return S2S_OK;
	b->begun = true;
	if (is_no_call(b, ev, &status))
		return status;
	if (bind_or_remember(b, ev, &call, &more) != S2S_OK)
		return b->diag->tolerance == S2S_FIRST_ERROR ? S2S_SYNTAX : S2S_OK;
	if (first && ev->runs == 0 && !ev->unstarted && s2s_event_is_exec(ev))
		call.launcher = true;
	TRY(b->next.event(b->next.self, &call));
	if (more)
		TRY(hand_on_others(b, ev, &call));
	if (!may_also_be(ev, &call, &b->counts, &other) &&
	    !may_be_older(b, ev, &call, &other) && !may_be_native(ev, &call, &other))
		return S2S_OK;
	return b->next.event(b->next.self, &other);
}

static enum s2s_status
on_end(void *self)
{
	struct s2s_binder *b = self;

	b->begun = false;
	return b->next.end ? b->next.end(b->next.self) : S2S_OK;
}

struct s2s_binder *
s2s_binder_new(struct s2s_diag *diag, enum s2s_arch default_arch,
	       struct s2s_call_sink next)
{
	struct s2s_binder *b = s2s_realloc(NULL, 1, sizeof *b);

	*b = (struct s2s_binder){.diag = diag, .arch = default_arch, .next = next};
	return b;
}

struct s2s_event_sink
s2s_binder_sink(struct s2s_binder *binder)
{
	return (struct s2s_event_sink){on_event, on_end, binder};
}

const struct s2s_bind_counts *
s2s_binder_counts(const struct s2s_binder *binder)
{
	return &binder->counts;
}

void
s2s_binder_repeat(struct s2s_binder *binder, const struct s2s_bind_counts *added,
		  uint64_t n)
{
	struct s2s_bind_counts all = {
	    .calls = added->calls * n,
	    .args = added->args * n,
	    .unknown_args = added->unknown_args * n,
	    .unknown_symbols = added->unknown_symbols * n,
	    .unknown_selectors = added->unknown_selectors * n,
	};

	s2s_bind_count(&binder->counts, &all);
}

void
s2s_binder_free(struct s2s_binder *binder)
{
	if (binder)
		s2s_again_done(&binder->again);
	free(binder);
}
