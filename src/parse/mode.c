/* SPDX-License-Identifier: MIT */
#include "parse/mode.h"

enum mode { MODE_NATIVE, MODE_32, MODE_X32 };

static uint32_t *
mode_of(struct modes *modes, uint64_t pid, uint32_t unseen)
{
	uint64_t key[3] = {pid};
	bool is_new;
	uint32_t *mode = s2s_map_put(&modes->by_pid, key, &is_new);

	if (is_new)
		*mode = unseen;
	return mode;
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

/* A process that is new has the mode of the one that was seen last: strace says nothing
   where a child runs in the mode of its parent. */
void
modes_see(struct modes *modes, struct s2s_event *ev)
{
	enum mode mode;
	uint64_t pid;

	modes->is_x32 = false;
	if (ev->kind == S2S_EVENT_NOTE && read_note(ev->name, &pid, &mode)) {
		modes->told = modes->noted = true;
		*mode_of(modes, pid, mode) = mode;
		*mode_of(modes, (uint64_t)-1, mode) = mode;
		modes->current = mode;
		modes->is_x32 = mode == MODE_X32;
	} else if (modes->told && ev->kind != S2S_EVENT_NOTE) {
		mode = *mode_of(modes, (uint64_t)ev->pid, modes->current);
		modes->current = mode;
		modes->is_x32 = mode == MODE_X32;
		if (mode == MODE_32)
			ev->arch = SV("i386");
	}
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
	uint64_t key[3] = {(uint64_t)pid};

	return s2s_map_get(&modes->by_pid, key) != NULL;
}

/* As long as all run in the native mode, none is remembered. */
void
modes_infer(struct modes *modes, int64_t pid, bool is_32)
{
	enum mode mode = is_32 ? MODE_32 : MODE_NATIVE;

	modes->told = modes->told || is_32;
	if (modes->told)
		*mode_of(modes, (uint64_t)pid, mode) = mode;
}

bool
modes_keep(struct modes *modes, int64_t pid)
{
	return modes->told && *mode_of(modes, (uint64_t)pid, modes->current) == MODE_32;
}

void
modes_done(struct modes *modes)
{
	s2s_map_done(&modes->by_pid);
	*modes = (struct modes){0};
}
