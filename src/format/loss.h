/* SPDX-License-Identifier: MIT */
/* What a format cannot say as the policy says it: collected while the output is made,
   said on top of the output and as warnings; --exact refuses. */
#pragma once

#include "format/format.h"

struct s2s_loss {
	size_t wider;           /* rules that allow more than the policy's */
	struct s2s_out text;    /* sentences, a newline behind each */
	struct s2s_out remarks; /* the same of what no choice of ours changes */
	bool of_profile;        /* that was read: other formats may say no more of it */
};

void s2s_loss_init(struct s2s_loss *loss);
void s2s_loss_done(struct s2s_loss *loss);

/* The output says it otherwise: a warning, an error with --exact. */
void s2s_loss_add(struct s2s_loss *loss, const char *fmt, ...) S2S_PRINTF(2, 3);
/* A property of whatever reads this format, said in the output. */
void s2s_loss_remark(struct s2s_loss *loss, const char *fmt, ...) S2S_PRINTF(2, 3);
/* Adds the sentence on the rules that are wider, if any. `why`: "systemd knows no
   arguments". */
void s2s_loss_wider(struct s2s_loss *loss, const char *why);
/* Warns. S2S_USAGE where --exact was given and something is said otherwise. */
enum s2s_status s2s_loss_end(const struct s2s_loss *loss,
			     const struct s2s_format_options *opts);

/* The next sentence off the front; false behind the last. */
bool s2s_loss_next(struct s2s_sv *text, struct s2s_sv *ret);

/* Comment lines that begin with `prefix` ("# "): what made this, what the policy is,
   what is said otherwise, the policy's notes. */
void s2s_text_head(struct s2s_out *out, const char *prefix,
		   const struct s2s_policy *policy, const struct s2s_loss *loss,
		   const struct s2s_format_options *opts);
/* How many of the policy's rules look at arguments. */
size_t s2s_restricted_rules(const struct s2s_policy *policy);
