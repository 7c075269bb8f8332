/* SPDX-License-Identifier: MIT */
/* One file a method; record.c has their table. */
#pragma once

#include "record/record.h"

const char *record_notify_unfit(const struct s2s_record *record);
enum s2s_status record_notify(const struct s2s_record *record, struct s2s_call_sink to,
			      struct s2s_recorded *ret);

const char *record_strace_unfit(const struct s2s_record *record);
enum s2s_status record_strace(const struct s2s_record *record, struct s2s_call_sink to,
			      struct s2s_recorded *ret);

const char *record_bpf_unfit(const struct s2s_record *record);
enum s2s_status record_bpf(const struct s2s_record *record, struct s2s_call_sink to,
			   struct s2s_recorded *ret);
