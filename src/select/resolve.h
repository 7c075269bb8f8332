/* SPDX-License-Identifier: MIT */
/* The run is over: what each epoch was, from its ancestors, and whether it belongs to
   the part. */
#pragma once

#include "select/criteria.h"
#include "select/epoch.h"
#include "select/split.h"

struct facts {
	int64_t pid; /* of the process */
	s2s_atom exe, comm;
	bool child, from, until; /* of --children-of; behind the marks */
	bool selected;
	/* Not selected, but comes from an epoch that is: a filter would hold. The epoch
	   that left the part, and the process that it came from. */
	bool under;
	uint32_t left;
	int64_t creator;
	uint32_t process; /* the epoch with which it began */
	/* Where the trace is split: the part, and those whose filters are handed down.
	 */
	uint32_t part;
	uint64_t owners;
	bool resolved;
};

/* Whether an image is what --exe asks for: a path, or a base name. */
bool s2s_is_exe(struct s2s_sv wanted, struct s2s_sv exe);

/* Fills in facts[at] (and those of its ancestors) where nothing that is still to come
   can change them. For epochs that are not resolved yet. */
bool s2s_settle(const struct epochs *e, uint32_t at, const struct criteria *wanted,
		const struct s2s_atoms *atoms, struct split *split,
		struct facts *facts);

/* One for each epoch, on the heap. */
struct facts *s2s_resolve(const struct epochs *e, const struct criteria *wanted,
			  const struct s2s_atoms *atoms, struct split *split);
