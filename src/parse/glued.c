/* SPDX-License-Identifier: MIT */
#include "parse/glued.h"

#include "parse/scan.h"

enum { KINDS = 3 }; /* of quotes */

static bool
is_type_char(unsigned char c)
{
	return scan_classes[c] & SCAN_NAME || c == '[' || c == ']';
}

static bool
is_digit(unsigned char c)
{
	return scan_classes[c] & SCAN_DIGIT;
}

/* type=SYSCALL msg=audit(   type=1326 audit(   audit[17524]: SECCOMP
   Behind a record of ausearch -i, whose names stand as they are, only its own form. */
static bool
begins(struct s2s_sv s, bool interpreted)
{
	if (sv_eat(&s, SV("type=")))
		return sv_take(&s, is_type_char).n > 0 &&
		       (sv_starts(s, SV(" msg=audit(")) ||
			(!interpreted && sv_starts(s, SV(" audit("))));
	return !interpreted && sv_eat(&s, SV(" audit[")) &&
	       sv_take(&s, is_digit).n > 0 && sv_eat(&s, SV("]: ")) && s.n > 0 &&
	       *s.p >= 'A' && *s.p <= 'Z';
}

static bool
is_end(struct s2s_sv s)
{
	return !s.n || *s.p == ' ' || *s.p == AUDIT_ENRICHED;
}

/* ="sh"  ='op=login acct="root" res=success'  ={ saddr_fam=local path=/run/x }
   One whose end is missing was cut; then no later one of its kind has an end either,
   and none is looked for again: ret_open. */
static bool
eat_value(struct s2s_sv *in, bool ret_open[KINDS])
{
	static const char opening[KINDS + 1] = "\"'{", closing[KINDS + 1] = "\"'}";
	struct s2s_sv s = *in;
	const char *kind;

	if (!sv_eat_char(&s, '=') || !s.n || !*s.p || !(kind = strchr(opening, *s.p)) ||
	    ret_open[kind - opening])
		return false;
	do {
		const char *end;

		sv_skip(&s, 1);
		end = memchr(s.p, closing[kind - opening], s.n);
		if (!end) {
			ret_open[kind - opening] = true;
			return false;
		}
		sv_skip(&s, (size_t)(end + 1 - s.p));
		if (is_end(s)) {
			*in = s;
			return true;
		}
		s.p--, s.n++;
	} while (*kind != '"');
	return false;
}

bool
glued_find(struct s2s_sv head, struct s2s_sv fields, struct s2s_sv *ret_at)
{
	bool interpreted = sv_ends(head, SV(") : ")), open[KINDS] = {0};
	struct s2s_sv behind;

	if (!sv_find(fields, SV("type="), &behind) &&
	    !sv_find(fields, SV(" audit["), &behind))
		return false;
	while (fields.n) {
		if (eat_value(&fields, open))
			continue;
		if (begins(fields, interpreted)) {
			*ret_at = fields;
			return true;
		}
		sv_skip(&fields, 1);
	}
	return false;
}
