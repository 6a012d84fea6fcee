/* `evcalc evaluate --ndjson`: requests in, answers out, a line each, by several threads. */
#ifndef EVC_CLI_EVALUATE_STREAM_H
#define EVC_CLI_EVALUATE_STREAM_H

#include "cli.h"

/* Answer the requests of a file, "-" for standard input. Other threads than the first work with
** endpoints that share the events of `endpoint`. */
cli_status cli_evaluate_lines(cli_context *cli, evc_endpoint *endpoint, const char *path);

#endif
