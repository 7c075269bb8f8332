/* SPDX-License-Identifier: MIT */
/* What reads an input runs in a process of its own. The command's, its parent, waits
   for it and does what is to be done when it is over. It never sees a byte of the
   input. */
#pragma once

#include "base/status.h"

struct cli;

/* Runs it there and sets cli->exit; with --no-sandbox, or where the build is without
   one, in this process. S2S_SYSTEM where no process can be had; a signal that ends the
   other process ends this one, too. */
enum s2s_status cli_apart(struct cli *cli, enum s2s_status (*run)(struct cli *cli));
