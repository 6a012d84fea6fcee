/* The help texts. */
#ifndef EVC_CLI_HELP_H
#define EVC_CLI_HELP_H

#include "../base/text.h"
#include "cli.h"

/* What `evcalc help` prints. */
void cli_help_overview(evc_builder *out);

/* What `evcalc help COMMAND` prints. */
void cli_help_command(evc_builder *out, const cli_command *command);

/* `evcalc help [COMMAND]`. */
cli_status cli_help(cli_context *cli);

#endif
