/* SPDX-License-Identifier: MIT */
/* The time that libseccomp takes grows with the third power of a filter's length; and a
   program is installed when a user's program starts. So long filters are cut in pieces,
   call by call, which are joined again behind libseccomp. */
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

void
s2s_scmp_divide(struct s2s_scmp *plan)
{
	size_t n = plan->n;

	for (size_t j = 0; j < n; j++)
		if (s2s_scmp_size_at_least(&plan->filter[j]) > PIECE)
			divide(plan, j);
}
