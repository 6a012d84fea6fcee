/* The seed of what is random: given, or from the clock. */
#ifndef EVC_CLI_SEED_H
#define EVC_CLI_SEED_H

#include "cli.h"

/* That of --seed; without it one from the clock, which is said on standard error, so that the run
** can be repeated. */
uint64_t cli_seed(cli_context *cli);

#endif
