/* SPDX-License-Identifier: MIT */
/* A request of HTTP/1: what is wrong with it, or whether it wants a cat. Nothing of it
   is kept but that. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "../common/peer.h"

enum {
	HTTP_LINE_MAX = 8000, /* RFC 9112 wants servers to take as much */
	HTTP_HEAD_MAX = 16 * 1024,
};

struct request {
	bool head; /* the answer is to have no body */
	int minor; /* HTTP/1.minor */
};

/* The first line without its end. Returns the status that it deserves: 200 for a cat.
 */
int http_line(const char *line, size_t n, struct request *ret);

/* The lines after it, up to the empty one: 200 or 400. */
int http_fields(const char *fields, size_t n, const struct request *r);

/* Reads a head. 0: there is nobody to answer to. */
int http_read(const struct peer *p, struct request *ret);

const char *http_reason(int status);
