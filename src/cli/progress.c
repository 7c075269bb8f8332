/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <time.h>
#include <unistd.h>

enum { AFTER_MS = 1000, EVERY_MS = 100, CELLS = 30 };

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
cli_progress_init(struct cli_progress *progress)
{
	*progress = (struct cli_progress){
	    .wanted = isatty(STDERR_FILENO) == 1,
	    .start_ms = now_ms(),
	};
}

/* [##########                    ]  33 %  1204 of 3600 MiB, 410 MiB/s */
static void
show(const struct cli_progress *progress, uint64_t done, uint64_t total)
{
	uint64_t ms = (uint64_t)(progress->last_ms - progress->start_ms);
	double mib = (double)done / (1 << 20);
	double speed = mib * 1000 / (double)(ms ? ms : 1);
	int cells;

	if (done > total) {
		fprintf(stderr, "\r%.0f MiB, %.0f MiB/s\033[K", mib, speed);
		return;
	}
	cells = (int)(done * CELLS / total);
	fprintf(stderr, "\r[%.*s%*s] %3d %%  %.0f of %.0f MiB, %.0f MiB/s\033[K", cells,
		"##############################", CELLS - cells, "",
		(int)(done * 100 / total), mib, (double)total / (1 << 20), speed);
}

void
cli_progress(void *self, uint64_t done, uint64_t total)
{
	struct cli_progress *progress = self;
	int64_t now;

	if (!progress->wanted)
		return;
	if (total == 0)
		total = progress->total;
	now = now_ms();
	if (now - progress->start_ms < AFTER_MS || now - progress->last_ms < EVERY_MS)
		return;
	progress->last_ms = now;
	progress->shown = true;
	show(progress, done, total);
}

void
cli_progress_clear(struct cli_progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
