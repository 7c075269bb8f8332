/* SPDX-License-Identifier: MIT */
#include "parse/mode.h"

static const uint32_t *
known(const struct modes *modes, uint64_t pid)
{
	uint64_t key[3] = {pid};

	return s2s_map_get(&modes->by_pid, key);
}

/* Beside the mode: a note said it, or its calls. */
enum { TOLD = 1 << 8 };

static enum mode
only_mode(uint32_t value)
{
	return (enum mode)(value & (TOLD - 1));
}

/* `value`: a mode, or TOLD beside it. */
static void
set_mode(struct modes *modes, uint64_t pid, uint32_t value)
{
	uint64_t key[3] = {pid};
	bool is_new;
	uint32_t *had = s2s_map_put(&modes->by_pid, key, &is_new);

	if (!is_new)
		modes->live[only_mode(*had)]--;
	modes->live[only_mode(value)]++;
	*had = value;
}

static void
forget(struct modes *modes, uint64_t pid)
{
	uint64_t key[3] = {pid};
	const uint32_t *had = known(modes, pid);

	if (!had)
		return;
	modes->live[only_mode(*had)]--;
	s2s_map_remove(&modes->by_pid, key);
}

/* [ Process PID=1234 runs in 32 bit mode. ] */
static bool
read_note(struct s2s_sv text, uint64_t *ret_pid, enum mode *ret)
{
	struct s2s_sv digits;

	sv_eat(&text, SV("strace: "));
	if (!sv_eat(&text, SV("[ Process PID=")))
		return false;
	digits = (struct s2s_sv){text.p, 0};
	while (text.n && *text.p >= '0' && *text.p <= '9') {
		sv_skip(&text, 1);
		digits.n++;
	}
	if (!sv_to_u64(digits, ret_pid) || !sv_eat(&text, SV(" runs in ")))
		return false;
	*ret = sv_starts(text, SV("32 bit")) ? MODE_32
	       : sv_starts(text, SV("x32"))  ? MODE_X32
					     : MODE_NATIVE;
	return true;
}

/* The end of "strace: Process 1234 attached", which may stand within a call. */
static bool
read_attached(struct s2s_sv line, uint64_t *ret_pid)
{
	struct s2s_sv digits = line;

	if (sv_ends(digits, SV("\r")))
		digits.n--;
	if (!sv_ends(digits, SV(" attached")))
		return false;
	digits.n -= sizeof " attached" - 1;
	line = digits;
	while (line.n && line.p[line.n - 1] >= '0' && line.p[line.n - 1] <= '9')
		line.n--;
	sv_skip(&digits, line.n);
	return sv_ends(line, SV("Process ")) && sv_to_u64(digits, ret_pid);
}

/* Of a process that nothing was said of: an old one runs in the native mode, a new one
   in that of who makes it, whose call may not be over yet. */
static enum mode
guess(const struct modes *modes)
{
	return modes->forking_32 ? MODE_32 : MODE_NATIVE;
}

static enum mode
mode_of(struct modes *modes, uint64_t pid)
{
	const uint32_t *mode = known(modes, pid);

	if (!mode) {
		set_mode(modes, pid, guess(modes));
		mode = known(modes, pid);
	}
	return only_mode(*mode);
}

/* Who is left when strace writes no pid any more. */
static enum mode
survivor(const struct modes *modes)
{
	size_t all = 0;

	for (size_t i = 0; i < MODES; i++)
		all += modes->live[i];
	for (size_t i = 0; i < MODES; i++)
		if (all && modes->live[i] == all)
			return (enum mode)i;
	return modes->bare;
}

static enum mode
mode_of_event(struct modes *modes, const struct s2s_event *ev)
{
	if (ev->pid < 0 && modes->numbered)
		modes->bare = survivor(modes);
	modes->numbered = ev->pid >= 0;
	return modes->numbered ? mode_of(modes, (uint64_t)ev->pid) : modes->bare;
}

static void
see_forking(struct modes *modes, const struct s2s_event *ev)
{
	bool is_32 = modes->current == MODE_32;

	if (ev->kind == S2S_EVENT_UNFINISHED) {
		modes->forking++;
		modes->forking_32 += is_32;
	}
	if (ev->kind == S2S_EVENT_RESUMED) {
		modes->forking -= modes->forking > 0;
		modes->forking_32 -= is_32 && modes->forking_32 > 0;
	}
}

