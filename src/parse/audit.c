/* SPDX-License-Identifier: MIT */
#include "parse/audit.h"

#include "parse/glued.h"

#include <inttypes.h>
#include <stdio.h>

static const struct {
	uint32_t number;
	const char *name;
} arches[] = {
    {0xc000003e, "x86_64"}, {0x40000003, "i386"},    {0xc00000b7, "aarch64"},
    {0x40000028, "arm"},    {0xc00000f3, "riscv64"}, {0xc0000015, "ppc64le"},
    {0x80000016, "s390x"},
};

static bool
is_digit(unsigned char c)
{
	return scan_classes[c] & SCAN_DIGIT;
}

static bool
is_type_char(unsigned char c)
{
	return scan_classes[c] & SCAN_NAME || c == '[' || c == ']';
}

/* SECCOMP auid=0 … or AUDIT1326 auid=0 …: how the journal keeps the kernel's records */
static bool
kept_record(struct s2s_sv line, struct s2s_sv *ret_type, struct s2s_sv *ret_fields)
{
	sv_eat(&line, SV("AUDIT"));
	*ret_type = sv_take(&line, is_type_char);
	*ret_fields = line;
	return ret_type->n > 0 && sv_eat(ret_fields, SV(" "));
}

/* "Nov 23 21:54:37 host audit[17524]: SECCOMP auid=0 …" */
static bool
journal_record(struct s2s_sv line, struct s2s_sv *ret_type, struct s2s_sv *ret_fields)
{
	struct s2s_sv rest = line;

	if (!syslog_is(line) || !sv_find(line, SV(" audit"), &rest))
		return false;
	if (sv_eat(&rest, SV("["))) {
		sv_take(&rest, is_digit);
		if (!sv_eat(&rest, SV("]")))
			return false;
	}
	return sv_eat(&rest, SV(": ")) && kept_record(rest, ret_type, ret_fields);
}

/* 53:type=SECCOMP … (grep -n), /var/log/audit/audit.log.1:type=SECCOMP … (of several
   files): begins with its type. */
static struct s2s_sv
found_by_grep(struct s2s_sv line)
{
	struct s2s_sv behind;

	if (!sv_find(line, SV(":type="), &behind) ||
	    memchr(line.p, ' ', (size_t)(behind.p - line.p)))
		return line;
	return (struct s2s_sv){behind.p - strlen("type="), behind.n + strlen("type=")};
}

/* type=SYSCALL msg=audit(1364481363.243:24287): arch=…
   audit: type=1326 audit(1795470877.806:4721): auid=… (before 3.15 without "audit: ")
 */
static bool
record(struct s2s_sv line, struct s2s_sv *ret_type, struct s2s_sv *ret_fields)
{
	struct s2s_sv rest = found_by_grep(line), begin = line;

	if (!sv_eat(&rest, SV("type=")) &&
	    !(sv_eat(&begin, SV("node=")) && sv_find(begin, SV(" type="), &rest)) &&
	    !sv_find(line, SV("audit: type="), &rest) &&
	    !(syslog_is(line) && sv_find(line, SV(" type="), &rest)))
		return journal_record(line, ret_type, ret_fields);
	*ret_type = sv_take(&rest, is_type_char);
	if (!sv_eat(&rest, SV(" msg=audit(")) && !sv_eat(&rest, SV(" audit(")))
		return journal_record(line, ret_type, ret_fields);
	if (!sv_find(rest, SV(")"), &rest))
		return false;
	sv_eat(&rest, SV(" "));
	*ret_fields = rest;
	return ret_type->n > 0 && sv_eat(ret_fields, SV(": "));
}

/* What ausearch makes of records for people: it leaves out the arguments. */
static bool
is_retold(struct s2s_sv line)
{
	return sv_starts(line, SV("NODE,EVENT,DATE,TIME,")) ||
	       (sv_eat(&line, SV("At ")) && line.n > 2 &&
		is_digit((unsigned char)*line.p) && line.p[2] == ':');
}

bool
audit_begins(struct s2s_sv line)
{
	struct s2s_sv type, rest;

	while (line.n && scan_among(line.p[line.n - 1], SV(" \r")))
		line.n--;
	return record(line, &type, &rest) || sv_equal(line, SV("----")) ||
	       sv_starts(line, SV("time->")) || syslog_is(line) || is_retold(line) ||
	       sv_peek(sv_trim(line)) == '{';
}

/* The value of KEY=…: the first, or the last, where a process may have chosen what
   stands before it. */
static bool
field(struct s2s_sv fields, const char *key, bool last, struct s2s_sv *ret)
{
	struct s2s_sv name = sv_from(key), rest = fields;
	bool found = false;

	while (rest.n && !(found && !last)) {
		const char *p = memmem(rest.p, rest.n, name.p, name.n);

		if (!p)
			break;
		rest.n -= (size_t)(p + name.n - rest.p);
		rest.p = p + name.n;
		if (!rest.n || *rest.p != '=' || (p > fields.p && p[-1] != ' '))
			continue;
		found = true;
		*ret = (struct s2s_sv){rest.p + 1, rest.n - 1};
	}
	return found;
}

