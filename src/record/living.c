/* SPDX-License-Identifier: MIT */
#include "record/living.h"

#include "base/sv.h"

#include <stdbool.h>
#include <string.h>

static bool
eat_pid(struct s2s_sv *in, size_t *ret)
{
	uint64_t pid;
	size_t n = 0;

	while (n < in->n && in->p[n] >= '0' && in->p[n] <= '9')
		n++;
	if (!sv_to_u64((struct s2s_sv){in->p, n}, &pid) || pid >= LIVING_WORDS * 64)
		return false;
	sv_skip(in, n);
	*ret = (size_t)pid;
	return true;
}

/* "   [  61] ", of the last call where none begins */
static void
eat_number(struct s2s_sv *in)
{
	const char *end = memchr(in->p, ']', in->n);

	while (sv_eat_char(in, ' '))
		continue;
	if (end && sv_starts(*in, SV("[")))
		sv_skip(in, (size_t)(end + 1 - in->p));
	while (sv_eat_char(in, ' '))
		continue;
}

static void
set(struct record_living *living, size_t pid, bool lives)
{
	uint64_t bit = (uint64_t)1 << pid % 64;

	if (lives)
		living->bit[pid / 64] |= bit;
	else
		living->bit[pid / 64] &= ~bit;
}

/* 812   [   0] read(3, …
   812   [   0] <... read resumed> …
   812   [ 231] +++ exited with 0 +++
   812   [  59] +++ superseded by execve in pid 814 +++ */
static void
end_line(struct record_living *living)
{
	struct s2s_sv s = {living->head,
			   living->n < LIVING_HEAD ? living->n : LIVING_HEAD};
	size_t pid;

	living->n = 0;
	if (!eat_pid(&s, &pid))
		return;
	eat_number(&s);
	set(living, pid, !sv_starts(s, SV("+++ ")));
	if (!sv_starts(s, SV("+++ ")) && !sv_starts(s, SV("--- ")) &&
	    !sv_starts(s, SV("<... ")))
		living->calls++;
	if (sv_eat(&s, SV("+++ superseded by execve in pid ")) && eat_pid(&s, &pid))
		set(living, pid, false);
}

void
record_living_feed(struct record_living *living, const char *p, size_t n)
{
	while (n) {
		const char *end = memchr(p, '\n', n);
		size_t part = end ? (size_t)(end - p) : n;

		if (living->n < LIVING_HEAD)
			memcpy(living->head + living->n, p,
			       part < LIVING_HEAD - living->n
				   ? part
				   : LIVING_HEAD - living->n);
		living->n += part;
		if (end)
			end_line(living);
		part += end != NULL;
		p += part;
		n -= part;
	}
}

size_t
record_living_count(const struct record_living *living)
{
	size_t n = 0;

	for (size_t i = 0; i < LIVING_WORDS; i++)
		n += (size_t)__builtin_popcountll(living->bit[i]);
	return n;
}

pid_t
record_living_next(const struct record_living *living, pid_t after)
{
	for (size_t pid = (size_t)after + 1; pid < LIVING_WORDS * 64; pid++) {
		if (pid % 64 == 0 && !living->bit[pid / 64])
			pid += 63;
		else if (living->bit[pid / 64] >> pid % 64 & 1)
			return (pid_t)pid;
	}
	return 0;
}
