/* SPDX-License-Identifier: MIT */
/* An OCI seccomp profile, made into the filter that a container runtime would load. */
#pragma once

#include "base/log.h"
#include "base/status.h"
#include "base/sv.h"
#include "filter/filter.h"

/* S2S_SYNTAX where the text is no such profile or libseccomp refuses it; that is said,
   with `name` in front. */
enum s2s_status s2s_oci_read(struct s2s_sv text, const char *name,
			     const struct s2s_log *log, struct s2s_filter *ret);
