/* SPDX-License-Identifier: MIT */
#include "http.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* A piece of the head. Never ends with NUL; may hold one. */
struct text {
	const char *p;
	size_t n;
};

static const struct {
	int status;
	const char *reason;
} reasons[] = {
    {200, "OK"},
    {400, "Bad Request"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {414, "URI Too Long"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {505, "HTTP Version Not Supported"},
};

const char *
http_reason(int status)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "";
}

static bool
is_alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

static bool
is_token_char(unsigned char c)
{
	return is_alnum(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

static bool
is_visible(unsigned char c)
{
	return c > ' ' && c != 0x7f;
}

static bool
is_value_char(unsigned char c)
{
	return is_visible(c) || c == ' ' || c == '\t';
}

static bool
is_host_char(unsigned char c)
{
	return is_alnum(c) || (c != '\0' && strchr("-._~!$&'()*+,;=%:[]", c));
}

static bool
all(struct text t, bool (*is)(unsigned char))
{
	for (size_t i = 0; i < t.n; i++)
		if (!is((unsigned char)t.p[i]))
			return false;
	return true;
}

static bool
equal(struct text t, const char *s)
{
	return t.n == strlen(s) && memcmp(t.p, s, t.n) == 0;
}

/* Takes what stands before the first end off the front; false if it does not occur. */
static bool
take_until(struct text *t, char end, struct text *ret)
{
	const char *at = memchr(t->p, end, t->n);

	if (!at)
		return false;
	*ret = (struct text){t->p, (size_t)(at - t->p)};
	t->n -= ret->n + 1;
	t->p = at + 1;
	return true;
}

/* Takes a line with its end, which is CRLF or, from the lenient, LF. */
static bool
take_line(struct text *t, struct text *ret)
{
	if (!take_until(t, '\n', ret))
		return false;
	if (ret->n > 0 && ret->p[ret->n - 1] == '\r')
		ret->n--;
	return true;
}

/* http://host/path, as a proxy is asked, is what a server must take, too. False where
   there is no host. */
static bool
skip_authority(struct text *target)
{
	static const char scheme[] = "http://";
	const size_t begin = sizeof scheme - 1;
	size_t n = begin;

	if (target->n < n || strncasecmp(target->p, scheme, n) != 0)
		return true;
	while (n < target->n && is_host_char((unsigned char)target->p[n]))
		n++;
	if (n == target->n || target->p[n] == '?')
		*target = (struct text){"/", 1};
	else
		*target = (struct text){target->p + n, target->n - n};
	return n > begin;
}

/* -1: no digit. */
static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Takes %63 as the c that it stands for. */
static int
take_char(struct text *t)
{
	int c = (unsigned char)*t->p, high, low;
	size_t n = 1;

	if (c == '%' && t->n >= 3 && (high = hex_digit(t->p[1])) >= 0 &&
	    (low = hex_digit(t->p[2])) >= 0) {
		c = high << 4 | low;
		n = 3;
	}
	t->p += n;
	t->n -= n;
	return c;
}

/* What is the same path with letters and digits escaped is the same; an escaped slash
   is not a slash. */
static bool
is_path(struct text path, const char *s)
{
	while (*s != '\0' && path.n > 0 && (*s != '/' || *path.p == '/') &&
	       take_char(&path) == *s)
		s++;
	return *s == '\0' && path.n == 0;
}

/* The path decides before the method does; what has no path (OPTIONS *, CONNECT) is
   no fault of the client's if its method has none. */
static int
judge(struct text method, struct text target)
{
	const bool known = equal(method, "GET") || equal(method, "HEAD");
	struct text path;

	if (!skip_authority(&target) || target.p[0] != '/')
		return known ? 400 : 405;
	if (!take_until(&target, '?', &path))
		path = target;
	if (!is_path(path, "/randomcat"))
		return 404;
	return known ? 200 : 405;
}

/* GET /randomcat HTTP/1.1 */
int
http_line(const char *line, size_t n, struct request *ret)
{
	struct text rest = {line, n}, method, target;

	*ret = (struct request){0};
	if (!take_until(&rest, ' ', &method) || method.n == 0 ||
	    !all(method, is_token_char) || !take_until(&rest, ' ', &target) ||
	    target.n == 0 || !all(target, is_visible))
		return 400;
	if (rest.n != 8 || memcmp(rest.p, "HTTP/", 5) != 0 || rest.p[5] < '0' ||
	    rest.p[5] > '9' || rest.p[6] != '.' || rest.p[7] < '0' || rest.p[7] > '9')
		return 400;
	ret->head = equal(method, "HEAD");
	ret->minor = rest.p[7] - '0';
	return rest.p[5] == '1' ? judge(method, target) : 505;
}

/* Host: localhost:8080 */
static bool
is_field(struct text line, bool *host)
{
	struct text name;

	if (!take_until(&line, ':', &name) || name.n == 0 ||
	    !all(name, is_token_char) || !all(line, is_value_char))
		return false;
	*host = name.n == 4 && strncasecmp(name.p, "Host", 4) == 0;
	if (!*host)
		return true;
	for (; line.n > 0 && (*line.p == ' ' || *line.p == '\t'); line.n--)
		line.p++;
	while (line.n > 0 && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t'))
		line.n--;
	return all(line, is_host_char);
}

int
http_fields(const char *fields, size_t n, const struct request *r)
{
	struct text rest = {fields, n}, line;
	int hosts = 0;

	while (take_line(&rest, &line) && line.n > 0) {
		bool host;

		if (!is_field(line, &host))
			return 400;
		hosts += host;
	}
	return hosts == 1 || (hosts == 0 && r->minor == 0) ? 200 : 400;
}

/* Whether an empty line is there. */
static bool
is_complete(struct text fields)
{
	struct text line;

	while (take_line(&fields, &line))
		if (line.n == 0)
			return true;
	return false;
}

/* What can be said about a head of which this much is there: 0 if nothing yet. */
static int
look(struct text head, struct request *ret)
{
	struct text line = {head.p, 0};
	int status;

	/* Old clients end a body with an empty line that does not belong to it. */
	while (line.n == 0)
		if (!take_line(&head, &line))
			return head.n > HTTP_LINE_MAX ? 414 : 0;
	if (line.n > HTTP_LINE_MAX)
		return 414;
	status = http_line(line.p, line.n, ret);
	if (status == 400 || status == 505)
		return status;
	if (!is_complete(head))
		return 0;
	return http_fields(head.p, head.n, ret) == 200 ? status : 400;
}

int
http_read(const struct peer *p, struct request *ret)
{
	static char buf[HTTP_HEAD_MAX];
	size_t n = 0;

	*ret = (struct request){0};
	while (n < sizeof buf) {
		const ssize_t got = peer_read(p, buf + n, sizeof buf - n);
		int status;

		if (got < 0)
			return errno == ETIMEDOUT ? 408 : 0;
		if (got == 0)
			return n > 0 ? 400 : 0;
		n += (size_t)got;
		status = look((struct text){buf, n}, ret);
		if (status != 0)
			return status;
	}
	return 431;
}
