/* SPDX-License-Identifier: MIT */
/* The name of a call, or its number, to the kernel's call. */
#include "base/attr.h"
#include "base/out.h"
#include "bind/steps.h"

#include <stdio.h>

enum { NAME_MAX_SHOWN = 64, FAR = 3 };

static const uint32_t SIGN_BIT = UINT32_C(1) << 31; /* of the number, an int */

/* How many letters to insert, remove or change, two rows of Levenshtein's table. */
static unsigned
distance(struct s2s_sv a, struct s2s_sv b)
{
	unsigned row[NAME_MAX_SHOWN + 1];

	if (a.n > NAME_MAX_SHOWN || b.n > NAME_MAX_SHOWN || a.n >= b.n + FAR ||
	    b.n >= a.n + FAR)
		return FAR;
	for (unsigned j = 0; j <= b.n; j++)
		row[j] = j;
	for (unsigned i = 1; i <= a.n; i++) {
		unsigned corner = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= b.n; j++) {
			unsigned change = corner + (a.p[i - 1] != b.p[j - 1]);
			unsigned other =
			    (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

			corner = row[j];
			row[j] = change < other ? change : other;
		}
	}
	return row[b.n];
}

/* NULL: nothing like it. */
static const char *
closest(enum s2s_arch arch, struct s2s_sv name)
{
	const char *best = NULL;
	unsigned best_distance = FAR;
	size_t n;
	const struct s2s_syscall *const *all = s2s_syscalls(arch, &n);

	for (size_t i = 0; i < n; i++) {
		unsigned d = distance(name, sv_from(all[i]->name));

		if (d < best_distance && d < name.n) {
			best_distance = d;
			best = all[i]->name;
		}
	}
	return best;
}

static void
report(struct s2s_diag *diag, enum s2s_diag_id id, const struct s2s_event *ev,
       const char *fmt, const char *what)
{
	struct s2s_sv name = ev->name;
	struct s2s_out text;

	if (name.n > NAME_MAX_SHOWN)
		name.n = NAME_MAX_SHOWN;
	s2s_out_memory(&text);
	s2s_out_escaped(&text, name);
	s2s_out_char(&text, '\0');
	s2s_diag_report(diag, id, ev->place, ev->line, "%s: %s%s",
			s2s_out_text(&text).p, fmt, what);
	s2s_out_done(&text);
}

/* Another architecture that has a call of that name. */
static const char *
elsewhere(enum s2s_arch arch, struct s2s_sv name)
{
	for (int other = 0; other < S2S_ARCH_COUNT; other++) {
		enum s2s_arch on = (enum s2s_arch)other;
		const struct s2s_syscall *sc;

		if (on != arch && (s2s_syscall_by_name(on, name) ||
				   s2s_syscall_through(on, name, &sc)))
			return s2s_arch_name(on);
	}
	return NULL;
}

/* One that is not served, or NULL. */
static const char *
foreign(struct s2s_sv name)
{
	static const struct {
		const char *name, *arch;
	} calls[] = {
#include "foreign.inc"
	};

	for (size_t i = 0; i < S2S_ARRAY_SIZE(calls); i++)
		if (sv_equal(sv_from(calls[i].name), name))
			return calls[i].arch;
	return NULL;
}

static void
report_unknown(struct s2s_diag *diag, const struct s2s_event *ev, enum s2s_arch arch)
{
	/* Not for each of a million. */
	bool shows = s2s_diag_shows(diag, S2S_DIAG_UNKNOWN_CALL);
	const char *other = shows ? elsewhere(arch, ev->name) : NULL;
	const char *strange = shows ? foreign(ev->name) : NULL;
	const char *like = other || strange || !shows ? NULL : closest(arch, ev->name);
	char on[80];

	if (other || strange) {
		snprintf(on, sizeof on, "%s, but on %s%s", s2s_arch_name(arch),
			 other ? other : strange,
			 other ? ": --arch says which it is"
			       : ", which is not supported");
		report(diag, S2S_DIAG_UNKNOWN_CALL, ev, "no such system call on ", on);
	} else if (like)
		report(diag, S2S_DIAG_UNKNOWN_CALL, ev,
		       "no such system call; the closest is ", like);
	else
		report(diag, S2S_DIAG_UNKNOWN_CALL, ev, "no such system call on ",
		       s2s_arch_name(arch));
}

bool
s2s_bind_is_numbered(struct s2s_sv name)
{
	return sv_starts(name, SV("syscall_")) || sv_starts(name, SV("SYS_"));
}

/* syscall_0x1c9, syscall_457, SYS_457 */
static bool
number_of(struct s2s_sv name, uint64_t *ret)
{
	return (sv_eat(&name, SV("syscall_")) || sv_eat(&name, SV("SYS_"))) &&
	       sv_to_u64(name, ret);
}

bool
s2s_bind_is_nowhere(const struct s2s_event *ev, enum s2s_arch arch)
{
	uint64_t nr;

	if (!s2s_bind_is_numbered(ev->name) || !number_of(ev->name, &nr) ||
	    (ev->arch.n && !s2s_arch_find(ev->arch, &arch)))
		return false;
	if (nr & SIGN_BIT)
		return true;
	return nr < S2S_X32_BIT && sv_equal(ev->error, SV("ENOSYS")) &&
	       !s2s_syscall_by_nr(arch, (uint32_t)nr);
}

