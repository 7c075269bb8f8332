/* SPDX-License-Identifier: MIT */
/* The name of a call, or its number, to the kernel's call. */
#include "base/out.h"
#include "bind/steps.h"

enum { NAME_MAX_SHOWN = 64, FAR = 3 };

static const char *const i386_only[] = {
#include "foreign.inc"
};

/* Where only 32-bit processes can have made a call of that name. */
static bool
is_i386_only(struct s2s_sv name)
{
	for (size_t i = 0; i < sizeof i386_only / sizeof *i386_only; i++)
		if (sv_equal(name, sv_from(i386_only[i])))
			return true;
	return false;
}

/* How many letters to insert, remove or change, two rows of Levenshtein's table. */
static unsigned
distance(struct s2s_sv a, struct s2s_sv b)
{
	unsigned row[NAME_MAX_SHOWN + 1];

	if (a.n > NAME_MAX_SHOWN || b.n > NAME_MAX_SHOWN)
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

static void
report_unknown(struct s2s_diag *diag, const struct s2s_event *ev, enum s2s_arch arch)
{
	const char *like;

	if (is_i386_only(ev->name)) {
		report(diag, S2S_DIAG_ARCH, ev,
		       "only 32-bit processes have this call, and they are not "
		       "supported",
		       "");
		return;
	}
	like = closest(arch, ev->name);
	if (like)
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

/* -n prints the number that the kernel saw; names alone do not tell an x32 call. */
static bool
number_agrees(const struct s2s_event *ev, const struct s2s_syscall *sc,
	      struct s2s_diag *diag)
{
	if (ev->nr < 0 || (sc && (uint64_t)ev->nr == sc->nr))
		return true;
	if ((uint64_t)ev->nr & S2S_X32_BIT)
		report(diag, S2S_DIAG_X32, ev, "x32 calls are not supported", "");
	else if (sc)
		report(diag, S2S_DIAG_ARCH, ev, "its number is not the one it has on ",
		       s2s_arch_name(sc->arch));
	else
		return true;
	return false;
}

static bool
arch_of(const struct s2s_event *ev, struct s2s_diag *diag, enum s2s_arch *arch)
{
	if (!ev->arch.n || s2s_arch_find(ev->arch, arch))
		return true;
	report(diag, S2S_DIAG_ARCH, ev, "its architecture is not supported", "");
	return false;
}

static const struct s2s_syscall *
by_name(enum s2s_arch arch, struct s2s_sv name, struct s2s_cache *cache)
{
	static const char of_arch[8]; /* addresses to tell architectures apart */
	const void *of = &of_arch[arch % sizeof of_arch];
	struct s2s_cache_entry *entry = s2s_cache_slot(cache, of, name);
	const struct s2s_syscall *sc;

	if (s2s_cache_hit(entry, of, name))
		return (const struct s2s_syscall *)(uintptr_t)entry->value;
	sc = s2s_syscall_by_name(arch, name);
	if (sc)
		s2s_cache_keep(entry, of, name, (uintptr_t)sc);
	return sc;
}

bool
s2s_bind_name(const struct s2s_event *ev, enum s2s_arch arch, struct s2s_diag *diag,
	      struct s2s_cache *cache, const struct s2s_syscall **ret)
{
	const struct s2s_syscall *sc;
	uint64_t nr;

	if (!arch_of(ev, diag, &arch))
		return false;
	sc = by_name(arch, ev->name, cache);
	if (!sc && number_of(ev->name, &nr)) {
		if (nr <= UINT32_MAX && nr & S2S_X32_BIT) {
			report(diag, S2S_DIAG_X32, ev, "x32 calls are not supported",
			       "");
			return false;
		}
		sc = nr <= UINT32_MAX ? s2s_syscall_by_nr(arch, (uint32_t)nr) : NULL;
	}
	if (!number_agrees(ev, sc, diag))
		return false;
	if (!sc) {
		report_unknown(diag, ev, arch);
		return false;
	}
	*ret = sc;
	return true;
}