static struct s2s_sv
word(struct s2s_sv text)
{
	const char *end = memchr(text.p, ' ', text.n);

	return (struct s2s_sv){text.p, end ? (size_t)(end - text.p) : text.n};
}

/* More follows; at the end of the line the word may have been cut. */
static bool
field_word(struct s2s_sv fields, const char *key, bool last, struct s2s_sv *ret)
{
	struct s2s_sv value;

	if (!field(fields, key, last, &value))
		return false;
	*ret = word(value);
	return ret->n > 0 && ret->n < value.n;
}

static bool
hex(struct s2s_sv text, uint64_t *ret)
{
	uint64_t value = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (!(scan_classes[c] & SCAN_HEX))
			return false;
		value = value << 4 |
			(c <= '9' ? c - (unsigned)'0' : (c | 0x20U) - 'a' + 10U);
	}
	*ret = value;
	return text.n > 0 && text.n <= 16;
}

/* c000003e, or with -i x86_64 */
static struct s2s_sv
arch_of(struct audit *audit, struct s2s_sv text)
{
	uint64_t number;

	if (!hex(text, &number))
		return text;
	for (size_t i = 0; i < sizeof arches / sizeof *arches; i++)
		if (arches[i].number == number)
			return sv_from(arches[i].name);
	snprintf(audit->arch, sizeof audit->arch, "0x%" PRIx64, number);
	return sv_from(audit->arch);
}

/* Kernels before 3.15 do not tell it: --arch does, of the processes of one mode. */
static bool
arch_by_mode(struct s2s_sv fields, struct s2s_sv *ret)
{
	struct s2s_sv mode;

	*ret = SV("");
	return field_word(fields, "compat", true, &mode) && sv_equal(mode, SV("0"));
}

/* 59, -5, or with -i execve */
static bool
name_of(struct audit *audit, struct s2s_sv text, struct s2s_sv *ret)
{
	uint64_t nr;

	if (*text.p == '-' && sv_to_u64(text, &nr)) {
		snprintf(audit->name, sizeof audit->name, "syscall_0x%" PRIx32,
			 (uint32_t)nr);
		*ret = sv_from(audit->name);
		return true;
	}
	if (!(scan_classes[(unsigned char)*text.p] & (SCAN_DIGIT | SCAN_NAME)))
		return false;
	if (!(scan_classes[(unsigned char)*text.p] & SCAN_DIGIT)) {
		*ret = text;
		return true;
	}
	if (!sv_to_u64(text, &nr) || nr > UINT32_MAX)
		return false;
	snprintf(audit->name, sizeof audit->name, "syscall_%" PRIu64, nr);
	*ret = sv_from(audit->name);
	return true;
}

/* "tar", 746172 (hexadecimal), or with -i tar; up to the next field */
static struct s2s_sv
string(struct s2s_sv text, struct s2s_sv next, char *buf, size_t cap)
{
	struct s2s_sv all;
	const char *end;
	size_t n = 0;

	if (sv_eat(&text, SV("\""))) {
		end = memchr(text.p, '"', text.n);
		return (struct s2s_sv){text.p, end ? (size_t)(end - text.p) : text.n};
	}
	all = word(text);
	while (all.n % 2 == 0 && n < all.n / 2 && n < cap) {
		uint64_t byte;

		if (!hex((struct s2s_sv){all.p + 2 * n, 2}, &byte))
			break;
		buf[n++] = (char)byte;
	}
	if (all.n && n == all.n / 2 && all.n % 2 == 0)
		return (struct s2s_sv){buf, n};
	end = memmem(text.p, text.n, next.p, next.n);
	return end ? (struct s2s_sv){text.p, (size_t)(end - text.p)} : all;
}

static void
who(struct audit *audit, struct s2s_sv fields, struct s2s_event *ev)
{
	struct s2s_sv value;

	if (field_word(fields, "pid", false, &value)) {
		uint64_t pid;

		if (sv_to_u64(value, &pid) && pid <= INT32_MAX)
			ev->pid = (int64_t)pid;
	}
	if (field(fields, "comm", false, &value))
		ev->comm = string(value, SV(" exe="), audit->comm, sizeof audit->comm);
	if (field(fields, "exe", true, &value))
		ev->exe = string(value, SV(" "), audit->exe, sizeof audit->exe);
}

/* a0=ffffff9c, or with -i a0=0x5. What -i reads as flags or a name it may have read
   with a table older than the kernel, which drops bits: that is unknown. */
static size_t
arguments(struct audit *audit, struct s2s_sv fields, bool raw,
	  struct s2s_arg_text *args, struct s2s_sv line)
{
	static const char *const keys[AUDIT_ARGS] = {"a0", "a1", "a2", "a3"};
	size_t n = 0;

