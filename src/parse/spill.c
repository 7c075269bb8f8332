/* SPDX-License-Identifier: MIT */
/* What a call writes, as far as its line tells. */
#include "parse/spill.h"

static const struct {
	struct s2s_sv name;
	bool wild;
} writers[] = {
    {{"write", 5}, false},           {{"writev", 6}, false},  {{"sendfile", 8}, true},
    {{"sendfile64", 10}, true},      {{"splice", 6}, true},   {{"tee", 3}, true},
    {{"copy_file_range", 15}, true}, {{"pwritev2", 8}, true},
};

/* Where a process lets its children work, which are not traced without -f. */
static const struct s2s_sv waiters[] = {
    {"wait4", 5}, {"waitid", 6}, {"waitpid", 7},
    {"vfork", 5}, {"pause", 5},  {"rt_sigsuspend", 13},
};

static bool
find_writer(struct s2s_sv name, bool alone, bool *ret_wild)
{
	for (size_t i = 0; alone && i < sizeof waiters / sizeof *waiters; i++)
		if (sv_equal(waiters[i], name))
			return *ret_wild = true;
	for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
		if (sv_equal(writers[i].name, name)) {
			*ret_wild = writers[i].wild;
			return true;
		}
	return false;
}

static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return 99;
}

/* The number that stands behind a backslash, of at most n digits. */
static char
escaped_number(struct s2s_sv *in, int base, size_t n)
{
	int value = 0;

	for (; n > 0 && in->n && digit_value(*in->p) < base; n--, sv_skip(in, 1))
		value = value * base + digit_value(*in->p);
	return (char)value;
}

static char
escaped(struct s2s_sv *in)
{
	static const char names[] = "ntrvfab", values[] = "\n\t\r\v\f\a\b";
	char c = *in->p;
	const char *name = memchr(names, c, sizeof names - 1);

	if (c >= '0' && c <= '7')
		return escaped_number(in, 8, 3);
	sv_skip(in, 1);
	if (c == 'x')
		return escaped_number(in, 16, 2);
	return name ? values[name - names] : c;
}

/* Adds what stands between the quotes. */
static void
add_string(struct spill *spill, struct s2s_sv quoted)
{
	struct s2s_sv in = {quoted.p + 1, quoted.n - 2};

	while (in.n) {
		char c = *in.p;

		sv_skip(&in, 1);
		if (c == '\\' && in.n)
			c = escaped(&in);
		if (spill->n < OUTPUT_KNOWN && spill->n == spill->total)
			spill->known[spill->n++] = c;
		spill->total++;
	}
}

/* "abc" or "abc"...; *ret_whole where there are no dots. */
static bool
string(struct scan *s, struct spill *spill, bool *ret_whole)
{
	const char *was = s->p;

	if (!scan_string(s))
		return false;
	add_string(spill, scan_since(s, was));
	*ret_whole = !scan_text(s, SV("..."));
	return true;
}

/* write(1, "abc", 3 */
static bool
write_text(struct scan *s, struct spill *spill)
{
	bool whole;

	if (!string(s, spill, &whole))
		return false;
	if (!whole)
		spill->total = UINT64_MAX;
	return true;
}

/* {iov_base="ab", iov_len=2}; what stands behind a string that is shown in part is not
   known. */
static bool
buffer(struct scan *s, struct spill *spill, bool *known, uint64_t *ret_length)
{
	const char *from;

	if (*known ? !string(s, spill, known) : !scan_string(s))
		return false;
	scan_text(s, SV("..."));
	if (!scan_text(s, SV(", iov_len=")))
		return false;
	from = s->p;
	scan_run(s, SCAN_DIGIT);
	return sv_to_u64(scan_since(s, from), ret_length) &&
	       *ret_length <= UINT32_MAX && scan_char(s, '}');
}

/* writev(1, [{iov_base="ab"..., iov_len=20}, {iov_base="c", iov_len=1}], 2 */
static bool
writev_text(struct scan *s, struct spill *spill)
{
	uint64_t total = 0, length;
	bool known = true;

	if (!scan_char(s, '['))
		return false;
	while (scan_text(s, SV("{iov_base="))) {
		if (!buffer(s, spill, &known, &length))
			return false;
		total += length;
		spill->buffers++;
		scan_text(s, SV(", "));
	}
	spill->total = scan_at(s, ']') ? total : UINT64_MAX;
	return spill->n > 0;
}

/* buf= of -N */
static void
argument_name(struct scan *s)
{
	const char *was = s->p;

	if (!scan_run(s, SCAN_NAME) || !scan_char(s, '='))
		s->p = was;
}

/* The descriptor, with what -y puts behind it. */
static bool
first_argument(struct scan *s)
{
	argument_name(s);
	scan_run(s, SCAN_WORD);
	scan_decoration(s);
	if (!scan_text(s, SV(", ")))
		return false;
	argument_name(s);
	return true;
}

bool
spill_of(struct s2s_sv call, int64_t pid, struct spill *ret, size_t *ret_behind)
{
	struct scan s;
	struct s2s_sv name;

	scan_init(&s, call, 0, NULL);
	*ret = (struct spill){.pid = pid};
	if (!scan_name(&s, &name) || !scan_char(&s, '(') ||
	    !find_writer(name, pid < 0, &ret->wild))
		return false;
	if (ret->wild)
		ret->total = UINT64_MAX;
	else if (!first_argument(&s) ||
		 !(sv_equal(name, SV("write")) ? write_text(&s, ret)
					       : writev_text(&s, ret))) {
		*ret = (struct spill){.pid = pid, .total = UINT64_MAX, .wild = true};
	}
	if (!ret->wild && ret->n == 0 && ret->total == UINT64_MAX) {
		ret->wild = true;
		ret->hidden = sv_equal(name, SV("write"));
	}
	*ret_behind = (size_t)(s.p - s.begin);
	return true;
}

bool
spill_take(const struct spill *spill, struct s2s_sv text, struct taken *ret)
{
	size_t i = 0, bare = text.n;

	if (bare && text.p[bare - 1] == '\r')
		bare--;
	for (; i < spill->n && i < text.n && spill->known[i] != '\n'; i++)
		if (spill->known[i] != text.p[i])
			return false;
	if (i < spill->n && spill->known[i] == '\n' && (i == bare || i == text.n)) {
		*ret = (struct taken){text.n, i + 1, spill->total - (i + 1)};
		return true;
	}
	if (i < spill->n)
		return false;
	if (spill->total <= text.n)
		*ret = (struct taken){(size_t)spill->total, spill->n, 0};
	else
		*ret = (struct taken){text.n, spill->n, spill->total - (bare + 1)};
	return true;
}
