/* `evcalc check --fix`: applying the fixes of diagnostics to the text that they are about. */
#ifndef EVC_CLI_FIX_H
#define EVC_CLI_FIX_H

#include "cli.h"
#include "source.h"

/* What --fix takes; 0: it is not given. */
typedef enum cli_fix_choice { CLI_FIX_NONE = 0, CLI_FIX_SAFE, CLI_FIX_ALL } cli_fix_choice;

typedef struct cli_fixer {
  cli_context *cli;
  const evc_schema *schema;
  const evc_event_type *type; /* of --type, or NULL */
  size_t fixes, files;        /* that were applied, or with --diff would be; files changed */
} cli_fixer;

/* Fix what is in the source: a file is written anew, the text of an expression or of standard input
** goes to standard output, with --diff only the difference does. The source is then to be read from
** its beginning, fixed when that came about. False, said on standard error, when it could not be.
** */
bool cli_fix_source(cli_fixer *fixer, cli_source *source);

/* Say on standard error how many fixes there were. */
void cli_fix_summary(const cli_fixer *fixer);

#endif
