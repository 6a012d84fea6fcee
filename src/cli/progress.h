/* A bar on a terminal that tells how far the work on a file has come. */
#ifndef EVC_CLI_PROGRESS_H
#define EVC_CLI_PROGRESS_H

#include "cli.h"

typedef struct cli_progress {
  bool wanted; /* standard error is a terminal, and nothing is in the bar's way */
  bool drawn;
  size_t count;  /* steps made so far */
  int64_t drawn_at; /* in milliseconds */
} cli_progress;

/* Whether there may be a bar. When standard output is a terminal too, results in a machine's format
** would be mixed with it, so there is none. */
void cli_progress_init(cli_progress *progress, const cli_context *cli);

/* One more calculation of the file `name`, at `done` of `total` bytes. The bar appears from 1,000
** on and is drawn ten times a second at most. */
void cli_progress_step(cli_progress *progress, const char *name, size_t done, size_t total);

/* Take the bar away, before anything else is printed. */
void cli_progress_clear(cli_progress *progress);

#endif
