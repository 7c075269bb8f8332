/* SPDX-License-Identifier: MIT */
/* Calls as JSON, one object a line: what `parse` prints. Scripts rely on every byte of
   it, see strace2seccomp(1). */
#pragma once

#include "base/out.h"
#include "kernel/call.h"

struct s2s_json_writer {
	struct s2s_out *out;
	const char *file;         /* whose name is in file_text */
	struct s2s_out file_text; /* escaped, with its quotes */
};

void s2s_json_writer_init(struct s2s_json_writer *writer, struct s2s_out *out);
void s2s_json_call(struct s2s_json_writer *writer, const struct s2s_call *call);
void s2s_json_writer_done(struct s2s_json_writer *writer);
