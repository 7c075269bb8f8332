/* SPDX-License-Identifier: MIT */
/* Records of the kernel's audit: of auditd, of ausearch, and as the kernel logs them.
   One line is one record; those that tell a call are SYSCALL (1300) and SECCOMP (1326).
   Knows which words a record has, not what the call means. */
#pragma once

#include "parse/scan.h"
#include "parse/syslog.h"

enum { AUDIT_ARGS = 4, AUDIT_NAME = 256, AUDIT_PATH = 4096 };

struct audit {
	char name[32], arch[32]; /* where the record has numbers */
	char value[AUDIT_ARGS][24];
	char comm[AUDIT_NAME], exe[AUDIT_PATH];
	char message[SYSLOG_MESSAGE]; /* where it stood in JSON */
	bool gap;                     /* of this input, that was said */
};

/* Whether a line is one of an audit log, or of the kernel's. */
bool audit_begins(struct s2s_sv line);

enum audit_line { AUDIT_CALL, AUDIT_OTHER, AUDIT_GAP, AUDIT_MALFORMED };
/* A call: *ret, whose text lives until the next line; without arguments where the
   record tells none. A gap: records were lost here. Malformed: *ret_error says where.
 */
enum audit_line audit_line(struct audit *audit, struct s2s_sv line,
			   struct s2s_arg_text *args, struct s2s_event *ret,
			   struct s2s_syntax_error *ret_error);