	for (; n < AUDIT_ARGS; n++) {
		struct s2s_sv text;
		uint64_t value;

		if (!field_word(fields, keys[n], false, &text))
			break;
		args[n] = (struct s2s_arg_text){
		    .text = text,
		    .kind = S2S_TEXT_ELIDED,
		    .column = (uint32_t)(text.p - line.p + 1),
		};
		if (!raw && !sv_eat(&text, SV("0x")))
			continue;
		if (!hex(text, &value))
			continue;
		snprintf(audit->value[n], sizeof audit->value[n], "0x%" PRIx64, value);
		args[n].text = sv_from(audit->value[n]);
		args[n].kind = S2S_TEXT_EXPR;
	}
	return n;
}

/* -13, or with -i EACCES(Permission denied) */
static void
outcome(struct s2s_sv text, struct s2s_event *ev)
{
	const char *paren = memchr(text.p, '(', text.n);

	ev->has_result = true;
	ev->result = text;
	if (*text.p < 'A' || *text.p > 'Z')
		return;
	ev->result = SV("-1");
	ev->error = (struct s2s_sv){text.p, paren ? (size_t)(paren - text.p) : text.n};
}

static enum audit_line
malformed(struct s2s_sv line, struct s2s_sv at, const char *expected,
	  struct s2s_syntax_error *ret)
{
	*ret = (struct s2s_syntax_error){(uint32_t)(at.p - line.p + 1), expected,
					 S2S_DIAG_SYNTAX};
	return AUDIT_MALFORMED;
}

/* A record with something before it that nothing is known of. */
static bool
is_lost(struct s2s_sv line)
{
	struct s2s_sv behind;

	return !syslog_is(line) &&
	       (sv_find(line, SV("type=SECCOMP msg=audit("), &behind) ||
		sv_find(line, SV("type=SYSCALL msg=audit("), &behind) ||
		sv_find(line, SV("type=1326 audit("), &behind));
}

static enum audit_line
unread(struct s2s_sv line, struct s2s_syntax_error *ret_error)
{
	if (is_lost(line))
		return malformed(line, line, "a record from the beginning of the line",
				 ret_error);
	return syslog_is_gap(line) ? AUDIT_GAP : AUDIT_OTHER;
}

enum audit_line
audit_line(struct audit *audit, struct s2s_sv line, struct s2s_arg_text *args,
	   struct s2s_event *ret, struct s2s_syntax_error *ret_error)
{
	struct s2s_sv type, fields, head, arch, name, result, next;
	bool seccomp, raw, kept = false;
	const char *enriched;
	uint64_t number;

	if (is_retold(line))
		return malformed(line, line,
				 "records: ausearch --raw or --interpret, which do not "
				 "leave the arguments out",
				 ret_error);
	if (syslog_is_json(line)) {
		if (!syslog_message(line, audit->message, &line))
			return AUDIT_OTHER;
		kept = true;
	}
	if (!record(line, &type, &fields) &&
	    !(kept && kept_record(line, &type, &fields)))
		return unread(line, ret_error);
	head = (struct s2s_sv){line.p, (size_t)(fields.p - line.p)};
	if (glued_find(head, fields, &next))
		return malformed(line, next, "a line for each record", ret_error);
	enriched = memchr(fields.p, AUDIT_ENRICHED, fields.n);
	if (enriched) {
		line.n = (size_t)(enriched - line.p);
		fields.n = (size_t)(enriched - fields.p);
	}
	seccomp = sv_equal(type, SV("SECCOMP")) || sv_equal(type, SV("1326")) ||
		  sv_equal(type, SV("UNKNOWN[1326]"));
	if (!seccomp && !sv_equal(type, SV("SYSCALL")) && !sv_equal(type, SV("1300")))
		return AUDIT_OTHER;
	*ret = (struct s2s_event){.kind = S2S_EVENT_CALL,
				  .line = line,
				  .pid = -1,
				  .nr = -1,
				  .args = args,
				  .args_incomplete = true,
				  .unstarted = true,
				  .registers = true,
				  .count = 1};
	if (!field_word(fields, "arch", seccomp, &arch) &&
	    !(seccomp && arch_by_mode(fields, &arch)))
		return malformed(line, fields, "arch=", ret_error);
	if (!field_word(fields, "syscall", seccomp, &name))
		return malformed(line, fields, "syscall=", ret_error);
	ret->place.column = (uint32_t)(name.p - line.p + 1);
	if (!name_of(audit, name, &ret->name))
		return malformed(line, name, "the number or name of a call", ret_error);
	ret->arch = arch_of(audit, arch);
	raw = hex(arch, &number);
	who(audit, fields, ret);
	if (!seccomp)
		ret->nargs = arguments(audit, fields, raw, args, line);
	if (!seccomp && field_word(fields, "exit", false, &result))
		outcome(result, ret);
	return AUDIT_CALL;
}
