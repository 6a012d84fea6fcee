/* Reading the command line, by one table that the help texts are made of too. */
#ifndef EVC_CLI_OPTIONS_H
#define EVC_CLI_OPTIONS_H

#include "../base/text.h"
#include "cli.h"

/* Fill cli->command and cli->options. False, said on standard error, when something is wrong. */
bool cli_options_read(cli_context *cli, int argc, char **argv);

/* Make standard input the only operand where none is given. False, said on standard error, when it
** is read for an option already. */
bool cli_default_operand(cli_context *cli);

/* The options of a command, or with NULL those that every command takes, as lines of help. */
void cli_options_help(evc_builder *out, const cli_command *command);

/* The command of that name. NULL, said on standard error with the closest one, when it is none. */
const cli_command *cli_command_find(cli_context *cli, const char *name);

#endif
