/* What the options ask for: the schema, the Event type, how to compile, how reports are shown. */
#ifndef EVC_CLI_SETUP_H
#define EVC_CLI_SETUP_H

#include "../base/text.h"
#include "cli.h"

/* The built-in Event types and those of --fields, by --no-builtin the latter alone. NULL, said on
** standard error, when a file is wrong. */
evc_schema *cli_schema(cli_context *cli);

/* The Event type that --type names. NULL, said on standard error with the closest names, when it is
** unknown. */
const evc_event_type *cli_event_type(cli_context *cli, const evc_schema *schema, const char *name);

/* How to compile, by --allow and --deny. */
evc_options cli_compile_options(const cli_context *cli, const evc_schema *schema);

/* Print a report on standard error; `name` is where `text` comes from, or NULL. */
void cli_show_report(cli_context *cli, const evc_report *report, evc_text text, const char *name);

#endif
