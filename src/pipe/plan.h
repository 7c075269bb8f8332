/* SPDX-License-Identifier: MIT */
/* What the options of s2s_generate() ask for, looked up and checked. */
#pragma once

#include "filter/filter.h"
#include "format/format.h"
#include "optimize/optimize.h"
#include "s2s.h"

struct s2s_plan {
	const struct s2s_format *format;
	struct s2s_optimize_options optimize; /* its arrays are owned */
	struct s2s_format_options write;
	const char *const *also;
	enum s2s_goal goal; /* of the filter */
	bool fit, verify;
};

/* S2S_USAGE where an option names what is not there; that is said. */
enum s2s_status s2s_plan_init(struct s2s_plan *plan,
			      const struct s2s_generate_options *opts,
			      const struct s2s_log *log);
void s2s_plan_done(struct s2s_plan *plan);

/* --installed-by: NULL leaves *ret alone. */
enum s2s_status s2s_installed_by(const char *who, const struct s2s_log *log,
				 bool *ret_launcher);

/* Whether a C or C++ source can define a function of that name beside what <seccomp.h>
   and the headers of the system define. */
bool s2s_is_function_name(const char *name);