/* A new process has the mode of who makes it: of this event or, where another stands
   here, of those who are about to make one, if they agree. Else strace's word counts,
   which gives a process that it meets the mode of the event before (alloctcb() in its
   strace.c), and says where its first call shows another. */
static enum mode
maker_mode(const struct modes *modes, const struct s2s_event *ev)
{
	if (!modes->forking || (s2s_event_is_call(ev) && s2s_event_makes_process(ev)))
		return modes->current;
	if (!modes->forking_32)
		return MODE_NATIVE;
	return modes->forking_32 == modes->forking ? MODE_32 : modes->current;
}

static void
see_attached(struct modes *modes, const struct s2s_event *ev, uint64_t pid)
{
	modes->attached = true;
	if (!known(modes, pid))
		set_mode(modes, pid, maker_mode(modes, ev));
}

/* What nothing told the maker's mode does. Where strace says whom it meets, the
   result may come when that one is gone; with -o it says that elsewhere. */
static void
see_child(struct modes *modes, uint64_t child)
{
	const uint32_t *mode = known(modes, child);

	if (mode ? !(*mode & TOLD) : !modes->attached)
		set_mode(modes, child, modes->current);
}

static void
see_family(struct modes *modes, const struct s2s_event *ev)
{
	uint64_t child, key[3];
	bool is_new;

	see_forking(modes, ev);
	if (ev->kind == S2S_EVENT_UNFINISHED || !sv_to_u64(ev->result, &child) ||
	    !child)
		return;
	see_child(modes, child);
	key[0] = child;
	key[1] = key[2] = 0;
	if (modes->current == MODE_32)
		s2s_map_put(&modes->born_32, key, &is_new);
}

static void
see_note(struct modes *modes, const struct s2s_event *ev, uint64_t pid, enum mode mode)
{
	modes->told = modes->noted = true;
	set_mode(modes, pid, mode | TOLD);
	if (ev->pid < 0 && !modes->numbered)
		modes->bare = mode;
	modes->current = mode;
	modes->is_x32 = mode == MODE_X32;
}

void
modes_see(struct modes *modes, struct s2s_event *ev)
{
	enum mode mode;
	uint64_t pid;

	modes->is_x32 = false;
	if (ev->kind == S2S_EVENT_NOTE && read_note(ev->name, &pid, &mode)) {
		see_note(modes, ev, pid, mode);
		return;
	}
	if (!modes->told) {
		modes->numbered = ev->pid >= 0;
		return;
	}
	if (ev->kind != S2S_EVENT_NOTE) {
		modes->current = mode = mode_of_event(modes, ev);
		modes->is_x32 = mode == MODE_X32;
		if (mode == MODE_32)
			ev->arch = SV("i386");
	}
	if (ev->kind == S2S_EVENT_EXIT && ev->pid >= 0)
		forget(modes, (uint64_t)ev->pid);
	if (s2s_event_is_call(ev) && s2s_event_makes_process(ev))
		see_family(modes, ev);
	if (read_attached(ev->line, &pid))
		see_attached(modes, ev, pid);
}

bool
modes_is_note(const struct s2s_event *note)
{
	enum mode mode;
	uint64_t pid;

	return read_note(note->name, &pid, &mode);
}

bool
modes_know(const struct modes *modes, int64_t pid)
{
	return pid < 0 || known(modes, (uint64_t)pid);
}

/* As long as all run in the native mode, none is remembered. */
void
modes_infer(struct modes *modes, int64_t pid, bool is_32)
{
	enum mode mode = is_32 ? MODE_32 : MODE_NATIVE;

	modes->told = modes->told || is_32;
	if (modes->told && pid >= 0)
		set_mode(modes, (uint64_t)pid, mode | TOLD);
	else
		modes->bare = mode;
}

bool
modes_keep(struct modes *modes, int64_t pid)
{
	uint64_t key[3] = {(uint64_t)(pid < 0 ? modes->named : pid)};

	if (!(pid < 0 ? modes->told : known(modes, key[0]) != NULL) &&
	    s2s_map_get(&modes->born_32, key))
		modes_infer(modes, pid, true);
	if (pid < 0)
		return modes->bare == MODE_32;
	return modes->told && mode_of(modes, key[0]) == MODE_32;
}

void
modes_end(struct modes *modes)
{
	struct s2s_map born_32 = modes->born_32;

	s2s_map_done(&modes->by_pid);
	*modes = (struct modes){.born_32 = born_32};
}

void
modes_done(struct modes *modes)
{
	modes_end(modes);
	s2s_map_done(&modes->born_32);
}
