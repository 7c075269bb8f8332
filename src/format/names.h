/* SPDX-License-Identifier: MIT */
/* What formats share that are lists of names of calls. */
#pragma once

#include "format/loss.h"

/* Names in lines of a width, each line with `before` in front, `between` two names. */
struct s2s_names {
	struct s2s_out *out;
	const char *before, *between, *behind; /* behind: at the end of a full line */
	size_t width, column;
};
void s2s_names_add(struct s2s_names *names, const char *name);
void s2s_names_end(struct s2s_names *names);

/* Says of how many rules such a list forgets the arguments. */
void s2s_loss_arguments(struct s2s_loss *loss, const struct s2s_policy *policy,
			const char *who);
/* Says which calls of the policy a reader that asks libseccomp for their numbers may
   not know, and what comes of it. */
void s2s_loss_new_names(struct s2s_loss *loss, const struct s2s_policy *policy,
			const char *who);
/* Whether libseccomp 2.5.5 has no name for the number. */
bool s2s_is_nameless(enum s2s_arch arch, uint32_t nr);
/* Says how many calls of one architecture are allowed only since another allows calls
   of that name (names_only), or more of them. */
void s2s_loss_arches(struct s2s_loss *loss, const struct s2s_policy *policy,
		     bool names_only);

/* Says which answers to single calls the format has no words for, where says() is not
   true of them; NULL: for any. */
typedef bool s2s_says_fn(struct s2s_action action);
void s2s_loss_answers(struct s2s_loss *loss, const struct s2s_policy *policy,
		      s2s_says_fn *says);

bool s2s_same_action(struct s2s_action a, struct s2s_action b);
/* S2S_USAGE, said: the format has no word for this action. */
enum s2s_status s2s_no_action(const struct s2s_format_options *opts,
			      struct s2s_action action, const char *known);
