/* SPDX-License-Identifier: MIT */
/* String views that eat. Functions that take something off the front of *in
   leave *in alone when they return false. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A borrowed piece of text: never owns, never NUL-terminated. */
struct s2s_sv {
	const char *p;
	size_t n;
};

#define SV(lit) ((struct s2s_sv){(lit), sizeof(lit) - 1})

static inline struct s2s_sv
sv_from(const char *s)
{
	return (struct s2s_sv){s, strlen(s)};
}

static inline bool
sv_equal(struct s2s_sv a, struct s2s_sv b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
sv_starts(struct s2s_sv s, struct s2s_sv prefix)
{
	return s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0;
}

static inline bool
sv_ends(struct s2s_sv s, struct s2s_sv suffix)
{
	return s.n >= suffix.n && memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0;
}

/* The byte at the front, or -1 at the end. */
static inline int
sv_peek(struct s2s_sv s)
{
	return s.n ? (unsigned char)s.p[0] : -1;
}

static inline void
sv_skip(struct s2s_sv *in, size_t n)
{
	in->p += n;
	in->n -= n;
}

static inline bool
sv_eat(struct s2s_sv *in, struct s2s_sv prefix)
{
	if (!sv_starts(*in, prefix))
		return false;
	sv_skip(in, prefix.n);
	return true;
}

static inline bool
sv_eat_char(struct s2s_sv *in, char c)
{
	if (in->n == 0 || in->p[0] != c)
		return false;
	sv_skip(in, 1);
	return true;
}

/* Takes the longest prefix whose bytes all satisfy is(). May be empty. */
static inline struct s2s_sv
sv_take(struct s2s_sv *in, bool (*is)(unsigned char))
{
	size_t n = 0;

	while (n < in->n && is((unsigned char)in->p[n]))
		n++;
	struct s2s_sv taken = {in->p, n};
	sv_skip(in, n);
	return taken;
}

static inline struct s2s_sv
sv_trim(struct s2s_sv s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		sv_skip(&s, 1);
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* What stands behind the first `what` in s. */
static inline bool
sv_find(struct s2s_sv s, struct s2s_sv what, struct s2s_sv *ret_behind)
{
	const char *p = s.n ? (const char *)memmem(s.p, s.n, what.p, what.n) : NULL;

	if (!p)
		return false;
	p += what.n;
	*ret_behind = (struct s2s_sv){p, (size_t)(s.p + s.n - p)};
	return true;
}

/* Order of bytes, shorter first: the order of strcmp for text without NUL. */
int sv_compare(struct s2s_sv a, struct s2s_sv b);

/* The number that the whole of s spells in C's notation: decimal, 0x…, 0…
   (octal), each with an optional minus sign, which gives two's complement.
   False where s is not such a number or does not fit into 64 bits. */
bool sv_to_u64(struct s2s_sv s, uint64_t *ret);
