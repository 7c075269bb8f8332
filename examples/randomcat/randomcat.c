/* SPDX-License-Identifier: MIT */
/* An HTTP server that answers GET /randomcat with an image of a cat, and has no other
   page. Each request is read and answered by a child of its own, under a policy that
   the child installs before it reads. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "../common/args.h"
#include "../common/server.h"
#include "../common/tidy.h"
#include "answer.h"
#include "randomcat-policy.h"

static const char name[] = "randomcat";

static const char help[] =
    "Usage: randomcat [OPTION...]\n"
    "Answers GET /randomcat with a random image, on the loopback interface.\n\n"
    "  --port=N           listen there (default 0: any port, it is printed)\n"
    "  --images=DIR       the images: .png .gif .jpg .jpeg .webp (default images)\n"
    "  --children=N       serve so many clients at a time (default 64)\n"
    "  --idle=SECONDS     a request must be there after so long, and an answer be "
    "taken\n"
    "                     without a longer pause (default 10)\n"
    "  --session=SECONDS  an answer must be over then (default 300)\n"
    "  --help\n";

struct options {
	unsigned long port, children, idle, session;
	const char *images;
};

struct cats {
	int64_t idle, session; /* ms */
	int folder;
};

_Noreturn static void
fail(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", name, what, strerror(errno));
	_exit(EXIT_FAILURE);
}

static struct options
parse_options(int argc, char **argv)
{
	struct options o = {
	    .children = 64, .idle = 10, .session = 300, .images = "images"};
	const struct arg known[] = {
	    {"port", .number = &o.port, .hi = 65535},
	    {"images", .text = &o.images},
	    {"children", .number = &o.children, .lo = 1, .hi = 4096},
	    {"idle", .number = &o.idle, .lo = 1, .hi = 86400},
	    {"session", .number = &o.session, .lo = 1, .hi = 86400},
	    {.name = NULL},
	};
	const int rest = parse_args(name, help, known, argc, argv);

	if (rest == argc)
		return o;
	fprintf(stderr, "%s: what is '%s'? Try '%s --help'.\n", name, argv[rest], name);
	exit(2);
}

/* What can be done before the policy is in force need not be allowed by it. */
static void
serve(const struct server *s, int conn, int lifeline)
{
	const struct cats *cats = s->self;
	struct peer p = {.conn = conn, .lifeline = lifeline, .idle = cats->idle};
	uint64_t chance;
	int rc;

	if (getrandom(&chance, sizeof chance, 0) != sizeof chance)
		fail("getrandom");
	rc = install_randomcat_policy();
	if (rc < 0) {
		errno = -rc;
		fail("install_randomcat_policy");
	}
	answer(&p, cats->folder, chance, cats->session);
	_exit(EXIT_SUCCESS);
}

int
main(int argc, char **argv)
{
	const struct options o = parse_options(argc, argv);
	struct cats cats = {.idle = (int64_t)o.idle * 1000,
			    .session = (int64_t)o.session * 1000};
	struct server s = {
	    .name = name, .max = o.children, .serve = serve, .self = &cats};

	if (!tidy_descriptors(name))
		return EXIT_FAILURE;
	cats.folder = open(o.images, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cats.folder < 0)
		fail(o.images);
	tzset(); /* or the first gmtime_r() would, in the child, and read files for it
		  */
	if (!server_init(&s, (unsigned)o.port))
		return EXIT_FAILURE;
	return server_run(&s);
}
