/* Help is put together from the table of commands (main.c), the table of options (options.c) and
** the table of codes. */
#include "help.h"

#include <string.h>

#include "options.h"
#include "output.h"

static void build_padded(evc_builder *out, const char *text, size_t width) {
  size_t length = strlen(text);
  evc_build(out, text, length);
  evc_build_repeat(out, ' ', length < width ? width - length : 1);
}

void cli_help_overview(evc_builder *out) {
  evc_build_string(out,
                   "evcalc checks and evaluates m3ter Notification calculations locally.\n\n"
                   "Usage: evcalc COMMAND [OPTIONS] [ARGUMENTS]\n\n"
                   "Commands:\n");
  for (const cli_command *command = cli_commands; command->name; command++) {
    evc_build_string(out, "  ");
    build_padded(out, command->name, 12);
    evc_build_string(out, command->summary);
    evc_build_char(out, '\n');
  }
  evc_build_string(out, "\nOptions of every command:\n");
  cli_options_help(out, NULL);
  evc_build_string(out,
                   "\n`-` as a FILE is standard input. Exit status: 0 all well; 1 a calculation is "
                   "invalid\n(or false, for run); 2 the request, a file or the usage is wrong.\n"
                   "`evcalc help COMMAND` tells more of a command.\n");
}

void cli_help_command(evc_builder *out, const cli_command *command) {
  evc_build_string(out, "Usage: evcalc ");
  evc_build_string(out, command->name);
  evc_build_char(out, ' ');
  evc_build_string(out, command->usage);
  evc_build_string(out, "\n\n");
  evc_build_string(out, command->details);
  evc_build_string(out, "\n");
  size_t before = out->length;
  evc_build_string(out, "Options:\n");
  size_t heading = out->length;
  cli_options_help(out, command);
  if (out->length == heading) out->length = before;
  else evc_build_char(out, '\n');
  evc_build_string(out, "Options of every command:\n");
  cli_options_help(out, NULL);
}

/* The warnings that --allow and --deny know. */
static void build_codes(evc_builder *out) {
  static const struct {
    evc_severity severity;
    const char *heading;
  } groups[] = {{EVC_WARNING, "Warnings on a calculation:\n"},
                {EVC_LOAD_WARNING, "\nWarnings on a field list:\n"}};
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
    evc_build_string(out, groups[i].heading);
    for (int code = EVC_CODE_NONE + 1; code < EVC_CODE_END; code++) {
      if (evc_code_severity((evc_code)code) != groups[i].severity) continue;
      evc_build_string(out, "  ");
      build_padded(out, evc_code_name((evc_code)code), 28);
      evc_build_string(out, evc_code_title((evc_code)code));
      evc_build_char(out, '\n');
    }
  }
}

/* Build the help on what the operand names. */
static bool build_topic(cli_context *cli, evc_builder *out) {
  const cli_list *operands = &cli->options.operands;
  if (operands->count > 1) {
    cli_error(cli, "help takes one COMMAND, and '{0}' is a second", CLI_ARGS(operands->items[1]));
    return false;
  }
  if (operands->count == 0) {
    cli_help_overview(out);
  } else if (strcmp(operands->items[0], "codes") == 0) {
    build_codes(out);
  } else {
    const cli_command *command = cli_command_find(cli, operands->items[0]);
    if (!command) return false;
    cli_help_command(out, command);
  }
  return true;
}

cli_status cli_help(cli_context *cli) {
  evc_builder out;
  evc_build_init(&out, &cli->arena);
  return build_topic(cli, &out) && cli_write_built(cli, &out) ? CLI_OK : CLI_WRONG;
}
