/* SPDX-License-Identifier: MIT */
/* A call as a log has it, with what stands in the memory of the thread that waits in
   it: names, arguments of a program, addresses of sockets, the begin of what is
   written. For people only: no filter sees it, and it may change before it is used. */
#include "cli/report.h"

#include "format/format.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

enum { TEXT_MAX = 128, BUFFER_MAX = 32, STRINGS_MAX = 16, PAGE = 4096 };

struct memory {
	pid_t tid;
	size_t word; /* bytes of a pointer */
};

/* What is read may end where the memory does. Returns how much there is. */
static size_t
read_memory(const struct memory *m, uint64_t address, void *to, size_t n)
{
	struct iovec local = {to, n};
	struct iovec remote = {(void *)(uintptr_t)address, n};
	ssize_t got = process_vm_readv(m->tid, &local, 1, &remote, 1, 0);

	if (got < 0 && n > PAGE - address % PAGE) {
		remote.iov_len = PAGE - address % PAGE;
		got = process_vm_readv(m->tid, &local, 1, &remote, 1, 0);
	}
	return got < 0 ? 0 : (size_t)got;
}

static void
put_quoted(struct s2s_out *out, const char *text, size_t n)
{
	s2s_out_char(out, '"');
	for (size_t i = 0; i < n; i++)
		if (text[i] == '"')
			s2s_out_str(out, "\\\"");
		else
			s2s_out_escaped(out, (struct s2s_sv){&text[i], 1});
	s2s_out_char(out, '"');
}

/* All of these return false where nothing can be read there. */
static bool
put_text(struct s2s_out *out, const struct memory *m, uint64_t address)
{
	char text[TEXT_MAX];
	size_t n = read_memory(m, address, text, sizeof text),
	       length = strnlen(text, n);

	if (n == 0)
		return false;
	put_quoted(out, text, length);
	if (length == n)
		s2s_out_str(out, "...");
	return true;
}

static bool
put_buffer(struct s2s_out *out, const struct memory *m, uint64_t address, uint64_t size)
{
	char text[BUFFER_MAX];
	size_t want = size < sizeof text ? (size_t)size : sizeof text;
	size_t n = read_memory(m, address, text, want);

	if (n == 0)
		return false;
	put_quoted(out, text, n);
	if (n < size)
		s2s_out_str(out, "...");
	return true;
}

static bool
put_strings(struct s2s_out *out, const struct memory *m, uint64_t address)
{
	for (size_t i = 0; i < STRINGS_MAX; i++) {
		uint64_t at = 0; /* little endian */

		if (read_memory(m, address + i * m->word, &at, m->word) < m->word)
			return false;
		if (at == 0) {
			s2s_out_char(out, ']');
			return true;
		}
		s2s_out_str(out, i ? ", " : "[");
		if (!put_text(out, m, at))
			s2s_out_printf(out, "%#" PRIx64, at);
	}
	s2s_out_str(out, ", ...]");
	return true;
}

static void
put_unix(struct s2s_out *out, const struct sockaddr_un *a, size_t n)
{
	size_t length = n - offsetof(struct sockaddr_un, sun_path);
	bool abstract = length > 0 && a->sun_path[0] == '\0';

	s2s_out_str(out, "{sa_family=AF_UNIX, sun_path=");
	if (abstract) {
		s2s_out_char(out, '@');
		put_quoted(out, a->sun_path + 1, length - 1);
	} else {
		put_quoted(out, a->sun_path, strnlen(a->sun_path, length));
	}
	s2s_out_char(out, '}');
}

static bool
put_socket_address(struct s2s_out *out, const struct memory *m, uint64_t address,
		   uint64_t size)
{
	union {
		struct sockaddr any;
		struct sockaddr_un un;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} a;
	size_t want = size < sizeof a ? (size_t)size : sizeof a;
	char text[INET6_ADDRSTRLEN];
	size_t n;

	memset(&a, 0, sizeof a);
	n = read_memory(m, address, &a, want);
	if (n < sizeof a.any.sa_family)
		return false;
	if (a.any.sa_family == AF_UNIX) {
		put_unix(out, &a.un, n);
	} else if (a.any.sa_family == AF_INET && n >= sizeof a.in) {
		inet_ntop(AF_INET, &a.in.sin_addr, text, sizeof text);
		s2s_out_printf(out,
			       "{sa_family=AF_INET, sin_port=htons(%u), "
			       "sin_addr=inet_addr(\"%s\")}",
			       ntohs(a.in.sin_port), text);
	} else if (a.any.sa_family == AF_INET6 && n >= sizeof a.in6) {
		inet_ntop(AF_INET6, &a.in6.sin6_addr, text, sizeof text);
		s2s_out_printf(out,
			       "{sa_family=AF_INET6, sin6_port=htons(%u), "
			       "sin6_flowinfo=htonl(%u), inet_pton(AF_INET6, \"%s\", "
			       "&sin6_addr), sin6_scope_id=%u}",
			       ntohs(a.in6.sin6_port), ntohl(a.in6.sin6_flowinfo), text,
			       a.in6.sin6_scope_id);
	} else {
		return false;
	}
	return true;
}

enum what { BUFFER, STRINGS, SOCKET_ADDRESS }; /* the size is the argument behind it */

static const struct {
	const char *call;
	int arg;
	enum what what;
} known[] = {
    {"execve", 1, STRINGS},         {"execveat", 2, STRINGS},
    {"connect", 1, SOCKET_ADDRESS}, {"bind", 1, SOCKET_ADDRESS},
    {"sendto", 4, SOCKET_ADDRESS},  {"sendto", 1, BUFFER},
    {"write", 1, BUFFER},           {"pwrite64", 1, BUFFER},
};

static bool
put_pointed(struct s2s_out *out, const struct memory *m, const struct s2s_call *call,
	    int arg, const __u64 *raw)
{
	if (strcmp(call->kind[arg]->name, "path") == 0)
		return put_text(out, m, raw[arg]);
	for (size_t i = 0; i < S2S_ARRAY_SIZE(known); i++) {
		if (known[i].arg != arg || strcmp(known[i].call, call->sc->name) != 0)
			continue;
		switch (known[i].what) {
		case BUFFER:
			return put_buffer(out, m, raw[arg], call->arg[arg + 1].value);
		case STRINGS:
			return put_strings(out, m, raw[arg]);
		case SOCKET_ADDRESS:
			return put_socket_address(out, m, raw[arg],
						  call->arg[arg + 1].value);
		}
	}
	return false;
}

void
cli_put_entry(struct s2s_out *out, enum s2s_arch arch)
{
	if (arch != S2S_ARCH_NATIVE)
		s2s_out_printf(out, "%s ", s2s_arch_name(arch));
}

void
cli_put_call(struct s2s_out *out, const struct s2s_call *call,
	     const struct s2s_stopped *stopped)
{
	struct memory m = {stopped->tid, s2s_arch_bits(call->sc->arch) / 8};
	const __u64 *raw = stopped->data.args;

	cli_put_entry(out, call->sc->arch);
	s2s_out_printf(out, "%s(", call->sc->name);
	for (int i = 0; i < call->sc->nargs; i++) {
		size_t at;

		s2s_out_str(out, i ? ", " : "");
		at = out->n;
		if (call->arg[i].state != S2S_ARG_ADDRESS) {
			s2s_format_value(out, call->sc->arch, call->kind[i],
					 call->arg[i].value);
		} else if (!put_pointed(out, &m, call, i, raw)) {
			out->n = at;
			s2s_out_printf(out, "%#" PRIx64, (uint64_t)raw[i]);
		}
	}
	s2s_out_str(out, ") = ?");
}
