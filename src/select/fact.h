/* SPDX-License-Identifier: MIT */
/* What the text of an event tells about processes. */
#pragma once

#include "base/map.h"
#include "base/out.h"
#include "parse/event.h"

enum { COMM_MAX = 15 };

/* "/usr/bin/ls" as strace prints it, without quotes and escapes; false for what is no
   string, or one that was cut. */
bool fact_string(struct s2s_sv printed, struct s2s_out *out);

/* fork, vfork, clone or clone3 that returned: the child as strace calls it. */
bool fact_child(const struct s2s_event *ev, int64_t *ret_tid, bool *ret_thread);

/* A successful execve or execveat: the path as the log has it, 0 where it has none. */
bool fact_exec(const struct s2s_event *ev, struct s2s_atoms *atoms, s2s_atom *ret_exe);

/* prctl(PR_SET_NAME): the new name of the thread. */
bool fact_comm(const struct s2s_event *ev, struct s2s_atoms *atoms, s2s_atom *ret_comm);

/* How the process was called when it made the call, as -Y tells; 0: not told. */
s2s_atom fact_called(const struct s2s_event *ev, struct s2s_atoms *atoms);

/* What stands behind the last slash. */
struct s2s_sv fact_basename(struct s2s_sv path);

/* The name that the kernel gives to what it executes. */
s2s_atom fact_comm_of_exe(s2s_atom exe, struct s2s_atoms *atoms);
