/* SPDX-License-Identifier: MIT */
#include "answer.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "http.h"

static const struct {
	const char *suffix, *type;
} types[] = {
    {".png", "image/png"},   {".gif", "image/gif"},   {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"}, {".webp", "image/webp"},
};

/* NULL: not an image. */
static const char *
type_of(const char *name)
{
	const char *suffix = strrchr(name, '.');

	for (size_t i = 0; suffix && i < sizeof types / sizeof *types; i++)
		if (strcmp(suffix, types[i].suffix) == 0)
			return types[i].type;
	return NULL;
}

static uint64_t
next_chance(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* DT_UNKNOWN: the file system does not say; the image is looked at once it is open. */
static bool
is_image(const struct dirent64 *d)
{
	return (d->d_type == DT_REG || d->d_type == DT_UNKNOWN) && type_of(d->d_name);
}

/* Each image replaces the one chosen before it with a chance of one in so many as there
   were: all are as likely, and none has to be counted first. */
static bool
choose_name(int dir, uint64_t chance, char name[NAME_MAX + 1])
{
	_Alignas(struct dirent64) char buf[8 * 1024];
	uint64_t images = 0;
	ssize_t n;

	chance |= 1; /* 0 would stay 0 */
	while ((n = getdents64(dir, buf, sizeof buf)) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *d = (const struct dirent64 *)(buf + at);

			at += d->d_reclen;
			if (is_image(d) && next_chance(&chance) % ++images == 0)
				snprintf(name, NAME_MAX + 1, "%s", d->d_name);
		}
	return n == 0 && images > 0;
}

struct image
choose_image(int folder, uint64_t chance)
{
	/* Its own offset: the server's other children read the folder as well. */
	const int dir = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char name[NAME_MAX + 1];
	struct image image = {.fd = -1};
	struct stat st;

	if (dir < 0)
		return image;
	if (choose_name(dir, chance, name)) {
		/* Not a link to elsewhere, and no wait for who opens a pipe. */
		image.fd =
		    openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		image.type = type_of(name);
	}
	close(dir);
	if (image.fd >= 0 && (fstat(image.fd, &st) != 0 || !S_ISREG(st.st_mode))) {
		close(image.fd);
		image.fd = -1;
	} else if (image.fd >= 0)
		image.size = st.st_size;
	return image;
}

static bool
say_head(const struct peer *p, int status, const char *type, int64_t size)
{
	const time_t now = time(NULL);
	char date[64], head[512];
	struct tm tm;
	int n;

	if (!gmtime_r(&now, &tm) ||
	    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &tm) == 0)
		return false;
	n = snprintf(head, sizeof head,
		     "HTTP/1.1 %d %s\r\nDate: %s\r\n%sContent-Type: %s\r\n"
		     "Content-Length: %" PRId64 "\r\nCache-Control: no-store\r\n"
		     "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
		     status, http_reason(status), date,
		     status == 405 ? "Allow: GET, HEAD\r\n" : "", type, size);
	return n > 0 && (size_t)n < sizeof head && peer_write(p, head, (size_t)n);
}

static void
say_status(const struct peer *p, int status, bool head)
{
	char body[64];
	const int n =
	    snprintf(body, sizeof body, "%d %s\n", status, http_reason(status));

	if (n > 0 && say_head(p, status, "text/plain", n) && !head)
		peer_write(p, body, (size_t)n);
}

/* As many bytes as were promised, or fewer where the file has shrunk: then the client
   sees a short answer. */
static void
say_image(const struct peer *p, const struct image *image, bool head)
{
	char buf[16 * 1024];
	int64_t left = image->size;

	if (!say_head(p, 200, image->type, image->size) || head)
		return;
	while (left > 0) {
		const size_t want =
		    left < (int64_t)sizeof buf ? (size_t)left : sizeof buf;
		const ssize_t n = read(image->fd, buf, want);

		if (n <= 0 || !peer_write(p, buf, (size_t)n))
			return;
		left -= n;
	}
}

/* What the client still sends is taken, for a while: to close before would reset the
   connection, and the client lose the answer. */
static void
end(struct peer *p)
{
	char buf[4 * 1024];

	if (shutdown(p->conn, SHUT_WR) != 0)
		return;
	p->end = now_ms() + p->idle;
	while (peer_read(p, buf, sizeof buf) > 0)
		continue;
}

void
answer(struct peer *p, int folder, uint64_t chance, int64_t session)
{
	struct request r;
	struct image image;
	int status;

	p->end = now_ms() + p->idle; /* for the whole head, however it dribbles */
	status = http_read(p, &r);
	if (status == 0)
		return;
	p->end = now_ms() + session;
	if (status != 200) {
		say_status(p, status, r.head);
		end(p);
		return;
	}
	image = choose_image(folder, chance);
	if (image.fd < 0)
		say_status(p, 500, r.head);
	else {
		say_image(p, &image, r.head);
		close(image.fd);
	}
	end(p);
}
