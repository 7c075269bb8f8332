/* SPDX-License-Identifier: MIT */
#include "parse/syslog.h"

#include "parse/scan.h"

/* 2026-11-23T21:54:37 */
static bool
date(struct scan *s)
{
	const char *was = s->p;

	if (scan_run(s, SCAN_DIGIT) == 4 && scan_char(s, '-') &&
	    scan_run(s, SCAN_DIGIT) == 2 && scan_char(s, '-') &&
	    scan_run(s, SCAN_DIGIT) == 2 && scan_char(s, 'T'))
		return true;
	return scan_back(s, was);
}

static bool
one_of(struct scan *s, const char *names)
{
	for (; *names; names += 3)
		if (scan_text(s, (struct s2s_sv){names, 3}))
			return true;
	return false;
}

/* "Nov 23 21:54:37", "Mon Nov 23 21:54:37", "Mon 2026-11-23 21:54:37" */
static bool
calendar(struct scan *s)
{
	bool weekday = one_of(s, "MonTueWedThuFriSatSun") && scan_char(s, ' ');

	if (!one_of(s, "JanFebMarAprMayJunJulAugSepOctNovDec"))
		return weekday && scan_run(s, SCAN_DIGIT) == 4 && scan_char(s, '-');
	return (scan_run(s, SCAN_BLANK), true) && scan_run(s, SCAN_DIGIT) &&
	       scan_char(s, ' ') && scan_run(s, SCAN_DIGIT) == 2 && scan_char(s, ':');
}

/* Of dmesg: [  969.197922] [    0.000000 <    0.000000>] [  +0.000012]
   [Mon Nov 23 21:54:37 2026] [Nov23 21:54] */
static bool
bracketed(struct scan *s)
{
	struct scan named = *s;

	if (!scan_char(s, '['))
		return false;
	named.p = s->p;
	if (calendar(&named))
		return true;
	scan_run(s, SCAN_BLANK);
	scan_char(s, '+');
	return scan_run(s, SCAN_DIGIT) && scan_char(s, '.') &&
	       scan_run(s, SCAN_DIGIT) &&
	       (scan_text(s, SV("] ")) || scan_text(s, SV(" <")));
}

/* Of dmesg: "kern  :info  : ", "<5>", "5,100,0,-;" */
static bool
facility(struct scan *s)
{
	const char *was = s->p;

	if (scan_char(s, '<'))
		return (scan_run(s, SCAN_DIGIT) && scan_char(s, '>')) ||
		       scan_back(s, was);
	if (scan_run(s, SCAN_DIGIT))
		return (scan_char(s, ',') && scan_run(s, SCAN_DIGIT) &&
			scan_char(s, ',') && scan_run(s, SCAN_DIGIT) &&
			scan_char(s, ',')) ||
		       scan_back(s, was);
	return scan_text(s, SV("kern  :")) || scan_text(s, SV("user  :")) ||
	       scan_text(s, SV("daemon:")) || scan_text(s, SV("syslog:"));
}

bool
syslog_is(struct s2s_sv line)
{
	const char *open = memchr(line.p, '(', line.n);
	struct s2s_sv front = {line.p, open ? (size_t)(open - line.p) : line.n}, rest;
	struct scan s;

	scan_init(&s, line, 0, NULL);
	if (sv_find(front, SV(" kernel: "), &rest) || scan_text(&s, SV("-- ")) ||
	    scan_text(&s, SV("__CURSOR=")) || date(&s) || facility(&s))
		return true;
	return bracketed(&s) || (s.p = s.begin, calendar(&s));
}

/* {"__CURSOR":"…","MESSAGE":"audit: type=1326 …"}, or a line "msg": "audit: …" */
bool
syslog_is_json(struct s2s_sv line)
{
	return sv_starts(sv_trim(line), SV("{")) || sv_starts(sv_trim(line), SV("\""));
}

bool
syslog_message(struct s2s_sv line, char buf[SYSLOG_MESSAGE], struct s2s_sv *ret)
{
	size_t n = 0;

	if (!sv_find(line, SV("\"MESSAGE\""), &line) &&
	    !sv_find(line, SV("\"msg\""), &line))
		return false;
	line = sv_trim(line);
	if (!sv_eat(&line, SV(":")))
		return false;
	line = sv_trim(line);
	if (!sv_eat(&line, SV("\"")))
		return false;
	for (; line.n && *line.p != '"' && n < SYSLOG_MESSAGE; sv_skip(&line, 1)) {
		if (*line.p == '\\' && line.n > 1)
			sv_skip(&line, 1);
		buf[n++] = *line.p;
	}
	*ret = (struct s2s_sv){buf, n};
	return line.n > 0 && n < SYSLOG_MESSAGE;
}

bool
syslog_is_gap(struct s2s_sv line)
{
	static const struct s2s_sv marks[] = {
	    {"audit_lost=", 11},
	    {"audit: rate limit exceeded", 26},
	    {"audit: backlog limit exceeded", 29},
	    {"audit: kauditd hold queue overflow", 34},
	    {"_printk_skb: ", 13},
	    {"kernel messages", 15},
	};
	struct s2s_sv rest;

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (sv_find(line, marks[i], &rest))
			return i + 1 < sizeof marks / sizeof *marks ||
			       sv_find(line, SV("Missed "), &rest);
	return false;
}
