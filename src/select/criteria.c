/* SPDX-License-Identifier: MIT */
#include "select/criteria.h"

#include "base/arena.h"
#include "kernel/arch.h"
#include "kernel/syscalls.h"
#include "select/fact.h"

#include <stdlib.h>

static bool
unusable(const struct s2s_log *log, const char *option, const char *text,
	 const char *wanted)
{
	struct s2s_out out;

	s2s_out_memory(&out);
	s2s_out_escaped(&out, sv_from(text));
	s2s_log(log, S2S_LOG_ERROR, "--%s=%.*s: %s", option, (int)out.n, out.p, wanted);
	s2s_out_done(&out);
	return false;
}

static const char *
take_number(const char *text, struct s2s_atoms *atoms, struct number *ret)
{
	struct s2s_sv s = sv_from(text);
	uint64_t n;

	(void)atoms;
	for (size_t i = 0; i < s.n; i++)
		if (text[i] < '0' || text[i] > '9')
			return "a process id is wanted";
	if (!sv_to_u64(s, &n) || text[0] == '0' || n > INT32_MAX)
		return "a process id is wanted";
	*ret = (struct number){.value = (int64_t)n};
	return NULL;
}

static const char *
take_name(const char *text, struct s2s_atoms *atoms, struct name *ret)
{
	if (!*text)
		return "a name is wanted";
	*ret = (struct name){.text = s2s_atom_intern(atoms, sv_from(text))};
	return NULL;
}

static bool
is_call(struct s2s_sv name)
{
	static const enum s2s_arch arches[] = {
#define X(id, name, audit, scmp, bits) S2S_ARCH_##id,
	    S2S_ARCHES(X)
#undef X
	};

	for (size_t i = 0; i < S2S_ARRAY_SIZE(arches); i++)
		if (s2s_syscall_by_name(arches[i], name))
			return true;
	return false;
}

/* accept4, access("strace2seccomp:serving") */
static const char *
take_mark(const char *text, struct s2s_atoms *atoms, struct mark *ret)
{
	struct s2s_sv s = sv_from(text);
	const char *open = strchr(text, '(');
	struct s2s_out out;
	bool is_string = true;

	*ret = (struct mark){.call = s};
	if (open) {
		ret->has_text = true;
		ret->call.n = (size_t)(open - text);
		sv_skip(&s, ret->call.n + 1);
		s2s_out_memory(&out);
		is_string = sv_ends(s, SV("\")")) && --s.n && fact_string(s, &out);
		ret->text = s2s_atom_intern(atoms, s2s_out_text(&out));
		s2s_out_done(&out);
	}
	if (!is_string)
		return "CALL or CALL(\"TEXT\") is wanted";
	return is_call(ret->call) ? NULL : "no such system call";
}

#define take_of(type)                          \
	_Generic((type *)NULL, struct number * \
		 : take_number, struct name *  \
		 : take_name, struct mark *    \
		 : take_mark)

bool
criteria_init(struct criteria *c, const struct s2s_selection *wanted,
	      struct s2s_atoms *atoms, const struct s2s_log *log)
{
	*c = (struct criteria){0};
#define X(type, member, option)                                                      \
	for (const char *const *p = wanted->member; p && *p; p++) {                  \
		const char *wrong;                                                   \
		c->member = s2s_realloc(c->member, c->n_##member + 1, sizeof(type)); \
		wrong = take_of(type)(*p, atoms, &c->member[c->n_##member]);         \
		if (wrong)                                                           \
			return unusable(log, option, *p, wrong);                     \
		c->n_##member++;                                                     \
	}
	SELECT_LISTS(X)
#undef X
	return true;
}

void
criteria_done(struct criteria *c)
{
#define X(type, member, option) free(c->member);
	SELECT_LISTS(X)
#undef X
}

static bool
has_text(const struct s2s_event *ev, struct s2s_sv text)
{
	struct s2s_out out;
	bool found = false;

	s2s_out_memory(&out);
	for (size_t i = 0; i < ev->nargs && !found; i++) {
		out.n = 0;
		found = ev->args[i].kind == S2S_TEXT_STRING &&
			fact_string(ev->args[i].text, &out) &&
			sv_equal(s2s_out_text(&out), text);
	}
	s2s_out_done(&out);
	return found;
}

/* An audit log tells numbers. */
static struct s2s_sv
name_of(const struct s2s_event *ev)
{
	const struct s2s_syscall *sc;
	enum s2s_arch arch;

	if (!sv_starts(ev->name, SV("syscall_")) || !ev->arch.n ||
	    !s2s_arch_find(ev->arch, &arch))
		return ev->name;
	sc = s2s_syscall_by_name(arch, ev->name);
	return sc ? sv_from(sc->name) : ev->name;
}

unsigned
marks_met(struct mark *marks, size_t n, const struct s2s_event *ev,
	  const struct s2s_atoms *atoms)
{
	struct s2s_sv name = name_of(ev);
	unsigned met = 0;

	for (size_t i = 0; i < n; i++) {
		struct mark *mark = &marks[i];

		if (!sv_equal(mark->call, name))
			continue;
		if (mark->has_text && !has_text(ev, s2s_atom_text(atoms, mark->text)))
			continue;
		mark->found = true;
		met |= mark->has_text ? MET_TEXT : MET_CALL;
	}
	return met;
}
