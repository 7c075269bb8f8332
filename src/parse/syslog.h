/* SPDX-License-Identifier: MIT */
/* Lines of the kernel's log as dmesg, the journal and syslog show them. Knows what they
   begin with, not what they say. Forms: util-linux' dmesg(1), systemd's journalctl(1).
 */
#pragma once

#include "base/sv.h"

/* Whether a line is one of such a log. That of a call is none, whatever it shows. */
bool syslog_is(struct s2s_sv line);

/* Whether it is one of journalctl -o json or dmesg -J. */
bool syslog_is_json(struct s2s_sv line);
enum { SYSLOG_MESSAGE = 16384 };
/* The text of its message, in `buf`. False: it has none, or one longer than that. */
bool syslog_message(struct s2s_sv line, char buf[SYSLOG_MESSAGE], struct s2s_sv *ret);

/* Whether it says that records were lost, which were more than whoever kept them takes.
 */
bool syslog_is_gap(struct s2s_sv line);
