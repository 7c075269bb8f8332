/* SPDX-License-Identifier: MIT */
#include "base/sv.h"

int
sv_compare(struct s2s_sv a, struct s2s_sv b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

bool
sv_to_u64(struct s2s_sv s, uint64_t *ret)
{
	bool negative = sv_eat_char(&s, '-');
	uint64_t base = 10, value = 0;

	if (s.n > 2 && (sv_eat(&s, SV("0x")) || sv_eat(&s, SV("0X"))))
		base = 16;
	else if (s.n > 1 && s.p[0] == '0')
		base = 8;
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		uint64_t digit = (uint64_t)digit_value(s.p[i]);

		if (digit >= base || value > (UINT64_MAX - digit) / base)
			return false;
		value = value * base + digit;
	}
	if (negative && value > (uint64_t)INT64_MAX + 1)
		return false;
	*ret = negative ? -value : value;
	return true;
}