static const struct s2s_syscall *
by_name(enum s2s_arch arch, struct s2s_sv name, struct s2s_cache *cache)
{
	static const char of_arch[S2S_ARCH_COUNT]; /* addresses to tell them apart */
	const void *of = &of_arch[arch];
	struct s2s_cache_entry *entry = s2s_cache_slot(cache, of, name);
	const struct s2s_syscall *sc;

	if (s2s_cache_hit(entry, of, name))
		return (const struct s2s_syscall *)(uintptr_t)entry->value;
	sc = s2s_syscall_by_name(arch, name);
	if (sc)
		s2s_cache_keep(entry, of, name, (uintptr_t)sc);
	return sc;
}

const struct s2s_syscall *
s2s_bind_older(const struct s2s_event *ev, enum s2s_arch arch)
{
	static const struct {
		const char *name, *call;
	} older[] = {
#include "older.inc"
	};
	const struct s2s_syscall *sc;

	if (arch != S2S_ARCH_I386 || ev->runs || ev->registers)
		return NULL;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(older); i++)
		if (sv_equal(sv_from(older[i].name), ev->name)) {
			sc = s2s_syscall_by_name(arch, sv_from(older[i].call));
			return ev->nr < 0 || (uint64_t)ev->nr == sc->nr ? sc : NULL;
		}
	return NULL;
}

/* All that the name, or number, stands for on an architecture. */
static struct s2s_found
find(const struct s2s_event *ev, enum s2s_arch arch, struct s2s_cache *cache)
{
	struct s2s_found f = {.sc = by_name(arch, ev->name, cache)};
	uint64_t nr;

	if (!f.sc && number_of(ev->name, &nr) && nr <= UINT32_MAX)
		f.sc = s2s_syscall_by_nr(arch, (uint32_t)nr);
	if (ev->runs == 0 && !ev->registers)
		f.through = s2s_syscall_through(arch, ev->name, &f.through_sc);
	if (!f.sc || (ev->nr >= 0 && f.sc->nr != (uint64_t)ev->nr)) {
		const struct s2s_syscall *older = s2s_bind_older(ev, arch);

		f.sc = older ? older : f.sc;
	}
	/* -e raw shows the registers of ipc under the name of what it is to do. */
	if (ev->nr < 0 && f.sc && f.through && ev->nargs > f.sc->nargs)
		f.sc = NULL;
	if (ev->nr < 0)
		return f;
	if (f.sc && f.sc->nr != (uint64_t)ev->nr)
		f.sc = NULL;
	if (f.through && f.through_sc->nr != (uint64_t)ev->nr)
		f.through = NULL;
	return f;
}

static bool
is_found(const struct s2s_found *f)
{
	return f->sc || f->through;
}

static bool
is_x32(const struct s2s_event *ev)
{
	uint64_t nr = 0;

	if (ev->nr >= 0)
		nr = (uint64_t)ev->nr;
	else if (!number_of(ev->name, &nr))
		return false;
	return nr <= UINT32_MAX && nr & S2S_X32_BIT;
}

/* The 32-bit processes of an aarch64 log are not i386's. */
static void
report_arch(struct s2s_diag *diag, const struct s2s_event *ev, bool is_arm)
{
	struct s2s_out text;

	s2s_out_memory(&text);
	s2s_out_escaped(&text, is_arm ? SV("arm") : ev->arch);
	s2s_out_char(&text, '\0');
	report(diag, S2S_DIAG_ARCH, ev,
	       "its architecture is not supported: ", s2s_out_text(&text).p);
	s2s_out_done(&text);
}

/* An architecture that the log names must be one that a kernel of the other runs. */
static bool
arch_of(const struct s2s_event *ev, struct s2s_diag *diag, enum s2s_arch *arch)
{
	enum s2s_arch native = *arch;
	bool found = !ev->arch.n || s2s_arch_find(ev->arch, arch);
	bool is_arm = found && ev->arch.n && *arch == S2S_ARCH_I386 &&
		      native == S2S_ARCH_AARCH64 && !ev->registers && !ev->runs;

	if (found && !is_arm)
		return true;
	report_arch(diag, ev, is_arm);
	return false;
}

static void
report_missing(struct s2s_diag *diag, const struct s2s_event *ev, enum s2s_arch arch)
{
	if (is_x32(ev))
		report(diag, S2S_DIAG_X32, ev, "x32 calls are not supported", "");
	else if (ev->nr >= 0 && by_name(arch, ev->name, NULL))
		report(diag, S2S_DIAG_ARCH, ev, "its number is not the one it has on ",
		       s2s_arch_name(arch));
	else
		report_unknown(diag, ev, arch);
}

bool
s2s_bind_name(const struct s2s_event *ev, enum s2s_arch arch, struct s2s_diag *diag,
	      struct s2s_cache *cache, struct s2s_found *ret)
{
	if (!arch_of(ev, diag, &arch))
		return false;
	*ret = find(ev, arch, cache);
	/* -n prints the number that the kernel saw: it tells the architecture. */
	if (!is_found(ret) && !ev->arch.n && ev->nr >= 0)
		*ret = find(ev, s2s_arch_compat(arch), cache);
	if (is_found(ret))
		return true;
	report_missing(diag, ev, arch);
	return false;
}
