/* SPDX-License-Identifier: MIT */
/* The time that libseccomp takes grows with the third power of a filter's length; and a
   program is installed when a user's program starts. So long filters are cut in pieces,
   call by call, which are joined again behind libseccomp.

   And libseccomp 2.5.4 lets calls share a comparison, as of the third argument of
   openat and of lseek with 0, though what it compares is loaded on the way to one of
   them only: openat(…, O_WRONLY|O_CREAT, 0) was allowed. What stands in a filter of its
   own shares nothing. */
#include "format/scmp.h"

enum { PIECE = 800 }; /* instructions; a few ms each */

static bool
is_bare(const struct s2s_scmp_call *call)
{
	return call->n == 1 && call->rows[0].n == 0;
}

/* What stays behind in filter 0, which has all calls: its rules are in filter j. */
static struct s2s_scmp_call
elsewhere(struct s2s_scmp *plan, const struct s2s_scmp_call *call, size_t j)
{
	struct s2s_scmp_call stays = {
	    .call = call->call, .n = 1, .rules_in = (uint8_t)j};

	stays.rows = s2s_arena_new(&plan->arena, struct s2s_scmp_row);
	stays.rows->rule = call->rows[0].rule;
	return stays;
}

static struct s2s_scmp_filter *
new_piece(struct s2s_scmp *plan, const struct s2s_scmp_filter *of)
{
	struct s2s_scmp_filter *piece = &plan->filter[plan->n++];

	piece->calls =
	    s2s_arena_alloc(&plan->arena, (of->n + 1) * sizeof *piece->calls);
	piece->whole_rules = of->whole_rules;
	return piece;
}

/* The calls that make filter j longer than a piece go into pieces of their own. */
static void
divide(struct s2s_scmp *plan, size_t j)
{
	struct s2s_scmp_filter *filter = &plan->filter[j], *piece = NULL;
	size_t used = 0, kept = 0;

	for (size_t i = 0; i < filter->n; i++) {
		struct s2s_scmp_call call = filter->calls[i];
		size_t size = s2s_scmp_call_size(&call);

		if (used && used + size > PIECE && !is_bare(&call) &&
		    plan->n < S2S_SCMP_FILTERS) {
			piece = new_piece(plan, filter);
			used = 0;
		}
		if (!is_bare(&call))
			used += size;
		if (piece && !is_bare(&call) && !s2s_scmp_installs(call.call->sc)) {
			piece->calls[piece->n++] = call;
			if (j > 0)
				continue;
			call = elsewhere(plan, &call, (size_t)(piece - plan->filter));
		}
		filter->calls[kept++] = call;
	}
	filter->n = kept;
}

static size_t
rules_of_others(const struct s2s_scmp_filter *filter, const struct s2s_syscall *sc)
{
	size_t n = 0;

	for (size_t i = 0; i < filter->n; i++)
		n += filter->calls[i].call->sc != sc && !is_bare(&filter->calls[i]);
	return n;
}

/* Moves the i-th call of filter j into a filter of its own. */
static void
move_out(struct s2s_scmp *plan, size_t j, size_t i)
{
	struct s2s_scmp_filter *filter = &plan->filter[j];
	struct s2s_scmp_filter *piece = new_piece(plan, filter);

	piece->calls[piece->n++] = filter->calls[i];
	if (j == 0)
		filter->calls[i] = elsewhere(plan, &filter->calls[i], plan->n - 1);
	else
		memmove(&filter->calls[i], &filter->calls[i + 1],
			(--filter->n - i) * sizeof *filter->calls);
}

bool
s2s_scmp_separate(struct s2s_scmp *plan, const struct s2s_syscall *sc)
{
	size_t n = plan->n;

	if (s2s_scmp_installs(sc))
		return false;
	for (size_t j = 0; j < n; j++)
		for (size_t i = 0; i < plan->filter[j].n; i++) {
			const struct s2s_scmp_call *call = &plan->filter[j].calls[i];

			if (call->call->sc != sc || is_bare(call) ||
			    !rules_of_others(&plan->filter[j], sc))
				continue;
			if (plan->n == S2S_SCMP_FILTERS)
				return false;
			move_out(plan, j, i);
			break;
		}
	return plan->n > n;
}

void
s2s_scmp_divide(struct s2s_scmp *plan)
{
	size_t n = plan->n;

	for (size_t j = 0; j < n; j++)
		if (s2s_scmp_size_at_least(&plan->filter[j]) > PIECE)
			divide(plan, j);
}
